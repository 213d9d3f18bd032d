// SPDX-License-Identifier: GPL-2.0-or-later
// segments_cases.h — what the tests of segments share: random numbers that can be had again, segments made in bulk, and all that a
// reader can see of an index.
#pragma once
#include <cstdlib>
#include <map>
#include <random>

#include "tests/unit/index/store_cases.h"

namespace tidings::test {

/// Another one each time, or TIDINGS_SEED; print it: `INFO("TIDINGS_SEED=" << random.seed())`.
class Random {
 public:
  Random()
      : Random(std::getenv("TIDINGS_SEED") ? unsigned(std::strtoul(std::getenv("TIDINGS_SEED"), nullptr, 10))
                                           : std::random_device{}()) {}
  explicit Random(unsigned seed) : seed_(seed), engine_(seed) {}
  unsigned seed() const { return seed_; }
  std::size_t below(std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(engine_);
  }
  bool once_in(std::size_t times) { return below(times) == 0; }
  std::string bytes(std::size_t most) {
    std::string out(below(most + 1), '\0');
    for (char& c : out) c = static_cast<char>(below(256));
    return out;
  }

 private:
  unsigned seed_;
  std::mt19937 engine_;
};

/// All that an index holds of one document.
struct Seen {
  std::string data;
  std::map<Xapian::valueno, std::string> values;
  std::map<std::string, Xapian::termcount> terms;  ///< with their wdf
  WordsInOrder words;
  bool operator==(const Seen&) const = default;
};
using Everything = std::map<std::string, Seen>;  ///< by the text of the key

/// The living documents, by posting lists, words in order and value streams alone: sealed segments have no term lists.
inline Everything everything(const Snapshot& snapshot) {
  const Xapian::Database& database = snapshot.database();
  Analyzer analyzer({"en"});
  std::map<Xapian::docid, Seen> by_id;
  for (auto id = database.postlist_begin({}); id != database.postlist_end({}); ++id)
    if (!snapshot.is_dead(*id)) {
      by_id[*id].data = encode_data(snapshot.record(*id));
      by_id[*id].words = snapshot.words_in_order(*id, analyzer);
    }
  for (Xapian::valueno slot = 0; slot <= slot::kHash; ++slot)
    for (auto it = database.valuestream_begin(slot); it != database.valuestream_end(slot); ++it)
      if (by_id.contains(it.get_docid())) by_id[it.get_docid()].values[slot] = *it;
  for (auto term = database.allterms_begin(); term != database.allterms_end(); ++term)
    for (auto it = database.postlist_begin(*term); it != database.postlist_end(*term); ++it)
      if (by_id.contains(*it)) by_id[*it].terms[*term] = it.get_wdf();
  Everything all;
  for (auto& [id, seen] : by_id) {
    const std::string key = seen.values[slot::kPath];
    if (!all.emplace(key, std::move(seen)).second) FAIL_CHECK(key << " is there twice");
  }
  CHECK(all.size() == snapshot.facts().documents);
  return all;
}
inline Everything everything(Reader& reader) {
  Everything all;
  auto done = reader.run([&](const Snapshot& snapshot) -> Result<void> {
    all = everything(snapshot);
    return {};
  });
  INFO((done ? "" : done.error().what));
  REQUIRE(done);
  return all;
}
inline Everything everything(const std::filesystem::path& index) {
  Reader reader(index);
  return everything(reader);
}

/// The texts alone.
inline std::map<std::string, std::string> texts(const Everything& all) {
  std::map<std::string, std::string> texts;
  for (const auto& [key, seen] : all) texts[key] = decode_data(seen.data)->report.text;
  return texts;
}
inline std::map<std::string, std::string> texts(const std::filesystem::path& index) {
  return texts(everything(index));
}
using TextByKey = std::map<std::string, std::string>;

/// The words of the index that have this stem.
inline std::vector<std::string> forms_of(Reader& reader, std::string_view stem) {
  std::vector<std::string> forms;
  REQUIRE(reader.run([&](const Snapshot& snapshot) -> Result<void> {
    forms = snapshot.forms(stem);
    return {};
  }));
  return forms;
}

inline Store::Options in_languages(std::vector<std::string> languages) {
  return {.languages = std::move(languages), .corpora = {}, .control_socket = {}};
}

inline Key news(const std::string& path) {
  return {"news", path};
}

/// A segment of these reports, made as the readers make it: at the next generation, by what the index has of them.
inline BulkSegment bulk_of(Store& store, const TextByKey& reports, Cause cause = Cause::FirstCrawl) {
  BulkWriter writer(store.new_bulk_place(store.facts().languages));
  for (const auto& [path, text] : reports) {
    PutDocument put = put_of(record_of(news(path), text), cause);
    auto previous = store.previous(news(path));
    REQUIRE(previous);
    complete(put, *previous, store.facts().generation + 1);
    REQUIRE(writer.add(put.document, put.words));
  }
  auto segment = writer.finish();
  INFO((segment ? "" : segment.error().what));
  REQUIRE(segment);
  return std::move(*segment);
}

inline bool none_superseded(const KeyHash&) {
  return false;
}

/// Publishes them; the generation.
inline std::uint64_t publish_bulk(Store& store, const std::vector<BulkSegment>& segments) {
  auto published = store.publish(segments, none_superseded);
  INFO((published ? "" : published.error().what));
  REQUIRE(published);
  return *published;
}
inline std::uint64_t publish_bulk(Store& store, const TextByKey& reports) {
  return publish_bulk(store, {bulk_of(store, reports)});
}

inline void remove(Store& store, const std::string& path) {
  Batch batch;
  batch.remove(news(path));
  publish(store, batch);
}

/// A merge of these segments, whatever the policy would choose.
inline MergeJob job_of(Store& store, const std::vector<SegmentId>& ids, bool drop_dead) {
  MergeJob job{.place = store.new_bulk_place(store.facts().languages), .sources = {}, .drop_dead = drop_dead};
  for (const SegmentId id : ids)
    for (const auto& entry : store.manifest().sealed)
      if (entry.id == id) {
        // What a reader has of it, as plan_merge() takes it from memory.
        Dead dead;
        if (entry.dead) dead = *read_dead(entry.dead_path(store.folder()));
        auto since = live_dead::read(Xapian::Database(store.manifest().live_path(store.folder()).string()));
        if (since.contains(id)) dead = united(dead, since[id]);
        job.sources.push_back({entry, dead});
      }
  REQUIRE(job.sources.size() == ids.size());
  return job;
}

inline std::vector<SegmentId> sealed_ids(const Store& store) {
  std::vector<SegmentId> ids;
  for (const auto& entry : store.manifest().sealed) ids.push_back(entry.id);
  return ids;
}

inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// The names of the files that the manifest names, and of no others.
inline std::vector<std::string> names_of(const Store& store) {
  std::vector<std::string> names = {"lock", "manifest"};
  const auto add = [&](const std::filesystem::path& path) { names.push_back(path.filename().string()); };
  add(store.manifest().live_path(store.folder()));
  for (const auto& entry : store.manifest().sealed)
    for (const auto& file : entry.files(store.folder())) add(file);
  std::sort(names.begin(), names.end());
  return names;
}
/// Without the scratch folder, which is there on machines without much memory.
inline std::vector<std::string> index_files(const std::filesystem::path& index) {
  auto names = names_in(index);
  std::erase(names, "scratch");
  std::erase(names, "readers");  // made at the first commit
  return names;
}

}  // namespace tidings::test
