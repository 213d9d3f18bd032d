// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/wild_path.h"

#include <algorithm>
#include <array>
#include <optional>

#include "config/glob.h"

namespace tidings::config {
namespace {

using Bytes = std::bitset<256>;

std::size_t index_of(char c) {
  return static_cast<unsigned char>(c);
}

/// The bytes of [:name:], in ASCII whatever the locale.
std::optional<Bytes> named_class(std::string_view name) {
  const auto in = [](unsigned c, unsigned from, unsigned to) { return from <= c && c <= to; };
  Bytes bytes;
  for (unsigned c = 0; c < 256; ++c) {
    const bool upper = in(c, 'A', 'Z'), lower = in(c, 'a', 'z'), digit = in(c, '0', '9');
    const bool print = in(c, 0x20, 0x7e), space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    bool has = false;
    if (name == "alnum")
      has = upper || lower || digit;
    else if (name == "alpha")
      has = upper || lower;
    else if (name == "blank")
      has = c == ' ' || c == '\t';
    else if (name == "cntrl")
      has = c < 0x20 || c == 0x7f;
    else if (name == "digit")
      has = digit;
    else if (name == "graph")
      has = print && c != ' ';
    else if (name == "lower")
      has = lower;
    else if (name == "print")
      has = print;
    else if (name == "punct")
      has = print && c != ' ' && !upper && !lower && !digit;
    else if (name == "space")
      has = space;
    else if (name == "upper")
      has = upper;
    else if (name == "xdigit")
      has = digit || in(c, 'a', 'f') || in(c, 'A', 'F');
    else
      return std::nullopt;
    bytes.set(c, has);
  }
  return bytes;
}

/// Reads the bracket whose '[' stands just before `at`, and moves `at` behind its ']'; nothing if it is malformed.
std::optional<Bytes> read_bracket(std::string_view pattern, std::size_t& at) {
  const auto peek = [&](std::size_t i) { return i < pattern.size() ? pattern[i] : '\0'; };
  const bool negated = peek(at) == '!' || peek(at) == '^';
  if (negated) ++at;
  Bytes bytes;
  int before = -1;  // the byte at which a '-' would begin a range
  for (bool first = true;; first = false) {
    if (at >= pattern.size()) return std::nullopt;
    char c = pattern[at++];
    if (c == ']' && !first) break;
    if (c == '-' && before >= 0 && at < pattern.size() && pattern[at] != ']') {
      char last = pattern[at++];
      if (last == '\\') {
        if (at >= pattern.size()) return std::nullopt;
        last = pattern[at++];
      }
      for (auto b = static_cast<std::size_t>(before); b <= index_of(last); ++b) bytes.set(b);
      before = -1;
      continue;
    }
    if (c == '[' && peek(at) == ':') {
      const std::size_t end = pattern.find(']', at + 1);
      if (end == std::string_view::npos) return std::nullopt;
      if (end > at + 1 && pattern[end - 1] == ':') {  // else the '[' is one byte of many
        const auto named = named_class(pattern.substr(at + 1, end - at - 2));
        if (!named) return std::nullopt;
        bytes |= *named;
        before = -1;
        at = end + 1;
        continue;
      }
    }
    if (c == '\\') {
      if (at >= pattern.size()) return std::nullopt;
      c = pattern[at++];
    }
    bytes.set(index_of(c));
    before = static_cast<int>(index_of(c));
  }
  return negated ? ~bytes : bytes;
}

}  // namespace

WildPath::WildPath(std::string_view pattern, bool whole_path) : whole_path_(whole_path) {
  pattern = pattern.substr(0, kBytesMax);
  const std::size_t special = std::min(pattern.find_first_of(kGlobCharacters), pattern.size());
  prefix_ = pattern.substr(0, special);
  const std::string_view rest = pattern.substr(special);
  if (!whole_path && prefix_.empty() && rest.starts_with('*') &&
      rest.find_first_of(kGlobCharacters, 1) == std::string_view::npos) {
    suffix_ = true;
    prefix_ = rest.substr(1);
    return;
  }
  read(rest);
}

void WildPath::read(std::string_view rest) {
  using Kind = Item::Kind;
  for (std::size_t at = 0; at < rest.size() && !never_;) {
    const std::size_t here = at;
    const char c = rest[at++];
    if (c == '*') {
      while (at < rest.size() && rest[at] == '*') ++at;
      const bool begins = here == 0 || rest[here - 1] == '/';
      const std::string_view after = rest.substr(at);
      const bool ends = after.empty() || after.starts_with('/') || after.starts_with("\\/");
      if (whole_path_ && at - here > 1 && begins && ends)
        items_.push_back({.kind = Kind::Folders, .may_vanish = after.starts_with('/')});
      else
        items_.push_back({.kind = Kind::Run});
    } else if (c == '?') {
      items_.push_back({.kind = Kind::Any});
    } else if (c == '[') {
      auto set = read_bracket(rest, at);
      never_ = !set;
      if (!set) break;
      items_.push_back({.kind = Kind::OneOf, .set = sets_.size()});
      sets_.push_back(*set);
    } else {
      never_ = c == '\\' && at == rest.size();
      if (never_) break;
      items_.push_back({.kind = Kind::Byte, .byte = c == '\\' ? rest[at++] : c});
    }
  }
}

bool WildPath::matches(std::string_view subject) const {
  if (never_) return false;
  if (suffix_) return subject.ends_with(prefix_);
  if (!subject.starts_with(prefix_)) return false;
  subject.remove_prefix(prefix_.size());
  return items_.empty() ? subject.empty() : steps(subject);
}

/// All places in the pattern that the subject may have reached, byte by byte.
bool WildPath::steps(std::string_view subject) const {
  using Kind = Item::Kind;
  using Places = std::array<bool, kBytesMax + 1>;
  const std::size_t end = items_.size();
  Places now{}, next{};
  const auto enter = [&](Places& places, std::size_t i, const auto& self) -> void {
    for (; !places[i]; ++i) {
      places[i] = true;
      if (i == end || (items_[i].kind != Kind::Run && items_[i].kind != Kind::Folders)) return;
      if (items_[i].may_vanish) self(places, i + 2, self);  // the '/' behind it vanishes with it
    }
  };
  enter(now, 0, enter);
  for (const char c : subject) {
    std::fill_n(next.begin(), end + 1, false);
    const bool separates = c == '/' && whole_path_;
    bool any = false;
    for (std::size_t i = 0; i < end; ++i) {
      if (!now[i]) continue;
      const Item& item = items_[i];
      const bool stays = item.kind == Kind::Folders || (item.kind == Kind::Run && !separates);
      const bool passes = (item.kind == Kind::Byte && item.byte == c) ||
                          (item.kind == Kind::Any && !separates) ||
                          (item.kind == Kind::OneOf && !separates && sets_[item.set][index_of(c)]);
      // What enters i comes from before i, so it has done so: here it may be marked without entering again.
      if (stays) next[i] = true;
      if (stays || passes) enter(next, i + 1, enter);
      any = any || stays || passes;
    }
    if (!any) return false;
    std::swap(now, next);
  }
  return now[end];
}

}  // namespace tidings::config
