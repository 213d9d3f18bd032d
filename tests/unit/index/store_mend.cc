// SPDX-License-Identifier: GPL-2.0-or-later
// What is damaged leaves the index, and what is left goes on: on opening, and while it is written.
#include <fstream>

#include "index/segments/quarantine.h"
#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;
namespace fs = std::filesystem;

namespace {

Store::Options mending(Store::Mend mend) {
  return {.languages = {"en"}, .corpora = {{"news", "/n"}}, .control_socket = {}, .mend = mend};
}

/// Other bytes in the middle of it.
void spoil(const fs::path& file, std::size_t bytes = 8192) {
  const auto size = fs::file_size(file);
  bytes = std::min<std::size_t>(bytes, size);
  std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
  out.seekp(static_cast<std::streamoff>((size - bytes) / 2));
  for (std::size_t i = 0; i < bytes; ++i) out.put(static_cast<char>(i * 131 + 7));
}

/// Segments 2 (a b c, of which b has a tombstone in a file) and another (d e f); live: g, and a tombstone for d.
struct Index {
  Index() {
    auto store = open(folder / "index", mending(Store::Mend::Nothing));
    publish_bulk(*store, {{"a", "dockers strike"}, {"b", "ferries sail"}, {"c", "cranes stand"}});
    publish_bulk(*store, {{"d", "gates open"}, {"e", "tugs wait"}, {"f", "pilots sleep"}});
    remove(*store, "b");
    REQUIRE(store->seal());
    publish(*store, one(news("g"), "ropes break"));
    remove(*store, "d");
    REQUIRE(store->set_crawled("news", "2"));
    before = store->facts();
    manifest = store->manifest();
    all = texts(everything(folder / "index"));
  }
  const SegmentEntry& segment(std::size_t n) const { return manifest.sealed.at(n); }
  TextByKey without(std::initializer_list<const char*> paths) const {
    TextByKey left = all;
    for (const char* path : paths) left.erase("news:" + std::string(path));
    return left;
  }
  std::string crawled(Store& store) const { return *store.crawled("news"); }

  FreshFolder folder;
  IndexFacts before;
  Manifest manifest;
  TextByKey all;
};

}  // namespace

TEST_CASE("with every checksum looked at, a segment of which a file is damaged is taken out, and only that",
          "[mend]") {
  Index index;
  const auto victim = GENERATE(as<std::string>(), "segment", "texts", "dead");
  CAPTURE(victim);
  const SegmentEntry& entry = index.segment(0);
  spoil(victim == "segment" ? entry.path(index.folder / "index")
        : victim == "texts" ? entry.texts_path(index.folder / "index")
                            : entry.dead_path(index.folder / "index"),
        GENERATE(1u, 8192u));
  auto store = open(index.folder / "index", mending(Store::Mend::All));
  CHECK(store->mended().segments == 1);
  CHECK(store->mended().what.size() == 1);
  CHECK(texts(index.folder / "index") == index.without({"a", "c"}));
  CHECK(index.crawled(*store) == "2 repair");
  CHECK(store->facts().generation == index.before.generation + 1);
  CHECK(store->facts().identity == index.before.identity);
  CHECK_FALSE(store->find(news("a")));
  CHECK(store->find(news("e")));
  CHECK(store->quarantine().folders == 1);
  CHECK(fs::exists(quarantine_path(index.folder / "index") / "1" / entry.path("").filename()));
  CHECK(publish(*store, one(news("a"), "dockers return")) == index.before.generation + 2);
  SECTION("the next start mends nothing, and still knows what is missing") {
    store.reset();
    store = open(index.folder / "index", mending(Store::Mend::All));
    CHECK_FALSE(store->mended().any());
    CHECK(index.crawled(*store) == "2 repair");
    CHECK(store->quarantine().folders == 1);
  }
}

