// SPDX-License-Identifier: GPL-2.0-or-later
// rarity.h — how rare a word is in all its forms together.
//
// Xapian takes the forms of a word (OP_SYNONYM) for independent of each other, so for more frequent together than they are:
// a report that strikes speaks of strikes. Counting the reports that have any of them gives such a word the weight that its stem would have
// as a term of its own: measured on the judged collections, nDCG@10 as with stems in the index.
#pragma once
#include <xapian.h>

#include <span>
#include <string>

namespace tidings::searcher {

/// Words that are in more documents than this, together, are not counted: common words weigh little either way. Counting takes some
/// 10 ns a document.
inline constexpr Xapian::doccount kCountedForms = 50'000;

/// By what to multiply the weight of OP_SYNONYM of these terms; 1 for one term.
double form_correction(const Xapian::Database& database, std::span<const std::string> terms);

}  // namespace tidings::searcher
