// SPDX-License-Identifier: GPL-2.0-or-later
#include "loop/inotify.h"

#include <sys/inotify.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/unit/catch.h"
#include "tests/unit/loop/fresh.h"

using namespace tidings::loop;

namespace {
constexpr std::uint32_t kMask = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE;

struct Seen {
  std::vector<FsEvent> events;
  std::size_t largest_batch = 0;

  Inotify::OnEvents collect() {
    return [this](std::vector<FsEvent> batch) {
      largest_batch = std::max(largest_batch, batch.size());
      events.insert(events.end(), batch.begin(), batch.end());
    };
  }
  std::vector<FsEvent> of(std::uint32_t mask) const {
    std::vector<FsEvent> found;
    for (const auto& e : events)
      if (e.mask & mask) found.push_back(e);
    return found;
  }
};

std::size_t max_queued_events() {
  std::size_t n = 0;
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> n;
  return n;
}
}  // namespace

TEST_CASE("a file closed after writing wakes the loop with its name and watch", "[inotify]") {
  FreshFolder folder;
  Loop loop;
  Seen seen;
  Inotify inotify(loop, [&, collect = seen.collect()](std::vector<FsEvent> batch) {
    collect(std::move(batch));
    if (!seen.of(IN_CLOSE_WRITE).empty()) loop.stop();
  });
  const int wd = inotify.add(folder.path.c_str(), kMask);
  REQUIRE(wd > 0);
  folder.write("a report.txt", "text");
  run_until_stopped(loop);
  const auto closed = seen.of(IN_CLOSE_WRITE);
  REQUIRE(closed.size() == 1);
  CHECK(closed[0].name == "a report.txt");
  CHECK(closed[0].wd == wd);
}

TEST_CASE("drain() hands on all that is queued, without the loop running", "[inotify]") {
  FreshFolder folder;
  Loop loop;
  Seen seen;
  Inotify inotify(loop, seen.collect());
  REQUIRE(inotify.add(folder.path.c_str(), IN_CLOSE_WRITE) > 0);
  constexpr int kFiles = 5000;  // more than a batch
  for (int i = 0; i < kFiles; ++i) folder.write(std::to_string(i), "");
  CHECK(inotify.drain() == kFiles);
  REQUIRE(seen.events.size() == kFiles);
  CHECK(seen.largest_batch == Inotify::kMaxBatch);
  bool in_order = true;
  for (int i = 0; i < kFiles; ++i)
    in_order = in_order && seen.events[static_cast<std::size_t>(i)].name == std::to_string(i);
  CHECK(in_order);
  CHECK(inotify.drain() == 0);
}

TEST_CASE("drain() reads no further than what was queued when it was called", "[inotify]") {
  FreshFolder folder;
  Loop loop;
  int calls = 0;
  Inotify inotify(loop, [&](std::vector<FsEvent>) {
    folder.write("written by the callback " + std::to_string(++calls), "");
    if (calls > 10) throw std::runtime_error("a writer holds the loop for ever");
  });
  REQUIRE(inotify.add(folder.path.c_str(), IN_CLOSE_WRITE) > 0);
  folder.write("first", "");
  CHECK(inotify.drain() == 1);
  CHECK(inotify.drain() == 1);
}

TEST_CASE("a move within a folder gives MOVED_FROM and MOVED_TO one cookie", "[inotify]") {
  FreshFolder folder;
  folder.write("old", "text");
  Loop loop;
  Seen seen;
  Inotify inotify(loop, seen.collect());
  REQUIRE(inotify.add(folder.path.c_str(), kMask) > 0);
  std::filesystem::rename(folder / "old", folder / "new");
  inotify.drain();
  REQUIRE(seen.events.size() == 2);
  CHECK(seen.events[0].mask == IN_MOVED_FROM);
  CHECK(seen.events[0].name == "old");
  CHECK(seen.events[1].mask == IN_MOVED_TO);
  CHECK(seen.events[1].name == "new");
  CHECK(seen.events[0].cookie != 0);
  CHECK(seen.events[0].cookie == seen.events[1].cookie);
}

