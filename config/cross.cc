// SPDX-License-Identifier: GPL-2.0-or-later
#include "config/cross.h"

#include <utility>

#include "config/glob.h"
#include "config/places.h"

namespace tidings::config {

namespace fs = std::filesystem;

namespace {

/// The corpora that have both name and path, so far as they can be compared; the others have their problem
/// already.
struct Rooted {
  std::size_t number;
  const Corpus* corpus;
  fs::path root;
};

void compare_folders(const Rooted& a, const Rooted& b, std::vector<Contradiction>& out) {
  const bool b_inside = is_within(b.root, a.root);
  if (!b_inside && !is_within(a.root, b.root)) return;
  const Rooted& outer = b_inside ? a : b;
  const Rooted& inner = b_inside ? b : a;
  const std::string key = "corpus." + std::to_string(b.number) + ".path";
  if (inner.root == outer.root) {
    out.push_back({key, "corpora `" + a.corpus->name + "` and `" + b.corpus->name + "` are the same folder",
                   "drop one"});
    return;
  }
  const fs::path below = inner.root.lexically_relative(outer.root);
  if (PathFilter(*outer.corpus).ignored_by(below.native(), true)) return;
  out.push_back({key,
                 "corpus `" + inner.corpus->name + "` lies inside corpus `" + outer.corpus->name +
                     "`: its reports would be indexed twice",
                 "drop one, or ignore \"/" + below.native() + "\" in `" + outer.corpus->name + "`"});
}

}  // namespace

std::vector<Contradiction> contradictions(const Config& config) {
  std::vector<Contradiction> out;
  std::vector<Rooted> rooted;
  const fs::path index = config.index.folder.empty() ? fs::path() : canonical_spelling(config.index.folder);
  for (std::size_t i = 0; i < config.corpora.size(); ++i) {
    const Corpus& corpus = config.corpora[i];
    const std::string at = "corpus." + std::to_string(i) + ".";
    for (std::size_t j = 0; j < i; ++j) {
      if (corpus.name.empty() || corpus.name != config.corpora[j].name) continue;
      out.push_back(
          {at + "name", "there are two corpora `" + corpus.name + "`", "a name stands for one folder"});
      break;
    }
    if (corpus.path.empty()) continue;
    rooted.push_back({i, &corpus, canonical_spelling(corpus.path)});
    if (!index.empty() && is_within(rooted.back().root, index)) {
      out.push_back({at + "path",
                     "corpus `" + corpus.name + "` lies inside the index folder " + index.native(),
                     "keep reports and index apart"});
    }
    for (std::size_t j = 0; j + 1 < rooted.size(); ++j) compare_folders(rooted[j], rooted.back(), out);
  }
  if (!config.serve.socket.empty() && config.serve.socket == config.daemon.control_socket) {
    out.push_back(
        {"serve.socket", "`socket` in [serve] is the `control_socket` of [daemon]", "each needs its own"});
  }
  return out;
}

}  // namespace tidings::config
