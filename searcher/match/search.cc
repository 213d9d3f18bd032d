// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/search.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "index/schema.h"
#include "searcher/match/collapse.h"
#include "searcher/match/explain.h"
#include "searcher/match/facets.h"
#include "searcher/match/feedback.h"
#include "searcher/match/likeness.h"
#include "searcher/match/matched.h"
#include "searcher/match/news.h"
#include "searcher/match/query_context.h"
#include "searcher/match/spelling.h"
#include "searcher/match/suggest.h"
#include "searcher/match/timeline.h"
#include "searcher/present/passages.h"

namespace tidings::searcher {
namespace {

Xapian::Query narrowed(const Xapian::Query& query, const SearchRequest& request, const IndexFacts& facts) {
  if (!request.after_generation) return query;
  return Xapian::Query(Xapian::Query::OP_FILTER, query,
                       news_after(*request.after_generation, facts.generation));
}

/// How many of the words each document has, in any form. By the words' own lists: sealed segments do not know a document's terms.
std::map<Xapian::docid, std::size_t> words_in(const Xapian::Database& database,
                                              const std::vector<Ranked>& matches,
                                              const std::vector<Xapian::Query>& words) {
  std::map<Xapian::docid, std::size_t> count;
  for (const Ranked& match : matches) count[match.id] = 0;
  for (const auto& word : words) {
    std::set<Xapian::docid> having;
    for (auto form = word.get_terms_begin(); form != word.get_terms_end(); ++form) {
      auto in = database.postlist_begin(*form);
      for (const auto& [id, n] : count) {
        if (in == database.postlist_end(*form)) break;
        in.skip_to(id);
        if (in != database.postlist_end(*form) && *in == id) having.insert(id);
      }
    }
    for (const Xapian::docid id : having) ++count[id];
  }
  return count;
}

class Clock {
 public:
  double ms() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began_).count();
  }

 private:
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Its title in quotes.
std::string name_of(const Record& record) {
  return '"' + (record.report.title.empty() ? record.key.path : record.report.title) + '"';
}

/// ", by the words dockers, lashers, quay and 37 more"
std::string words_of(const Likeness& like) {
  constexpr std::size_t kNamed = 5;
  std::string words;
  for (std::size_t i = 0; i < std::min(kNamed, like.words.size()); ++i)
    words.append(i == 0 ? ", by the words " : ", ").append(like.words[i]);
  if (like.words.size() > kNamed) words += " and " + std::to_string(like.words.size() - kNamed) + " more";
  return words;
}

}  // namespace

Searcher::Searcher(std::filesystem::path index_folder, config::Limits limits,
                   std::shared_ptr<const config::Synonyms> synonyms, std::size_t kept_bytes)
    : reader_(std::move(index_folder)), limits_(limits), synonyms_(std::move(synonyms)), kept_(kept_bytes) {}

Analyzer& Searcher::analyzer_for(const IndexFacts& facts) {
  if (!analyzer_ || analyzer_->languages() != facts.languages) {
    analyzer_ = std::make_unique<Analyzer>(facts.languages);
    if (synonyms_ && !synonyms_->empty()) thesaurus_.emplace(*synonyms_, *analyzer_);
  }
  return *analyzer_;
}

Result<Query> Searcher::query_of(const SearchRequest& request, const Snapshot& snapshot) {
  Analyzer& analyzer = analyzer_for(snapshot.facts());
  const FormsOf forms = word_forms_.of(snapshot);
  if (request.plain) {
    auto query = understand_plain(request.text, analyzer, forms);
    const bool by_relevance = request.sort == Sort::Best || request.sort == Sort::Relevance;
    if (query && by_relevance && !request.after_generation) learn(*query, snapshot);
    return query;
  }
  CompileContext context = query_context(snapshot, analyzer, thesaurus_ ? &*thesaurus_ : nullptr, limits_);
  context.forms = forms;
  bool asks_for_copies = false;
  context.copies = [&, copies = context.copies] {
    asks_for_copies = true;
    return copies();
  };
  auto query = understand(request.text, context);
  if (query) query->asks_for_copies = asks_for_copies;
  return query;
}

