// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/query.h"

#include <algorithm>

#include "searcher/query/bind.h"

namespace tidings::searcher {

Result<Query> understand(std::string_view text, const CompileContext& context) {
  auto parsed = parse(text, context.limits);
  if (!parsed) return tl::unexpected<Error>(parsed.error());
  Warnings warnings;
  for (auto& warning : parsed->warnings) warnings.add(warning.column, std::move(warning.text));
  const Tree root = bound(parsed->root, context, warnings);
  auto strict = compile(root, Mode::Strict, context);
  if (!strict) return tl::unexpected<Error>(strict.error());
  for (auto& warning : strict->warnings) warnings.add(warning.column, std::move(warning.text));

  Query query;
  query.strict = strict->query;
  if (plain_words(root) > 1) {
    auto relaxed = compile(root, Mode::Relaxed, context);
    if (!relaxed) return tl::unexpected<Error>(relaxed.error());
    query.relaxed = relaxed->query;
    query.relaxed_words = std::move(relaxed->optional);
  }
  query.understood = echo(root, context.analyzer);
  query.highlights = highlights(root, context.analyzer);
  query.warnings = warnings.take();
  std::stable_sort(query.warnings.begin(), query.warnings.end(),
                   [](const Warning& a, const Warning& b) { return a.column < b.column; });
  return query;
}

Result<Query> understand_plain(std::string_view text, Analyzer& analyzer, const FormsOf& forms,
                               const PlainOptions& options) {
  auto plain = plain_query(text, analyzer, forms, options);
  if (!plain) return tl::unexpected<Error>(plain.error());
  return Query{plain->query, {},    {},           std::move(plain->echo), std::move(plain->highlights),
               {},           false, plain->weight};
}

}  // namespace tidings::searcher
