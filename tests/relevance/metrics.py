# SPDX-License-Identifier: GPL-2.0-or-later
"""metrics.py — how good a ranking is, by the definitions of NIST's trec_eval.

    qrels = read_qrels("qrels.tsv")        # {qid: {docno: grade}}
    run = read_run(open("run.txt"))        # {qid: [(docno, score), ...]}
    mean(evaluate(qrels, run))             # {"nDCG@10": 0.357, "MAP": 0.295, "P@10": …, "R@100": …}

A document counts as relevant from grade 1 on; one without a judgment does not. As trec_eval does:
- the rank column of a run is not looked at: documents are ordered by falling score, and among equal scores by falling
  docno, byte by byte. Scores are compared as C floats, so two that differ past the 24th bit are equal;
- nDCG@10 (ndcg_cut_10): the gain is the grade itself (not 2^grade - 1), divided by log2(rank + 1), over that of the best
  possible ranking of all judged documents;
- MAP: the mean over all relevant documents of the precision at their rank, 0 for those not found;
- P@10: out of 10, however few were found. R@100: the share of all relevant documents among the first 100.
A query that has relevant documents counts 0 where the run has nothing for it (trec_eval's -c); a query without any
relevant document is left out of every mean, since no ranking of it could be better than another (trec_eval would
count it as 0, and so move all systems alike).
"""
import math
import random
import struct

MEASURES = ("nDCG@10", "MAP", "P@10", "R@100")


class BadLine(ValueError):
    """A line that is not of its format; says which."""


def read_qrels(path):
    """{qid: {docno: grade}} of lines `qid TAB docno TAB grade`."""
    qrels = {}
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            fields = line.rstrip("\r\n").split("\t")
            try:
                qid, docno, grade = fields
                grade = int(grade)
            except ValueError:
                raise BadLine(f"{path}:{number}: not `qid TAB docno TAB grade`: {line!r}") from None
            if qrels.setdefault(qid, {}).setdefault(docno, grade) != grade:
                raise BadLine(f"{path}:{number}: {docno} is judged twice for query {qid}, and not alike")
    return qrels


def read_run(lines):
    """{qid: [(docno, score), ...]} of lines `qid Q0 docno rank score tag`. A docno twice for a query is an error."""
    run, seen = {}, set()
    for number, line in enumerate(lines, 1):
        try:
            qid, _, docno, _, score, _ = line.split()
            score = float(score)
        except ValueError:
            raise BadLine(f"line {number} of the run: not `qid Q0 docno rank score tag`: {line!r}") from None
        if (qid, docno) in seen:
            raise BadLine(f"line {number} of the run: {docno} stands twice for query {qid}")
        seen.add((qid, docno))
        run.setdefault(qid, []).append((docno, score))
    return run


def as_float(score):
    """The nearest C float."""
    return struct.unpack("f", struct.pack("f", score))[0]


def ranking(scored):
    """The docnos of [(docno, score), ...] in trec_eval's order."""
    return [docno for docno, _ in sorted(scored, key=lambda d: (as_float(d[1]), d[0].encode()), reverse=True)]


def ndcg(ranked, grades, cut):
    def dcg(gains):
        return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains[:cut], 1))
    ideal = dcg(sorted((g for g in grades.values() if g > 0), reverse=True))
    return dcg([max(0, grades.get(docno, 0)) for docno in ranked]) / ideal if ideal else 0.0


def average_precision(ranked, relevant):
    found, total = 0, 0.0
    for rank, docno in enumerate(ranked, 1):
        if docno in relevant:
            found += 1
            total += found / rank
    return total / len(relevant)


def measure(ranked, grades):
    """The measures of one query that has relevant documents."""
    relevant = {docno for docno, grade in grades.items() if grade > 0}
    return {"nDCG@10": ndcg(ranked, grades, 10),
            "MAP": average_precision(ranked, relevant),
            "P@10": len(relevant.intersection(ranked[:10])) / 10,
            "R@100": len(relevant.intersection(ranked[:100])) / len(relevant)}


def evaluate(qrels, run):
    """{qid: {measure: value}} for each query that has relevant documents, whether or not the run has it."""
    return {qid: measure(ranking(run.get(qid, [])), grades)
            for qid, grades in qrels.items() if any(grade > 0 for grade in grades.values())}


def mean(by_query):
    """{measure: mean over the queries}. ValueError where there is none: a mean of nothing is no figure."""
    if not by_query:
        raise ValueError("no query has a relevant document")
    return {name: math.fsum(values[name] for values in by_query.values()) / len(by_query) for name in MEASURES}


def chance(changes, rounds=20_000):
    """How likely a mean change as large as this one, up or down, would be if each query's had as well been the other way round: Fisher's paired
    randomisation test, two-sided, by random signs (Smucker, Allan and Carterette, CIKM 2007). The same for the same changes."""
    moved = [change for change in changes if change]
    observed = abs(math.fsum(moved))
    pick = random.Random(len(moved)).getrandbits
    reached = 1  # the observed one is one of them
    for _ in range(rounds):
        signs = pick(len(moved)) if moved else 0
        total = math.fsum(change if signs >> i & 1 else -change for i, change in enumerate(moved))
        reached += abs(total) >= observed - 1e-12
    return reached / (rounds + 1)
