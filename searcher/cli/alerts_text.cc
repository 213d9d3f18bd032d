// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/cli/alerts_text.h"

#include <algorithm>
#include <cstdio>
#include <system_error>

#include "loop/socket.h"
#include "searcher/alerts/json.h"
#include "searcher/alerts/resume.h"
#include "searcher/present/json.h"

namespace tidings::searcher {
namespace {

constexpr std::int64_t kMsPerSecond = 1000;

std::string time_of(std::int64_t ms) {
  return iso_of(ms / kMsPerSecond);
}

std::string reports(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " report" : " reports");
}

}  // namespace

std::string alert_line(const alerts::Alert& alert, const alerts::Store::Count& count) {
  std::string line = alert.name + "  " + printable_line(alert.query) + "  (" + reports(count.firings);
  if (count.firings > 0) line += ", last " + time_of(count.last_ms);
  line += ")";
  if (!alert.error.empty()) line += "  cannot fire: " + printable_line(alert.error);
  return line + "\n";
}

std::string alert_text(const alerts::Alert& alert, const alerts::Store::Count& count) {
  std::string text = "alert    " + alert.name + "\nquery    " + printable_line(alert.query) + "\n";
  if (!alert.corpus.empty()) text += "corpus   " + printable_line(alert.corpus) + "\n";
  text += std::string("fires    for what arrives, and what is changed so that it comes to match") +
          (alert.on_change ? "; for each change of what matches, too\n" : "\n");
  text += "since    " + time_of(alert.created_ms) + "\n";
  text += "log      " + reports(count.firings) +
          (count.firings > 0 ? ", last " + time_of(count.last_ms) : "") + "\n";
  if (!alert.error.empty())
    text += "error    " + printable_line(alert.error) + ": it fires for nothing until this is mended\n";
  return text;
}

std::string firing_text(const alerts::Firing& firing, const std::string& format, std::size_t number) {
  if (format == "ndjson") return print(alerts::to_json(firing)) + "\n";
  std::string head = firing.alert_name + "  " + time_of(firing.pushed_ms);
  if (firing.history) head += "  history";
  if (firing.is_copy) head += "  near-copy of one that fired before";
  if (!firing.compared) head += "  changed; whether it matched before could not be told";
  return head + "\n" + hit_text(firing.hit, number, style_of_stdout());
}

Result<std::int64_t> sequence_after(alerts::Store& store, const std::string& cursor) {
  if (cursor.empty()) return 0;
  const auto resume = alerts::resume_after(store, cursor);
  if (!resume) return tl::unexpected(resume.error());
  if (!resume->notice.empty()) std::fprintf(stderr, "tidings: %s\n", resume->notice.c_str());
  return resume->after;
}

bool server_runs(const Context& context) {
  constexpr int kWaitMs = 100;
  try {
    return static_cast<bool>(loop::connect_unix(config::api_socket(context.config).string(), kWaitMs));
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace tidings::searcher
