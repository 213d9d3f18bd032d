// SPDX-License-Identifier: GPL-2.0-or-later
// phrases.h — phrases and nearness for a compiler that has no snapshot: by the texts of the documents that are asked; and the words of a
// database.
#pragma once
#include "searcher/query/context.h"

namespace tidings::searcher {

inline PhraseOf phrases_by(std::shared_ptr<const OrderByUuid> order, Analyzer& analyzer) {
  return [order = std::move(order), &analyzer](std::vector<std::string> words, PhraseSource::Where where) {
    auto* source = new PhraseSource(std::move(words), where, order, analyzer);
    return Xapian::Query(source->release());
  };
}

inline PhraseOf phrases_without_segments(Analyzer& analyzer) {
  return phrases_by(std::make_shared<const OrderByUuid>(), analyzer);
}

inline NearOf near_by(std::shared_ptr<const OrderByUuid> order, Analyzer& analyzer) {
  return [order = std::move(order), &analyzer](Nearness nearness) {
    auto* source = new NearSource(std::move(nearness), order, analyzer);
    return Xapian::Query(source->release());
  };
}

inline NearOf near_without_segments(Analyzer& analyzer) {
  return near_by(std::make_shared<const OrderByUuid>(), analyzer);
}

/// By its terms; those that have stems for a vocabulary.
inline WordsOf words_of(Xapian::Database database, Analyzer& analyzer) {
  return {.beginning = [database](std::string_view prefix, std::string_view start,
                                  WordSink sink) { each_word(database, prefix, start, sink); },
          .stemmed =
              [database, &analyzer](WordSink sink) {
                each_word(database, {}, {},
                          [&](std::string_view word) { return analyzer.stems(word).empty() || sink(word); });
              },
          .documents = [database](const std::string& term) { return database.get_termfreq(term); }};
}

}  // namespace tidings::searcher
