#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""baseline_lucene.py [COLLECTION...] — what Lucene 8 finds with its English analyzer and BM25, worked out here.

For compare.py: Lucene's figures are known (judged.py), its runs are not, and whether a difference is one of chance is told by the
runs. Analyzer: words of letters and digits, apostrophes and dots inside kept where Unicode's rules keep them; possessive 's off, lower case,
33 stop words, Porter's stems. BM25 with k1 1.2 and b .75, its idf ln(1 + (N - n + .5) / (n + .5)), the lengths in a byte as Lucene keeps them. Comes
within .006 of the known figures on each of the English collections. Needs python3-xapian, for the stems.
"""
import argparse
import collections
import math
import re
import sys

import judged
import metrics
import table

DEPTH = 1000
K1, B = 1.2, 0.75
STOP = set("a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with".split())
WORD = re.compile(r"\w+(?:[.'’](?=\w)\w+)*")
APART = re.compile(r"(?<=[^\W\d])[.](?=\d)|(?<=\d)[.'’](?=[^\W\d])")  # between a letter and a digit a dot parts two words


def analyzer(xapian):
    stem, known = xapian.Stem("porter"), {}

    def terms(text):
        for found in WORD.findall(text):
            for word in APART.split(found.lower()):
                word = re.sub("['’]s$", "", word)
                if word and word not in STOP:
                    if word not in known:
                        known[word] = stem(word)
                    yield known[word]
    return terms


def in_a_byte(length):
    """The length that is left of it: exact up to 40, then by four bits and their place."""
    exact = 40 - 16
    if length < exact:
        return length
    rest = length - exact
    places = max(0, rest.bit_length() - 4)
    return exact + (rest >> places << places)


class Index:
    def __init__(self, collection, terms):
        self.terms, self.postings, self.lengths = terms, collections.defaultdict(dict), {}
        total = 0
        for path in sorted(collection.docs.iterdir()):
            counted = collections.Counter(terms(path.read_text(encoding="utf-8")))
            length = sum(counted.values())
            total += length
            self.lengths[path.stem] = in_a_byte(length)
            for term, count in counted.items():
                self.postings[term][path.stem] = count
        self.average = total / len(self.lengths)

    def best(self, text):
        """[(docno, score)], best first."""
        scores = collections.Counter()
        for term, times in collections.Counter(self.terms(text)).items():
            having = self.postings.get(term, {})
            weight = times * math.log(1 + (len(self.lengths) - len(having) + 0.5) / (len(having) + 0.5))
            for docno, count in having.items():
                scores[docno] += weight * count / (count + K1 * (1 - B + B * self.lengths[docno] / self.average))
        return sorted(scores.items(), key=lambda one: (-one[1], one[0]))[:DEPTH]


def answers(collection, index):
    """Run lines for every query."""
    for line in collection.queries.read_text(encoding="utf-8").splitlines():
        qid, text = line.split("\t", 1)
        for rank, (docno, score) in enumerate(index.best(text), 1):
            yield f"{qid} Q0 {docno} {rank} {score:.6f} lucene\n"


def main():
    parser = argparse.ArgumentParser(description="Lucene's English analyzer and BM25 on the judged collections.")
    judged.add_arguments(parser)
    arguments = parser.parse_args()
    try:
        import xapian
        rows = []
        terms = analyzer(xapian)
        for collection in judged.from_arguments(arguments):
            run = list(answers(collection, Index(collection, terms)))
            judged.keep_run(arguments, collection, run)
            rows.append(table.Row(collection, metrics.mean(metrics.evaluate(metrics.read_qrels(collection.qrels), metrics.read_run(run)))))
    except ModuleNotFoundError as error:
        print(f"baseline_lucene: {error}; install python3-xapian", file=sys.stderr)
        return 2
    except (judged.NoData, metrics.BadLine) as error:
        print(f"baseline_lucene: {error}", file=sys.stderr)
        return 2
    print(table.text(rows), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