TEST_CASE("a file moved in from elsewhere gives MOVED_TO with a cookie", "[inotify]") {
  FreshFolder folder, elsewhere;
  elsewhere.write("report", "text");
  Loop loop;
  Seen seen;
  Inotify inotify(loop, seen.collect());
  REQUIRE(inotify.add(folder.path.c_str(), kMask) > 0);
  std::filesystem::rename(elsewhere / "report", folder / "report");
  inotify.drain();
  REQUIRE(seen.events.size() == 1);
  CHECK(seen.events[0].mask == IN_MOVED_TO);
  CHECK(seen.events[0].cookie != 0);
}

TEST_CASE("a burst past the kernel's queue is told as an overflow, never dropped", "[inotify]") {
  const std::size_t limit = max_queued_events();
  if (limit == 0 || limit > 200'000) {
    WARN("skipped: fs.inotify.max_queued_events is " << limit);
    return;
  }
  FreshFolder folder;
  Loop loop;
  Seen seen;
  Inotify inotify(loop, seen.collect());
  REQUIRE(inotify.add(folder.path.c_str(), IN_CREATE | IN_DELETE) > 0);
  for (std::size_t i = 0; i < limit / 2 + 1; ++i) {
    folder.write("a", "");
    std::filesystem::remove(folder / "a");
  }
  inotify.drain();
  REQUIRE(seen.events.size() == limit + 1);
  CHECK(seen.events.back().wd == -1);
  CHECK(seen.events.back().mask == IN_Q_OVERFLOW);
  CHECK(seen.of(IN_Q_OVERFLOW).size() == 1);

  folder.write("after", "");  // and it goes on
  CHECK(inotify.drain() == 1);
  CHECK(seen.events.back().name == "after");
}

TEST_CASE("a callback that calls drain() sees every event once and in order", "[inotify]") {
  FreshFolder folder;
  Loop loop;
  std::vector<std::string> names;
  std::function<void()> drain_again;
  Inotify inotify(loop, [&](std::vector<FsEvent> batch) {
    for (const auto& e : batch) names.push_back(e.name);
    drain_again();
  });
  drain_again = [&] { inotify.drain(); };
  REQUIRE(inotify.add(folder.path.c_str(), IN_CLOSE_WRITE) > 0);
  std::vector<std::string> written;
  for (int i = 0; i < 10'000; ++i) {
    written.push_back(std::to_string(i));
    folder.write(written.back(), "");
  }
  inotify.drain();
  CHECK(names == written);
}

TEST_CASE("a callback may destroy the Inotify that calls it", "[inotify]") {
  FreshFolder folder;
  Loop loop;
  std::unique_ptr<Inotify> inotify;
  std::size_t events = 0;
  inotify = std::make_unique<Inotify>(loop, [&](std::vector<FsEvent> batch) {
    inotify.reset();
    events += batch.size();
  });
  REQUIRE(inotify->add(folder.path.c_str(), IN_CLOSE_WRITE) > 0);
  for (int i = 0; i < 5000; ++i) folder.write(std::to_string(i), "");
  loop.run();
  CHECK(events == Inotify::kMaxBatch);
}

TEST_CASE("a watch that cannot be set or removed says why as -errno", "[inotify]") {
  FreshFolder folder;
  folder.write("file", "");
  Loop loop;
  Seen seen;
  Inotify inotify(loop, seen.collect());
  CHECK(inotify.add((folder / "missing").c_str(), kMask) == -ENOENT);
  CHECK(inotify.add((folder / "file").c_str(), kMask | IN_ONLYDIR) == -ENOTDIR);
  CHECK(inotify.remove(4711) == -EINVAL);
}

TEST_CASE("a removed watch says IN_IGNORED last", "[inotify]") {
  FreshFolder folder;
  Loop loop;
  Seen seen;
  Inotify inotify(loop, seen.collect());
  const int wd = inotify.add(folder.path.c_str(), IN_CLOSE_WRITE);
  folder.write("before", "");
  REQUIRE(inotify.remove(wd) == 0);
  folder.write("after", "");
  inotify.drain();
  REQUIRE(seen.events.size() == 2);
  CHECK(seen.events[0].name == "before");
  CHECK(seen.events[1].mask == IN_IGNORED);
  CHECK(seen.events[1].wd == wd);
}
