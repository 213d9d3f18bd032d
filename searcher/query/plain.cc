// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/plain.h"

#include <algorithm>
#include <map>
#include <vector>

#include "index/schema.h"
#include "searcher/query/lexer.h"

namespace tidings::searcher {
namespace {

struct BagWord {
  std::string term;
  Xapian::termcount count = 1;
  bool stop = false;
};

/// The column, from 1, of the code point that begins at that byte.
std::size_t column_at(std::string_view text, std::size_t byte) {
  return decode(text.substr(0, byte)).size() + 1;
}

Error past(std::size_t column, const std::string& bound) {
  return {Error::Code::BadQuery, "column " + std::to_string(column) + ": the query is longer than " + bound,
          "search for fewer words"};
}

/// Each word once, in the order of their first appearance. Stop words stay where nothing else does.
std::vector<BagWord> without_stop_words(std::vector<BagWord> words, bool drop) {
  const auto is_stop = [](const BagWord& word) { return word.stop; };
  if (drop && !std::all_of(words.begin(), words.end(), is_stop))
    words.erase(std::remove_if(words.begin(), words.end(), is_stop), words.end());
  return words;
}

}  // namespace

Result<PlainQuery> plain_query(std::string_view text, Analyzer& analyzer, const FormsOf& forms,
                               const PlainOptions& options) {
  if (text.size() > options.bytes)
    return tl::unexpected<Error>(
        past(column_at(text, options.bytes), std::to_string(options.bytes) + " bytes"));

  std::vector<BagWord> words;
  std::map<std::string, std::size_t, std::less<>> seen;
  std::size_t count = 0, refused_at = 0;
  analyzer.analyze(text, [&](const Token& token) {
    if (token.kind != TokenKind::Word) return;
    if (++count == options.terms + 1) refused_at = token.begin;
    if (count > options.terms) return;
    const auto [entry, is_new] = seen.try_emplace(std::string(token.term), words.size());
    if (!is_new) {
      ++words[entry->second].count;
      return;
    }
    words.push_back({std::string(token.term), 1, is_stop_word(token.term, analyzer.languages())});
  });
  if (count > options.terms)
    return tl::unexpected<Error>(past(column_at(text, refused_at), std::to_string(options.terms) + " words"));
  if (words.empty())
    return failure(Error::Code::BadQuery, "column 1: the query holds no word to search for", "type a word");
  words = without_stop_words(std::move(words), options.drop_stop_words);

  PlainQuery plain;
  struct Counted {
    Xapian::Query query;
    Xapian::termcount times = 0;
  };
  std::map<std::vector<std::string>, std::size_t> by_stems;  // forms of one word share them
  std::vector<Counted> asked;
  for (const BagWord& word : words) {
    const auto span = analyzer.stems(word.term);
    std::vector<std::string> stems(span.begin(), span.end());
    if (stems.empty()) {
      plain.highlights.terms.insert(word.term);
      asked.push_back({Xapian::Query(word.term), word.count});
      continue;
    }
    plain.highlights.stems.insert(stems.begin(), stems.end());
    const auto [entry, is_new] = by_stems.try_emplace(std::move(stems), asked.size());
    if (is_new) asked.push_back({any_form(word.term, entry->first, forms), 0});
    asked[entry->second].times += word.count;
  }
  std::vector<Xapian::Query> any;
  any.reserve(asked.size());
  for (const auto& word : asked) plain.weight += word.times;
  // A word that is asked for twice weighs twice (ranking.h: k3 is large).
  for (const auto& [query, times] : asked)
    any.push_back(times == 1 ? query : Xapian::Query(Xapian::Query::OP_SCALE_WEIGHT, query, times));
  plain.query = any.size() == 1 ? any[0] : Xapian::Query(Xapian::Query::OP_OR, any.begin(), any.end());

  plain.echo = words.size() == 1 ? "reports with " : "reports with any of ";
  for (std::size_t i = 0; i < std::min(words.size(), PlainQuery::kEchoWords); ++i)
    plain.echo.append(i == 0 ? "\"" : ", \"").append(words[i].term).append("\"");
  if (words.size() > PlainQuery::kEchoWords)
    plain.echo += " and " + std::to_string(words.size() - PlainQuery::kEchoWords) + " more";
  return plain;
}

}  // namespace tidings::searcher
