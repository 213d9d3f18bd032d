// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/cli/alerts.h"

#include <cstdio>
#include <memory>

#include "searcher/alerts/add.h"
#include "searcher/alerts/json.h"
#include "searcher/cli/alerts_text.h"
#include "searcher/present/json.h"

namespace tidings::searcher {
namespace {

using alerts::Alert;
using alerts::Store;

constexpr std::size_t kPage = 1000;  ///< records read at a time

Result<Store> open_store(const Context& context) {
  return Store::open(config::state_folder(context.config));
}

}  // namespace

int run_alerts_add(const Context& context, const AlertArguments& arguments) {
  auto store = open_store(context);
  if (!store) return tell(store.error());
  Searcher searcher(context.index, context.config.limits, context.synonyms());
  Alert alert;
  alert.name = arguments.name;
  alert.query = arguments.query;
  alert.corpus = arguments.corpus;
  alert.on_change = arguments.on_change;
  const auto added = alerts::add_alert(*store, searcher, context.config.limits, context.index,
                                       std::move(alert), arguments.backfill);
  if (!added) return tell(context, added.error());
  const auto count = store->count(added->id);
  if (!count) return tell(count.error());
  put("added " + added->name +
      (count->firings > 0 ? ", with " + std::to_string(count->firings) + " reports as its history\n" : "\n"));
  if (!server_runs(context))
    std::fprintf(stderr, "tidings: no server is running: alerts fire when `tidings serve` does\n");
  return kFound;
}

int run_alerts_list(const Context& context, const AlertArguments& arguments) {
  auto store = open_store(context);
  if (!store) return tell(store.error());
  const auto all = store->alerts();
  if (!all) return tell(all.error());
  for (const Alert& alert : *all) {
    const auto count = store->count(alert.id);
    if (!count) return tell(count.error());
    if (!put(arguments.format == "ndjson" ? print(alerts::to_json(alert, *count)) + "\n"
                                          : alert_line(alert, *count)))
      return kFound;
  }
  return all->empty() ? kNothing : kFound;
}

int run_alerts_show(const Context& context, const AlertArguments& arguments) {
  auto store = open_store(context);
  if (!store) return tell(store.error());
  const auto alert = store->alert(arguments.name);
  if (!alert) return tell(alert.error());
  const auto count = store->count(alert->id);
  if (!count) return tell(count.error());
  put(arguments.format == "json" ? print(alerts::to_json(*alert, *count), 2) + "\n"
                                 : alert_text(*alert, *count));
  return kFound;
}

int run_alerts_remove(const Context& context, const AlertArguments& arguments) {
  auto store = open_store(context);
  if (!store) return tell(store.error());
  const auto records = store->remove(arguments.name);
  if (!records) return tell(records.error());
  put("removed " + arguments.name + " and " + std::to_string(*records) + " records of its log\n");
  return kFound;
}

int run_alerts_log(const Context& context, const AlertArguments& arguments) {
  auto store = open_store(context);
  if (!store) return tell(store.error());
  Store::Range range{.most = kPage};
  if (!arguments.name.empty()) {
    const auto alert = store->alert(arguments.name);
    if (!alert) return tell(alert.error());
    range.alert = alert->id;
  }
  const auto after = sequence_after(*store, arguments.since);
  if (!after) return tell(after.error());
  range.after = *after;
  std::size_t told = 0;
  while (true) {
    const auto page = store->log(range);
    if (!page) return tell(page.error());
    for (const auto& firing : *page) {
      ++told;
      if (!put(firing_text(firing, arguments.format, told))) return kFound;
      range.after = firing.sequence;
    }
    if (page->size() < range.most) return told > 0 ? kFound : kNothing;
  }
}

int run_alerts_test(const Context& context, const AlertArguments& arguments) {
  auto store = open_store(context);
  if (!store) return tell(store.error());
  const auto alert = store->alert(arguments.name);
  if (!alert) return tell(alert.error());
  constexpr std::size_t kShown = 3;
  SearchRequest request;
  request.text = alert->query;
  request.limit = kShown;
  request.sort = Sort::Newest;
  request.fill = false;
  Searcher searcher(context.index, context.config.limits, context.synonyms());
  auto answer = searcher.search(request);
  if (!answer) return tell(context, answer.error());
  answer->pending = pending_now(context);
  const TextStyle style = style_of_stdout();
  put(answer_notes(*answer, style));
  for (std::size_t i = 0; i < answer->hits.size(); ++i)
    if (!put(hit_text(answer->hits[i], i + 1, style))) return kFound;
  return answer->hits.empty() ? kNothing : kFound;
}

}  // namespace tidings::searcher
