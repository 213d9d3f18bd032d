// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/manifest.h"

#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;
namespace fs = std::filesystem;

namespace {

Manifest example() {
  constexpr std::uint64_t kMost = ~std::uint64_t{0};
  Manifest manifest;
  manifest.identity = "0b3a9c9e-4fd0-4a76-9d2c-6a0f3f1f4e11";
  manifest.number = 41;
  manifest.generation = 1234;
  manifest.committed_ms = 1'722'470'400'123;
  manifest.next = 17;
  manifest.live = 12;
  manifest.sealed = {
      {.id = 3,
       .folder = false,
       .documents = 3200,
       .dead = 2,
       .words = 1,
       .bytes = 9'000'000,
       .sum = 0xdeadbeef},
      {.id = 16,
       .folder = false,
       .documents = kMost,
       .dead = kMost,
       .words = kMost,
       .bytes = kMost,
       .sum = kMost},
      {.id = 11, .folder = true, .documents = 1, .dead = 0, .words = 1, .bytes = 0, .sum = 0},
  };
  return manifest;
}

bool same(const Manifest& a, const Manifest& b) {
  return a.identity == b.identity && a.number == b.number && a.generation == b.generation &&
         a.committed_ms == b.committed_ms && a.next == b.next && a.live == b.live && a.sealed == b.sealed;
}

}  // namespace

TEST_CASE("a manifest reads back as it was written, its segments in their order", "[segments]") {
  FreshFolder folder;
  const Manifest written = example();
  REQUIRE(written.write(folder.path()));
  const auto read = Manifest::read(folder.path());
  REQUIRE(read);
  CHECK(same(*read, written));
  CHECK(read->text() == written.text());
  CHECK(names_in(folder.path()) == std::vector<std::string>{"manifest"});

  SECTION("also the smallest") {
    Manifest smallest;
    smallest.identity = "x";
    smallest.live = 1;
    const auto parsed = Manifest::parse(smallest.text());
    REQUIRE(parsed);
    CHECK(same(*parsed, smallest));
  }
  SECTION("and one that replaces it wholly, though it is shorter") {
    Manifest next = written;
    next.number = 42;
    next.sealed.clear();
    REQUIRE(next.write(folder.path()));
    CHECK(same(*Manifest::read(folder.path()), next));
  }
}

TEST_CASE("a manifest of which one byte is another, missing or too many is damaged, and never a guess",
          "[segments]") {
  const std::string whole = example().text();
  const auto check = [&](const std::string& text) {
    const auto parsed = Manifest::parse(text);
    if (parsed) FAIL("taken for a manifest: " << text);
    // The number of the format may be what was damaged.
    const bool version = text.substr(0, 19) != whole.substr(0, 19);
    const auto code = parsed.error().code;
    if (code != Error::Code::IndexCorrupt && !(version && code == Error::Code::IndexVersion)) FAIL(text);
    if (parsed.error().hint.find("--rebuild") == std::string::npos) FAIL(parsed.error().what);
  };
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
      check(flipped);
    }
    check(whole.substr(0, at));
    check(whole.substr(0, at) + whole.substr(at + 1));
    check(whole.substr(0, at) + "\n" + whole.substr(at));
  }
  check(whole + "\n");
  check(whole + whole);
  check("");
  CHECK(Manifest::parse(whole));
}

TEST_CASE("a manifest of another format says which, and which this program knows", "[segments]") {
  FreshFolder folder;
  folder.write("manifest", "tidings manifest 9\nlines of a form that is not known yet\n");
  const auto read = Manifest::read(folder.path());
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Error::Code::IndexVersion);
  CHECK(read.error().what.find("format 9") != std::string::npos);
  CHECK(read.error().what.find("format " + std::to_string(Manifest::kFormat)) != std::string::npos);
  CHECK(read.error().what.starts_with(folder.path().string()));
}

TEST_CASE("a folder without a manifest has no index, and a huge file is none", "[segments]") {
  FreshFolder folder;
  CHECK(Manifest::read(folder.path()).error().code == Error::Code::NotFound);
  folder.write("manifest", std::string(Manifest::kBytesMax + 1, 'x'));
  CHECK(Manifest::read(folder.path()).error().code == Error::Code::IndexCorrupt);
}

TEST_CASE("a manifest that cannot be written leaves the one before", "[segments]") {
  FreshFolder folder;
  const Manifest before = example();
  REQUIRE(before.write(folder.path()));
  Manifest next = before;
  next.number = 42;
  {
    FullDisk full(100);
    const auto written = next.write(folder.path());
    REQUIRE_FALSE(written);
    CHECK(written.error().code == Error::Code::Io);
    CHECK(written.error().what.find("File too large") != std::string::npos);
  }
  CHECK(same(*Manifest::read(folder.path()), before));
  REQUIRE(next.write(folder.path()));
  CHECK(same(*Manifest::read(folder.path()), next));
}

TEST_CASE("a disk with less room than a batch needs is named with what it has, before anything is written",
          "[manifest]") {
  FreshFolder folder;
  CHECK(room_for(folder.path(), 0));
  const auto lacking = room_for(folder.path(), std::uint64_t{1} << 60);
  REQUIRE_FALSE(lacking);
  CHECK(lacking.error().code == Error::Code::Io);
  CHECK(lacking.error().what.find(folder.path().string() + ": its disk has ") == 0);
  CHECK(lacking.error().what.find(" and 1099511627776 MiB are needed") != std::string::npos);
  CHECK(room_for(folder / "nowhere", 0).error().code == Error::Code::NotFound);
}
