// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/title.h"
#include "tests/unit/catch.h"
#include "tests/unit/indexer/extract_cases.h"

using namespace tidings;
using namespace tidings::indexer;

namespace {
const std::string kStory =
    "Crane drivers at the container terminal stopped work for two hours on Monday morning. They want a pay "
    "rise of six per "
    "cent and an end to weekend call-outs.\n\nThe company said that it was ready to talk.\n";
}

TEST_CASE("a headline is the first line that is no tagline, date or by-line", "[extract][title]") {
  struct Case {
    std::string text, title;
  };
  const auto c = GENERATE(
      Case{"Crane drivers stop work\n\n" + kStory, "Crane drivers stop work"},
      Case{"Crane drivers stop work\n" + kStory, "Crane drivers stop work"},
      Case{"Scottish section of the Dockers League\n\nCrane drivers stop work\n\nBy a reporter in Leith\n\n" +
               kStory,
           "Crane drivers stop work"},
      Case{"Scottish section of the Dockers League\n\nEscalate and spread the action!\n\n" + kStory,
           "Escalate and spread the action!"},
      Case{"Quay Wire: reports from harbours and yards\n\nCrane drivers stop work\n\n" + kStory,
           "Crane drivers stop work"},
      Case{"Hafenblatt – Nachrichten aus dem Hafen\n\nKranführer legen die Arbeit nieder\n\n" + kStory,
           "Kranführer legen die Arbeit nieder"},
      Case{"The Harbour Courier\n\nCrane drivers stop work\n\n" + kStory, "Crane drivers stop work"},
      Case{"PRESS RELEASE\n\nCrane drivers stop work\n\n" + kStory, "Crane drivers stop work"},
      Case{"www.quaywire.example\n\nCrane drivers stop work\n\n" + kStory, "Crane drivers stop work"},
      Case{"14.05.2024\nKranführer legen die Arbeit nieder\n\n" + kStory,
           "Kranführer legen die Arbeit nieder"},
      Case{"By a reporter\n\nCrane drivers stop work\n\n" + kStory, "Crane drivers stop work"},
      Case{"Skip to content\n\nCrane drivers stop work\n\n" + kStory, "Crane drivers stop work"},
      // A headline over its subheading is no tagline.
      Case{"Crane drivers stop work\n\nTerminal at a standstill for two hours\n\n" + kStory,
           "Crane drivers stop work"},
      Case{"A section of the workforce walks out\n\nTerminal at a standstill\n\n" + kStory,
           "A section of the workforce walks out"},
      Case{"Union official speaks out\n\nTerminal at a standstill\n\n" + kStory, "Union official speaks out"},
      Case{"TALKS FAIL IN THE U.S.\n\n" + kStory, "TALKS FAIL IN THE U.S."});
  const Report r = read_report(c.text);
  INFO(c.text);
  CHECK(r.title == c.title);
  CHECK(r.title_from == Origin::Text);
  CHECK(headline_of(r) == c.title);
}

TEST_CASE("a report without a headline is called by its first sentence, without date and place",
          "[extract][title]") {
  const std::string first =
      "Crane drivers at the container terminal stopped work for two hours on Monday morning.";
  for (const std::string& text : {kStory, " date 2024-02-27 " + kStory, "HAMBURG, 12 March 2024 — " + kStory,
                                  "KARACHI, March 24 -\n" + kStory}) {
    const Report r = read_report(text);
    INFO(text);
    CHECK(r.title == first);
    CHECK(r.headline.empty());
  }
}

TEST_CASE("the first line of a hard-wrapped paragraph is no headline", "[extract][title]") {
  const Report r = read_report(
      "Does any of you know how long the gate at the north quay\nwas closed last winter? I could not find "
      "it.\n\nThanks in advance.\n");
  CHECK(r.title == "Does any of you know how long the gate at the north quay was closed last winter?");
}

TEST_CASE("a long first sentence is cut at a word, with an ellipsis", "[extract][title]") {
  std::string text;
  while (text.size() < 600) text += "harbour ";
  const Report r = read_report(text);
  CHECK(r.title.size() < 170);
  CHECK(r.title.substr(r.title.size() - 10) == "harbour…");
}

TEST_CASE("a tagline is boilerplate, the headline below it never", "[extract][title]") {
  const Report r =
      read_report("Scottish section of the Dockers League\n\nCrane drivers stop work\n\n" + kStory);
  CHECK(boilerplate_of(r) == std::vector<std::string>{"Scottish section of the Dockers League"});
}

TEST_CASE("a page's title loses the site's name", "[extract][title]") {
  CHECK(without_site("Crane drivers stop | The Quay", "The Quay", "") == "Crane drivers stop");
  CHECK(without_site("The Quay: Crane drivers stop", "The Quay", "") == "Crane drivers stop");
  CHECK(without_site("Crane drivers stop – Ports – The Quay", "", "Crane drivers stop") ==
        "Crane drivers stop");
  CHECK(without_site("Pay - a question of respect", "The Quay", "") == "Pay - a question of respect");
}

TEST_CASE("a file with nothing to be called by is called by its name", "[extract][title]") {
  const Report r = read_report("12 13 14\n15 16 17\n", "tables/numbers.txt");
  CHECK(r.title == "numbers.txt");
  CHECK(r.title_from == Origin::FileName);
}
