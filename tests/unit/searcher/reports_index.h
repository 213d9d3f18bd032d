// SPDX-License-Identifier: GPL-2.0-or-later
// reports_index.h — an index of some reports in a fresh folder, and a searcher of it: what the tests of match/ ask.
#pragma once
#include <algorithm>
#include <chrono>

#include "index/segments/merge.h"
#include "searcher/match/search.h"
#include "tests/unit/index/segments_cases.h"

namespace tidings::test {

struct Told {
  std::string path, text, date = "2024-08-01";
  std::string source = {}, type = "text", language = {}, title = {};
  Origin date_from = Origin::Metadata;
};

class ReportsIndex {
 public:
  explicit ReportsIndex(Store::Options options = {})
      : store_(test::open(folder_.path(), std::move(options))) {}

  /// Into the live segment, as one generation.
  void put(const std::vector<Told>& reports) {
    Batch batch;
    for (const Told& told : reports) batch.put(news(told.path), put_of(record_of(told), Cause::Arrival));
    publish(*store_, batch);
  }
  /// Into a sealed segment of their own.
  void seal(const std::vector<Told>& reports) {
    BulkWriter writer(store_->new_bulk_place(store_->facts().languages));
    for (const Told& told : reports) {
      PutDocument put = put_of(record_of(told), Cause::FirstCrawl);
      const auto previous = store_->previous(news(told.path));
      REQUIRE(previous);
      complete(put, *previous, store_->facts().generation + 1);
      REQUIRE(writer.add(put.document, put.words));
    }
    auto segment = writer.finish();
    REQUIRE(segment);
    publish_bulk(*store_, {*segment});
  }
  /// The live segment becomes a sealed one.
  void seal_live() { REQUIRE(store_->seal()); }
  void describe(Store::Options options) { REQUIRE(store_->describe(std::move(options))); }
  void remove(const std::string& path) { test::remove(*store_, path); }
  /// All sealed segments become one.
  void merge() {
    auto merged = tidings::merge(job_of(*store_, sealed_ids(*store_), true));
    REQUIRE(merged);
    REQUIRE(store_->publish(*merged));
  }

  searcher::Searcher searcher(config::Limits limits = {}) const { return {folder_.path(), limits}; }
  searcher::Answer search(const searcher::SearchRequest& request) const {
    auto answer = searcher().search(request);
    INFO((answer ? "" : answer.error().what));
    REQUIRE(answer);
    return std::move(*answer);
  }
  searcher::Answer search(const std::string& text) const {
    searcher::SearchRequest request;
    request.text = text;
    return search(request);
  }
  void read(FunctionRef<void(const Snapshot&)> unit) const {
    REQUIRE(Reader(folder_.path()).run([&](const Snapshot& snapshot) -> Result<void> {
      unit(snapshot);
      return {};
    }));
  }
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  static Record record_of(const Told& told) {
    Record record = test::record_of(news(told.path), told.text);
    record.report.date = {told.date, told.date_from};
    record.report.source = told.source;
    record.report.type = told.type;
    record.report.language = told.language;
    record.report.title = told.title;
    record.report.title_from = told.title.empty() ? Origin::None : Origin::Metadata;
    return record;
  }

  FreshFolder folder_;
  std::unique_ptr<Store> store_;
};

inline std::string day_before(int days) {
  const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  return iso_of((now - std::chrono::days(days)).time_since_epoch() / std::chrono::seconds(1)).substr(0, 10);
}

/// The names of the files that were found, in their order.
inline std::vector<std::string> names_of(const searcher::Answer& answer) {
  std::vector<std::string> names;
  for (const auto& hit : answer.hits) names.push_back(hit.key.path);
  return names;
}

}  // namespace tidings::test
