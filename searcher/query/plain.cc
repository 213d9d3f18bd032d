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

Result<PlainQuery> plain_query(std::string_view text, Analyzer& analyzer, const PlainOptions& options) {
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
    const auto& languages = analyzer.languages();
    const bool stop = std::any_of(languages.begin(), languages.end(), [&](const std::string& language) {
      return is_stop_word(token.term, language);
    });
    words.push_back({std::string(token.term), 1, stop});
  });
  if (count > options.terms)
    return tl::unexpected<Error>(past(column_at(text, refused_at), std::to_string(options.terms) + " words"));
  if (words.empty())
    return failure(Error::Code::BadQuery, "column 1: the query holds no word to search for", "type a word");
  words = without_stop_words(std::move(words), options.drop_stop_words);

  PlainQuery plain;
  std::map<std::string, Xapian::termcount> terms;  // forms of one word share a stem
  std::vector<const std::string*> order;
  const auto ask_for = [&](std::string term, Xapian::termcount times) {
    const auto [entry, is_new] = terms.try_emplace(std::move(term), 0);
    entry->second += times;
    if (is_new) order.push_back(&entry->first);
  };
  for (const BagWord& word : words) {
    const auto stems = analyzer.stems(word.term);
    if (stems.empty()) {
      plain.highlights.terms.insert(word.term);
      ask_for(word.term, word.count);
    }
    for (const auto& stem : stems) {
      plain.highlights.stems.insert(stem);
      ask_for(word_term(prefix::kStem, stem), word.count);
    }
  }
  std::vector<Xapian::Query> any;
  any.reserve(order.size());
  for (const std::string* term : order) any.emplace_back(*term, terms[*term]);
  plain.query = any.size() == 1 ? any[0] : Xapian::Query(Xapian::Query::OP_OR, any.begin(), any.end());

  plain.echo = words.size() == 1 ? "reports with " : "reports with any of ";
  for (std::size_t i = 0; i < std::min(words.size(), PlainQuery::kEchoWords); ++i)
    plain.echo.append(i == 0 ? "\"" : ", \"").append(words[i].term).append("\"");
  if (words.size() > PlainQuery::kEchoWords)
    plain.echo += " and " + std::to_string(words.size() - PlainQuery::kEchoWords) + " more";
  return plain;
}

}  // namespace tidings::searcher
