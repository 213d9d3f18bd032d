// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/routes.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>

#include "searcher/api/alert_routes.h"
#include "searcher/api/error_response.h"
#include "searcher/api/parameters.h"
#include "searcher/cli/daemon.h"
#include "searcher/match/facets.h"
#include "searcher/match/suggest.h"
#include "searcher/match/timeline.h"
#include "searcher/present/json.h"
#include "searcher/web/assets.h"
#include "searcher/web/page.h"

namespace tidings::searcher {
namespace {

constexpr std::string_view kHtmlType = "text/html; charset=utf-8";

Response reply(std::string_view type, std::string body, unsigned status = 200) {
  Response r;
  r.status = status;
  r.content_type = type;
  r.body = std::move(body);
  return r;
}

Result<Sort> sort(const Target& target) {
  const std::string* text = target.find("sort");
  if (!text || *text == "best") return Sort::Best;
  if (*text == "relevance") return Sort::Relevance;
  if (*text == "newest") return Sort::Newest;
  if (*text == "oldest") return Sort::Oldest;
  return bad("`sort` must be best, relevance, newest or oldest, and is \"" + *text + "\"");
}

Result<std::vector<Facet>> facets(const Target& target) {
  const std::string* text = target.find("facets");
  if (!text) return std::vector<Facet>();
  auto named = facets_named(*text);
  if (!named) return bad("`facets`: " + named.error().what, named.error().hint);
  return named;
}

Result<std::optional<Period>> timeline(const Target& target) {
  const std::string* text = target.find("timeline");
  if (!text) return std::optional<Period>();
  if (const auto period = period_named(*text)) return period;
  return bad("`timeline` must be day, week or month, and is \"" + *text + "\"");
}

Result<SearchRequest> search_request(const Target& target, const config::Limits& limits) {
  SearchRequest r;
  const std::string* q = target.find("q");
  if (!q) return bad("the parameter `q`, the query, is missing", "/v1/search?q=coventry+strike");
  r.text = *q;
  if (auto names = check_names(target, {"q", "n", "offset", "sort", "plain", "partial", "collapse", "facets",
                                        "timeline", "explain", "suggest", "after"});
      !names)
    return tl::unexpected(names.error());
  const auto n = number(target, "n", std::min<std::size_t>(r.limit, limits.results), 1, limits.results);
  const auto offset = number(target, "offset", 0, 0, Routes::kMaxOffset);
  const auto order = sort(target);
  const auto plain = flag(target, "plain", false), partial = flag(target, "partial", true),
             collapse = flag(target, "collapse", true), explain = flag(target, "explain", false),
             suggest = flag(target, "suggest", true);
  auto counted = facets(target);
  const auto over = timeline(target);
  if (!n) return tl::unexpected(n.error());
  if (!offset) return tl::unexpected(offset.error());
  if (!order) return tl::unexpected(order.error());
  if (!plain) return tl::unexpected(plain.error());
  if (!partial) return tl::unexpected(partial.error());
  if (!collapse) return tl::unexpected(collapse.error());
  if (!explain) return tl::unexpected(explain.error());
  if (!suggest) return tl::unexpected(suggest.error());
  if (!counted) return tl::unexpected(counted.error());
  if (!over) return tl::unexpected(over.error());
  if (target.find("after")) {
    const auto after = number(target, "after", 0, 0, std::numeric_limits<std::size_t>::max());
    if (!after) return tl::unexpected(after.error());
    r.after_generation = *after;
  }
  r.limit = *n;
  r.offset = *offset;
  r.sort = *order;
  r.plain = *plain;
  r.fill = *partial;
  r.collapse = *collapse;
  r.explain = *explain;
  r.facets = std::move(*counted);
  r.timeline = *over;
  r.suggest = *suggest;
  return r;
}

Result<SimilarRequest> similar_request(const Target& target, const config::Limits& limits) {
  if (auto names = check_names(target, {"path", "n", "offset", "explain", "copies"}); !names)
    return tl::unexpected(names.error());
  SimilarRequest r;
  const std::string* path = target.find("path");
  if (!path || path->empty())
    return bad("the parameter `path`, the report's, is missing", "/v1/similar?path=/home/me/Reports/a.txt");
  const auto n = number(target, "n", std::min<std::size_t>(r.limit, limits.results), 1, limits.results);
  const auto offset = number(target, "offset", 0, 0, Routes::kMaxOffset);
  const auto explain = flag(target, "explain", false), copies = flag(target, "copies", false);
  if (!n) return tl::unexpected(n.error());
  if (!offset) return tl::unexpected(offset.error());
  if (!explain) return tl::unexpected(explain.error());
  if (!copies) return tl::unexpected(copies.error());
  return SimilarRequest{
      .path = *path, .limit = *n, .offset = *offset, .explain = *explain, .copies = *copies};
}

Result<SuggestRequest> suggest_request(const Target& target) {
  if (auto names = check_names(target, {"q", "n"}); !names) return tl::unexpected(names.error());
  SuggestRequest r;
  const std::string* q = target.find("q");
  if (!q) return bad("the parameter `q`, what is typed so far, is missing", "/v1/suggest?q=cov");
  const auto n = number(target, "n", r.words, 0, kMostSuggestions);
  if (!n) return tl::unexpected(n.error());
  r.text = *q;
  r.words = *n;
  return r;
}

/// With the day: date:today finds others tomorrow.
std::string etag_of(const IndexFacts& facts) {
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return "W/\"" + facts.identity + "-" + std::to_string(facts.generation) + "-" +
         std::to_string(day.time_since_epoch().count()) + "\"";
}

/// RFC 9110, 13.1.2: a list, compared weakly.
bool matches(std::string_view if_none_match, std::string_view etag) {
  const std::string_view opaque = etag.substr(etag.find('"'));
  return if_none_match == "*" || if_none_match.find(opaque) != if_none_match.npos;
}

constexpr std::size_t kCopies = 50;  ///< near-copies that are listed of one report

Error which_report() {
  return {Error::Code::BadRequest, "which report? The address has no `path`.", {}};
}

Response page_error(const web::Asked& asked, const Error& error) {
  return reply(kHtmlType, web::error_page(asked, error), status_of(error.code));
}

/// That the index is missing is no client's mistake: not 404, but 503, since it may be on its way.
Response index_error(const Error& error) {
  return error.code == Error::Code::NotFound ? unavailable_response("no_index", error.what, error.hint)
                                             : error_response(error);
}

Response index_page_error(const web::Asked& asked, const Error& error) {
  Response r = page_error(asked, error);
  if (error.code == Error::Code::NotFound) r.status = 503;
  return r;
}

}  // namespace

Result<Answer> Routes::run(const SearchRequest& request, const IndexFacts& facts) const {
  auto answer = backend_.search(request);
  if (answer) answer->pending = backend_.pending(facts.control_socket);
  return answer;
}

Response Routes::search(const Request& request, const Target& target) const {
  const auto asked = search_request(target, limits_);
  if (!asked) return error_response(asked.error());
  const auto facts = backend_.facts();
  if (!facts) return index_error(facts.error());
  const std::string etag = etag_of(*facts);
  if (!request.if_none_match.empty() && matches(request.if_none_match, etag)) {
    Response r;
    r.status = 304;
    r.headers.emplace_back("ETag", etag);
    return r;
  }
  const auto answer = run(*asked, *facts);
  if (!answer) return error_response(answer.error());
  Response r = reply(kJsonType, print(to_json(*answer)) + "\n");
  IndexFacts answered = *facts;  // it may be a later generation
  answered.generation = answer->generation;
  answered.identity = answer->identity;
  r.headers.emplace_back("ETag", etag_of(answered));
  return r;
}

Response Routes::document(const Target& target) const {
  if (auto names = check_names(target, {"path", "q"}); !names) return error_response(names.error());
  const std::string* path = target.find("path");
  if (!path || path->empty())
    return error_response({Error::Code::BadRequest, "the parameter `path`, the report's, is missing",
                           "/v1/document?path=/home/me/Reports/a.txt, or path=corpus:a.txt"});
  if (const auto facts = backend_.facts(); !facts) return index_error(facts.error());
  const std::string* q = target.find("q");
  const auto document = backend_.document(*path, q ? std::optional(*q) : std::nullopt);
  return document ? reply(kJsonType, print(to_json(*document)) + "\n") : error_response(document.error());
}

Response Routes::similar(const Target& target) const {
  const auto asked = similar_request(target, limits_);
  if (!asked) return error_response(asked.error());
  const auto facts = backend_.facts();
  if (!facts) return index_error(facts.error());
  auto answer = backend_.similar(*asked);
  if (!answer) return error_response(answer.error());
  answer->pending = backend_.pending(facts->control_socket);
  return reply(kJsonType, print(to_json(*answer)) + "\n");
}

Response Routes::suggest(const Target& target) const {
  const auto asked = suggest_request(target);
  if (!asked) return error_response(asked.error());
  if (const auto facts = backend_.facts(); !facts) return index_error(facts.error());
  const auto answer = backend_.suggest(*asked);
  return answer ? reply(kJsonType, print(to_json(*answer)) + "\n") : error_response(answer.error());
}

Response Routes::status(const Target& target) const {
  if (auto names = check_names(target, {}); !names) return error_response(names.error());
  const auto facts = backend_.facts();
  const auto daemon = backend_.daemon_status(facts ? facts->control_socket : std::string());
  if (facts) return reply(kJsonType, print(status_json(*facts, daemon)) + "\n");
  nlohmann::ordered_json json = status_json({}, daemon);  // the daemon may run, and have made no index yet
  json["index"] = nullptr;
  json["index_error"] = facts.error().what;
  return reply(kJsonType, print(json) + "\n");
}

/// Where one came from and goes back to: what makes no sense there is left out.
web::Asked Routes::asked_of(const Target& target) const {
  web::Asked asked;
  if (const std::string* q = target.find("q")) asked.q = *q;
  if (const auto order = sort(target)) asked.sort = *order;
  if (const auto offset = number(target, "offset", 0, 0, kMaxOffset)) asked.offset = *offset;
  asked.limit = std::clamp<std::size_t>(limits_.results - 1, 1, asked.limit);
  return asked;
}

Response Routes::page(const Target& target) const {
  web::Asked asked = asked_of(target);
  if (const auto order = sort(target); !order) return page_error(asked, order.error());
  if (const auto offset = number(target, "offset", 0, 0, kMaxOffset); !offset)
    return page_error(asked, offset.error());
  if (std::all_of(asked.q.begin(), asked.q.end(), [](char c) { return c == ' '; }))
    return reply(kHtmlType, web::start_page(asked));

  SearchRequest request;
  request.text = asked.q;
  request.sort = asked.sort;
  request.offset = asked.offset;
  request.collapse = true;
  // The total counts near-copies that are left out: whether there is a next page is told by one hit more.
  request.limit = std::min<std::size_t>(asked.limit + 1, limits_.results);
  const auto facts = backend_.facts();
  if (!facts) return index_page_error(asked, facts.error());
  auto answer = run(request, *facts);
  if (!answer) return page_error(asked, answer.error());
  asked.more = answer->hits.size() > asked.limit && !answer->hits[asked.limit].partial;
  if (answer->hits.size() > asked.limit) answer->hits.resize(asked.limit);
  return reply(kHtmlType, web::results_page(asked, *answer));
}

Response Routes::report(const Target& target) const {
  const web::Asked asked = asked_of(target);
  const std::string* path = target.find("path");
  if (!path) return page_error(asked, which_report());
  if (const auto facts = backend_.facts(); !facts) return index_page_error(asked, facts.error());
  auto document = backend_.document(*path, asked.q.empty() ? std::nullopt : std::optional(asked.q));
  if (!document && document.error().code == Error::Code::BadQuery)  // the report is there all the same
    document = backend_.document(*path, std::nullopt);
  return document ? reply(kHtmlType, web::report_page(asked, *document))
                  : page_error(asked, document.error());
}

Response Routes::copies(const Target& target) const {
  const web::Asked asked = asked_of(target);
  const std::string* path = target.find("path");
  if (!path) return page_error(asked, which_report());
  if (const auto facts = backend_.facts(); !facts) return index_page_error(asked, facts.error());
  const auto answer = backend_.similar(
      {.path = *path, .limit = std::min<std::size_t>(kCopies, limits_.results), .copies = true});
  return answer ? reply(kHtmlType, web::copies_page(asked, *answer)) : page_error(asked, answer.error());
}

Response Routes::operator()(const Request& request) const {
  const auto target = parse_target(request.target);
  if (!target) return error_response(target.error());
  const std::string& path = target->path;
  if (backend_.alerts && AlertRoutes::are_at(path)) return backend_.alerts(request, *target);
  constexpr std::array<std::string_view, 9> kPaths = {"/v1/search",  "/v1/document", "/v1/similar",
                                                      "/v1/suggest", "/v1/status",   "/healthz",
                                                      "/",           "/report",      "/copies"};
  const web::Asset* asset = web::asset(path);
  if (!asset && std::find(kPaths.begin(), kPaths.end(), path) == kPaths.end())
    return error_response(
        404, "not_found", "there is nothing at " + path,
        "there are /v1/search, /v1/similar, /v1/suggest, /v1/document, /v1/status, /v1/alerts and /v1/live");
  if (request.method != "GET" && !request.is_head()) {
    Response r = error_response(405, "method_not_allowed", request.method + " is not taken here", "use GET");
    r.headers.emplace_back("Allow", "GET, HEAD");
    return r;
  }
  if (!request.body.empty())
    return error_response(Refusal{413, "no body is taken here", "put the parameters into the address"});
  if (path == "/v1/search") return search(request, *target);
  if (path == "/v1/document") return document(*target);
  if (path == "/v1/similar") return similar(*target);
  if (path == "/v1/suggest") return suggest(*target);
  if (path == "/v1/status") return status(*target);
  if (path == "/report") return report(*target);
  if (path == "/copies") return copies(*target);
  if (asset) return reply(asset->type, std::string(asset->bytes));
  if (path == "/healthz") return reply("text/plain; charset=utf-8", "ok\n");
  return page(*target);
}

}  // namespace tidings::searcher
