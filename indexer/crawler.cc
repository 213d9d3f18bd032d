// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/crawler.h"

#include <dirent.h>
#include <fcntl.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>
#include <system_error>

namespace tidings::indexer {
namespace {

struct CloseDir {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

std::int64_t nanoseconds(const timespec& time) {
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

bool before_others(Cause cause) {
  return cause == Cause::Arrival || cause == Cause::Change || cause == Cause::Move;
}

/// The names in a folder, "." and ".." aside; errno when it cannot be listed.
int list(const std::string& path, std::vector<std::string>& names) {
  const std::unique_ptr<DIR, CloseDir> dir(::opendir(path.c_str()));
  if (!dir) return errno;
  errno = 0;
  while (const dirent* entry = ::readdir(dir.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  return errno;
}

void go_offline(CorpusFolder& corpus, std::string reason) {
  corpus.offline_reason = std::move(reason);
  if (!corpus.offline)
    spdlog::warn("corpus {}: {}; its reports stay in the index until it is back", corpus.settings.name,
                 corpus.offline_reason);
  corpus.offline = true;
}

}  // namespace

std::string child_of(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

std::int64_t realtime_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return nanoseconds(now);
}

bool came_since(const struct stat& file, std::int64_t since_ns) {
  const std::int64_t ctime_ns = nanoseconds(file.st_ctim);
  return ctime_ns >= since_ns && ctime_ns <= realtime_ns();
}

void Crawler::add(const Key& folder, Cause cause, Ticket ticket, std::int64_t since_ns) {
  const auto covers = [&](const Crawl& c) { return !c.started && c.cause == cause && c.covers(folder); };
  if (auto covering = std::find_if(crawls_.begin(), crawls_.end(), covers); covering != crawls_.end()) {
    outstanding_.lower(covering->ticket, ticket);
    covering->since_ns = std::min(covering->since_ns, since_ns);
    return;
  }
  if (crawls_.size() >= kMaxCrawls) {
    const Key whole{folder.corpus, ""};
    for (auto it = crawls_.begin(); it != crawls_.end();) {
      if (it->root.corpus != folder.corpus || it->root.path.empty()) {
        ++it;
        continue;
      }
      ticket = std::min(ticket, it->ticket);
      outstanding_.release(it->ticket);
      it = crawls_.erase(it);
    }
    if (!folder.path.empty()) return add(whole, cause, ticket, since_ns);
  }
  outstanding_.hold(ticket);
  Crawl crawl{.root = folder,
              .cause = cause,
              .ticket = ticket,
              .since_ns = since_ns,
              .folders = {},
              .folder = {},
              .names = {}};
  auto place = before_others(cause) ? std::find_if(crawls_.begin(), crawls_.end(),
                                                   [](const Crawl& c) { return !before_others(c.cause); })
                                    : crawls_.end();
  crawls_.insert(place, std::move(crawl));
}

void Crawler::begin_again() {
  for (auto& crawl : crawls_) {
    crawl.started = false;
    crawl.folders.clear();
    crawl.names.clear();
  }
}

void Crawler::drop_first() {
  outstanding_.release(crawls_.front().ticket);
  crawls_.pop_front();
}

std::size_t Crawler::folders_left() const {
  std::size_t left = 0;
  for (const auto& crawl : crawls_) left += crawl.folders.size() + 1;
  return left;
}

Crawler::Backfill Crawler::backfill() const {
  Backfill left;
  for (const auto& crawl : crawls_) {
    left.listing = left.listing || !before_others(crawl.cause);
    left.anew = left.anew || crawl.cause == Cause::FirstCrawl || crawl.cause == Cause::Rebuild;
  }
  return left;
}

Result<bool> Crawler::step(std::size_t backlog) {
  if (crawls_.empty() || backlog >= kBacklog) return false;
  Crawl& crawl = crawls_.front();
  CorpusFolder* corpus = needs_.corpus(crawl.root.corpus);
  if (!corpus) {
    drop_first();
    return true;
  }
  if (!crawl.started)
    if (auto started = start(crawl, *corpus); !started) return tl::unexpected(started.error());
  for (std::size_t entries = 0; entries < kEntriesPerStep; ++entries) {
    if (crawl.names.empty()) {
      if (!crawl.folders.empty()) {
        list_next(crawl, *corpus);
        if (corpus->offline) {
          drop_first();
          return true;
        }
        continue;
      }
      if (auto swept = sweep(crawl); !swept) return tl::unexpected(swept.error());
      const bool whole = crawl.root.path.empty();
      const Ticket ticket = crawl.ticket;
      drop_first();
      if (whole) needs_.finished(*corpus, ticket);
      return true;
    }
    const std::string name = crawl.names.back();
    if (auto met = meet(crawl, *corpus, name); !met) return tl::unexpected(met.error());
    crawl.names.pop_back();
  }
  return true;
}

bool Crawler::Crawl::covers(const Key& other) const {
  return root.corpus == other.corpus &&
         (root.path.empty() || root.path == other.path || other.path.starts_with(root.path + "/"));
}

bool Crawler::moves() const {
  return std::ranges::any_of(crawls_, [](const Crawl& crawl) { return crawl.moves; });
}

std::size_t Crawler::crawls_of(const std::string& corpus) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(crawls_, [&](const Crawl& crawl) { return crawl.root.corpus == corpus; }));
}

bool Crawler::crawls(const Key& folder) const {
  return std::ranges::any_of(crawls_, [&](const Crawl& crawl) { return crawl.covers(folder); });
}

Result<void> Crawler::start(Crawl& crawl, CorpusFolder& corpus) {
  if (!corpus.was_mount_point) {
    auto note = needs_.store.note(corpus.settings.name, CorpusFolder::kMountPointNote);
    if (!note) return tl::unexpected(note.error());
    corpus.was_mount_point = *note == "yes";
  }
  crawl.number = needs_.store.begin_crawl();
  crawl.folders.push_back(crawl.root.path);
  crawl.started = true;
  needs_.look_at_work(crawl.root, crawl.ticket);  // the sweep sees only what the store has now
  return {};
}

void Crawler::list_next(Crawl& crawl, CorpusFolder& corpus) {
  crawl.folder = std::move(crawl.folders.back());
  crawl.folders.pop_back();
  const std::string absolute = corpus.absolute(crawl.folder);
  if (!corpus.wants_folder(crawl.folder)) {  // ignored since it was met
    leave_out(corpus, crawl.folder);
    return;
  }
  struct stat seen {};
  if (::fstatat(AT_FDCWD, absolute.c_str(), &seen, crawl.folder.empty() ? 0 : AT_SYMLINK_NOFOLLOW) == 0) {
    const std::pair<std::uint64_t, std::uint64_t> identity{seen.st_dev, seen.st_ino};
    if (std::find(needs_.left_out.begin(), needs_.left_out.end(), identity) != needs_.left_out.end()) return;
    if (S_ISREG(seen.st_mode) && !crawl.folder.empty()) {  // a file took the folder's place
      crawl.names.clear();
      leave_out(corpus, crawl.folder);
      needs_.look(
          {{corpus.settings.name, crawl.folder}, crawl.cause, crawl.ticket, before_others(crawl.cause)});
      return;
    }
    if (S_ISLNK(seen.st_mode) && !crawl.folder.empty()) {
      leave_out(corpus, crawl.folder);
      return;  // a link took its place: opendir would follow it
    }
  }
  int watched = 0;
  if (needs_.watching)
    watched = needs_.watches.add({corpus.settings.name, crawl.folder}, absolute);  // before listing it
  const int listed = list(absolute, crawl.names);
  if (listed == 0) {
    if (needs_.watching) note_watch(corpus, crawl.folder, watched);
    if (const auto problem = corpus.rules.read(corpus.root, crawl.folder); !problem.empty())
      spdlog::warn("corpus {}: {}", corpus.settings.name, problem);
    if (!crawl.folder.empty()) return;
    if (auto why = corpus.away({seen.st_dev, seen.st_ino}, crawl.names.empty(), needs_.read_mounts())) {
      go_offline(corpus, std::move(*why));
      return;
    }
    if (corpus.offline) spdlog::info("corpus {}: {} is back", corpus.settings.name, absolute);
    corpus.offline = false;
    return;
  }
  crawl.names.clear();
  if (crawl.folder.empty()) {
    go_offline(corpus, absolute + ": " + std::strerror(listed));
  } else if (listed == ENOENT || listed == ENOTDIR) {
    leave_out(corpus, crawl.folder);
  } else {
    spdlog::warn("corpus {}: {} cannot be listed: {}", corpus.settings.name, absolute, std::strerror(listed));
  }
}

/// Whether events will tell of the folder's changes.
void Crawler::note_watch(CorpusFolder& corpus, const std::string& folder, int watched) const {
  const std::string absolute = corpus.absolute(folder);
  if (watched == ENOSPC || watched == ENOMEM) {
    if (!corpus.polled.any_unwatched())
      spdlog::warn(
          "corpus {}: {} cannot be watched: {}; it is crawled again from time to time (raise "
          "fs.inotify.max_user_watches)",
          corpus.settings.name, absolute, std::strerror(watched));
    corpus.polled.unwatched(folder);
  } else {
    corpus.polled.watched(folder);
  }
  const Mount* mount = needs_.mounts ? needs_.mounts->of(absolute) : nullptr;
  if (mount && !tells_all(*mount) && (folder.empty() || mount->point == absolute))
    corpus.polled.untold(folder, *mount);
  else
    corpus.polled.told(folder);
}

/// What was a folder of the corpus is none now.
void Crawler::leave_out(CorpusFolder& corpus, const std::string& folder) const {
  needs_.watches.drop_below({corpus.settings.name, folder});
  corpus.rules.drop_below(folder);
  corpus.polled.drop_below(folder);
}

/// Where the index has a file that it does not know by this name: elsewhere, under the same last name, and nothing is there now.
Result<std::optional<Key>> Crawler::moved_from(const Key& key, const FileState& now) {
  auto from = needs_.store.find(now);
  if (!from || !*from) return from;
  const auto last = [](const Key& k) { return std::string_view(k.path).substr(k.path.rfind('/') + 1); };
  const CorpusFolder* corpus = needs_.corpus((*from)->corpus);
  struct stat seen {};
  const bool moved = last(**from) == last(key) && corpus && !corpus->offline && corpus->root_is_there() &&
                     ::lstat(corpus->absolute((*from)->path).c_str(), &seen) != 0 &&
                     (errno == ENOENT || errno == ENOTDIR);
  if (!moved) from->reset();
  return from;
}

Result<void> Crawler::meet(Crawl& crawl, CorpusFolder& corpus, const std::string& name) {
  const Key key{corpus.settings.name, child_of(crawl.folder, name)};
  struct stat seen {};
  if (::lstat(corpus.absolute(key.path).c_str(), &seen) != 0) {
    if (errno != ENOENT && errno != ENOTDIR)  // else it is gone since, and its event is on the way
      spdlog::warn("corpus {}: {} cannot be looked at: {}", corpus.settings.name, corpus.absolute(key.path),
                   std::strerror(errno));
    return {};
  }
  if (S_ISDIR(seen.st_mode)) {
    if (corpus.wants_folder(key.path))
      crawl.folders.push_back(key.path);
    else
      leave_out(corpus, key.path);
    return {};
  }
  if (!S_ISREG(seen.st_mode) || !corpus.wants_file(key.path)) return {};
  const auto indexed = needs_.store.find(key);
  const FileState now = state_of(seen);
  if (indexed) {
    needs_.store.met(key, crawl.number);
    // What could not be read may be readable now without a change of its own: a parent's permissions, a repaired disk.
    const bool settled = indexed->status != Status::Unreadable && indexed->status != Status::Failed;
    if (settled && crawl.cause != Cause::Rebuild && indexed->stamp.same_stamp(now)) return {};
  } else if (crawl.cause != Cause::FirstCrawl && crawl.cause != Cause::Rebuild) {
    auto from = moved_from(key, now);
    if (!from) return tl::unexpected(from.error());
    if (*from) {
      crawl.moves = true;
      needs_.look({.key = key,
                   .cause = Cause::Move,
                   .ticket = crawl.ticket,
                   .arrival = false,
                   .bytes = now.size,
                   .from = std::move(*from)});
      return {};
    }
  }
  const Cause cause = !indexed && crawl.cause == Cause::Move ? needs_.news_cause(corpus) : crawl.cause;
  const bool lost = !indexed && corpus.repairing_since && now.ctime_ns < *corpus.repairing_since;
  if (lost && is_news(cause)) {
    needs_.look(
        {.key = key, .cause = Cause::Repair, .ticket = crawl.ticket, .arrival = false, .bytes = now.size});
    return {};
  }
  const bool since = !before_others(cause) && came_since(seen, crawl.since_ns);
  needs_.look({key, since ? Cause::Arrival : cause, crawl.ticket, since || before_others(cause), now.size});
  return {};
}

Result<void> Crawler::sweep(Crawl& crawl) {
  return needs_.store.below(crawl.root, crawl.number, [&](Key key) {
    needs_.look({std::move(key), crawl.cause, crawl.ticket, before_others(crawl.cause)});
  });
}

}  // namespace tidings::indexer
