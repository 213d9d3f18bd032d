// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/segments/vocabulary.h"

#include <unistd.h>

#include <set>

#include "tests/unit/index/segments_cases.h"

using namespace tidings;
using namespace tidings::test;
namespace fs = std::filesystem;

namespace {

using Vocab = std::map<std::string, std::set<std::string>>;

std::string random_word(Random& random) {
  static const std::vector<std::string> kParts = {"strik", "e", "es", "ing",  "ed", "er", "ers", "haus",
                                                  "er",    "s", "a",  "tion", "al", "ly", "pre", "un",
                                                  "é",     "ü", "ß",  "東",   "'s", "b",  "x",   "ment"};
  std::string word;
  for (std::size_t i = 0, parts = 1 + random.below(5); i < parts; ++i)
    word += kParts[random.below(kParts.size())];
  if (random.once_in(500)) word += std::string(150, 'n');  // long words
  return word;
}

/// A database with these words as terms, and terms of every other sort, which are no words.
Xapian::WritableDatabase database_of(const fs::path& path, const std::set<std::string>& words) {
  Xapian::WritableDatabase database(path.string(), Xapian::DB_CREATE | Xapian::DB_NO_SYNC);
  Xapian::Document document;
  for (const auto& word : words) document.add_term(word);
  for (const char* term :
       {"Sstrikes", "XPstrikes", "Qnews:strikes", "XDnews:strikes", "Y2023", "Len", "XTtext"})
    document.add_boolean_term(term);
  for (const char* term : {"30000", "£10.50", "4-500", "1.5bn", "@amazonuk"}) document.add_term(term);
  database.add_document(document);
  database.commit();
  return database;
}

Vocab expected_of(const std::set<std::string>& words, Analyzer& analyzer) {
  Vocab expected;
  for (const auto& word : words)
    for (const auto& stem : analyzer.stems(word)) expected[stem].insert(word);
  return expected;
}

}  // namespace

TEST_CASE("every form of every stem is found in a vocabulary, and no others, in all languages",
          "[segments]") {
  Random random;
  INFO("TIDINGS_SEED=" << random.seed());
  const auto languages = GENERATE(std::vector<std::string>{"en"}, std::vector<std::string>{"en", "de", "fr"},
                                  std::vector<std::string>{"none"});
  const std::size_t size = GENERATE(as<std::size_t>(), 0, 1, 31, 32, 33, 64, 3000);
  CAPTURE(languages, size);
  Analyzer analyzer(languages);
  std::set<std::string> words;
  while (words.size() < size) words.insert(random_word(random));
  FreshFolder folder;
  const auto database = database_of(folder / "db", words);
  const fs::path path = folder / "sealed-1.words-1";
  REQUIRE(Vocabulary::write(path, database, analyzer));
  const auto vocabulary = Vocabulary::open(path);
  REQUIRE(vocabulary);
  CHECK(*MappedFile::is_sound(path));
  CHECK((*vocabulary)->languages() == joined(languages));

  const auto forms = [&](const std::string& stem) {
    std::vector<std::string> found;
    (*vocabulary)->forms(stem, found);
    std::set<std::string> once(found.begin(), found.end());
    CHECK(once.size() == found.size());
    return once;
  };
  const Vocab expected = expected_of(words, analyzer);
  for (const auto& [stem, of_stem] : expected) {
    const auto found = forms(stem);
    if (found != of_stem) FAIL("stem " << stem);
  }
  for (int i = 0; i < 1000; ++i) {
    const std::string any = i % 2 ? random_word(random) : random.bytes(6);
    const auto known = expected.find(any);
    if (forms(any) != (known == expected.end() ? std::set<std::string>{} : known->second))
      FAIL("stem " << any);
  }
  for (const char* other : {"", "30000", "S", "Sstrike", "\xff", "~"}) CHECK(forms(other).empty());

  std::multiset<std::string> all, each;
  for (const auto& [stem, of_stem] : expected) all.insert(of_stem.begin(), of_stem.end());
  CHECK((*vocabulary)->each([&](std::string_view word) { return each.emplace(word), true; }));
  CHECK(each == all);
  std::size_t taken = 0;
  CHECK((*vocabulary)->each([&](std::string_view) { return ++taken < 5; }) == (all.size() < 5));
  CHECK(taken == std::min<std::size_t>(all.size(), 5));
}

TEST_CASE("words are walked by their terms, from a beginning, and prefixed terms by their prefix",
          "[segments]") {
  FreshFolder folder;
  const auto database = database_of(folder / "db", {"strike", "strikes", "stroke", "port", "東"});
  const auto words = [&](std::string_view prefix, std::string_view start, std::size_t most = 100) {
    std::vector<std::string> found;
    each_word(database, prefix, start, [&](std::string_view word) {
      found.emplace_back(word);
      return found.size() < most;
    });
    return found;
  };
  using Words = std::vector<std::string>;
  CHECK(words("", "") ==
        Words{"1.5bn", "30000", "4-500", "@amazonuk", "port", "strike", "strikes", "stroke", "£10.50", "東"});
  CHECK(words("", "strik") == Words{"strike", "strikes"});
  CHECK(words("", "str", 1) == Words{"strike"});
  CHECK(words("", "x").empty());
  CHECK(words("XP", "") == Words{"strikes"});
  CHECK(words("S", "str") == Words{"strikes"});
}

