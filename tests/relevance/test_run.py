#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The harness on a collection of four documents, with the real programs below $TIDINGS_BUILD."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

RUN = pathlib.Path(__file__).resolve().parent / "run.py"


class Harness(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tid-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        docs = self.root / "tiny" / "docs"
        docs.mkdir(parents=True)
        for name, text in {"a": "Dockers strike at the port.", "b": "A bakery opens in the old town.",
                           "c": "The port opens a museum.", "d": "Rain."}.items():
            (docs / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
        self.write(queries="1\tport strikes\n2\tNOT \"bakery -(\n3\tzeppelin\n", qrels="1\ta\t1\n1\tb\t0\n2\tb\t2\n3\td\t1\n")

    def write(self, **files):
        for name, text in files.items():
            (self.root / "tiny" / f"{name}.tsv").write_text(text, encoding="utf-8")

    def run_harness(self, *arguments, environment=None):
        return subprocess.run([sys.executable, "-B", str(RUN), "--collections", str(self.root), *arguments], check=False,
                              capture_output=True, text=True, timeout=300, env={**os.environ, **(environment or {})})

    def test_it_measures_what_the_programs_answer(self):
        done = self.run_harness("tiny", "--runs", str(self.root / "runs"), "--table", str(self.root / "table.md"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        # Two of three queries find their document first; the third finds nothing.
        cells = [cell.strip() for cell in done.stdout.splitlines()[-1].strip("|").split("|")]
        self.assertEqual(cells, ["tiny", "0.6667", "–", "–", "0.6667", "–", "–", "0.0667", "0.6667"])
        self.assertEqual((self.root / "table.md").read_text(encoding="utf-8"), done.stdout)
        lines = [line.split() for line in (self.root / "runs" / "tiny.run").read_text(encoding="utf-8").splitlines()]
        self.assertEqual([(line[0], line[2]) for line in lines], [("1", "a"), ("1", "c"), ("2", "b")])

    def test_a_collection_that_falls_short_ends_with_1(self):
        (self.root / "tiny").rename(self.root / "cisi")
        done = self.run_harness("cisi")
        self.assertEqual(done.returncode, 0)  # .667 is above cisi's .357
        (self.root / "cisi" / "qrels.tsv").write_text("3\ta\t1\n", encoding="utf-8")
        done = self.run_harness("cisi")
        self.assertEqual(done.returncode, 1)
        self.assertIn("best other: cisi (nDCG@10, MAP)", done.stderr)
        self.assertIn("fallen by more than 0.005: cisi (nDCG@10, MAP)", done.stderr)

    def test_without_data_an_optional_run_is_one_that_was_skipped(self):
        command = [sys.executable, "-B", str(RUN), "--data", str(self.root / "none")]
        for more, code in (([], 2), (["--optional"], 77)):
            done = subprocess.run([*command, *more], check=False, capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn("none/relevance.tar.xz", done.stderr)

    def test_programs_that_are_not_there_end_with_2_and_the_reason(self):
        done = self.run_harness("tiny", environment={"TIDINGS_BUILD": str(self.root)})
        self.assertEqual(done.returncode, 2)
        self.assertIn("TIDINGS_BUILD", done.stderr)

    def test_a_query_that_cannot_be_run_ends_with_2_and_not_with_a_lower_figure(self):
        self.write(queries="1\tport strikes\n2\n", qrels="1\ta\t1\n2\tb\t1\n")
        done = self.run_harness("tiny")
        self.assertEqual(done.returncode, 2)
        self.assertIn("queries.tsv:2", done.stderr)


if __name__ == "__main__":
    unittest.main()
