// SPDX-License-Identifier: GPL-2.0-or-later
// forms.h — a word in any of its forms, as a query.
//
// Documents are indexed by the words as they stand there; the index knows which of its words share a stem. So "strike" asks for
// strike, strikes, striking … of which the index has at least one document, as one word (OP_SYNONYM): a report that has
// two of the forms counts as having the word twice.
#pragma once
#include <xapian.h>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::searcher {

/// What the index knows of words.
struct FormsOf {
  /// The words of the index that have this stem; sorted.
  std::function<std::vector<std::string>(std::string_view stem)> words;
  /// By what to multiply the weight that these words get together (match/rarity.h); null: by 1.
  std::function<double(std::span<const std::string> words)> correction = nullptr;
};

/// What the typed form counts beside all forms together: exactly what was typed ranks above its relatives. Measured in
/// tests/relevance: 0.1 is worth up to .015 of MAP and costs .008 at most; from 0.2 on it costs more than it gives.
inline constexpr double kTypedForm = 0.1;

/// Any of these words of the index as one word; nothing where there are none.
Xapian::Query as_one_word(std::span<const std::string> words, const FormsOf& forms,
                          std::string_view prefix = {});

/// Any form of the word by its stems, of the terms with this prefix; nothing where the index has none.
Xapian::Query any_form(std::string_view typed, std::span<const std::string> stems, const FormsOf& forms,
                       std::string_view prefix = {});

}  // namespace tidings::searcher
