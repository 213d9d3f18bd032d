// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/schema.h"

#include <limits>
#include <stdexcept>

#include "tests/unit/catch.h"

using namespace tidings;

TEST_CASE("a term is prefix and content, with a colon where they could run into each other", "[schema]") {
  CHECK(boolean_term("XT", "html") == "XThtml");
  CHECK(boolean_term("XT", "Html") == "XT:Html");
  CHECK(boolean_term("XD", ":a") == "XD::a");
  CHECK(boolean_term("L", "En") == "LEn");
  CHECK(boolean_term("XS", std::string(150, '\0')).size() ==
        2 + 1 + 32);  // a NUL takes two bytes in the database
  CHECK(boolean_term("XS", "") == "XS");
}

TEST_CASE("a content too long for Xapian is hashed, and two such contents keep apart", "[schema]") {
  const std::string fits(200, 'a'), longer(201, 'a');
  CHECK(boolean_term("Q", fits) == "Q" + fits);
  CHECK(boolean_term("Q", longer).size() == 1 + 1 + 32);
  CHECK(boolean_term("Q", longer).starts_with("Q#"));
  CHECK(boolean_term("Q", longer) != boolean_term("Q", longer + "a"));
  SECTION("and no path can be made to pass for the hash of another") {
    const std::string hashed = boolean_term("Q", longer).substr(1);
    CHECK(boolean_term("Q", hashed) != boolean_term("Q", longer));
  }
}

TEST_CASE("a key's text names the same key again, whatever bytes the path has", "[schema]") {
  for (const Key& key : {Key{"news", "a/b.txt"}, Key{"news", "a:b\n\xff"}, Key{"", ""}, Key{"news", ""}})
    CHECK(Key::parse(key.text()) == key);
  CHECK(Key{"news", "a"}.term() == "Qnews:a");
  CHECK_THROWS_AS(Key::parse("no colon"), std::invalid_argument);
}

TEST_CASE("numbers sort as bytes in the order of their values", "[schema]") {
  const std::uint64_t values[] = {0, 1, 255, 256, 1ULL << 40, std::numeric_limits<std::uint64_t>::max()};
  std::string before;
  for (const auto value : values) {
    const std::string bytes = encode_u64(value);
    CHECK(decode_u64(bytes) == value);
    CHECK(before < bytes);
    before = bytes;
  }
  CHECK_THROWS_AS(decode_u64("1234567"), std::invalid_argument);
  CHECK_THROWS_AS(decode_u64(""), std::invalid_argument);
}
