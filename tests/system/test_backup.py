#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`tidings backup`: a copy of the index that is one of its generations, made while the daemon commits and merges."""
import os
import pathlib
import re
import shutil
import stat
import threading
import unittest

from rig import Rig

PARTS = 6
BALLAST = 500  # reports


class Backup(unittest.TestCase):
    def setUp(self):
        self.rig = Rig()
        self.rig.__enter__()
        self.addCleanup(self.rig.__exit__, None, None, None)
        self.copy = self.rig.root / "copy"

    def backup(self, folder, **options):
        return self.rig.tidings("backup", folder, check=0, **options).stdout.decode()

    def of_copy(self, command, *arguments, copy=None, **options):
        return self.rig.tidings(command, "--index", copy or self.copy, *arguments, **options)

    def test_a_copy_answers_as_the_index_did_with_and_without_a_daemon(self):
        for running in (False, True):
            with self.subTest(running=running):
                self.rig.write("a.txt", f"Dockers strike, {running}.\n")
                self.rig.write("b.txt", "Ferries sail.\n")
                if running:
                    self.rig.start_daemon()
                    self.rig.sync()
                    (self.rig.corpus / "b.txt").unlink()
                    self.rig.sync()
                else:
                    self.rig.once()
                said = self.backup(self.copy)
                self.assertRegex(said, rf"^generation {self.rig.search('strike')['generation']}, {1 if running else 2} reports, "
                                       r"\d+ sealed segments: \d+ bytes in .*/copy; \d+ ms\n$")
                self.assertEqual(stat.S_IMODE(self.copy.stat().st_mode), 0o700)
                ours, theirs = (self.rig.search("-n", "10", "--", "-nosuchword"),
                                self.rig.search("--index", self.copy, "-n", "10", "--", "-nosuchword"))
                for answer in (ours, theirs):
                    for changing in ("took_ms", "pending"):
                        del answer[changing]
                self.assertEqual(ours, theirs)
                shutil.rmtree(self.copy)

    def test_a_copy_has_no_daemon_until_one_is_started_for_it(self):
        self.rig.write("a.txt", "Dockers strike.\n")
        self.rig.start_daemon()
        self.rig.sync()
        self.backup(self.copy)
        self.assertIsNone(self.rig.search("--index", self.copy, "strike")["pending"])
        self.assertIn("no daemon is running for this index", self.of_copy("status", check=0).stdout.decode())
        self.assertIn("no daemon is running", self.of_copy("verify", check=0).stdout.decode())
        self.rig.stop_daemon()
        self.rig.write("b.txt", "Ferries sail.\n")
        self.rig.start_daemon("--index", self.copy)
        self.of_copy("sync", check=0)
        self.assertEqual(self.rig.search("--index", self.copy, "ferries")["total"]["count"], 1)
        self.assertEqual(self.rig.search("ferries")["total"]["count"], 0)

    def test_what_is_in_the_way_is_left_as_it_was(self):
        self.rig.write("a.txt", "Dockers strike.\n")
        self.rig.once()
        self.copy.mkdir()
        (self.copy / "thesis.odt").write_text("years of work")
        said = self.rig.tidings("backup", self.copy, check=2).stderr.decode()
        self.assertIn("is no empty folder", said)
        self.assertEqual(os.listdir(self.copy), ["thesis.odt"])

    def sealed(self):
        """The names of the sealed segments."""
        lines = (self.rig.index / "manifest").read_text().splitlines()
        return frozenset(line.split()[1] for line in lines if line.startswith("sealed "))

    def test_copies_made_while_the_daemon_commits_and_merges_are_each_one_generation(self):
        # The reports 0 … PARTS - 1 get the next number one after the other, with a sync between: so in any generation the numbers fall by
        # one at most, and once. Others are rewritten all at once, so that live segments are sealed, and merged.
        for n in range(BALLAST):
            self.rig.write(f"ballast/{n}.txt", f"Ballast {n}.\n")
        self.rig.start_daemon()
        self.rig.sync()
        done = threading.Event()
        problems = []

        def write():
            number = 0
            try:
                while not done.is_set():
                    number += 1
                    for n in range(BALLAST):
                        self.rig.write(f"ballast/{n}.txt", f"Ballast {n} of {number}.\n")
                    for part in range(PARTS):
                        self.rig.write(f"{part}.txt", f"Number {number}\n\n" + f"word{number} " * 300)
                        self.rig.sync()
            except Exception as e:  # told by the test's own thread
                problems.append(e)

        writer = threading.Thread(target=write)
        writer.start()
        generations, sets = set(), {self.sealed()}
        try:
            turn = 0
            while (len(sets) < 6 or len(generations) < 10) and turn < 300 and not problems:
                copy = self.rig.root / f"copy{turn}"
                turn += 1
                generation = int(re.match(r"generation (\d+)", self.backup(copy)).group(1))
                generations.add(generation)
                sets.add(self.sealed())
                held = self.rig.search("--index", copy, "-n", "100", "title:number")
                self.assertEqual(held["generation"], generation)
                numbers = [0] * PARTS
                for hit in held["hits"]:
                    numbers[int(pathlib.Path(hit["path"]).stem)] = int(hit["title"].split()[1])
                self.assertEqual(sorted(numbers, reverse=True), numbers)
                self.assertLessEqual(numbers[0] - numbers[-1], 1)
                for number in set(numbers) - {0}:  # the words are those of the same version
                    found = self.rig.search("--index", copy, "-n", "100", f"word{number}")
                    self.assertEqual({hit["title"] for hit in found["hits"]}, {f"Number {number}"})
                    self.assertEqual(found["total"]["count"], numbers.count(number))
                lines = self.of_copy("verify", copy=copy).stdout.decode()
                self.assertNotIn("damaged", lines)
                self.assertIn("sealed segments looked at", lines)
                shutil.rmtree(copy)
        finally:
            done.set()
            writer.join()
        self.assertEqual(problems, [])
        self.assertGreaterEqual(len(sets), 6, "too few seals and merges came between")
        self.assertGreaterEqual(len(generations), 10, "too few commits came between")


if __name__ == "__main__":
    unittest.main()
