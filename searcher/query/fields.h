// SPDX-License-Identifier: GPL-2.0-or-later
// fields.h — the fields of the query language, a row each: what `title:`, `type:`, `after:` mean.
//
// A new field is a new row in fields.cc. Names and aliases are matched without regard to ASCII case. What dates and sizes may be stands
// in dates.h and sizes.h. A report whose own date is known to the year only counts as of 1 January.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/error.h"
#include "searcher/query/dates.h"

namespace tidings::searcher {

enum class FieldKind : std::uint8_t {
  Words,    ///< analysed like text, in order: in any form where `any_form` says so, exact in quotes
  Boolean,  ///< the value as a whole; carries no weight
  Status,   ///< how far a file was read
  Ending,   ///< of the file's name, with its dot
  Date,     ///< an interval in a value slot, of seconds
  Size,     ///< the same of bytes
};

struct FieldSpec {
  std::string_view name;
  std::string_view aliases = {};  ///< space-separated
  FieldKind kind = FieldKind::Words;
  std::string_view prefix = {};  ///< of its terms
  bool in_order =
      true;  ///< Words: several must stand in that order; else they may stand anywhere in the field
  bool any_form = false;  ///< Words: found in any form; else as typed
  bool in_text = false;  ///< Words: they are in the text too, so that passages mark them and they count there
  unsigned slot = 0;     ///< Date, Size
  DateSide side = DateSide::Within;
  std::string_view echo = {};  ///< what the echo says before the value: "in title"
  std::string_view help = {};  ///< one line, for --help and for the description of the API
  /// Boolean, Status, Ending: the canonical form of a typed value, or why it is none (without column). Null: as typed.
  Result<std::string> (*canonical)(std::string_view) = nullptr;
  /// Boolean: the terms that stand for a canonical value, any of which will do. Null: prefix + value.
  std::vector<std::string> (*terms)(const FieldSpec&, std::string_view value,
                                    std::span<const std::string> corpora) = nullptr;
};

std::span<const FieldSpec> fields();

/// The value of `is:` that is no status: there are near-copies of the report.
inline constexpr std::string_view kDuplicate = "duplicate";

/// The field of that name or alias, or null.
const FieldSpec* find_field(std::string_view name);

/// The name or alias that was probably meant: within two edits, and no more than half of what was typed. Else
/// empty.
std::string_view nearest_field(std::string_view name);

/// The terms of a boolean field's canonical value, any of which will do.
std::vector<std::string> boolean_terms(const FieldSpec& field, std::string_view value,
                                       std::span<const std::string> corpora);

}  // namespace tidings::searcher