TEST_CASE("a damaged vocabulary is made anew of its segment", "[mend]") {
  Index index;
  spoil(index.segment(0).words_path(index.folder / "index"), 4);
  auto store = open(index.folder / "index", mending(Store::Mend::All));
  CHECK(store->mended().segments == 0);
  CHECK(store->mended().vocabularies == 1);
  CHECK(texts(index.folder / "index") == index.all);
  Reader reader(index.folder / "index");
  CHECK(forms_of(reader, "docker") == std::vector<std::string>{"dockers"});
  CHECK(index.crawled(*store) == "2");
  CHECK(store->facts().generation == index.before.generation);
}

TEST_CASE("an ordinary start takes out what is missing, cut short or cannot be opened", "[mend]") {
  Index index;
  const SegmentEntry& entry = index.segment(0);
  const fs::path folder = index.folder / "index";
  SECTION("the segment is gone") {
    fs::remove(entry.path(folder));
  }
  SECTION("the segment is cut short") {
    fs::resize_file(entry.path(folder), 100);
  }
  SECTION("its texts are gone") {
    fs::remove(entry.texts_path(folder));
  }
  SECTION("its tombstones are gone") {
    fs::remove(entry.dead_path(folder));
  }
  SECTION("its first block is overwritten") {
    std::fstream(entry.path(folder), std::ios::in | std::ios::out) << std::string(8192, 'x');
  }
  REQUIRE_FALSE(Store::open(folder, mending(Store::Mend::Nothing)));
  auto store = open(folder, mending(Store::Mend::Unopenable));
  CHECK(store->mended().segments == 1);
  CHECK(texts(folder) == index.without({"a", "c"}));
}

TEST_CASE("an ordinary start looks at every checksum where the last writer ended badly, and soon", "[mend]") {
  Index index;
  const fs::path folder = index.folder / "index", mark = folder / "running";
  spoil(index.segment(0).texts_path(folder), 1);
  auto store = open(folder, mending(Store::Mend::Unopenable));
  CHECK_FALSE(store->mended().any());  // it opens: that is what it looks at
  CHECK(fs::exists(mark));
  store.reset();
  CHECK_FALSE(fs::exists(mark));
  const auto long_ago = fs::file_time_type::clock::now() - Store::kSoon;
  bool looks = true;
  SECTION("while it opened the index") {
    index.folder.write("index/running", "opening");
    fs::last_write_time(mark, long_ago);
  }
  SECTION("soon after it") {
    index.folder.write("index/running", "open");
  }
  SECTION("long after it") {
    index.folder.write("index/running", "open");
    fs::last_write_time(mark, long_ago);
    looks = false;
  }
  store = open(folder, mending(Store::Mend::Unopenable));
  CHECK(store->mended().segments == (looks ? 1 : 0));
}

TEST_CASE(
    "with the live segment go its documents, notes and tombstones, and no cursor is ahead of what comes then",
    "[mend]") {
  Index index;
  const fs::path folder = index.folder / "index", live = index.manifest.live_path(folder);
  const auto mend = GENERATE(Store::Mend::All, Store::Mend::Unopenable);
  const auto victim = GENERATE(as<std::string>(), "iamglass", "docdata.glass", "postlist.glass");
  CAPTURE(victim);
  fs::resize_file(live / victim, victim == "iamglass" ? 3 : 0);
  auto store = open(folder, mending(mend));
  if (mend == Store::Mend::Unopenable && !store->mended().live) return;  // it opens
  CHECK(store->mended().live);
  auto left = index.without({"g"});
  left["news:d"] = "gates open";  // until a crawl finds that it is gone
  CHECK(texts(folder) == left);
  CHECK(index.crawled(*store) == "repair");
  CHECK(store->facts().generation > index.before.generation);
  CHECK(store->facts().identity == index.before.identity);
  CHECK(store->facts().corpora == std::vector<CorpusRoot>{{"news", "/n"}});
  const auto generation = publish(*store, one(news("g"), "ropes hold"));
  CHECK(generation == facts(folder).generation);
}

