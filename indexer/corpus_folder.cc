// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/corpus_folder.h"

#include <filesystem>

namespace tidings::indexer {
namespace {

std::string resolved(const std::filesystem::path& path) {
  std::error_code error;
  auto canonical = std::filesystem::weakly_canonical(path, error);
  if (error) canonical = std::filesystem::absolute(path).lexically_normal();
  std::string text = canonical.string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

}  // namespace

CorpusFolder::CorpusFolder(config::Corpus corpus)
    : settings(std::move(corpus)), root(resolved(settings.path)), filter(settings) {}

}  // namespace tidings::indexer
