// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/routes.h"

#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "searcher/web/assets.h"
#include "searcher/web/escape.h"
#include "tests/unit/catch.h"

using namespace tidings;
using namespace tidings::searcher;

namespace {

/// An index of one report, and what it was asked.
struct Stub {
  SearchRequest asked;
  SimilarRequest similar;
  SuggestRequest suggest;
  std::optional<std::string> marked;
  int searches = 0;
  bool exists = true;
  Answer answer;
  DocumentAnswer document;

  Backend backend() {
    return {.search = [this](const SearchRequest& r) -> Result<Answer> {
              asked = r;
              ++searches;
              if (r.text == "bad") return failure(Error::Code::BadQuery, "column 2: no", "write it so");
              Answer a = answer;
              a.identity = "id";
              a.generation = 7;
              a.query = r.text;
              return a;
            },
            .document = [this](const std::string& path,
                               const std::optional<std::string>& query) -> Result<DocumentAnswer> {
              marked = query;
              if (query == "bad") return failure(Error::Code::BadQuery, "column 2: no", "write it so");
              if (path != document.path) return failure(Error::Code::NotFound, path + ": not in the index");
              return document;
            },
            .facts = [this]() -> Result<IndexFacts> {
              if (!exists) return failure(Error::Code::NotFound, "no index here", "start tidingsd");
              IndexFacts facts;
              facts.identity = "id";
              facts.generation = 7;
              facts.control_socket = "/c.sock";
              facts.corpora = {{"reports", "/r"}};
              return facts;
            },
            .daemon_status = [](const std::string& socket) -> Result<nlohmann::json> {
              if (socket.empty()) return failure(Error::Code::NotFound, "no daemon");
              return nlohmann::json{{"pending", 3}};
            },
            .pending = [](const std::string&) { return std::optional<std::uint64_t>(3); },
            .similar = [this](const SimilarRequest& r) -> Result<Answer> {
              similar = r;
              if (r.path == "none") return failure(Error::Code::NotFound, "none: not in the index");
              return answer;
            },
            .suggest = [this](const SuggestRequest& r) -> Result<SuggestAnswer> {
              suggest = r;
              return SuggestAnswer();
            }};
  }

