// SPDX-License-Identifier: GPL-2.0-or-later
// standing_times.cc — what it takes to match each report that arrives with standing queries, without a daemon: for the standing benchmark.
//
//   standing_times INDEX QUERIES REPORTS [SEARCHED]
//
// INDEX, which is written to, gets REPORTS of its own reports, evenly chosen, once more under other names: read already, one after another, each an
// arrival and a generation of its own, after kWarm that are not counted. QUERIES has a query a line. Timed is StandingQueries::match(), from the
// snapshot of the generation to the matches: which report is new, its terms, candidates, verification; not the commit, nor how the index is opened
// again. The first SEARCHED queries are searched for as well, each as `tidings watch` does: when the last report has arrived, for that one, which is
// timed; and then for all that arrived. Both must find what was matched. Prints `name value` lines. Exit 0; 1 with the reason on stderr.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include "index/builder.h"
#include "index/store.h"
#include "searcher/match/search.h"
#include "searcher/standing/standing.h"

namespace {

using namespace tidings;
using namespace tidings::searcher;

constexpr std::size_t kWarm = 200;

struct Failed : std::runtime_error {
  explicit Failed(const Error& error) : runtime_error(error.what) {}
};
template <class T>
T got(Result<T> result) {
  if (!result) throw Failed(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

double seconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

/// MB of the process' own memory (RssAnon), files that are mapped left out.
double own_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (word == "RssAnon:") {
      double kib = 0;
      status >> kib;
      return kib * 1024 / 1e6;
    }
  return 0;
}

std::vector<Record> some_reports(Reader& reader, std::size_t count) {
  std::vector<Record> reports;
  got(reader.run([&](const Snapshot& snapshot) -> Result<void> {
    reports.clear();
    const std::vector<Xapian::docid> ids(snapshot.database().postlist_begin({}),
                                         snapshot.database().postlist_end({}));
    if (ids.empty()) throw std::runtime_error("the index is empty");
    for (std::size_t i = 0; i < count; ++i)
      reports.push_back(snapshot.record(ids[i * ids.size() / count % ids.size()]));
    return {};
  }));
  return reports;
}

/// Numbers of reports, in the order in which they arrived.
using Numbers = std::set<std::size_t>;

class Times {
 public:
  Times(const std::string& index, const std::string& queries, std::size_t searched)
      : index_(index), reader_(index), searcher_(index, limits()), standing_(limits()) {
    std::ifstream file(queries);
    for (std::string line; std::getline(file, line);) queries_.push_back(line);
    matched_by_.resize(std::min(searched, queries_.size()));
  }

  void prepare() {
    const double before = own_memory();
    const auto began = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < queries_.size(); ++i) got(standing_.add(i, queries_[i]));
    const double added = seconds_since(began);
    got(reader_.run([&](const Snapshot& snapshot) { return standing_.prepare(snapshot); }));
    const double prepared = seconds_since(began) - added;
    std::cout << "queries " << queries_.size() << "\nadd_s " << added << "\nprepare_s " << prepared
              << "\nmemory_mb " << own_memory() - before << "\nprocess_mb " << own_memory() << "\n";
  }

  void run(std::size_t count) {
    std::vector<Record> reports = some_reports(reader_, kWarm + count);
    const IndexFacts facts = got(reader_.facts());
    auto store = got(
        Store::open(index_, {.languages = facts.languages, .corpora = facts.corpora, .control_socket = {}}));
    DocumentBuilder builder(facts.languages);
    for (std::size_t i = 0; i < reports.size(); ++i) {
      reports[i].key.path = "arrived/" + std::to_string(i) + "-" + reports[i].key.path;
      if (i == kWarm) warm_ = standing_.counters();
      arrive(*store, builder, reports[i], i);
    }
    tell();
    search_all(generation_ - 1, reports.size() - 1);
    search_all(facts.generation, 0);
  }

 private:
  static config::Limits limits() {
    config::Limits limits;
    limits.results = 100'000;
    return limits;
  }

  void arrive(Store& store, DocumentBuilder& builder, const Record& record, std::size_t number) {
    PutDocument put{.document = {}, .cause = Cause::Arrival, .hash = record.hash};
    put.document = builder.build(record, &put.words);
    Batch batch;
    batch.put(record.key, std::move(put));
    generation_ = got(store.publish(batch));
    if (store.seal_is_due()) got(store.seal());
    std::vector<StandingQueries::Match> matches;
    got(reader_.run([&](const Snapshot& snapshot) -> Result<void> {
      const auto began = std::chrono::steady_clock::now();
      matches = got(standing_.match(snapshot, generation_ - 1));
      if (number >= kWarm) took_.push_back(seconds_since(began));
      return {};
    }));
    for (const auto& match : matches)
      if (match.id < matched_by_.size()) matched_by_[match.id].insert(number);
  }

  Numbers searched(std::size_t query, std::uint64_t after) {
    SearchRequest request;
    request.text = queries_[query];
    request.limit = limits().results;
    request.sort = Sort::Oldest;
    request.fill = request.passages = false;
    request.after_generation = after;
    Numbers numbers;
    for (const auto& hit : got(searcher_.search(request)).hits)
      numbers.insert(std::stoul(hit.key.path.substr(hit.key.path.find('/') + 1)));
    return numbers;
  }

  /// Of the reports of later generations, which are those from that number on.
  void search_all(std::uint64_t after, std::size_t from) {
    std::size_t wrong = 0;
    double took = 0;
    for (std::size_t i = 0; i < matched_by_.size(); ++i) {
      const auto began = std::chrono::steady_clock::now();
      const Numbers found = searched(i, after);
      took += seconds_since(began);
      wrong += found == Numbers(matched_by_[i].lower_bound(from), matched_by_[i].end()) ? 0 : 1;
    }
    const char* of = from == 0 ? "all" : "last";
    std::cout << "searched_" << of << "_s " << took << "\nwrong_" << of << " " << wrong << "\n";
  }

  void tell() {
    double all = 0;
    for (const double took : took_) all += took;
    std::sort(took_.begin(), took_.end());
    const auto& now = standing_.counters();
    std::cout << "reports " << took_.size() << "\nmatch_s " << all << "\nmedian_us "
              << 1e6 * took_[took_.size() / 2] << "\np99_us " << 1e6 * took_[took_.size() * 99 / 100]
              << "\ncandidates " << now.candidates - warm_.candidates << "\nsearched "
              << now.searched - warm_.searched << "\nmatched " << now.matched - warm_.matched

              << "\n";
  }

  const std::string index_;
  Reader reader_;
  Searcher searcher_;
  StandingQueries standing_;
  StandingQueries::Counters warm_;
  std::vector<std::string> queries_;
  std::vector<Numbers> matched_by_;  ///< what each query has matched, of those that are searched for
  std::vector<double> took_;         ///< seconds
  std::uint64_t generation_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: standing_times INDEX QUERIES REPORTS [SEARCHED]\n";
    return 1;
  }
  try {
    Times times(argv[1], argv[2], argc > 4 ? std::stoul(argv[4]) : 0);
    times.prepare();
    times.run(std::stoul(argv[3]));
  } catch (const std::exception& e) {
    std::cerr << "standing_times: " << e.what() << '\n';
    return 1;
  }
  return 0;
}
