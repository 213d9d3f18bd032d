// SPDX-License-Identifier: GPL-2.0-or-later
// asked.h — which terms a typed word or phrase asks for; the compiler, the echo and the highlights all go by
// it.
//
// By the tokens of analyzer.h: a word that is written as one with its sign asks for that spelling (£10.50,
// c++, #bamazonunion); a compound asks for its parts in order or for the whole (pre-empt: "pre empt" or
// preempt); a single word asks for its stems; a word without stems, such as a number, for itself. Extras are
// never asked for.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "index/analyzer.h"

namespace tidings::searcher {

struct Asked {
  std::vector<std::string> words;  ///< surface terms in order; empty: nothing in it can be searched for
  std::vector<std::string> stems;  ///< of a single word; empty: ask for the word itself
  std::string whole;               ///< of several words: the one term that spans them all, or empty
};

Asked ask(Analyzer& analyzer, std::string_view typed);

}  // namespace tidings::searcher
