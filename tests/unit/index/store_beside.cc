// SPDX-License-Identifier: GPL-2.0-or-later
// An index of another format: one is made anew beside it, which stays whole for those who can read it until all is in the new one.
#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;
namespace fs = std::filesystem;

namespace {

std::string contents_of(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

/// Every file of the index but those that all writers share: what is in it, and when it was last touched.
using Files = std::map<std::string, std::pair<std::string, std::int64_t>>;
Files files_in(const fs::path& index) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(index)) {
    const std::string name = fs::relative(entry.path(), index).string();
    if (!entry.is_regular_file() || name == "lock" || name == "readers") continue;
    struct stat seen {};
    REQUIRE(::stat(entry.path().c_str(), &seen) == 0);
    files[name] = {contents_of(entry.path()), seen.st_mtim.tv_sec * 1'000'000'000 + seen.st_mtim.tv_nsec};
  }
  return files;
}

void write_format(const fs::path& manifest, const std::string& format) {
  const std::string text = contents_of(manifest);
  std::ofstream(manifest, std::ios::binary) << "tidings manifest " + format + text.substr(text.find('\n'));
}

/// An index of three reports, in a sealed segment with a dead document and in the live one, at generation 4.
struct Old {
  explicit Old(std::string of_format = "4711") : format(std::move(of_format)) {
    auto store = open(index);
    identity = store->facts().identity;
    publish_bulk(*store, {{"a", "dockers strike"}, {"b", "ferries sail"}});
    publish(*store, one(news("a"), "dockers walk out"));
    REQUIRE(store->seal());
    publish(*store, one(news("c"), "cranes stand still"));
    generation = publish(*store, one(news("c"), "cranes stand still again"));
    store.reset();
    texts = test::texts(index);
    write_format(manifest_path(index), format);
    files = files_in(index);
  }
  void check_whole() const {
    const Files now = files_in(index);
    for (const auto& [name, file] : files) {
      CAPTURE(name);
      REQUIRE(now.contains(name));
      CHECK(now.at(name) == file);
    }
    // As the program reads it whose format it has.
    FreshFolder elsewhere;
    fs::copy(index, elsewhere / "index", fs::copy_options::recursive);
    write_format(manifest_path(elsewhere / "index"), std::to_string(Manifest::kFormat));
    CHECK(test::texts(elsewhere / "index") == texts);
  }
  /// The names of all that was the old index'.
  bool any_left() const {
    return std::any_of(files.begin(), files.end(), [&](const auto& file) {
      return file.first != "manifest" && fs::exists(index / file.first);
    });
  }

  FreshFolder folder;
  const fs::path index = folder / "index";
  std::string format, identity;
  std::uint64_t generation = 0;
  TextByKey texts;
  Files files;
};

Error refused(const fs::path& index) {
  const auto facts = Reader(index).facts();
  REQUIRE_FALSE(facts);
  return facts.error();
}

void make_first_format(const fs::path& index, std::uint64_t generation) {
  fs::create_directories(index);
  Xapian::WritableDatabase database((index / "live").string());
  database.set_metadata("tidings.schema", "1");
  database.set_metadata("tidings.generation", std::to_string(generation));
  database.add_document(Xapian::Document());
  database.commit();
}

}  // namespace

TEST_CASE("an index of another format stays whole while one is made beside it, and then goes at once",
          "[beside]") {
  const Old old(GENERATE(as<std::string>(), "1", "2", "4711", "next"));
  auto store = open(old.index);
  REQUIRE(store->is_beside());
  CHECK(store->facts().documents == 0);
  CHECK(store->facts().identity != old.identity);
  CHECK(store->facts().generation > old.generation);
  old.check_whole();

  // All that a writer does.
  publish_bulk(*store, {{"a", "dockers strike"}, {"d", "pilots too"}});
  REQUIRE(store->set_crawled("news", "2"));
  publish(*store, one(news("a"), "dockers go back"));
  REQUIRE(store->seal());
  remove(*store, "d");
  publish_bulk(*store, {{"e", "tugs"}});
  auto merged = merge(job_of(*store, sealed_ids(*store), true));
  REQUIRE(merged);
  REQUIRE(store->publish(*merged));
  REQUIRE(store->describe(in_languages({"en", "de"})));
  const auto facts = store->facts();
  old.check_whole();
  CHECK(refused(old.index).code == Error::Code::IndexVersion);

  Reader reader(old.index);
  CHECK_FALSE(reader.facts());
  REQUIRE(store->take_over());
  CHECK_FALSE(store->is_beside());
  CHECK(texts(everything(reader)) == TextByKey{{"news:a", "dockers go back"}, {"news:e", "tugs"}});
  CHECK(reader.facts()->generation == facts.generation);
  CHECK(reader.facts()->identity == facts.identity);
  CHECK(index_files(old.index) == names_of(*store));
  CHECK_FALSE(old.any_left());
  REQUIRE(store->take_over());  // once is enough
  CHECK(publish(*store, one(news("f"), "x")) == facts.generation + 1);
  CHECK(texts(everything(reader)).size() == 3);
}