TEST_CASE("a damaged manifest is the end of the index, which begins anew where all is to be mended",
          "[mend]") {
  Index index;
  const fs::path folder = index.folder / "index";
  spoil(manifest_path(folder), 4);
  CHECK_FALSE(Store::open(folder, mending(Store::Mend::Unopenable)));
  auto store = open(folder, mending(Store::Mend::All));
  CHECK(store->mended().manifest);
  CHECK(store->facts().documents == 0);
  CHECK(store->facts().identity != index.before.identity);
  CHECK(fs::exists(quarantine_path(folder) / "1/manifest"));
  CHECK(names_in(folder).size() <= 6);  // live, lock, manifest, quarantine, readers, scratch
}

TEST_CASE("a store that is open mends what it is told of, its manifest and its live segment, and goes on",
          "[mend]") {
  Index index;
  const fs::path folder = index.folder / "index";
  auto store = open(folder, mending(Store::Mend::Nothing));
  SECTION("a segment") {
    spoil(index.segment(0).path(folder));
    const auto seen = look_at_segments(folder);
    REQUIRE(seen);
    const auto mended = store->mend(seen->damaged);
    REQUIRE(mended);
    CHECK(mended->segments == 1);
    CHECK(texts(folder) == index.without({"a", "c"}));
    CHECK(index.crawled(*store) == "2 repair");
  }
  SECTION("the manifest, which it remembers") {
    spoil(manifest_path(folder), 4);
    const auto mended = store->mend({});
    REQUIRE(mended);
    CHECK(mended->manifest);
    CHECK(mended->segments == 0);
    CHECK(texts(folder) == index.all);
  }
  SECTION("the live segment") {
    fs::resize_file(index.manifest.live_path(folder) / "docdata.glass", 0);
    const auto mended = store->mend({});
    REQUIRE(mended);
    CHECK(mended->live);
    CHECK(index.crawled(*store) == "repair");
  }
  SECTION("the live segment, since it is suspected") {
    const auto mended = store->mend({}, true);
    REQUIRE(mended);
    CHECK(mended->live);
  }
  SECTION("nothing") {
    const auto mended = store->mend({});
    REQUIRE(mended);
    CHECK_FALSE(mended->any());
    CHECK(texts(folder) == index.all);
    CHECK(index.crawled(*store) == "2");
  }
  publish(*store, one(news("z"), "the last one"));
  REQUIRE(store->seal());
  CHECK(read(folder, news("z")));
  CHECK(look_at_segments(folder)->damaged.empty());
}

TEST_CASE(
    "a merge of a damaged segment is refused, and one whose segment was taken out meanwhile is forgotten",
    "[mend]") {
  Index index;
  const fs::path folder = index.folder / "index";
  auto store = open(folder, mending(Store::Mend::Nothing));
  const MergeJob job = job_of(*store, sealed_ids(*store), false);
  REQUIRE(job.sources.size() == 2);
  SECTION("refused") {
    spoil(index.segment(1).path(folder), 1);
    const auto merged = merge(job);
    REQUIRE_FALSE(merged);
    CHECK(merged.error().code == Error::Code::IndexCorrupt);
    CHECK(merged.error().what.find(index.segment(1).path(folder).string()) != std::string::npos);
    store->drop(job);
  }
  SECTION("forgotten") {
    auto merged = merge(job);
    REQUIRE(merged);
    const std::size_t which = GENERATE(0u, 1u);
    spoil(index.segment(which).path(folder), 1);
    REQUIRE(store->mend(look_at_segments(folder)->damaged));
    REQUIRE(store->publish(*merged));
    CHECK(sealed_ids(*store) == std::vector<SegmentId>{index.segment(1 - which).id});
    CHECK_FALSE(fs::exists(merged->entry->path(folder)));
  }
}

