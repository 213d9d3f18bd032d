// SPDX-License-Identifier: GPL-2.0-or-later
// store_cases.h — what the tests of the store and of its readers share: an index in a fresh folder, and reports for it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "index/builder.h"
#include "index/store.h"
#include "tests/unit/catch.h"
#include "tests/unit/fresh_folder.h"

namespace tidings::test {

inline Record record_of(const Key& key, const std::string& text) {
  Record record;
  record.key = key;
  record.report.text = text;
  record.report.date = {"2024-08-01", Origin::FileTime};
  record.file = {text.size(), 1, 1, 1};
  record.hash = std::string(16, '\0');
  const std::size_t hash = std::hash<std::string>()(text);
  for (std::size_t i = 0; i < sizeof hash; ++i) record.hash[i] = static_cast<char>(hash >> 8 * i & 0xff);
  return record;
}

inline PutDocument put_of(const Record& record, Cause cause) {
  static thread_local DocumentBuilder builder({"en"});
  PutDocument put{.document = {}, .cause = cause, .hash = record.hash};
  put.document = builder.build(record, &put.words);
  return put;
}

inline Batch one(const Key& key, const std::string& text, Cause cause = Cause::Arrival) {
  Batch batch;
  batch.put(key, put_of(record_of(key, text), cause));
  return batch;
}

/// A published batch; the generation.
inline std::uint64_t publish(Store& store, const Batch& batch) {
  auto published = store.publish(batch);
  REQUIRE(published);
  return *published;
}

inline std::unique_ptr<Store> open(const std::filesystem::path& folder, Store::Options options = {}) {
  auto store = Store::open(folder, std::move(options));
  INFO((store ? "" : store.error().what));
  REQUIRE(store);
  return std::move(*store);
}

/// The live segment, as one database.
inline std::filesystem::path live_folder(const std::filesystem::path& index) {
  const auto manifest = Manifest::read(index);
  INFO((manifest ? "" : manifest.error().what));
  REQUIRE(manifest);
  return manifest->live_path(index);
}
inline Xapian::Database live(const std::filesystem::path& index) {
  return Xapian::Database(live_folder(index).string());
}

/// What a reader that comes now is given of one file.
inline std::optional<Record> read(const std::filesystem::path& folder, const Key& key) {
  std::optional<Record> record;
  auto done = Reader(folder).run([&](const Snapshot& snapshot) -> Result<void> {
    record.reset();
    if (auto id = snapshot.find(key)) record = snapshot.record(*id);
    return {};
  });
  INFO((done ? "" : done.error().what));
  REQUIRE(done);
  return record;
}

inline IndexFacts facts(const std::filesystem::path& folder) {
  auto facts = Reader(folder).facts();
  REQUIRE(facts);
  return *facts;
}

}  // namespace tidings::test
