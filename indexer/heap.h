// SPDX-License-Identifier: GPL-2.0-or-later
// heap.h — memory that was freed goes back to the system when there is nothing to do.
//
// glibc keeps what is freed, for each thread by itself: after a backfill of 90,000 reports the daemon held 98 MB, and used 37. malloc_trim() gives back
// what lies between, in all threads' heaps, but not the free end of a thread's own heap: that goes when this thread frees a large block,
// past a threshold that is lowered here for a moment. Not needed for anything but a small process: where the C library is another, nothing is done.
// Any thread; some milliseconds.
#pragma once

namespace tidings::indexer {

/// What this thread has freed at the end of its heap.
void trim_heap_of_this_thread();
/// All else that has been freed.
void trim_heap();

}  // namespace tidings::indexer
