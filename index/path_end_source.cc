// SPDX-License-Identifier: GPL-2.0-or-later
#include "index/path_end_source.h"

#include <algorithm>

#include "index/characters.h"
#include "index/schema.h"

namespace tidings {

PathEndSource::PathEndSource(std::string_view ending)
    : ValuePostingSource(slot::kPath), ending_(ascii_lower(ending)) {}

void PathEndSource::init(const Xapian::Database& segment) {
  ValuePostingSource::init(segment);
  set_termfreq_min(0);
}

bool PathEndSource::ends() const {
  const std::string path = get_value();
  return path.size() >= ending_.size() && std::equal(ending_.rbegin(), ending_.rend(), path.rbegin(),
                                                     [](char a, char b) { return a == ascii_lower(b); });
}

void PathEndSource::next(double min_weight) {
  do ValuePostingSource::next(min_weight);
  while (!at_end() && !ends());
}

void PathEndSource::skip_to(Xapian::docid id, double min_weight) {
  ValuePostingSource::skip_to(id, min_weight);
  while (!at_end() && !ends()) ValuePostingSource::next(min_weight);
}

bool PathEndSource::check(Xapian::docid id, double min_weight) {
  if (!ValuePostingSource::check(id, min_weight)) return false;
  return at_end() || ends();
}

Xapian::PostingSource* PathEndSource::clone() const {
  return new PathEndSource(ending_);
}

}  // namespace tidings
