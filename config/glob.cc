// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/glob.h"

#include <fnmatch.h>

#include <algorithm>

namespace tidings::config {

namespace {

/// The index of the ']' that closes the '[' at `open`, or npos. A ']' that comes first, and those of
/// [:alpha:], do not.
std::size_t bracket_end(std::string_view glob, std::size_t open) {
  std::size_t i = open + 1;
  if (i < glob.size() && (glob[i] == '!' || glob[i] == '^')) ++i;
  for (bool first = true; i < glob.size(); first = false, ++i) {
    if (glob[i] == ']' && !first) return i;
    if (glob[i] == '/') return std::string_view::npos;  // fnmatch takes the '[' literally then
    if (glob[i] == '\\') ++i;
    if (glob[i] == '[' && i + 1 < glob.size() &&
        std::string_view(":.=").find(glob[i + 1]) != std::string_view::npos) {
      const char ends[] = {glob[i + 1], ']', '\0'};
      const std::size_t end = glob.find(ends, i + 2);
      if (end == std::string_view::npos) return end;
      i = end + 1;
    }
  }
  return std::string_view::npos;
}

std::optional<std::string> component_flaw(std::string_view component) {
  if (component.empty()) return "has two '/' in a row";
  if (component == "." || component == "..")
    return "holds \"" + std::string(component) + "\", which no path below the corpus has";
  return std::nullopt;
}

}  // namespace

bool glob_match(const std::string& pattern, const std::string& name) {
  return fnmatch(pattern.c_str(), name.c_str(), pattern.find('/') != std::string::npos ? FNM_PATHNAME : 0) ==
         0;
}

std::optional<std::string> glob_flaw(std::string_view glob) {
  if (glob.empty() || glob == "/") return "is empty";
  if (glob.size() > kGlobBytesMax) return "is longer than " + std::to_string(kGlobBytesMax) + " bytes";
  if (glob.find('\0') != std::string_view::npos) return "holds a NUL";
  for (std::size_t i = 0; i < glob.size(); ++i) {
    if (glob[i] == '\\') {
      if (++i == glob.size()) return "ends in a single '\\'";
      continue;
    }
    if (glob[i] == '*' && i + 1 < glob.size() && glob[i + 1] == '*') {
      return "has \"**\", which is not known here: a pattern without '/' holds at every depth";
    }
    if (glob[i] != '[') continue;
    i = bracket_end(glob, i);
    if (i == std::string_view::npos) return "leaves a '[' open";
  }
  std::string_view rest = glob;
  if (rest.front() == '/') rest.remove_prefix(1);
  if (rest.back() == '/') rest.remove_suffix(1);
  for (;;) {
    const std::size_t slash = rest.find('/');
    if (auto flaw = component_flaw(rest.substr(0, slash))) return flaw;
    if (slash == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(slash + 1);
  }
}

PathFilter::Pattern::Pattern(const std::string& text) : written(text), body(text) {
  if (!body.empty() && body.back() == '/') {
    folders_only = true;
    body.pop_back();
  }
  whole_path = body.find('/') != std::string::npos;
  if (!body.empty() && body.front() == '/') body.erase(0, 1);
  const std::size_t special = body.find_first_of(kGlobCharacters);
  const std::size_t last = body.find_last_of(kGlobCharacters);
  if (special == std::string::npos) {
    kind = Kind::Literal;
  } else if (special == last && body[special] == '*' && !whole_path) {  // across '/' a '*' needs fnmatch
    if (special == 0) {
      kind = Kind::Suffix;
      body.erase(0, 1);
    } else if (special == body.size() - 1) {
      kind = Kind::Prefix;
      body.pop_back();
    }
  }
}

bool PathFilter::Pattern::matches(std::string_view path, std::string_view name, bool is_folder) const {
  if (folders_only && !is_folder) return false;
  const std::string_view subject = whole_path ? path : name;
  switch (kind) {
    case Kind::Literal:
      return subject == body;
    case Kind::Suffix:
      return subject.ends_with(body);
    case Kind::Prefix:
      return subject.starts_with(body);
    case Kind::Glob:
      // Not glob_match: "/a*" has lost its '/', and must still stop at one.
      return fnmatch(body.c_str(), std::string(subject).c_str(), whole_path ? FNM_PATHNAME : 0) == 0;
  }
  return false;
}

PathFilter::PathFilter(const Corpus& corpus)
    : ignore_(corpus.ignore.begin(), corpus.ignore.end()),
      include_(corpus.include.begin(), corpus.include.end()) {}

std::optional<std::string> PathFilter::ignored_by(std::string_view path, bool is_folder) const {
  if (path.empty()) return std::nullopt;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view name = path.substr(begin, end - begin), so_far = path.substr(0, end);
    const bool last = end == path.size();
    for (const Pattern& p : ignore_) {
      if (!p.matches(so_far, name, !last || is_folder)) continue;
      std::string rule = "ignore \"" + p.written + "\"";
      return last ? rule : rule + " at \"" + std::string(so_far) + "\"";
    }
    begin = end + 1;
  }
  if (is_folder) return std::nullopt;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (std::ranges::any_of(include_, [&](const Pattern& p) { return p.matches(path, name, false); }))
    return std::nullopt;
  return "no include pattern";
}

}  // namespace tidings::config
