// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/alert_routes.h"

#include <algorithm>

#include "searcher/alerts/add.h"
#include "searcher/alerts/json.h"
#include "searcher/alerts/resume.h"
#include "searcher/api/error_response.h"
#include "searcher/api/parameters.h"
#include "searcher/present/json.h"

namespace tidings::searcher {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kAlerts = "/v1/alerts", kLive = "/v1/live", kFirings = "/v1/firings";
constexpr std::size_t kLogPage = 100;  ///< records, where `n` says nothing else

Response json_reply(const Json& json, unsigned status = 200) {
  Response r;
  r.status = status;
  r.content_type = kJsonType;
  r.body = print(json) + "\n";
  return r;
}

Response not_taken(const std::string& method, const char* allowed) {
  Response r =
      error_response(405, "method_not_allowed", method + " is not taken here", std::string("use ") + allowed);
  r.headers.emplace_back("Allow", allowed);
  return r;
}

bool reads(const Request& request) {
  return request.method == "GET" || request.is_head();
}

/// What the client has received before: `since`, or as browsers say it.
std::string since_of(const Request& request, const Target& target) {
  const std::string* since = target.find("since");
  return since ? *since : request.last_event_id;
}

struct NewAlert {
  alerts::Alert alert;
  std::size_t backfill = 0;
};

/// From the body of a POST.
Result<NewAlert> new_alert(const std::string& body, const config::Limits& limits) {
  constexpr const char* kHint =
      R"(send {"name": "strikes", "query": "coventry strike"}; "corpus", "on_change" and "backfill" may be there too)";
  const auto json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return bad("the body is no JSON object", kHint);
  NewAlert made;
  for (const auto& [key, value] : json.items()) {
    if (key == "name" && value.is_string())
      made.alert.name = value.get<std::string>();
    else if (key == "query" && value.is_string())
      made.alert.query = value.get<std::string>();
    else if (key == "corpus" && value.is_string())
      made.alert.corpus = value.get<std::string>();
    else if (key == "on_change" && value.is_boolean())
      made.alert.on_change = value.get<bool>();
    else if (key == "backfill" && value.is_number_unsigned() && value.get<std::size_t>() <= limits.results)
      made.backfill = value.get<std::size_t>();
    else
      return bad("`" + key + "` is not known, or not of its kind", kHint);
  }
  return made;
}

}  // namespace

bool AlertRoutes::are_at(std::string_view path) {
  return path == kAlerts || path == kLive || path == kFirings || path == "/v1/firings/live" ||
         (path.starts_with(kAlerts) && path.substr(kAlerts.size()).starts_with('/'));
}

Response AlertRoutes::operator()(const Request& request, const Target& target) {
  auto answered = answer(request, target);
  return answered ? std::move(*answered) : error_response(answered.error());
}

Result<Response> AlertRoutes::answer(const Request& request, const Target& target) {
  if (!store_) {
    auto opened = alerts::Store::open(state_folder_);
    if (!opened) return tl::unexpected(opened.error());
    store_ = std::move(*opened);
  }
  if (target.path == kLive) return live_query(request, target);
  if (target.path.starts_with(kFirings)) {
    if (!reads(request)) return not_taken(request.method, "GET, HEAD");
    return target.path == kFirings ? log(target, nullptr) : live_log(request, target, nullptr);
  }
  if (target.path != kAlerts) {
    const std::string rest = target.path.substr(kAlerts.size() + 1);
    const auto slash = std::min(rest.find('/'), rest.size());
    return of_alert(request, target, rest.substr(0, slash), rest.substr(slash));
  }
  if (auto names = check_names(target, {}); !names) return tl::unexpected(names.error());
  if (request.method == "POST") return add(request.body);
  if (!reads(request)) return not_taken(request.method, "GET, HEAD, POST");
  return list();
}

Result<Response> AlertRoutes::list() {
  const auto all = store_->alerts();
  if (!all) return tl::unexpected(all.error());
  Json json{{"version", kJsonVersion}, {"alerts", Json::array()}};
  for (const auto& alert : *all) {
    const auto count = store_->count(alert.id);
    if (!count) return tl::unexpected(count.error());
    json["alerts"].push_back(alerts::to_json(alert, *count));
  }
  return json_reply(json);
}

Result<Response> AlertRoutes::add(const std::string& body) {
  auto asked = new_alert(body, limits_);
  if (!asked) return tl::unexpected(asked.error());
  const auto added = alerts::add_alert(*store_, *searcher_, limits_, index_folder_, std::move(asked->alert),
                                       asked->backfill);
  if (!added) return tl::unexpected(added.error());
  const auto count = store_->count(added->id);
  if (!count) return tl::unexpected(count.error());
  Response r = json_reply(alerts::to_json(*added, *count), 201);
  r.headers.emplace_back("Location", std::string(kAlerts) + "/" + added->name);
  return r;
}

