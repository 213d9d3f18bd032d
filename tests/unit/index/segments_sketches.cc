// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/sketches.h"

#include <map>
#include <random>

#include "index/schema.h"
#include "index/segments/little_endian.h"
#include "tests/unit/catch.h"
#include "tests/unit/fresh_folder.h"

using namespace tidings;
using namespace tidings::test;

namespace {

std::string sketch_with(std::initializer_list<std::uint32_t> hashes) {
  std::string value;
  for (const std::uint32_t hash : hashes) append_number(value, hash, 4);
  return value;
}

Xapian::WritableDatabase database_of(const std::vector<std::string>& sketches) {
  Xapian::WritableDatabase database({}, Xapian::DB_BACKEND_INMEMORY);
  for (const auto& sketch : sketches) {
    Xapian::Document document;
    if (!sketch.empty()) document.add_value(slot::kSketch, sketch);
    database.add_document(document);
  }
  return database;
}

std::vector<Xapian::docid> having(const Sketches& sketches, std::uint32_t hash) {
  std::vector<Xapian::docid> ids;
  sketches.each(hash, [&](Xapian::docid id) { ids.push_back(id); });
  return ids;
}

}  // namespace

TEST_CASE("a segment's sketches tell which documents have a hash", "[sketches]") {
  FreshFolder folder;
  const auto path = folder / "sealed-1.sketches";
  using Ids = std::vector<Xapian::docid>;

  SECTION("of a few") {
    REQUIRE(Sketches::write(path, database_of({sketch_with({7, 0xffff'ffff}), "", sketch_with({7, 0})})));
    const auto sketches = Sketches::open(path);
    REQUIRE(sketches);
    CHECK(having(**sketches, 7) == Ids{1, 3});
    CHECK(having(**sketches, 0xffff'ffff) == Ids{1});
    CHECK(having(**sketches, 0) == Ids{3});
    CHECK(having(**sketches, 8).empty());
  }
  SECTION("of none") {
    REQUIRE(Sketches::write(path, database_of({"", ""})));
    const auto sketches = Sketches::open(path);
    REQUIRE(sketches);
    CHECK(having(**sketches, 0).empty());
  }
  SECTION("of many, as a plain map does") {
    std::mt19937 random(1);
    std::vector<std::string> values;
    std::map<std::uint32_t, Ids> expected;
    for (Xapian::docid id = 1; id <= 500; ++id) {
      const auto few = static_cast<std::uint32_t>(random() % 50 << 26),
                 wide = static_cast<std::uint32_t>(random());
      values.push_back(sketch_with({few, wide}));
      expected[few].push_back(id);
      expected[wide].push_back(id);
    }
    REQUIRE(Sketches::write(path, database_of(values)));
    const auto sketches = Sketches::open(path);
    REQUIRE(sketches);
    for (const auto& [hash, ids] : expected) CHECK(having(**sketches, hash) == ids);
    std::size_t entries = 0;
    (*sketches)->each([&](const SketchEntry&) { ++entries; });
    CHECK(entries == 1000);
  }
  SECTION("a file that was cut short, or is another, is damage") {
    REQUIRE(Sketches::write(path, database_of({sketch_with({7, 9})})));
    const auto size = std::filesystem::file_size(path);
    std::filesystem::resize_file(path, size - GENERATE(1, 8, 20));
    const auto cut = Sketches::open(path);
    REQUIRE_FALSE(cut);
    CHECK(cut.error().code == Error::Code::IndexCorrupt);
    folder.write("sealed-1.sketches", "tido, as it were, and long enough to be one");
    CHECK(Sketches::open(path).error().code == Error::Code::IndexCorrupt);
  }
}
