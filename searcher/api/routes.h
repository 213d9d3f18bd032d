// SPDX-License-Identifier: GPL-2.0-or-later
// routes.h — the addresses that are answered, on a query thread. GET and HEAD alone, but for alerts; errors as error_response.h says.
//
//   /v1/search    q; n (10; 1 to limits.results), offset (0; to kMaxOffset), sort=best|relevance|newest|oldest, plain=0|1,
//                 partial=0|1 (1: places left go to reports that have most of the words), collapse=0|1 (1: one of near-copies),
//                 facets=source,folder,type,language,month (any of them), timeline=day|week|month, explain=0|1,
//                 suggest=0|1 (1: where little is found, what may have been meant), after=GENERATION (only reports that came
//                 or changed since). SEARCH of present/json.h, with an ETag by generation and day: If-None-Match is answered
//                 by 304 without searching.
//   /v1/similar   path, as for a document; n, offset, explain as above. SIMILAR of present/json.h
//   /v1/suggest   q, as far as it is typed; n (10; to kMostSuggestions). SUGGEST of present/json.h
//   /v1/document  path=ABSOLUTE, or CORPUS:PATH; q, whose words are marked. DOCUMENT of present/json.h
//   /v1/status    STATUS, as `tidings status --format json` prints it; without an index "index" is null, and "index_error"
//                 says why
//   /v1/alerts…, /v1/firings…, /v1/live   alert_routes.h
//   /healthz      "ok": the server answers; whether there is an index is /v1/status'
//   /  /report  /copies   the pages, see web/page.h: q, sort, offset; path; and what they load, web/assets.h
// A parameter that is not known, given twice or without sense is an error under /v1/: a misspelt one must not be taken for none.
// Without an index every address but / (the empty form), /v1/status, /healthz and what the pages load answers 503 and how to make
// one; each request looks again.
//
// Backend is what stands behind: functions, so that all this is tested without an index. One Routes a thread.
#pragma once
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "config/config.h"
#include "index/snapshot.h"
#include "searcher/api/http_codec.h"
#include "searcher/api/target.h"
#include "searcher/match/answer.h"
#include "searcher/match/search.h"
#include "searcher/web/page.h"

namespace tidings::searcher {

struct Backend {
  std::function<Result<Answer>(const SearchRequest&)> search;
  std::function<Result<DocumentAnswer>(const std::string& path, const std::optional<std::string>& query)>
      document;
  std::function<Result<IndexFacts>()> facts;
  /// Both ask on the socket of that path; "" if the index is not there to name one.
  std::function<Result<nlohmann::json>(const std::string& control_socket)> daemon_status;
  std::function<std::optional<std::uint64_t>(const std::string& control_socket)> pending;
  std::function<Result<Answer>(const SimilarRequest&)> similar;
  std::function<Result<SuggestAnswer>(const SuggestRequest&)> suggest;
  /// What alert_routes.h answers.
  std::function<Response(const Request&, const Target&)> alerts = nullptr;
};

class Routes {
 public:
  static constexpr std::size_t kMaxOffset = Searcher::kMostOffset;

  Routes(Backend backend, config::Limits limits) : backend_(std::move(backend)), limits_(limits) {}

  Response operator()(const Request& request) const;

 private:
  Response search(const Request& request, const Target& target) const;
  Response document(const Target& target) const;
  Response similar(const Target& target) const;
  Response suggest(const Target& target) const;
  Response status(const Target& target) const;
  Response page(const Target& target) const;
  Response report(const Target& target) const;
  Response copies(const Target& target) const;

  web::Asked asked_of(const Target& target) const;
  Result<Answer> run(const SearchRequest& request, const IndexFacts& facts) const;

  Backend backend_;
  config::Limits limits_;
};

}  // namespace tidings::searcher
