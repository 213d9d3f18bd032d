// SPDX-License-Identifier: GPL-2.0-or-later
// resume.h — from which record on a log is told, by the cursor of the last one that was received.
#pragma once
#include <string>

#include "searcher/alerts/store.h"

namespace tidings::searcher::alerts {

struct Resume {
  std::int64_t after = 0;  ///< a sequence number
  std::string notice;      ///< what the reader should know: the index, or the log, is another one
};

/// A cursor of another index: the log goes on behind it all the same. Of a log that ends before it: this is another log, which is begun at its start.
/// BadRequest where it is no cursor.
Result<Resume> resume_after(Store& store, const std::string& cursor);

}  // namespace tidings::searcher::alerts