void Searcher::learn(Query& query, const Snapshot& snapshot) {
  Analyzer& analyzer = analyzer_for(snapshot.facts());
  const auto best =
      page(snapshot, snapshot.living(query.strict), Sort::Relevance, 0, kFeedbackReports, 0).hits;
  const Feedback feedback = feedback_of(best, snapshot, analyzer, word_forms_.of(snapshot));
  query.strict = with_feedback(query.strict, query.weight, feedback);
  std::vector<std::string> added;
  for (const auto& [word, any, share] : feedback.words) {
    const auto stems = analyzer.stems(word);
    const bool typed = query.highlights.terms.contains(word) ||
                       std::any_of(stems.begin(), stems.end(), [&](const std::string& stem) {
                         return query.highlights.stems.contains(stem);
                       });
    if (!typed) added.push_back(word);
  }
  constexpr std::size_t kNamed = 3;
  for (std::size_t i = 0; i < std::min(kNamed, added.size()); ++i)
    query.understood.append(i == 0 ? "; and by words of the best of them: \"" : "\", \"").append(added[i]);
  if (!added.empty()) query.understood += '"';
  if (added.size() > kNamed) query.understood += " and " + std::to_string(added.size() - kNamed) + " more";
}

Result<void> Searcher::check_page(std::size_t limit, std::size_t offset) const {
  if (limit > limits_.results)
    return failure(Error::Code::BadRequest,
                   std::to_string(limit) + " hits are more than one answer holds (" +
                       std::to_string(limits_.results) + ")",
                   "page on with --offset, or raise `results` under [limits]");
  if (offset > kMostOffset)
    return failure(
        Error::Code::BadRequest,
        "an offset of " + std::to_string(offset) + " is past the bound of " + std::to_string(kMostOffset),
        "narrow the query, or sort by oldest");
  return {};
}

Answer Searcher::answer_of(const IndexFacts& facts, const std::string& text) {
  Answer answer;
  answer.identity = facts.identity;
  answer.generation = facts.generation;
  answer.as_of_ms = facts.committed_ms;
  answer.query = text;
  return answer;
}

