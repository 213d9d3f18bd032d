#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`tidings verify` and `tidings why`: a difference between index and disk is told, and what became of any one file."""
import os
import random
import unittest

from rig import Rig


class Verify(unittest.TestCase):
    def setUp(self):
        self.rig = Rig()
        self.rig.__enter__()
        self.addCleanup(self.rig.__exit__, None, None, None)

    def verify(self, code):
        return self.rig.tidings("verify", check=code).stdout.decode().splitlines()

    def some_reports(self, count=40):
        for n in range(count):
            self.rig.write(f"{n % 4}/{n}.txt", f"Report {n}: the crane stood still.\n")

    def test_an_index_that_is_as_the_disk_is_found_so(self):
        self.some_reports()
        self.rig.write(".hidden", "x\n")
        self.rig.write("drafts/.tidingsignore", "*.txt\n")
        self.rig.write("drafts/a.txt", "Not yet.\n")
        self.rig.start_daemon()
        self.rig.sync()
        self.rig.write("0/late.txt", "An arrival, in the live segment.\n")
        self.assertRegex(self.verify(0)[-1], r"^41 reports are as on disk, 0 differences; \d+ sealed segments looked at$")

    def test_what_is_missing_stale_or_gone_is_named(self):
        self.some_reports()
        self.rig.once()
        self.rig.write("0/new.txt", "New.\n")
        self.rig.write("1/1.txt", "Changed, and longer than it was before.\n")
        (self.rig.corpus / "2/2.txt").unlink()
        lines = self.verify(1)
        self.assertEqual(sorted(lines[:-1]), sorted([f"missing  {self.rig.path('0/new.txt')}", f"stale    {self.rig.path('1/1.txt')}",
                                                     f"gone     {self.rig.path('2/2.txt')}"]))
        self.assertEqual(lines[-1].split(";")[0], "38 reports are as on disk, 3 differences")
        self.rig.once()
        self.verify(0)

    def test_a_link_made_elsewhere_to_a_report_makes_no_difference_and_a_change_within_its_bytes_does(self):
        self.some_reports()
        self.rig.once()
        os.link(self.rig.path("1/1.txt"), self.rig.root / "elsewhere")
        self.verify(0)
        self.rig.write("2/2.txt", "Report 2: the crane stood tall!.\n")  # as many bytes, in the same file
        self.assertEqual(self.verify(1)[0], f"stale    {self.rig.path('2/2.txt')}")

    def test_every_block_overwritten_in_a_sealed_segment_is_caught(self):
        self.some_reports(400)
        self.rig.once()
        seed = int(os.environ.get("TIDINGS_SEED", random.randrange(2**32)))
        chance = random.Random(seed)
        files = [path for path in self.rig.index.iterdir() if path.name.startswith("sealed-")]
        self.assertEqual({path.suffix.split("-")[0] for path in files}, {".glass", ".order", ".sketches", ".texts", ".words"})
        for path in files:
            whole = path.read_bytes()
            for _ in range(12):
                at = chance.randrange(len(whole))
                block = bytes(chance.randrange(256) for _ in range(min(512, len(whole) - at)))
                spoiled = whole[:at] + block + whole[at + len(block):]
                if spoiled == whole:
                    continue
                path.write_bytes(spoiled)
                with self.subTest(TIDINGS_SEED=seed, file=path.name, at=at):
                    lines = self.verify(1)
                    self.assertRegex(lines[0], rf"^damaged  .*/{path.name}: ")
                    self.assertIn("--rebuild", lines[-1])
            path.write_bytes(whole)
        self.verify(0)

    def test_a_damaged_index_is_made_anew_as_verify_says(self):
        self.some_reports()
        self.rig.once()
        segment = next(path for path in self.rig.index.iterdir() if path.suffix == ".glass")
        segment.write_bytes(bytes(len(segment.read_bytes())))
        self.verify(1)
        (self.rig.index / "manifest").unlink()
        self.rig.once("--rebuild")
        self.assertEqual(self.verify(0)[-1].split(",")[0], "40 reports are as on disk")

    def test_a_corpus_folder_that_is_away_is_offline_and_its_reports_are_not_gone(self):
        self.some_reports()
        self.rig.once()
        self.rig.corpus.rename(self.rig.corpus.with_name("away"))
        self.assertEqual([line.split()[0] for line in self.verify(1)[:-1]], ["offline"])


class Why(unittest.TestCase):
    def setUp(self):
        self.rig = Rig()
        self.rig.__enter__()
        self.addCleanup(self.rig.__exit__, None, None, None)

    def why(self, name, code):
        return self.rig.tidings("why", self.rig.path(name), check=code).stdout.decode()

    def test_a_report_says_when_it_came_and_where_it_is(self):
        self.rig.write("a.txt", "A strike.\n")
        self.rig.write("b.bin", "\x00\x01")
        self.rig.once()
        told = self.why("a.txt", 0)
        for part in ("in the index, as on disk", "status        indexed", "type          text", "first_crawl", "segment"):
            self.assertIn(part, told)
        self.assertIn("not_text", self.why("b.bin", 0))
        self.rig.write("a.txt", "A strike that goes on.\n")
        self.assertIn("another version is on disk", self.why("a.txt", 0))
        (self.rig.corpus / "a.txt").unlink()
        self.assertIn("not on disk any more", self.why("a.txt", 0))

    def test_a_file_that_is_not_in_the_index_says_why(self):
        self.rig.write("a.txt", "A strike.\n")
        self.rig.write("drafts/.tidingsignore", "# none yet\n*.txt\n")
        self.rig.write("drafts/b.txt", "A draft.\n")
        self.rig.write(".hidden", "x\n")
        self.rig.once()
        self.rig.write("late.txt", "Too late.\n")
        (self.rig.corpus / "link.txt").symlink_to("a.txt")
        for name, reason in (("drafts/b.txt", 'ignored by drafts/.tidingsignore:2 "*.txt"'), (".hidden", 'ignored by ignore ".*"'),
                             ("late.txt", "no daemon is running"), ("never.txt", "not on disk: No such file"),
                             ("link.txt", "links are not followed"), ("drafts", "a folder")):
            with self.subTest(name):
                self.assertIn(reason, self.why(name, 1))
        self.assertIn("below no corpus folder", self.rig.tidings("why", "/etc/hostname", check=1).stdout.decode())


if __name__ == "__main__":
    unittest.main()
