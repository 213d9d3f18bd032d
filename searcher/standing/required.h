// SPDX-License-Identifier: GPL-2.0-or-later
// required.h — the terms of which a report must have one to match a program.
//
// Of operands that are all required the rarest will do; of alternatives each has terms of its own; a negation, an interval and what cannot be told
// require nothing. A pattern requires that a word begins as it does, where enough of it is typed; that counts as the least rare of all.
#pragma once
#include <optional>
#include <vector>

#include "index/analyzer.h"
#include "searcher/standing/program.h"

namespace tidings::searcher {

/// Each once; none at all where nothing can match; nothing where no term is required. `documents`: how many have the term.
std::optional<std::vector<TermId>> required_terms(const Programs& programs, std::uint32_t begin,
                                                  FunctionRef<double(TermId)> documents);

}  // namespace tidings::searcher
