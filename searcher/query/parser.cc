// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/parser.h"

#include <algorithm>

#include "searcher/query/fields.h"
#include "searcher/query/lexer.h"
#include "searcher/query/pattern.h"
#include "searcher/query/sizes.h"

namespace tidings::searcher {
namespace {

using Kind = Lexeme::Kind;

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    words += !space && !inside;
    inside = !space;
  }
  return words;
}

bool is_not(const Tree& tree) {
  return as<Not>(tree) != nullptr;
}

/// Functions that return null found nothing there; after fail() the rest of the text is passed over.
class Parser {
 public:
  Parser(std::u32string_view text, const QueryLimits& limits) : limits_(limits), lexer_(text, warnings_) {
    advance();
  }

  Result<Parsed> parse() {
    Tree root = alternatives();
    if (error_) return tl::unexpected<Error>(std::move(*error_));
    if (!root)
      return failure(Error::Code::BadQuery, "column 1: the query holds no word to search for", "type a word");
    auto warnings = warnings_.take();
    std::stable_sort(warnings.begin(), warnings.end(),
                     [](const Warning& a, const Warning& b) { return a.column < b.column; });
    return Parsed{std::move(root), std::move(warnings)};
  }

 private:
  void advance() {
    if (!error_) next_ = lexer_.next();
  }
  void fail(std::size_t column, const std::string& what, std::string hint) {
    if (!error_)
      error_ =
          Error{Error::Code::BadQuery, "column " + std::to_string(column) + ": " + what, std::move(hint)};
    next_ = Lexeme{};
  }

  Tree alternatives() {
    std::vector<Tree> branches;
    for (bool again = true; again;) {
      if (Tree branch = conjunction()) branches.push_back(std::move(branch));
      again = next_.kind == Kind::Or;
      if (!again) break;
      const std::size_t column = next_.source.column(), before = branches.size();
      advance();
      const bool nothing_follows =
          next_.kind == Kind::End || next_.kind == Kind::Close || next_.kind == Kind::Or;
      if (before == 0 || nothing_follows)
        warnings_.add(column, "OR has nothing on one side of it, and is left out");
    }
    if (branches.size() <= 1) return branches.empty() ? nullptr : branches[0];
    const Source source{branches.front()->source.begin, branches.back()->source.end};
    return make_tree(Or{std::move(branches)}, source);
  }

  Tree conjunction() {
    std::vector<Tree> parts;
    for (;;) {
      if (next_.kind == Kind::Close && depth_ == 0) {
        warnings_.add(next_.source.column(), "a bracket was closed and not opened, and is left out");
        advance();
      } else if (next_.kind == Kind::And) {
        advance();
      } else if (next_.kind == Kind::Near) {
        lonely_near(next_.source);
        advance();
      } else if (next_.kind == Kind::End || next_.kind == Kind::Close || next_.kind == Kind::Or) {
        break;
      } else if (Tree part = perhaps_negated()) {
        parts.push_back(std::move(part));
      }
    }
    if (parts.empty()) return nullptr;
    const Source source{parts.front()->source.begin, parts.back()->source.end};
    if (std::all_of(parts.begin(), parts.end(), is_not)) {
      warnings_.add(source.column(), "only what to leave out is said; read as all reports except those");
      parts.insert(parts.begin(), make_tree(All{}, {source.begin, source.begin}));
    }
    return parts.size() == 1 ? parts[0] : make_tree(And{std::move(parts)}, source);
  }

  Tree perhaps_negated() {
    const Source first = next_.source;
    bool negated = false, any = false;
    while (next_.kind == Kind::Not) {
      negated = !negated;
      any = true;
      advance();
    }
    Tree part = nearness();
    if (!part && any && !error_)
      warnings_.add(first.column(), "nothing stands after the negation, so it is left out");
    return part && negated ? make_tree(Not{part}, {first.begin, part->source.end}) : part;
  }

  void lonely_near(Source source) {
    if (!error_) warnings_.add(source.column(), "NEAR has nothing on one side of it, and is left out");
  }

  Tree nearness() {
    Tree first = operand();
    if (!first || next_.kind != Kind::Near) return first;
    const std::size_t column = next_.source.column();
    const auto stands = [](const Tree& tree) {
      const auto* pattern = as<Pattern>(tree);
      return as<Word>(tree) || as<Phrase>(tree) || (pattern && !pattern->field);
    };
    std::vector<Tree> operands{first};
    std::vector<std::uint32_t> within;
    while (next_.kind == Kind::Near) {
      const Lexeme near = next_;
      if (++nears_ > limits_.nears) {
        fail(near.source.column(), "the query has more than " + std::to_string(limits_.nears) + " NEARs",
             "use AND for some of them");
        return nullptr;
      }
      advance();
      Tree right = operand();
      if (right) {
        operands.push_back(std::move(right));
        within.push_back(near.within);
      } else {
        lonely_near(near.source);
      }
    }
    if (operands.size() == 1 || error_) return first;
    const Source source{first->source.begin, operands.back()->source.end};
    if (std::all_of(operands.begin(), operands.end(), stands))
      return make_tree(Near{std::move(operands), std::move(within)}, source);
    warnings_.add(column, "NEAR stands between words and exact words of the text alone; read as AND");
    return make_tree(And{std::move(operands)}, source);
  }

