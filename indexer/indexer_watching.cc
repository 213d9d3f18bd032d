// SPDX-License-Identifier: GPL-2.0-or-later
// What events do not tell: polls, mounts, missing roots; and rule files, whose change is more than their own. See indexer.h.
#include <spdlog/spdlog.h>

#include "indexer/indexer.h"

namespace tidings::indexer {
namespace {

/// The path below the root, or nothing where it is not below it; "" is the root itself.
std::optional<std::string> path_below(const std::string& root, const std::string& absolute) {
  if (absolute == root) return std::string();
  const std::string base = root == "/" ? root : root + "/";
  if (!absolute.starts_with(base)) return std::nullopt;
  return absolute.substr(base.size());
}

}  // namespace

/// Crawls a corpus that is_lost(): is it back, and where? A link in its path may have come, or lead elsewhere.
void Indexer::crawl_root(CorpusFolder& in, Ticket ticket) {
  bool another = !in.root_is_there();
  const std::string before = in.root;
  if (in.resolve_again()) {
    if (auto done = store_->describe(store_options(options_.config, options_.control_socket)); done) {
      another = true;
    } else {
      in.root = before;  // else the index would name files where they are not
      next_roots_ = {};
      told(done.error(), "record where a corpus is");
    }
  }
  if (another) watches_.drop_below({in.settings.name, ""});
  if (in.offline) in.first_crawl_ns = realtime_ns();
  crawl(in, "", crawl_cause(in.settings), ticket);
}

void Indexer::poll(CorpusFolder& in, Ticket ticket, bool also_while_polling) {
  if (in.offline) return;  // crawled for that
  for (const auto& folder : in.polled.roots())
    if (also_while_polling || !crawler_->crawls({in.settings.name, folder}))
      crawl(in, folder, news_cause(in), ticket);
}

/// Crawls what another mount covers, or uncovers, than when this was last called.
void Indexer::look_at_mounts(Ticket ticket) {
  auto now = options_.read_mounts();
  if (!now) return;  // no /proc: then they were not known before either
  const Mounts before = std::exchange(mounts_, std::move(*now));
  const auto changed = Mounts::changed(before, mounts_);
  if (changed.empty() || !options_.watching) return;
  for (const auto& [name, folder] : corpora_) {
    const Mount *was = before.of(folder->root), *is = mounts_.of(folder->root);
    if ((was == nullptr) != (is == nullptr) || (was && *was != *is)) {
      crawl_root(*folder, ticket);
      continue;
    }
    for (const auto& point : changed)
      if (auto below = path_below(folder->root, point); below && folder->wants_folder(*below))
        crawl(*folder, *below, crawl_cause(folder->settings), ticket);
  }
}

/// A file was written, renamed, removed: a report is looked at.
void Indexer::on_written(Look look) {
  if (config::is_rule_file(look.key.path)) return read_rules(look);
  this->look(std::move(look));
}

/// A rule file came, changed or went: what it rules is crawled, which finds what is wanted now, and sweeps what is not.
void Indexer::read_rules(const Look& look) {
  CorpusFolder* in = corpus(look.key.corpus);
  if (!in) return;
  const auto slash = look.key.path.rfind('/');
  const std::string folder = slash == std::string::npos ? std::string() : look.key.path.substr(0, slash);
  if (!in->wants_folder(folder)) return;
  if (const auto problem = in->rules.read(in->root, folder); !problem.empty())
    spdlog::warn("corpus {}: {}", look.key.corpus, problem);
  crawl(*in, folder, crawl_cause(in->settings), look.ticket);
}

}  // namespace tidings::indexer
