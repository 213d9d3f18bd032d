// SPDX-License-Identifier: GPL-2.0-or-later
// tidings: answers questions about the reports that tidingsd keeps the index of.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <functional>
#include <map>

#include "config/check.h"
#include "searcher/cli/alerts.h"
#include "searcher/cli/backup.h"
#include "searcher/cli/daemon.h"
#include "searcher/cli/search.h"
#include "searcher/cli/serve.h"
#include "searcher/cli/similar.h"
#include "searcher/cli/upkeep.h"
#include "searcher/cli/verify.h"
#include "searcher/cli/watch.h"
#include "searcher/match/facets.h"
#include "searcher/match/search.h"
#include "searcher/match/suggest.h"
#include "searcher/match/timeline.h"

namespace {

using namespace tidings::searcher;

struct Arguments {
  std::string config, index;
  std::vector<std::string> words;
  SearchArguments search;
  WatchArguments watch;
  AlertArguments alert;
  std::string file, format = "text", sort = "best", facets, timeline;
  SuggestRequest suggest;
  std::size_t number = 0;
  int timeout_s = 0;
  bool repair = false;
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

constexpr auto kMostHits = static_cast<int>(Searcher::kMostOffset);  ///< to ask for or to pass over

using Command = std::function<int(const Context&)>;

void add_search(CLI::App& app, Arguments& a, Command& run) {
  auto* search = app.add_subcommand("search", "find reports, best first");
  search->add_option("query", a.words,
                     "words, \"exact words\", -word, OR, ( ), strik*, coventri~, NEAR/5, title: path: type: "
                     "date: size:; after `--` where it begins with '-'");
  search->add_option("-n", a.search.request.limit, "hits wanted (10)")->check(CLI::Range(0, kMostHits));
  search->add_option("--offset", a.search.request.offset, "hits to pass over")
      ->check(CLI::Range(0, kMostHits));
  search->add_option("--sort", a.sort, "best, relevance, newest or oldest")
      ->check(CLI::IsMember({"best", "relevance", "newest", "oldest"}));
  search->add_option("--format", a.search.format, "text, json, ndjson, paths or trec")
      ->check(CLI::IsMember({"text", "json", "ndjson", "paths", "trec"}));
  search->add_option("--facets", a.facets,
                     "count all matches by: source, folder, type, language, month; with commas between them");
  search->add_option("--timeline", a.timeline, "count all matches by day, week or month")
      ->check(CLI::IsMember({"day", "week", "month"}));
  search->add_flag("--explain", a.search.request.explain, "each score as a sum");
  search->add_flag("-0", a.search.nul, "with --format paths: end each with NUL");
  search->add_flag("--plain", a.search.request.plain,
                   "a bag of words: no operators, any word, by score alone");
  search->add_flag("--partial", a.search.partial,
                   "fill the page with reports that have some of the words, in every format");
  search->add_flag("--no-collapse", a.search.no_collapse, "show near-copies of a hit, too");
  search->add_option("--queries", a.search.queries_file,
                     "run many: qid TAB query a line, with --format trec");
  search->callback([&] {
    run = [&](const Context& context) {
      static const std::map<std::string, Sort> kSorts{{"best", Sort::Best},
                                                      {"relevance", Sort::Relevance},
                                                      {"newest", Sort::Newest},
                                                      {"oldest", Sort::Oldest}};
      a.search.request.sort = kSorts.at(a.sort);
      a.search.request.text = joined(a.words);
      a.search.request.timeline = period_named(a.timeline);
      if (!a.facets.empty()) {
        auto facets = facets_named(a.facets);
        if (!facets) return tell(facets.error());
        a.search.request.facets = std::move(*facets);
      }
      return run_search(context, a.search);
    };
  });
}

void add_ways_on(CLI::App& app, Arguments& a, Command& run) {
  auto* similar = app.add_subcommand("similar", "reports like this one");
  similar->add_option("file", a.file, "its path, or corpus:path")->required();
  similar->add_option("-n", a.search.request.limit, "hits wanted (10)")->check(CLI::Range(0, kMostHits));
  similar->add_option("--offset", a.search.request.offset, "hits to pass over")
      ->check(CLI::Range(0, kMostHits));
  similar->add_option("--format", a.search.format, "text, json, ndjson or paths")
      ->check(CLI::IsMember({"text", "json", "ndjson", "paths"}));
  similar->add_flag("--explain", a.search.request.explain, "each score as a sum");
  similar->add_flag("--copies", a.search.copies,
                    "its near-copies alone, with how much of their texts they have in common");
  similar->callback(
      [&] { run = [&](const Context& context) { return run_similar(context, a.file, a.search); }; });
  auto* suggest = app.add_subcommand("suggest", "words and titles that begin so");
  suggest->add_option("text", a.words, "as far as it is typed; its last word is completed")->required();
  suggest->add_option("-n", a.suggest.words, "words wanted (10)")
      ->check(CLI::Range(0, static_cast<int>(kMostSuggestions)));
  suggest->add_option("--format", a.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  suggest->callback([&] {
    run = [&](const Context& context) {
      a.suggest.text = joined(a.words);
      return run_suggest(context, a.suggest, a.format);
    };
  });
  auto* open = app.add_subcommand("open", "open a hit of the last search");
  open->add_option("number", a.number, "the number that stands before it")->required();
  open->callback([&] { run = [&](const Context&) { return run_open(a.number); }; });
}

void add_others(CLI::App& app, Arguments& a, Command& run) {
  const CLI::IsMember text_or_json({"text", "json"});
  auto* watch = app.add_subcommand("watch", "print reports that come to match, as they arrive");
  auto* query = watch->add_option("query", a.words, "as for search; all words are required");
  auto* alert =
      watch->add_option("--alert", a.alert.name, "the log of an alert, instead of a query")->excludes(query);
  watch->add_option("--since", a.watch.since, "a cursor: begin after it");
  watch->add_option("--format", a.watch.format, "text or ndjson")->check(CLI::IsMember({"text", "ndjson"}));
  watch->add_flag("--partial", a.watch.partial, "reports with some of the words, too")->excludes(alert);
  watch->callback([&] {
    if (a.alert.name.empty() && a.words.empty())
      throw CLI::ValidationError("watch", "a query is needed, or --alert NAME");
    run = [&](const Context& context) {
      a.alert.since = a.watch.since;
      a.alert.format = a.watch.format;
      if (!a.alert.name.empty()) return run_watch_alert(context, a.alert);
      a.watch.query = joined(a.words);
      return run_watch(context, a.watch);
    };
  });
  auto* show = app.add_subcommand("show", "one report as it was read");
  show->add_option("file", a.file, "its path, or corpus:path")->required();
  show->add_option("--format", a.format, "text or json")->check(text_or_json);
  show->callback([&] { run = [&](const Context& context) { return run_show(context, a.file, a.format); }; });
  auto* status = app.add_subcommand("status", "how the index and its daemon are");
  status->add_option("--format", a.format, "text or json")->check(text_or_json);
  status->callback([&] { run = [&](const Context& context) { return run_status(context, a.format); }; });
  auto* sync = app.add_subcommand("sync", "wait until all that is on disk now can be found");
  sync->add_option("--timeout", a.timeout_s, "seconds; 0: as long as it takes")
      ->check(CLI::Range(0, 1'000'000));
  sync->callback([&] { run = [&](const Context& context) { return run_sync(context, a.timeout_s); }; });
  auto* verify = app.add_subcommand(
      "verify", "compare the index with what is on disk, and its files with their checksums");
  verify->add_flag(
      "--repair", a.repair,
      "read again what is damaged or differs, by the daemon or by a tidingsd that is run for it");
  verify->callback([&] {
    run = [&](const Context& context) { return a.repair ? run_repair(context) : run_verify(context); };
  });
  auto* purge = app.add_subcommand("purge", "what was removed from the index leaves the disk, at once");
  purge->callback([&] { run = [](const Context& context) { return run_purge(context); }; });
  auto* backup = app.add_subcommand("backup", "copy the index as it is now, also while its daemon writes it");
  backup->add_option("folder", a.file, "where to: a folder that is empty or not there yet")->required();
  backup->callback([&] { run = [&](const Context& context) { return run_backup(context, a.file); }; });
  auto* why =
      app.add_subcommand("why", "what became of one file: in the index, ignored by which rule, cut, failed");
  why->add_option("file", a.file, "its path")->required();
  why->callback([&] { run = [&](const Context& context) { return run_why(context, a.file); }; });
  auto* serve = app.add_subcommand("serve", "the socket API and the web page");
  serve->callback(
      [&] { run = [](const Context& context) { return run_serve(context.config, context.index); }; });
}

void add_alerts(CLI::App& app, Arguments& a, Command& run) {
  AlertArguments& alert = a.alert;
  const CLI::IsMember text_or_ndjson({"text", "ndjson"});
  auto* alerts = app.add_subcommand("alerts", "queries that are waited for, and the log of what fired")
                     ->require_subcommand(1);
  const auto command = [&run, &alert](CLI::App* to, int (*does)(const Context&, const AlertArguments&)) {
    to->callback([&run, &alert, does] {
      run = [&alert, does](const Context& context) { return does(context, alert); };
    });
  };
  auto* add = alerts->add_subcommand("add", "wait for a query");
  add->add_option("name", alert.name, "letters, digits, - and _")->required();
  add->add_option("query", alert.words, "as for search; all words are required")->required();
  add->add_option("--corpus", alert.corpus, "reports of this corpus alone");
  add->add_flag("--on-change", alert.on_change, "fire for each change of a report that matches, too");
  add->add_option("--backfill", alert.backfill,
                  "begin its log with so many of the newest reports that match now")
      ->check(CLI::Range(0, kMostHits));
  add->callback([&] {
    run = [&](const Context& context) {
      alert.query = joined(alert.words);
      return run_alerts_add(context, alert);
    };
  });
  auto* list = alerts->add_subcommand("list", "all alerts");
  list->add_option("--format", alert.format, "text or ndjson")->check(text_or_ndjson);
  command(list, run_alerts_list);
  auto* show = alerts->add_subcommand("show", "one alert, and what is wrong with it");
  show->add_option("name", alert.name)->required();
  show->add_option("--format", alert.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command(show, run_alerts_show);
  auto* remove = alerts->add_subcommand("remove", "wait no more; its log goes with it");
  remove->add_option("name", alert.name)->required();
  command(remove, run_alerts_remove);
  auto* log = alerts->add_subcommand("log", "what fired, in order");
  log->add_option("name", alert.name, "of this alert alone");
  log->add_option("--since", alert.since, "a cursor: begin after it");
  log->add_option("--format", alert.format, "text or ndjson")->check(text_or_ndjson);
  command(log, run_alerts_log);
  auto* test = alerts->add_subcommand("test", "what it would match now: how many, and the newest");
  test->add_option("name", alert.name)->required();
  command(test, run_alerts_test);
}

/// `tidings config check`: it must work with a configuration that cannot be loaded.
int check_config(const std::string& file) {
  const auto report = tidings::config::check_report(file);
  std::fputs(report.text.c_str(), stdout);
  return report.ok ? kFound : kFailed;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is an end of output, told by write
  CLI::App app("tidings: live full-text search for folders of reports.");
  app.set_version_flag("--version", TIDINGS_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  Arguments arguments;
  Command run;
  app.add_option(
      "--config", arguments.config,
      "the configuration file (default: $XDG_CONFIG_HOME/tidings/tidings.toml, /etc/tidings/tidings.toml)");
  app.add_option("--index", arguments.index, "the index folder");
  add_search(app, arguments, run);
  add_ways_on(app, arguments, run);
  add_others(app, arguments, run);
  add_alerts(app, arguments, run);
  bool checking = false;
  auto* config = app.add_subcommand("config", "the configuration")->require_subcommand(1);
  config->add_subcommand("check", "read it and say what is in force")->callback([&] { checking = true; });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? kFound : kFailed;
  }
  try {
    if (checking) return check_config(arguments.config);
    return run(make_context(arguments.config, arguments.index));
  } catch (const tidings::config::ConfigError& e) {
    for (const auto& problem : e.problems()) std::fprintf(stderr, "%s\n", problem.message().c_str());
  } catch (const std::exception& e) {
    tell({tidings::Error::Code::Io, e.what(), {}});
  }
  return kFailed;
}