  Response ask(const std::string& target, const std::string& method = "GET",
               const std::string& if_none_match = {}) {
    Request r;
    r.method = method;
    r.target = target;
    r.if_none_match = if_none_match;
    return Routes(backend(), {})(r);
  }
};

nlohmann::json error_of(const Response& r) {
  return nlohmann::json::parse(r.body)["error"];
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

std::string header(const Response& r, const std::string& name) {
  for (const auto& [n, v] : r.headers)
    if (n == name) return v;
  return {};
}

}  // namespace

TEST_CASE_METHOD(Stub, "a search is asked as its parameters say", "[api]") {
  const Response r = ask("/v1/search?q=caf%C3%A9+%2Bbar&n=20&offset=40&sort=newest&plain=1&partial=0");
  CHECK(r.status == 200);
  CHECK(asked.text == "café +bar");
  CHECK(asked.limit == 20);
  CHECK(asked.offset == 40);
  CHECK(asked.sort == Sort::Newest);
  CHECK(asked.plain);
  CHECK_FALSE(asked.fill);
  const auto json = nlohmann::json::parse(r.body);
  CHECK(json["generation"] == 7);
  CHECK(json["pending"] == 3);
  CHECK(asked.facets.empty());
  CHECK_FALSE(asked.timeline);
  CHECK_FALSE(asked.explain);
  ask("/v1/search?q=a&facets=type,month&timeline=week&explain=1");
  CHECK(asked.facets == std::vector<Facet>{Facet::Type, Facet::Month});
  CHECK(asked.timeline == Period::Week);
  CHECK(asked.explain);
  CHECK(asked.suggest);
  CHECK_FALSE(asked.after_generation);
  ask("/v1/search?q=a&after=5");
  CHECK(asked.after_generation == 5);
  ask("/v1/search?q=a&suggest=0");
  CHECK_FALSE(asked.suggest);
  ask("/v1/search?q=a");
  CHECK(asked.limit == 10);
  CHECK(asked.fill);
}

TEST_CASE_METHOD(Stub, "a parameter that makes no sense is an error that names it", "[api]") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"/v1/search", "`q`"},
      {"/v1/search?q=a&n=0", "`n`"},
      {"/v1/search?q=a&after=-1", "`after`"},
      {"/v1/search?q=a&n=1001", "`n`"},
      {"/v1/search?q=a&n=-1", "`n`"},
      {"/v1/search?q=a&n=1x", "`n`"},
      {"/v1/search?q=a&n=", "`n`"},
      {"/v1/search?q=a&n=99999999999999999999", "`n`"},
      {"/v1/search?q=a&offset=100001", "`offset`"},
      {"/v1/search?q=a&sort=size", "`sort`"},
      {"/v1/search?q=a&plain=yes", "`plain`"},
      {"/v1/search?q=a&limit=3", "`limit`"},
      {"/v1/search?q=a&q=b", "`q`"},
      {"/v1/search?q=a%zz", "'%'"},
      {"/v1/search?q=a%2", "'%'"},
      {"/v1/search?q=a%00", "NUL"},
      {"/v1/search?q=a&facets=colour", "`facets`"},
      {"/v1/search?q=a&facets=", "`facets`"},
      {"/v1/search?q=a&timeline=year", "`timeline`"},
      {"/v1/search?q=a&explain=2", "`explain`"},
      {"/v1/search?q=a&suggest=no", "`suggest`"},
      {"/v1/similar", "`path`"},
      {"/v1/similar?path=/a&q=b", "`q`"},
      {"/v1/similar?path=/a&n=0", "`n`"},
      {"/v1/suggest", "`q`"},
      {"/v1/suggest?q=a&n=101", "`n`"},
      {"/v1/suggest?q=a&offset=1", "`offset`"},
      {"/v1/document", "`path`"},
      {"/v1/document?path=", "`path`"},
      {"/v1/status?x=1", "`x`"},
  };
  for (const auto& [target, part] : table) {
    INFO(target);
    const Response r = ask(target);
    CHECK(r.status == 400);
    CHECK(has(error_of(r)["message"], part));
  }
  std::string many = "/v1/search?q=a";
  for (int i = 0; i < 40; ++i) many += "&a=b";
  CHECK(ask(many).status == 400);
  CHECK(searches == 0);
}

TEST_CASE_METHOD(Stub, "reports like one, and suggestions, are asked as their parameters say", "[api]") {
  CHECK(ask("/v1/similar?path=/r/a.txt&n=3&offset=6&explain=1").status == 200);
  CHECK(similar.path == "/r/a.txt");
  CHECK(similar.limit == 3);
  CHECK(similar.offset == 6);
  CHECK(similar.explain);
  CHECK(nlohmann::json::parse(ask("/v1/similar?path=/r/a.txt").body)["pending"] == 3);
  CHECK(ask("/v1/similar?path=none").status == 404);
  CHECK(ask("/v1/suggest?q=cov+str&n=4").status == 200);
  CHECK(suggest.text == "cov str");
  CHECK(suggest.words == 4);
  CHECK(ask("/v1/suggest?q=").status == 200);
  exists = false;
  CHECK(ask("/v1/suggest?q=a").status == 503);
  CHECK(ask("/v1/similar?path=/a").status == 503);
}

