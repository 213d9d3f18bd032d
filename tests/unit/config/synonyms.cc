// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/synonyms.h"

#include "tests/unit/catch.h"
#include "tests/unit/fresh_folder.h"

using namespace tidings::config;
using tidings::test::FreshFolder;

namespace {

std::string synonym_problems(const std::string& toml) {
  try {
    parse_synonyms(toml, "s.toml");
  } catch (const ConfigError& e) {
    return e.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a group finds all of its wordings, a one-way rule what it leads to", "[config]") {
  const auto rules = parse_synonyms(
      "[[synonyms]]\ngroup = [\"pay\", \"wages\", \"take home\"]\n"
      "[[synonyms]]\nfrom = \"uk\"\nto = [\"united kingdom\", \"britain\"]\n"
      "[[synonyms]]\nfrom = [\"a\", \"b\"]\nto = \"c\"\n",
      "s.toml");
  const std::vector<std::string> pay = {"pay", "wages", "take home"};
  CHECK(rules == Synonyms{{pay, pay}, {{"uk"}, {"united kingdom", "britain"}}, {{"a", "b"}, {"c"}}});
  CHECK(parse_synonyms("", "s.toml").empty());
}

TEST_CASE("a mistake in the synonyms is answered with its place", "[config]") {
  struct Row {
    std::string toml, message;
  };
  const Row rows[] = {
      {"[[synonyms]]\ngroup = [\"pay\"]",
       "s.toml:2:9: `group` has fewer than two wordings (write the words that are the same)"},
      {"[[synonyms]]\nfrom = \"uk\"", "s.toml:1:1: a rule has either `group`, or `from` and `to`"},
      {"[[synonyms]]\ngroup = [\"a\", \"b\"]\nto = \"c\"",
       "s.toml:1:1: a rule has either `group`, or `from` and `to`"},
      {"[[synonyms]]\ngroup = [\"a\", 2]", "s.toml:2:15: `group` holds words in quotes alone"},
      {"[[synonyms]]\nfrom = \" \"\nto = \"c\"", "s.toml:2:8: `from` has an empty wording"},
      {"[[synonyms]]\nfrom = \"a\"\nto = []", "s.toml:3:6: `to` has 1 to 64 wordings, and here are 0"},
      {"[[synonyms]]\nfrom = \"" + std::string(201, 'a') + "\"\nto = \"b\"",
       "s.toml:2:8: `from`: a wording has at most 200 bytes, and this has 201"},
      {"[[synonyms]]\ngruop = [\"a\", \"b\"]",
       "s.toml:2:1: unknown key `gruop` in [[synonyms]] (there are `group`, and `from` with `to`)"},
      {"[synonyms]\nx = 1", "s.toml:1:2: `synonyms` is a list of tables (write [[synonyms]] over each rule)"},
      {"group = [\"a\", \"b\"]", "s.toml:1:1: unknown key `group` (write [[synonyms]] over each rule)"},
  };
  for (const auto& [toml, message] : rows) {
    INFO(toml);
    CHECK(synonym_problems(toml) == message);
  }
  CHECK(synonym_problems("[[synonyms]]\ngroup = [\"a\"").starts_with("s.toml:2:"));
  CHECK(synonym_problems("[[synonyms]]\ngroup = [\"a\"]\n[[synonyms]]\nto = \"a\"\n") ==
        "s.toml:2:9: `group` has fewer than two wordings (write the words that are the same)\n"
        "s.toml:3:1: a rule has either `group`, or `from` and `to`");
}

TEST_CASE("the synonyms are those that the configuration names, else those beside it, if they are there",
          "[config]") {
  FreshFolder folder;
  const auto config = [&](const std::string& toml) { return parse(toml, folder / "tidings.toml"); };
  CHECK(load_synonyms(config("")).empty());
  CHECK_FALSE(synonyms_file(Config{}));
  folder.write("synonyms.toml", "[[synonyms]]\ngroup = [\"a\", \"b\"]\n");
  CHECK(synonyms_file(config("")) == folder / "synonyms.toml");
  CHECK(load_synonyms(config("")).size() == 1);
  const Config named = config("[search]\nsynonyms = \"mine.toml\"");
  CHECK(synonyms_file(named) == folder / "mine.toml");
  CHECK_THROWS_WITH(load_synonyms(named), Catch::Contains("mine.toml: No such file or directory"));
}
