// SPDX-License-Identifier: GPL-2.0-or-later
// analyzer.h — text to terms: the one object used for documents, queries, passages and standing queries alike.
//
// What is a word. A run of letters and digits (any script), its marks, and an apostrophe between letters. Every
// term is folded: NFKC, case, accents of Latin, Greek and Hebrew/Arabic points, ligatures, full-width forms, curly
// apostrophes as ', soft hyphens and zero-width characters gone. Chinese, Japanese, Thai, Lao, Khmer and Burmese runs
// are cut into words by ICU's dictionary breaker.
//
// What is a compound. Words joined without a space by - . _ @ or & keep each part as a word of its own at its own
// position, so "A-Company" equals "A Company"; beside them stands the whole (of at most 8 words, kTermMax bytes as written).
// / and : join nothing; the host in an address of the web is a compound by its dots.
//   pre-empt, pre- empt (a broken line)  -> pre, empt and the whole "preempt"  (letters only, hyphens only)
//   pre- and post-war                    -> no whole "preand": and, or, to, und, oder, et, ou, y, o … keep the hyphen open
//   covid-19, 4-500                      -> the parts and the whole as written, for a part has a digit
//   info@example.org, node.js, a_b, at&t -> the parts and the whole as written
//   U.S.A.                               -> the word "usa" (single letters between dots)
//   30,000  30 000 (thin or no-break space)  1.500.000 -> the word 30000, 1500000;  10,50 -> the word 10.50
//   30,000th  1.5bn                      -> the word 30000th, 1.5bn and the extra 30000, 1.5
//   3,4,5   1.2.3                        -> the words alone; the parts and the whole "1.2.3" (number.h has the table)
//   1.500                                -> the word 1.500 and the extra 1500 (either may be meant)
//   £10.50  10,50 €  $30                 -> the word 10.50 and the whole "£10.50" (sign first), spanning one position
//   #BAmazonUnion                        -> the word bamazonunion, the whole "#bamazonunion", the extras amazon, union
//   @AmazonUK                            -> the word amazonuk, the whole "@amazonuk"
//   C++  C#                              -> the word c and the whole "c++"
//   l'état  d'accord                     -> the word l'état (folded) and the extra etat (French and Italian elision)
//   café's, amazon’s                     -> the word amazon's; its stem is amazon's stem
// A query treats a typed compound the same way: see searcher/query.
//
// Positions count from 1, one a word. begin/end are byte offsets into the text that was given. A term is at most
// kTermMax bytes; a longer word is replaced by "…" + the XXH3-128 of its folded form in hex, so that it is still found whole.
// Malformed UTF-8 is read as U+FFFD, which separates words.
//
// A Word, analyzed again, is the same Word; NFC and NFD give the same terms (but kana with separate voice marks beside
// half-width kana, where ICU's dictionary decides otherwise).
//
// Speed: ASCII words take a path without allocation and without ICU. Measured with -O2, one thread, processor time on a
// 2.6 GHz machine shared with compilers: 180 to 205 MB/s of English news (about 30 ns a token), stems() 16 to 33 million
// words a second (cache misses and first stemmings included).
// An Analyzer is not thread-safe (it caches folded words, stems and scratch space, some 6 MB once full): one for each
// thread. It never throws on text (std::runtime_error only where ICU is installed without its data); the constructor
// throws std::invalid_argument on a language that no stemmer is known for. Of a text past 4 GiB the rest is not read.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tidings {

enum class TokenKind : std::uint8_t {
  Word,   ///< has a position of its own; phrases are made of these
  Whole,  ///< another spelling of the `span` words that begin at `position`: a query for it asks for this term
  Extra,  ///< a findable part of the word at `position`; never asked for by a longer query word
};

struct Token {
  std::string_view term;  ///< folded; valid during the callback only
  std::uint32_t position = 0;
  std::uint32_t begin = 0, end = 0;  ///< byte range in the text
  std::uint16_t span = 1;            ///< how many positions it covers
  TokenKind kind = TokenKind::Word;
};

/// Phrases are made of words, and of wholes that stand for one; what spans several, or is a part of one, is only ever asked for alone.
inline bool has_place(const Token& token) {
  return token.kind == TokenKind::Word || (token.kind == TokenKind::Whole && token.span == 1);
}

/// A reference to a callable, for callbacks that do not outlive the call.
template <class Signature>
class FunctionRef;
template <class R, class... Args>
class FunctionRef<R(Args...)> {
 public:
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef>) FunctionRef(F&& f)
  noexcept  // NOLINT(google-explicit-constructor, bugprone-forwarding-reference-overload)
      : object_(const_cast<void*>(static_cast<const void*>(&f))), call_([](void* object, Args... args) -> R {
          return (*static_cast<std::remove_reference_t<F>*>(object))(static_cast<Args&&>(args)...);
        }) {}
  R operator()(Args... args) const { return call_(object_, static_cast<Args&&>(args)...); }

 private:
  void* object_;
  R (*call_)(void*, Args...);
};

class Analyzer {
 public:
  static constexpr std::size_t kTermMax =
      200;  ///< bytes of a term without its prefix (Xapian's limit is 245 with it)

  /// Languages whose stemmers are used, as ISO 639-1 codes ("en", "de"); "none" for no stemming.
  explicit Analyzer(std::vector<std::string> languages = {"en"});
  ~Analyzer();
  Analyzer(Analyzer&&) noexcept;
  Analyzer& operator=(Analyzer&&) noexcept;

  /// Hands every token of the UTF-8 text to the sink: words in order of position, wholes and extras after the word at
  /// their position, a whole perhaps after its last word. Returns the last position used, first_position - 1 for none.
  std::uint32_t analyze(std::string_view text, FunctionRef<void(const Token&)> sink,
                        std::uint32_t first_position = 1);

  /// The distinct stems of a folded word in the languages given, one for one language. Empty for words with a digit,
  /// and for Whole terms (they hold a character that no word has). Valid until the next call.
  std::span<const std::string> stems(std::string_view word);

  const std::vector<std::string>& languages() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Whether all stems of the language begin with the byte that their words begin with: not where prefixes are taken off.
bool stems_begin_as_words(std::string_view language);

/// The folding of one string as a whole (titles, sources, folder names to be compared): every character folded as in
/// terms, runs of white space as one space, trimmed.
std::string fold(std::string_view utf8);

/// True for words so common in the language that a bag of words is better without them.
bool is_stop_word(std::string_view folded, std::string_view language = "en");
/// The same of any of the languages.
bool is_stop_word(std::string_view folded, std::span<const std::string> languages);

}  // namespace tidings
