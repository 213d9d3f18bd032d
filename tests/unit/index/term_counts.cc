// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/term_counts.h"

#include <map>
#include <random>

#include "tests/unit/catch.h"

namespace tidings {
namespace {

using Counted = std::map<std::string, std::uint32_t>;

Counted counted(const TermCounts& counts) {
  Counted out;
  counts.each([&](std::string_view term, std::uint32_t count) {
    CHECK(out.emplace(term, count).second);  // each once
  });
  return out;
}

TEST_CASE("terms are counted as a map counts them, document after document, however large one was") {
  std::mt19937 random(7);
  TermCounts counts;
  for (const std::size_t words : std::initializer_list<std::size_t>{10, 3000, 1, 500'000, 0, 700, 20}) {
    Counted expected;
    counts.clear();
    for (std::size_t i = 0; i < words; ++i) {
      const std::string term = "w" + std::to_string(random() % (words / 2 + 1));
      const auto count =
          static_cast<std::uint32_t>(random() % 3);  // in boilerplate a word counts 0, and is there
      expected[term] += count;
      counts.add(term, count);
    }
    CHECK(counted(counts) == expected);
  }
}

TEST_CASE("a term may hold any bytes, and the empty one is a term") {
  TermCounts counts;
  const std::string with_nul("a\0b", 3);
  counts.add(with_nul, 1);
  counts.add("a", 2);
  counts.add("", 3);
  CHECK(counted(counts) == Counted{{with_nul, 1}, {"a", 2}, {"", 3}});
}

}  // namespace
}  // namespace tidings
