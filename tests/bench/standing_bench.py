# SPDX-License-Identifier: GPL-2.0-or-later
"""standing_bench.py — what it takes to match each report that arrives with 10,000 and 100,000 standing queries, beside a search for each.

The news in one index; 2,000 of them arrive once more, one after another, each a generation of its own. The queries are those of
trec_terabyte05 with two to four words, their words alone, each once; where there are not enough, more are drawn from their words, by how often
these are asked for. Each class of queries is a process on a copy of the index:

all    all words
any    any word
mixed  all words, but of every ten one has in turn a phrase, OR, NOT, title:, a type, a date
"""
import os
import random
import shutil
import subprocess

import query_bench
import rig
from sets import chosen, heading, progress, read_through, table

SIZES = (10_000, 100_000)
REPORTS = 2000
SEARCHED = 10_000  # queries: the smaller size
COLUMNS = ("queries", "as", "reports a second", "median µs", "99 % µs", "candidates a report", "of them searched", "matches a report",
           "memory MB", "ready s", "a search for each: reports a second", "differences")


def distinct(data, wanted):
    """[[word]]"""
    asked = query_bench.queries(data, most=None)["terabyte05"]
    found = list(dict.fromkeys(tuple(words.split()) for words in asked if 2 <= len(words.split()) <= 4))
    pool = [word for words in found for word in words]
    lengths = [len(words) for words in found]
    draw = random.Random(42)
    known = set(found)
    while len(found) < wanted:
        words = tuple(draw.choices(pool, k=draw.choice(lengths)))
        if words not in known:
            known.add(words)
            found.append(words)
    draw.shuffle(found)
    return found[:wanted]


def varied(number, words):
    """Of every ten queries one that is more than words."""
    if number % 10:
        return " ".join(words)
    first, *rest = words
    forms = (f'"{words[0]} {words[1]}" {" ".join(words[2:])}', " OR ".join(words), f'{" ".join(words[:-1])} -{words[-1]}',
             f'title:{first} {" ".join(rest)}', f'{" ".join(words)} type:text', f'{" ".join(words)} since:1990')
    return forms[number // 10 % len(forms)].strip()


KINDS = {"all": lambda number, words: " ".join(words), "any": lambda number, words: " OR ".join(words), "mixed": varied}


def measured(index, queries):
    """{name: value}"""
    done = subprocess.run([rig.build_folder() / "standing_times", index, queries, str(REPORTS), str(SEARCHED)], capture_output=True, text=True,
                          check=False, timeout=7200)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return {name: float(value) for name, value in (line.split() for line in done.stdout.splitlines())}


def row(kind, got):
    reports = got["reports"]
    return (f"{got['queries']:.0f}", kind, f"{reports / got['match_s']:.0f}", f"{got['median_us']:.0f}", f"{got['p99_us']:.0f}",
            f"{got['candidates'] / reports:.1f}", f"{got['searched'] / reports:.2f}", f"{got['matched'] / reports:.1f}",
            f"{got['memory_mb']:.0f}", f"{got['add_s'] + got['prepare_s']:.1f}", f"{SEARCHED / got['searched_last_s'] / got['queries']:.2f}",
            f"{got['wrong_last'] + got['wrong_all']:.0f}")


def bench(arguments, scratch):
    scratch.mkdir(parents=True)
    roots = chosen(arguments, scratch / "library")
    roots = roots.get("news", next(iter(roots.values())))
    files, _ = read_through(roots)
    progress(f"indexing {files} files")
    index = scratch / "index"
    corpora = [argument for root in roots for argument in ("--corpus", root)]
    subprocess.run([rig.build_folder() / "tidingsd", "--once", "--index", index, *corpora], check=True, capture_output=True, timeout=3600)
    asked = distinct(arguments.data, max(SIZES))
    heading("Standing queries", arguments,
            f"{files} files; {REPORTS} of them arrive again, one after another; {os.cpu_count()} processors, one thread")
    rows = []
    for size in SIZES:
        for kind, written in KINDS.items():
            progress(f"{size} queries, {kind}")
            file, copy = scratch / "queries", scratch / "copy"
            file.write_text("".join(written(number, words) + "\n" for number, words in enumerate(asked[:size])))
            shutil.copytree(index, copy)
            rows.append(row(kind, measured(copy, file)))
            progress(" | ".join(rows[-1]))
            shutil.rmtree(copy)
    table(COLUMNS, rows)
    print(f"\nTimed: from the snapshot of a generation to its matches. Memory: what the queries take once they are ready. The first {SEARCHED} queries are "
          "also searched for, as `tidings watch` does: in the last report, which is timed, and in all that arrived; differences: those that a search finds in "
          "other reports.")
    return 0
