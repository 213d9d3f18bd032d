// SPDX-License-Identifier: GPL-2.0-or-later
// extract_cases.h — what the tests of extract share: a report read from a string.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "indexer/extract/extract.h"

namespace tidings::indexer {

/// 2024-08-01T00:00:00Z
inline constexpr std::int64_t kMtimeNs = std::int64_t{1'722'470'400} * 1'000'000'000;

inline Report read_report(std::string_view bytes, std::string path = "wire/report.txt",
                          const Limits& limits = {}) {
  FileFacts facts;
  facts.path = path;
  facts.name = path.substr(path.rfind('/') + 1);
  facts.size = bytes.size();
  facts.mtime_ns = kMtimeNs;
  return extract(bytes, facts, limits);
}

inline std::vector<std::string> boilerplate_of(const Report& r) {
  std::vector<std::string> out;
  for (const Range& b : r.boilerplate) out.push_back(r.text.substr(b.begin, b.end - b.begin));
  return out;
}

inline std::string headline_of(const Report& r) {
  return r.text.substr(r.headline.begin, r.headline.end - r.headline.begin);
}

}  // namespace tidings::indexer
