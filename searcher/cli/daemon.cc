// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/cli/daemon.h"

#include <unistd.h>

#include <cstdio>
#include <future>

#include "loop/terminal_line.h"
#include "searcher/present/json.h"
#include "searcher/present/text.h"

namespace tidings::searcher {
namespace {

constexpr std::chrono::milliseconds kStatusWait{1000};
constexpr std::chrono::milliseconds kProgressAfter{1000}, kProgressEvery{250};

/// What the daemon is about while a sync waits for it.
std::string waiting_text(const Result<nlohmann::json>& daemon) {
  if (!daemon) return "waiting for tidingsd to answer";
  const std::string progress = progress_text(*daemon);
  return progress.empty() ? std::to_string(daemon->value("pending", 0ULL)) + " changes pending" : progress;
}

std::string status_text(const IndexFacts& facts, const std::filesystem::path& index,
                        const Result<nlohmann::json>& daemon) {
  std::string out = "index     " + printable_path(index.string()) + "\n";
  out += "reports   " + std::to_string(facts.documents) + ", generation " + std::to_string(facts.generation) +
         "\n";
  if (!daemon) {
    out += "daemon    " + daemon.error().what + "\n";
    for (const auto& corpus : facts.corpora)
      out += "corpus    " + corpus.name + "  not watched  " + printable_path(corpus.root) + "\n";
    return out;
  }
  const nlohmann::json& d = *daemon;
  out += "daemon    pid " + std::to_string(d.value("pid", 0)) + ", " + d.value("state", "?") + ", " +
         std::to_string(d.value("pending", 0ULL)) + " changes pending, " +
         std::to_string(d.value("watches", 0ULL)) + " folders watched\n";
  if (const std::string progress = progress_text(d); !progress.empty())
    out += "progress  " + printable_path(progress) + "\n";
  if (const auto overflows = d.value("overflows", 0ULL); overflows > 0)
    out += "          events were lost " + std::to_string(overflows) + " times, and made good by a crawl\n";
  const auto quarantined = d.value("quarantined", 0ULL), kept = d.value("quarantine_bytes", 0ULL);
  if (quarantined > 0 || kept > 0)
    out += "damaged   " + std::to_string(quarantined) +
           " segments were taken out since the start, and read again; kept of such in " +
           printable_path((index / "quarantine").string()) + ": " + std::to_string(kept) + " bytes\n";
  if (d.contains("error") && d["error"].is_string())
    out += "error     " + d["error"].get<std::string>() + "\n";
  for (const auto& corpus : d.value("corpora", nlohmann::json::array())) {
    out += "corpus    " + corpus.value("name", "") + "  " + corpus.value("state", "") + "  " +
           printable_path(corpus.value("path", "")) + "\n";
    if (const std::string reason = corpus.value("reason", ""); !reason.empty())
      out += "          " + printable_path(reason) + "\n";
    for (const auto& subtree : corpus.value("polled", nlohmann::json::array()))
      out += "          " + printable_path(subtree.value("path", "")) + ": " +
             printable_path(subtree.value("reason", "")) + "\n";
    if (const auto more = corpus.value("polled_more", 0ULL); more > 0)
      out += "          and " + std::to_string(more) + " more\n";
  }
  return out;
}

}  // namespace

nlohmann::ordered_json status_json(const IndexFacts& facts, const Result<nlohmann::json>& daemon) {
  nlohmann::ordered_json corpora = nlohmann::ordered_json::array();
  for (const auto& corpus : facts.corpora) corpora.push_back({{"name", corpus.name}, {"path", corpus.root}});
  nlohmann::ordered_json json{{"version", kJsonVersion},
                              {"index",
                               {{"identity", facts.identity},
                                {"generation", facts.generation},
                                {"as_of_ms", facts.committed_ms},
                                {"documents", facts.documents},
                                {"languages", facts.languages},
                                {"corpora", corpora}}},
                              {"daemon", nullptr}};
  if (daemon)
    json["daemon"] = *daemon;
  else
    json["daemon_error"] = daemon.error().what;
  return json;
}

int run_status(const Context& context, const std::string& format) {
  Reader reader(context.index);
  auto facts = reader.facts();
  if (!facts) return tell(context, facts.error());
  const auto daemon = context.daemon().status(kStatusWait);
  put(format == "json" ? print(status_json(*facts, daemon), 2) + "\n"
                       : status_text(*facts, context.index, daemon));
  return kFound;
}

int run_sync(const Context& context, int timeout_s) {
  const DaemonClient daemon = context.daemon();
  auto answering =
      std::async(std::launch::async, [&] { return daemon.sync(std::chrono::seconds(timeout_s)); });
  {
    loop::TerminalLine line(STDERR_FILENO);
    auto wait = kProgressAfter;
    while (line.on_terminal() && answering.wait_for(wait) != std::future_status::ready) {
      line.show(printable_path(waiting_text(daemon.status(kProgressEvery))));
      wait = kProgressEvery;
    }
    answering.wait();
  }
  auto answer = answering.get();
  if (!answer) return tell(answer.error());
  put("generation " + std::to_string(answer->value("generation", 0ULL)) + "\n");
  return kFound;
}

}  // namespace tidings::searcher
