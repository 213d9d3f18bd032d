// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/alerts/resume.h"

#include "searcher/alerts/json.h"

namespace tidings::searcher::alerts {

Result<Resume> resume_after(Store& store, const std::string& text) {
  const auto cursor = cursor_of(text);
  if (!cursor)
    return failure(Error::Code::BadRequest, text + ": not a cursor",
                   "a cursor is identity:number, as each record has it");
  const auto last = store.last_sequence();
  if (!last) return tl::unexpected(last.error());
  if (cursor->sequence > *last)
    return Resume{0, "the cursor is of another log; this one is told from its start"};
  const auto looked = store.looked();
  if (!looked) return tl::unexpected(looked.error());
  if (*looked && (*looked)->identity != cursor->identity)
    return Resume{cursor->sequence, "the index was replaced since; the log goes on"};
  return Resume{cursor->sequence, {}};
}

}  // namespace tidings::searcher::alerts