TEST_CASE_METHOD(Stub, "each failure has its status and its code", "[api]") {
  const auto check = [&](const std::string& target, const std::string& method, unsigned status,
                         const std::string& code) {
    INFO(method << " " << target);
    const Response r = ask(target, method);
    CHECK(r.status == status);
    CHECK(error_of(r)["code"] == code);
  };
  check("/v1/nothing", "GET", 404, "not_found");
  check("/v1/search/", "GET", 404, "not_found");
  check("/v1/document?path=/none", "GET", 404, "not_found");
  check("/v1/search?q=a", "POST", 405, "method_not_allowed");
  check("/", "DELETE", 405, "method_not_allowed");
  check("/v1/search?q=bad", "GET", 400, "bad_query");
  CHECK(header(ask("/", "PUT"), "Allow") == "GET, HEAD");
  CHECK(error_of(ask("/v1/search?q=bad"))["hint"] == "write it so");
  Request with_body;
  with_body.method = "GET";
  with_body.target = "/v1/search?q=a";
  with_body.body = "x";
  CHECK(Routes(backend(), {})(with_body).status == 413);

  exists = false;
  check("/v1/search?q=a", "GET", 503, "no_index");
  check("/v1/document?path=/a", "GET", 503, "no_index");
  CHECK(header(ask("/v1/search?q=a"), "Retry-After") == "1");
  CHECK(error_of(ask("/v1/search?q=a"))["hint"] == "start tidingsd");
  CHECK(ask("/?q=a").status == 503);
  CHECK(has(ask("/?q=a").body, "start tidingsd"));
  CHECK(ask("/").status == 200);
  CHECK(ask("/healthz").body == "ok\n");
  const auto status = nlohmann::json::parse(ask("/v1/status").body);
  CHECK(status["index"].is_null());
  CHECK(status["index_error"] == "no index here");
  CHECK(status["daemon"].is_null());
}

TEST_CASE_METHOD(Stub, "whoever has the answer of this generation is not sent it again", "[api]") {
  const std::string etag = header(ask("/v1/search?q=a"), "ETag");
  REQUIRE(etag.starts_with("W/\"id-7-"));  // and the day, by which relative dates go
  searches = 0;
  for (const std::string& seen : {etag, "\"x\", " + etag, etag.substr(2), std::string("*")}) {
    INFO(seen);
    const Response r = ask("/v1/search?q=a", "GET", seen);
    CHECK(r.status == 304);
    CHECK(r.body.empty());
    CHECK(header(r, "ETag") == etag);
  }
  CHECK(searches == 0);
  CHECK(ask("/v1/search?q=a", "GET", "W/\"id-6\"").status == 200);
  CHECK(ask("/v1/search?q=a", "GET", "W/\"id-77\"").status == 200);
}

TEST_CASE_METHOD(Stub, "what the pages load is served as what it is, and is all that they load", "[web]") {
  CHECK(ask("/style.css").content_type == "text/css; charset=utf-8");
  const Response first = ask("/page.js");
  CHECK(first.content_type == "text/javascript; charset=utf-8");
  std::set<std::string> loaded = {"/style.css", "/page.js"};
  for (const web::Asset& asset : web::kAssets) {
    const std::string text(asset.bytes);
    const std::regex imported("from \"\\.(/[a-z]+\\.js)\"");
    for (std::sregex_iterator at(text.begin(), text.end(), imported), end; at != end; ++at) {
      loaded.insert((*at)[1]);
      CHECK(ask((*at)[1]).status == 200);
    }
  }
  CHECK(loaded.size() == web::kAssets.size());
  CHECK(ask("/nothing.js").status == 404);
}

TEST_CASE("nothing that is shown can become markup", "[web]") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
      {"a & b &amp;", "a &amp; b &amp;amp;"},
      {"\" onclick='x'", "&quot; onclick=&#39;x&#39;"},
      {std::string("a\0b", 3),
       "a\xEF\xBF\xBD"
       "b"},
      {"tab\tline\nbell\a\x7f", "tab\tline\nbell\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"café £10", "café £10"},
      {"caf\xe9", "caf\xEF\xBF\xBD"},
      {"\xc3<b", "\xEF\xBF\xBD&lt;b"},  // a cut character must not swallow what follows
      {"\xf0\x9f\x98", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"\xed\xa0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},  // half a surrogate pair
      {"\xc0\xbcscript", "\xEF\xBF\xBD\xEF\xBF\xBDscript"},      // '<' in two bytes
  };
  for (const auto& [bytes, html] : table) CHECK(web::escape(bytes) == html);
}

