// SPDX-License-Identifier: GPL-2.0-or-later
// The shipped file, the defaults, and what each mistake in a file is answered with.
#include "config/config.h"

#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "config/address.h"
#include "config/keys.h"
#include "config/nearest.h"
#include "config/places.h"
#include "tests/unit/catch.h"

using namespace tidings::config;
namespace fs = std::filesystem;

namespace {

const fs::path kShipped = fs::path(TIDINGS_SOURCE_DIR) / "config/tidings.toml";

std::string shipped_text() {
  std::ifstream in(kShipped);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The messages of all problems, one a line; "" if the text is taken.
std::string problems(const std::string& toml) {
  try {
    parse(toml, "/etc/t.toml");
    return "";
  } catch (const ConfigError& e) {
    return e.what();
  }
}

std::string corpora(const std::string& more) {
  return "[[corpus]]\nname = \"a\"\npath = \"/r/a\"\n" + more;
}

}  // namespace

TEST_CASE("the shipped file says what holds without a file", "[config]") {
  Config expected;
  expected.file = kShipped.lexically_normal();
  CHECK(load(kShipped) == expected);
}

TEST_CASE("the example corpus of the shipped file has the defaults of a corpus", "[config]") {
  // Lines of the example begin with '#' and no space; remarks with "# ".
  std::istringstream lines(shipped_text());
  std::string toml;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# ") || line == "#") continue;
    toml += (line.starts_with('#') ? line.substr(1) : line) + "\n";
  }
  const Config config = parse(toml, "/etc/t.toml");
  REQUIRE(config.corpora.size() == 1);
  Corpus expected;
  expected.name = "reports";
  expected.path = find_home().value_or("") / "Reports";
  CHECK(config.corpora[0] == expected);
}

TEST_CASE("the shipped file shows every key there is, in its table", "[config]") {
  const std::string text = shipped_text();
  for (const Key& key : keys()) {
    const bool of_corpus = key.table == kCorpusTable;
    const std::string head = of_corpus ? "\n#[[corpus]]\n" : "\n[" + std::string(key.table) + "]\n";
    const std::size_t table = text.find(head);
    REQUIRE(table != std::string::npos);
    const std::size_t end = text.find("\n[", table + 1);
    INFO(key.table << "." << key.name);
    CHECK(text.find((of_corpus ? "\n#" : "\n") + std::string(key.name) + " = ", table) < end);
  }
}

TEST_CASE("each value goes where its key says", "[config]") {
  const Config c = parse(
      "[index]\nfolder = \"/x/index\"\n"
      "[[corpus]]\nname = \"news\"\npath = \"/r/news\"\ninclude = [\"*.txt\"]\nignore = []\nlanguages = "
      "[\"de\", \"none\"]\n"
      "[daemon]\ncontrol_socket = \"/x/c.sock\"\npending_paths = 1\nbatch_documents = 2\nbatch_ms = "
      "3\npoll_ms = 16\nworkers = 4\n"
      "[limits]\nfile_size_mib = 5\nreport_text_mib = 6\nquery_bytes = 7\nquery_terms = 8\nquery_depth = 9\n"
      "results = 10\nrequests_in_flight = 11\nconnections = 12\nclient_buffer_kib = 13\n"
      "[search]\nsynonyms = \"/x/s.toml\"\n"
      "[serve]\nsocket = \"/x/a.sock\"\ntcp_address = \"[::1]:80\"\nstate_folder = "
      "\"/x/s\"\nrequest_timeout_ms = 14\n"
      "idle_timeout_ms = 15\n"
      "[log]\nlevel = \"trace\"\n",
      "/etc/t.toml");
  Config e;
  e.file = "/etc/t.toml";
  e.index.folder = "/x/index";
  e.corpora = {{"news", "/r/news", {"*.txt"}, {}, {"de", "none"}}};
  e.daemon = {"/x/c.sock", 1, 2, 3, 16, 4};
  e.limits = {5, 6, 7, 8, 9, 10, 11, 12, 13};
  e.search = {"/x/s.toml"};
  e.serve = {"/x/a.sock", "[::1]:80", "/x/s", 14, 15};
  e.log = {"trace"};
  CHECK(c == e);
}

