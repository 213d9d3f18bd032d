// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/ignore_tree.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "tests/unit/catch.h"
#include "tests/unit/fresh_folder.h"

using namespace tidings::config;
using tidings::test::FreshFolder;
namespace fs = std::filesystem;

namespace {

struct Tree {
  FreshFolder folder;
  IgnoreTree rules;
  std::string read(const std::string& in = "") { return rules.read(folder.path().string(), in); }
  std::string rule(const std::string& path, bool is_folder = false) const {
    const auto ignored = rules.ignored_by(path, is_folder);
    return ignored ? ignored->rule : "";
  }
};

}  // namespace

TEST_CASE("each file rules its own folder, and the deeper one overrides", "[ignore]") {
  Tree t;
  t.folder.write(".tidingsignore", "*.txt\ndrafts/\n");
  t.folder.write("a/.tidingsignore", "!b.txt\n/c\n");
  t.folder.write("drafts/.tidingsignore", "!*\n");
  for (const auto* in : {"", "a", "drafts"}) CHECK(t.read(in).empty());
  CHECK(t.rule("b.txt") == ".tidingsignore:1 \"*.txt\"");
  CHECK(t.rule("a/b.txt").empty());
  CHECK(t.rule("a/x/b.txt").empty());
  CHECK(t.rule("a/x.txt") == ".tidingsignore:1 \"*.txt\"");
  CHECK(t.rule("a/c") == "a/.tidingsignore:2 \"/c\"");
  CHECK(t.rule("c").empty());
  CHECK(t.rule("a/x/c").empty());
  CHECK(t.rule("").empty());
  SECTION("but nothing below an ignored folder is taken back") {
    CHECK(t.rule("drafts", true) == ".tidingsignore:2 \"drafts/\"");
    CHECK(t.rule("drafts/x/y.md") == ".tidingsignore:2 \"drafts/\" at \"drafts\"");
  }
  SECTION("a folder that is gone takes its rules along, and not its namesake's") {
    t.folder.write("a-b/.tidingsignore", "x\n");
    t.read("a-b");
    t.rules.drop_below("a");
    CHECK(t.rule("a/c").empty());
    CHECK(t.rule("a-b/x") == "a-b/.tidingsignore:1 \"x\"");
  }
}

TEST_CASE("a file that is read again rules as it is now", "[ignore]") {
  Tree t;
  t.folder.write(".tidingsignore", "a\n");
  t.read();
  CHECK(t.rule("a") == ".tidingsignore:1 \"a\"");
  t.folder.write(".tidingsignore", "b\n");
  t.read();
  CHECK(t.rule("a").empty());
  CHECK(t.rule("b") == ".tidingsignore:1 \"b\"");
  fs::remove(t.folder / ".tidingsignore");
  t.read();
  CHECK(t.rule("b").empty());
}

TEST_CASE("what is wrong with a file is told by name, and once", "[ignore]") {
  Tree t;
  const std::string path = (t.folder / ".tidingsignore").string();
  SECTION("more rules than are used") {
    std::string text;
    for (std::size_t i = 0; i <= IgnoreRules::kRulesMax; ++i) text += "r" + std::to_string(i) + "\n";
    t.folder.write(".tidingsignore", text);
    CHECK(t.read() == path + ": only its first 1000 rules are used");
    CHECK(t.read().empty());
    t.folder.write(".tidingsignore", "a\n");
    CHECK(t.read().empty());
    t.folder.write(".tidingsignore", text);
    CHECK(t.read() == path + ": only its first 1000 rules are used");
  }
  SECTION("a link is not followed: it could lead out of the corpus") {
    t.folder.write("elsewhere", "a\n");
    fs::create_symlink("elsewhere", path);
    CHECK(t.read() == path + ": is no regular file, so it has no rules");
    CHECK(t.rule("a").empty());
  }
  SECTION("a folder or a pipe is no rule file, and nobody waits for it") {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK(t.read() == path + ": is no regular file, so it has no rules");
    fs::remove(path);
    fs::create_directory(path);
    CHECK(t.read().empty());  // told already
    CHECK(t.rule("a").empty());
  }
}

