#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""run.py — benchmarks of the real programs on real data: `./bootstrap bench [NAME]... [--runs N] [--subset N] [--folder DIR]`.

index   files to searchable, beside a plain Xapian indexer, omindex, recollindex and SQLite's FTS5      (index_bench.py)
query   the best ten with passages, beside Xapian's own query parser on one compacted database         (query_bench.py)
standing  a report that arrives matched with 10,000 and 100,000 standing queries, beside a search for each  (standing_bench.py)
alerts  close(2) -> the record of what it fires is with a subscriber, where 10,000 alerts wait           (alerts_bench.py)
live    1,000 clients that listen to a query each while 50 reports arrive in a second                  (live_bench.py)
rest    memory and wake-ups of a daemon that has nothing to do, and the peak of its backfill            (rest_bench.py)
start   a daemon started over an index that is up to date; a folder of 10,000 reports renamed           (start_bench.py)
fresh   close(2) -> found by a search, at rest, during a backfill, and after a burst                    (fresh_bench.py)
watch   close(2) -> the line that `tidings watch` prints                                                (watch_bench.py)

The data are the news and the docs of the data folder ($TIDINGS_DATA), which sets.py names; --folder takes one of your
own. --subset N takes N files of each set: to try things, not to compare. `rest`, `start` and `fresh` share one index,
which is built once in a run. What is written goes below /tmp, that of `index` below $TMPDIR: give it a disk.

The machine, the versions and the command stand above each table, so that figures can be compared at all; files are read
once before they are timed: what is measured is indexing, not the disk. Results to keep go to RESULTS.md.
"""
import argparse
import pathlib
import shlex
import signal
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "system"), str(HERE.parent / "relevance")]
import alerts_bench  # noqa: E402
import fresh_bench  # noqa: E402
import index_bench  # noqa: E402
import judged  # noqa: E402
import library  # noqa: E402
import live_bench  # noqa: E402
import query_bench  # noqa: E402
import rest_bench  # noqa: E402
import sets  # noqa: E402
import standing_bench  # noqa: E402
import start_bench  # noqa: E402
import watch_bench  # noqa: E402

IN_SCRATCH = {"index": index_bench, "query": query_bench, "standing": standing_bench, "alerts": alerts_bench, "live": live_bench,
              "watch": watch_bench}
IN_LIBRARY = {"rest": rest_bench, "start": start_bench, "fresh": fresh_bench}  # rest first: it sees the backfill
BENCHMARKS = {**IN_SCRATCH, **IN_LIBRARY}


def run(arguments, scratch):
    names = [name for name in BENCHMARKS if name in arguments.names or not arguments.names]
    codes = [IN_SCRATCH[name].bench(arguments, scratch / name) for name in names if name in IN_SCRATCH]
    in_library = [name for name in names if name in IN_LIBRARY]
    if in_library:
        with library.Library(sets.chosen(arguments, scratch / "library")) as shared:
            for roots in shared.sets.values():
                sets.read_through(roots)
            codes += [IN_LIBRARY[name].bench(arguments, shared) for name in in_library]
    return max(codes)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(BENCHMARKS)}; default: all of them")
    parser.add_argument("--runs", type=int, help="rounds of index (3), query (3) and start (5), reports of fresh and alerts (1000) and watch (20)")
    parser.add_argument("--subset", type=int, metavar="N", help="only N files of each set, evenly chosen")
    parser.add_argument("--data", metavar="DIR", help="the data folder (default: $TIDINGS_DATA)")
    parser.add_argument("--folder", metavar="DIR", help="a folder of reports of one's own, instead of the data folder's")
    parser.add_argument("--programs", metavar="LIST", help="index: only these, e.g. tidings,plain")
    parser.add_argument("--bursts", type=int, default=5, help="fresh: how many bursts (5)")
    parser.add_argument("--window", type=int, default=60, metavar="SECONDS", help="rest and live: how long it is watched (60)")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    arguments.command = shlex.join(sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended on the way out
    try:
        with tempfile.TemporaryDirectory(prefix="tid-bench-") as scratch:
            return run(arguments, pathlib.Path(scratch))
    except judged.NoData as missing:
        print(f"bench: {missing}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