TEST_CASE("a mistake is answered with its place, and with the way out where one is known", "[config]") {
  struct Row {
    std::string toml, message;
  };
  const std::string f = "/etc/t.toml:";
  const Row rows[] = {
      // keys and tables
      {"[daemon]\nwokers = 1", f + "2:1: unknown key `wokers` in [daemon] (did you mean `workers`?)"},
      {"[daemon]\n  xyzzy = 1", f + "2:3: unknown key `xyzzy` in [daemon]"},
      {"[demon]", f + "1:2: unknown table or key `demon` (did you mean [daemon]?)"},
      {"[limits]\nlevel = \"info\"", f + "2:1: unknown key `level` in [limits] (it belongs in [log])"},
      {"workers = 1", f + "1:1: unknown table or key `workers` (it belongs in [daemon])"},
      {"\"a\\nb\" = 1", f + "1:1: unknown table or key `a\\u000ab`"},
      {"levle = 1", f + "1:1: unknown table or key `levle` (did you mean `level` in [log]?)"},
      {"[daemon.workers]\nx = 1", f + "1:1: `workers` must be a whole number, and is a table"},
      {"[corpus]\nname = \"a\"", f + "1:2: `corpus` is a list of tables (write [[corpus]] over each)"},
      {"corpus = [1]", f + "1:1: `corpus` is a list of tables (write [[corpus]] over each)"},
      {"[[log]]", f + "1:3: `log` is a table, and is given as a list (write it once, as [log])"},
      {"[[corps]]", f + "1:3: unknown table or key `corps` (did you mean [[corpus]]?)"},
      // types
      {"[daemon]\nworkers = \"two\"", f + "2:11: `workers` must be a whole number, and is a string"},
      {"[daemon]\nworkers = 1.5",
       f + "2:11: `workers` must be a whole number, and is a number with a fraction"},
      {"[log]\nlevel = true", f + "2:9: `level` must be a string, and is true or false"},
      {"[index]\nfolder = 1979-05-27",
       f + "2:10: `folder` must be a path as a string, and is a date or time"},
      {corpora("include = \"*.txt\""), f + "4:11: `include` must be a list of strings, and is a string"},
      {corpora("ignore = [\"a\", 2]"),
       f + "4:16: `ignore` must be a list of strings only, and is a whole number"},
      // ranges
      {"[limits]\nresults = 0", f + "2:11: `results` must be 1 to 1000000, and is 0"},
      {"[limits]\nconnections = -5", f + "2:15: `connections` must be 1 to 100000, and is -5"},
      {"[daemon]\nworkers = 1025", f + "2:11: `workers` must be 0 to 1024, and is 1025"},
      {corpora("include = []"), f + "4:11: `include` must be 1 to 1000 items, and is 0"},
      // values
      {"[log]\nlevel = \"inof\"", f + "2:9: `level`: \"inof\" is no log level (did you mean \"info\"?)"},
      {"[log]\nlevel = \"loud\"",
       f + "2:9: `level`: \"loud\" is no log level (one of trace debug info warn error)"},
      {"[serve]\ntcp_address = \"0.0.0.0:80\"",
       f + "2:15: `tcp_address`: \"0.0.0.0:80\" is no loopback address with a port (write \"127.0.0.1:0\" or "
           "\"[::1]:0\"; port 0 takes a free one)"},
      {"[serve]\nsocket = \"/" + std::string(107, 's') + "\"",
       f + "2:10: `socket`: \"/" + std::string(107, 's') +
           "\" has 108 bytes, and a socket's path ends at 107 (place it in a shorter folder)"},
      {"[index]\nfolder = \"/a\\u0000b\"", f + "2:10: `folder`: \"/a\\u0000b\" holds a NUL"},
      {"[index]\nfolder = \"~bob/x\"", f + "2:10: `folder`: \"~bob/x\" names another user's home (write the "
                                           "whole path, or ./~ for a folder of that name)"},
      // corpora
      {"[[corpus]]\npath = \"/r\"", f + "1:1: [[corpus]] has no `name`"},
      {"[[corpus]]\nname = \"a\"\npath = \"\"", f + "3:8: `path` must be 1 to 4095 bytes long, and is 0"},
      {"[[corpus]]\nname = \"My News\"\npath = \"/r\"",
       f + "2:8: `name`: \"My News\" is no corpus name (up to 64 of a-z 0-9 _ -, the first a letter or "
           "digit)"},
      {corpora("languages = [\"de\", \"eng\"]"), f + "4:20: `languages`: \"eng\" is no language that we have "
                                                     "a stemmer for (one of ar ca da de en es eu fi fr ga hu "
                                                     "hy id it lt nb ne nl nn no pt ro ru sv ta tr none)"},
      {corpora("ignore = [\n  \"ok\",\n  \"[a-\",\n]"), f + "6:3: `ignore`: \"[a-\" leaves a '[' open"},
      {corpora("include = [\"news/\"]"),
       f + "4:12: `include`: \"news/\" names folders, and include is for files (write \"news/*\")"},
      {corpora("[[corpus]]\nname = \"a\"\npath = \"/r/b\""),
       f + "5:8: there are two corpora `a` (a name stands for one folder)"},
      {corpora("[[corpus]]\nname = \"b\"\npath = \"/r/x/../a/\""),
       f + "6:8: corpora `a` and `b` are the same folder (drop one)"},
      {corpora("[[corpus]]\nname = \"b\"\npath = \"/r/a/c\""),
       f + "6:8: corpus `b` lies inside corpus `a`: its reports would be indexed twice (drop one, or "
           "ignore "
           "\"/c\" in `a`)"},
      {corpora("[[corpus]]\nname = \"b\"\npath = \"/r\""),
       f + "6:8: corpus `a` lies inside corpus `b`: its reports would be indexed twice (drop one, or "
           "ignore "
           "\"/a\" in `b`)"},
      {corpora("[index]\nfolder = \"/r\""),
       f + "3:8: corpus `a` lies inside the index folder /r (keep reports and index apart)"},
      {"[daemon]\ncontrol_socket = \"/s\"\n[serve]\nsocket = \"/s\"",
       f + "4:10: `socket` in [serve] is the `control_socket` of [daemon] (each needs its own)"},
  };
  for (const Row& row : rows) {
    INFO(row.toml);
    CHECK(problems(row.toml) == row.message);
  }
}

