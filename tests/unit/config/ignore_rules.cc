// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/ignore_rules.h"

#include <chrono>
#include <utility>
#include <vector>

#include "config/wild_path.h"
#include "tests/unit/catch.h"

using namespace tidings::config;

namespace {

/// "ignored", "taken back" or "no rule".
std::string said(const IgnoreRules& rules, const std::string& path, bool is_folder = false) {
  const auto verdict = rules.verdict(path, is_folder);
  return !verdict ? "no rule" : verdict->ignored ? "ignored" : "taken back";
}

}  // namespace

TEST_CASE("a rule means what gitignore(5) says", "[ignore]") {
  struct Case {
    std::string rule, path;
    bool is_folder, ignored;
  };
  const auto c = GENERATE(values<Case>({
      // A name holds at every depth.
      {"a.txt", "a.txt", false, true},
      {"a.txt", "x/y/a.txt", false, true},
      {"a.txt", "ba.txt", false, false},
      {"*.bak", "x/.bak", false, true},
      {"*.bak", "x.bak/y", false, false},  // its folder is asked on its own
      // A '/' before or inside ties it to the folder of the file.
      {"/a.txt", "a.txt", false, true},
      {"/a.txt", "x/a.txt", false, false},
      {"x/a.txt", "x/a.txt", false, true},
      {"x/a.txt", "y/x/a.txt", false, false},
      {"x/*.txt", "x/y/a.txt", false, false},
      // A '/' at the end is for folders.
      {"drafts/", "drafts", true, true},
      {"drafts/", "drafts", false, false},
      {"drafts/", "x/drafts", true, true},
      // Two stars are folders only where they stand alone.
      {"**/a", "a", false, true},
      {"**/a", "x/y/a", false, true},
      {"x/**", "x/y/z", false, true},
      {"x/**", "x", true, false},
      {"x/**/a", "x/a", false, true},
      {"x/**/a", "x/y/z/a", false, true},
      {"x/**/**/a", "x/a", false, true},
      {"x/y**z/a", "x/yz/a", false, true},
      {"?/a**b", "x/a/b", false, false},
      {"x/a**", "x/ab/c", false, true},  // but for those behind a literal beginning
      {"?/a**", "x/ab/c", false, false},
      // Brackets.
      {"[a-c]", "b", false, true},
      {"[!a-c]", "b", false, false},
      {"[^a-c]", "d", false, true},
      {"[]x]", "]", false, true},
      {"[a-]", "-", false, true},
      {"[[:digit:]x]", "7", false, true},
      {"[[:nonsense:]]", "n", false, false},
      {"[\\]]", "]", false, true},
      {"x[/]y/z", "x/y/z", false, false},
      {"[a", "[a", false, false},
      // Escapes and spaces.
      {"\\#a", "#a", false, true},
      {"#a", "#a", false, false},
      {"\\!a", "!a", false, true},
      {"\\*", "*", false, true},
      {"\\*", "a", false, false},
      {"a\\", "a\\", false, false},
      {"a   ", "a", false, true},
      {"a\\ ", "a ", false, true},
      {"a\\  ", "a ", false, true},
      {"a b", "a b", false, true},
      {"a\t", "a", false, false},
      {"a\r", "a", false, true},
      {"\xef\xbb\xbf"
       "a",
       "a", false, true},
      {"", "a", false, false},
      {"   ", "a", false, false},
      {"/", "a", true, false},
      {"!", "a", false, false},
  }));
  CAPTURE(c.rule, c.path, c.is_folder);
  CHECK((said(IgnoreRules(c.rule + "\n"), c.path, c.is_folder) == "ignored") == c.ignored);
  CHECK((said(IgnoreRules(c.rule), c.path, c.is_folder) == "ignored") ==
        c.ignored);  // without a last newline
}

TEST_CASE("the last rule that matches decides, and its line is told", "[ignore]") {
  const IgnoreRules rules("# what is kept\n\n*.txt\n!a.txt\nx/\n");
  CHECK(said(rules, "b.txt") == "ignored");
  CHECK(said(rules, "a.txt") == "taken back");
  CHECK(said(rules, "c") == "no rule");
  CHECK(rules.verdict("b.txt", false)->line == 3);
  CHECK(rules.verdict("b.txt", false)->rule == "*.txt");
  CHECK(rules.verdict("x", true)->line == 5);
}

TEST_CASE("a file past its bounds is used up to them, and says so", "[ignore]") {
  std::string text;
  SECTION("too many rules: the first are used") {
    for (std::size_t i = 0; i <= IgnoreRules::kRulesMax; ++i)
      text += "# " + std::to_string(i) + "\nr" + std::to_string(i) + "\n";
    const IgnoreRules rules(text);
    CHECK(rules.size() == IgnoreRules::kRulesMax);
    CHECK(rules.unused() == "only its first 1000 rules are used");
    CHECK(said(rules, "r999") == "ignored");
    CHECK(said(rules, "r1000") == "no rule");
  }
  SECTION("too long: whole rules only") {
    text = "first\n#" + std::string(IgnoreRules::kFileBytesMax - 11, 'x') + "\nsecond\nthird\n";
    const IgnoreRules rules(text);
    CHECK(rules.size() == 1);
    CHECK(rules.unused() == "only the rules in its first 256 KiB are used");
    CHECK(said(rules, "first") == "ignored");
    CHECK(said(rules, "sec") == "no rule");
  }
  SECTION("a rule that is too long is left out, and the others are used") {
    const std::string longest(WildPath::kBytesMax, 'x');
    const IgnoreRules rules(longest + "\nx" + longest + "\nlast\n");
    CHECK(rules.unused() == "line 2 is longer than 1024 bytes and not used");
    CHECK(said(rules, longest) == "ignored");
    CHECK(said(rules, "x" + longest) == "no rule");
    CHECK(said(rules, "last") == "ignored");
  }
  SECTION("within them it has nothing to say") {
    CHECK(IgnoreRules("a\nb\n").unused().empty());
  }
}

TEST_CASE("no pattern is a trap: time grows with its length times the name's", "[ignore]") {
  std::string pattern = "x/";
  while (pattern.size() + 4 < WildPath::kBytesMax) pattern += "*a**";
  const IgnoreRules rules(pattern + "b\n");
  const std::string path = "x/" + std::string(4000, 'a');
  const auto begin = std::chrono::steady_clock::now();
  CHECK(said(rules, path) == "no rule");
  CHECK(std::chrono::steady_clock::now() - begin <
        std::chrono::seconds(10));  // milliseconds; backtracking: years
}
