// SPDX-License-Identifier: GPL-2.0-or-later
// Standing queries against searches: each generation of a random history of reports is matched with random queries, and each of these is
// searched for as well.
#include <set>

#include "config/synonyms.h"
#include "searcher/standing/standing.h"
#include "tests/unit/searcher/reports_index.h"

using namespace tidings;
using namespace tidings::searcher;
using namespace tidings::test;

namespace {

/// Words that meet each other: forms of a word in two languages, compounds and what their parts are, signs, accents, boilerplate.
class RandomReports {
 public:
  explicit RandomReports(Random& random) : random_(random) {}

  std::string words(std::size_t most) {
    static constexpr std::string_view kWords[] = {
        "strike", "strikes", "striking", "Pay",    "paid",   "pre-empt", "preempt",   "£10.50", "10.50",
        "30,000", "a@b.org", "b",        "the",    "union",  "unions",   "#BUnion",   "Häuser", "l'état",
        "etat",   "C++",     "c",        "port",   "ports",  "ported",   "dockers",   "docker", "grève",
        "grèves", "vote",    "voted",    "voting", "nurses", "nurse",    "nursing",   "rail",   "railways",
        "wages",  "wage",    "hospital", "go",     "slow",   "go-slow",  "Manchester"};
    std::string out;
    for (std::size_t i = 0, count = 1 + random_.below(most); i < count; ++i)
      out.append(i ? " " : "").append(one_of(kWords));
    return out;
  }

  Told report(std::size_t names) {
    static constexpr std::string_view kFolders[] = {"", "2024/", "2024/may/", "web/"};
    static constexpr std::string_view kEndings[] = {".txt", ".html", ".tar.gz"};
    static constexpr std::string_view kSources[] = {"", "Labour Notes", "BBC"};
    static constexpr std::string_view kTypes[] = {"text", "html", "pdf"};
    static constexpr std::string_view kLanguages[] = {"", "en", "fr"};
    Told told;
    told.path = one_of(kFolders) + std::to_string(random_.below(names)) + one_of(kEndings);
    told.text = words(14);
    told.date = day_before(int(random_.below(12)));
    told.source = one_of(kSources);
    told.type = one_of(kTypes);
    told.language = one_of(kLanguages);
    if (random_.below(2)) told.title = words(3);
    return told;
  }

  std::string query(int depth) {
    switch (random_.below(depth > 0 ? 16 : 6)) {
      case 0:
      case 1:
        return words(1);
      case 2:
        return '"' + words(2) + '"';
      case 3:
        return field();
      case 4:
        return pattern();
      case 5:
        return near();
      case 6:
      case 7:
      case 8: {
        const std::string left = query(depth - 1);
        return "(" + left + " OR " + query(depth - 1) + ")";
      }
      case 9: {
        const std::string left = query(depth - 1);
        return left + " -" + words(1);
      }
      case 10:
        return "-(" + query(depth - 1) + ")";
      case 11: {
        const std::string left = query(depth - 1);
        return left + " -(" + query(depth - 1) + ")";
      }
      default: {
        const std::string left = query(depth - 1);
        return "(" + left + " " + query(depth - 1) + ")";
      }
    }
  }

 private:
  template <class List>
  std::string one_of(const List& list) {
    return std::string(list[random_.below(std::size(list))]);
  }

  std::string field() {
    static constexpr std::string_view kFields[] = {"type:html",
                                                   "type:pdf",
                                                   "source:bbc",
                                                   "source:\"labour notes\"",
                                                   "lang:fr",
                                                   "folder:2024",
                                                   "folder:web",
                                                   "folder:2024/may",
                                                   "corpus:news",
                                                   "ext:txt",
                                                   "ext:.tar.gz",
                                                   "path:2024",
                                                   "path:\"may html\"",
                                                   "is:indexed",
                                                   "is:duplicate",
                                                   "is:partial",
                                                   "size:>40",
                                                   "size:..30",
                                                   "size:50..20",
                                                   "date:today",
                                                   "date:3d",
                                                   "since:1w",
                                                   "before:5d",
                                                   "after:2023",
                                                   "date:2023",
                                                   "until:yesterday",
                                                   "date:2d..1d",
                                                   "date:6d..",
                                                   "(the OR $)",
                                                   "$",
                                                   "*"};
    const std::size_t kind = random_.below(std::size(kFields) + 8);
    if (kind < std::size(kFields)) return std::string(kFields[kind]);
    return kind % 3 == 0 ? "title:\"" + words(2) + '"' : "title:" + words(1);
  }

  std::string pattern() {
    static constexpr std::string_view kPatterns[] = {"strik*", "*ion", "pre*t", "stri?e", "strkie~",
                                                     "paay~",  "10*",  "#b*",   "hau?er", "unoin~",
                                                     "a@*",    "vot*", "p?rt*", "*s"};
    static constexpr std::string_view kOf[] = {"", "", "", "title:", "path:"};
    return one_of(kOf) + one_of(kPatterns);
  }

