// SPDX-License-Identifier: GPL-2.0-or-later
// echo.h — a query in plain English, as it was understood:
//   reports with "pay" and any form of "strike", not any form of "football", in title any form of "coventry",
//   since 1 March 2023
//
// Typed text is given back between quotes, as typed. "any form of" stands before words that are stemmed. Of a fuzzy word the first words
// that it stands for are named, of a word with synonyms all that were taken; relative dates are told as the days that they are. Takes
// bound trees (bind.h). docs/query-language.md has an example of each.
#pragma once
#include <string>

#include "index/analyzer.h"
#include "searcher/query/ast.h"

namespace tidings::searcher {

std::string echo(const Tree& tree, Analyzer& analyzer);

}  // namespace tidings::searcher
