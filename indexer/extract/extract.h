// SPDX-License-Identifier: GPL-2.0-or-later
// extract.h — the bytes of one file to a Report: its type, text, title, date, source and boilerplate.
//
// Pure: it touches no disk and keeps no state, so any thread may call it at any time. What the bytes hold
// never makes it throw (std::bad_alloc aside): the report's `status` and `reason` say what happened:
//   Indexed     all of it was read
//   Partial     the file was cut at a limit, or bytes were lost in decoding; the reason counts them
//   Empty       no bytes, or white space alone
//   NotYetRead  a type we know and do not read yet (PDF, office, mail): the title is the file's name, the
//   text empty NotText     neither text nor a type we know
// Time is linear in the size of the input, whatever it holds; memory is a small multiple of it.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "index/record.h"

namespace tidings::indexer {

struct Limits {
  std::uint64_t file_bytes = std::uint64_t{64}
                             << 20;  ///< bytes read of one file; past it the report is Partial
  std::uint64_t text_bytes = std::uint64_t{32}
                             << 20;  ///< bytes of text kept of one report; past it the report is Partial
  std::uint32_t title_chars =
      160;  ///< code points of a title made from the text; past it it is cut at a word with "…"
};

/// What is known of a file besides its bytes.
struct FileFacts {
  std::string path;    ///< relative to the corpus, '/'-separated, bytes as on disk
  std::string name;    ///< the last part of it
  std::string folder;  ///< what to call the source when neither the report nor a folder of the path names one
  std::uint64_t size = 0;     ///< bytes on disk
  std::int64_t mtime_ns = 0;  ///< nanoseconds since 1970 UTC
  bool cut = false;           ///< the bytes given are only the first part of the file
};

Report extract(std::string_view bytes, const FileFacts& facts, const Limits& limits);

}  // namespace tidings::indexer
