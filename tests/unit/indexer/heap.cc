// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/heap.h"

#include <fstream>
#include <thread>
#include <vector>

#include "tests/unit/catch.h"

using namespace tidings::indexer;

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

/// Pages of memory that this process has, and that are no file's.
long pages() {
  long size = 0, resident = 0, shared = 0;
  std::ifstream("/proc/self/statm") >> size >> resident >> shared;
  return resident - shared;
}

constexpr std::size_t kBlock = 4000, kBlocks = 8000;

}  // namespace

TEST_CASE("what a thread has freed leaves the process when it is told to, though the thread lives on",
          "[heap]") {
  std::thread([] {
    std::vector<std::vector<char>> blocks;
    for (std::size_t i = 0; i < kBlocks; ++i) blocks.emplace_back(kBlock, 'x');
    const long used = pages();
    blocks.clear();
    trim_heap_of_this_thread();
    trim_heap();
    CHECK(pages() < used - static_cast<long>(kBlock * kBlocks / 4096 * 3 / 4));
  }).join();
}

#endif
