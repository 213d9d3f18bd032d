// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/word_breaks.h"

#include <unicode/locid.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <stdexcept>
#include <string>

namespace tidings {
namespace {

void check(UErrorCode status) {
  if (U_FAILURE(status))
    throw std::runtime_error(std::string("ICU cannot break words: ") + u_errorName(status) +
                             " (is libicu installed with its data?)");
}

/// The largest length up to `most` that ends between two code points.
std::size_t whole_code_points(std::string_view run, std::size_t most) {
  if (run.size() <= most) return run.size();
  while (most > 0 && U8_IS_TRAIL(static_cast<std::uint8_t>(run[most]))) --most;
  return most;
}

}  // namespace

void Segmenter::words(std::string_view run, FunctionRef<void(std::uint32_t, std::uint32_t)> found) {
  UErrorCode status = U_ZERO_ERROR;
  if (!breaker_) {
    breaker_.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    check(status);
  }
  std::size_t base = 0;
  while (base < run.size()) {
    const std::string_view piece = run.substr(base, whole_code_points(run.substr(base), kPieceMax));
    const bool final = base + piece.size() == run.size();
    const icu::LocalUTextPointer text(
        utext_openUTF8(nullptr, piece.data(), static_cast<std::int64_t>(piece.size()), &status));
    check(status);
    breaker_->setText(text.getAlias(), status);
    check(status);
    const auto length = static_cast<std::int32_t>(piece.size());
    std::int32_t begin = breaker_->first();
    for (std::int32_t end = breaker_->next(); end != icu::BreakIterator::DONE;
         begin = end, end = breaker_->next()) {
      if (end == length && !final && begin > 0) break;
      if (breaker_->getRuleStatus() != UBRK_WORD_NONE)
        found(static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(begin),
              static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(end));
    }
    base += static_cast<std::size_t>(begin);
  }
}

}  // namespace tidings
