// SPDX-License-Identifier: GPL-2.0-or-later
// The whole store against a map: random publications, seals, bulk segments, merges and starts, in any order.
#include <set>

#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;

namespace {

/// What a reader is to see of a document: all that it was made of, but for when it was first seen.
Seen seen_of(const PutDocument& put) {
  const Xapian::Document& document = put.document;
  Seen seen;
  seen.data = document.get_data();
  for (auto it = document.values_begin(); it != document.values_end(); ++it)
    if (it.get_valueno() != slot::kFirstSeen) seen.values[it.get_valueno()] = *it;
  for (auto it = document.termlist_begin(); it != document.termlist_end(); ++it)
    seen.terms[*it] = it.get_wdf();
  seen.words = put.words;
  return seen;
}

class Model {
 public:
  explicit Model(unsigned seed) : random_(seed) { store_ = open(index_); }

  void step() {
    const std::size_t kind = random_.below(100);
    if (kind < 60)
      batch();
    else if (kind < 68)
      seal();
    else if (kind < 76)
      order_bulk();
    else if (kind < 84)
      publish_bulk();
    else if (kind < 90)
      plan_merge();
    else if (kind < 96)
      publish_merge();
    else if (kind < 97)
      other_languages();
    else if (kind < 99)
      start_again();
    else
      crawl();
    history_ += "abcdefghijklmnopqrstuvwxyz"[kind / 4];
  }

  /// The reader that is there all the time, or one that comes now, sees this generation alone.
  void check() {
    INFO("steps " << history_.substr(history_.size() - std::min<std::size_t>(history_.size(), 60)));
    CHECK(store_->facts().generation == generation_);
    CHECK(store_->facts().documents == expected_.size());
    Reader fresh(index_);
    Reader& reader = random_.once_in(3) ? fresh : reader_;
    REQUIRE(reader.run([&](const Snapshot& snapshot) -> Result<void> {
      if (snapshot.facts().generation != generation_) FAIL("generation " << snapshot.facts().generation);
      compare(everything(snapshot));
      check_queries(snapshot);
      return {};
    }));
    for (const auto& [key, document] : expected_) {
      const auto found = store_->find(Key::parse(key));
      if (!found) FAIL(key << " is not in the catalogue");
      if (!same_stamp(found->stamp, document.seen)) FAIL(key << ": another stamp");
    }
    CHECK(index_files_but(unpublished()) == names_of(*store_));
  }

 private:
  struct Expected {
    Seen seen;
    Previous previous;
  };
  struct Bulk {
    BulkSegment segment;
    std::map<std::string, PutDocument> documents;
    std::set<KeyHash> superseded;  ///< by what was published since it was ordered
  };

  Key random_key() {
    return news((random_.once_in(3) ? "sub/" : "") + std::to_string(random_.below(80)) + ".txt");
  }
  PutDocument random_put(const Key& key) {
    static constexpr const char* kWords[] = {"strike", "strikes",  "walkout", "port",
                                             "Häuser", "pre-empt", "ferry"};
    std::string text;
    for (std::size_t n = random_.below(8); n > 0; --n) text.append(kWords[random_.below(7)]).push_back(' ');
    Record record = record_of(key, text);
    record.report.title = random_.once_in(2) ? "Port of call" : "";
    record.file.ctime_ns = static_cast<std::int64_t>(random_.below(1'000'000));
    return put_of(record, static_cast<Cause>(random_.below(kCauseNames.size())));
  }
  std::optional<Previous> previous_of(const std::string& key) const {
    const auto known = expected_.find(key);
    return known == expected_.end() ? std::nullopt : std::optional(known->second.previous);
  }
  void expect(const std::string& key, const PutDocument& completed) {
    expected_[key] = {seen_of(completed), tidings::previous_of(completed.document)};
  }

