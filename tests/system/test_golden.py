# SPDX-License-Identifier: GPL-2.0-or-later
"""What a reader is told of each report: its date (- where it is the file's), source, title, and how its story begins.

golden/corpus.tsv (the sample reports) and golden/reports.tsv (the real ones, where TIDINGS_DATA names the folder that holds reports/) were read by a
person before they were kept. The real ones are no part of the tree: of their openings the second file has the SHA-256. `python3 -B
tests/system/test_golden.py print corpus|reports` prints what there is now, with all openings in full.
"""
import hashlib
import pathlib
import shutil
import sys
import unittest

import data
from rig import Rig

GOLDEN = data.TREE / "tests/system/golden"


def told(rig):
    rows = []
    for path, hit in rig.everything().items():
        date = "-" if hit["date_from"] == "file_time" else hit["date"]
        opening = " / ".join(passage["text"] for passage in hit["passages"])
        rows.append("\t".join((str(pathlib.Path(path).relative_to(rig.corpus)), date, hit["source"], hit["title"], opening)))
    return sorted(rows)


def indexed(name):
    rig = Rig()
    # Of the sample without the page that describes it.
    shutil.copytree({"corpus": data.TREE / "corpus", "reports": data.REPORTS}[name], rig.corpus, dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("README.md"))
    rig.once()
    return rig


def without_opening(row):
    *facts, opening = row.split("\t")
    return "\t".join((*facts, hashlib.sha256(opening.encode()).hexdigest()))


class Golden(unittest.TestCase):
    maxDiff = None

    def compare(self, name, shown=str):
        with indexed(name) as rig:
            now = [shown(row) for row in told(rig)]
        kept = sorted((GOLDEN / f"{name}.tsv").read_text(encoding="utf-8").splitlines())
        self.assertEqual(len(now), len(kept))
        for row, golden in zip(now, kept):
            with self.subTest(golden.split("\t")[0]):
                self.assertEqual(row.split("\t"), golden.split("\t"))

    def test_each_sample_report_is_told_as_in_the_golden_file(self):
        self.compare("corpus")

    @data.with_reports
    def test_each_real_report_is_told_as_in_the_golden_file(self):
        self.compare("reports", without_opening)


if __name__ == "__main__":
    if sys.argv[1:2] == ["print"]:
        with indexed(sys.argv[2]) as read:
            print("\n".join(told(read)))
    else:
        unittest.main()
