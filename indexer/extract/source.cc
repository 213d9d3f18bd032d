// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/extract/source.h"

#include "indexer/extract/encoding.h"
#include "indexer/extract/text.h"

namespace tidings::indexer {

std::string source_of_folder(const FileFacts& facts) {
  std::string_view rest = facts.path;
  for (std::size_t slash = rest.find('/'); slash != rest.npos; slash = rest.find('/')) {
    const std::string_view folder = rest.substr(0, slash);
    if (folder.find_first_not_of("0123456789-_. ") != folder.npos) return one_line(valid_utf8(folder));
    rest.remove_prefix(slash + 1);
  }
  return one_line(valid_utf8(facts.folder));
}

}  // namespace tidings::indexer
