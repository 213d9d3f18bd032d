// SPDX-License-Identifier: GPL-2.0-or-later
// A copy of the index is one generation of it, whatever its writer does meanwhile.
#include "index/segments/backup.h"

#include <sys/stat.h>

#include <atomic>
#include <thread>

#include "index/segments/soundness.h"
#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;
namespace fs = std::filesystem;

namespace {

BackedUp backed_up(const fs::path& index, const fs::path& to) {
  auto done = back_up(index, to);
  INFO((done ? "" : done.error().what));
  REQUIRE(done);
  return *done;
}

/// Words that fill some blocks, all of them with this number.
std::string long_text(std::size_t number) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "word" + std::to_string(i) + "of" + std::to_string(number) + " ";
  return text;
}

Result<std::uint64_t> publish_in_bulk(Store& store, std::size_t number) {
  BulkWriter writer(store.new_bulk_place({"en"}));
  PutDocument put = put_of(record_of(news("bulk"), long_text(number)), Cause::FirstCrawl);
  complete(put, std::nullopt, number);
  if (auto added = writer.add(put.document, put.words); !added) return tl::unexpected(added.error());
  auto segment = writer.finish();
  if (!segment) return tl::unexpected(segment.error());
  return store.publish({*segment}, none_superseded);
}

}  // namespace

TEST_CASE("a copy opens as the index that it is of: identity, generation, documents, tombstones",
          "[backup]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, {{"a", "dockers strike"}, {"b", "ferries sail"}, {"c", "cranes stand"}});
  publish(*store, one(news("d"), "gates open"));
  REQUIRE(store->seal());
  remove(*store, "b");
  REQUIRE(store->seal());                             // a tombstone in a file
  publish(*store, one(news("a"), "dockers return"));  // and one in the live segment
  publish(*store, one(news("e"), "tugs wait"));
  const auto done = backed_up(folder / "index", folder / "copy");
  CHECK(done.generation == store->facts().generation);
  CHECK(done.documents == 4);
  CHECK(done.segments == 2);
  CHECK(everything(folder / "copy") == everything(folder / "index"));
  CHECK(facts(folder / "copy").identity == store->facts().identity);
  CHECK(look_at_segments(folder / "copy")->damaged.empty());
  CHECK(fs::status(folder / "copy").permissions() == fs::perms::owner_all);
  auto names = index_files(folder / "index");
  std::erase(names, "lock");
  CHECK(index_files(folder / "copy") == names);
  SECTION("and shares no file with it") {
    for (const auto& entry : fs::recursive_directory_iterator(folder / "copy"))
      if (entry.is_regular_file()) CHECK(entry.hard_link_count() == 1);
  }
  SECTION("a writer goes on from it") {
    auto copy = open(folder / "copy");
    CHECK(publish(*copy, one(news("f"), "a later one")) == done.generation + 1);
    CHECK(read(folder / "copy", news("a"))->report.text == "dockers return");
    CHECK_FALSE(read(folder / "copy", news("b")));
    CHECK_FALSE(read(folder / "index", news("f")));
  }
}

