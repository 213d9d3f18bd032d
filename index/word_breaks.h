// SPDX-License-Identifier: GPL-2.0-or-later
// word_breaks.h — the words of a run without spaces, by ICU's dictionaries (Chinese, Japanese, Thai, Lao, Khmer,
// Burmese).
//
// The break iterator is made at the first such run: it takes milliseconds and megabytes that most texts never
// need. A run is cut in pieces of kPieceMax bytes, so that ICU's memory is bounded; the last word of a piece
// is read again with the next one, so that no word is cut in two unless it is longer than a piece.
// Throws std::runtime_error where ICU is installed without its data. One for each thread.
#pragma once
#include <unicode/brkiter.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "index/analyzer.h"

namespace tidings {

class Segmenter {
 public:
  static constexpr std::size_t kPieceMax = 4096;  ///< bytes

  /// Valid UTF-8 to the byte ranges of its words, in order.
  void words(std::string_view run, FunctionRef<void(std::uint32_t begin, std::uint32_t end)> found);

 private:
  std::unique_ptr<icu::BreakIterator> breaker_;
};

}  // namespace tidings