TEST_CASE("of an index of the first format as well", "[beside]") {
  FreshFolder folder;
  make_first_format(folder / "index", 41);
  const Files before = files_in(folder / "index");
  auto store = open(folder / "index");
  CHECK(store->is_beside());
  CHECK(publish(*store, one(news("a"), "x")) == 43);
  for (const auto& [name, file] : before) CHECK(files_in(folder / "index").at(name) == file);
  CHECK(refused(folder / "index").code == Error::Code::IndexVersion);
  store.reset();
  store = open(folder / "index");
  CHECK(store->facts().documents == 1);
  SECTION("which goes at the end") {
    REQUIRE(store->take_over());
    CHECK(index_files(folder / "index") == names_of(*store));
  }
  SECTION("which goes at the next start, where the end was cut short") {
    fs::copy(folder / "index/live", folder / "kept", fs::copy_options::recursive);
    REQUIRE(store->take_over());
    store.reset();
    fs::copy(folder / "kept", folder / "index/live", fs::copy_options::recursive);
    store = open(folder / "index");
    CHECK(index_files(folder / "index") == names_of(*store));
  }
  CHECK(texts(folder / "index") == TextByKey{{"news:a", "x"}});
}

TEST_CASE("a searcher that cannot read the index says what to do", "[beside]") {
  const auto [format, hint] =
      GENERATE(table<std::string, std::string>({{"1", "start tidingsd"},
                                                {"4711", "this program is older than the index"},
                                                {"x", "this program is older"}}));
  const Old old(format);
  const Error before = refused(old.index);
  CHECK(before.code == Error::Code::IndexVersion);
  CHECK(before.what.find((old.index.string() + ": made in format " + format + ";")) == 0);
  CHECK(before.what.find("knows format " + std::to_string(Manifest::kFormat)) != std::string::npos);
  CHECK(before.what.find("made anew") == std::string::npos);
  CHECK(before.hint.find(hint) == 0);
  open(old.index);
  CHECK(refused(old.index).what.find("is being made anew") != std::string::npos);
  CHECK(refused(old.index).hint.find("tidings sync") != std::string::npos);
}

TEST_CASE("a writer that was killed goes on with the index that it had begun", "[beside]") {
  const Old old;
  auto store = open(old.index);
  publish_bulk(*store, {{"a", "dockers strike"}});
  publish(*store, one(news("b"), "ferries sail"));
  const auto facts = store->facts();
  const SegmentId free = store->manifest().next;
  store.reset();
  const std::vector<std::string> torn = {
      "sealed-" + std::to_string(free) + ".glass", "sealed-" + std::to_string(free) + ".words-1",
      "live-" + std::to_string(free + 1) + "/iamglass", "manifest.next.new", "manifest.new"};
  for (const auto& name : torn) old.folder.write("index/" + name, "torn");
  store = open(old.index);
  CHECK(store->is_beside());
  CHECK(store->facts().identity == facts.identity);
  CHECK(store->facts().generation == facts.generation);
  CHECK(store->facts().documents == 2);
  for (const auto& name : torn) {
    CAPTURE(name);
    CHECK_FALSE(fs::exists(old.index / name));
  }
  old.check_whole();
  REQUIRE(store->take_over());
  CHECK(texts(old.index) == TextByKey{{"news:a", "dockers strike"}, {"news:b", "ferries sail"}});
}

