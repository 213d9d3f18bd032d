# SPDX-License-Identifier: GPL-2.0-or-later
"""The five real reports: a taglined site, comment forms, curly quotes, hashtags, addresses and sums of money.

They are no part of the tree (data.py says where they are); without them these tests are skipped. The answers are those of `tidingsd --once`, as anyone would index a folder first.
"""
import pathlib
import unittest

from data import REPORTS, with_reports
from rig import Rig

RALLY, ESCALATE, BESSEMER, SMALLS, SECOND_DAY = (
    "000_2b800ead17b3612b.txt", "001_ff7383485107ab41.txt", "002_6c68e7267cc97945.txt", "003_3caac6cf6d632b4e.txt",
    "004_ad774b3ccf870d72.txt")

FIRST = [  # query, the report that comes first (any of them)
    ("coventry second day of strike", {SECOND_DAY}),
    ("chris smalls passport", {SMALLS}),
    ("bessemer vote count solidarity", {BESSEMER}),  # it has no "count": the page is filled with what has most words
    ("rugeley escalate", {ESCALATE}),
    ("seattle amazon tax", {RALLY}),
    ("piacenza", {BESSEMER}),
    ("#BAmazonUnion", {BESSEMER}),
    ("bamazonunion", {BESSEMER}),
    ("info@supportamazonworkers.org", {BESSEMER}),
    ("£10.50", {SMALLS, SECOND_DAY}),
    ("30000", {BESSEMER}),
    ("30,000", {BESSEMER}),
    ("cheque to cheque", {SMALLS}),
    ("BHX4", {RALLY}),
]

TITLES = {
    RALLY: "Defiant Coventry rally marks one year of struggle against Amazon",
    ESCALATE: "One year of inspiring Amazon strikes: Escalate and spread to win!",
    BESSEMER: "With days until voting ends in Bessemer, international solidarity with #BAmazonUnion grows",
    SMALLS: "The leader of Amazon’s first trade union has travelled to the UK to help striking workers in Coventry organise.",
    SECOND_DAY: "Amazon workers in Coventry take second day of strike action",
}


@with_reports
class RealReports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rig = Rig(corpora={"reports": REPORTS})
        cls.addClassCleanup(cls.rig.__exit__, None, None, None)
        cls.rig.once()

    def first(self, *query):
        hits = self.rig.search(*query)["hits"]
        return pathlib.Path(hits[0]["path"]).name if hits else None

    def test_each_query_finds_its_report_first(self):
        for query, wanted in FIRST:
            with self.subTest(query):
                self.assertIn(self.first(query), wanted)

    def test_the_best_of_those_that_have_not_all_words_is_marked_as_partial(self):
        answer = self.rig.search("bessemer vote count solidarity")
        self.assertEqual(answer["total"], {"count": 0, "exact": True})
        self.assertTrue(answer["hits"][0]["partial"])
        strict = self.rig.tidings("search", "--format", "paths", "bessemer vote count solidarity", check=1)
        self.assertEqual(strict.stdout, b"")

    def test_both_apostrophes_give_the_same_list(self):
        straight, curly = self.rig.paths("amazon's"), self.rig.paths("amazon’s")
        self.assertEqual(straight, curly)
        self.assertGreaterEqual(len(straight), 4)

    def test_titles_are_headlines_and_not_taglines(self):
        hits = self.rig.everything()
        self.assertEqual({pathlib.Path(path).name: hit["title"] for path, hit in hits.items()}, TITLES)

    def test_a_leading_date_is_the_date_and_no_part_of_the_title(self):
        shown = self.rig.show(REPORTS / SMALLS)
        self.assertEqual((shown["date"], shown["date_from"]), ("2023-02-27", "leading"))
        self.assertNotIn("2023", shown["title"])

    def test_no_passage_comes_from_the_comment_form(self):
        # Words of the form that stand in the story as well, words of the story alone, and words of the form alone.
        for query in ("will be", "published", "not required", "leave", "address", "amazon", "reply published marked", "fields"):
            for hit in self.rig.search(query)["hits"]:
                for passage in hit["passages"]:
                    with self.subTest(query, passage=passage["text"]):
                        self.assertNotRegex(passage["text"], "Leave a Reply|email address will|Required fields|are marked")

    def test_the_comment_form_can_be_found_although_it_is_not_quoted(self):
        found = {pathlib.Path(path).name for path in self.rig.paths('"required fields are marked"')}
        self.assertEqual(found, {RALLY, ESCALATE})


if __name__ == "__main__":
    unittest.main()
