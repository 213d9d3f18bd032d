// SPDX-License-Identifier: GPL-2.0-or-later
// alert_routes.h — the addresses below /v1/alerts, and /v1/live; on a query thread. Errors as error_response.h says.
//
//   GET    /v1/alerts             {"version": 1, "alerts": [ALERT]}
//   POST   /v1/alerts             {"name": s, "query": s, and where wanted "corpus": s, "on_change": bool, "backfill": n}: 201 and the ALERT
//   GET    /v1/alerts/NAME        ALERT
//   DELETE /v1/alerts/NAME        204; its log goes with it
//   GET    /v1/alerts/NAME/log    since=CURSOR, n (100; 1 to limits.results): {"version": 1, "records": [FIRING], "more": bool, "notice": s | null}
//   GET    /v1/alerts/NAME/live   its log as it grows: since=CURSOR, else the header Last-Event-ID, else from now on
//   GET    /v1/firings            the log of all alerts, in the order in which they fired; /v1/firings/live as it grows. Parameters as above
//   GET    /v1/live               q=QUERY: what comes to match, as it arrives; since and Last-Event-ID as above
// ALERT and FIRING: alerts/json.h. The streams are Server-Sent Events, or with `Accept: application/x-ndjson` lines (api/live.h).
//
// One a thread.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "config/config.h"
#include "searcher/alerts/store.h"
#include "searcher/api/http_codec.h"
#include "searcher/api/live.h"
#include "searcher/api/target.h"
#include "searcher/match/search.h"

namespace tidings::searcher {

class AlertRoutes {
 public:
  /// Has a client listen; on the loop thread.
  using Listen = std::function<void(const Live::Request&, const std::shared_ptr<Outlet>&)>;

  AlertRoutes(std::filesystem::path state_folder, std::filesystem::path index_folder, config::Limits limits,
              std::shared_ptr<Searcher> searcher, Listen listen)
      : state_folder_(std::move(state_folder)),
        index_folder_(std::move(index_folder)),
        limits_(limits),
        searcher_(std::move(searcher)),
        listen_(std::move(listen)) {}

  static bool are_at(std::string_view path);

  Response operator()(const Request& request, const Target& target);

 private:
  Result<Response> answer(const Request& request, const Target& target);
  Result<Response> list();
  Result<Response> add(const std::string& body);
  Result<Response> of_alert(const Request& request, const Target& target, const std::string& name,
                            const std::string& what);
  // Of an alert, or of all of them where there is none.
  Result<Response> log(const Target& target, const alerts::Alert* alert);
  Result<Response> live_log(const Request& request, const Target& target, const alerts::Alert* alert);
  Result<Response> live_query(const Request& request, const Target& target);
  Response stream(Live::Request asked) const;

  const std::filesystem::path state_folder_, index_folder_;
  const config::Limits limits_;
  const std::shared_ptr<Searcher> searcher_;
  const Listen listen_;
  std::optional<alerts::Store> store_;  // opened when it is first asked for
};

}  // namespace tidings::searcher