TEST_CASE("the reason why a path is left out is the pattern's or the rule's that did it", "[ignore]") {
  FreshFolder folder;
  const std::string root = folder.path().string();
  folder.write(".tidingsignore", "!.hidden\n*.txt\n");
  folder.write("a/b/.tidingsignore", "!x.txt\n");
  Corpus corpus;
  corpus.include = {"*.txt", "*.md"};
  const auto why = [&](const std::string& path) {
    const auto ignored = why_ignored(corpus, root, path, false);
    return ignored ? ignored->rule : "";
  };
  CHECK(why("a/b/x.txt").empty());
  CHECK(why("a/x.txt") == ".tidingsignore:2 \"*.txt\"");
  CHECK(why("a/x.pdf") == "no include pattern");
  CHECK(why(".hidden") == "ignore \".*\"");  // the configuration's patterns are not taken back
  CHECK(why("x.md").empty());
  corpus.ignore.clear();
  corpus.include = {"*"};
  CHECK(why("a/b/.tidingsignore") == "holds rules, and is no report");
  CHECK(why(".hidden").empty());
  CHECK_FALSE(why_ignored(corpus, root, "", true));
}

// --- The same trees, the same rules, and git as the judge.

namespace {

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  const std::string& of(const std::vector<std::string>& from) { return from[below(from.size())]; }

 private:
  std::mt19937 random_;
};

const std::vector<std::string> kNames = {"a", "b", "ab",  "abc",     "a.txt", ".c", "a b", "b ",
                                         "B", "1", "[a]", "caf\xe9", "#a",    "!a", "a\\", "-"};
const std::vector<std::string> kPieces = {
    "a",     "b",           "ab",           "*",         "**",    "***",   "?",
    "[ab]",  "[!a]",        "[^b]",         "[a-c]",     "[]a]",  "[a-]",  "[--1]",
    "[\\]]", "[[:alpha:]]", "[[:punct:]a]", "[[:zzz:]]", "[[:a]", "[c-a]", "\\a",
    "\\*",   "\\",          ".txt",         "1",         "-",     "/",     "/",
    "/**/",  "**/",         "/**",          "[",         "]",     "!",     "#",
    " ",     "\\ ",         "\t",           "caf\xe9",   ".",     "[/]",   "[!/]",
    "\\/",   "[b"};

std::string random_rule(Dice& dice) {
  if (dice.one_in(25)) return dice.one_in(2) ? "" : "# " + dice.of(kNames);
  std::string rule = dice.one_in(4) ? "!" : "";
  if (dice.one_in(5)) rule += "/";
  if (dice.one_in(3)) {
    rule += dice.of(kNames);
    if (dice.one_in(2)) rule += "/" + dice.of(kNames);
  } else {
    for (std::size_t n = 1 + dice.below(5); n > 0; --n) rule += dice.of(kPieces);
  }
  if (dice.one_in(5)) rule += "/";
  if (dice.one_in(10)) rule += "  ";
  if (dice.one_in(15)) rule += "\r";
  return rule;
}

std::string random_rules(Dice& dice) {
  std::string text = dice.one_in(15) ? "\xef\xbb\xbf" : "";
  for (std::size_t n = 1 + dice.below(6); n > 0; --n) text += random_rule(dice) + "\n";
  if (dice.one_in(4)) text.pop_back();
  return text;
}

/// Paths below the folder, each file and folder; rules lie in some of the folders under both names.
void plant(Dice& dice, const FreshFolder& in, const std::string& folder, std::size_t depth,
           std::vector<std::pair<std::string, bool>>& paths) {
  if (folder.empty() || dice.one_in(3)) {
    const std::string text = random_rules(dice);
    for (const auto* name : {".gitignore", ".tidingsignore"})
      in.write(folder.empty() ? name : folder + "/" + name, text);
  }
  for (std::size_t n = 2 + dice.below(4); n > 0; --n) {
    const std::string path = folder.empty() ? dice.of(kNames) : folder + "/" + dice.of(kNames);
    if (fs::exists(in / path)) continue;
    const bool is_folder = depth < 4 && dice.one_in(2);
    paths.emplace_back(path, is_folder);
    if (!is_folder) {
      in.write(path, "");
      continue;
    }
    fs::create_directory(in / path);
    plant(dice, in, path, depth + 1, paths);
  }
}