TEST_CASE("the live segment's forms are those of its words, also when it is opened again", "[segments]") {
  Random random;
  INFO("TIDINGS_SEED=" << random.seed());
  FreshFolder folder;
  const std::vector<std::string> languages = {"en", "de"};
  Analyzer analyzer(languages);
  std::set<std::string> words;
  {
    Xapian::WritableDatabase database((folder / "live").string(), Xapian::DB_CREATE | Xapian::DB_NO_SYNC);
    auto forms = std::make_unique<LiveForms>(languages);
    for (int i = 0; i < 300; ++i) {
      Xapian::Document document;
      for (int w = 0; w < 5; ++w) document.add_term(*words.insert(random_word(random)).first);
      document.add_term("30000");
      document.add_boolean_term("XDnews:");
      forms->add(database, document);
      if (!random.once_in(40)) continue;
      database.commit();
      forms = std::make_unique<LiveForms>(languages);
      forms->load(database);
    }
    database.commit();
  }
  const Xapian::Database live((folder / "live").string());
  std::size_t stems = 0;
  for (const auto& [stem, of_stem] : expected_of(words, analyzer)) {
    std::vector<std::string> found;
    LiveForms::forms(live, stem, found);
    if (std::set<std::string>(found.begin(), found.end()) != of_stem || found.size() != of_stem.size())
      FAIL("stem " << stem);
    ++stems;
  }
  const auto keys = std::distance(live.metadata_keys_begin("form."), live.metadata_keys_end("form."));
  CHECK(static_cast<std::size_t>(keys) == stems);
}

TEST_CASE("a damaged vocabulary is never read past its end, and its checksum tells", "[segments]") {
  Random random;
  INFO("TIDINGS_SEED=" << random.seed());
  Analyzer analyzer({"en"});
  std::set<std::string> words;
  while (words.size() < 200) words.insert(random_word(random));
  FreshFolder folder;
  const fs::path path = folder / "sealed-1.words-1";
  REQUIRE(Vocabulary::write(path, database_of(folder / "db", words), analyzer));
  std::string whole = *read_whole(path, 1 << 20);
  // Made to end where a page of memory ends: one byte further nothing is mapped.
  const std::size_t page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t offsets = static_cast<unsigned char>(whole[whole.size() - 12]), tail = 16 + 4 * offsets;
  whole.insert(whole.size() - tail, page - whole.size() % page, '\xff');
  std::vector<std::string> stems = {"", "a", "strike", "\xff\xff", std::string(300, 'z')};
  for (const auto& [stem, forms] : expected_of(words, analyzer)) stems.push_back(stem);

  std::size_t refused = 0, unsound = 0;
  const auto look_into = [&](const std::string& bytes) {
    folder.write("sealed-1.words-1", bytes);
    const auto opened = Vocabulary::open(path);
    if (!opened) {
      ++refused;
      CHECK(opened.error().code == Error::Code::IndexCorrupt);
      return;
    }
    if (!*MappedFile::is_sound(path)) ++unsound;
    std::vector<std::string> forms;
    for (const auto& stem : stems) (*opened)->forms(stem, forms);
    std::size_t seen = 0;
    (*opened)->each([&](std::string_view form) { return seen += form.size() + 1, true; });
    CHECK(seen <= 600 * bytes.size());  // each form takes two bytes at least, and has at most 510
    CHECK((*opened)->languages().size() <= bytes.size());
  };
  for (int round = 0; round < 400; ++round) {
    std::string bytes = whole;
    for (std::size_t flips = 1 + random.below(8); flips > 0; --flips) {
      // The head, the offsets and the trailer decide where to read: they are hit as often as all the rest.
      const std::size_t near_end = bytes.size() - 1 - random.below(60), anywhere = random.below(bytes.size());
      const std::size_t at = random.once_in(3) ? near_end : random.once_in(3) ? random.below(12) : anywhere;
      bytes[at] = random.once_in(2) ? '\xff' : static_cast<char>(random.below(256));
    }
    if (bytes == whole) continue;
    look_into(bytes);
  }
  CHECK(refused > 0);
  CHECK(unsound > 0);
  for (int round = 0; round < 100; ++round) look_into(whole.substr(0, random.below(whole.size())));
  for (int round = 0; round < 100; ++round) look_into("tidw\1" + random.bytes(200));
}

TEST_CASE("one flipped byte makes a vocabulary unsound or none", "[segments]") {
  Analyzer analyzer({"en"});
  FreshFolder folder;
  const fs::path path = folder / "sealed-1.words-1";
  REQUIRE(Vocabulary::write(path, database_of(folder / "db", {"strike", "strikes", "port"}), analyzer));
  const std::string whole = *read_whole(path, 1 << 20);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    CAPTURE(at);
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 8));
    folder.write("sealed-1.words-1", flipped);
    const auto opened = Vocabulary::open(path);
    CHECK((!opened || !*MappedFile::is_sound(path)));
  }
}

TEST_CASE("words are handed out until one is enough", "[segments]") {
  Analyzer analyzer({"en"});
  FreshFolder folder;
  const fs::path path = folder / "sealed-1.words-1";
  REQUIRE(Vocabulary::write(path, database_of(folder / "db", {"strike", "strikes", "port"}), analyzer));
  const auto vocabulary = Vocabulary::open(path);
  REQUIRE(vocabulary);
  int calls = 0;
  CHECK_FALSE((*vocabulary)->each([&](std::string_view) { return ++calls < 2; }));
  CHECK(calls == 2);
}
