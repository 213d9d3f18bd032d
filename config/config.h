// SPDX-License-Identifier: GPL-2.0-or-later
// config.h — what an operator may set. Plain values, each with its default; tidings.toml beside this file
// shows them all.
//
// A key carries its unit in its name: _ms milliseconds, _kib and _mib 1024 and 1024² bytes; other numbers are
// counts. Paths in a file: "~/" is the home folder, a relative path is relative to the folder of the
// configuration file, and an empty one is placed for you (see the functions at the end, and places.h). What
// load() and parse() return is checked: the numbers are in the ranges of keys.cc, names and patterns are well
// formed, paths absolute and normal.
//
// Errors: ConfigError with every problem of the file. That a corpus folder is missing is none: it may be on a
// disk that is not mounted yet; the daemon keeps its reports and waits, and `check` (check.h) warns. Bounds:
// a file has at most kFileBytesMax bytes and kCorporaMax corpora; more is an error. Threads: all functions
// read the environment and may be called from any thread as long as none changes it.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/error.h"

namespace tidings::config {

inline constexpr std::size_t kFileBytesMax = std::size_t{1} << 20;
inline constexpr std::size_t kCorporaMax = 1000;

/// A folder of reports. Patterns: see glob.h.
struct Corpus {
  std::string name;            ///< [a-z0-9][a-z0-9_-]{0,63}, unique
  std::filesystem::path path;  ///< may be missing for now; never inside another corpus, unless ignored there
  std::vector<std::string> include = {"*"};  ///< files to read
  /// Files and folders to leave out: hidden ones, and what editors, browsers and the like keep for a while.
  std::vector<std::string> ignore = {".*",        "*~",         "#*#",          ".#*",        "~$*",
                                     "*.swp",     "*.swo",      "*.tmp",        "*.temp",     "*.part",
                                     "*.partial", "*.filepart", "*.crdownload", "*.download", "lost+found",
                                     "Thumbs.db", "desktop.ini"};
  /// ISO 639-1 codes of stemmers; "none" for words as they stand.
  std::vector<std::string> languages = {"en"};
  bool operator==(const Corpus&) const = default;
};

struct Index {
  std::filesystem::path folder;  ///< empty: index_folder() places it
  bool operator==(const Index&) const = default;
};

struct Daemon {
  std::filesystem::path control_socket;  ///< empty: control_socket() places it
  std::uint64_t pending_paths = 200000;  ///< past it a corpus is scanned again instead
  std::uint64_t batch_documents = 1000;  ///< a commit takes at most so many documents …
  std::uint64_t batch_ms = 1000;         ///< … and waits at most so long for them
  std::uint64_t poll_ms = 30000;         ///< from one crawl to the next of what no event tells of
  std::uint64_t workers = 0;             ///< threads that read files; 0: one a core
  bool operator==(const Daemon&) const = default;
};

struct Limits {
  std::uint64_t file_size_mib = 64;        ///< a longer file is read up to here, and marked partial
  std::uint64_t report_text_mib = 32;      ///< of a report's text is indexed; the rest is said to be missing
  std::uint64_t query_bytes = 4096;        ///< a longer query is refused
  std::uint64_t query_terms = 128;         ///< words in it
  std::uint64_t query_depth = 32;          ///< brackets within brackets
  std::uint64_t results = 1000;            ///< hits in one answer; page on by offset
  std::uint64_t requests_in_flight = 64;   ///< one more is answered `busy`
  std::uint64_t connections = 256;         ///< one more is closed
  std::uint64_t client_buffer_kib = 1024;  ///< a client that lets more wait is dropped, and may resume
  bool operator==(const Limits&) const = default;
};

struct Search {
  std::filesystem::path synonyms;  ///< empty: synonyms_file() (synonyms.h) looks beside the configuration
  bool operator==(const Search&) const = default;
};

struct Serve {
  std::filesystem::path socket;              ///< empty: api_socket() places it
  std::string tcp_address;                   ///< empty: no TCP; else loopback, see address.h
  std::filesystem::path state_folder;        ///< empty: state_folder() places it
  std::uint64_t request_timeout_ms = 10000;  ///< from the first byte of a request to its end
  std::uint64_t idle_timeout_ms = 60000;     ///< a connection on which nothing happens is closed
  bool operator==(const Serve&) const = default;
};

struct Log {
  std::string level = "info";  ///< trace, debug, info, warn, error
  bool operator==(const Log&) const = default;
};

struct Config {
  Index index;
  std::vector<Corpus> corpora;
  Daemon daemon;
  Limits limits;
  Search search;
  Serve serve;
  Log log;
  std::filesystem::path file;  ///< where it was read from, absolute; empty: built-in defaults
  bool operator==(const Config&) const = default;
};

/// The configuration in the text; `name` is the file's name, for messages and for relative paths.
Config parse(std::string_view toml, const std::filesystem::path& name);

Config load(const std::filesystem::path& file);

/// $TIDINGS_CONFIG (there or not: load() says so), else $XDG_CONFIG_HOME/tidings/tidings.toml, else
/// /etc/tidings/tidings.toml; none if neither is there.
std::optional<std::filesystem::path> find_default();

/// The file that find_default() finds, or the built-in defaults: no corpora.
Config load_default();

// What is in force: the value set, or else its place. They throw ConfigError as places.h does.
std::filesystem::path index_folder(const Config& config);
std::filesystem::path control_socket(const Config& config);
std::filesystem::path api_socket(const Config& config);
std::filesystem::path state_folder(const Config& config);

}  // namespace tidings::config
