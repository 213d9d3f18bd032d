// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/glob.h"

#include <string>

#include "tests/unit/catch.h"

using namespace tidings::config;

namespace {

Corpus corpus(std::vector<std::string> include, std::vector<std::string> ignore) {
  return {"c", "/r", std::move(include), std::move(ignore), {"en"}};
}

std::string rule(const Corpus& c, std::string_view path, bool is_folder = false) {
  return PathFilter(c).ignored_by(path, is_folder).value_or("wanted");
}

}  // namespace

TEST_CASE("a glob stops at '/' only where it holds one itself", "[glob]") {
  CHECK(glob_match("*.txt", "a.txt"));
  CHECK(glob_match("*.txt", ".a.txt"));
  CHECK_FALSE(glob_match("*.txt", "a.txt~"));
  CHECK(glob_match("news/*.txt", "news/a.txt"));
  CHECK_FALSE(glob_match("news/*.txt", "news/old/a.txt"));
  CHECK(glob_match("[!a-c]?", "dx"));
  CHECK(glob_match("\\*", "*"));
  CHECK_FALSE(glob_match("\\*", "a"));
}

TEST_CASE("a glob that could never mean what it says is told so", "[glob]") {
  const std::pair<std::string, std::string> flawed[] = {
      {"", "is empty"},
      {"/", "is empty"},
      {"[a", "leaves a '[' open"},
      {"[]", "leaves a '[' open"},
      {"[!]", "leaves a '[' open"},
      {"[[:alpha:]", "leaves a '[' open"},
      {"[[:alpha", "leaves a '[' open"},
      {"[a/b]", "leaves a '[' open"},
      {"a\\", "ends in a single '\\'"},
      {"a**", "has \"**\", which is not known here: a pattern without '/' holds at every depth"},
      {"a//b", "has two '/' in a row"},
      {"../b", "holds \"..\", which no path below the corpus has"},
      {"./b", "holds \".\", which no path below the corpus has"},
      {std::string(1025, 'a'), "is longer than 1024 bytes"},
  };
  for (const auto& [glob, flaw] : flawed) {
    INFO(glob);
    CHECK(glob_flaw(glob).value_or("no flaw") == flaw);
  }
  for (const char* good :
       {"*", "[]]", "[!]]", "[]a]", "[[:alpha:]]", "\\[", "[\\]]", "a/b", "/a", "a/", ".*", "#*#", "\\**"}) {
    INFO(good);
    CHECK(glob_flaw(good).value_or("no flaw") == "no flaw");
  }
}

TEST_CASE("what editors, browsers and the system leave behind is ignored unasked", "[filter]") {
  const Corpus c = corpus({"*"}, Corpus{}.ignore);
  for (const char* path :
       {".hidden", "a.txt~", "#a.txt#", ".#a.txt", "~$report.docx", ".a.txt.swp", "a.txt.tmp", "a.pdf.part",
        "a.pdf.crdownload", "lost+found", "sub/Thumbs.db", ".git/config"}) {
    INFO(path);
    CHECK_FALSE(PathFilter(c).wants_file(path));
  }
  for (const char* path : {"a.txt", "a.b.txt", "tmp", "part", "a~b", "#1.txt", "lost+found.txt", "sub/a.html",
                           "a\nb", "\xff\xfe"}) {
    INFO(path);
    CHECK(PathFilter(c).wants_file(path));
  }
}

TEST_CASE("the rule that leaves a path out is named, with the folder it met", "[filter]") {
  const Corpus c = corpus({"*.txt", "/top/*.md"}, {".*", "drafts/", "/old", "news/*.bak", "x?z"});
  struct Row {
    const char* path;
    bool is_folder;
    const char* rule;
  };
  const Row rows[] = {
      {"", true, "wanted"},
      {"a.txt", false, "wanted"},
      {"a.md", false, "no include pattern"},
      {"a.md", true, "wanted"},  // include is for files only
      {"top/a.md", false, "wanted"},
      {"top/sub/a.md", false, "no include pattern"},
      {"sub/top/a.md", false, "no include pattern"},
      {".git", true, "ignore \".*\""},
      {"a/.git/b/c.txt", false, "ignore \".*\" at \"a/.git\""},
      {"drafts", true, "ignore \"drafts/\""},
      {"a/drafts/b.txt", false, "ignore \"drafts/\" at \"a/drafts\""},
      {"drafts", false, "no include pattern"},  // a file of that name
      {"old", true, "ignore \"/old\""},
      {"old/a.txt", false, "ignore \"/old\" at \"old\""},
      {"a/old/a.txt", false, "wanted"},
      {"news/a.bak", true, "ignore \"news/*.bak\""},
      {"news/a/b.bak", true, "wanted"},
      {"a/news/a.bak", true, "wanted"},
      {"a/xyz/b.txt", false, "ignore \"x?z\" at \"a/xyz\""},
      {"a/x/z.txt", false, "wanted"},
  };
  for (const Row& row : rows) {
    INFO(row.path);
    CHECK(rule(c, row.path, row.is_folder) == row.rule);
    CHECK(PathFilter(c).wants_folder(row.path) == (rule(c, row.path, true) == "wanted"));
  }
}

TEST_CASE("patterns that are compared without fnmatch mean what fnmatch says", "[filter]") {
  const char* globs[] = {"*",     "*.b",  "a*",   "a.b", ".*", "a*b", "?",
                         "[ab]*", "\\*b", "*\\b", "ab*", "b",  "*a*"};
  const char* names[] = {"a", "b", "ab", "a.b", ".b", "aab", "*b", "ba", "b.a", "\\b", "abab"};
  for (const char* glob : globs) {
    for (const char* name : names) {
      INFO(glob << " on " << name);
      CHECK(PathFilter(corpus({"*"}, {glob})).wants_file(name) == !glob_match(glob, name));
      CHECK(PathFilter(corpus({glob}, {})).wants_file(name) == glob_match(glob, name));
    }
  }
}

TEST_CASE("a pattern anchored by '/' stops at '/' though nothing else of it holds one", "[filter]") {
  CHECK(rule(corpus({"*"}, {"/a*"}), "ab") == "ignore \"/a*\"");
  CHECK(rule(corpus({"*"}, {"/a*c"}), "b/ac") == "wanted");
  CHECK(rule(corpus({"/*.txt"}, {}), "b/a.txt") == "no include pattern");
  CHECK(rule(corpus({"/*.txt"}, {}), "a.txt") == "wanted");
}

TEST_CASE("a hostile name against a pattern of many stars costs no more than moments", "[filter]") {
  std::string stars;
  for (int i = 0; i < 300; ++i) stars += "a*";
  CHECK_FALSE(PathFilter(corpus({stars + "b"}, {})).wants_file(std::string(255, 'a')));
}
