// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/data_field.h"

#include "index/record.h"
#include "tests/unit/catch.h"

using namespace tidings;

TEST_CASE("one field of the data is read without the others", "[record]") {
  Record record;
  record.report.title = "Port strike";
  record.report.date = {"2023-02", Origin::FileTime};
  record.report.text = "source not this one";
  const std::string data = encode_data(record);
  CHECK(field_of(data, "title") == "Port strike");
  CHECK(field_of(data, "date") == "2023-02");
  CHECK(field_of(data, "date_from") == name(Origin::FileTime));
  for (const char* none : {"source", "titl", "", "Port"}) CHECK(field_of(data, none).empty());
  CHECK(field_of("", "title").empty());
  CHECK(field_of("title", "title").empty());
}