Result<Response> AlertRoutes::of_alert(const Request& request, const Target& target, const std::string& name,
                                       const std::string& what) {
  if (what.empty() && request.method == "DELETE") {
    if (auto names = check_names(target, {}); !names) return tl::unexpected(names.error());
    if (const auto removed = store_->remove(name); !removed) return tl::unexpected(removed.error());
    Response r;
    r.status = 204;
    return r;
  }
  if (!reads(request)) return not_taken(request.method, what.empty() ? "GET, HEAD, DELETE" : "GET, HEAD");
  const auto alert = store_->alert(name);
  if (!alert) return tl::unexpected(alert.error());
  if (what == "/log") return log(target, &*alert);
  if (what == "/live") return live_log(request, target, &*alert);
  if (!what.empty())
    return failure(Error::Code::NotFound, "there is nothing at " + target.path,
                   "an alert has /log and /live");
  if (auto names = check_names(target, {}); !names) return tl::unexpected(names.error());
  const auto count = store_->count(alert->id);
  if (!count) return tl::unexpected(count.error());
  return json_reply(alerts::to_json(*alert, *count));
}

Result<Response> AlertRoutes::log(const Target& target, const alerts::Alert* alert) {
  if (auto names = check_names(target, {"since", "n"}); !names) return tl::unexpected(names.error());
  const auto most = number(target, "n", std::min<std::size_t>(kLogPage, limits_.results), 1, limits_.results);
  if (!most) return tl::unexpected(most.error());
  alerts::Resume resume;
  if (const std::string* since = target.find("since")) {
    auto after = alerts::resume_after(*store_, *since);
    if (!after) return tl::unexpected(after.error());
    resume = std::move(*after);
  }
  alerts::Store::Range range{.after = resume.after, .most = *most + 1};
  if (alert) range.alert = alert->id;
  const auto firings = store_->log(range);
  if (!firings) return tl::unexpected(firings.error());
  Json json{{"version", kJsonVersion},
            {"records", Json::array()},
            {"more", firings->size() > *most},
            {"notice", nullptr}};
  if (!resume.notice.empty()) json["notice"] = resume.notice;
  for (std::size_t i = 0; i < std::min(*most, firings->size()); ++i)
    json["records"].push_back(alerts::to_json((*firings)[i]));
  return json_reply(json);
}

Result<Response> AlertRoutes::live_log(const Request& request, const Target& target,
                                       const alerts::Alert* alert) {
  if (auto names = check_names(target, {"since"}); !names) return tl::unexpected(names.error());
  Live::Request asked{.events = request.accept.find("application/x-ndjson") == std::string::npos,
                      .name = alert ? alert->name : "all alerts",
                      .log = true};
  if (alert) asked.alert = alert->id;
  const std::string since = since_of(request, target);
  if (since.empty()) {
    const auto last = store_->last_sequence();
    if (!last) return tl::unexpected(last.error());
    asked.after = *last;
  } else {
    auto resume = alerts::resume_after(*store_, since);
    if (!resume) return tl::unexpected(resume.error());
    asked.after = resume->after;
    asked.notice = std::move(resume->notice);
  }
  return stream(std::move(asked));
}

Result<Response> AlertRoutes::live_query(const Request& request, const Target& target) {
  if (!reads(request)) return not_taken(request.method, "GET, HEAD");
  if (auto names = check_names(target, {"q", "since"}); !names) return tl::unexpected(names.error());
  const std::string* q = target.find("q");
  if (!q) return bad("the parameter `q`, the query, is missing", "/v1/live?q=coventry+strike");
  const auto facts = searcher_->facts();
  if (!facts && facts.error().code == Error::Code::NotFound)
    return unavailable_response("no_index", facts.error().what, facts.error().hint);
  if (!facts) return tl::unexpected(facts.error());
  SearchRequest trial;
  trial.text = *q;
  trial.limit = 0;
  if (const auto answer = searcher_->search(trial); !answer) return tl::unexpected(answer.error());
  Live::Request asked{.events = request.accept.find("application/x-ndjson") == std::string::npos,
                      .name = "a query",
                      .query = *q,
                      .from = {facts->identity, facts->generation + 1, {}}};
  if (const std::string since = since_of(request, target); !since.empty()) {
    auto position = alerts::position_after(since);
    if (!position) return tl::unexpected(position.error());
    asked.from = std::move(*position);
  }
  return stream(std::move(asked));
}

Response AlertRoutes::stream(Live::Request asked) const {
  Response r;
  r.content_type = asked.events ? "text/event-stream; charset=utf-8" : "application/x-ndjson; charset=utf-8";
  r.stream = [listen = listen_, asked = std::move(asked)](const std::shared_ptr<Outlet>& outlet) {
    listen(asked, outlet);
  };
  return r;
}

}  // namespace tidings::searcher
