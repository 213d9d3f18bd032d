# SPDX-License-Identifier: GPL-2.0-or-later
"""query_bench.py — what an answer takes: the best ten with their passages, beside a plain Xapian program's on one compacted database.

All sets together in one index, whose daemon has come to rest. The queries are those of queries.tar.xz: sbg_queries, and the first 1,000 of trec_terabyte05, their words alone;
each as all words, any word and a phrase (of two words and more). A round is each program once on each class; a process asks all queries
once, untimed, and then once, timed: no answer is kept from the one to the other. The time of a query is the median of the rounds. Ours as the command
line asks, near-copies left out, but without the places that partial matches fill (which plain has not): these are a row apart.
A whole process is `tidings search QUERY` with its output thrown away.
"""
import math
import os
import re
import statistics
import subprocess
import time

import judged
import library
import peers
import rig
from sets import chosen, heading, progress, read_through, table

ROUNDS = 3
PROCESSES = 50
KINDS = ("all", "any", "phrase")
COLUMNS = ("queries", "as", "of them with a hit", "ours: median µs", "99 %", "plain: median µs", "99 %", "ours / plain", "of those with a hit")


def queries(data, most=1000):
    """{name: [words]}, of the larger collection the first `most`."""
    folder = judged.unpacked(judged.data_folder(data) / "queries.tar.xz", judged.cache_folder().parent / "queries")
    found = {}
    for name, file, first in (("sbg", "sbg_queries.tsv", None), ("terabyte05", "trec_terabyte05_efficiency_50k.tsv", most)):
        lines = (line.split("\t")[1] for line in (folder / file).read_text().splitlines()[:first])
        found[name] = [words for words in (" ".join(re.findall(r"[a-z0-9]+", line.lower())) for line in lines) if words]
    return found


def times(*command):
    """[(µs, hits)]"""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=3600)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()}")
    return [(float(took), int(hits)) for took, hits in (line.split("\t") for line in done.stdout.splitlines())]


def median_of(rounds):
    """The rounds' times of each query -> [(median µs, hits)]."""
    return [(statistics.median(took for took, _ in query), query[0][1]) for query in zip(*rounds)]


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def row(name, kind, ours, plain):
    mine, others = [took for took, _ in ours], [took for took, _ in plain]
    hit = [i for i, (_, hits) in enumerate(plain) if hits]
    ratio = statistics.median(mine) / statistics.median(others)
    with_hit = statistics.median(mine[i] for i in hit) / statistics.median(others[i] for i in hit) if hit else math.nan
    return ratio, (name, kind, f"{len(hit)} of {len(plain)}", f"{statistics.median(mine):.0f}", f"{percentile(mine, .99):.0f}",
                   f"{statistics.median(others):.0f}", f"{percentile(others, .99):.0f}", f"{ratio:.2f}", f"{with_hit:.2f}")


def come_to_rest(index, corpora, scratch):
    """A daemon that has nothing to do merges, as plain's database is compacted."""
    daemon = subprocess.Popen([rig.build_folder() / "tidingsd", "--index", index, *corpora], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={**os.environ, "XDG_RUNTIME_DIR": str(scratch)})
    library.settle(daemon.pid)
    daemon.terminate()
    daemon.wait(60)


def processes(index, asked):
    """Seconds of whole processes."""
    took = []
    for words in asked[:PROCESSES]:
        began = time.monotonic()
        subprocess.run([rig.build_folder() / "tidings", "search", "--index", index, words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       check=False, timeout=60)
        took.append(time.monotonic() - began)
    return took


def bench(arguments, scratch):
    scratch.mkdir(parents=True)
    roots = [root for roots in chosen(arguments, scratch / "library").values() for root in roots]
    files, _ = read_through(roots)
    progress(f"indexing {files} files twice")
    index, plain = scratch / "index", scratch / "plain"
    corpora = [argument for number, root in enumerate(roots) for argument in ("--corpus", root)]
    subprocess.run([rig.build_folder() / "tidingsd", "--once", "--index", index, *corpora], check=True, capture_output=True, timeout=3600)
    come_to_rest(index, corpora, scratch)
    subprocess.run([peers.bench_folder() / "plain_xapian", scratch / "wide", *roots], check=True, capture_output=True, timeout=3600)
    subprocess.run(["xapian-compact", "--quiet", scratch / "wide", plain], check=True, timeout=3600)
    number = arguments.runs or ROUNDS
    heading("Queries", arguments, f"{files} files; median of {number} rounds")
    rows, ratios = [], []
    for name, words in queries(arguments.data).items():
        for kind in KINDS:
            asked = [query for query in words if kind != "phrase" or " " in query]
            file = scratch / "queries"
            file.write_text("".join(query + "\n" for query in asked))
            commands = {"ours": (rig.build_folder() / "query_times", index, kind, file),
                        "plain": (peers.bench_folder() / "plain_queries", plain, kind, file)}
            if kind == "all":
                commands["filled"] = (*commands["ours"], "fill")
            rounds = {program: [] for program in commands}
            for turn in range(number):
                for program, command in commands.items():
                    progress(f"{name}, {kind}, round {turn + 1} of {number}: {program}")
                    rounds[program].append(times(*command))
            median = {program: median_of(these) for program, these in rounds.items()}
            ratio, cells = row(name, kind, median["ours"], median["plain"])
            ratios.append(ratio)
            rows.append(cells)
            if kind == "all":
                rows.append(row(name, "all, partial ones too", median["filled"], median["plain"])[1])
    table(COLUMNS, rows)
    mean = math.exp(statistics.mean(math.log(ratio) for ratio in ratios))
    took = processes(index, queries(arguments.data)["sbg"])
    print(f"\nOurs / plain in the geometric mean of the {len(ratios)} classes: {mean:.2f}; the largest {max(ratios):.2f}. "
          f"A whole process: median {1000 * statistics.median(took):.1f} ms, 95 % {1000 * percentile(took, .95):.1f} ms.")
    return 0