TEST_CASE("all mistakes of a file are told at once, in the order of the file", "[config]") {
  CHECK(problems("[log]\nlevel = 1\n[[corpus]]\nname = \"a\"\n[daemon]\nworkers = -1\nbatch = 1\n") ==
        "/etc/t.toml:2:9: `level` must be a string, and is a whole number\n"
        "/etc/t.toml:3:1: [[corpus]] has no `path`\n"
        "/etc/t.toml:6:11: `workers` must be 0 to 1024, and is -1\n"
        "/etc/t.toml:7:1: unknown key `batch` in [daemon]");
}

TEST_CASE("broken TOML is told with its place, and nothing is guessed of the rest", "[config]") {
  try {
    parse("[log]\nlevel = \"info\n[daemon]\nwokers = 1\n", "t.toml");
    FAIL("it was taken");
  } catch (const ConfigError& e) {
    REQUIRE(e.problems().size() == 1);
    CHECK(e.problems()[0].line == 2);
    CHECK(e.problems()[0].file == "t.toml");
  }
  CHECK(problems("[log]\nlevel = \"info\"\nlevel = \"warn\"").starts_with("/etc/t.toml:3:"));
}

TEST_CASE("a corpus may lie inside another one that ignores it", "[config]") {
  CHECK(problems(corpora("ignore = [\"/c\"]\n[[corpus]]\nname = \"b\"\npath = \"/r/a/c\"")).empty());
  CHECK(problems(corpora("[[corpus]]\nname = \"b\"\npath = \"/r/ab\"")).empty());
}

TEST_CASE("a file that cannot be read is an error that names it", "[config]") {
  CHECK_THROWS_WITH(load("/nowhere/t.toml"), Catch::Contains("/nowhere/t.toml: No such file or directory"));
  CHECK_THROWS_WITH(load("/"), Catch::Contains("/: Is a directory"));
  CHECK_THROWS_WITH(load("/dev/zero"), Catch::Contains("longer than"));
}

TEST_CASE("only loopback is an address", "[config]") {
  CHECK(loopback_address("127.0.0.1:8080") == TcpAddress{"127.0.0.1", 8080});
  CHECK(loopback_address("127.9.8.7:0") == TcpAddress{"127.9.8.7", 0});
  CHECK(loopback_address("[::1]:65535") == TcpAddress{"::1", 65535});
  for (const char* bad : {"", "127.0.0.1", ":80", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                          "127.0.0.1:8x", "localhost:80", "0.0.0.0:80", "128.0.0.1:80", "::1:80", "[::]:80",
                          "[::1:80", "127.1:80", "[::ffff:127.0.0.1]:80", " 127.0.0.1:80"}) {
    INFO(bad);
    CHECK_FALSE(loopback_address(bad));
  }
}

TEST_CASE("a swap of two letters is one error, and a far word is nobody's neighbour", "[config]") {
  CHECK(edit_distance("wrokers", "workers") == 1);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
  const std::string_view known[] = {"include", "ignore"};
  CHECK(nearest("ingore", known) == "ignore");
  CHECK_FALSE(nearest("languages", known));
  CHECK_FALSE(nearest(std::string(100000, 'i'), known));
}
