// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/bind.h"

#include "searcher/query/expand.h"
#include "searcher/query/fields.h"
#include "searcher/query/synonyms.h"

namespace tidings::searcher {
namespace {

class Binder {
 public:
  Binder(const CompileContext& context, Warnings& warnings)
      : context_(context), warnings_(warnings), expander_(context, warnings) {}

  Tree node(const Tree& tree) {
    const Source& source = tree->source;
    if (const auto* pattern = as<Pattern>(tree)) {
      Pattern bound = *pattern;
      bound.words = expander_.words(*pattern, source.column());
      return make_tree(std::move(bound), source);
    }
    if (const auto* dates = as<FieldDates>(tree)) {
      const auto [begin, end] = interval_at(dates->span, context_.now);
      if (begin && end && *begin >= *end)
        return nothing(dates->field, source, "this time ends before it begins; nothing is found in it");
      return make_tree(FieldRange{dates->field, begin, end}, source);
    }
    const auto* size = as<FieldRange>(tree);
    if (size && size->field->kind == FieldKind::Size && size->end && *size->end <= size->begin.value_or(0))
      return nothing(size->field, source, "no size is between these; nothing is found");
    return mapped(tree, [this](const Tree& child) { return node(child); });
  }

 private:
  Tree nothing(const FieldSpec* field, const Source& source, const char* why) {
    warnings_.add(source.column(), why);
    return make_tree(Nothing{field}, source);
  }

  const CompileContext& context_;
  Warnings& warnings_;
  Expander expander_;
};

}  // namespace

Tree bound(const Tree& tree, const CompileContext& context, Warnings& warnings) {
  const Tree wider = context.thesaurus ? context.thesaurus->applied(tree, context.limits.synonyms,
                                                                    context.analyzer, warnings)
                                       : tree;
  return Binder(context, warnings).node(wider);
}

}  // namespace tidings::searcher
