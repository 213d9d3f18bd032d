// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>

#include "index/segments/merge.h"
#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;

namespace {

constexpr std::uint64_t kTier = MergePolicy::kTierBytes;

MergeCandidate candidate(SegmentId id, std::uint64_t bytes, std::uint64_t documents = 1000,
                         std::uint64_t dead = 0) {
  return {{.id = id, .folder = false, .documents = documents, .bytes = bytes}, dead};
}
MergeCandidate folder(SegmentId id, std::uint64_t bytes) {
  auto one = candidate(id, bytes);
  one.entry.folder = true;
  return one;
}

}  // namespace

TEST_CASE("a tier is eight times as large as the one below", "[segments]") {
  const auto [bytes, tier] = GENERATE(table<std::uint64_t, unsigned>({{0, 0},
                                                                      {kTier - 1, 0},
                                                                      {kTier, 1},
                                                                      {8 * kTier - 1, 1},
                                                                      {8 * kTier, 2},
                                                                      {64 * kTier, 3},
                                                                      {512 * kTier, 4}}));
  CHECK(MergePolicy::tier(bytes) == tier);
}

TEST_CASE("eight segments of one tier are merged, and seven are not", "[segments]") {
  std::vector<MergeCandidate> segments;
  for (SegmentId id = 1; id <= 7; ++id) segments.push_back(candidate(id, kTier * id));
  segments.push_back(candidate(20, 5));
  segments.push_back(candidate(21, kTier * 8));
  CHECK_FALSE(MergePolicy::choose(segments, false));
  segments.push_back(candidate(8, 2 * kTier));
  const auto choice = MergePolicy::choose(segments, false);
  REQUIRE(choice);
  CHECK(choice->segments == std::vector<SegmentId>{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK_FALSE(choice->drop_dead);
}

TEST_CASE("with nothing else to do small segments are merged from two on, and folders compacted",
          "[segments]") {
  CHECK_FALSE(MergePolicy::choose({}, true));
  CHECK_FALSE(MergePolicy::choose({candidate(1, 5)}, true));
  CHECK(MergePolicy::choose({candidate(1, 5), candidate(2, 5)}, true)->segments ==
        std::vector<SegmentId>{1, 2});
  CHECK_FALSE(MergePolicy::choose({candidate(1, 5), candidate(2, 5)}, false));
  CHECK_FALSE(MergePolicy::choose({folder(1, 5)}, false));
  CHECK(MergePolicy::choose({folder(1, 5)}, true)->segments == std::vector<SegmentId>{1});
  CHECK(MergePolicy::choose({candidate(1, 17 * kTier), folder(2, kTier)}, true)->segments ==
        std::vector<SegmentId>{2});
}

TEST_CASE("with nothing else to do those are merged that are not much larger than the smaller ones together",
          "[segments]") {
  using Ids = std::vector<SegmentId>;
  constexpr std::uint64_t kMost = MergePolicy::kIdleGrowth * kTier;
  const auto merged = [](const std::vector<MergeCandidate>& segments) {
    const auto choice = MergePolicy::choose(segments, true);
    return choice ? choice->segments : Ids{};
  };
  CHECK(merged({candidate(1, kMost), candidate(2, kTier)}) == Ids{1, 2});
  CHECK(merged({candidate(1, kMost + 1), candidate(2, kTier)}).empty());
  CHECK(merged({candidate(1, 2 * kMost), candidate(2, kTier), candidate(3, kTier)}) == Ids{1, 2, 3});
  CHECK(merged({candidate(1, 2 * kMost + 1), candidate(2, kTier), candidate(3, kTier)}) == Ids{2, 3});
  // The smallest alone does not keep the others apart.
  CHECK(merged({candidate(1, 5), candidate(2, kTier), candidate(3, kTier)}) == Ids{2, 3});
  constexpr std::uint64_t kHalf = MergePolicy::kIdleBytes / 2;
  CHECK(merged({candidate(1, kHalf), candidate(2, kHalf)}) == Ids{1, 2});
  CHECK(merged({candidate(1, kHalf), candidate(2, kHalf + 1)}).empty());
}

TEST_CASE("a segment of which a fifth is dead stays, and with one more dead it is made anew", "[segments]") {
  CHECK_FALSE(MergePolicy::choose({candidate(1, kTier, 1000, 200)}, true));
  const auto choice =
      MergePolicy::choose({candidate(1, kTier, 1000, 0), candidate(2, kTier, 1000, 201)}, false);
  REQUIRE(choice);
  CHECK(choice->segments == std::vector<SegmentId>{2});
  CHECK(choice->drop_dead);
  CHECK(MergePolicy::choose({candidate(1, 5, 1, 1)}, false)->drop_dead);
}

TEST_CASE("whatever comes, segments stay few, and merging comes to an end", "[segments]") {
  Random random;
  INFO("TIDINGS_SEED=" << random.seed());
  std::vector<MergeCandidate> segments;
  SegmentId next = 1;
  std::uint64_t total = 0, rewritten = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::uint64_t bytes = random.once_in(50)  ? random.below(100 * kTier)
                                : random.once_in(3) ? random.below(2 * kTier)
                                                    : random.below(100'000);
    segments.push_back(random.once_in(2) ? candidate(next, bytes) : folder(next, bytes));
    ++next;
    total += bytes;
    if (!segments.empty() && random.once_in(10)) {
      auto& victim = segments[random.below(segments.size())];
      victim.dead += random.below(victim.entry.documents - victim.dead + 1);
    }
    const bool idle = random.once_in(5);
    for (int merges = 0;; ++merges) {
      REQUIRE(merges < 100);  // it ends
      const auto choice = MergePolicy::choose(segments, idle);
      if (!choice) break;
      REQUIRE_FALSE(choice->segments.empty());
      REQUIRE(choice->segments.size() <= MergePolicy::kFanIn);
      MergeCandidate made = candidate(next++, 0, 0);
      for (const SegmentId id : choice->segments) {
        const auto source =
            std::find_if(segments.begin(), segments.end(), [&](const auto& s) { return s.entry.id == id; });
        REQUIRE(source != segments.end());
        made.entry.bytes += source->entry.bytes;
        made.entry.documents += source->entry.documents - (choice->drop_dead ? source->dead : 0);
        if (!choice->drop_dead) made.dead += source->dead;
        segments.erase(source);
      }
      rewritten += made.entry.bytes;
      if (made.entry.documents > 0) segments.push_back(made);
    }
    // kFanIn - 1 in each tier: the tiers are as many as the header says.
    const std::size_t tiers = MergePolicy::tier(total) + 1;
    if (segments.size() > (MergePolicy::kFanIn - 1) * tiers)
      FAIL(segments.size() << " in " << tiers << " tiers");
    if (idle) {
      const auto small = std::count_if(segments.begin(), segments.end(),
                                       [](const auto& s) { return MergePolicy::tier(s.entry.bytes) == 0; });
      if (small > 1) FAIL(small << " small ones");
      if (std::any_of(segments.begin(), segments.end(), [](const auto& s) { return s.entry.folder; }))
        FAIL("folder");
    }
  }
  // Once a tier, and the small ones more often; dead ones make some more, and idle merges what the header says.
  CHECK(static_cast<double>(rewritten) <
        (3.0 * (MergePolicy::tier(total) + 1) + MergePolicy::kIdleGrowth + 1) * static_cast<double>(total));
}
