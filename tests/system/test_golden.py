# SPDX-License-Identifier: GPL-2.0-or-later
"""What a reader is told of each sample report: its date (- where it is the file's), source, title, and how its story begins.

golden/corpus.tsv was read by a person before it was kept; `python3 -B tests/system/test_golden.py print` prints what there is now.
"""
import pathlib
import shutil
import sys
import unittest

from rig import Rig

TREE = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = pathlib.Path(__file__).resolve().parent / "golden" / "corpus.tsv"


def told(rig):
    rows = []
    for path, hit in rig.everything().items():
        date = "-" if hit["date_from"] == "file_time" else hit["date"]
        opening = " / ".join(passage["text"] for passage in hit["passages"])
        rows.append("\t".join((str(pathlib.Path(path).relative_to(rig.corpus)), date, hit["source"], hit["title"], opening)))
    return sorted(rows)


def indexed():
    rig = Rig()
    # Without the page that describes them all.
    shutil.copytree(TREE / "corpus", rig.corpus, dirs_exist_ok=True, ignore=shutil.ignore_patterns("README.md"))
    rig.once()
    return rig


class Golden(unittest.TestCase):
    maxDiff = None

    def test_each_report_is_told_as_in_the_golden_file(self):
        with indexed() as rig:
            now = told(rig)
        kept = sorted(GOLDEN.read_text(encoding="utf-8").splitlines())
        self.assertEqual(len(now), len(kept))
        for row, golden in zip(now, kept):
            with self.subTest(golden.split("\t")[0]):
                self.assertEqual(row.split("\t"), golden.split("\t"))


if __name__ == "__main__":
    if sys.argv[1:] == ["print"]:
        with indexed() as sample:
            print("\n".join(told(sample)))
    else:
        unittest.main()
