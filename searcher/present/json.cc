// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/present/json.h"

#include <cstdio>

#include "index/characters.h"
#include "searcher/present/passages.h"

namespace tidings::searcher {
namespace {

using Json = nlohmann::ordered_json;

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      out += i + j <= bytes.size() ? kDigits[group >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}

std::string_view code_name(Error::Code code) {
  switch (code) {
    case Error::Code::NotFound:
      return "not_found";
    case Error::Code::Unreadable:
      return "unreadable";
    case Error::Code::NotText:
      return "not_text";
    case Error::Code::BadQuery:
      return "bad_query";
    case Error::Code::BadRequest:
      return "bad_request";
    case Error::Code::IndexLocked:
      return "index_locked";
    case Error::Code::IndexCorrupt:
      return "index_corrupt";
    case Error::Code::IndexVersion:
      return "index_version";
    case Error::Code::Busy:
      return "busy";
    case Error::Code::Io:
      return "io";
  }
  return "io";
}

Json pairs(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& ranges) {
  Json json = Json::array();
  for (const auto& [begin, end] : ranges) json.push_back({begin, end});
  return json;
}

Json facet_json(const FacetCounts& facet) {
  Json values = Json::array();
  for (const auto& value : facet.values) values.push_back({{"value", value.value}, {"count", value.count}});
  return {{"values", std::move(values)},
          {"others", {{"values", facet.other_values}, {"count", facet.others}}},
          {"without", facet.without}};
}

Json timeline_json(const Timeline& timeline) {
  Json buckets = Json::array();
  for (const auto& bucket : timeline.buckets)
    buckets.push_back({{"start", bucket.start}, {"count", bucket.count}});
  return {{"by", name(timeline.by)},
          {"buckets", std::move(buckets)},
          {"gaps", timeline.gaps},
          {"earlier", timeline.earlier}};
}

}  // namespace

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) {
    char two[3];
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    out += two;
  }
  return out;
}

void add_path(Json& json, const std::string& path) {
  json["path"] = path;  // print() makes U+FFFD of what is not UTF-8
  if (!is_utf8(path)) json["path_b64"] = base64(path);
}

Json to_json(const std::vector<Passage>& passages) {
  Json json = Json::array();
  for (const auto& passage : passages)
    json.push_back({{"text", passage.text}, {"marks", pairs(passage.marks)}});
  return json;
}

Json to_json(const Hit& hit) {
  Json json;
  add_path(json, hit.path);
  json["corpus"] = hit.key.corpus;
  json["title"] = hit.title;
  json["date"] = hit.date.iso;
  json["date_from"] = name(hit.date.from);
  json["source"] = hit.source;
  json["type"] = hit.type;
  json["language"] = hit.language;
  json["status"] = name(hit.status);
  if (hit.status != Status::Indexed) json["reason"] = hit.reason;
  json["size"] = hit.size;
  json["score"] = hit.score;
  json["partial"] = hit.partial;
  json["similar"] = hit.similar;
  json["generation"] = hit.generation;
  json["cause"] = name(hit.cause);
  json["passages"] = to_json(hit.passages);
  if (hit.explanation.empty()) return json;
  json["explanation"] = Json::array();
  for (const auto& part : hit.explanation)
    json["explanation"].push_back({{"part", part.what}, {"score", part.score}});
  return json;
}

Json to_json(const Answer& answer) {
  Json json{
      {"version", kJsonVersion},
      {"generation", answer.generation},
      {"as_of_ms", answer.as_of_ms},
      {"pending", nullptr},
      {"took_ms", answer.took_ms},
      {"query", {{"text", answer.query}, {"understood", answer.understood}, {"warnings", Json::array()}}},
      {"total", {{"count", answer.total}, {"exact", answer.total_exact}}},
      {"suggestion", nullptr},
      {"hits", Json::array()}};
  if (answer.suggestion) json["suggestion"] = *answer.suggestion;
  if (answer.pending) json["pending"] = *answer.pending;
  for (const auto& warning : answer.warnings)
    json["query"]["warnings"].push_back({{"column", warning.column}, {"text", warning.text}});
  for (const auto& hit : answer.hits) json["hits"].push_back(to_json(hit));
  for (const auto& facet : answer.facets) json["facets"][name(facet.facet)] = facet_json(facet);
  if (answer.timeline) json["timeline"] = timeline_json(*answer.timeline);
  if (!answer.counted_all) json["counted_all"] = false;
  return json;
}

Json to_json(const SuggestAnswer& suggestions) {
  Json json{{"version", kJsonVersion},          {"generation", suggestions.generation},
            {"as_of_ms", suggestions.as_of_ms}, {"took_ms", suggestions.took_ms},
            {"text", suggestions.text},         {"words", Json::array()},
            {"titles", Json::array()},          {"complete", suggestions.complete}};
  for (const auto& word : suggestions.words)
    json["words"].push_back({{"text", word.text}, {"word", word.word}, {"reports", word.reports}});
  for (const auto& title : suggestions.titles) {
    Json one{{"title", title.title}};
    add_path(one, title.path);
    one["date"] = title.date.iso;
    json["titles"].push_back(std::move(one));
  }
  return json;
}

Json to_json(const DocumentAnswer& document) {
  const Record& record = document.record;
  Json json{{"version", kJsonVersion}, {"generation", document.generation}, {"as_of_ms", document.as_of_ms}};
  add_path(json, document.path);
  json["corpus"] = record.key.corpus;
  json["title"] = record.report.title;
  json["title_from"] = name(record.report.title_from);
  json["date"] = record.report.date.iso;
  json["date_from"] = name(record.report.date.from);
  json["source"] = record.report.source;
  json["type"] = record.report.type;
  json["language"] = record.report.language;
  json["status"] = name(record.report.status);
  if (record.report.status != Status::Indexed) json["reason"] = record.report.reason;
  json["size"] = record.file.size;
  json["cause"] = name(record.cause);
  json["document_generation"] = record.generation;
  json["first_seen_ms"] = record.first_seen_ms;
  json["indexed_ms"] = record.indexed_ms;
  json["hash"] = hex(record.hash);
  json["text"] = record.report.text;
  json["boilerplate"] = pairs(to_code_points(record.report.text, record.report.boilerplate));
  if (document.marks) json["marks"] = pairs(to_code_points(record.report.text, *document.marks));
  return json;
}

Json to_json(const Error& error) {
  Json json{
      {"code", code_name(error.code)}, {"message", error.what}, {"hint", error.hint}, {"column", nullptr}};
  constexpr std::string_view kColumn = "column ";
  if (error.code == Error::Code::BadQuery && error.what.starts_with(kColumn))
    json["column"] = std::atoi(error.what.c_str() + kColumn.size());
  return {{"error", json}};
}

std::string print(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tidings::searcher
