// SPDX-License-Identifier: GPL-2.0-or-later
// Where things lie: each case sets the environment that it speaks of, and puts the old one back.
#include "config/places.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <optional>

#include "config/check.h"
#include "config/config.h"
#include "tests/unit/catch.h"

using namespace tidings::config;
namespace fs = std::filesystem;

namespace {

/// A fresh folder as home, and no other variable that says where things lie.
class Home {
 public:
  Home() {
    std::string name = (fs::temp_directory_path() / "tidings-XXXXXX").native();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder = fs::canonical(name);
    for (const char* v :
         {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "TIDINGS_CONFIG"}) {
      set(v, nullptr);
    }
    set("HOME", folder.c_str());
  }
  ~Home() {
    for (const auto& [name, value] : before_)
      value ? setenv(name.c_str(), value->c_str(), 1) : unsetenv(name.c_str());
    std::error_code ec;
    fs::remove_all(folder, ec);
  }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  void set(const char* name, const char* value) {
    const char* old = std::getenv(name);
    before_.try_emplace(name, old != nullptr ? std::optional<std::string>(old) : std::nullopt);
    value != nullptr ? setenv(name, value, 1) : unsetenv(name);
  }
  fs::path write(const fs::path& name, const std::string& text) const {
    fs::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << text;
    return folder / name;
  }

  fs::path folder;

 private:
  std::map<std::string, std::optional<std::string>> before_;
};

}  // namespace

TEST_CASE("without XDG variables things lie below the home folder", "[places]") {
  Home home;
  CHECK(index_folder(Config{}) == home.folder / ".local/share/tidings/index");
  CHECK(state_folder(Config{}) == home.folder / ".local/state/tidings");
  CHECK(find_config_home() == home.folder / ".config");
}

TEST_CASE("XDG variables move things, unless they are relative or empty", "[places]") {
  Home home;
  home.set("XDG_DATA_HOME", "/data");
  home.set("XDG_STATE_HOME", "state");
  home.set("XDG_CONFIG_HOME", "");
  CHECK(index_folder(Config{}) == "/data/tidings/index");
  CHECK(state_folder(Config{}) == home.folder / ".local/state/tidings");
  CHECK(find_config_home() == home.folder / ".config");
}

TEST_CASE("the configuration of the system keeps its things in /var/lib", "[places]") {
  Home home;
  const Config config = parse("", "/etc/tidings/tidings.toml");
  CHECK(index_folder(config) == "/var/lib/tidings/index");
  CHECK(state_folder(config) == "/var/lib/tidings/state");
}

TEST_CASE("what the file sets is taken before any place", "[places]") {
  Home home;
  const Config c = parse(
      "[index]\nfolder = \"/i\"\n[daemon]\ncontrol_socket = \"/c\"\n[serve]\nsocket = \"/a\"\nstate_folder = "
      "\"/s\"",
      "/etc/tidings/tidings.toml");
  CHECK(index_folder(c) == "/i");
  CHECK(control_socket(c) == "/c");
  CHECK(api_socket(c) == "/a");
  CHECK(state_folder(c) == "/s");
}

TEST_CASE("each index has its own sockets, however it is spelt", "[places]") {
  Home home;
  home.set("XDG_RUNTIME_DIR", "/run/user/7");
  // FNV-1a of "/a", computed elsewhere: stable, since other versions of the programs must find the same
  // socket.
  CHECK(short_hash("/a") == "07d66707b49cd92d");
  CHECK(control_socket("/a") == "/run/user/7/tidings/07d66707b49cd92d/control.sock");
  CHECK(api_socket("/a") == "/run/user/7/tidings/07d66707b49cd92d/api.sock");
  CHECK(control_socket("/b") != control_socket("/a"));
  CHECK(control_socket("/x/../a/") == control_socket("/a"));

  fs::create_directory(home.folder / "real");
  fs::create_directory_symlink("real", home.folder / "link");
  CHECK(short_hash(home.folder / "link/index") == short_hash(home.folder / "real/index"));
}

TEST_CASE("without XDG_RUNTIME_DIR sockets lie in /run/user, or else beside the index", "[places]") {
  Home home;
  const fs::path run = "/run/user/" + std::to_string(getuid());
  const fs::path index = home.folder / "index";
  const fs::path expected = fs::is_directory(run) ? run : home.folder / "run";
  CHECK(control_socket(index) == expected / "tidings" / short_hash(index) / "control.sock");
}

