// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/analyzer.h"

#include <unicode/uchar.h>

#include "index/characters.h"
#include "index/fold.h"
#include "index/scanner.h"
#include "index/stemming.h"

namespace tidings {

struct Analyzer::State {
  explicit State(std::vector<std::string> codes) : languages(std::move(codes)), stemming(languages) {}

  std::vector<std::string> languages;
  Stemming stemming;
  Scanner scanner;
};

Analyzer::Analyzer(std::vector<std::string> languages)
    : state_(std::make_unique<State>(std::move(languages))) {}
Analyzer::~Analyzer() = default;
Analyzer::Analyzer(Analyzer&&) noexcept = default;
Analyzer& Analyzer::operator=(Analyzer&&) noexcept = default;

std::uint32_t Analyzer::analyze(std::string_view text, FunctionRef<void(const Token&)> sink,
                                std::uint32_t first_position) {
  return state_->scanner.scan(text, sink, first_position);
}

std::span<const std::string> Analyzer::stems(std::string_view word) {
  return state_->stemming.stems(word);
}

const std::vector<std::string>& Analyzer::languages() const {
  return state_->languages;
}

std::string fold(std::string_view utf8) {
  const std::string folded = fold_characters(utf8);
  std::string out;
  out.reserve(folded.size());
  bool space = false;
  for (std::uint32_t offset = 0; offset < folded.size();) {
    const Character c = character_at(folded, offset);
    if (u_isUWhiteSpace(static_cast<UChar32>(c.code))) {
      space = true;
    } else {
      if (space && !out.empty()) out += ' ';
      space = false;
      out.append(folded, offset, c.end - offset);
    }
    offset = c.end;
  }
  return out;
}

}  // namespace tidings
