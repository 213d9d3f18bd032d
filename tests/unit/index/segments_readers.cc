// SPDX-License-Identifier: GPL-2.0-or-later
// A reader beside the writer: each answer is of one generation, whatever the writer does meanwhile.
#include <atomic>
#include <thread>

#include "index/segments/courtesy.h"
#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;

TEST_CASE("each answer beside a writer is of one generation, through seals, bulk segments and merges",
          "[segments]") {
  // Each generation gives all reports a text of its own: one of another generation would show, as would a dead one or a lost one.
  constexpr int kReports = 12, kRounds = 120;
  const auto all_of = [](int version) {
    TextByKey reports;
    for (int i = 0; i < kReports; ++i) reports["r" + std::to_string(i)] = "version" + std::to_string(version);
    return reports;
  };
  Random random;
  INFO("TIDINGS_SEED=" << random.seed());
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, all_of(1));

  std::atomic<bool> over = false;
  std::atomic<int> answers = 0;
  std::string wrong;  // of the reader's thread until it is joined
  std::thread thread([&] {
    Reader reader(folder / "index");
    std::uint64_t last = 0;
    while (!over && wrong.empty()) {
      std::uint64_t generation = 0;
      std::map<std::string, std::string> seen;
      std::size_t matches = 0;
      const auto done = reader.run([&](const Snapshot& snapshot) -> Result<void> {
        seen.clear();
        generation = snapshot.facts().generation;
        Xapian::Enquire enquire(snapshot.database());
        enquire.set_query(snapshot.living(Xapian::Query("version" + std::to_string(generation))));
        matches = enquire.get_mset(0, 100).size();
        const auto& database = snapshot.database();
        for (auto id = database.postlist_begin({}); id != database.postlist_end({}); ++id)
          if (!snapshot.is_dead(*id)) {
            const Record record = snapshot.record(*id);
            seen[record.key.path] = record.report.text;
          }
        if (snapshot.facts().documents != kReports) seen.clear();
        return {};
      });
      if (!done && done.error().code == Error::Code::Busy) continue;  // overtaken ten times in a row
      if (!done)
        wrong = done.error().what;
      else if (generation < last)
        wrong = "an older generation than before";
      else if (seen.size() != kReports || matches != kReports)
        wrong = std::to_string(seen.size()) + " reports and " + std::to_string(matches) +
                " matches in generation " + std::to_string(generation);
      for (const auto& [path, text] : seen)
        if (done && text != "version" + std::to_string(generation))
          wrong = path + " has " + text + " in generation " + std::to_string(generation);
      last = generation;
      ++answers;
    }
    over = true;
  });

  for (int version = 2; version <= kRounds && !over; ++version) {
    const TextByKey reports = all_of(version);
    const bool in_bulk = random.once_in(3);
    if (in_bulk) {
      REQUIRE(store->seal());  // nothing is live: all fits
      publish_bulk(*store, {bulk_of(*store, reports, Cause::Rebuild)});
    } else {
      Batch batch;
      for (const auto& [path, text] : reports)
        batch.put(news(path), put_of(record_of(news(path), text), Cause::Arrival));
      publish(*store, batch);
    }
    REQUIRE(store->facts().generation == static_cast<std::uint64_t>(version));
    if (random.once_in(3)) REQUIRE(store->seal());
    while (auto job = store->plan_merge(random.once_in(2))) {
      auto merged = merge(std::move(*job));
      REQUIRE(merged);
      REQUIRE(store->publish(*merged));
    }
    // The reader gets its turn: an answer for each few generations at least.
    const int had = answers;
    while (version % 5 == 0 && answers == had && !over) std::this_thread::yield();
  }
  over = true;
  thread.join();
  CHECK(wrong == std::string());
  CHECK(answers >= kRounds / 5);
  CHECK(texts(folder / "index").size() == kReports);
}

TEST_CASE("a reader that asks for a moment holds the writer up, and never for ever", "[segments]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish(*store, one(news("a"), "strike"));
  const auto held = std::make_optional(Courtesy::of_reader(folder / "index"));
  const auto before = std::chrono::steady_clock::now();
  CHECK(publish(*store, one(news("b"), "walkout")) == 2);
  CHECK(std::chrono::steady_clock::now() - before >= Courtesy::kWait);
  CHECK(everything(folder / "index").size() == 2);
}
