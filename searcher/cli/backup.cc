// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/cli/backup.h"

#include <chrono>

#include "index/segments/backup.h"
#include "searcher/present/text.h"

namespace tidings::searcher {

int run_backup(const Context& context, const std::string& folder) {
  const auto begun = std::chrono::steady_clock::now();
  const auto done = back_up(context.index, folder);
  if (!done) return tell(done.error());
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  put("generation " + std::to_string(done->generation) + ", " + std::to_string(done->documents) +
      " reports, " + std::to_string(done->segments) + " sealed segments: " + std::to_string(done->bytes) +
      " bytes in " + printable_path(folder) + "; " + std::to_string(took.count()) + " ms\n");
  return kFound;
}

}  // namespace tidings::searcher
