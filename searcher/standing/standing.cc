// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/standing/standing.h"

#include <algorithm>
#include <unordered_map>

#include "index/schema.h"
#include "searcher/match/query_context.h"
#include "searcher/query/bind.h"
#include "searcher/query/synonyms.h"
#include "searcher/standing/assemble.h"
#include "searcher/standing/report_terms.h"
#include "searcher/standing/required.h"

namespace tidings::searcher {
namespace {

/// A context that asks no index: enough to tell what is wrong with a query.
CompileContext context_without_index(Analyzer& analyzer, const QueryLimits& limits) {
  return {
      .analyzer = analyzer,
      .corpora = {},
      .limits = limits,
      .forms = {.words = [](std::string_view) { return std::vector<std::string>(); }},
      .phrase = [](const std::vector<std::string>&, PhraseSource::Where) { return Xapian::Query::MatchAll; },
      .near = [](const Nearness&) { return Xapian::Query::MatchAll; },
      .copies = [] { return Xapian::Query::MatchNothing; }};
}

/// What of an index a program is made for.
struct MadeFor {
  std::string identity;
  std::vector<std::string> languages;
  std::vector<std::string> corpora;
  bool operator==(const MadeFor&) const = default;
};

MadeFor made_for(const IndexFacts& facts) {
  MadeFor index{facts.identity, facts.languages, {}};
  for (const auto& corpus : facts.corpora) index.corpora.push_back(corpus.name);
  return index;
}

}  // namespace

class StandingQueries::Matcher {
 public:
  Matcher(config::Limits limits, std::shared_ptr<const config::Synonyms> synonyms)
      : limits_(limits), synonyms_(std::move(synonyms)) {}

  Result<void> add(Id id, std::string_view text) {
    auto parsed = parse(text, query_limits(limits_));
    if (!parsed) return tl::unexpected(parsed.error());
    const CompileContext context = context_without_index(analyzer_, query_limits(limits_));
    Warnings warnings;
    auto compiled = compile(bound(parsed->root, context, warnings), Mode::Strict, context);
    if (!compiled) return tl::unexpected(compiled.error());
    remove(id);
    by_id_.emplace(id, static_cast<Number>(queries_.size()));
    queries_.push_back({id, texts_.size(), static_cast<std::uint32_t>(text.size()), 0, true});
    texts_.append(text);
    return {};
  }

  bool remove(Id id) {
    const auto at = by_id_.find(id);
    if (at == by_id_.end()) return false;
    queries_[at->second].stands = false;
    by_id_.erase(at);
    // What was removed is kept until it is more than what is left.
    if (queries_.size() > kFewQueries && queries_.size() > 2 * by_id_.size()) begin_anew();
    return true;
  }

  std::size_t size() const { return by_id_.size(); }
  const Counters& counters() const { return counters_; }
  const std::map<Id, Error>& refused() const { return refused_; }

  Result<void> prepare(const Snapshot& snapshot) {
    if (MadeFor index = made_for(snapshot.facts()); !made_for_ || *made_for_ != index) {
      if (analyzer_.languages() != index.languages) {
        analyzer_ = Analyzer(index.languages);
        thesaurus_.reset();
      }
      if (!thesaurus_ && synonyms_ && !synonyms_->empty()) thesaurus_.emplace(*synonyms_, analyzer_);
      begin_anew();
      made_for_ = std::move(index);
    }
    Assembler assembler(programs_, terms_, analyzer_, made_for_->corpora);
    for (; compiled_ < queries_.size(); ++compiled_) {
      Query& query = queries_[compiled_];
      if (!query.stands) continue;
      auto tree = tree_of(query);
      if (!tree) return tl::unexpected(tree.error());
      query.program = assembler.add(*tree);
      list(static_cast<Number>(compiled_), query, snapshot);
    }
    starts_ = starts_ || std::any_of(programs_.likes.begin(), programs_.likes.end(),
                                     [](const Like& like) { return like.start != TermTable::kNone; });
    looked_at_by_.resize(queries_.size(), 0);
    return {};
  }

