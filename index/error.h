// SPDX-License-Identifier: GPL-2.0-or-later
// error.h — what went wrong, and the way out, as a value.
//
// Functions whose caller goes on after a failure return Result; constructors throw. Xapian's exceptions are
// turned into Error behind store.h, in snapshot.cc and in segments/.
#pragma once
#include <string>
#include <tl/expected.hpp>

namespace tidings {

struct Error {
  enum class Code {
    NotFound,      ///< the file, folder, document or index is not there
    Unreadable,    ///< it is there, and we may not read it
    NotText,       ///< it holds no text that we can read
    BadQuery,      ///< the query cannot be run as it was typed
    BadRequest,    ///< an argument is missing or impossible
    IndexLocked,   ///< another process writes this index
    IndexCorrupt,  ///< the index on disk does not hold what it must
    IndexVersion,  ///< the index was made by another version of tidings
    Busy,          ///< a bound was reached; try again
    Io,            ///< the disk or a socket failed
  };
  Code code = Code::Io;
  std::string what;  ///< "corpus/a.txt: Permission denied"
  std::string hint;  ///< "add the daemon's user to the group that owns corpus/", or empty
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(Error::Code code, std::string what, std::string hint = {}) {
  return tl::unexpected<Error>(Error{code, std::move(what), std::move(hint)});
}

}  // namespace tidings