  void batch() {
    Batch batch;
    for (std::size_t n = random_.below(6); n > 0; --n) {
      const Key key = random_key();
      if (random_.once_in(3))
        batch.remove(key);
      else
        batch.put(key, random_put(key));
    }
    if (!batch.empty()) ++generation_;
    for (const auto& [key, put] : batch.changes()) {
      for (auto& bulk : bulks_) bulk.superseded.insert(hash_of(key.text()));
      if (!put) {
        expected_.erase(key.text());
        continue;
      }
      // A document of its own: Xapian's share what they hold.
      PutDocument copy = put_of(record_of_document(put->document), put->cause);
      complete(copy, previous_of(key.text()), generation_);
      expect(key.text(), copy);
    }
    REQUIRE(publish(*store_, batch) == generation_);
  }
  static Record record_of_document(const Xapian::Document& document) {
    Record record = *decode_data(document.get_data());
    record.key = key_of(document);
    const FileState stamp = stamp_of(document);
    record.file.size = stamp.size;
    record.file.ctime_ns = stamp.ctime_ns;
    record.file.inode = stamp.inode;
    record.report.status = status_of(document);
    record.hash = document.get_value(slot::kHash);
    return record;
  }

  void seal() { REQUIRE(store_->seal()); }

  void order_bulk() {
    if (bulks_.size() >= 3) return;
    Bulk bulk;
    BulkWriter writer(store_->new_bulk_place(store_->facts().languages));
    std::set<std::string> taken;
    for (const auto& other : bulks_)
      for (const auto& [key, put] : other.documents) taken.insert(key);
    for (std::size_t n = 1 + random_.below(30); n > 0; --n) {
      const Key key = random_key();
      if (!store_->fits_bulk(key) || !taken.insert(key.text()).second) continue;
      PutDocument put = random_put(key);
      put.cause = random_.once_in(2) ? Cause::FirstCrawl : Cause::Rebuild;
      auto previous = store_->previous(key);
      REQUIRE(previous);
      complete(put, *previous, store_->facts().generation + 1);
      REQUIRE(writer.add(put.document, put.words));
      bulk.documents.emplace(key.text(), put);
    }
    if (bulk.documents.empty()) return;
    auto segment = writer.finish();
    REQUIRE(segment);
    bulk.segment = std::move(*segment);
    bulks_.push_back(std::move(bulk));
  }

  void publish_bulk() {
    if (bulks_.empty()) return;
    std::vector<BulkSegment> segments;
    std::set<KeyHash> superseded;
    std::vector<Key> removals;
    // One alone, or all of them; and perhaps twice, as after an error that came after the deed.
    const std::size_t count = random_.once_in(3) ? bulks_.size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
      segments.push_back(bulks_[i].segment);
      for (const auto& hash : bulks_[i].superseded) superseded.insert(hash);
    }
    if (random_.once_in(2))
      for (const Key& key : {random_key(), random_key()}) {
        const bool in_bulk = std::any_of(bulks_.begin(), bulks_.end(), [&](const auto& bulk) {
          return bulk.documents.contains(key.text());
        });
        if (!in_bulk && store_->fits_bulk(key)) removals.push_back(key);
      }
    ++generation_;
    for (const auto& key : removals) expected_.erase(key.text());
    for (std::size_t i = 0; i < count; ++i)
      for (const auto& [key, put] : bulks_[i].documents)
        if (!superseded.contains(hash_of(key))) expect(key, put);
    const bool again = random_.once_in(4);
    for (int times = 0; times <= (again ? 1 : 0); ++times) {
      const auto published = store_->publish(
          segments, [&](const KeyHash& key) { return superseded.contains(key); }, removals);
      REQUIRE(published);
      REQUIRE(*published == generation_);
    }
    bulks_.erase(bulks_.begin(), bulks_.begin() + static_cast<long>(count));
  }

  void plan_merge() {
    if (merge_) return;
    auto job = store_->plan_merge(random_.once_in(2));
    if (!job) return;
    if (random_.once_in(4)) job->drop_dead = true;
    auto made = merge(std::move(*job));
    INFO((made ? "" : made.error().what));
    REQUIRE(made);
    merge_ = std::move(*made);
  }
  void publish_merge() {
    if (!merge_) return;
    if (random_.once_in(5)) {
      store_->drop(merge_->job);
    } else {
      const auto published = store_->publish(*merge_);
      INFO((published ? "" : published.error().what));
      REQUIRE(published);
    }
    merge_.reset();
  }
  void forget_unpublished() {
    bulks_.clear();
    merge_.reset();
  }
  void start_again() {
    store_.reset();
    forget_unpublished();  // swept by the start
    store_ = open(index_, in_languages(languages_));
  }
  void other_languages() {
    languages_ = random_.once_in(2) ? std::vector<std::string>{"en"} : std::vector<std::string>{"de", "en"};
    REQUIRE(store_->describe(in_languages(languages_)));
  }

