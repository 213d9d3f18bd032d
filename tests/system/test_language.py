# SPDX-License-Identifier: GPL-2.0-or-later
"""Every example of docs/query-language.md, on the sample reports, by the real programs: what is written there is what is said."""
import datetime
import json
import os
import pathlib
import re
import shutil
import time
import unittest

from rig import Rig, build_folder

SOURCE = pathlib.Path(os.environ.get("TIDINGS_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
PAGE = (SOURCE / "docs" / "query-language.md").read_text()
NOW = datetime.datetime(2024, 5, 15, 12, tzinfo=datetime.timezone.utc).timestamp()
SHIM = build_folder() / "libclock_shim.so"


def examples(column):
    """(section, query, what stands beside it) of every table whose second column has that name."""
    found, head, section = [], None, None
    for line in PAGE.splitlines():
        section = line.removeprefix("## ") if line.startswith("## ") else section
        cells = re.fullmatch(r"\| (.*) \| (.*) \|", line)
        if not cells:
            head = head if line.startswith("|---") else None
        elif head is None:
            head = cells.groups()
        elif head[1] == column:
            found.append((section, cells[1].removeprefix("`").removesuffix("`"), cells[2]))
    return found


def said_relatively(query):
    """Whether the answer depends on the day that it is."""
    return re.search(r'(date|after|before|since|until):(?:"[^"]*|\S*)(day|week|month|year|\d+[dwmy]\b)', query)


class Language(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rig = rig = Rig()
        cls.addClassCleanup(rig.__exit__, None, None, None)
        shutil.copytree(SOURCE / "corpus", rig.corpus, dirs_exist_ok=True)
        rig.once()
        beside = rig.root / "beside"  # a configuration with synonyms beside it
        beside.mkdir()
        (beside / "synonyms.toml").write_text(re.search(r"```toml\n(.*?)```", PAGE, re.S)[1])
        cls.with_synonyms = shutil.copy(rig.config_file, beside)
        clock = rig.root / "clock"
        clock.write_text(f"{int(NOW - time.time())}\n")
        rig.environment.update(LD_PRELOAD=str(SHIM), TIDINGS_TEST_CLOCK=str(clock))
        probe = rig.tidings("search", "--format", "json", "date:today") if SHIM.exists() else None
        cls.clock_is_set = probe is not None and b"15 May 2024" in probe.stdout
        if not cls.clock_is_set:
            del rig.environment["LD_PRELOAD"]

    def test_each_example_is_read_as_the_page_says_and_finds_something(self):
        read = examples("read as")
        self.assertGreater(len(read), 60)
        for section, query, understood in read:
            if said_relatively(query) and not self.clock_is_set:
                continue
            with self.subTest(query):
                config = self.with_synonyms if "synonyms" in section else self.rig.config_file
                done = self.rig.run("tidings", "search", "--config", config, "--format", "json", "--", query)
                answer = json.loads(done.stdout)
                self.assertEqual(answer["query"]["understood"], understood)
                if not query.startswith("-"):  # which is told to be all reports except those
                    self.assertEqual(answer["query"]["warnings"], [])
                self.assertGreater(answer["total"]["count"], 0)

    def test_each_note_is_the_one_that_the_page_has(self):
        notes = examples("note")
        self.assertGreater(len(notes), 5)
        for _, query, note in notes:
            with self.subTest(query):
                warnings = self.rig.search("--", query)["query"]["warnings"]
                self.assertEqual([f"column {w['column']}: {w['text']}" for w in warnings], [note])

    def test_each_error_is_the_one_that_the_page_has(self):
        errors = examples("error")
        self.assertGreater(len(errors), 3)
        for _, query, error in errors:
            with self.subTest(query):
                told = self.rig.tidings("search", "--", query, check=2).stderr.decode()
                self.assertEqual(told.splitlines()[0], f"tidings: {error}")

    def test_every_field_has_an_example_or_is_named(self):
        for field in ("title", "path", "folder", "corpus", "type", "ext", "source", "lang", "is", "date", "before", "after", "since",
                      "until", "size"):
            self.assertIn(f"`{field}:", PAGE)

    def test_relative_dates_were_tested(self):
        if not self.clock_is_set:
            self.skipTest("the clock cannot be set here: examples with relative dates were left out")


if __name__ == "__main__":
    unittest.main()
