// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/fold.h"

#include "index/analyzer.h"
#include "tests/unit/catch.h"

using namespace tidings;

TEST_CASE("a word is folded to the one spelling that all readers can type", "[fold]") {
  const auto [word, folded] = GENERATE(table<const char*, const char*>({
      {"CAFÉ", "cafe"},
      {"cafe\u0301", "cafe"},
      {"Straße", "strasse"},
      {"Ærø", "aero"},
      {"œuvre", "oeuvre"},
      {"Łódź", "lodz"},
      {"Đà", "da"},
      {"Þór", "thor"},
      {"İstanbul", "istanbul"},
      {"ısı", "isi"},
      {"ﬁnal", "final"},
      {"ＢＨＸ４", "bhx4"},
      {"m²", "m2"},
      {"co\u00adop\u200b", "coop"},
      {"ΣΊΣΥΦΟΣ", "σισυφοσ"},
      {"Σίσυφος", "σισυφοσ"},
      {"Ёлка", "елка"},
      {"за\u0301мок", "замок"},
      {"Йод", "йод"},
      {"Київ", "київ"},
      {"مُحَمَّد", "محمد"},
      {"أحمد", "احمد"},
      {"مؤتمر", "مؤتمر"},
      {"٢٠٢٣", "2023"},
      {"שָׁלוֹם", "שלום"},
      {"ที่", "ที่"},
      {"हिन्दी", "हिन्दी"},
      {"각", "각"},
      {"ｶﾞ", "ガ"},
      {"amazon\u2019s", "amazon's"},
      {"\u02bc\u2018", ""},
  }));
  CAPTURE(word);
  Folder folder;
  CHECK(folder.word(word) == folded);
  CHECK(folder.word(folder.word(word)) == folded);
}

TEST_CASE("the cache gives the same answers as no cache", "[fold]") {
  Folder folder;
  for (int round = 0; round < 2; ++round)
    for (int i = 0; i < 10'000; ++i) {
      const std::string number = std::to_string(i);
      if (folder.word("É" + number) != "e" + number) FAIL("É" << number);
    }
  const std::string longer(Folder::kCachedMax + 1, 'x');
  CHECK(folder.word("é" + longer) == "e" + longer);
}

TEST_CASE("a title is folded with its punctuation, and space counts once", "[fold]") {
  CHECK(fold("  The\u00a0Café \u2014\n Rugeley\u2019s  \"Strike\" ") ==
        "the cafe \u2014 rugeley's \"strike\"");
  CHECK(fold("A\u2010B") == "a-b");
  CHECK(fold(" \n").empty());
  CHECK(fold("a\xff\xfe") == "a\ufffd\ufffd");
}
