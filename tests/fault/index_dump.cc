// SPDX-License-Identifier: GPL-2.0-or-later
// index_dump: a canonical account of an index, so that two indexes of the same folders are equal by diff, whatever their segments.
//
//   index_dump INDEX              what the index says of its corpora and languages, in lines that begin with "="; then a line for each living
//                                 document, sorted by key: a hash of its account, and the key
//   index_dump --full INDEX KEY…  the accounts of these documents in full, of all where no key is given
//
// An account is what the corpus decides: the stored record, the hash of the stored text, that of its words in order, the value slots, and all
// terms with wdf. What the index' own history decides is left out: generation, cause and first-seen time (with their slots and terms), and
// when the file was read. Sealed segments have no term lists, so the accounts are put together from all posting lists: the hash of a
// document is a sum over its postings, in any order, and memory is a few words a document.
//
// It looks at one generation, and also at what must hold within any: each key once and found by its term, as many documents as the index
// says, every word among the forms of its stems. What does not hold is told on stderr. Keys are printed with bytes outside ASCII's
// letters as \xNN, as they are to be given. Exit 0, 1 where something does not hold, 2 where the index cannot be read.
#define XXH_INLINE_ALL
#include <xapian.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "index/analyzer.h"
#include "index/schema.h"
#include "index/segments/vocabulary.h"
#include "index/snapshot.h"

namespace {

using namespace tidings;

constexpr unsigned kSlots[] = {slot::kPath,   slot::kSize, slot::kStamp,
                               slot::kStatus, slot::kDate, slot::kHash};

std::string printable(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    char escaped[5];
    if (c > ' ' && c < 127 && c != '\\') {
      out += c;
    } else {
      std::snprintf(escaped, sizeof escaped, "\\x%02x", static_cast<unsigned char>(c));
      out += escaped;
    }
  }
  return out;
}

struct Sum {
  std::uint64_t high = 0, low = 0;

  void add(std::string_view bytes) {
    const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
    high += hash.high64;
    low += hash.low64;
  }
  std::string hex() const {
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(high),
                  static_cast<unsigned long long>(low));
    return text;
  }
};

std::string hash_of_bytes(std::string_view bytes) {
  Sum sum;
  sum.add(bytes);
  return sum.hex();
}

struct Account {
  std::string key;
  Sum sum;
  std::vector<std::string> lines;  ///< where it is asked for in full

  void add(std::string line, bool full) {
    sum.add(line);
    if (full) lines.push_back(std::move(line));
  }
};

/// Left out: they are of the index' own history.
bool is_history(std::string_view term) {
  return term.starts_with(prefix::kGeneration) || term.starts_with(prefix::kCause);
}

class Dump {
 public:
  Dump(bool full, const std::set<std::string>& keys) : full_(full), keys_(keys) {}

  Result<void> take(const Snapshot& snapshot) {
    accounts_.clear();
    wrong_.clear();
    facts_ = "=  languages " + joined(snapshot.facts().languages) + "\n";
    for (const auto& corpus : snapshot.facts().corpora)
      facts_ += "=  corpus " + corpus.name + " " + printable(corpus.root) + "\n";
    const Xapian::Database& database = snapshot.database();
    Analyzer analyzer(snapshot.facts().languages);
    for (auto id = database.postlist_begin({}); id != database.postlist_end({}); ++id)
      if (!snapshot.is_dead(*id)) take_document(snapshot, *id, analyzer);
    if (accounts_.size() != snapshot.facts().documents)
      wrong_.push_back(std::to_string(accounts_.size()) + " documents, and the index says " +
                       std::to_string(snapshot.facts().documents));
    for (auto term = database.allterms_begin(); term != database.allterms_end(); ++term)
      if (!is_history(*term)) take_term(snapshot, *term, analyzer);
    return {};
  }

  int print() const {
    std::vector<const Account*> sorted;
    for (const auto& [id, account] : accounts_) sorted.push_back(&account);
    std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
    if (!full_) std::fputs(facts_.c_str(), stdout);
    std::vector<std::string> wrong = wrong_;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      const Account& account = *sorted[i];
      if (i > 0 && sorted[i - 1]->key == account.key) wrong.push_back(account.key + ": is there twice");
      if (!full_) {
        std::printf("%s  %s\n", account.sum.hex().c_str(), account.key.c_str());
      } else if (keys_.empty() || keys_.contains(account.key)) {
        std::printf("%s\n", account.key.c_str());
        std::vector<std::string> lines = account.lines;
        std::sort(lines.begin(), lines.end());
        for (const auto& line : lines) std::printf("  %s\n", line.c_str());
      }
    }
    for (const auto& what : wrong) std::fprintf(stderr, "index_dump: %s\n", what.c_str());
    return wrong.empty() ? 0 : 1;
  }

 private:
  void take_document(const Snapshot& snapshot, Xapian::docid id, Analyzer& analyzer) {
    Account& account = accounts_[id];
    Record record = snapshot.record(id);
    account.key = printable(record.key.text());
    if (snapshot.find(record.key) != id) wrong_.push_back(account.key + ": is not found by its key");
    record.indexed_ms = 0;
    const std::string data = encode_data(record);
    const std::size_t text = text_begins(data);
    account.add("record " + printable(data.substr(0, text)), full_);
    account.add("text " + hash_of_bytes(std::string_view(data).substr(text)), full_);
    const auto words = snapshot.words_in_order(id, analyzer);
    for (const auto& row : {words.title, words.text})
      account.add(
          "order " + hash_of_bytes({reinterpret_cast<const char*>(row.data()), row.size() * sizeof row[0]}),
          full_);
    const Xapian::Document document = snapshot.database().get_document(id);
    for (const unsigned slot : kSlots)
      account.add("slot " + std::to_string(slot) + " " + printable(document.get_value(slot)), full_);
  }

  void take_term(const Snapshot& snapshot, const std::string& term, Analyzer& analyzer) {
    const Xapian::Database& database = snapshot.database();
    bool alive = false;
    for (auto it = database.postlist_begin(term); it != database.postlist_end(term); ++it) {
      const auto found = accounts_.find(*it);
      if (found == accounts_.end()) continue;
      alive = true;
      found->second.add("term " + printable(term) + " wdf " + std::to_string(it.get_wdf()), full_);
    }
    if (!alive || !is_word_term(term)) return;
    for (const auto& stem : analyzer.stems(term)) {
      const auto forms = snapshot.forms(stem);
      if (std::find(forms.begin(), forms.end(), term) == forms.end())
        wrong_.push_back(printable(term) + ": is not among the forms of its stem " + printable(stem));
    }
  }

  const bool full_;
  const std::set<std::string>& keys_;
  std::unordered_map<Xapian::docid, Account> accounts_;
  std::string facts_;
  std::vector<std::string> wrong_;
};

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool full = !arguments.empty() && arguments.front() == "--full";
  if (full) arguments.erase(arguments.begin());
  if (arguments.empty() || (!full && arguments.size() > 1)) {
    std::fprintf(stderr, "usage: index_dump INDEX | index_dump --full INDEX [KEY]...\n");
    return 2;
  }
  const std::set<std::string> keys(arguments.begin() + 1, arguments.end());
  Reader reader(arguments.front());
  Dump dump(full, keys);
  const auto done = reader.run([&](const Snapshot& snapshot) { return dump.take(snapshot); });
  if (!done) {
    std::fprintf(stderr, "index_dump: %s\n", done.error().what.c_str());
    return 2;
  }
  return dump.print();
}
