// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/present/text.h"

#include <chrono>
#include <sstream>

#include "tests/unit/catch.h"
#include "tests/unit/searcher/terminal.h"

using namespace tidings;
using namespace tidings::searcher;

namespace {

constexpr TextStyle kColour{.colour = true, .columns = 40};

Hit hit_of(const std::string& title, std::vector<Passage> passages = {}) {
  Hit hit;
  hit.key = {"news", "a.txt"};
  hit.path = "/r/news/a.txt";
  hit.title = title;
  hit.date = {"2023-02-27T10:00:00Z", Origin::Metadata};
  hit.source = "Evening Post";
  hit.passages = std::move(passages);
  return hit;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

constexpr const char* kHostile =
    "a\x1b[31mred\x07\r\x7f \xC2\x9B"
    "2J \xE2\x80\xAEtxt.exe\xE2\x80\xAC \xE2\x81\xA6x\xE2\x81\xA9 \xE2\x80\xA8 end";

}  // namespace

TEST_CASE("a hit is its title, its day and source, its path, and its passages with their marks", "[text]") {
  const auto out = hit_text(hit_of("Port strike", {{"The strike goes on.", {{4, 10}}}}), 3, kPlain);
  CHECK(out ==
        "3. Port strike\n"
        "   2023-02-27 · Evening Post\n"
        "   /r/news/a.txt\n"
        "     The «strike» goes on.\n\n");
  SECTION("in colour where there is one, and then without signs") {
    const auto coloured = hit_text(hit_of("Port strike", {{"The strike goes on.", {{4, 10}}}}), 3, kColour);
    CHECK(contains(coloured, "The \x1b[1;33mstrike\x1b[0m goes on."));
    CHECK_FALSE(contains(coloured, "«"));
  }
  SECTION("a report without a title shows its name") {
    CHECK(hit_text(hit_of(""), 1, kPlain).starts_with("1. a.txt\n"));
  }
  SECTION("a day that is only the file's says so") {
    Hit hit = hit_of("x");
    hit.date.from = Origin::FileTime;
    CHECK(contains(hit_text(hit, 1, kPlain), "file of 2023-02-27"));
  }
}

TEST_CASE("a hit says that it is partial, or was read in part, or failed, and why", "[text]") {
  Hit hit = hit_of("x");
  hit.partial = true;
  CHECK(contains(hit_text(hit, 1, kPlain), "Evening Post · partial: not all of the words\n"));
  hit.status = Status::Failed;
  hit.reason = "the disk\x1b[2J failed";
  CHECK(contains(hit_text(hit, 1, kPlain), "partial: not all of the words · failed: the disk [2J failed\n"));
  hit.partial = false;
  CHECK(contains(hit_text(hit, 1, kPlain), "Evening Post · failed: the disk [2J failed\n"));
}

TEST_CASE("nothing that a report holds reaches the terminal as a command", "[text]") {
  Hit hit = hit_of(kHostile, {{kHostile, {{0, 3}}}});
  hit.source = hit.reason = kHostile;
  hit.date.iso = "2023\x1b[1m";
  hit.path = std::string("/r/") + kHostile;
  hit.key.path = kHostile;
  hit.status = Status::Failed;
  CHECK_FALSE(acts(hit_text(hit, 1, kPlain)));

  DocumentAnswer document;
  document.path = hit.path;
  document.record.report.title = document.record.report.text = document.record.report.source = kHostile;
  document.record.report.status = Status::Failed;
  document.record.report.reason = kHostile;
  CHECK_FALSE(acts(document_text(document, kPlain)));

  Answer answer;
  answer.understood = kHostile;
  answer.warnings = {{1, kHostile}};
  CHECK_FALSE(acts(answer_notes(answer, kPlain)));
}

TEST_CASE("what is only text stays as it is", "[text]") {
  for (const char* text : {"إضراب العمال", "שביתה בנמל", "Häftlinge", "罢工", "👩‍👩‍👧",
                           "می‌خواهم", "co\xC2\xADop"}) {
    CAPTURE(text);
    CHECK(contains(hit_text(hit_of(text), 1, kPlain), text));
    CHECK(contains(hit_text(hit_of("x", {{text, {}}}), 1, kPlain), text));
  }
}

TEST_CASE("a path is one line that can be read", "[text]") {
  const auto [path, shown] = GENERATE(table<std::string, std::string>({
      {"/r/a b/ä.txt", "/r/a b/ä.txt"},
      {"/r/two\nlines", "/r/two\\x0Alines"},
      {"/r/\x1b[2J", "/r/\\x1B[2J"},
      {"/r/\x7f", "/r/\\x7F"},
      {"/r/\xC2\x9B", "/r/\\xC2\\x9B"},
      {"/r/\x9b", "/r/\\x9B"},
      {"/r/caf\xe9.txt", "/r/caf\\xE9.txt"},
      {"/r/\xE2\x80\xAEgpj.exe", "/r/\\xE2\\x80\\xAEgpj.exe"},
      {"/r/港", "/r/港"},
      {"", ""},
  }));
  CHECK(printable_path(path) == shown);
}

TEST_CASE("lines are wrapped to the terminal's width, wide characters counted as two", "[text]") {
  std::string words, han;
  for (int i = 0; i < 30; ++i) words += "strike ", han += "港口";
  SECTION("words") {
    for (const auto& line : lines(hit_text(hit_of("x", {{words, {}}}), 1, kPlain)))
      CHECK(line.size() <= kPlain.columns);
  }
  SECTION("with the signs of marks") {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> marks;
    for (std::uint32_t i = 0; i < 30; ++i) marks.emplace_back(7 * i, 7 * i + 6);
    const auto out = lines(hit_text(hit_of("x", {{words, marks}}), 1, kPlain));
    for (const auto& line : out)
      CHECK(std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; }) <= 40);
    CHECK(out.at(3).starts_with("     «strike» «strike»"));
  }
  SECTION("writing without spaces is cut between characters") {
    const auto out = lines(hit_text(hit_of("x", {{han, {}}}), 1, kPlain));
    for (std::size_t i = 3; i < out.size(); ++i)
      CHECK(out[i].size() <= 5 + (40 - 5) / 2 * 3);  // three bytes, two columns each
    CHECK(out.size() == 3 + 4 + 1);
  }
  SECTION("a mark that is cut goes on in the next line") {
    const auto out = lines(hit_text(hit_of("x", {{std::string(50, 'a'), {{0, 50}}}}), 1, kPlain));
    REQUIRE(out.size() == 6);
    CHECK(out[3] == "     «" + std::string(33, 'a') + "»");
    CHECK(out[4] == "     «" + std::string(17, 'a') + "»");
  }
  SECTION("what has no width takes none") {
    std::string combining = "a";
    for (int i = 0; i < 100; ++i) combining += "\xCC\x81";
    CHECK(lines(hit_text(hit_of("x", {{combining, {}}}), 1, kPlain)).size() == 5);
  }
}