TEST_CASE_METHOD(Stub, "the page of results escapes all that came from elsewhere", "[web]") {
  const std::string evil = "<img src=x onerror=\"alert('1')\">&";
  Hit hit;
  hit.path = "/r/" + evil + "\xff.txt";
  hit.title = hit.source = hit.type = hit.language = hit.reason = hit.date.iso = evil;
  hit.status = Status::Partial;
  hit.passages = {{"é<b>" + evil, {{0, 2}, {3, 4}}}};
  answer.hits = {hit};
  answer.total = 1;
  answer.understood = evil;
  answer.warnings = {{1, evil}};
  const Response r = ask("/?q=%3Cimg+src%3Dx%3E%22%27");
  CHECK(r.status == 200);
  CHECK_FALSE(has(r.body, "<img"));
  CHECK_FALSE(has(r.body, "alert('1')"));
  CHECK_FALSE(has(r.body, "onerror=\""));
  CHECK_FALSE(has(r.body, "<b>"));
  CHECK_FALSE(has(r.body, "\xff"));
  CHECK(has(r.body, "<mark>é&lt;</mark>b<mark>&gt;</mark>"));
  CHECK(has(r.body, "%FF.txt"));

  document.path = "/r/" + evil;
  document.record.report.title = document.record.report.text = document.record.report.reason = evil;
  document.record.report.status = Status::Partial;
  const Response report =
      ask("/report?path=%2Fr%2F%3Cimg%20src%3Dx%20onerror%3D%22alert%28%271%27%29%22%3E%26&q=" +
          std::string("%3Cimg"));
  CHECK(report.status == 200);
  CHECK_FALSE(has(report.body, "<img"));
  CHECK_FALSE(has(report.body, "onerror=\""));
  const Response none = ask("/report?path=%3Cimg%3E");
  CHECK(none.status == 404);
  CHECK_FALSE(has(none.body, "<img"));
  CHECK_FALSE(has(ask("/?q=a&sort=%3Cimg%3E").body, "<img"));
}

TEST_CASE_METHOD(Stub, "the page tells what was found, how old it is, and sets partial matches apart",
                 "[web]") {
  for (int i = 0; i < 10; ++i) {
    Hit hit;
    hit.path = "/r/" + std::to_string(i) + ".txt";
    hit.title = "Report " + std::to_string(i);
    hit.source = "Port News";
    hit.date.iso = "2023-02-27";
    hit.partial = i >= 8;
    answer.hits.push_back(hit);
  }
  answer.total = 28;
  answer.as_of_ms = 1700000000000;
  const std::string page = ask("/?q=strike+pay&sort=newest&offset=10").body;
  CHECK(has(page, "28 reports"));
  CHECK(has(page, "2023-11-14 22:13 UTC"));
  CHECK(has(page, "3 changes pending"));
  CHECK(has(page, "Port News"));
  CHECK(page.find("With most of the words") > page.find("Report 7"));
  CHECK(page.find("With most of the words") < page.find("Report 8"));
  CHECK(has(page, "href=\"/?q=strike%20pay&amp;sort=newest\" rel=\"prev\""));
  CHECK(has(page, "value=\"strike pay\""));
  CHECK_FALSE(has(ask("/?q=strike").body, "rel=\"prev\""));
  CHECK(searches == 2);
}

TEST_CASE_METHOD(Stub, "there is a next page where there is a hit on it, whatever the total says", "[web]") {
  const std::string next = "href=\"/?q=strike&amp;sort=newest&amp;offset=10\" rel=\"next\"";
  answer.total = 90;  // near-copies that are left out among them
  answer.hits.resize(10);
  CHECK_FALSE(has(ask("/?q=strike&sort=newest").body, "rel=\"next\""));
  CHECK(asked.limit == 11);
  CHECK(asked.collapse);
  answer.hits.resize(11);
  answer.hits[10].title = "The eleventh";
  const std::string page = ask("/?q=strike&sort=newest").body;
  CHECK(has(page, next));
  CHECK_FALSE(has(page, "The eleventh"));
  answer.hits[10].partial = true;
  CHECK_FALSE(has(ask("/?q=strike&sort=newest").body, "rel=\"next\""));
}

