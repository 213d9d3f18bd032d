#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The measures against cases worked out by hand."""
import math
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import metrics  # noqa: E402


def lg(n):
    return math.log2(n)


class Ranking(unittest.TestCase):
    def test_higher_scores_come_first_whatever_the_order_of_the_lines(self):
        self.assertEqual(metrics.ranking([("a", 1.0), ("b", 3.0), ("c", 2.0)]), ["b", "c", "a"])

    def test_equal_scores_are_ordered_by_falling_docno_as_bytes(self):
        self.assertEqual(metrics.ranking([("10", 1.0), ("9", 1.0), ("a", 1.0), ("Z", 1.0)]), ["a", "Z", "9", "10"])

    def test_scores_that_are_the_same_c_float_are_equal(self):
        self.assertEqual(metrics.ranking([("a", 20.0000002), ("b", 20.0000001)]), ["b", "a"])
        self.assertEqual(metrics.ranking([("a", 20.00001), ("b", 20.0)]), ["a", "b"])


class OneQuery(unittest.TestCase):
    # Relevant: a (3), b (1), c (2); d was judged and is not; x was never judged.
    GRADES = {"a": 3, "b": 1, "c": 2, "d": 0}

    def check(self, ranked, **expected):
        got = metrics.measure(ranked, self.GRADES)
        for name, value in expected.items():
            self.assertAlmostEqual(got[{"ndcg": "nDCG@10", "ap": "MAP", "p10": "P@10", "r100": "R@100"}[name]], value, 12)

    def test_the_best_ranking_has_ndcg_and_average_precision_of_1(self):
        self.check(["a", "c", "b"], ndcg=1.0, ap=1.0, p10=0.3, r100=1.0)

    def test_gains_are_the_grades_themselves(self):
        ideal = 3 + 2 / lg(3) + 1 / lg(4)
        self.check(["x", "a", "d", "b"], ndcg=(3 / lg(3) + 1 / lg(5)) / ideal, ap=(1 / 2 + 2 / 4) / 3, p10=0.2, r100=2 / 3)

    def test_order_among_relevant_documents_moves_ndcg_alone(self):
        ideal = 3 + 2 / lg(3) + 1 / lg(4)
        self.check(["b", "c", "a"], ndcg=(1 + 2 / lg(3) + 3 / lg(4)) / ideal, ap=1.0, p10=0.3)

    def test_a_negative_grade_is_no_loss_and_not_relevant(self):
        got = metrics.measure(["e", "a"], {"e": -1, "a": 1})
        self.assertAlmostEqual(got["nDCG@10"], 1 / lg(3), 12)
        self.assertAlmostEqual(got["MAP"], 1 / 2, 12)

    def test_past_the_10th_only_average_precision_and_recall_see_a_document(self):
        self.check(["x%d" % i for i in range(10)] + ["a"], ndcg=0.0, ap=1 / 11 / 3, p10=0.0, r100=1 / 3)

    def test_past_the_100th_only_average_precision_sees_a_document(self):
        self.check(["x%d" % i for i in range(100)] + ["a"], ndcg=0.0, ap=1 / 101 / 3, p10=0.0, r100=0.0)

    def test_the_ideal_is_that_of_all_relevant_documents_not_of_those_found(self):
        self.check(["a"], ndcg=3 / (3 + 2 / lg(3) + 1 / lg(4)), ap=1 / 3, p10=0.1, r100=1 / 3)

    def test_the_ideal_ends_at_the_cut(self):
        grades = {"r%02d" % i: 1 for i in range(20)}
        got = metrics.measure(sorted(grades)[:10], grades)
        self.assertAlmostEqual(got["nDCG@10"], 1.0, 12)
        self.assertAlmostEqual(got["MAP"], 0.5, 12)
        self.assertAlmostEqual(got["R@100"], 0.5, 12)


