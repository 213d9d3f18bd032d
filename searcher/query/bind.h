// SPDX-License-Identifier: GPL-2.0-or-later
// bind.h — a tree as parsed to the tree that holds for one index at one moment.
//
//   Pattern     gets its words (expand.h)
//   FieldDates  becomes the FieldRange that it is now, or Nothing where it ends before it begins
//   Word        of the text becomes Alike where the user has synonyms for it (synonyms.h)
// compile.h, echo.h and highlight.h take bound trees. What is left out is said in warnings; nothing fails. A query that stays open
// keeps the tree as parsed, and binds it each time.
#pragma once
#include "searcher/query/ast.h"
#include "searcher/query/context.h"
#include "searcher/query/warnings.h"

namespace tidings::searcher {

Tree bound(const Tree& tree, const CompileContext& context, Warnings& warnings);

}  // namespace tidings::searcher