Result<Answer> Searcher::search(const SearchRequest& request) {
  if (auto page = check_page(request.limit, request.offset); !page) return tl::unexpected(page.error());
  const Clock clock;
  Answer answer;
  auto done = reader_.run([&](const Snapshot& snapshot) -> Result<void> {
    kept_.at(snapshot.number(), std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
    if (const Answer* kept = kept_.find(request)) {
      answer = *kept;
      return {};
    }
    if (auto answered = this->answer(snapshot, request, answer); !answered) return answered;
    kept_.keep(request, answer);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  answer.took_ms = clock.ms();
  return answer;
}

Result<void> Searcher::answer(const Snapshot& snapshot, const SearchRequest& request, Answer& answer) {
  const IndexFacts& facts = snapshot.facts();
  auto query = query_of(request, snapshot);
  if (!query) return tl::unexpected(query.error());
  answer = answer_of(facts, request.text);
  answer.understood = query->understood;
  for (const auto& warning : query->warnings) answer.warnings.push_back({warning.column, warning.text});

  const Sort sort = request.plain && request.sort == Sort::Best ? Sort::Relevance : request.sort;
  const Xapian::Query strict = snapshot.living(narrowed(query->strict, request, facts));
  std::optional<Collapse> collapse;
  if (request.collapse && !query->asks_for_copies) collapse.emplace(snapshot, analyzer_for(facts));
  const Page found = collapse ? collapse->page(strict, sort, request.offset, request.limit, kCountedExactly)
                              : page(snapshot, strict, sort, request.offset, request.limit, kCountedExactly);
  answer.total = found.total;
  answer.total_exact = found.exact;
  add_hits(snapshot, request, *query, strict, found.hits, false, answer);
  if (request.fill && request.offset == 0 && query->relaxed && answer.hits.size() < request.limit)
    fill(snapshot, request, *query, collapse ? &*collapse : nullptr, answer);
  count(snapshot, request, strict, answer);
  if (request.suggest && answer.total < kFew && answer.total_exact && request.offset == 0)
    look_for_what_was_meant(snapshot, request, answer);
  return {};
}

Result<std::vector<Xapian::docid>> Searcher::news(const Snapshot& snapshot, const std::string& text,
                                                  std::uint64_t after_generation) {
  SearchRequest request;
  request.text = text;
  request.after_generation = after_generation;
  const auto query = query_of(request, snapshot);
  if (!query) return tl::unexpected(query.error());
  std::vector<Xapian::docid> ids;
  const Matched all = matched(snapshot, snapshot.living(narrowed(query->strict, request, snapshot.facts())));
  for (std::size_t part = 0; part < all.parts.size(); ++part)
    for (const Xapian::docid id : all.parts[part]) ids.push_back(snapshot.id_of(part, id));
  std::sort(ids.begin(), ids.end());
  return ids;
}

Result<bool> Searcher::matches(const Snapshot& snapshot, const std::string& text, const Key& report) {
  SearchRequest request;
  request.text = text;
  const auto query = query_of(request, snapshot);
  if (!query) return tl::unexpected(query.error());
  const Xapian::Query one(Xapian::Query::OP_FILTER, query->strict, Xapian::Query(report.term()));
  return matched(snapshot, snapshot.living(one), 1).count() > 0;
}

Result<Hit> Searcher::hit(const Snapshot& snapshot, const std::string& text, Xapian::docid report) {
  auto one = hits(snapshot, report, {text});
  if (!one) return tl::unexpected(one.error());
  return std::move(one->front());
}

Result<std::vector<Hit>> Searcher::hits(const Snapshot& snapshot, Xapian::docid report,
                                        const std::vector<std::string>& queries) {
  const Record record = snapshot.record(report);
  std::vector<Hit> all;
  for (const std::string& text : queries) {
    SearchRequest request;
    request.text = text;
    const auto query = query_of(request, snapshot);
    if (!query) return tl::unexpected(query.error());
    all.push_back(hit_of(snapshot, Ranked{report, 0, 0, 0}, record, true, query->highlights, false));
  }
  return all;
}

void Searcher::fill(const Snapshot& snapshot, const SearchRequest& request, const Query& query,
                    Collapse* collapse, Answer& answer) {
  const Xapian::Query rest = snapshot.living(narrowed(
      Xapian::Query(Xapian::Query::OP_AND_NOT, *query.relaxed, query.strict), request, snapshot.facts()));
  const std::size_t places = request.limit - answer.hits.size();
  const Sort sort = request.sort == Sort::Best ? Sort::Relevance : request.sort;
  auto best = page(snapshot, rest, sort, 0, std::max<std::size_t>(kPartialCandidates, places), 0).hits;
  if (sort == Sort::Relevance) {
    const auto words = words_in(snapshot.database(), best, query.relaxed_words);
    std::stable_sort(best.begin(), best.end(),
                     [&](const Ranked& a, const Ranked& b) { return words.at(a.id) > words.at(b.id); });
  }
  if (collapse)
    best = collapse->shown(best, places, rest);
  else if (best.size() > places)
    best.resize(places);
  add_hits(snapshot, request, query, rest, best, true, answer);
}

void Searcher::count(const Snapshot& snapshot, const SearchRequest& request, const Xapian::Query& query,
                     Answer& answer) const {
  if (request.facets.empty() && !request.timeline) return;
  const Matched all = matched(snapshot, query);
  answer.facets = facets_of(snapshot, all, request.facets);
  if (request.timeline) answer.timeline = timeline_of(snapshot, all, *request.timeline);
  answer.counted_all = all.all;
  if (!all.all) return;
  answer.total = all.count();
  answer.total_exact = true;
}

void Searcher::look_for_what_was_meant(const Snapshot& snapshot, const SearchRequest& request,
                                       Answer& answer) {
  const auto words = words_to_check(request.text, request.plain, query_limits(limits_), *analyzer_);
  auto meant = put_right(request.text, words, snapshot, *analyzer_);
  if (!meant) return;
  SearchRequest other = request;
  other.text = *meant;
  const auto query = query_of(other, snapshot);
  if (!query) return;
  const Xapian::Query strict = snapshot.living(narrowed(query->strict, request, snapshot.facts()));
  const Page found = page(snapshot, strict, Sort::Relevance, 0, 0, kCountedExactly);
  if (found.total > answer.total) answer.suggestion = std::move(*meant);
}

void Searcher::add_hits(const Snapshot& snapshot, const SearchRequest& request, const Query& query,
                        const Xapian::Query& found_by, const std::vector<Ranked>& found, bool partial,
                        Answer& answer) {
  const std::size_t before = answer.hits.size();
  for (const Ranked& match : found)
    answer.hits.push_back(
        hit_of(snapshot, match, snapshot.record(match.id), request.passages, query.highlights, partial));
  if (!request.explain) return;
  auto sums = explain(snapshot, found_by, found);
  for (std::size_t i = 0; i < sums.size(); ++i) answer.hits[before + i].explanation = std::move(sums[i]);
}

Hit Searcher::hit_of(const Snapshot& snapshot, const Ranked& match, Record record, bool with_passages,
                     const Highlights& highlights, bool partial) {
  Hit hit;
  hit.path = snapshot.absolute_path(record.key);
  hit.score = match.score();
  hit.partial = partial;
  hit.similar = match.similar;
  hit.size = record.file.size;
  hit.status = record.report.status;
  hit.generation = record.generation;
  hit.cause = record.cause;
  if (with_passages) hit.passages = passages(record.report, highlights, *analyzer_);
  hit.key = std::move(record.key);
  hit.title = std::move(record.report.title);
  hit.date = std::move(record.report.date);
  hit.source = std::move(record.report.source);
  hit.type = std::move(record.report.type);
  hit.language = std::move(record.report.language);
  hit.reason = std::move(record.report.reason);
  return hit;
}

Result<Xapian::docid> Searcher::find(const Snapshot& snapshot, const std::string& path) {
  std::optional<Key> key;
  if (path.starts_with('/'))
    key = Reader::key_of(snapshot.facts(), path);
  else if (path.find(':') != std::string::npos)
    key = Key::parse(path);
  if (const auto id = key ? snapshot.find(*key) : std::nullopt) return *id;
  return failure(Error::Code::NotFound, path + ": no report of this name in the index",
                 key ? "was it written just now? `tidings sync` waits until it is searchable"
                     : "it lies below no corpus folder; `tidings status` lists them");
}

Result<DocumentAnswer> Searcher::document(const std::string& path, const std::optional<std::string>& query) {
  DocumentAnswer answer;
  auto done = reader_.run([&](const Snapshot& snapshot) -> Result<void> {
    const auto id = find(snapshot, path);
    if (!id) return tl::unexpected(id.error());
    answer.generation = snapshot.facts().generation;
    answer.as_of_ms = snapshot.facts().committed_ms;
    answer.record = snapshot.record(*id);
    answer.path = snapshot.absolute_path(answer.record.key);
    if (!query) return {};
    SearchRequest asked;
    asked.text = *query;
    const auto understood = query_of(asked, snapshot);
    if (!understood) return tl::unexpected(understood.error());
    answer.marks =
        find_marks(answer.record.report.text, understood->highlights, analyzer_for(snapshot.facts()));
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return answer;
}

/// Those that have most in common first; of equals the key decides.
Page Searcher::copies_of(const Snapshot& snapshot, Xapian::docid id, const SimilarRequest& request) {
  std::vector<std::pair<std::string, Ranked>> all;
  for (const auto& copy : CopyFinder(snapshot, analyzer_for(snapshot.facts())).of(id)) {
    const auto document = snapshot.database().get_document(copy.id, Xapian::DOC_ASSUME_VALID);
    all.emplace_back(key_of(document).text(), Ranked{copy.id, copy.resemblance, 0, 0});
  }
  std::sort(all.begin(), all.end(), [](const auto& one, const auto& other) {
    const double a = one.second.relevance, b = other.second.relevance;
    return a != b ? a > b : one.first < other.first;
  });
  Page page{{}, all.size(), true};
  for (std::size_t i = request.offset; i < std::min(all.size(), request.offset + request.limit); ++i)
    page.hits.push_back(all[i].second);
  return page;
}

Result<Answer> Searcher::similar(const SimilarRequest& request) {
  if (auto page = check_page(request.limit, request.offset); !page) return tl::unexpected(page.error());
  const Clock clock;
  Answer answer;
  auto done = reader_.run([&](const Snapshot& snapshot) -> Result<void> {
    const auto id = find(snapshot, request.path);
    if (!id) return tl::unexpected(id.error());
    const Record record = snapshot.record(*id);
    Analyzer& analyzer = analyzer_for(snapshot.facts());
    answer = answer_of(snapshot.facts(), request.path);
    Query query;
    Page found;
    if (request.copies) {
      answer.understood = "near-copies of " + name_of(record);
      found = copies_of(snapshot, *id, request);
    } else {
      const Likeness like = likeness_of(record.report, snapshot, analyzer);
      answer.understood = "reports like " + name_of(record) + words_of(like);
      query.strict = snapshot.living(
          Xapian::Query(Xapian::Query::OP_AND_NOT, like.query, Xapian::Query(record.key.term())));
      query.highlights.terms.insert(like.words.begin(), like.words.end());
      found = page(snapshot, query.strict, Sort::Relevance, request.offset, request.limit, kCountedExactly);
    }
    answer.total = found.total;
    answer.total_exact = found.exact;
    SearchRequest as_search;
    as_search.explain = request.explain && !request.copies;
    add_hits(snapshot, as_search, query, query.strict, found.hits, false, answer);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  answer.took_ms = clock.ms();
  return answer;
}

Result<SuggestAnswer> Searcher::suggest(const SuggestRequest& request) {
  if (request.words > kMostSuggestions || request.titles > kMostSuggestions)
    return failure(Error::Code::BadRequest,
                   "at most " + std::to_string(kMostSuggestions) + " words and as many titles are suggested");
  const Clock clock;
  SuggestAnswer answer;
  auto done = reader_.run([&](const Snapshot& snapshot) -> Result<void> {
    answer = {};
    answer.generation = snapshot.facts().generation;
    answer.as_of_ms = snapshot.facts().committed_ms;
    answer.text = request.text;
    searcher::suggest(request, snapshot, analyzer_for(snapshot.facts()), answer);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  answer.took_ms = clock.ms();
  return answer;
}

}  // namespace tidings::searcher
