// SPDX-License-Identifier: GPL-2.0-or-later
#include "indexer/heap.h"

#include <cstdlib>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace tidings::indexer {

#ifdef __GLIBC__

namespace {
constexpr std::size_t kLarge = std::size_t{96}
                               << 10;      ///< glibc looks at the end from 64 KiB on; from 128 KiB on it maps
constexpr int kUsualThreshold = 64 << 20;  ///< bytes: what glibc itself comes to in a backfill
}  // namespace

void trim_heap_of_this_thread() {
  ::mallopt(M_TRIM_THRESHOLD, 0);
  void* volatile block = std::malloc(kLarge);  // volatile: no compiler leaves it out
  std::free(block);
  ::mallopt(M_TRIM_THRESHOLD, kUsualThreshold);
}

void trim_heap() {
  ::malloc_trim(0);
}

#else

void trim_heap_of_this_thread() {}
void trim_heap() {}

#endif

}  // namespace tidings::indexer