  Result<std::vector<Match>> match(const Snapshot& snapshot, std::span<const Xapian::docid> documents,
                                   std::chrono::sys_seconds now) {
    if (auto ready = prepare(snapshot); !ready) return tl::unexpected(ready.error());
    std::vector<Match> matches;
    Counters counted = counters_;  // of a unit that is run again, the first run is not counted
    report_.begin(snapshot, now, starts_);
    Searches searches{snapshot, now, {}, {}};
    refused_.clear();
    for (const Xapian::docid document : documents) {
      const std::size_t before = matches.size();
      report_.take(document);
      if (++look_ == 0) {  // all numbers were used
        std::fill(looked_at_by_.begin(), looked_at_by_.end(), 0);
        look_ = 1;
      }
      if (auto done = match_one(document, searches, matches, counted); !done)
        return tl::unexpected(done.error());
      std::sort(matches.begin() + static_cast<std::ptrdiff_t>(before), matches.end());
      ++counted.reports;
    }
    counted.matched += matches.size();
    counters_ = counted;
    return matches;
  }

 private:
  using Number = std::uint32_t;  ///< of a query here
  static constexpr std::size_t kFewQueries = 1000;

  struct Query {
    Id id = 0;
    std::size_t text_begin = 0;
    std::uint32_t text_size = 0;
    std::uint32_t program = 0;  ///< where it begins
    bool stands = true;         ///< false: it was removed
  };

  /// The queries that a search would run, of those that were needed for a batch.
  struct Searches {
    const Snapshot& snapshot;
    const std::chrono::sys_seconds now;
    std::optional<CompileContext> context;
    std::unordered_map<Number, Xapian::Query> of;
  };

  std::string_view text_of(const Query& query) const {
    return std::string_view(texts_).substr(query.text_begin, query.text_size);
  }

  /// The tree with its synonyms, not bound.
  Result<Tree> tree_of(const Query& query) {
    const QueryLimits limits = query_limits(limits_);
    auto parsed = parse(text_of(query), limits);
    if (!parsed) return tl::unexpected(parsed.error());
    Warnings warnings;
    return thesaurus_ ? thesaurus_->applied(parsed->root, limits.synonyms, analyzer_, warnings)
                      : parsed->root;
  }

  /// Forgets all programs, and the queries that were removed.
  void begin_anew() {
    std::vector<Query> standing;
    standing.reserve(by_id_.size());
    std::string texts;
    for (const Query& query : queries_) {
      if (!query.stands) continue;
      by_id_[query.id] = static_cast<Number>(standing.size());
      standing.push_back({query.id, texts.size(), query.text_size, 0, true});
      texts.append(text_of(query));
    }
    queries_ = std::move(standing);
    texts_ = std::move(texts);
    compiled_ = 0;
    terms_ = {};
    programs_ = {};
    documents_.clear();
    by_term_.clear();
    always_.clear();
    looked_at_by_.clear();
    report_.forget();
    starts_ = false;
  }

  void list(Number number, const Query& query, const Snapshot& snapshot) {
    const auto required =
        required_terms(programs_, query.program, [&](TermId term) { return documents_with(term, snapshot); });
    if (!required) return always_.push_back(number);
    by_term_.resize(terms_.size());
    for (const TermId term : *required) by_term_[term].push_back(number);
  }

  /// How many documents have it; of a stem's forms together, one that has several being counted as often.
  double documents_with(TermId term, const Snapshot& snapshot) {
    if (documents_.size() <= term) documents_.resize(terms_.size(), -1);
    if (documents_[term] >= 0) return documents_[term];
    const Xapian::Database& database = snapshot.database();
    std::string_view text = terms_.text(term);
    double count = 0;
    if (is_stem_term(text)) {
      text.remove_prefix(1);
      std::string_view prefix;
      if (text.starts_with(prefix::kTitle)) prefix = prefix::kTitle;
      for (const auto& form : snapshot.forms(text.substr(prefix.size())))
        count += database.get_termfreq(word_term(prefix, form));
    } else {
      count = database.get_termfreq(std::string(text));
    }
    return documents_[term] = static_cast<float>(count);
  }

  Result<void> match_one(Xapian::docid document, Searches& searches, std::vector<Match>& matches,
                         Counters& counted) {
    std::optional<Error> error;
    const auto look_at = [&](Number number) {
      const Query& query = queries_[number];
      if (looked_at_by_[number] == look_ || !query.stands || error) return;
      looked_at_by_[number] = look_;
      ++counted.candidates;
      Verdict verdict = run(programs_, query.program, report_);
      if (verdict == Verdict::Unsure) {
        ++counted.searched;
        const auto found = finds(number, searches, document);
        if (!found && found.error().code != Error::Code::BadQuery) return void(error = found.error());
        if (!found) refused_.insert_or_assign(query.id, found.error());
        if (found && *found) verdict = Verdict::Yes;
      }
      if (verdict == Verdict::Yes) matches.push_back({document, query.id});
    };
    for (const TermId term : report_.terms())
      if (term < by_term_.size()) std::for_each(by_term_[term].begin(), by_term_[term].end(), look_at);
    std::for_each(always_.begin(), always_.end(), look_at);
    if (error) return tl::unexpected(std::move(*error));
    return {};
  }

