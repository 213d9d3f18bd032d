// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/record.h"

#include <limits>

#include "tests/unit/catch.h"

using namespace tidings;

TEST_CASE("a date is read at the precision it is known to", "[record]") {
  const auto [iso, seconds] = GENERATE(table<const char*, std::int64_t>({
      {"1970", 0},
      {"2023", 1'672'531'200},
      {"2023-02", 1'675'209'600},
      {"2023-02-27", 1'677'456'000},
      {"2023-02-27T10:00:01Z", 1'677'492'001},
      {"2024-02-29", 1'709'164'800},
      {"1969-12-31T23:59:59Z", -1},
      {"0000", -62'167'219'200},
  }));
  CAPTURE(iso);
  REQUIRE(seconds_of(iso));
  CHECK(*seconds_of(iso) == seconds);
  CHECK(iso_of(seconds).starts_with(iso));
}

TEST_CASE("what is no date is an error that shows how to write one", "[record]") {
  const auto* iso = GENERATE("", "23", "2023-2", "2023-13", "2023-00", "2023-02-29", "2023-02-27T10:00",
                             "2023/02/27", "2023-02-27T24:00:00Z", "2023-02-27T10:60:00Z",
                             "2023-02-27 10:00:00Z", "+023", "2023-02-27x", "2023-02-27T10:00:00+01:00");
  CAPTURE(iso);
  const auto seconds = seconds_of(iso);
  REQUIRE_FALSE(seconds);
  CHECK(seconds.error().code == Error::Code::BadRequest);
  CHECK(seconds.error().hint.find("2023-02-27") != std::string::npos);
}

TEST_CASE("a time of a broken clock is written as the nearest year that has four digits", "[record]") {
  CHECK(iso_of(std::numeric_limits<std::int64_t>::max()) == "9999-12-31T23:59:59Z");
  CHECK(iso_of(std::numeric_limits<std::int64_t>::min()) == "0000-01-01T00:00:00Z");
}

TEST_CASE("the document data gives back what the values do not hold", "[record]") {
  Record record;
  Report& report = record.report;
  report.title = "Second walk-out\nat Coventry";
  report.title_from = Origin::Metadata;
  report.date = {"2023-02-27", Origin::Leading};
  report.source = "Example Union";
  report.source_from = Origin::Folder;
  report.type = "html";
  report.language = "en";
  report.reason = "past the limit of 1 MiB";
  report.text = "\n\nfirst line\ntitle not a field\n\nend";
  report.headline = {2, 12};
  report.boilerplate = {{0, 2}, {13, 18}};
  record.file.mtime_ns = -1;
  record.indexed_ms = 1'677'456'000'123;

  const auto read = decode_data(encode_data(record));
  REQUIRE(read);
  CHECK(read->report.title == "Second walk-out at Coventry");
  CHECK(read->report.title_from == Origin::Metadata);
  CHECK(read->report.date.iso == "2023-02-27");
  CHECK(read->report.date.from == Origin::Leading);
  CHECK(read->report.source == "Example Union");
  CHECK(read->report.source_from == Origin::Folder);
  CHECK(read->report.type == "html");
  CHECK(read->report.language == "en");
  CHECK(read->report.reason == report.reason);
  CHECK(read->report.text == report.text);
  CHECK(read->report.headline == report.headline);
  CHECK(read->report.boilerplate == report.boilerplate);
  CHECK(read->file.mtime_ns == -1);
  CHECK(read->indexed_ms == record.indexed_ms);

  SECTION("also of an empty report") {
    const auto empty = decode_data(encode_data(Record{}));
    REQUIRE(empty);
    CHECK(empty->report.text.empty());
    CHECK(empty->report.type == "text");
  }
}

TEST_CASE("a field that a later version added is passed over", "[record]") {
  const auto read = decode_data("author nobody\ntitle A\n\ntext");
  REQUIRE(read);
  CHECK(read->report.title == "A");
  CHECK(read->report.text == "text");
}

TEST_CASE("damaged data is an error and no half-read report", "[record]") {
  const auto* data =
      GENERATE("", "title A", "title A\n", "title\n\n", "date_from nowhere\n\n", "headline 5-2\n\n0123456789",
               "headline 5-20\n\n0123456789", "headline 1\n\n0123456789", "boilerplate 0-4 2-6\n\n0123456789",
               "boilerplate 0-4 x\n\n0123456789", "mtime_ns 12x\n\n", "indexed_ms \n\n");
  CAPTURE(data);
  const auto read = decode_data(data);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Error::Code::IndexCorrupt);
}

TEST_CASE("every origin has the name that answers show", "[record]") {
  CHECK(name(Origin::None) == "none");
  CHECK(name(Origin::FrontMatter) == "front_matter");
  CHECK(name(Origin::Folder) == "folder");
}
