// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/api/parameters.h"

#include <algorithm>
#include <charconv>

namespace tidings::searcher {

tl::unexpected<Error> bad(std::string what, std::string hint) {
  return failure(Error::Code::BadRequest, std::move(what), std::move(hint));
}

Result<void> check_names(const Target& target, std::initializer_list<std::string_view> known) {
  std::string list;
  for (const auto name : known) list.append(list.empty() ? "" : ", ").append(name);
  for (std::size_t i = 0; i < target.parameters.size(); ++i) {
    const std::string& name = target.parameters[i].first;
    if (std::find(known.begin(), known.end(), name) == known.end())
      return bad("unknown parameter `" + name + "`",
                 list.empty() ? "there are none here" : "there are: " + list);
    if (target.find(name) != &target.parameters[i].second)
      return bad("the parameter `" + name + "` is given twice");
  }
  return {};
}

Result<std::size_t> number(const Target& target, std::string_view name, std::size_t absent, std::size_t least,
                           std::size_t most) {
  const std::string* text = target.find(name);
  if (!text) return absent;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < least || value > most)
    return bad("`" + std::string(name) + "` must be a number from " + std::to_string(least) + " to " +
               std::to_string(most) + ", and is \"" + *text + "\"");
  return value;
}

Result<bool> flag(const Target& target, std::string_view name, bool absent) {
  const std::string* text = target.find(name);
  if (!text) return absent;
  if (*text == "1" || *text == "true") return true;
  if (*text == "0" || *text == "false") return false;
  return bad("`" + std::string(name) + "` must be 0 or 1, and is \"" + *text + "\"");
}

}  // namespace tidings::searcher
