// SPDX-License-Identifier: GPL-2.0-or-later
// scanner.h — the words of a text and what they are joined to, in one pass; the rules stand in analyzer.h.
//
// plain_word() takes what most of a text is made of: ASCII words with nothing joined to them, lower-cased by
// table into a buffer on the side. All else goes through compound(), which reads part after part until
// nothing joins. Every byte is looked at a bounded number of times. Scratch strings grow to the longest word
// met, at most kScratchKept bytes of them are kept between texts. Not thread-safe.
//
// scanner.cc is the pass, scanner_parts.cc reads one part of a compound, scanner_beside.cc is what is said of a
// word beside the word.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "index/analyzer.h"
#include "index/characters.h"
#include "index/fold.h"
#include "index/word_breaks.h"

namespace tidings {

class Scanner {
 public:
  static constexpr int kPartsMax = 8;                 ///< words of a compound; a longer chain has no whole
  static constexpr int kAcronymMax = 16;              ///< letters of U.S.A.; a longer row is a chain of words
  static constexpr std::size_t kScratchKept = 65536;  ///< bytes

  std::uint32_t scan(std::string_view text, FunctionRef<void(const Token&)> sink,
                     std::uint32_t first_position);

 private:
  using Offset = std::uint32_t;
  static constexpr Offset kNowhere = ~Offset{0};

  struct Part {
    Offset begin = 0, end = 0;
    bool letters_only = true;  ///< no digit in the folded word
    bool begins_as_digit = false;
    bool ends_as_letter = false;  ///< before any marks
  };
  struct Join {
    char as = 0;      ///< the joiner as it is written in the whole, 0 for none
    Offset next = 0;  ///< where the next part begins
  };
  struct Chain {  ///< the compound so far
    std::uint32_t position = 0;
    Offset begin = 0;
    int parts = 0;
    bool merges = true;  ///< letters and hyphens only: its whole is written without them
  };

  Character at(Offset offset) const { return character_at(text_, offset); }
  std::string_view slice(Offset begin, Offset end) const { return text_.substr(begin, end - begin); }

  bool plain_word(Offset& offset);
  Offset compound(Offset offset, Offset tag = kNowhere);
  Offset spaceless(Offset offset);

  // Each leaves the folded part in term_; false, with nothing done, where the text is not of that form.
  Part read_part(Offset offset, char joined_by);
  Part read_run(Offset offset);
  bool read_acronym(Offset offset, Part& part);
  bool read_number(Offset offset, Part& part);
  Offset read_groups(Offset offset, bool dots_alone, std::string& separators);

  Join join_after(const Part& part) const;
  bool goes_on_in_next_line(const Part& part, Character space) const;
  void append(std::string_view folded, char joined_by);

  void emit_word(std::uint32_t position, const Part& part);
  void emit(TokenKind kind, std::string_view term, std::uint32_t position, Offset begin, Offset end,
            int span = 1);
  void emit_elided(std::uint32_t position, const Part& part);
  void emit_money(std::uint32_t position, const Part& part);
  void emit_money(std::uint32_t position, Offset begin, Offset end, Offset sign_begin, Offset sign_end);
  void emit_camel_case(std::uint32_t position, const Part& part);
  Offset emit_sharp(std::uint32_t position, const Part& part);

  Folder folder_;
  Segmenter segmenter_;
  std::string_view text_;
  const FunctionRef<void(const Token&)>* sink_ = nullptr;
  std::uint32_t position_ = 1;  ///< of the next word

  Offset last_end_ = kNowhere;                          ///< of the last word
  Offset sign_begin_ = kNowhere, sign_end_ = kNowhere;  ///< the last currency sign
  Offset spent_sign_ = kNowhere;                        ///< a sign after a number is none before the next
  Offset list_end_ = 0;                                 ///< before it commas separate, as in 3,4,5

  std::string term_;      ///< the part that was read last
  std::string meanings_;  ///< what else the number may be: terms, each ended by a space
  std::string digits_;    ///< of the groups read last
  std::vector<Offset> group_ends_, group_sizes_;
  std::string written_, merged_, tagged_;  ///< wholes under construction
  std::string scratch_;
};

}  // namespace tidings
