// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/present/json.h"

#include "tests/unit/catch.h"

using namespace tidings;
using namespace tidings::searcher;
using Json = nlohmann::ordered_json;

namespace {

/// As a client reads it.
Json printed(const Json& json) {
  return Json::parse(print(json));
}

std::vector<std::string> keys(const Json& json) {
  std::vector<std::string> out;
  for (const auto& [key, value] : json.items()) out.push_back(key);
  return out;
}

Hit strike() {
  Hit hit;
  hit.key = {"news", "a.txt"};
  hit.path = "/r/news/a.txt";
  hit.title = "Port strike";
  hit.date = {"2023-02-27", Origin::Leading};
  hit.source = "Evening Post";
  hit.type = "text";
  hit.language = "en";
  hit.size = std::uint64_t{1} << 53;
  hit.score = 1.5;
  hit.generation = 7;
  hit.passages = {{"The strike goes on.", {{4, 10}}}};
  return hit;
}

}  // namespace

TEST_CASE("an answer is version 1 of the document that json.h describes, field by field", "[json]") {
  Answer answer;
  answer.generation = 7;
  answer.as_of_ms = 1'722'470'400'123;
  answer.took_ms = 0.5;
  answer.query = "strike";
  answer.understood = "reports with strike";
  answer.warnings = {{3, "a stray quote"}};
  answer.total = 1;
  answer.total_exact = false;
  answer.hits = {strike()};
  const Json json = printed(to_json(answer));
  CHECK(keys(json) == std::vector<std::string>{"version", "generation", "as_of_ms", "pending", "took_ms",
                                               "query", "total", "suggestion", "hits"});
  CHECK(json["suggestion"].is_null());
  CHECK(json["version"] == 1);
  CHECK(json["pending"].is_null());
  CHECK(json["query"] == Json{{"text", "strike"},
                              {"understood", "reports with strike"},
                              {"warnings", Json::array({{{"column", 3}, {"text", "a stray quote"}}})}});
  CHECK(json["total"] == Json{{"count", 1}, {"exact", false}});
  const Json& hit = json["hits"].at(0);
  CHECK(keys(hit) == std::vector<std::string>{"path", "corpus", "title", "date", "date_from", "source",
                                              "type", "language", "status", "size", "score", "partial",
                                              "similar", "generation", "cause", "passages"});
  CHECK(hit["date_from"] == "leading");
  CHECK(hit["status"] == "indexed");
  CHECK(hit["cause"] == "arrival");
  CHECK(hit["size"] == std::uint64_t{1} << 53);
  CHECK(hit["passages"] ==
        Json::array({{{"text", "The strike goes on."}, {"marks", Json::array({Json::array({4, 10})})}}}));

  SECTION("a running daemon's pending is a number, none among them") {
    answer.pending = 0;
    CHECK(printed(to_json(answer))["pending"] == 0);
  }
  SECTION("lists are lists when they are empty") {
    const Json empty = printed(to_json(Answer()));
    CHECK(empty["hits"] == Json::array());
    CHECK(empty["query"]["warnings"] == Json::array());
  }
}

TEST_CASE("what was counted, explained or suggested stands where it was asked for", "[json]") {
  Answer answer;
  answer.suggestion = "coventry";
  answer.hits = {strike()};
  answer.hits[0].explanation = {{"strike", 1.25}, {"recent", 0.25}};
  answer.facets = {{Facet::Type, {{"text", 12}}, 5, 2, 1}};
  answer.timeline = Timeline{Period::Week, {{"2024-02-26", 3}}, true, 7};
  const Json json = printed(to_json(answer));
  CHECK(json["suggestion"] == "coventry");
  CHECK(json["hits"][0]["explanation"] ==
        Json::parse(R"([{"part": "strike", "score": 1.25}, {"part": "recent", "score": 0.25}])"));
  CHECK(json["facets"] == Json::parse(R"({"type": {"values": [{"value": "text", "count": 12}],
                                                   "others": {"values": 2, "count": 5}, "without": 1}})"));
  CHECK(json["timeline"] == Json::parse(R"({"by": "week", "buckets": [{"start": "2024-02-26", "count": 3}],
                                            "gaps": true, "earlier": 7})"));
  CHECK_FALSE(json.contains("counted_all"));
  answer.counted_all = false;
  CHECK(printed(to_json(answer))["counted_all"] == false);
}

