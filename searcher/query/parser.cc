// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/query/parser.h"

#include <algorithm>

#include "searcher/query/fields.h"
#include "searcher/query/lexer.h"

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
    Tree part = operand();
    if (!part && any && !error_)
      warnings_.add(first.column(), "nothing stands after the negation, so it is left out");
    return part && negated ? make_tree(Not{part}, {first.begin, part->source.end}) : part;
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
    if (field_) return field_leaf(source, quoted);
    return quoted ? make_tree(Phrase{next_.text}, source) : make_tree(Word{next_.text}, source);
  }

  Tree field_leaf(Source source, bool quoted) {
    const std::size_t column = next_.source.column();
    switch (field_->kind) {
      case FieldKind::Words:
        return make_tree(FieldTerm{field_, next_.text, quoted}, source);
      case FieldKind::Boolean: {
        auto value = field_->canonical ? field_->canonical(next_.text) : Result<std::string>(next_.text);
        if (value && !value->empty()) return make_tree(FieldTerm{field_, *value, true}, source);
        if (value)
          warnings_.add(column, std::string(field_->name) + ": has no value, and is left out");
        else
          fail(column, value.error().what, value.error().hint);
        return nullptr;
      }
      case FieldKind::Date: {
        const auto dates = parse_dates(field_->side, next_.text);
        if (!dates) {
          fail(column, dates.error().what, dates.error().hint);
          return nullptr;
        }
        if (dates->begin && dates->end && *dates->begin >= *dates->end) {
          warnings_.add(column, "this time ends before it begins; nothing is found in it");
          return make_tree(Nothing{}, source);
        }
        return make_tree(FieldRange{field_, dates->begin, dates->end}, source);
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
  std::size_t depth_ = 0, words_ = 0;
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
