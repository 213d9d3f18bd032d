// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/explain.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "index/schema.h"
#include "index/segments/vocabulary.h"
#include "searcher/match/ranking.h"
#include "searcher/match/values.h"

namespace tidings::searcher {
namespace {

using Weights = std::map<Xapian::docid, double>;

/// "strike, strikes, striking, …"; words of titles as "title:strike".
std::string name_of(const Xapian::Query& part) {
  constexpr std::size_t kNamed = 3;
  std::set<std::string> words;
  for (auto term = part.get_unique_terms_begin(); term != part.get_terms_end(); ++term) {
    const std::string text = *term;
    words.insert(is_word_term(text)                    ? text
                 : text.starts_with(prefix::kPathWord) ? "path:" + text.substr(prefix::kPathWord.size())
                 : text.starts_with(prefix::kTitle)    ? "title:" + text.substr(prefix::kTitle.size())
                                                       : text);
  }
  if (words.empty()) return part.get_description();
  std::string name;
  std::size_t named = 0;
  for (const auto& word : words) {
    if (named++ == kNamed) return name + ", …";
    name.append(name.empty() ? "" : ", ").append(word);
  }
  return name;
}

class Explainer {
 public:
  Explainer(const Snapshot& snapshot, std::span<const Ranked> hits) : snapshot_(snapshot) {
    std::vector<Xapian::docid> ids;
    for (const Ranked& hit : hits) ids.push_back(hit.id);
    const auto keys = values_of(snapshot, slot::kPath, ids);
    for (std::size_t i = 0; i < ids.size(); ++i) key_terms_[ids[i]] = Key::parse(keys[i]).term();
  }

  void walk(const Xapian::Query& query, const std::set<Xapian::docid>& documents) {
    using Q = Xapian::Query;
    if (documents.empty() || names_.size() >= kMostParts) return;
    switch (query.get_type()) {
      case Q::OP_AND:
        for (std::size_t i = 0; i < query.get_num_subqueries(); ++i) walk(query.get_subquery(i), documents);
        return;
      case Q::OP_OR:
        for (std::size_t i = 0; i < query.get_num_subqueries(); ++i)
          walk_if(query.get_subquery(i), documents);
        return;
      case Q::OP_AND_MAYBE:
        walk(query.get_subquery(0), documents);
        for (std::size_t i = 1; i < query.get_num_subqueries(); ++i)
          walk_if(query.get_subquery(i), documents);
        return;
      case Q::OP_AND_NOT:
      case Q::OP_FILTER:
        return walk(query.get_subquery(0), documents);
      case Q::OP_VALUE_RANGE:
      case Q::OP_VALUE_GE:
      case Q::OP_VALUE_LE:
      case Q::LEAF_MATCH_ALL:
      case Q::LEAF_MATCH_NOTHING:
        return;
      default:
        part(query, documents);
    }
  }

  std::vector<ScorePart> take(const Ranked& hit) {
    std::vector<ScorePart> parts;
    double sum = 0;
    std::map<std::string, double>
        by_name;  // a word may be asked for twice: as typed, and as told by the best reports
    for (const auto& [number, weight] : parts_[hit.id]) {
      by_name[names_[number]] += weight;
      sum += weight;
    }
    parts.reserve(by_name.size() + 2);
    for (const auto& [name, weight] : by_name) parts.push_back({name, weight});
    std::stable_sort(parts.begin(), parts.end(),
                     [](const ScorePart& a, const ScorePart& b) { return a.score > b.score; });
    constexpr double kRounding = 1e-9;
    if (std::abs(hit.relevance - sum) > kRounding * std::max(1.0, hit.relevance))
      parts.push_back({"the rest", hit.relevance - sum});
    if (hit.recent != 0) parts.push_back({"recent", hit.recent});
    return parts;
  }

 private:
  /// A branch weighs where it matches. What is a part by itself tells that as it is weighed.
  void walk_if(const Xapian::Query& query, const std::set<Xapian::docid>& documents) {
    using Q = Xapian::Query;
    const auto type = query.get_type();
    const bool is_branch = type == Q::OP_AND || type == Q::OP_OR || type == Q::OP_AND_MAYBE ||
                           type == Q::OP_AND_NOT || type == Q::OP_FILTER;
    if (!is_branch) return walk(query, documents);
    std::set<Xapian::docid> matching;
    for (const auto& [id, weight] : weights(query, documents)) matching.insert(id);
    walk(query, matching);
  }

  void part(const Xapian::Query& query, const std::set<Xapian::docid>& documents) {
    const std::size_t number = names_.size();
    bool weighs = false;
    for (const auto& [id, weight] : weights(query, documents)) {
      if (weight == 0) continue;
      parts_[id].emplace_back(number, weight);
      weighs = true;
    }
    if (weighs) names_.push_back(name_of(query));
  }

  Weights weights(const Xapian::Query& query, const std::set<Xapian::docid>& documents) const {
    std::vector<Xapian::Query> keys;
    keys.reserve(documents.size());
    for (const Xapian::docid id : documents) keys.emplace_back(key_terms_.at(id));
    Xapian::Enquire enquire(snapshot_.database());
    enquire.set_weighting_scheme(ranking());
    enquire.set_query(snapshot_.living(Xapian::Query(
        Xapian::Query::OP_FILTER, query, Xapian::Query(Xapian::Query::OP_OR, keys.begin(), keys.end()))));
    const auto matches = enquire.get_mset(0, static_cast<Xapian::doccount>(documents.size()));
    Weights weights;
    for (auto match = matches.begin(); match != matches.end(); ++match) weights[*match] = match.get_weight();
    return weights;
  }

  const Snapshot& snapshot_;
  std::map<Xapian::docid, std::string> key_terms_;
  std::vector<std::string> names_;
  std::map<Xapian::docid, std::vector<std::pair<std::size_t, double>>> parts_;
};

}  // namespace

std::vector<std::vector<ScorePart>> explain(const Snapshot& snapshot, const Xapian::Query& query,
                                            std::span<const Ranked> hits) {
  if (hits.empty()) return {};
  std::set<Xapian::docid> documents;
  for (const Ranked& hit : hits) documents.insert(hit.id);
  Explainer explainer(snapshot, hits);
  explainer.walk(query, documents);
  std::vector<std::vector<ScorePart>> out;
  out.reserve(hits.size());
  for (const Ranked& hit : hits) out.push_back(explainer.take(hit));
  return out;
}

}  // namespace tidings::searcher
