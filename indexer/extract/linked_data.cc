// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/linked_data.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tidings::indexer {
namespace {

using nlohmann::json;

void set(std::string& field, const json& object, const char* key) {
  const auto value = object.find(key);
  if (!field.empty() || value == object.end() || !value->is_string()) return;
  // JSON can spell any control character; no title has one.
  field = value->get<std::string>();
  std::replace_if(
      field.begin(), field.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; },
      ' ');
}

void read(const json& value, int levels, LinkedData& out) {
  if (levels == 0) return;
  if (value.is_array()) {
    for (const json& one : value) read(one, levels - 1, out);
  } else if (value.is_object()) {
    set(out.headline, value, "headline");
    set(out.date, value, "datePublished");
    if (const auto publisher = value.find("publisher"); publisher != value.end() && publisher->is_object())
      set(out.publisher, *publisher, "name");
    for (const char* key : {"@graph", "mainEntity"})
      if (const auto inner = value.find(key); inner != value.end()) read(*inner, levels - 1, out);
  }
}

}  // namespace

LinkedData read_linked_data(std::string_view text) {
  LinkedData out;
  const json value = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!value.is_discarded()) read(value, 4, out);
  return out;
}

}  // namespace tidings::indexer
