// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/inotify.h>

#include <csignal>
#include <cstdio>
#include <cstring>

#include "loop/inotify.h"
#include "loop/loop.h"
#include "loop/signals.h"
#include "searcher/cli/alerts.h"
#include "searcher/cli/alerts_text.h"

namespace tidings::searcher {
namespace {

class LogFollower {
 public:
  LogFollower(alerts::Store store, std::int64_t alert, const AlertArguments& arguments)
      : store_(std::move(store)), arguments_(arguments), range_{.alert = alert} {}

  Result<void> begin() {
    const auto after =
        arguments_.since.empty() ? store_.last_sequence() : sequence_after(store_, arguments_.since);
    if (!after) return tl::unexpected(after.error());
    range_.after = *after;
    return {};
  }

  /// Tells what was logged since; false when nobody reads any more.
  Result<bool> follow() {
    while (true) {
      const auto page = store_.log(range_);
      if (!page) return tl::unexpected(page.error());
      for (const auto& firing : *page) {
        ++told_;
        if (!put(firing_text(firing, arguments_.format, told_))) return false;
        range_.after = firing.sequence;
      }
      if (page->size() == range_.most) continue;
      const auto alert = store_.alert(arguments_.name);
      if (!alert) return tl::unexpected(alert.error());
      if (alert->id != range_.alert)
        return failure(Error::Code::NotFound, "the alert " + arguments_.name + " was removed, and made anew",
                       "watch it again");
      return true;
    }
  }

 private:
  alerts::Store store_;
  const AlertArguments& arguments_;
  alerts::Store::Range range_;
  std::size_t told_ = 0;
};

}  // namespace

int run_watch_alert(const Context& context, const AlertArguments& arguments) {
  const auto folder = config::state_folder(context.config);
  auto store = alerts::Store::open(folder);
  if (!store) return tell(store.error());
  const auto alert = store->alert(arguments.name);
  if (!alert) return tell(alert.error());
  LogFollower follower(std::move(*store), alert->id, arguments);
  int exit_code = kFound;
  loop::Loop loop;
  const auto step = [&] {
    auto more = follower.follow();
    if (!more) exit_code = tell(more.error());
    if (!more || !*more) loop.stop();
  };
  loop::Inotify inotify(loop, [&](const std::vector<loop::FsEvent>&) { step(); });
  // The store is touched when something was committed to it.
  if (const int rc = inotify.add(folder.c_str(), IN_ATTRIB | IN_ONLYDIR); rc < 0)
    return tell({Error::Code::Io, folder.string() + ": cannot be watched: " + std::strerror(-rc), {}});
  if (auto begun = follower.begin(); !begun) return tell(begun.error());
  loop::Signals signals(loop, {SIGINT, SIGTERM}, [&](int) { loop.stop(); });
  if (!server_runs(context))
    std::fprintf(stderr, "tidings: no server is running: alerts fire when `tidings serve` does\n");
  step();
  if (exit_code == kFound) loop.run();
  return exit_code;
}

}  // namespace tidings::searcher
