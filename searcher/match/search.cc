// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/search.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "index/schema.h"
#include "searcher/match/ranking.h"
#include "searcher/match/rarity.h"
#include "searcher/present/passages.h"

namespace tidings::searcher {
namespace {

/// Of the published versions after a generation only those that are news to someone who waits.
Xapian::Query news_after(std::uint64_t generation, std::uint64_t newest) {
  constexpr std::uint64_t kByTerm =
      64;  // a live query is rarely further behind; the terms of a batch are the cheapest way
  Xapian::Query batches = Xapian::Query::MatchNothing;
  if (newest - generation <= kByTerm) {
    for (std::uint64_t g = generation + 1; g <= newest; ++g)
      batches |= Xapian::Query(boolean_term(prefix::kGeneration, std::to_string(g)));
  } else {
    batches = Xapian::Query(Xapian::Query::OP_VALUE_GE, slot::kGeneration, encode_u64(generation + 1));
  }
  Xapian::Query causes = Xapian::Query::MatchNothing;
  for (const Cause cause : {Cause::Arrival, Cause::Change, Cause::CatchUp})
    causes |= Xapian::Query(boolean_term(prefix::kCause, name(cause)));
  return Xapian::Query(Xapian::Query::OP_AND, batches, causes);
}

Xapian::Query narrowed(const Xapian::Query& query, const SearchRequest& request, const IndexFacts& facts) {
  if (!request.after_generation) return query;
  if (*request.after_generation >= facts.generation) return Xapian::Query::MatchNothing;
  return Xapian::Query(Xapian::Query::OP_FILTER, query,
                       news_after(*request.after_generation, facts.generation));
}

Xapian::Enquire enquire(const Snapshot& snapshot, const Xapian::Query& query, Sort sort) {
  Xapian::Enquire enquire(snapshot.database());
  enquire.set_query(snapshot.living(query));
  enquire.set_weighting_scheme(ranking());
  if (sort == Sort::Newest || sort == Sort::Oldest)
    enquire.set_sort_by_value_then_relevance(slot::kDate, sort == Sort::Newest);
  return enquire;
}

/// How many of the words each document has, in any form. By the words' own lists: sealed segments do not know a document's terms.
std::map<Xapian::docid, std::size_t> words_in(const Xapian::Database& database, const Xapian::MSet& matches,
                                              const std::vector<Xapian::Query>& words) {
  std::map<Xapian::docid, std::size_t> count;
  for (auto match = matches.begin(); match != matches.end(); ++match) count[*match] = 0;
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

}  // namespace

Searcher::Searcher(std::filesystem::path index_folder, config::Limits limits,
                   std::shared_ptr<const config::Synonyms> synonyms)
    : reader_(std::move(index_folder)), limits_(limits), synonyms_(std::move(synonyms)) {}

Analyzer& Searcher::analyzer_for(const IndexFacts& facts) {
  if (!analyzer_ || analyzer_->languages() != facts.languages) {
    analyzer_ = std::make_unique<Analyzer>(facts.languages);
    if (synonyms_ && !synonyms_->empty()) thesaurus_.emplace(*synonyms_, *analyzer_);
  }
  return *analyzer_;
}

Result<Query> Searcher::query_of(const SearchRequest& request, const Snapshot& snapshot) {
  const IndexFacts& facts = snapshot.facts();
  Analyzer& analyzer = analyzer_for(facts);
  const FormsOf forms{
      .words = [&](std::string_view stem) { return snapshot.forms(stem); },
      .correction =
          [&](std::span<const std::string> words) { return form_correction(snapshot.database(), words); }};
  if (request.plain) return understand_plain(request.text, analyzer, forms);
  CompileContext context{.analyzer = analyzer, .corpora = {}, .limits = {}, .forms = forms, .phrase = {}};
  context.phrase = [&](std::vector<std::string> words, PhraseSource::Where where) {
    return snapshot.phrase(std::move(words), where, analyzer);
  };
  context.near = [&](Nearness nearness) { return snapshot.near(std::move(nearness), analyzer); };
  context.words = {
      .beginning = [&](std::string_view prefix, std::string_view start,
                       WordSink sink) { snapshot.words(prefix, start, sink); },
      .stemmed = [&](WordSink sink) { snapshot.stemmed_words(sink); },
      .documents = [&](const std::string& term) { return snapshot.database().get_termfreq(term); }};
  context.thesaurus = thesaurus_ ? &*thesaurus_ : nullptr;
  context.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  for (const auto& corpus : facts.corpora) context.corpora.push_back(corpus.name);
  context.limits.bytes = limits_.query_bytes;
  context.limits.terms = limits_.query_terms;
  context.limits.depth = limits_.query_depth;
  return understand(request.text, context);
}

Result<Answer> Searcher::search(const SearchRequest& request) {
  if (request.limit > limits_.results)
    return failure(Error::Code::BadRequest,
                   std::to_string(request.limit) + " hits are more than one answer holds (" +
                       std::to_string(limits_.results) + ")",
                   "page on with --offset, or raise `results` under [limits]");
  const auto began = std::chrono::steady_clock::now();
  Answer answer;
  auto done = reader_.run([&](const Snapshot& snapshot) -> Result<void> {
    const IndexFacts& facts = snapshot.facts();
    auto query = query_of(request, snapshot);
    if (!query) return tl::unexpected(query.error());
    answer = {};
    answer.identity = facts.identity;
    answer.generation = facts.generation;
    answer.as_of_ms = facts.committed_ms;
    answer.query = request.text;
    answer.understood = query->understood;
    for (const auto& warning : query->warnings) answer.warnings.push_back({warning.column, warning.text});

    auto strict = enquire(snapshot, narrowed(query->strict, request, facts), request.sort);
    const auto matches = strict.get_mset(static_cast<Xapian::doccount>(request.offset),
                                         static_cast<Xapian::doccount>(request.limit), kCountedExactly);
    answer.total = matches.get_matches_estimated();
    answer.total_exact = matches.get_matches_lower_bound() == matches.get_matches_upper_bound();
    for (auto match = matches.begin(); match != matches.end(); ++match)
      answer.hits.push_back(hit_of(snapshot, match, request, *query, false));
    if (request.fill && request.offset == 0 && query->relaxed && answer.hits.size() < request.limit)
      fill(snapshot, request, *query, answer);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  answer.took_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count();
  return answer;
}

void Searcher::fill(const Snapshot& snapshot, const SearchRequest& request, const Query& query,
                    Answer& answer) {
  const Xapian::Query rest(Xapian::Query::OP_AND_NOT, *query.relaxed, query.strict);
  auto partial = enquire(snapshot, narrowed(rest, request, snapshot.facts()), request.sort);
  const std::size_t places = request.limit - answer.hits.size();
  const auto matches =
      partial.get_mset(0, std::max(kPartialCandidates, static_cast<Xapian::doccount>(places)));
  const auto words = words_in(snapshot.database(), matches, query.relaxed_words);
  std::vector<std::pair<std::size_t, Xapian::MSetIterator>> best;
  for (auto match = matches.begin(); match != matches.end(); ++match)
    best.emplace_back(words.at(*match), match);
  if (request.sort == Sort::Best || request.sort == Sort::Relevance)
    std::stable_sort(best.begin(), best.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; i < std::min(places, best.size()); ++i)
    answer.hits.push_back(hit_of(snapshot, best[i].second, request, query, true));
}

Hit Searcher::hit_of(const Snapshot& snapshot, const Xapian::MSetIterator& match,
                     const SearchRequest& request, const Query& query, bool partial) {
  Record record = snapshot.record(*match);
  Hit hit;
  hit.path = snapshot.absolute_path(record.key);
  hit.score = match.get_weight();
  hit.partial = partial;
  hit.size = record.file.size;
  hit.status = record.report.status;
  hit.generation = record.generation;
  hit.cause = record.cause;
  if (request.passages) hit.passages = passages(record.report, query.highlights, *analyzer_);
  hit.key = std::move(record.key);
  hit.title = std::move(record.report.title);
  hit.date = std::move(record.report.date);
  hit.source = std::move(record.report.source);
  hit.type = std::move(record.report.type);
  hit.language = std::move(record.report.language);
  hit.reason = std::move(record.report.reason);
  return hit;
}

Result<DocumentAnswer> Searcher::document(const std::string& path) {
  DocumentAnswer answer;
  auto done = reader_.run([&](const Snapshot& snapshot) -> Result<void> {
    const IndexFacts& facts = snapshot.facts();
    std::optional<Key> key;
    if (path.starts_with('/'))
      key = Reader::key_of(facts, path);
    else if (path.find(':') != std::string::npos)
      key = Key::parse(path);
    const auto id = key ? snapshot.find(*key) : std::nullopt;
    if (!id)
      return failure(Error::Code::NotFound, path + ": no report of this name in the index",
                     key ? "was it written just now? `tidings sync` waits until it is searchable"
                         : "it lies below no corpus folder; `tidings status` lists them");
    answer.generation = facts.generation;
    answer.as_of_ms = facts.committed_ms;
    answer.record = snapshot.record(*id);
    answer.path = snapshot.absolute_path(*key);
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return answer;
}

}  // namespace tidings::searcher