/// What git says of each path: "a/.gitignore:3" where it ignores it, else "".
std::vector<std::string> git_says(const FreshFolder& tree, const FreshFolder& talk,
                                  const std::vector<std::pair<std::string, bool>>& paths) {
  std::string asked;
  for (const auto& [path, is_folder] : paths) asked += path + '\0';
  talk.write("in", asked);
  const std::string at = "'" + tree.path().string() + "'";
  const std::string command =
      "export HOME=/nonexistent XDG_CONFIG_HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1; unset GIT_DIR "
      "GIT_WORK_TREE;"
      "git -c init.defaultBranch=x init -q " +
      at + " && { git -C " + at + " check-ignore --no-index -v -n -z --stdin <'" + (talk / "in").string() +
      "' >'" + (talk / "out").string() + "'; test $? -le 1; }";
  REQUIRE(std::system(command.c_str()) == 0);  // NOLINT
  std::ifstream file(talk / "out", std::ios::binary);
  const std::string out{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::string> fields;
  for (std::size_t begin = 0; begin < out.size();) {
    const auto end = out.find('\0', begin);
    fields.push_back(out.substr(begin, end - begin));
    begin = end + 1;
  }
  REQUIRE(fields.size() == 4 * paths.size());  // file, line, pattern, path
  std::vector<std::string> said;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    REQUIRE(fields[4 * i + 3] == paths[i].first);
    const bool taken_back = fields[4 * i + 2].starts_with('!');
    said.push_back(fields[4 * i].empty() || taken_back ? "" : fields[4 * i] + ":" + fields[4 * i + 1]);
  }
  return said;
}

}  // namespace

TEST_CASE("of random trees and rules git ignores the same paths, by the same lines", "[ignore][git]") {
  if (std::system("git --version >/dev/null 2>&1") != 0) {  // NOLINT
    WARN("skipped: git is not installed, and it is the judge here");
    return;
  }
  const char* given = std::getenv("TIDINGS_SEED");
  const unsigned first = given ? static_cast<unsigned>(std::stoul(given)) : std::random_device()();
  const char* many = std::getenv("TIDINGS_TREES");
  const unsigned trees = many ? static_cast<unsigned>(std::stoul(many)) : 60;
  std::size_t ignored = 0, wanted = 0;
  for (unsigned n = 0; n < trees; ++n) {
    const unsigned seed = first + n;
    INFO("TIDINGS_SEED=" << seed << " TIDINGS_TREES=1 makes this tree again");
    Dice dice(seed);
    FreshFolder tree, talk;
    std::vector<std::pair<std::string, bool>> paths;
    plant(dice, tree, "", 0, paths);
    const auto git = git_says(tree, talk, paths);
    IgnoreTree rules;
    rules.read(tree.path().string(), "");
    for (const auto& [path, is_folder] : paths)
      if (is_folder) rules.read(tree.path().string(), path);
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const auto& [path, is_folder] = paths[i];
      const auto ours = rules.ignored_by(path, is_folder);
      std::string said = ours ? ours->rule.substr(0, ours->rule.find(" \"")) : "";
      if (const auto name = said.find(".tidingsignore"); name != std::string::npos)
        said.replace(name, 14, ".gitignore");
      CAPTURE(path, is_folder, ours ? ours->rule : "");
      CHECK(said == git[i]);
      ++(git[i].empty() ? wanted : ignored);
    }
  }
  CHECK(ignored > trees / 10);  // else the rules matched nothing, and the test tells nothing
  CHECK(wanted > trees / 10);
}
