// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/query_context.h"

#include "searcher/match/rarity.h"

namespace tidings::searcher {

QueryLimits query_limits(const config::Limits& limits) {
  QueryLimits bounds;
  bounds.bytes = limits.query_bytes;
  bounds.terms = limits.query_terms;
  bounds.depth = limits.query_depth;
  return bounds;
}

FormsOf forms_of(const Snapshot& snapshot) {
  return {
      .words = [&](std::string_view stem) { return snapshot.forms(stem); },
      .correction =
          [&](std::span<const std::string> words) { return form_correction(snapshot.database(), words); }};
}

CompileContext query_context(const Snapshot& snapshot, Analyzer& analyzer, const Thesaurus* thesaurus,
                             const config::Limits& limits) {
  CompileContext context{.analyzer = analyzer,
                         .corpora = {},
                         .limits = query_limits(limits),
                         .forms = forms_of(snapshot),
                         .phrase = {}};
  context.phrase = [&](std::vector<std::string> words, PhraseSource::Where where) {
    return snapshot.phrase(std::move(words), where, analyzer);
  };
  context.near = [&](Nearness nearness) { return snapshot.near(std::move(nearness), analyzer); };
  context.copies = [&] { return snapshot.having_copies(analyzer); };
  context.words = {
      .beginning = [&](std::string_view prefix, std::string_view start,
                       WordSink sink) { snapshot.words(prefix, start, sink); },
      .stemmed = [&](WordSink sink) { snapshot.stemmed_words(sink); },
      .documents = [&](const std::string& term) { return snapshot.database().get_termfreq(term); }};
  context.thesaurus = thesaurus;
  context.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  for (const auto& corpus : snapshot.facts().corpora) context.corpora.push_back(corpus.name);
  return context;
}

}  // namespace tidings::searcher
