// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/query.h"

#include <algorithm>

namespace tidings::searcher {

Result<Query> understand(std::string_view text, const CompileContext& context) {
  auto parsed = parse(text, context.limits);
  if (!parsed) return tl::unexpected<Error>(parsed.error());
  auto strict = compile(parsed->root, Mode::Strict, context);
  if (!strict) return tl::unexpected<Error>(strict.error());

  Query query;
  query.strict = strict->query;
  if (plain_words(parsed->root) > 1) {
    auto relaxed = compile(parsed->root, Mode::Relaxed, context);
    if (!relaxed) return tl::unexpected<Error>(relaxed.error());
    query.relaxed = relaxed->query;
    query.relaxed_words = std::move(relaxed->optional);
  }
  query.understood = echo(parsed->root, context.analyzer);
  query.highlights = highlights(parsed->root, context.analyzer);
  query.warnings = std::move(parsed->warnings);
  query.warnings.insert(query.warnings.end(), strict->warnings.begin(), strict->warnings.end());
  std::stable_sort(query.warnings.begin(), query.warnings.end(),
                   [](const Warning& a, const Warning& b) { return a.column < b.column; });
  return query;
}

Result<Query> understand_plain(std::string_view text, Analyzer& analyzer, const FormsOf& forms,
                               const PlainOptions& options) {
  auto plain = plain_query(text, analyzer, forms, options);
  if (!plain) return tl::unexpected<Error>(plain.error());
  return Query{plain->query, {}, {}, std::move(plain->echo), std::move(plain->highlights), {}};
}

}  // namespace tidings::searcher