  /// Whether a search for the query finds this document.
  Result<bool> finds(Number number, Searches& searches, Xapian::docid document) {
    auto query = searches.of.find(number);
    if (query == searches.of.end()) {
      if (!searches.context) {
        searches.context.emplace(query_context(searches.snapshot, analyzer_, nullptr, limits_));
        searches.context->forms.correction = nullptr;  // nothing is weighed
        searches.context->now = searches.now;
      }
      auto tree = tree_of(queries_[number]);
      if (!tree) return tl::unexpected(tree.error());
      Warnings warnings;
      auto compiled = compile(bound(*tree, *searches.context, warnings), Mode::Strict, *searches.context);
      if (!compiled) return tl::unexpected(compiled.error());
      query = searches.of.emplace(number, std::move(compiled->query)).first;
    }
    const auto [part, in_part] = searches.snapshot.part_of(document);
    const Xapian::Database& segment = searches.snapshot.part(part);
    auto by_uuid = std::make_shared<ListedByUuid>();
    by_uuid->emplace(segment.get_uuid(), std::make_shared<std::vector<Xapian::docid>>(1, in_part));
    auto* source = new ListedSource(  // NOLINT(cppcoreguidelines-owning-memory): the query's, by release()
        std::move(by_uuid), "this one");
    Xapian::Enquire enquire(segment);
    enquire.set_query(
        Xapian::Query(Xapian::Query::OP_FILTER, query->second, Xapian::Query(source->release())));
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    return !enquire.get_mset(0, 1).empty();
  }

  const config::Limits limits_;
  const std::shared_ptr<const config::Synonyms> synonyms_;
  Analyzer analyzer_{{"none"}};  ///< the index's, once there is one
  std::optional<Thesaurus> thesaurus_;
  std::optional<MadeFor> made_for_;

  std::vector<Query> queries_;  ///< by Number
  std::string texts_;           ///< of all queries, one after another
  std::unordered_map<Id, Number> by_id_;
  std::size_t compiled_ = 0;  ///< so many of queries_ have programs

  TermTable terms_;
  Programs programs_;
  std::vector<float> documents_;              ///< of the index, that have the term; negative: not asked yet
  std::vector<std::vector<Number>> by_term_;  ///< the queries that require it, or another
  std::vector<Number> always_;                ///< those that require nothing
  bool starts_ = false;                       ///< some ask how words begin

  ReportTerms report_{terms_, analyzer_};
  std::uint32_t look_ = 0;                   ///< number of the report that is looked at
  std::vector<std::uint32_t> looked_at_by_;  ///< of each query, the report that it was a candidate for last
  Counters counters_;
  std::map<Id, Error> refused_;  ///< of the last match()
};

StandingQueries::StandingQueries(config::Limits limits, std::shared_ptr<const config::Synonyms> synonyms)
    : matcher_(std::make_unique<Matcher>(limits, std::move(synonyms))) {}
StandingQueries::~StandingQueries() = default;
StandingQueries::StandingQueries(StandingQueries&&) noexcept = default;
StandingQueries& StandingQueries::operator=(StandingQueries&&) noexcept = default;

Result<void> StandingQueries::add(Id id, std::string_view text) {
  return matcher_->add(id, text);
}
bool StandingQueries::remove(Id id) {
  return matcher_->remove(id);
}
std::size_t StandingQueries::size() const {
  return matcher_->size();
}
Result<void> StandingQueries::prepare(const Snapshot& snapshot) {
  return matcher_->prepare(snapshot);
}
const StandingQueries::Counters& StandingQueries::counters() const {
  return matcher_->counters();
}
const std::map<StandingQueries::Id, Error>& StandingQueries::refused() const {
  return matcher_->refused();
}
Result<std::vector<StandingQueries::Match>> StandingQueries::match(const Snapshot& snapshot,
                                                                   std::span<const Xapian::docid> documents,
                                                                   std::chrono::sys_seconds now) {
  return matcher_->match(snapshot, documents, now);
}

Result<std::vector<StandingQueries::Match>> StandingQueries::match(const Snapshot& snapshot,
                                                                   std::uint64_t after_generation) {
  std::vector<Xapian::docid> documents;
  for (const News& report : news(snapshot, after_generation)) documents.push_back(report.document);
  return match(snapshot, documents,
               std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

}  // namespace tidings::searcher