  /// A crawl that meets some of the files asks for the others.
  void crawl() {
    const auto number = store_->begin_crawl();
    std::set<std::string> unmet;
    for (const auto& [key, document] : expected_) {
      if (random_.once_in(2))
        store_->met(Key::parse(key), number);
      else if (key.starts_with("news:sub/"))
        unmet.insert(key);
    }
    std::set<std::string> asked;
    REQUIRE(store_->below(news("sub"), number, [&](Key key) {
      if (!asked.insert(key.text()).second) FAIL(key.text() << " twice");
    }));
    CHECK(asked == unmet);
  }

  void compare(Everything all) const {
    for (auto& [key, seen] : all) {
      const auto known = expected_.find(key);
      if (known == expected_.end()) FAIL(key << " came back");
      seen.values.erase(slot::kFirstSeen);
      if (seen == known->second.seen) continue;
      for (const auto& [number, value] : known->second.seen.values)
        if (seen.values[number] != value) FAIL(key << ": value " << number);
      if (seen.data != known->second.seen.data) FAIL(key << ": data");
      FAIL(key << ": terms");
    }
    if (all.size() != expected_.size()) FAIL(expected_.size() - all.size() << " are lost");
  }
  /// The dead are in no answer, and words are found by any of their forms.
  void check_queries(const Snapshot& snapshot) const {
    std::size_t expected = 0;
    std::set<std::string> words;
    for (const auto& [key, document] : expected_) {
      expected += document.seen.terms.contains("strikes") ? 1 : 0;
      for (const char* word : {"strike", "strikes"})
        if (document.seen.terms.contains(word)) words.insert(word);
    }
    Xapian::Enquire enquire(snapshot.database());
    enquire.set_query(snapshot.living(Xapian::Query("strikes")));
    const auto hits = enquire.get_mset(0, 1000, snapshot.database().get_doccount() + 1);
    if (hits.size() != expected || hits.get_matches_estimated() != expected)
      FAIL(hits.size() << " hits of " << expected);
    const auto forms = snapshot.forms("strike");
    for (const auto& word : words)
      if (!std::binary_search(forms.begin(), forms.end(), word)) FAIL(word << " is no form");
  }
  static bool same_stamp(const FileState& stamp, const Seen& seen) {
    return stamp.same_stamp(stamp_of(seen.values.at(slot::kSize), seen.values.at(slot::kStamp)));
  }

  std::set<std::string> unpublished() const {
    std::set<std::string> names;
    const auto add = [&](const SegmentEntry& entry) {
      for (const auto& file : entry.files(index_)) names.insert(file.filename().string());
    };
    for (const auto& bulk : bulks_) add(bulk.segment.entry);
    if (merge_ && merge_->entry) add(*merge_->entry);
    return names;
  }
  std::vector<std::string> index_files_but(const std::set<std::string>& but) const {
    auto names = index_files(index_);
    std::erase_if(names, [&](const auto& name) { return but.contains(name); });
    return names;
  }

  Random random_;
  FreshFolder folder_;
  std::filesystem::path index_ = folder_ / "index";
  std::vector<std::string> languages_ = {"en"};
  std::unique_ptr<Store> store_;
  Reader reader_{index_};
  std::map<std::string, Expected> expected_;
  std::uint64_t generation_ = 0;
  std::vector<Bulk> bulks_;
  std::optional<Merged> merge_;
  std::string history_;
};

}  // namespace

TEST_CASE("whatever is published, sealed, merged and begun again: the index is what a map would be",
          "[segments]") {
  const unsigned seed = Random().seed();
  INFO("TIDINGS_SEED=" << seed);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr int kSteps = 300;
#else
  constexpr int kSteps = 2000;
#endif
  Model model(seed);
  for (int step = 0; step < kSteps; ++step) {
    model.step();
    if (step % 20 == 0) model.check();
  }
  model.check();
}