TEST_CASE("damage of a file that its segment no longer has takes nothing out", "[mend]") {
  Index index;
  const fs::path folder = index.folder / "index";
  const SegmentEntry& entry = index.segment(0);
  auto store = open(folder, mending(Store::Mend::Nothing));
  Damage seen{entry.id, entry.dead_path(folder), "No such file or directory", false};
  SECTION("its tombstones were replaced") {
    publish_bulk(*store, {{"a", "dockers return"}});
    REQUIRE_FALSE(fs::exists(seen.file));
  }
  SECTION("its vocabulary was replaced") {
    auto options = mending(Store::Mend::Nothing);
    options.languages = {"en", "de"};
    seen = {entry.id, entry.words_path(folder), "No such file or directory", true};
    REQUIRE(store->describe(options));
    REQUIRE_FALSE(fs::exists(seen.file));
  }
  SECTION("it was merged away") {
    auto merged = merge(job_of(*store, sealed_ids(*store), false));
    REQUIRE(merged);
    REQUIRE(store->publish(*merged));
  }
  const auto before = texts(folder);
  const auto mended = store->mend({seen});
  REQUIRE(mended);
  CHECK_FALSE(mended->any());
  CHECK(mended->what.empty());
  CHECK(texts(folder) == before);
  CHECK(index.crawled(*store) == "2");
}

TEST_CASE("a file that cannot be read is no damage: the start ends with an error, and nothing is taken out",
          "[mend]") {
  Index index;
  const fs::path folder = index.folder / "index";
  const SegmentEntry& entry = index.segment(0);
  const fs::path live = index.manifest.live_path(folder);
  const std::vector<fs::path> victims = {entry.texts_path(folder), entry.order_path(folder),
                                         entry.words_path(folder), entry.dead_path(folder),
                                         live / "postlist.glass",  live / "docdata.glass"};
  const fs::path& victim = victims.at(GENERATE(range(0u, 6u)));
  const auto mend = GENERATE(Store::Mend::All, Store::Mend::Unopenable);
  CAPTURE(victim, mend);
  fs::rename(victim, index.folder / "kept");
  fs::create_directory(victim);  // to read it is EISDIR, for root too
  const auto refused = Store::open(folder, mending(mend));
  if (!refused) CHECK(refused.error().code == Error::Code::Io);
  CHECK((!refused || !(*refused)->mended().any()));  // an ordinary start does not read all of it
  CHECK(quarantine_of(folder).folders == 0);
  REQUIRE(fs::is_directory(victim));
  fs::remove(victim);
  fs::rename(index.folder / "kept", victim);
  if (refused) return;
  auto store = open(folder, mending(Store::Mend::All));
  CHECK_FALSE(store->mended().any());
  CHECK(texts(folder) == index.all);
}

TEST_CASE("a quarantine has a bound of folders and of bytes, and the oldest goes first", "[mend]") {
  FreshFolder folder;
  const auto put = [&](int n, std::uint64_t bytes) {
    folder.write("index/sealed-" + std::to_string(n) + ".glass", "x");
    fs::resize_file(folder / ("index/sealed-" + std::to_string(n) + ".glass"), bytes);  // sparse
    put_into_quarantine(folder / "index", {folder / ("index/sealed-" + std::to_string(n) + ".glass")});
  };
  for (int n = 1; n <= 20; ++n) put(n, 10);
  CHECK(quarantine_of(folder / "index").folders == kQuarantineFolders);
  CHECK(quarantine_of(folder / "index").bytes == kQuarantineFolders * 10);
  CHECK_FALSE(fs::exists(folder / "index/quarantine/4"));
  CHECK(fs::exists(folder / "index/quarantine/20/sealed-20.glass"));
  put(21, kQuarantineBytes + 1);
  CHECK(quarantine_of(folder / "index").folders == kQuarantineFolders);
  CHECK_FALSE(fs::exists(folder / "index/quarantine/21"));
  CHECK_FALSE(fs::exists(folder / "index/sealed-21.glass"));
  put(22, kQuarantineBytes - 5);
  CHECK(quarantine_of(folder / "index").folders == 1);
  CHECK(is_quarantine(folder / "index/quarantine"));
  REQUIRE(empty_quarantine(folder / "index"));
  CHECK(quarantine_of(folder / "index").folders == 0);
}
