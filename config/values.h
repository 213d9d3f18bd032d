// SPDX-License-Identifier: GPL-2.0-or-later
// values.h — what a single text value may be: one check a kind of value, named by the table in keys.cc.
//
// A check answers nothing for a good value. A flaw completes the sentence that begins with the value:
// "inof" is no log level (did you mean "info"?)
#pragma once
#include <optional>
#include <string>

namespace tidings::config {

struct Flaw {
  std::string text;  ///< "is no log level"
  std::string hint;  ///< or empty
};

using Check = std::optional<Flaw> (*)(const std::string& value);

std::optional<Flaw> anything(const std::string& value);
std::optional<Flaw> corpus_name(const std::string& value);
std::optional<Flaw> language(const std::string& value);  ///< the stemmers of Xapian 1.4.22, and "none"
std::optional<Flaw> log_level(const std::string& value);
std::optional<Flaw> ignore_pattern(const std::string& value);
std::optional<Flaw> include_pattern(const std::string& value);
std::optional<Flaw> tcp_address(const std::string& value);  ///< or empty
std::optional<Flaw> socket_path(const std::string& value);  ///< as expanded: absolute

}  // namespace tidings::config
