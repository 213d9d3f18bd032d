// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/alerts/alert.h"

#include <algorithm>

#include "index/content_hash.h"
#include "searcher/present/json.h"

namespace tidings::searcher::alerts {

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= kNameMost && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

std::string Firing::key() const {
  std::string all = identity;
  for (const std::string& part :
       {std::to_string(alert), hit.key.text(), hash, std::to_string(hit.generation)})
    all.append(1, '\0').append(part);
  return hex(content_hash(all));
}

}  // namespace tidings::searcher::alerts
