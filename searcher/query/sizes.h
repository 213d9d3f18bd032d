// SPDX-License-Identifier: GPL-2.0-or-later
// sizes.h — what may stand behind size:, and how a size is said.
//
//   >10k  >=10k  <1M  <=1M     10k..1M  1M..  ..200     with both ends     10k   all that is 10 KiB and some bytes, and not 11
// A unit is b, k, m, g or t, in either case, or kb, kib and the like; all count by 1024. Without one it is bytes. 1.5M is taken.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "index/error.h"

namespace tidings::searcher {

/// Half open, bytes.
struct SizeInterval {
  std::optional<std::int64_t> begin, end;
};

/// BadQuery, without column, where it is no size.
Result<SizeInterval> parse_size(std::string_view text);

/// "larger than 10 KiB", "of at least 1 MiB and of at most 2 MiB".
std::string size_text(const std::optional<std::int64_t>& begin, const std::optional<std::int64_t>& end);

}  // namespace tidings::searcher
