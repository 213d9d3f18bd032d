// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/text_flow.h"

#include <algorithm>

#include "index/characters.h"
#include "indexer/extract/text.h"

namespace tidings::indexer {
namespace {
bool control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}
}  // namespace

bool TextFlow::room(std::size_t bytes) {
  if (!full_ && text_.size() + 2 + bytes > max_) full_ = true;
  return !full_;
}

void TextFlow::put(std::string_view word) {
  if (!room(word.size())) return;
  if (!text_.empty() && wanted_ != kNone) text_ += wanted_ == kSpace ? " " : wanted_ == kLine ? "\n" : "\n\n";
  wanted_ = kNone;
  text_.append(word);
}

void TextFlow::add(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (is_ascii_space(text[i])) {
      wanted_ = std::max(wanted_, kSpace);
      ++i;
    } else if (control(text[i])) {
      ++i;
    } else {
      std::size_t end = i;
      while (end < text.size() && !is_ascii_space(text[end]) && !control(text[end])) ++end;
      put(text.substr(i, end - i));
      i = end;
    }
  }
}

void TextFlow::add_lines(std::string_view text) {
  std::size_t at = 0;
  for (;;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = clean(std::string(text.substr(at, end - at)));
    if (!line.empty()) put(line);
    if (end == text.size()) return;
    if (room(1) && !text_.empty() && wanted_ != kBlank) {
      if (wanted_ == kLine) text_ += '\n';
      wanted_ = kLine;
    }
    at = end + 1;
  }
}

}  // namespace tidings::indexer
