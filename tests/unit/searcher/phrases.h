// SPDX-License-Identifier: GPL-2.0-or-later
// phrases.h — phrases for a compiler that has no snapshot: by the texts of the documents that are asked.
#pragma once
#include "searcher/query/compile.h"

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

}  // namespace tidings::searcher
