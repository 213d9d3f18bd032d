#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""compare.py COLLECTION_DIR BEFORE.run AFTER.run — which queries won, which lost, and by how much.

For each query where a measure moved: before, after, and the query's words; most lost first. Then the means, and p: how likely such a change
is by chance (metrics.chance). The runs are
those that run.py, baseline_xapian.py and baseline_lucene.py keep with --runs. With --docs, the relevant documents whose rank within the first
100 moved.
"""
import argparse
import pathlib
import sys

import judged
import metrics


def ranks(run, qid):
    return {docno: rank for rank, docno in enumerate(metrics.ranking(run.get(qid, [])), 1)}


def moved_documents(qrels, before, after, qid):
    """(docno, rank before, rank after) of the relevant documents; None for not found."""
    old, new = ranks(before, qid), ranks(after, qid)
    moved = [(docno, old.get(docno), new.get(docno)) for docno, grade in qrels[qid].items() if grade > 0]
    return [m for m in moved if m[1] != m[2] and min(m[1] or 1e9, m[2] or 1e9) <= 100]


def main():
    parser = argparse.ArgumentParser(description="Which queries won, which lost.")
    parser.add_argument("collection", type=pathlib.Path)
    parser.add_argument("before", type=pathlib.Path)
    parser.add_argument("after", type=pathlib.Path)
    parser.add_argument("--measure", choices=metrics.MEASURES, default="nDCG@10")
    parser.add_argument("--docs", action="store_true", help="the relevant documents that moved, too")
    arguments = parser.parse_args()
    try:
        collection = judged.collections(arguments.collection.resolve().parent, [arguments.collection.resolve().name])[0]
        qrels = metrics.read_qrels(collection.qrels)
        runs = [metrics.read_run(path.read_text(encoding="utf-8").splitlines()) for path in (arguments.before, arguments.after)]
    except (OSError, judged.NoData, metrics.BadLine) as error:
        print(f"compare: {error}", file=sys.stderr)
        return 2
    text = dict(line.split("\t", 1) for line in collection.queries.read_text(encoding="utf-8").splitlines())
    before, after = (metrics.evaluate(qrels, run) for run in runs)
    change = {qid: after[qid][arguments.measure] - before[qid][arguments.measure] for qid in before}
    for qid in sorted((q for q in change if change[q]), key=change.get):
        print(f"{change[qid]:+.4f}  {before[qid][arguments.measure]:.4f} -> {after[qid][arguments.measure]:.4f}  {qid}: {text[qid]}")
        for docno, old, new in moved_documents(qrels, *runs, qid) if arguments.docs else ():
            print(f"           {docno}: {old or '-'} -> {new or '-'}")
    print(f"{sum(c < 0 for c in change.values())} lost, {sum(c > 0 for c in change.values())} won, of {len(change)}")
    for name in metrics.MEASURES:
        p = metrics.chance([after[qid][name] - before[qid][name] for qid in before])
        print(f"{name}: {metrics.mean(before)[name]:.4f} -> {metrics.mean(after)[name]:.4f}, p = {p:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
