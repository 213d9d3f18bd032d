// SPDX-License-Identifier: GPL-2.0-or-later
// What the kernel's events lead to: looks and crawls. See indexer.h.
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include "indexer/indexer.h"

namespace tidings::indexer {
void Indexer::on_overflow() {
  ++overflows_;
  spdlog::warn(
      "file events were lost (more came at once than fs.inotify.max_queued_events): all corpora are crawled "
      "again");
  for (const auto& [name, folder] : corpora_) crawl(*folder, "", news_cause(*folder), ticket_);
}

void Indexer::on_event(const loop::FsEvent& event) {
  if (event.mask & IN_Q_OVERFLOW) return on_overflow();
  if (event.mask & IN_IGNORED) return watches_.forget(event.wd);
  const Key* found = watches_.find(event.wd);
  if (!found) return;  // a watch that we dropped, with its folder's crawl on the way
  const Key folder = *found;
  CorpusFolder* in = corpus(folder.corpus);
  if (!in) return;
  if (event.name.empty()) {  // the folder itself; of a folder below the root its parent's watch tells too
    if (folder.path.empty() || (event.mask & (IN_ATTRIB | IN_UNMOUNT)))
      crawl(*in, folder.path, news_cause(*in), ticket_);
    return;
  }
  const Key key{folder.corpus, child_of(folder.path, event.name)};
  if (event.mask & IN_ISDIR)
    on_folder_event(*in, key, event);
  else
    on_file_event(*in, key, event);
}

void Indexer::on_folder_event(CorpusFolder& in, const Key& key, const loop::FsEvent& event) {
  if (!in.wants_folder(key.path)) return;
  Cause cause = event.mask & IN_ATTRIB ? news_cause(in) : Cause::Arrival;
  if (event.mask & IN_MOVED_FROM) {
    watches_.drop_below(key);
    in.rules.drop_below(key.path);
    in.polled.drop_below(key.path);
    moves_away(event.cookie, key, true);
    if (moved_from_.contains(event.cookie)) {
      outstanding_.hold(ticket_);
      parted_.insert_or_assign(event.cookie, Parted{key, ticket_, Clock::now()});
      return;
    }
  }
  if ((event.mask & IN_MOVED_TO) && was_moved(event.cookie, in.absolute(key.path))) cause = Cause::Move;
  crawl(in, key.path, cause, ticket_);
  if (event.mask & IN_MOVED_TO) crawl_parted(event.cookie);
}

/// A folder moved away, and its new name is being crawled, or there is none.
void Indexer::crawl_parted(std::uint32_t cookie) {
  const auto it = parted_.find(cookie);
  if (it == parted_.end()) return;
  const Key& folder = it->second.folder;
  if (const CorpusFolder* in = corpus(folder.corpus))
    crawl(*in, folder.path, Cause::Arrival, it->second.ticket);
  outstanding_.release(it->second.ticket);
  parted_.erase(it);
}

void Indexer::crawl_parted() {
  std::vector<std::uint32_t> waited;
  for (const auto& [cookie, parted] : parted_)
    if (Clock::now() >= parted.since + kPairWait || parted_.size() > kMaxMoves) waited.push_back(cookie);
  for (const std::uint32_t cookie : waited) crawl_parted(cookie);
}

void Indexer::on_file_event(CorpusFolder& in, const Key& key, const loop::FsEvent& event) {
  if (!in.wants_file(key.path) && !config::is_rule_file(key.path)) return;
  Cause cause = Cause::Arrival;
  if (event.mask & IN_MOVED_FROM) moves_away(event.cookie, key, false);
  if ((event.mask & IN_MOVED_TO) && was_moved(event.cookie, in.absolute(key.path))) cause = Cause::Move;
  bool wait_for_close = event.mask == IN_MODIFY;
  if (event.mask == IN_CREATE) {
    // Opened for writing, mostly, and told again when it is closed. A file that was linked into place is whole already;
    // where its other name is gone by now, it is looked at once it has been quiet.
    struct stat seen {};
    if (::lstat(in.absolute(key.path).c_str(), &seen) != 0 || !S_ISREG(seen.st_mode)) return;
    wait_for_close = seen.st_nlink == 1;
  }
  if (wait_for_close && unclosed_.written(key, ticket_, Clock::now())) return;
  if (!wait_for_close) unclosed_.closed(key);
  on_written({key, cause, ticket_, true});
}

void Indexer::moves_away(std::uint32_t cookie, const Key& key, bool folder) {
  std::optional<FileState> file;
  bool known = false;
  if (folder) {
    if (auto listed = store_->below(key, Store::kEver, [&](const Key&) { known = true; }); !listed)
      return told(listed.error(), "look a folder up");
  } else {
    const auto indexed = store_->find(key);
    known = indexed.has_value();
    if (known) file = indexed->stamp;
  }
  if (!known) return;
  if (moved_from_.size() >= kMaxMoves) moved_from_.erase(moved_from_.begin());
  moved_from_.insert_or_assign(cookie, file);
}

/// The other half of a move: of a folder that has reports in the index, or of the very file that is indexed.
bool Indexer::was_moved(std::uint32_t cookie, const std::string& absolute) {
  const auto half = moved_from_.find(cookie);
  if (half == moved_from_.end()) return false;
  const std::optional<FileState> file = half->second;
  moved_from_.erase(half);
  if (!file) return true;
  struct stat seen {};
  return ::lstat(absolute.c_str(), &seen) == 0 && seen.st_ino == file->inode &&
         static_cast<std::uint64_t>(seen.st_size) == file->size;
}

void Indexer::look_at_unclosed(const Unclosed::Files& files) {
  for (const auto& [key, file] : files) on_written({key, Cause::Arrival, file.ticket, true});
}

}  // namespace tidings::indexer
