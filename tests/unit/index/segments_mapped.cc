// SPDX-License-Identifier: GPL-2.0-or-later
// Files that are mapped: their sums.
#include "index/segments/mapped.h"
#include "tests/unit/catch.h"
#include "tests/unit/fresh_folder.h"

using namespace tidings;
using tidings::test::FreshFolder;
namespace fs = std::filesystem;

TEST_CASE("a file of any size has the sum that it was written with, and another when a byte is gone or other",
          "[segments]") {
  FreshFolder folder;
  const fs::path path = folder / "a";
  const std::size_t size = GENERATE(as<std::size_t>(), 0, 1, 65527, 65528, 65535, 65536, 65537, 200'000);
  CAPTURE(size);
  {
    FileWriter writer(path);
    REQUIRE(writer.write("tid" + std::string(size, 'x')));
    REQUIRE(writer.finish());
  }
  CHECK(*MappedFile::is_sound(path));
  SECTION("gone") {
    fs::resize_file(path, fs::file_size(path) - 1);
  }
  SECTION("gone while it is mapped: to read there is a signal then") {
    const auto mapped = MappedFile::open(path, "tid", "test");
    REQUIRE(mapped);
    fs::resize_file(path, GENERATE(0u, 8u));
  }
  SECTION("other") {
    std::fstream(path, std::ios::in | std::ios::out).seekp(static_cast<std::streamoff>(size)).put('!');
  }
  CHECK_FALSE(*MappedFile::is_sound(path));
}

TEST_CASE("the sum of a file that is not there, or cannot be read, is neither right nor wrong",
          "[segments]") {
  FreshFolder folder;
  CHECK(MappedFile::is_sound(folder / "none").error().code == Error::Code::NotFound);
  CHECK(MappedFile::is_sound(folder.path()).error().code == Error::Code::Io);
}