TEST_CASE("notes tell how many, how they were understood, and how fresh that is", "[text]") {
  Answer answer;
  answer.understood = "reports with strike";
  answer.total = 12;
  answer.generation = 7;
  answer.as_of_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                        std::chrono::system_clock::now().time_since_epoch())
                        .count();
  answer.took_ms = 1.25;
  CHECK(answer_notes(answer, kPlain).starts_with("12 reports with strike\nindex as of "));
  CHECK(contains(answer_notes(answer, kPlain), ", generation 7; not watched: no daemon is running; 1."));
  SECTION("one report is one") {
    answer.total = 1;
    CHECK(answer_notes(answer, kPlain).starts_with("1 report with strike\n"));
  }
  SECTION("an estimate says so") {
    answer.total_exact = false;
    CHECK(answer_notes(answer, kPlain).starts_with("about 12 reports"));
  }
  SECTION("what fills the page is told apart") {
    Hit partial;
    partial.partial = true;
    answer.hits = {Hit(), partial, partial};
    CHECK(contains(answer_notes(answer, kPlain), "12 reports with strike; then 2 with some of the words\n"));
  }
  SECTION("changes that are pending are told, and none are not") {
    answer.pending = 3;
    CHECK(contains(answer_notes(answer, kPlain), "; 3 changes pending;"));
    answer.pending = 0;
    CHECK_FALSE(contains(answer_notes(answer, kPlain), "pending"));
    CHECK_FALSE(contains(answer_notes(answer, kPlain), "not watched"));
  }
  SECTION("warnings come first, with their column where they have one") {
    answer.warnings = {{4, "a stray quote"}, {0, "too many words"}};
    CHECK(answer_notes(answer, kPlain)
              .starts_with("note: column 4: a stray quote\nnote: too many words\n12 reports"));
  }
}

TEST_CASE("a document is shown whole, its boilerplate dimmed where there is colour", "[text]") {
  DocumentAnswer document;
  document.path = "/r/a.txt";
  document.record.report.title = "Port strike";
  document.record.report.type = "text";
  document.record.report.date = {"2023-02", Origin::Metadata};
  document.record.report.text = "It goes on.\n\nLeave a reply";
  document.record.report.boilerplate = {{13, 26}};
  CHECK(document_text(document, kPlain) ==
        "Port strike\n2023-02 · text\n/r/a.txt\n\nIt goes on.\n\nLeave a reply\n");
  CHECK(contains(document_text(document, kColour), "It goes on.\n\n\x1b[2mLeave a reply\x1b[0m\n"));
  SECTION("and says what is missing") {
    document.record.report.status = Status::Partial;
    document.record.report.reason = "past 64 MiB";
    CHECK(contains(document_text(document, kPlain), "partial: past 64 MiB\n"));
  }
}
