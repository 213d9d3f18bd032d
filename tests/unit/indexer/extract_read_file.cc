// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "index/content_hash.h"
#include "indexer/extract/read_file.h"
#include "tests/unit/catch.h"

using namespace tidings;
using namespace tidings::indexer;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "tidings-read-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  fs::path write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path / name, std::ios::binary) << bytes;
    return path / name;
  }
};

}  // namespace

TEST_CASE("a regular file is read whole, with its state and hash", "[extract][read_file]") {
  const Folder folder;
  const auto file = folder.write("a.txt", "some words");
  const auto read = read_file(file, Limits{});
  REQUIRE(read);
  CHECK(read->bytes == "some words");
  CHECK(read->state.size == 10);
  CHECK(read->state.inode != 0);
  CHECK(read->state.mtime_ns > 0);
  CHECK(read->hash == content_hash("some words"));
  CHECK(read->hash == content_hash_of(file, 1000));
  CHECK(read->hash.size() == 16);
  CHECK_FALSE(read->cut);
  CHECK_FALSE(read->changed_while_reading);
  const FileFacts facts = facts_of("in/a.txt", *read);
  CHECK(facts.name == "a.txt");
  CHECK(facts.size == 10);
}

TEST_CASE("a file at the limit is whole, one byte more and it is cut", "[extract][read_file]") {
  const Folder folder;
  Limits limits;
  limits.file_bytes = 4;
  const auto whole = read_file(folder.write("a", "1234"), limits);
  REQUIRE(whole);
  CHECK_FALSE(whole->cut);
  const auto cut = read_file(folder.write("b", "12345"), limits);
  REQUIRE(cut);
  CHECK(cut->hash == content_hash_of(folder.path / "b", 4));
  CHECK(cut->cut);
  CHECK(cut->bytes == "1234");
  CHECK(cut->state.size == 5);
  const auto empty = read_file(folder.write("c", ""), limits);
  REQUIRE(empty);
  CHECK(empty->bytes.empty());
}

TEST_CASE("what is no readable regular file is refused by name, without waiting", "[extract][read_file]") {
  const Folder folder;
  const auto code_of = [](const fs::path& path) {
    const auto read = read_file(path, Limits{});
    REQUIRE_FALSE(read);
    CHECK(read.error().what.find(path.string()) == 0);
    return read.error().code;
  };
  CHECK(code_of(folder.path / "none") == Error::Code::NotFound);
  CHECK(code_of(folder.path) == Error::Code::Unreadable);
  fs::create_symlink(folder.write("a", "x"), folder.path / "link");
  CHECK(code_of(folder.path / "link") == Error::Code::Unreadable);
  CHECK(code_of(folder.path / "a" / "b") == Error::Code::NotFound);
  REQUIRE(::mkfifo((folder.path / "fifo").c_str(), 0600) == 0);
  CHECK(code_of(folder.path / "fifo") == Error::Code::Unreadable);
  if (::geteuid() != 0) {
    fs::permissions(folder.path / "a", fs::perms::none);
    CHECK(code_of(folder.path / "a") == Error::Code::Unreadable);
  }
}

TEST_CASE("a file whose size is not told beforehand is read to its end and called changed",
          "[extract][read_file]") {
  // Files of proc say that they have no bytes, as one that grew since it was stat'ed.
  const auto read = read_file("/proc/self/status", Limits{});
  REQUIRE(read);
  CHECK(read->bytes.find("VmPeak") != std::string::npos);
  CHECK(read->changed_while_reading);
}
