// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/cli/verify.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <set>

#include "config/glob.h"
#include "config/ignore_tree.h"
#include "index/content_hash.h"
#include "index/schema.h"
#include "index/segments/manifest.h"
#include "index/segments/soundness.h"
#include "searcher/present/text.h"

namespace tidings::searcher {
namespace {

namespace fs = std::filesystem;

std::string below(const std::string& root, const std::string& path) {
  return path.empty() ? root : (root == "/" ? root : root + "/") + path;
}

/// The corpus' settings; those of a corpus that the configuration does not name are the defaults.
config::Corpus settings_of(const Context& context, const CorpusRoot& corpus) {
  for (const auto& settings : context.config.corpora)
    if (settings.name == corpus.name) return settings;
  config::Corpus settings;
  settings.name = corpus.name;
  settings.path = corpus.root;
  return settings;
}

/// The files of a corpus that belong into the index, as they are on disk.
class Disk {
 public:
  Disk(const Context& context, const CorpusRoot& corpus)
      : root_(corpus.root), index_(context.index), filter_(settings_of(context, corpus)) {}

  /// False, with the reason, where the corpus folder cannot be listed.
  bool walk() { return walk_folder(""); }
  const std::string& problem() const { return problem_; }
  const std::map<std::string, FileState>& files() const { return files_; }

 private:
  bool wanted(const std::string& path, bool is_folder) const {
    return (is_folder ? filter_.wants_folder(path) : filter_.wants_file(path)) &&
           !rules_.ignored_by(path, is_folder);
  }

  bool walk_folder(const std::string& folder) {
    std::error_code error;
    const fs::path absolute = below(root_, folder);
    if (fs::equivalent(absolute, index_, error)) return true;
    rules_.read(root_, folder);
    std::vector<std::string> folders;
    for (fs::directory_iterator entry(absolute, error), end; !error && entry != end; entry.increment(error)) {
      const std::string path = (folder.empty() ? "" : folder + "/") + entry->path().filename().string();
      struct stat seen {};
      if (::lstat(entry->path().c_str(), &seen) != 0) continue;  // gone since
      if (S_ISDIR(seen.st_mode) && wanted(path, true)) folders.push_back(path);
      if (S_ISREG(seen.st_mode) && wanted(path, false)) files_.emplace(path, state_of(seen));
    }
    if (error) problem_ = absolute.string() + ": " + error.message();
    if (error && folder.empty()) return false;
    for (const auto& path : folders) walk_folder(path);
    return true;
  }

  const std::string root_;
  const fs::path index_;
  const config::PathFilter filter_;
  config::IgnoreTree rules_;
  std::map<std::string, FileState> files_;
  std::string problem_;
};

struct Stamp {
  FileState file;
  std::string hash;  ///< of its contents
};

/// What the index has, by corpus and path.
using Stamps = std::map<std::string, std::map<std::string, Stamp>>;

Stamps stamps_of(const Snapshot& snapshot) {
  Stamps stamps;
  const auto& database = snapshot.database();
  auto size = database.valuestream_begin(slot::kSize), stamp = database.valuestream_begin(slot::kStamp);
  auto hash = database.valuestream_begin(slot::kHash);  // a file that could not be read has none
  for (auto path = database.valuestream_begin(slot::kPath); path != database.valuestream_end(slot::kPath);
       ++path, ++size, ++stamp) {
    const Xapian::docid id = path.get_docid();
    if (snapshot.is_dead(id)) continue;
    Key key = Key::parse(*path);
    if (hash != database.valuestream_end(slot::kHash)) hash.skip_to(id);
    const bool hashed = hash != database.valuestream_end(slot::kHash) && hash.get_docid() == id;
    stamps[key.corpus].emplace(std::move(key.path), Stamp{stamp_of(*size, *stamp), hashed ? *hash : ""});
  }
  return stamps;
}

/// A hard link made elsewhere changes a file's ctime, of which no event tells, and nothing in the file.
bool same_contents(const Context& context, const Stamp& indexed, const FileState& state,
                   const std::string& path) {
  if (indexed.file.size != state.size || indexed.file.inode != state.inode || indexed.hash.empty())
    return false;
  return content_hash_of(path, context.config.limits.file_size_mib << 20) == indexed.hash;
}

class Verification {
 public:
  void differs(const char* how, const std::string& what) {
    ++differences_;
    put(std::string(how) + std::string(9 - std::strlen(how), ' ') + printable_path(what) + "\n");
  }

  void corpus(const Context& context, const CorpusRoot& corpus, const std::map<std::string, Stamp>& indexed) {
    Disk disk(context, corpus);
    if (!disk.walk()) return differs("offline", disk.problem());
    if (!disk.problem().empty()) differs("unlisted", disk.problem());
    for (const auto& [path, state] : disk.files()) {
      const auto known = indexed.find(path);
      if (known == indexed.end())
        differs("missing", below(corpus.root, path));
      else if (!known->second.file.same_stamp(state) &&
               !same_contents(context, known->second, state, below(corpus.root, path)))
        differs("stale", below(corpus.root, path));
      else
        ++agree_;
    }
    for (const auto& [path, state] : indexed)
      if (!disk.files().contains(path)) differs("gone", below(corpus.root, path));
  }

  std::size_t agree() const { return agree_; }
  std::size_t differences() const { return differences_; }

