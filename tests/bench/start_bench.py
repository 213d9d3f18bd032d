# SPDX-License-Identifier: GPL-2.0-or-later
"""start_bench.py — a daemon started over an index that is up to date, and a folder renamed under it.

start    from the daemon's exec to the return of `tidings sync`: ready, and every file compared with the index.
sync     the same command with nothing to do: what of the other figures is its own.
rename   from rename(2) of a folder of 10,000 reports to the return of `tidings sync`; and in how many generations.
Files opened: regular files of the corpora that the daemon opened in the whole of it, counted in a run of its own under
strace, which is not timed. The median of the runs, and the most; cpu is the daemon's own, and tells more on a busy machine.
"""
import os
import re
import shutil
import statistics
import subprocess
import time

import rig
from library import processor_ticks
from sets import files_below, heading, progress, table

MOVED_FILES = 10_000
OPENED = re.compile(r"^open(?:at2?)?\(.* = \d+<(/.*)>$")


def timed(home, action):
    """(seconds, seconds of the daemon's processor time) of an action that the daemon answers."""
    began, ticks = time.monotonic(), processor_ticks(home.daemon.pid) if home.daemon else 0
    action()
    seconds = time.monotonic() - began
    return seconds, (processor_ticks(home.daemon.pid) - ticks) / os.sysconf("SC_CLK_TCK")


def strace_works():
    try:
        return subprocess.run(["strace", "-f", "-D", "-o", "/dev/null", "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        return False


def fill(home, roots, wanted):
    """Copies the first files of the roots into a folder of the inbox; how many, and the folder."""
    folder = home.corpus / "before"
    count = 0
    for path in files_below(roots):
        if count == wanted:
            break
        copy = folder / str(count // 500) / f"{count}{os.path.splitext(path)[1]}"
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        count += 1
    return count, folder


def start_traced(home, trace):
    """The daemon as our own child, the tracer beside it (-D): it is ended like any other. A file a thread (-ff): no line is
    broken by another's."""
    log = home.root / "traced.log"
    with open(log, "ab") as stderr:
        home.daemon = subprocess.Popen(
            ["strace", "-ff", "-D", "-y", "-qq", "-e", "trace=?open,openat,?openat2", "-o", trace,
             home.program("tidingsd"), "--config", home.config_file],
            env=home.environment, cwd=home.root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr)
    home.logs["tidingsd"] = log


def whole_trace(trace):
    """The lines of a trace's files, when the tracer has written the last: it ends just after the daemon."""
    end = time.monotonic() + rig.PATIENCE
    before, size = -1, 0
    while time.monotonic() < end and before != size:
        time.sleep(0.5)
        before, size = size, sum(part.stat().st_size for part in trace.parent.glob(trace.name + ".*"))
    return [line for part in trace.parent.glob(trace.name + ".*") for line in part.read_text(errors="surrogateescape").splitlines()]


def opened_below(lines, folders):
    """How many of the opens are of regular files below one of the folders."""
    below = tuple(f"{folder}{os.sep}" for folder in folders)
    return sum(1 for line in lines for found in [OPENED.search(line)]
               if found and found[1].startswith(below) and "O_DIRECTORY" not in line)


def files_opened(home, before, after):
    """(by a start, by a rename of `before` to `after`), or None where strace cannot say."""
    if not strace_works():
        return None
    progress("files opened, under strace")
    trace = home.root / "trace"
    start_traced(home, trace)
    home.sync()
    before.rename(after)
    home.sync()
    home.stop_daemon()
    lines = whole_trace(trace)
    renamed = opened_below(lines, [after])
    # The new name was there for the rename alone, so what was opened under it, no start has opened.
    return opened_below(lines, home.corpora.values()) - renamed, renamed


def row(what, took, generations, opened):
    walls, processor = zip(*took)
    return (what, f"{1000 * statistics.median(walls):.0f}", f"{1000 * max(walls):.0f}", f"{1000 * statistics.median(processor):.0f}",
            generations, opened)


def bench(arguments, library):
    number = arguments.runs or 5
    home = library.stopped()
    starts, renames, generations, syncs = [], [], [], []
    count, before = fill(home, [root for roots in library.sets.values() for root in roots], MOVED_FILES)
    after = home.corpus / "after"
    home.restarted()  # takes the new folder in
    documents = home.documents()
    home.stop_daemon()
    for turn in range(number):
        progress(f"start, round {turn + 1}")
        starts.append(timed(home, home.restarted))
        syncs.append(timed(home, home.sync))
        generation = home.status()["index"]["generation"]
        before.rename(after)
        renames.append(timed(home, home.sync))
        generations.append(home.status()["index"]["generation"] - generation)
        if home.documents() != documents:
            raise RuntimeError(f"{home.documents()} documents after the rename, {documents} before")
        before, after = after, before
        home.stop_daemon()
    opens = files_opened(home, before, after)
    shutil.rmtree(after if after.exists() else before)
    heading("start", arguments, f"{documents} documents, nothing changed but what is said; {number} rounds")
    opened = opens or ("not counted: no strace",) * 2
    table(("what", "median ms", "most ms", "cpu ms, median", "generations", "files opened"), [
        row("start to sync", starts, "", opened[0]),
        row(f"sync after renaming a folder of {count}", renames, f"{statistics.median(generations):.0f}", opened[1]),
        row("sync, nothing to do", syncs, "", ""),
    ])
    return 0