  Tree operand() {
    const FieldSpec* outer = field_;
    const Source first = next_.source;
    if (next_.kind == Kind::Field) {
      field_ = next_.field;
      advance();
    }
    Tree out;
    if (next_.kind == Kind::Open) {
      out = group();
    } else if (next_.kind == Kind::Word || next_.kind == Kind::Phrase) {
      out = leaf({first.begin, next_.source.end});
      advance();
    }
    field_ = outer;
    return out;
  }

  Tree group() {
    const std::size_t column = next_.source.column();
    if (depth_ == limits_.depth) {
      fail(column, "brackets stand more than " + std::to_string(limits_.depth) + " deep",
           "take some brackets away");
      return nullptr;
    }
    ++depth_;
    advance();
    Tree inner = alternatives();
    --depth_;
    if (error_) return nullptr;
    if (next_.kind == Kind::Close)
      advance();
    else
      warnings_.add(column, "a bracket was opened and not closed; read to the end");
    if (!inner) warnings_.add(column, "there is nothing between these brackets, so they are left out");
    return inner;
  }

  Tree leaf(Source source) {
    const bool quoted = next_.kind == Kind::Phrase;
    const std::size_t words = quoted ? count_words(next_.text) : 1;
    if (words == 0) {
      warnings_.add(source.column(), "there is nothing between these quotes, so they are left out");
      return nullptr;
    }
    words_ += words;
    if (words_ > limits_.terms) {
      fail(source.column(), "the query has more than " + std::to_string(limits_.terms) + " words",
           "search for fewer words, or use --plain");
      return nullptr;
    }
    if (!quoted && (!field_ || field_->kind == FieldKind::Words)) {
      PatternReading pattern = read_pattern(next_.text);
      if (!pattern.warning.empty()) warnings_.add(next_.source.column(), std::move(pattern.warning));
      if (pattern.kind) return make_tree(Pattern{*pattern.kind, std::move(pattern.text), field_, {}}, source);
    }
    if (field_) return field_leaf(source, quoted);
    return quoted ? make_tree(Phrase{next_.text}, source) : make_tree(Word{next_.text}, source);
  }

  Tree field_leaf(Source source, bool quoted) {
    const std::size_t column = next_.source.column();
    switch (field_->kind) {
      case FieldKind::Words:
        return make_tree(FieldTerm{field_, next_.text, quoted}, source);
      case FieldKind::Boolean:
      case FieldKind::Status:
      case FieldKind::Ending: {
        if (next_.text.find('*') != std::string::npos)
          warnings_.add(column,
                        "* is not understood in " + std::string(field_->name) + ": and stands for itself");
        auto value = field_->canonical ? field_->canonical(next_.text) : Result<std::string>(next_.text);
        if (value && !value->empty()) return make_tree(FieldTerm{field_, *value, true}, source);
        if (value)
          warnings_.add(column, std::string(field_->name) + ": has no value, and is left out");
        else
          fail(column, value.error().what, value.error().hint);
        return nullptr;
      }
      case FieldKind::Date: {
        auto dates = parse_dates(field_->side, next_.text);
        if (dates) return make_tree(FieldDates{field_, *dates}, source);
        fail(column, dates.error().what, dates.error().hint);
        return nullptr;
      }
      case FieldKind::Size: {
        const auto size = parse_size(next_.text);
        if (size) return make_tree(FieldRange{field_, size->begin, size->end}, source);
        fail(column, size.error().what, size.error().hint);
        return nullptr;
      }
    }
    return nullptr;
  }

  const QueryLimits limits_;
  Warnings warnings_;
  Lexer lexer_;
  Lexeme next_;
  std::optional<Error> error_;
  const FieldSpec* field_ = nullptr;  ///< what words now stand in
  std::size_t depth_ = 0, words_ = 0, nears_ = 0;
};

}  // namespace

Result<Parsed> parse(std::string_view text, const QueryLimits& limits) {
  if (text.size() > limits.bytes) {
    const std::size_t column = decode(text.substr(0, limits.bytes)).size() + 1;
    return failure(Error::Code::BadQuery,
                   "column " + std::to_string(column) + ": the query is longer than " +
                       std::to_string(limits.bytes) + " bytes",
                   "search for fewer words");
  }
  const std::u32string decoded = decode(text);
  if (std::all_of(decoded.begin(), decoded.end(), [](char32_t c) { return c <= ' '; }))
    return failure(Error::Code::BadQuery, "column 1: the query is empty", "type a word to search for");
  return Parser(decoded, limits).parse();
}

}  // namespace tidings::searcher
