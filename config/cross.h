// SPDX-License-Identifier: GPL-2.0-or-later
// cross.h — what no key shows alone: two values of one configuration that cannot both hold.
//
// Corpora with one name or one folder, a corpus inside another one that does not ignore it, a corpus inside
// the index folder that the file names, one socket for two servers. Folders are compared with their links
// resolved as far as they exist. Costs the square of the number of corpora, of which there are at most
// kCorporaMax.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "config/config.h"

namespace tidings::config {

struct Contradiction {
  std::string key;  ///< where to point: "daemon.control_socket", "corpus.2.path" (counted from 0)
  std::string text, hint;
};

std::vector<Contradiction> contradictions(const Config& config);

}  // namespace tidings::config
