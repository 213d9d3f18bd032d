// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/alerts/json.h"

#include <charconv>

#include "searcher/present/json.h"

namespace tidings::searcher::alerts {

using Json = nlohmann::ordered_json;

Json to_json(const Alert& alert, const Store::Count& count) {
  Json json{{"name", alert.name},           {"query", alert.query},           {"corpus", alert.corpus},
            {"on_change", alert.on_change}, {"created_ms", alert.created_ms}, {"error", nullptr},
            {"firings", count.firings},     {"last_fired_ms", nullptr}};
  if (!alert.error.empty()) json["error"] = alert.error;
  if (count.firings > 0) json["last_fired_ms"] = count.last_ms;
  return json;
}

Json to_json(const Firing& firing) {
  const Hit& hit = firing.hit;
  Json json{{"cursor", firing.cursor()}, {"key", firing.key()}, {"alert", firing.alert_name}};
  add_path(json, hit.path);
  json["corpus"] = hit.key.corpus;
  json["title"] = hit.title;
  json["date"] = hit.date.iso;
  json["source"] = hit.source;
  json["type"] = hit.type;
  json["generation"] = hit.generation;
  json["cause"] = name(hit.cause);
  json["hash"] = hex(firing.hash);
  json["closed_ms"] = firing.closed_ms;
  json["pushed_ms"] = firing.pushed_ms;
  json["history"] = firing.history;
  json["is_copy"] = firing.is_copy;
  json["compared"] = firing.compared;
  json["passages"] = to_json(hit.passages);
  return json;
}

std::string passages_text(const std::vector<Passage>& passages) {
  return print(to_json(passages));
}

std::vector<Passage> passages_of(const std::string& text) {
  std::vector<Passage> passages;
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_array()) return passages;
  for (const auto& one : json) {
    if (!one.is_object() || !one.contains("text") || !one["text"].is_string() || !one.contains("marks"))
      continue;
    Passage passage{one["text"].get<std::string>(), {}};
    for (const auto& mark : one["marks"])
      if (mark.is_array() && mark.size() == 2 && mark[0].is_number_unsigned() && mark[1].is_number_unsigned())
        passage.marks.emplace_back(mark[0].get<std::uint32_t>(), mark[1].get<std::uint32_t>());
    passages.push_back(std::move(passage));
  }
  return passages;
}

std::optional<Cursor> cursor_of(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  Cursor cursor{std::string(text.substr(0, colon)), 0};
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, cursor.sequence);
  if (error != std::errc() || stopped != end || cursor.sequence < 0) return std::nullopt;
  return cursor;
}

}  // namespace tidings::searcher::alerts