  std::string near() {
    std::string left = random_.once_in(4) ? "strik*" : words(1);
    left += " NEAR/" + std::to_string(1 + random_.below(5)) + " ";
    left += random_.once_in(2) ? words(1) : '"' + words(2) + '"';
    return random_.once_in(4) ? left + " NEAR " + words(1) : left;
  }

  Random& random_;
};

using Found = std::set<std::pair<std::uint64_t, std::string>>;  ///< query, key

Found matched_now(const ReportsIndex& index, StandingQueries& standing, std::uint64_t after) {
  Found found;
  index.read([&](const Snapshot& snapshot) {
    const auto matches = standing.match(snapshot, after);
    INFO((matches ? "" : matches.error().what));
    REQUIRE(matches);
    CHECK(std::is_sorted(matches->begin(), matches->end(), [&](const auto& a, const auto& b) {
      return a.document == b.document && a.id < b.id;
    }));
    for (const auto& match : *matches)
      if (!found.emplace(match.id, snapshot.record(match.document).key.text()).second)
        FAIL_CHECK("query " << match.id << " matched a report twice");
  });
  return found;
}

Found searched_now(Searcher& searcher, const std::map<std::uint64_t, std::string>& queries,
                   std::uint64_t after) {
  Found found;
  for (const auto& [id, text] : queries) {
    SearchRequest request;
    request.text = text;
    request.limit = 1000;
    request.fill = request.passages = false;
    request.after_generation = after;
    const auto answer = searcher.search(request);
    INFO(text << ": " << (answer ? "" : answer.error().what));
    REQUIRE(answer);
    for (const auto& hit : answer->hits) found.emplace(id, hit.key.text());
  }
  return found;
}

std::shared_ptr<const config::Synonyms> some_synonyms() {
  return std::make_shared<const config::Synonyms>(
      config::parse_synonyms("[[synonyms]]\ngroup = [\"pay\", \"wages\", \"go slow\"]\n"
                             "[[synonyms]]\nfrom = \"rail\"\nto = [\"railways\", \"£10.50\"]\n"
                             "[[synonyms]]\nfrom = \"nurses strike\"\nto = [\"grève\", \"C++\"]\n",
                             "synonyms.toml"));
}

void check_random_history(unsigned seed, std::vector<std::string> languages, bool with_synonyms) {
  Random random(seed);
  RandomReports reports(random);
  const auto synonyms = with_synonyms ? some_synonyms() : nullptr;
  ReportsIndex index(in_languages(std::move(languages)));
  StandingQueries standing({}, synonyms);
  Searcher searcher(index.folder(), {}, synonyms);
  std::map<std::uint64_t, std::string> queries;
  std::size_t told = 0, most = 0;
  for (int round = 0; round < 14; ++round) {
    for (int i = 0; i < 40; ++i) {
      const std::uint64_t id = random.below(2000);
      const std::string text = reports.query(3);
      INFO("TIDINGS_SEED=" << seed << " query " << text);
      SearchRequest trial;
      trial.text = text;
      trial.limit = 0;
      const auto added = standing.add(id, text);
      const auto answer = searcher.search(trial);
      REQUIRE(added.has_value() == answer.has_value());
      if (added)
        queries[id] = text;
      else
        REQUIRE(added.error().what == answer.error().what);
      const std::uint64_t other = random.below(2000);
      REQUIRE(standing.remove(other) == (queries.erase(other) > 0));
    }
    REQUIRE(standing.size() == queries.size());
    const std::uint64_t before = searcher.facts()->generation;
    if (random.once_in(4)) index.seal({reports.report(1000), reports.report(1000)});  // no news
    if (random.once_in(5)) index.merge();
    for (std::size_t batches = 1 + random.below(3); batches > 0; --batches) {
      std::vector<Told> batch;
      for (std::size_t i = 1 + random.below(6); i > 0; --i) batch.push_back(reports.report(12));
      index.put(batch);
      if (random.once_in(5)) index.remove(batch[0].path);
      if (random.once_in(4)) index.seal_live();
    }
    const Found found = matched_now(index, standing, before),
                wanted = searched_now(searcher, queries, before);
    for (const auto& [id, text] : queries) {
      INFO("TIDINGS_SEED=" << seed << " round " << round << ", query " << text);
      Found ours, theirs;
      for (const auto& one : found)
        if (one.first == id) ours.insert(one);
      for (const auto& one : wanted)
        if (one.first == id) theirs.insert(one);
      REQUIRE(ours == theirs);
    }
    told += found.size();
    most += queries.size() * 6;
  }
  CHECK(told > 500);  // the queries do match
  CHECK(told < most);
}

}  // namespace

TEST_CASE("standing queries match exactly what a search for news finds", "[standing]") {
  const unsigned seed = Random().seed();
  SECTION("in one language") {
    check_random_history(seed, {"en"}, false);
  }
  SECTION("in two, with synonyms") {
    check_random_history(seed, {"en", "fr"}, true);
  }
  SECTION("without stems") {
    check_random_history(seed, {"none"}, true);
  }
}