TEST_CASE("a socket's path may have 107 bytes and not 108", "[places]") {
  Home home;
  const std::string tail = "/tidings/07d66707b49cd92d/control.sock";
  home.set("XDG_RUNTIME_DIR", ("/" + std::string(106 - tail.size(), 'r')).c_str());
  CHECK(control_socket("/a").native().size() == 107);
  home.set("XDG_RUNTIME_DIR", ("/" + std::string(107 - tail.size(), 'r')).c_str());
  CHECK_THROWS_WITH(control_socket("/a"),
                    Catch::Contains("a socket's path ends at 107 bytes, and this has 108") &&
                        Catch::Contains("control_socket in [daemon]"));
}

TEST_CASE("the file is looked for in the environment, then at home", "[places]") {
  Home home;
  if (!fs::exists(kSystemFile)) {
    CHECK_FALSE(find_default());
    CHECK(load_default() == Config{});
  }
  const fs::path at_home = home.write(".config/tidings/tidings.toml", "[log]\nlevel = \"warn\"");
  CHECK(find_default() == at_home);
  CHECK(load_default().log.level == "warn");

  home.set("XDG_CONFIG_HOME", (home.folder / "other").c_str());
  const fs::path moved = home.write("other/tidings/tidings.toml", "");
  CHECK(find_default() == moved);

  SECTION("the file that TIDINGS_CONFIG names is the one, there or not") {
    home.set("TIDINGS_CONFIG", "/nowhere/t.toml");
    CHECK(find_default() == "/nowhere/t.toml");
    CHECK_THROWS_AS(load_default(), ConfigError);
  }
}

TEST_CASE("~ is the home folder, and a relative path begins at the folder of the file", "[places]") {
  Home home;
  const auto folder = [](const std::string& value) {
    return parse("[index]\nfolder = \"" + value + "\"", "/etc/t/t.toml").index.folder;
  };
  CHECK(folder("~/a/b/") == home.folder / "a/b");
  CHECK(folder("~") == home.folder);
  CHECK(folder("a/../b") == "/etc/t/b");
  CHECK(folder("./~") == "/etc/t/~");
  CHECK(folder("../x//y/") == "/etc/x/y");
  CHECK(folder("/") == "/");
}

TEST_CASE("check shows what is in force, and warns of what is missing without failing", "[check]") {
  Home home;
  home.set("XDG_RUNTIME_DIR", "/run/user/7");
  home.write("reports/a.txt", "a");
  const fs::path file = home.write("t.toml",
                                   "[[corpus]]\nname = \"here\"\npath = \"reports\"\n"
                                   "[[corpus]]\nname = \"away\"\npath = \"missing\"\n"
                                   "[[corpus]]\nname = \"file\"\npath = \"reports2\"\n");
  home.write("reports2", "not a folder");
  const Report report = check_report(file);
  INFO(report.text);
  CHECK(report.ok);
  for (const std::string& line :
       {"configuration   " + file.native(),
        "index           " + (home.folder / ".local/share/tidings/index").native(),
        std::string("control socket  /run/user/7/tidings/"),
        "corpus          here  " + (home.folder / "reports").native(),
        "warning: corpus `away`: " + (home.folder / "missing").native() +
            " is not there; the daemon waits for it",
        "warning: corpus `file`: " + (home.folder / "reports2").native() + " is not a folder"}) {
    CHECK(report.text.find(line) != std::string::npos);
  }
  CHECK(report.text.find("warning: corpus `here`") == std::string::npos);
}

TEST_CASE("check warns of an index inside a corpus, and of no corpus at all", "[check]") {
  Home home;
  CHECK(check_report(home.write("t.toml", "[[corpus]]\nname = \"all\"\npath = \".\"\n"))
            .text.find("warning: corpus `all` holds the index folder, which is left out of it") !=
        std::string::npos);
  CHECK(check_report(home.write("t.toml", "")).text.find("warning: there is no [[corpus]]") !=
        std::string::npos);
}

TEST_CASE("check of a bad file is not ok, and tells every problem", "[check]") {
  Home home;
  const fs::path file = home.write("t.toml", "[log]\nlevle = 1\n[daemon]\nworkers = -1\n");
  const Report report = check_report(file);
  CHECK_FALSE(report.ok);
  CHECK(report.text == "error: " + file.native() +
                           ":2:1: unknown key `levle` in [log] (did you mean `level`?)\n" +
                           "error: " + file.native() + ":4:11: `workers` must be 0 to 1024, and is -1\n");
}
