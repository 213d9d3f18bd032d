// SPDX-License-Identifier: GPL-2.0-or-later
#include "searcher/cli/last_search.h"

#include <sys/stat.h>

#include "tests/unit/catch.h"
#include "tests/unit/fresh_folder.h"

using namespace tidings;
using namespace tidings::searcher;
using namespace tidings::test;

namespace {

std::vector<Hit> hits(const std::vector<std::string>& paths) {
  std::vector<Hit> hits;
  for (const auto& path : paths) hits.emplace_back().path = path;
  return hits;
}

unsigned mode(const std::filesystem::path& path) {
  struct stat seen {};
  REQUIRE(::stat(path.c_str(), &seen) == 0);
  return seen.st_mode & 07777;
}

}  // namespace

TEST_CASE("the hits of the last search are known by the numbers that were shown", "[last]") {
  FreshFolder folder;
  const LastSearch last(folder / "state");
  const std::string odd = "/r/caf\xe9\n \x1b[2J.txt";
  REQUIRE(last.keep(hits({"/r/a", odd, "/r/c"}), 10));
  CHECK(last.path_of(11) == "/r/a");
  CHECK(last.path_of(12) == odd);
  CHECK(last.path_of(13) == "/r/c");
  for (const std::size_t none : {0, 1, 10, 14}) {
    const auto path = last.path_of(none);
    REQUIRE_FALSE(path);
    CHECK(path.error().code == Error::Code::BadRequest);
    CHECK(path.error().what.find("11 to 13") != std::string::npos);
  }
  SECTION("the next search replaces them") {
    REQUIRE(last.keep(hits({"/r/z"}), 0));
    CHECK(last.path_of(1) == "/r/z");
    CHECK_FALSE(last.path_of(11));
  }
  SECTION("also one that found nothing") {
    REQUIRE(last.keep({}, 0));
    CHECK(last.path_of(1).error().what == "the last search found nothing");
  }
  SECTION("nobody else reads them") {
    CHECK(mode(folder / "state") == 0700);
    CHECK(mode(last.file()) == 0600);
  }
}

TEST_CASE("without a last search, or with something else in its place, that is told", "[last]") {
  FreshFolder folder;
  const LastSearch last(folder.path());
  CHECK(last.path_of(1).error().code == Error::Code::NotFound);
  for (const char* other :
       {"", "tidings last-search 1\n", "tidings last-search 1\n7", "tidings last-search 2\n1\n/r/a",
        "tidings last-search 1\nx\n/r/a", "tidings last-search 1\n-1\n/r/a"}) {
    CAPTURE(other);
    folder.write("last-search", other);
    CHECK(last.path_of(1).error().code == Error::Code::Unreadable);
  }
}

TEST_CASE("a list that cannot be written does not leave the one of another search", "[last]") {
  FreshFolder folder;
  folder.write("file", "");
  CHECK_FALSE(LastSearch(folder / "file").keep(hits({"/r/a"}), 0));
  const LastSearch last(folder.path());
  std::filesystem::create_directory(folder / "last-search");  // nothing can be renamed over it
  CHECK_FALSE(last.keep(hits({"/r/a"}), 0));
  CHECK_FALSE(last.path_of(1));
}
