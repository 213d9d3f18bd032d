#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Finding the collections, unpacking them once, and the line between enough and short."""
import io
import os
import pathlib
import sys
import tarfile
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import judged  # noqa: E402
import table  # noqa: E402


def pack(archive, files):
    with tarfile.open(archive, "w:xz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))


class Unpacking(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.archive, self.cache = self.root / "relevance.tar.xz", self.root / "cache" / "relevance"

    def test_an_archive_is_unpacked_once(self):
        pack(self.archive, {"tiny/qrels.tsv": b"1\ta\t1\n"})
        first = judged.unpacked(self.archive, self.cache)
        self.assertEqual((first / "tiny" / "qrels.tsv").read_text(), "1\ta\t1\n")
        (first / "mark").touch()
        self.assertTrue((judged.unpacked(self.archive, self.cache) / "mark").exists())

    def test_another_archive_of_that_name_is_unpacked_beside_it(self):
        pack(self.archive, {"tiny/qrels.tsv": b"1\ta\t1\n"})
        first = judged.unpacked(self.archive, self.cache)
        os.utime(self.archive, (1, 1))
        self.assertNotEqual(judged.unpacked(self.archive, self.cache), first)

    def test_a_broken_archive_is_an_error_and_leaves_nothing_that_looks_unpacked(self):
        pack(self.archive, {"tiny/docs/%d.txt" % i: os.urandom(500) for i in range(50)})
        self.archive.write_bytes(self.archive.read_bytes()[:-2000])
        for _ in range(2):
            with self.assertRaisesRegex(judged.NoData, "cannot be unpacked"):
                judged.unpacked(self.archive, self.cache)
        self.assertEqual(list(self.cache.iterdir()), [])

    def test_a_member_that_would_land_outside_is_refused(self):
        pack(self.archive, {"../../escaped": b"x"})
        with self.assertRaises(judged.NoData):
            judged.unpacked(self.archive, self.cache)
        self.assertFalse((self.root / "escaped").exists())

    def test_a_missing_archive_says_what_else_can_be_named(self):
        with self.assertRaisesRegex(judged.NoData, "--collections"):
            judged.unpacked(self.archive, self.cache)


class Collections(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "tiny" / "docs").mkdir(parents=True)
        (self.root / "tiny" / "qrels.tsv").touch()
        (self.root / "tiny" / "queries.tsv").touch()

    def test_lower_cased_queries_are_taken_where_there_are_such(self):
        self.assertEqual(judged.Collection("tiny", self.root / "tiny").queries.name, "queries.tsv")
        (self.root / "tiny" / "queries_lower.tsv").touch()
        self.assertEqual(judged.Collection("tiny", self.root / "tiny").queries.name, "queries_lower.tsv")

    def test_a_collection_that_is_missing_is_named_with_those_there_are(self):
        with self.assertRaisesRegex(judged.NoData, "tinny/docs.*: tiny"):
            judged.collections(self.root, ["tiny", "tinny"])

    def test_without_a_data_folder_it_says_how_to_name_one(self):
        without = {name: value for name, value in os.environ.items() if name != "TIDINGS_DATA"}
        with mock.patch.dict(os.environ, without, clear=True), mock.patch.object(judged, "DEFAULT_DATA", self.root / "none"):
            with self.assertRaisesRegex(judged.NoData, "TIDINGS_DATA"):
                judged.data_folder()


class Short(unittest.TestCase):
    def row(self, ndcg, average_precision, name="cisi"):
        return table.Row(judged.Collection(name, pathlib.Path()),
                         {"nDCG@10": ndcg, "MAP": average_precision, "P@10": 0.0, "R@100": 0.0})

    def test_a_figure_is_short_from_just_below_98_percent_of_the_best_other(self):
        (ndcg, _), (average_precision, _) = judged.Collection("cisi", pathlib.Path()).baseline.values()
        self.assertEqual(self.row(ndcg * .9801, average_precision * .9801).short(), [])
        self.assertEqual(self.row(ndcg * .9799, average_precision).short(), ["nDCG@10"])
        self.assertEqual(self.row(ndcg, average_precision * .9799).short(), ["MAP"])

    def test_a_figure_of_0_is_short(self):
        self.assertEqual(self.row(0.0, 0.0).short(), ["nDCG@10", "MAP"])

    def test_a_collection_without_a_baseline_is_never_short(self):
        self.assertEqual(self.row(0.0, 0.0, "unheard_of").short(), [])

    def test_what_is_short_is_marked_in_the_table(self):
        lines = table.text([self.row(0.1, 0.9), self.row(0.9, 0.9)]).splitlines()
        self.assertEqual([line.count("<") for line in lines[:4]], [0, 0, 1, 0])

    def test_the_best_other_is_taken_for_each_measure(self):
        self.assertEqual(judged.Collection("adi", pathlib.Path()).baseline, {"nDCG@10": (.491, "Lucene"), "MAP": (.428, "tantivy")})

    def test_a_figure_has_fallen_from_just_past_what_a_change_may_cost(self):
        ndcg, average_precision = judged.REACHED["cisi"]
        self.assertEqual(self.row(ndcg - .0049, average_precision - .0049).fallen(), [])
        self.assertEqual(self.row(ndcg - .0051, average_precision).fallen(), ["nDCG@10"])
        self.assertEqual(self.row(ndcg, average_precision - .0051).fallen(), ["MAP"])
        self.assertEqual(self.row(0.0, 0.0, "unheard_of").fallen(), [])

    def test_what_has_fallen_is_marked_in_the_table(self):
        lines = table.text([self.row(0.1, 0.9), self.row(0.9, 0.9)]).splitlines()
        self.assertEqual([line.count("↓") for line in lines[:4]], [0, 0, 1, 0])

    def test_the_table_ends_with_the_mean_of_the_ratios(self):
        self.assertEqual(table.text([self.row(.389, .218), self.row(.389 * 2, .218 * 3)]).splitlines()[-1],
                         "mean ratio over 2: nDCG@10 1.500, MAP 2.000")


if __name__ == "__main__":
    unittest.main()
