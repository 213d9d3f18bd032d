// SPDX-License-Identifier: GPL-2.0-or-later
// answer.h — what is asked of the index and what it answers: the same for command line, API, page and live
// queries.
//
// JSON of it: present/json.h, which documents each field for users.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "index/record.h"

namespace tidings::searcher {

enum class Sort { Best, Relevance, Newest, Oldest };         ///< order.h
enum class Facet { Source, Folder, Type, Language, Month };  ///< facets.h
inline constexpr std::array<std::string_view, 5> kFacetNames = {"source", "folder", "type", "language",
                                                                "month"};
inline std::string_view name(Facet facet) {
  return kFacetNames[static_cast<std::size_t>(facet)];
}
enum class Period { Day, Week, Month };  ///< timeline.h
inline constexpr std::array<std::string_view, 3> kPeriodNames = {"day", "week", "month"};
inline std::string_view name(Period period) {
  return kPeriodNames[static_cast<std::size_t>(period)];
}

struct SearchRequest {
  std::string text;
  std::size_t limit = 10;  ///< hits wanted, at most limits.results
  std::size_t offset = 0;
  Sort sort = Sort::Best;
  bool plain = false;  ///< a bag of words without operators: any word, by score alone
  bool fill = true;    ///< places left on the page go to reports that have most of the words, marked partial
  bool collapse =
      false;  ///< of near-copies the first alone is a hit (collapse.h); not where the query has is:duplicate
  bool passages = true;
  std::vector<Facet> facets;       ///< what all full matches are counted by
  std::optional<Period> timeline;  ///< and over time
  bool explain = false;            ///< each score as a sum
  bool suggest = false;            ///< where little is found, look for what may have been meant
  /// Only reports published after this generation by an arrival, a change or a catch-up: what a live query
  /// asks for.
  std::optional<std::uint64_t> after_generation;
  auto operator<=>(const SearchRequest&) const = default;
};

struct Passage {
  std::string text;  ///< UTF-8, one line, the report's own spelling
  std::vector<std::pair<std::uint32_t, std::uint32_t>>
      marks;  ///< [begin, end) in code points, sorted, disjoint
};

/// A part of a score.
struct ScorePart {
  std::string what;  ///< "coventry"; the forms of a word; "recent"
  double score = 0;
};

struct Hit {
  Key key;
  std::string path;  ///< absolute, bytes as on disk
  std::string title;
  Date date;
  std::string source, type, language;
  Status status = Status::Indexed;
  std::string reason;      ///< why it is not wholly indexed
  std::uint64_t size = 0;  ///< bytes
  double score = 0;
  bool partial = false;       ///< has most of the words, not all
  std::uint64_t similar = 0;  ///< near-copies that match as well, and are left out
  std::uint64_t generation = 0;
  Cause cause = Cause::Arrival;
  std::vector<Passage> passages;
  std::vector<ScorePart> explanation;  ///< where asked for: they add up to the score
};

struct FacetValue {
  std::string value;  ///< as the query language takes it
  std::uint64_t count = 0;
};
/// All full matches by one of their properties: the counts of `values`, `others` and `without` add up to all of them.
struct FacetCounts {
  Facet facet = Facet::Source;
  std::vector<FacetValue> values;  ///< the most frequent; at most kFacetValues
  std::uint64_t others = 0;        ///< reports that have a value which is not listed
  std::uint64_t other_values = 0;  ///< how many such values there are
  std::uint64_t without = 0;       ///< reports of which it is not known
};

struct TimelineBucket {
  std::string start;  ///< its first day, "2023-02-27"; of a month "2023-02"
  std::uint64_t count = 0;
};
/// All full matches by their dates; `earlier` and the counts add up to all of them.
struct Timeline {
  Period by = Period::Month;
  std::vector<TimelineBucket> buckets;  ///< oldest first; at most kTimelineBuckets
  bool gaps = false;                    ///< too many to list: empty ones are left out
  std::uint64_t earlier = 0;            ///< reports before the first that is listed
};

struct QueryWarning {
  std::size_t column = 0;  ///< code points from 1; 0: none in particular
  std::string text;
};

struct Answer {
  std::string identity;  ///< of the index
  std::uint64_t generation = 0;
  std::int64_t as_of_ms = 0;             ///< when that generation was published
  std::optional<std::uint64_t> pending;  ///< changes seen and not searchable yet; none without a daemon
  double took_ms = 0;
  std::string query, understood;
  std::vector<QueryWarning> warnings;
  std::uint64_t total = 0;  ///< reports that match in full
  bool total_exact = true;
  std::vector<Hit> hits;
  std::vector<FacetCounts> facets;  ///< as asked for, in that order
  std::optional<Timeline> timeline;
  bool counted_all = true;                ///< else facets and timeline are of the first kMostMatched matches
  std::optional<std::string> suggestion;  ///< the query with its misspelt words put right, which finds more
};

struct SimilarRequest {
  std::string path;  ///< absolute, or "corpus:path"
  std::size_t limit = 10, offset = 0;
  bool explain = false;
  bool copies =
      false;  ///< its near-copies alone; their score is how much their texts have in common, from kNearCopy to 1
};

struct SuggestRequest {
  std::string text;  ///< as far as it is typed
  std::size_t words = 10, titles = 5;
};

struct WordSuggestion {
  std::string text;           ///< all that was typed, with its last word completed
  std::string word;           ///< that word, as the index has it
  std::uint64_t reports = 0;  ///< that have it (Snapshot::having)
};
struct TitleSuggestion {
  std::string title, path;
  Date date;
};
struct SuggestAnswer {
  std::uint64_t generation = 0;
  std::int64_t as_of_ms = 0;
  double took_ms = 0;
  std::string text;
  std::vector<WordSuggestion> words;    ///< the most frequent first
  std::vector<TitleSuggestion> titles;  ///< the newest first
  bool complete = true;                 ///< else more words begin so than were looked at
};

/// One report in full, for `show` and /v1/document.
struct DocumentAnswer {
  std::uint64_t generation = 0;
  std::int64_t as_of_ms = 0;
  std::string path;
  Record record;
  std::optional<std::vector<Range>>
      marks;  ///< where a query's words stand in its text, if one was given; disjoint
};

}  // namespace tidings::searcher