TEST_CASE("a copy that is made while the index is written is one of its generations, whole", "[backup]") {
  FreshFolder folder;
  // Each generation puts some reports anew, with its own number in their texts: two in one copy would be seen. Each third is a bulk
  // segment of one report. The others make the live segment so large that commits come while it is read.
  constexpr std::size_t kReports = 6, kOthers = 200, kSealEvery = 31;
  auto store = open(folder / "index");
  const auto version = [&](std::size_t number) {
    Batch batch;
    const auto put = [&](const std::string& path) {
      batch.put(news(path), put_of(record_of(news(path), long_text(number)), Cause::Arrival));
    };
    for (std::size_t i = 0; i < kReports; ++i) put(std::to_string(i));
    for (std::size_t i = 0; (number == 1 || number % kSealEvery == 1) && i < kOthers; ++i)
      put("other" + std::to_string(i));
    return batch;
  };
  publish(*store, version(1));
  const bool courtesy = GENERATE(true, false);
  if (!courtesy) {  // what cannot be opened for writing is no lock for the writer
    fs::remove(folder / "index/readers");
    fs::create_directory(folder / "index/readers");
  }
  CAPTURE(courtesy);
  std::atomic<bool> stop = false;
  std::string problem;
  std::thread writer([&] {
    for (std::size_t number = 2; !stop && problem.empty(); ++number) {
      if (auto published =
              number % 3 == 0 ? publish_in_bulk(*store, number) : store->publish(version(number));
          !published)
        problem = published.error().what;
      else if (*published != number)
        problem = "generation " + std::to_string(*published);
      if (number % kSealEvery != 0 && number % 3 != 0) continue;
      if (number % kSealEvery == 0)
        if (auto sealed = store->seal(); !sealed) problem = sealed.error().what;
      auto job = store->plan_merge(true);
      if (!job) continue;
      auto merged = merge(*job);
      if (!merged || !store->publish(*merged)) problem = "merge";
    }
  });
  for (int copy = 0; copy < 15; ++copy) {
    const fs::path to = folder / ("copy" + std::to_string(copy));
    const auto done = back_up(folder / "index", to);
    if (!done) {
      stop = true;
      writer.join();
      FAIL(done.error().what);
    }
    CAPTURE(done->generation);
    const std::size_t bulk = done->generation / 3 * 3, batch = done->generation - (done->generation == bulk);
    const auto there = texts(to);
    CHECK(there.size() == kReports + kOthers + (bulk > 0));
    for (std::size_t i = 0; i < kReports; ++i)
      CHECK((there.at("news:" + std::to_string(i)) == long_text(batch)));
    if (bulk > 0) CHECK((there.at("news:bulk") == long_text(bulk)));
    CHECK(look_at_segments(to)->damaged.empty());
    fs::remove_all(to);
  }
  stop = true;
  writer.join();
  CHECK(problem == "");
}

TEST_CASE("a copy goes to a folder that is empty or not there yet, and what failed leaves nothing",
          "[backup]") {
  FreshFolder folder;
  auto store = open(folder / "index");
  publish_bulk(*store, {{"a", "dockers strike"}});
  const auto refused = [&](const fs::path& index, const fs::path& to, Error::Code code) {
    const auto done = back_up(index, to);
    REQUIRE_FALSE(done);
    CAPTURE(done.error().what);
    CHECK(done.error().code == code);
    CHECK_FALSE(done.error().hint.empty());
  };
  SECTION("empty") {
    fs::create_directory(folder / "copy");
    fs::permissions(folder / "copy", fs::perms(0755));
    backed_up(folder / "index", folder / "copy/");
    CHECK(fs::status(folder / "copy").permissions() == fs::perms::owner_all);
  }
  SECTION("not empty") {
    folder.write("copy/thesis.odt", "years of work");
    refused(folder / "index", folder / "copy", Error::Code::BadRequest);
    CHECK(names_in(folder / "copy") == std::vector<std::string>{"thesis.odt"});
  }
  SECTION("a file") {
    folder.write("copy", "years of work");
    refused(folder / "index", folder / "copy", Error::Code::BadRequest);
    CHECK(fs::file_size(folder / "copy") == 13);
  }
  SECTION("in the index") {
    refused(folder / "index", folder / "index/copy", Error::Code::BadRequest);
    CHECK_FALSE(fs::exists(folder / "index/copy"));
  }
  SECTION("no index") {
    fs::create_directory(folder / "none");
    refused(folder / "none", folder / "copy", Error::Code::NotFound);
    CHECK_FALSE(fs::exists(folder / "copy"));
  }
  SECTION("a damaged one is not copied") {
    const fs::path file = store->manifest().sealed.at(0).path(folder / "index");
    fs::resize_file(file, fs::file_size(file) - 1);
    const bool empty_before = GENERATE(false, true);
    if (empty_before) fs::create_directory(folder / "copy");
    const auto done = back_up(folder / "index", folder / "copy");
    REQUIRE_FALSE(done);
    CHECK(done.error().what.find(file.string()) != std::string::npos);
    CHECK(done.error().hint.find("verify --repair") != std::string::npos);
    CHECK(fs::exists(folder / "copy") == empty_before);
    if (empty_before) CHECK(fs::is_empty(folder / "copy"));
  }
  SECTION("a disk that is full") {
    {
      const FullDisk full(100);
      const auto done = back_up(folder / "index", folder / "copy");
      REQUIRE_FALSE(done);
      CHECK(done.error().what.find("copy") != std::string::npos);
    }
    CHECK_FALSE(fs::exists(folder / "copy"));
  }
}
