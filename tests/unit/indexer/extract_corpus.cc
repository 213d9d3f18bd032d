// SPDX-License-Identifier: GPL-2.0-or-later
// The table "expected" in corpus/README.md, row by row: path, date, where the date stands, title; "-"
// promises nothing.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "indexer/extract/read_file.h"
#include "tests/unit/catch.h"
#include "tests/unit/indexer/extract_cases.h"

using namespace tidings;
using namespace tidings::indexer;
namespace fs = std::filesystem;

TEST_CASE("the sample corpus has the titles and dates that its readme promises", "[extract][corpus]") {
  const fs::path corpus = fs::path(TIDINGS_SOURCE_DIR) / "corpus";
  std::ifstream readme(corpus / "README.md");
  std::string line;
  while (std::getline(readme, line) && line != "```expected") continue;
  std::size_t rows = 0;
  while (std::getline(readme, line) && line != "```") {
    std::istringstream fields(line);
    std::string path, date, from, title;
    std::getline(fields, path, '\t');
    std::getline(fields, date, '\t');
    std::getline(fields, from, '\t');
    std::getline(fields, title, '\t');
    INFO(path);
    const auto read = read_file(corpus / path, Limits{});
    REQUIRE(read);
    const Report r = extract(read->bytes, facts_of(path, *read), Limits{});
    ++rows;
    if (date != "-") CHECK(r.date.iso.substr(0, date.size()) == date);
    if (from != "-") CHECK(name(r.date.from) == from);
    if (title == "-") continue;
    if (title.ends_with("…"))
      CHECK(r.title.substr(0, title.size() - 3) == title.substr(0, title.size() - 3));
    else
      CHECK(r.title == title);
  }
  CHECK(rows > 40);
}