TEST_CASE("what it had begun is begun again where it cannot be read", "[beside]") {
  const Old old;
  auto store = open(old.index);
  publish_bulk(*store, {{"a", "dockers strike"}});
  const auto begun = names_of(*store);
  const std::string identity = store->facts().identity;
  const fs::path live = store->manifest().live_path(old.index);
  store.reset();
  SECTION("by a program of a third format") {
    write_format(next_manifest_path(old.index), "5");
  }
  SECTION("damaged") {
    fs::resize_file(next_manifest_path(old.index), 150);
  }
  SECTION("its live segment is gone") {
    fs::remove_all(live);
  }
  store = open(old.index);
  CHECK(store->is_beside());
  CHECK(store->facts().identity != identity);
  CHECK(store->facts().documents == 0);
  old.check_whole();
  const auto named = names_of(*store);
  for (const auto& name : begun) {
    CAPTURE(name);
    CHECK(fs::exists(old.index / name) == (std::find(named.begin(), named.end(), name) != named.end()));
  }
  publish_bulk(*store, {{"z", "x"}});
  REQUIRE(store->take_over());
  CHECK(index_files(old.index) == names_of(*store));
}

TEST_CASE("what it had begun is kept where it cannot be read just now", "[beside]") {
  const Old old;
  auto store = open(old.index);
  publish_bulk(*store, {{"a", "dockers strike"}});
  const std::string identity = store->facts().identity;
  const fs::path texts = store->manifest().sealed.at(0).texts_path(old.index);
  store.reset();
  fs::rename(texts, old.folder / "kept");
  fs::create_directory(texts);  // to read it is EISDIR, for root too
  const auto refused = Store::open(old.index, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Error::Code::Io);
  fs::remove(texts);
  fs::rename(old.folder / "kept", texts);
  store = open(old.index);
  CHECK(store->facts().identity == identity);
  CHECK(store->facts().documents == 1);
  old.check_whole();
}

TEST_CASE("what it had begun is mended, at a start and while it is written, and not the old index",
          "[beside][mend]") {
  const Old old;
  Store::Options options = in_languages({"en"});
  options.corpora = {{"news", "/n"}};
  options.mend = Store::Mend::Unopenable;
  auto store = open(old.index, options);
  publish_bulk(*store, {{"a", "dockers strike"}});
  publish_bulk(*store, {{"b", "ferries sail"}});
  REQUIRE(store->set_crawled("news", "2"));
  const std::string identity = store->facts().identity;
  const SegmentEntry lost = store->manifest().sealed.at(0);
  const fs::path file = lost.path(old.index);
  SECTION("at a start") {
    store.reset();
    SECTION("where it is missing") {
      fs::remove(file);
    }
    SECTION("where it cannot be opened") {
      std::fstream(file, std::ios::in | std::ios::out) << std::string(8192, 'x');
    }
    store = open(old.index, options);
    CHECK(store->mended().segments == 1);
  }
  SECTION("while it is written") {
    const auto mended = store->mend({{lost.id, file, "damaged", false}});
    REQUIRE(mended);
    CHECK(mended->segments == 1);
  }
  CHECK(store->is_beside());
  CHECK(store->facts().identity == identity);
  CHECK(*store->crawled("news") == "2 repair");
  old.check_whole();
  publish_bulk(*store, {{"a", "dockers strike"}});
  REQUIRE(store->take_over());
  CHECK(texts(old.index) == TextByKey{{"news:a", "dockers strike"}, {"news:b", "ferries sail"}});
}

TEST_CASE("there is no purge of an index that is made beside another: the old one holds what was removed",
          "[beside][purge]") {
  const Old old;
  auto store = open(old.index);
  const auto refused = store->begin_purge();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Error::Code::Busy);
  CHECK(refused.error().hint.find("tidings sync") != std::string::npos);
  REQUIRE(store->take_over());
  CHECK(store->begin_purge());
}

TEST_CASE("a writer killed between the rename and the end of the old index sweeps it at its next start",
          "[beside]") {
  const Old old;
  auto store = open(old.index);
  publish_bulk(*store, {{"a", "dockers strike"}});
  const std::string next = contents_of(next_manifest_path(old.index));
  REQUIRE(store->take_over());
  store.reset();
  for (const auto& [name, file] : old.files)
    if (name != "manifest") old.folder.write("index/" + name, file.first);
  old.folder.write("index/manifest.next", next);
  store = open(old.index);
  CHECK_FALSE(store->is_beside());
  CHECK(index_files(old.index) == names_of(*store));
  CHECK(texts(old.index) == TextByKey{{"news:a", "dockers strike"}});
}