TEST_CASE("suggestions are words and titles", "[json]") {
  SuggestAnswer suggestions;
  suggestions.generation = 7;
  suggestions.text = "Port str";
  suggestions.words = {{"Port strike", "strike", 12}};
  suggestions.titles = {{"Port strike", "/r/caf\xe9", {"2023-02-27", Origin::Leading}}};
  const Json json = printed(to_json(suggestions));
  CHECK(keys(json) == std::vector<std::string>{"version", "generation", "as_of_ms", "took_ms", "text",
                                               "words", "titles", "complete"});
  CHECK(json["words"] == Json::parse(R"([{"text": "Port strike", "word": "strike", "reports": 12}])"));
  CHECK(keys(json["titles"][0]) == std::vector<std::string>{"title", "path", "path_b64", "date"});
}

TEST_CASE("a report that is not wholly indexed says why", "[json]") {
  Hit hit = strike();
  CHECK_FALSE(to_json(hit).contains("reason"));
  hit.status = Status::Partial;
  hit.reason = "past the limit of 64 MiB";
  CHECK(to_json(hit)["status"] == "partial");
  CHECK(to_json(hit)["reason"] == "past the limit of 64 MiB");
}

TEST_CASE("a name that is not UTF-8 has its bytes beside it, and breaks nothing", "[json]") {
  struct Case {
    const char *path, *shown, *base64;
  };
  const auto [path, shown, base64] = GENERATE(values<Case>({
      {"/r/caf\xe9", "/r/caf\xEF\xBF\xBD", "L3IvY2Fm6Q=="},
      {"/r/\xff\xfe.txt", "/r/\xEF\xBF\xBD\xEF\xBF\xBD.txt", "L3Iv//4udHh0"},
      {"/r/\xed\xa0\x80", nullptr, "L3Iv7aCA"},  // a surrogate
      {"/r/café", "/r/café", nullptr},
      {"/r/two\nlines", "/r/two\nlines", nullptr},
  }));
  CAPTURE(path);
  Hit hit = strike();
  hit.path = path;
  const Json json = printed(to_json(hit));
  if (shown) CHECK(json["path"] == shown);
  if (base64)
    CHECK(json["path_b64"] == base64);
  else
    CHECK_FALSE(json.contains("path_b64"));
}

TEST_CASE("no text breaks the line or the document", "[json]") {
  Hit hit = strike();
  hit.title = std::string("a\0b\n\"\\\x1b[31m\xff\xc2", 13);
  hit.passages = {{"\xE2\x80\xAE\xE2\x80\xA8", {}}};
  const std::string line = print(to_json(hit));
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(Json::parse(line)["title"].get<std::string>().starts_with(std::string("a\0b\n\"\\\x1b[31m", 11)));
}

TEST_CASE("a document gives its boilerplate in code points", "[json]") {
  DocumentAnswer document;
  document.generation = 9;
  document.path = "/r/news/a.txt";
  document.record.key = {"news", "a.txt"};
  document.record.report.text = "Übergang. Höhe.";
  document.record.report.boilerplate = {{11, 17}};
  document.record.report.title_from = Origin::FileName;
  document.record.hash = std::string("\x00\xff\x0a", 3);
  document.record.generation = 7;
  document.record.first_seen_ms = 5;
  const Json json = printed(to_json(document));
  CHECK(json["boilerplate"] == Json::array({Json::array({10, 15})}));
  CHECK(json["hash"] == "00ff0a");
  CHECK(json["generation"] == 9);
  CHECK(json["document_generation"] == 7);
  CHECK(json["title_from"] == "file_name");
  CHECK(json["first_seen_ms"] == 5);
  CHECK_FALSE(json.contains("reason"));
}

TEST_CASE("an error has a code for programs, and the column of a query's", "[json]") {
  const auto [code, what, name, column] = GENERATE(table<Error::Code, const char*, const char*, int>({
      {Error::Code::BadQuery, "column 12: an open bracket", "bad_query", 12},
      {Error::Code::BadQuery, "too long", "bad_query", 0},
      {Error::Code::NotFound, "column 3: no such report", "not_found", 0},
      {Error::Code::Busy, "x", "busy", 0},
      {Error::Code::IndexVersion, "x", "index_version", 0},
      {Error::Code::Io, "x", "io", 0},
  }));
  CAPTURE(what);
  const Json json = printed(to_json(Error{code, what, "the way out"}));
  CHECK(keys(json) == std::vector<std::string>{"error"});
  CHECK(json["error"]["code"] == name);
  CHECK(json["error"]["message"] == what);
  CHECK(json["error"]["hint"] == "the way out");
  if (column)
    CHECK(json["error"]["column"] == column);
  else
    CHECK(json["error"]["column"].is_null());
}
