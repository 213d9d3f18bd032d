# SPDX-License-Identifier: GPL-2.0-or-later
"""rest_bench.py — what tidingsd costs while nothing happens, and what it took at most.

Two daemons on one index: the one that has just made it, and one started anew over it. Each comes to rest first (no processor
time for two seconds). RSS is the kernel's VmRSS, of it `own` what is no file's (RssAnon); peak is VmHWM since the start of
that daemon. Wake-ups: voluntary context switches of all its threads within the window (--window, 60 s): each is a thread that
slept, was woken and went to sleep again.
"""
import os
import time

from library import process_status, processor_ticks, settle
from sets import MB, heading, progress, table


def switches(pid):
    """Voluntary context switches so far, of all threads."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/status") as lines:
            total += next(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))
    return total


def row(what, home, window):
    pid = home.daemon.pid
    settled = settle(pid)
    progress(f"at rest, {what}: {window} s")
    before, ticks = switches(pid), processor_ticks(pid)
    time.sleep(window)  # the window itself
    woken, used = switches(pid) - before, processor_ticks(pid) - ticks
    memory = process_status(pid)
    return (what, home.documents(), f"{settled:.1f}", *(f"{memory[key] / MB:.0f}" for key in ("VmRSS", "RssAnon", "VmHWM")), woken,
            f"{1000 * used / os.sysconf('SC_CLK_TCK'):.0f}")


def bench(arguments, library):
    rows = []
    home = library.running_first()
    if home:
        rows.append(row(f"after the backfill, which took {library.backfill['seconds']:.0f} s", home, arguments.window))
    home = library.stopped()
    home.restarted()
    rows.append(row("after a start, nothing changed", home, arguments.window))
    home.stop()
    heading("rest", arguments, f"a window of {arguments.window} s")
    table(("tidingsd", "documents", "s to rest", "RSS MB", "own MB", "peak RSS MB", "wake-ups", "cpu ms"), rows)
    return 0
