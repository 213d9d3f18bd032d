// SPDX-License-Identifier: GPL-2.0-or-later
// boilerplate.h — which lines of a text are the site's and not the story's: comment forms, share and follow
// lines, cookie notices, newsletter boxes, copyright lines, links to other stories.
//
// A line is boilerplate when the weights of the cue phrases in it, with what its place and shape add, reach
// kEnough:
//
//   phrase    1 to 4, a table in boilerplate.cc; most count only at the line's begin or as the whole line
//
//   networks  one for each social network named, at most 3, after an imperative (follow, share, like) or
//   alone
//
//   place     +1 among the last kTailLines lines; most one-word cues are too weak without it
//
//   shape     +1 up to 12 words, -1 past 30, -3 past 60: no paragraph is swallowed for a phrase in it
//
//   company   +1 right after a boilerplate line in the tail, +2 inside a comment form that has begun
//
// Far from both ends of a text only short lines are looked at, and for what they begin with. Precision comes
// first: a missed share line costs less than a lost paragraph. English, German, French, Spanish, Italian. One
// pass, linear; nothing is boilerplate in a text of one line.
#pragma once
#include <string_view>
#include <vector>

#include "index/record.h"

namespace tidings::indexer {

inline constexpr int kEnough = 4;
inline constexpr std::size_t kTailLines = 12;

/// Ranges of lines, in order, disjoint. `begin`: where the text itself begins, past front matter and headers.
std::vector<Range> boilerplate_lines(std::string_view text, std::size_t begin = 0);

/// Could this line be boilerplate wherever it stood? For what must not become a title.
bool boilerplate_like(std::string_view line);

/// Sorted, disjoint and without empty ranges, ends trimmed of white space; touching ranges are joined.
std::vector<Range> merged(std::string_view text, std::vector<Range> ranges);

}  // namespace tidings::indexer
