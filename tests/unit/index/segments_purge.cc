// SPDX-License-Identifier: GPL-2.0-or-later
// After a purge no file of the index has a word that only removed or replaced reports had.
#include <zstd.h>

#include <fstream>
#include <iterator>

#include "index/segments/little_endian.h"
#include "index/segments/quarantine.h"
#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// All blocks of a file of texts, also those that no document is in.
std::string unpacked(const std::string& file) {
  const std::size_t blocks = number_at(file.data() + file.size() - 16, 4),
                    documents = number_at(file.data() + file.size() - 12, 4);
  const char* table = file.data() + file.size() - 16 - 16 * blocks - 12 * documents;
  std::string all;
  for (std::size_t i = 0; i < blocks; ++i) {
    const char* entry = table + 16 * i;
    std::string block(number_at(entry + 12, 4), '\0');
    REQUIRE(ZSTD_decompress(block.data(), block.size(), file.data() + number_at(entry, 8),
                            number_at(entry + 8, 4)) == block.size());
    all += block;
  }
  return all;
}

/// The files below the folder that have the word, texts being unpacked.
std::vector<std::string> files_with(const fs::path& folder, const std::string& word) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::string bytes = bytes_of(entry.path());
    if (entry.path().extension() == ".texts") bytes += unpacked(bytes);
    if (bytes.find(word) != std::string::npos) found.push_back(entry.path().filename().string());
  }
  return found;
}

/// As the daemon does it.
std::uint64_t purge(Store& store) {
  auto unclean = store.begin_purge();
  REQUIRE(unclean);
  for (const SegmentId id : *unclean) {
    auto job = store.purge_job(id);
    REQUIRE(job);
    auto merged = merge(*job);
    INFO((merged ? "" : merged.error().what));
    REQUIRE(merged);
    REQUIRE(store.publish(*merged));
  }
  REQUIRE(store.end_purge());
  return unclean->size();
}

}  // namespace

TEST_CASE("what was removed or replaced leaves every file of the index", "[purge]") {
  FreshFolder folder;
  const fs::path index = folder / "index";
  auto store = open(index);
  publish_bulk(*store,
               {{"a", "dockers xyzzyone strike"}, {"b", "ferries xyzzytwo sail"}, {"c", "cranes stand"}});
  publish(*store, one(news("d"), "gates xyzzythree open"));
  publish(*store, one(news("e"), "tugs xyzzyfour wait"));
  REQUIRE(store->seal());  // d and e are in a folder
  publish(*store, one(news("f"), "pilots xyzzyfive sleep"));
  publish(*store, one(news("g"), "ropes xyzzysix break"));
  const auto words = {"xyzzyone", "xyzzytwo", "xyzzythree", "xyzzyfour", "xyzzyfive", "xyzzysix"};
  for (const auto* word : words) CHECK_FALSE(files_with(index, word).empty());

  remove(*store, "a");
  publish(*store, one(news("b"), "ferries return"));
  remove(*store, "d");
  publish(*store, one(news("e"), "tugs return"));
  remove(*store, "f");
  publish(*store, one(news("g"), "ropes hold"));
  put_into_quarantine(index, {});
  std::ofstream(index / "quarantine/1/sealed-9.glass") << "xyzzyone";
  const auto before = everything(index);
  const auto generation = store->facts().generation;
  SECTION("at once") {}
  SECTION("after more seals") {
    REQUIRE(store->seal());
    publish(*store, one(news("h"), "a later one"));
    REQUIRE(store->seal());
    remove(*store, "h");
  }
  SECTION("after a merge without dropping the dead") {
    REQUIRE(store->seal());
    auto merged = merge(job_of(*store, sealed_ids(*store), false));
    REQUIRE(merged);
    REQUIRE(store->publish(*merged));
  }
  CHECK(purge(*store) >= 1);
  for (const auto* word : words) {
    CAPTURE(word);
    CHECK(files_with(index, word) == std::vector<std::string>());
    Reader reader(index);
    CHECK(forms_of(reader, word).empty());
  }
  CHECK(texts(everything(index)) == texts(before));
  CHECK(store->facts().generation >= generation);
  CHECK(index_files(index) == names_of(*store));
  CHECK(purge(*store) == 0);
}

TEST_CASE("a purge of an index where nothing is left leaves none of its segments", "[purge]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, {{"a", "dockers xyzzyone strike"}});
  publish(*store, one(news("b"), "ferries xyzzyone sail"));
  remove(*store, "a");
  remove(*store, "b");
  purge(*store);
  CHECK(store->manifest().sealed.empty());
  CHECK(files_with(folder / "index", "xyzzyone") == std::vector<std::string>());
  CHECK(store->facts().documents == 0);
}