TEST_CASE_METHOD(Stub, "near-copies that were left out are a link away", "[web]") {
  answer.hits.resize(1);
  answer.hits[0].path = "/r/a&b.txt";
  answer.hits[0].similar = 2;
  CHECK(has(ask("/?q=strike").body, "<a href=\"/copies?q=strike&amp;path=%2Fr%2Fa%26b.txt\">+2 similar</a>"));
  answer.understood = "near-copies of \"<b>\"";
  const std::string page = ask("/copies?q=strike&path=%2Fr%2Fa%26b.txt").body;
  CHECK(similar.path == "/r/a&b.txt");
  CHECK(similar.copies);
  CHECK(has(page, "near-copies of &quot;&lt;b&gt;&quot;"));
  CHECK(has(page, "href=\"/?q=strike\""));
  CHECK(ask("/copies?path=none").status == 404);
  CHECK(ask("/copies").status == 400);
}

TEST_CASE_METHOD(Stub, "a report is shown whole, with its boilerplate dimmed", "[web]") {
  document.path = "/r/a.txt";
  document.record.report.title = "Strike";
  document.record.report.text = "Tagline\nStory.\nLeave a reply";
  document.record.report.boilerplate = {{0, 7}, {15, 28}};
  const std::string page = ask("/report?path=/r/a.txt").body;
  CHECK(has(page,
            "<span class=\"boilerplate\">Tagline</span>\nStory.\n<span class=\"boilerplate\">Leave a "
            "reply</span>"));
  CHECK_FALSE(marked);
  CHECK_FALSE(has(page, "class=\"back\""));
  document.record.report.boilerplate = {{0, 7}, {15, 4000000}};  // an index that lies must not be believed
  CHECK(ask("/report?path=/r/a.txt").status == 200);
}

TEST_CASE_METHOD(Stub, "in a report the words of the query are marked and counted", "[web]") {
  document.path = "/r/a.txt";
  document.record.report.text = "pay\n<pay> rise\npay";
  document.record.report.boilerplate = {{0, 3}, {10, 15}};
  document.marks = {{0, 3}, {5, 8}, {8, 12}, {15, 18}};  // one begins in the story and ends in boilerplate
  const std::string page = ask("/report?path=/r/a.txt&q=pay").body;
  CHECK(marked == "pay");
  CHECK(has(page, "<a href=\"#m1\">4 places are marked</a>"));
  CHECK(has(page,
            "<span class=\"boilerplate\"><mark id=\"m1\">pay</mark></span>\n&lt;<mark id=\"m2\">pay</mark>"
            "<mark id=\"m3\">&gt; </mark><span class=\"boilerplate\"><mark>ri</mark>se\n</span><mark "
            "id=\"m4\">pay</mark></div>"));
  CHECK(has(page, "← Results for “pay”"));
  document.marks->clear();
  CHECK(has(ask("/report?path=/r/a.txt&q=pay").body, "None of the words"));
  document.marks = {{0, 3}, {5, 4000000}, {4000000, 4000003}};  // nor this one
  CHECK(ask("/report?path=/r/a.txt&q=pay").status == 200);
  const Response unread = ask("/report?path=/r/a.txt&q=bad");  // a query that is none keeps no report away
  CHECK(unread.status == 200);
  CHECK_FALSE(marked);
}

TEST_CASE_METHOD(Stub, "the marks of a report are bounded, and it says of how many", "[web]") {
  document.path = "/r/a.txt";
  document.marks.emplace();
  for (std::uint32_t i = 0; i < web::kMostMarks + 5; ++i) {
    document.record.report.text += "pay ";
    document.marks->push_back({4 * i, 4 * i + 3});
  }
  const std::string page = ask("/report?path=/r/a.txt&q=pay").body;
  CHECK(has(page, "the first 2000 of 2005 places are marked"));
  CHECK(has(page, "<mark id=\"m2000\">"));
  CHECK_FALSE(has(page, "<mark id=\"m2001\">"));
}

TEST_CASE_METHOD(Stub, "a document's marks are told where they are asked for", "[api]") {
  document.path = "/r/a.txt";
  document.record.report.text = "é pay";
  CHECK_FALSE(nlohmann::json::parse(ask("/v1/document?path=/r/a.txt").body).contains("marks"));
  document.marks = {{3, 6}};
  CHECK(nlohmann::json::parse(ask("/v1/document?path=/r/a.txt&q=pay").body)["marks"].dump() == "[[2,5]]");
  CHECK(error_of(ask("/v1/document?path=/r/a.txt&q=bad"))["code"] == "bad_query");
}