 private:
  std::size_t agree_ = 0, differences_ = 0;
};

}  // namespace

int run_verify(const Context& context) {
  // Before anything reads the segments: Xapian does not survive every damage.
  auto soundness = look_at_segments(context.index);
  if (!soundness) return tell(context, soundness.error());
  Verification verification;
  for (const auto& damage : soundness->damaged)
    verification.differs("damaged", damage.file.string() + ": " + damage.what);
  if (!soundness->damaged.empty()) {
    put(std::to_string(soundness->damaged.size()) +
        " files of the index are damaged, so it was not compared with the disk: `tidings verify --repair` "
        "reads again what they "
        "held (or: stop tidingsd, remove " +
        printable_path(manifest_path(context.index).string()) + ", and start `tidingsd --rebuild`)\n");
    return kNothing;
  }
  const bool running = context.daemon().status(std::chrono::milliseconds(1000)).has_value();
  if (running)
    if (auto synced = context.daemon().sync(std::chrono::milliseconds(0)); !synced)
      return tell(synced.error());
  Reader reader(context.index);
  Stamps stamps;
  IndexFacts facts;
  auto done = reader.run([&](const Snapshot& snapshot) -> Result<void> {
    facts = snapshot.facts();
    stamps = stamps_of(snapshot);
    return {};
  });
  if (!done) return tell(context, done.error());
  for (const auto& corpus : facts.corpora) verification.corpus(context, corpus, stamps[corpus.name]);
  for (const auto& [name, files] : stamps) {
    const bool configured = std::any_of(facts.corpora.begin(), facts.corpora.end(),
                                        [&, &corpus = name](const auto& c) { return c.name == corpus; });
    if (!configured && !files.empty())
      verification.differs("gone", "corpus " + name + ", with " + std::to_string(files.size()) + " reports");
  }
  put(std::to_string(verification.agree()) + " reports are as on disk, " +
      std::to_string(verification.differences()) + " differences; " + std::to_string(soundness->segments) +
      " sealed segments looked at" + (running ? "\n" : "; no daemon is running\n"));
  return verification.differences() == 0 ? kFound : kNothing;
}

namespace {

/// Why a file below a corpus has no document.
std::string absence(const Context& context, const CorpusRoot& corpus, const std::string& path,
                    const std::string& absolute) {
  struct stat seen {};
  const int looked = ::lstat(absolute.c_str(), &seen);
  const int error = errno;
  const bool is_folder = looked == 0 && S_ISDIR(seen.st_mode);
  if (const auto rule = config::why_ignored(settings_of(context, corpus), corpus.root, path, is_folder))
    return "ignored by " + rule->rule;
  if (looked != 0) return std::string("not on disk: ") + std::strerror(error);
  if (is_folder) return "a folder: ask for a file in it";
  if (!S_ISREG(seen.st_mode)) return "no regular file (links are not followed)";
  return pending_now(context) ? "not seen yet, or still waiting: `tidings sync` waits until it is searchable"
                              : "not seen yet, and no daemon is running";
}

std::string account(const Snapshot& snapshot, Xapian::docid id, const std::string& absolute) {
  const Record record = snapshot.record(id);
  struct stat seen {};
  std::string state = "as on disk";
  if (::lstat(absolute.c_str(), &seen) != 0)
    state = std::string("not on disk any more: ") + std::strerror(errno);
  else if (!record.file.same_stamp(state_of(seen)))
    state = "another version is on disk by now: `tidings sync` waits until it is searchable";
  std::string out = printable_path(absolute) + "\n  in the index, " + state + "\n";
  const auto line = [&](const char* name, const std::string& value) {
    if (!value.empty())
      out.append("  ").append(name).append(14 - std::strlen(name), ' ').append(value).append("\n");
  };
  line("status", std::string(name(record.report.status)) +
                     (record.report.reason.empty() ? "" : ": " + printable_path(record.report.reason)));
  line("type", record.report.type);
  line("first seen", iso_of(record.first_seen_ms / 1000));
  line("read", iso_of(record.indexed_ms / 1000));
  line("generation", std::to_string(record.generation) + ", " + std::string(name(record.cause)));
  const auto [segment, document] = snapshot.place(id);
  line("segment", std::to_string(segment) + ", document " + std::to_string(document));
  return out;
}

}  // namespace

int run_why(const Context& context, const std::string& file) {
  const std::string absolute = fs::absolute(file).lexically_normal().string();
  Reader reader(context.index);
  int code = kFound;
  std::string text;
  auto done = reader.run([&](const Snapshot& snapshot) -> Result<void> {
    code = kNothing;
    const auto key = Reader::key_of(snapshot.facts(), absolute);
    if (!key) {
      text = printable_path(absolute) + "\n  below no corpus folder: `tidings status` lists them\n";
      return {};
    }
    if (const auto id = snapshot.find(*key)) {
      code = kFound;
      text = account(snapshot, *id, absolute);
      return {};
    }
    const auto corpus = std::find_if(snapshot.facts().corpora.begin(), snapshot.facts().corpora.end(),
                                     [&](const auto& c) { return c.name == key->corpus; });
    text = printable_path(absolute) +
           "\n  not in the index: " + absence(context, *corpus, key->path, absolute) + "\n";
    return {};
  });
  if (!done) return tell(context, done.error());
  put(text);
  return code;
}

}  // namespace tidings::searcher