class AllQueries(unittest.TestCase):
    QRELS = {"1": {"a": 1}, "2": {"b": 1}, "3": {"c": 0}}

    def test_a_query_that_the_run_lacks_counts_0(self):
        by_query = metrics.evaluate(self.QRELS, {"1": [("a", 1.0)]})
        self.assertEqual(by_query["2"], {"nDCG@10": 0.0, "MAP": 0.0, "P@10": 0.0, "R@100": 0.0})
        self.assertEqual(metrics.mean(by_query)["MAP"], 0.5)

    def test_a_query_without_relevant_documents_counts_nowhere(self):
        self.assertEqual(set(metrics.evaluate(self.QRELS, {"3": [("c", 1.0)]})), {"1", "2"})

    def test_a_query_without_judgments_counts_nowhere(self):
        self.assertNotIn("9", metrics.evaluate(self.QRELS, {"9": [("a", 1.0)]}))

    def test_there_is_no_mean_of_nothing(self):
        with self.assertRaises(ValueError):
            metrics.mean({})


class Reading(unittest.TestCase):
    def qrels(self, text):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "qrels.tsv"
            path.write_text(text, encoding="utf-8")
            return metrics.read_qrels(path)

    def test_qrels_are_read_by_query(self):
        self.assertEqual(self.qrels("q1\ta\t1\nq2\tb\t0\nq1\tc\t2\n"), {"q1": {"a": 1, "c": 2}, "q2": {"b": 0}})

    def test_a_bad_line_of_qrels_is_an_error_that_names_it(self):
        with self.assertRaisesRegex(metrics.BadLine, r"qrels\.tsv:2: "):
            self.qrels("q1\ta\t1\nq1 b 1\n")

    def test_a_document_judged_twice_and_not_alike_is_an_error(self):
        with self.assertRaisesRegex(metrics.BadLine, "judged twice"):
            self.qrels("q1\ta\t1\nq1\ta\t2\n")

    def test_a_run_is_read_by_query(self):
        self.assertEqual(metrics.read_run(["1 Q0 a 1 2.5 t\n", "2 Q0 b 1 0.5 t\n", "1 Q0 c 2 1e-3 t\n"]),
                         {"1": [("a", 2.5), ("c", 0.001)], "2": [("b", 0.5)]})

    def test_a_bad_line_of_a_run_is_an_error_that_names_it(self):
        for line in ("1 Q0 a 1 2.5", "1 Q0 a b 1 2.5 t", "1 Q0 a 1 high t"):
            with self.subTest(line), self.assertRaisesRegex(metrics.BadLine, "line 2 of the run"):
                metrics.read_run(["1 Q0 z 1 3 t", line])

    def test_a_document_twice_for_one_query_is_an_error(self):
        with self.assertRaisesRegex(metrics.BadLine, "stands twice"):
            metrics.read_run(["1 Q0 a 1 2 t", "1 Q0 a 2 1 t"])


class Chance(unittest.TestCase):
    def test_ten_queries_that_all_won_are_chance_once_in_512(self):
        self.assertAlmostEqual(metrics.chance([.1] * 10), 2 / 2**10, delta=.001)

    def test_one_query_says_nothing(self):
        self.assertEqual(metrics.chance([.5]), 1)

    def test_a_change_and_its_opposite_say_nothing(self):
        self.assertEqual(metrics.chance([.2, -.2, 0, 0]), 1)

    def test_a_loss_counts_as_a_win_does(self):
        changes = [.3, .1, -.05, .2, .15, .1]
        self.assertAlmostEqual(metrics.chance(changes), metrics.chance([-c for c in changes]), delta=.02)
        # Of the 64 ways, those that sum to .8 or more: all up, or all up but the smallest; and their opposites.
        self.assertAlmostEqual(metrics.chance(changes), 4 / 64, delta=.01)

    def test_without_a_change_there_is_none(self):
        self.assertEqual(metrics.chance([0, 0]), 1)


if __name__ == "__main__":
    unittest.main()
