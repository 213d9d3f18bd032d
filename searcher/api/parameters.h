// SPDX-License-Identifier: GPL-2.0-or-later
// parameters.h — what may stand behind the ? of an address: which names, and numbers and flags in them. Errors are BadRequest.
#pragma once
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "index/error.h"
#include "searcher/api/target.h"

namespace tidings::searcher {

tl::unexpected<Error> bad(std::string what, std::string hint = {});

/// Under /v1/ each parameter is one of these, at most once.
Result<void> check_names(const Target& target, std::initializer_list<std::string_view> known);

Result<std::size_t> number(const Target& target, std::string_view name, std::size_t absent, std::size_t least,
                           std::size_t most);
/// 0, 1, true or false.
Result<bool> flag(const Target& target, std::string_view name, bool absent);

}  // namespace tidings::searcher
