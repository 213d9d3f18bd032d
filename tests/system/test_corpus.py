# SPDX-License-Identifier: GPL-2.0-or-later
"""The sample corpus answers as corpus/README.md promises: its fenced blocks `queries`, `either` and `expected` are the tests."""
import pathlib
import re
import shutil
import unittest

from rig import Rig

CORPUS = pathlib.Path(__file__).resolve().parents[2] / "corpus"


def block(name):
    """The rows of a fenced block, split at tabs."""
    text = (CORPUS / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^```{name}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [line.split("\t") for line in found.group(1).splitlines() if line.strip()]


class SampleCorpus(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rig = Rig()
        cls.addClassCleanup(cls.rig.__exit__, None, None, None)
        # Without the page that describes them all, which would win many a query by holding it.
        shutil.copytree(CORPUS, cls.rig.corpus, dirs_exist_ok=True, ignore=shutil.ignore_patterns("README.md"))
        cls.rig.once()
        cls.hits = {str(pathlib.Path(path).relative_to(cls.rig.corpus)): hit for path, hit in cls.rig.everything().items()}

    def found(self, query):
        return [str(pathlib.Path(path).relative_to(self.rig.corpus)) for path in self.rig.paths("--", query)]

    def test_every_file_has_a_document(self):
        on_disk = {str(path.relative_to(self.rig.corpus)) for path in self.rig.corpus.rglob("*") if path.is_file()}
        self.assertGreaterEqual(len(on_disk), 40)
        self.assertEqual(set(self.hits), on_disk)

    def test_only_the_empty_file_is_not_indexed_in_full(self):
        others = {name: hit["status"] for name, hit in self.hits.items() if hit["status"] != "indexed"}
        self.assertEqual(others, {"minutes/2024-03-18 branch meeting.txt": "empty"})

    def test_each_query_finds_its_report_first(self):
        for query, wanted in block("queries"):
            with self.subTest(query):
                self.assertEqual(self.found(query)[:1], [wanted])

    def test_of_near_copies_either_is_first_and_the_other_next(self):
        for query, *wanted in block("either"):
            with self.subTest(query):
                self.assertEqual(sorted(self.found(query)[:2]), sorted(wanted))

    def test_each_report_has_its_title(self):
        for name, _, _, title in block("expected"):
            with self.subTest(name):
                if title.endswith("…"):
                    self.assertEqual(self.hits[name]["title"][:len(title) - 1], title[:-1])
                elif title != "-":
                    self.assertEqual(self.hits[name]["title"], title)

    def test_each_report_has_its_date_and_says_where_it_stands(self):
        for name, date, date_from, _ in block("expected"):
            with self.subTest(name):
                hit = self.hits[name]
                if date != "-":
                    self.assertEqual(hit["date"][:len(date)], date)
                if date_from != "-":
                    self.assertEqual(hit["date_from"], date_from)

    def test_the_page_promises_something_of_every_file(self):
        self.assertEqual({row[0] for row in block("expected")}, set(self.hits))


if __name__ == "__main__":
    unittest.main()
