// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/boilerplate.h"
#include "tests/unit/catch.h"
#include "tests/unit/indexer/extract_cases.h"

using namespace tidings;
using namespace tidings::indexer;

namespace {
const std::string kStoryWithFurniture =
    "Crane drivers stop work\n\nCrane drivers at the container terminal stopped work for two hours on "
    "Monday.\n\n"
    "They want a pay rise of six per cent, and an end to weekend call-outs.\n\nThe company said that it was "
    "ready to talk.\n\n"
    "The drivers will meet again on Thursday, at the gate of the terminal, to hear what was said and to vote "
    "on it.\n";
}

TEST_CASE("what a site puts under its stories is boilerplate", "[extract][boilerplate]") {
  const char* line = GENERATE(
      "Your email address will not be published. Required fields are marked *",
      "Follow The Quay on Facebook, Twitter and Instagram",
      "Follow The Quay on Facebook. Send your story ideas to: desk@quay.example", "Share this article",
      "Leave a Reply", "Schreibe einen Kommentar", "Deine E-Mail-Adresse wird nicht veröffentlicht.",
      "Laisser un commentaire", "Tu dirección de correo electrónico no será publicada.", "Lascia un commento",
      "Subscribe to our newsletter", "Newsletter abonnieren: jeden Morgen um sechs",
      "This website uses cookies to count its visitors.", "Wir verwenden Cookies, um zu zählen.",
      "© 2024 The Quay. All rights reserved.", "Related articles", "Lesen Sie auch: Tarifrunde im Hafen",
      "À lire aussi : la grève", "Tags: ports, pay", "Facebook Twitter WhatsApp", "Back to top");
  INFO(line);
  CHECK(boilerplate_of(read_report(kStoryWithFurniture + "\n" + line + "\n")) ==
        std::vector<std::string>{line});
}

TEST_CASE("a story that speaks of such things is no boilerplate", "[extract][boilerplate]") {
  const char* line = GENERATE(
      "The drivers shared the video on Facebook, Twitter and Instagram, and a hundred thousand people saw it "
      "within a day.",
      "Share prices of the company fell by four per cent after the vote.",
      "They were asked to leave a reply at the gate, and few did.",
      "Workers in the canteen were given cookies instead of a pay rise.",
      "Follow-up talks are planned for Thursday.", "The newsletter of the branch is written by volunteers.",
      "Print workers walked out in sympathy.", "Like us, they have waited for a year.",
      "Subscribers of the paper raised £400 for the strike fund.",
      "Read the agreement before you sign it, the union told its members.",
      "Related disputes in Antwerp and Bremen go on.", "Earnings were 30 cents a\nshare.");
  INFO(line);
  CHECK(boilerplate_of(read_report(kStoryWithFurniture + "\n" + line + "\n")).empty());
  CHECK(boilerplate_of(
            read_report("Crane drivers stop work\n\n" + std::string(line) + "\n\n" + kStoryWithFurniture))
            .empty());
}

TEST_CASE("a comment form is boilerplate to its last field", "[extract][boilerplate]") {
  const Report r = read_report(kStoryWithFurniture +
                               "\n\nLeave a Reply\n\nYour email address will not be published.\n\nComment "
                               "*\n\nName *\n\nPost Comment\n");
  CHECK(boilerplate_of(r) == std::vector<std::string>{"Leave a Reply",
                                                      "Your email address will not be published.",
                                                      "Comment *", "Name *", "Post Comment"});
  CHECK(boilerplate_of(read_report("Staff list\n\nName\n\nEmail\n\nA. Driver\n\na@quay.example\n")).empty());
}

TEST_CASE("ranges are sorted, disjoint and trimmed", "[extract][boilerplate]") {
  const std::string text = "one two  three";
  CHECK(merged(text, {{8, 14}, {0, 5}, {3, 8}, {9, 9}, {20, 30}}) == std::vector<Range>{{0, 7}, {9, 14}});
}
