// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/cli/watch.h"

#include <sys/inotify.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <functional>

#include "loop/inotify.h"
#include "loop/loop.h"
#include "loop/signals.h"
#include "searcher/match/search.h"
#include "searcher/present/json.h"
#include "searcher/present/text.h"

namespace tidings::searcher {
namespace {

struct Cursor {
  std::string identity;
  std::uint64_t generation = 0;
  std::string text() const { return identity + ":" + std::to_string(generation); }
};

std::optional<Cursor> parse_cursor(const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  Cursor cursor{text.substr(0, colon), 0};
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, cursor.generation);
  if (error != std::errc() || stopped != end) return std::nullopt;
  return cursor;
}

class Follower {
 public:
  Follower(const Context& context, const WatchArguments& arguments)
      : searcher_(context.index, context.config.limits, context.synonyms()),
        index_(context.index),
        arguments_(arguments),
        page_(context.config.limits.results) {}

  /// Where to begin; the error of a query that cannot be run comes now, and not with the first report.
  Result<void> begin() {
    auto facts = searcher_.facts();
    if (!facts) return tl::unexpected(facts.error());
    cursor_ = {facts->identity, facts->generation};
    SearchRequest trial;
    trial.text = arguments_.query;
    trial.limit = 0;
    if (auto answer = searcher_.search(trial); !answer) return tl::unexpected(answer.error());
    if (arguments_.since.empty()) return {};
    const auto since = parse_cursor(arguments_.since);
    if (!since)
      return failure(Error::Code::BadRequest, "--since " + arguments_.since + ": not a cursor",
                     "a cursor is identity:generation, as each record has it");
    if (since->identity != facts->identity) {
      std::fprintf(stderr, "tidings: the cursor is of another index; all that arrived in this one is told\n");
      cursor_.generation = 0;
    } else {
      cursor_ = *since;
    }
    return {};
  }

  /// Tells what was published since the cursor; false when nobody reads any more.
  Result<bool> follow() {
    while (true) {
      auto facts = searcher_.facts();
      // An index that is being made anew is missing for a moment: its folder tells when it is there.
      if (!facts && facts.error().code == Error::Code::NotFound && std::filesystem::exists(index_))
        return true;
      if (!facts) return tl::unexpected(facts.error());
      if (facts->identity != cursor_.identity) {
        std::fprintf(stderr, "tidings: the index was replaced; following the new one\n");
        cursor_ = {facts->identity, 0};
      }
      if (facts->generation <= cursor_.generation) return true;
      SearchRequest request;
      request.text = arguments_.query;
      request.limit = page_;
      request.sort = Sort::Oldest;
      request.fill = arguments_.partial;
      request.after_generation = cursor_.generation;
      Answer news;
      do {  // a large batch comes in pages, all of one generation or again from the start
        auto page = searcher_.search(request);
        if (!page) return tl::unexpected(page.error());
        if (request.offset > 0 && page->generation != news.generation) {
          request.offset = 0;
          news = {};
          continue;
        }
        news.generation = page->generation;
        const bool last = page->hits.size() < page_;
        std::move(page->hits.begin(), page->hits.end(), std::back_inserter(news.hits));
        if (last) break;
        request.offset = news.hits.size();
      } while (true);
      std::stable_sort(news.hits.begin(), news.hits.end(),
                       [](const Hit& a, const Hit& b) { return a.generation < b.generation; });
      for (std::size_t i = 0; i < news.hits.size(); ++i) {
        // Until all of a generation is told, the cursor names the one before: resuming may repeat, and never
        // skips.
        const std::uint64_t generation = news.hits[i].generation;
        const bool last = i + 1 == news.hits.size() || news.hits[i + 1].generation != generation;
        if (!tell_hit(news.hits[i], last ? generation : generation - 1)) return false;
      }
      cursor_.generation = news.generation;
    }
  }

 private:
  bool tell_hit(const Hit& hit, std::uint64_t resume_after) {
    ++told_;
    if (arguments_.format != "ndjson") return put(hit_text(hit, told_, style_));
    auto json = to_json(hit);
    json["cursor"] = Cursor{cursor_.identity, resume_after}.text();
    return put(print(json) + "\n");
  }

  Searcher searcher_;
  const std::filesystem::path index_;
  const WatchArguments& arguments_;
  const std::size_t page_;
  const TextStyle style_ = style_of_stdout();
  Cursor cursor_;
  std::size_t told_ = 0;
};

}  // namespace

int run_watch(const Context& context, const WatchArguments& arguments) {
  Follower follower(context, arguments);
  int exit_code = kFound;
  loop::Loop loop;
  const auto step = [&] {
    auto more = follower.follow();
    if (!more) exit_code = tell(context, more.error());
    if (!more || !*more) loop.stop();
  };
  std::function<int()> watch;
  loop::Inotify inotify(loop, [&](const std::vector<loop::FsEvent>&) {
    watch();  // again: an index that was made anew has another folder
    step();
  });
  // Watch first, then look: a commit in between is seen by one of the two. A live segment that is sealed, or an index made anew, is
  // told by the manifest's folder, and its folder is watched from then on.
  watch = [&] {
    int rc = 0;
    for (const auto& folder : telling_folders(context.index))
      rc = std::min(rc, inotify.add(folder.c_str(), IN_MOVED_TO | IN_ONLYDIR));
    return rc;
  };
  if (const int rc = watch(); rc < 0)
    return tell({rc == -ENOENT ? Error::Code::NotFound : Error::Code::Io,
                 context.index.string() + ": cannot be watched: " + std::strerror(-rc),
                 "start tidingsd, or name another folder with --index"});
  if (auto begun = follower.begin(); !begun) return tell(context, begun.error());
  loop::Signals signals(loop, {SIGINT, SIGTERM}, [&](int) { loop.stop(); });
  if (!pending_now(context))
    std::fprintf(stderr, "tidings: no daemon is running for this index: nothing will arrive until one is\n");
  step();
  if (exit_code == kFound) loop.run();
  return exit_code;
}

}  // namespace tidings::searcher
