// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/date.h"
#include "tests/unit/catch.h"
#include "tests/unit/indexer/extract_cases.h"

using namespace tidings;
using namespace tidings::indexer;

TEST_CASE("a date is read in the notations of people and programs", "[extract][date]") {
  struct Case {
    const char *written, *iso;
  };
  const auto c = GENERATE(values<Case>({
      {"2024-05-03", "2024-05-03"},
      {"2024-05-03T10:00:00Z", "2024-05-03T10:00:00Z"},
      {"2024-05-03T00:30:00+02:00", "2024-05-02T22:30:00Z"},
      {"2024-05-03T10:00", "2024-05-03"},  // no zone: the day is all that is known
      {"2024-05", "2024-05"},
      {"2024", "2024"},
      {"20240503", "2024-05-03"},
      {"2024/05/03", "2024-05-03"},
      {"3.5.2024", "2024-05-03"},
      {"03. 05. 2024", "2024-05-03"},
      {"13/05/2024", "2024-05-13"},
      {"05/13/2024", "2024-05-13"},
      {"04/05/2024", "2024"},  // the 4th of May, or the 5th of April
      {"3 May 2024", "2024-05-03"},
      {"3rd of May 2024", "2024-05-03"},
      {"May 3, 2024", "2024-05-03"},
      {"Sept. 3, 2024", "2024-09-03"},
      {"May 2024", "2024-05"},
      {"Friday, 3 May 2024", "2024-05-03"},
      {"3. Mai 2024", "2024-05-03"},
      {"Freitag, den 3. März 2023", "2023-03-03"},
      {"le 3 mai 2024", "2024-05-03"},
      {"1er août 2024", "2024-08-01"},
      {"3 de mayo de 2024", "2024-05-03"},
      {"3 maggio 2024", "2024-05-03"},
      {"2024年5月3日", "2024-05-03"},
      {"Fri, 03 May 2024 10:00:00 +0200", "2024-05-03T08:00:00Z"},
      {"Tue, 6 Apr 93 01:02:03 GMT", "1993-04-06T01:02:03Z"},
      {"31 June 2024", ""},
      {"2024-13-01", ""},
      {"yesterday", ""},
      {"", ""},
  }));
  INFO(c.written);
  CHECK(date_of_value(c.written) == c.iso);
}

TEST_CASE("a report's date comes from the best place that has one", "[extract][date]") {
  const std::string story =
      "Drivers at the gate stopped work for two hours. They will meet again on 5 June 2024.\n";
  struct Case {
    std::string path, text, iso;
    Origin from;
  };
  const auto c = GENERATE_COPY(
      Case{"a/2024-01-02-x.txt", " date 2023-02-27 " + story, "2023-02-27", Origin::Leading},
      Case{"a/x.txt", "25 June 2024\nA joint declaration\n\n" + story, "2024-06-25", Origin::Leading},
      Case{"a/x.txt", "A joint declaration\n\nPublished: 25 June 2024, 10:15\n\n" + story, "2024-06-25",
           Origin::Text},
      Case{"a/x.txt", "A joint declaration\n\nBy the delegates | 25 June 2024\n\n" + story, "2024-06-25",
           Origin::Text},
      Case{"a/x.txt", "A joint declaration\n\nHAMBURG, 12 March 2024 — " + story, "2024-03-12",
           Origin::Dateline},
      Case{"a/x.txt", "A joint declaration\n\nVALENCIA, 2 de mayo de 2024.- " + story, "2024-05-02",
           Origin::Dateline},
      Case{"a/x.txt", "A joint declaration\n\nNEW YORK, N.Y., March 11 - " + story, "2024-08-01T00:00:00Z",
           Origin::FileTime},
      Case{"a/2024-01-02 branch.txt", "A joint declaration\n\n" + story, "2024-01-02", Origin::FileName},
      Case{"a/20240102_branch.txt", "A joint declaration\n\n" + story, "2024-01-02", Origin::FileName},
      // What a story tells of is not the day it was written on; a day after the file's own is an
      // announcement.
      Case{"a/x.txt", "A joint declaration\n\nOn 3 May 2024 the drivers stopped. " + story,
           "2024-08-01T00:00:00Z", Origin::FileTime},
      Case{"a/x.txt", "A joint declaration\n\n25 June 2025\n\n" + story, "2024-08-01T00:00:00Z",
           Origin::FileTime},
      Case{"a/x.md", "---\ntitle: Gate\ndate: 2024-02-01\n---\nText of 2023.\n", "2024-02-01",
           Origin::FrontMatter},
      Case{"a/x.md", "+++\ntitle = \"Gate\"\ndate = 2024-02-01\n+++\nText.\n", "2024-02-01",
           Origin::FrontMatter},
      Case{"a/x.txt",
           "From: a@example.org (A)\nSubject: gate\nDate: Tue, 6 Apr 93 01:02:03 GMT\n\n1 May 1990\n",
           "1993-04-06T01:02:03Z", Origin::Headers},
      Case{"a/x.txt", "From: a@example.org (A)\nSubject: gate\n\nOn 1 May 1990, B wrote:\n> yes\n",
           "2024-08-01T00:00:00Z", Origin::FileTime});
  INFO(c.text);
  const Report r = read_report(c.text, c.path);
  CHECK(r.date.iso == c.iso);
  CHECK(r.date.from == c.from);
}
