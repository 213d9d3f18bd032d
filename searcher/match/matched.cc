// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/match/matched.h"

#include <algorithm>

namespace tidings::searcher {
namespace {

class IdCollector : public Xapian::MatchSpy {
 public:
  IdCollector(std::vector<Xapian::docid>& ids, std::size_t most) : ids_(ids), most_(most) {}
  void operator()(const Xapian::Document& document, double /*weight*/) override {
    if (ids_.size() < most_)
      ids_.push_back(document.get_docid());
    else
      past_ = true;
  }
  bool past() const { return past_; }

 private:
  std::vector<Xapian::docid>& ids_;
  const std::size_t most_;
  bool past_ = false;
};

}  // namespace

std::uint64_t Matched::count() const {
  std::uint64_t count = 0;
  for (const auto& part : parts) count += part.size();
  return count;
}

Matched matched(const Snapshot& snapshot, const Xapian::Query& query, std::size_t most) {
  Matched matched;
  matched.parts.resize(snapshot.parts());
  for (std::size_t p = 0; p < snapshot.parts(); ++p) {
    const Xapian::Database& segment = snapshot.part(p);
    const Xapian::doccount documents = segment.get_doccount();
    if (documents == 0) continue;
    auto& ids = matched.parts[p];
    IdCollector collector(ids, most);
    Xapian::Enquire enquire(segment);
    enquire.set_query(query);
    enquire.set_weighting_scheme(Xapian::BoolWeight());
    enquire.add_matchspy(&collector);
    enquire.get_mset(0, 1, documents);
    if (collector.past()) matched.all = false;
    if (!std::is_sorted(ids.begin(), ids.end())) std::sort(ids.begin(), ids.end());
    most -= ids.size();
  }
  return matched;
}

}  // namespace tidings::searcher