TEST_CASE("a program of the old format goes on with it, and sweeps what a newer one had begun", "[beside]") {
  const Old old;
  auto store = open(old.index);
  publish_bulk(*store, {{"a", "dockers strike"}});
  store.reset();
  write_format(manifest_path(old.index), std::to_string(Manifest::kFormat));
  store = open(old.index);
  CHECK_FALSE(store->is_beside());
  CHECK(store->facts().identity == old.identity);
  CHECK(store->facts().generation == old.generation);
  CHECK(index_files(old.index) == names_of(*store));
  CHECK(texts(old.index) == old.texts);
}

TEST_CASE("segments that are being made when the new index takes over are not swept with the old",
          "[beside]") {
  const Old old;
  auto store = open(old.index);
  publish_bulk(*store, {{"a", "dockers strike"}});
  publish_bulk(*store, {{"b", "ferries sail"}});
  auto merged = merge(job_of(*store, sealed_ids(*store), false));
  REQUIRE(merged);
  const BulkSegment bulk = bulk_of(*store, {{"c", "cranes"}});
  REQUIRE(store->take_over());
  REQUIRE(store->publish(*merged));
  publish_bulk(*store, {bulk});
  CHECK(texts(old.index) ==
        TextByKey{{"news:a", "dockers strike"}, {"news:b", "ferries sail"}, {"news:c", "cranes"}});
}

TEST_CASE("a full disk leaves the old index whole, and the new one goes on when there is room", "[beside]") {
  const Old old;
  std::unique_ptr<Store> store;
  SECTION("when it is begun") {
    {
      const FullDisk full(GENERATE(0, 100, 9 << 10));
      CHECK_FALSE(Store::open(old.index, {}));
    }
    old.check_whole();
    store = open(old.index);
    publish_bulk(*store, {{"a", "dockers strike"}});
  }
  SECTION("when it is filled") {
    store = open(old.index);
    const BulkSegment bulk = bulk_of(*store, {{"a", "dockers strike"}});
    {
      const FullDisk full(0);
      CHECK_FALSE(store->publish({bulk}, none_superseded));
    }
    old.check_whole();
    publish_bulk(*store, {bulk});
  }
  SECTION("when it is to take over") {
    store = open(old.index);
    publish_bulk(*store, {{"a", "dockers strike"}});
    {
      const FullDisk full(0);
      CHECK_FALSE(store->take_over());
    }
    CHECK(store->is_beside());
    old.check_whole();
  }
  CHECK(store->is_beside());
  REQUIRE(store->take_over());
  CHECK(texts(old.index) == TextByKey{{"news:a", "dockers strike"}});
  CHECK(index_files(old.index) == names_of(*store));
}

TEST_CASE("generations go on above the old ones, as far as they can be told", "[beside]") {
  FreshFolder folder;
  std::string manifest;
  std::uint64_t last = 0;
  SECTION("of the manifest") {
    manifest = "tidings manifest 9\nidentity x\ngeneration 70 and more\n";
    last = 70;
  }
  SECTION("of nothing that is known") {
    manifest = "tidings manifest 9\nwhatever\n";
  }
  folder.write("index/manifest", manifest);
  auto store = open(folder / "index");
  CHECK(store->facts().generation == last + 1);
  CHECK(store->facts().committed_ms > 0);
  REQUIRE(store->take_over());
  CHECK(facts(folder / "index").generation == last + 1);
}

TEST_CASE("the numbers of segments are read out of their files' names", "[beside]") {
  CHECK(segment_of("live-7") == SegmentId{7});
  CHECK(segment_of("sealed-12.glass") == SegmentId{12});
  CHECK(segment_of("live-3.words-2.new") == SegmentId{3});
  for (const char* name :
       {"live", "live-", "live-x", "manifest", "manifest.next", "dead-7", "sealed-99999999999", "-7"}) {
    CAPTURE(name);
    CHECK_FALSE(segment_of(name));
  }
}
