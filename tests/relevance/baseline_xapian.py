#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""baseline_xapian.py [COLLECTION...] — the figures of Xapian with all its own defaults, by the same measures as run.py.

Checks the harness, since its figures are known, and gives compare.py the runs to hold ours against. The whole file is
given to Xapian's term generator (English stems beside the words), each query to its parser as lower-cased words and nothing
between them, any of which may match; BM25 at its defaults, 1000 reports a query. Needs python3-xapian.

Lower case and no punctuation make a difference: Xapian's parser stems no word that begins with a capital, and makes a phrase
of a compound with a hyphen (cranfield .353/.288 instead of .357/.295, cacm .479/.338 instead of .493/.348).
"""
import argparse
import re
import sys

import judged
import metrics
import table

DEPTH = 1000


def index(collection, xapian):
    database = xapian.WritableDatabase("", xapian.DB_BACKEND_INMEMORY)
    generator = xapian.TermGenerator()
    generator.set_stemmer(xapian.Stem(collection.language))
    for path in sorted(collection.docs.iterdir()):
        document = xapian.Document()
        generator.set_document(document)
        generator.index_text(path.read_text(encoding="utf-8"))
        document.set_data(path.stem)
        database.add_document(document)
    return database


def answers(collection, database, xapian):
    """Run lines for every query."""
    parser = xapian.QueryParser()
    parser.set_stemmer(xapian.Stem(collection.language))
    parser.set_stemming_strategy(parser.STEM_SOME)
    parser.set_database(database)
    enquire = xapian.Enquire(database)
    for line in collection.queries.read_text(encoding="utf-8").splitlines():
        qid, text = line.split("\t", 1)
        words = " ".join(re.findall(r"\w+", text.lower()))
        enquire.set_query(parser.parse_query(words, 0))
        for rank, match in enumerate(enquire.get_mset(0, DEPTH), 1):
            yield f"{qid} Q0 {match.document.get_data().decode()} {rank} {match.weight:.6f} xapian\n"


def main():
    parser = argparse.ArgumentParser(description="Xapian's own defaults on the judged collections.")
    judged.add_arguments(parser)
    arguments = parser.parse_args()
    try:
        import xapian
        rows = []
        for collection in judged.from_arguments(arguments):
            run = list(answers(collection, index(collection, xapian), xapian))
            judged.keep_run(arguments, collection, run)
            qrels = metrics.read_qrels(collection.qrels)
            rows.append(table.Row(collection, metrics.mean(metrics.evaluate(qrels, metrics.read_run(run)))))
    except ModuleNotFoundError as error:
        print(f"baseline_xapian: {error}; install python3-xapian", file=sys.stderr)
        return 2
    except (judged.NoData, metrics.BadLine) as error:
        print(f"baseline_xapian: {error}", file=sys.stderr)
        return 2
    print(table.text(rows), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
