#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`tidings purge`: no file of the index has the words of reports that were removed, or of old versions."""
import random
import unittest

from rig import Rig

WORDS = {"removed": b"qzxvremovedword", "changed": b"qzxvchangedword", "live": b"qzxvliveword", "deep": b"qzxvdeepword"}


class Purge(unittest.TestCase):
    def setUp(self):
        self.rig = Rig()
        self.rig.__enter__()
        self.addCleanup(self.rig.__exit__, None, None, None)

    def settled(self, look):
        """What look() returns of one manifest: the daemon merges segments when it has nothing else to do."""
        for _ in range(10_000):
            manifest = (self.rig.index / "manifest").read_bytes()
            try:
                seen = look()
            except FileNotFoundError:
                continue
            if (self.rig.index / "manifest").read_bytes() == manifest:
                return seen
        return self.fail("the index did not settle")

    def files_with(self, word):
        return self.settled(lambda: [str(path.relative_to(self.rig.index)) for path in self.rig.index.rglob("*")
                                     if path.is_file() and word in path.read_bytes()])

    def texts_with_words(self):
        """The texts are packed: those of the segments that have the words as terms."""
        return self.settled(lambda: {path.with_suffix(".texts").name for path in self.rig.index.iterdir()
                                     if path.suffix == ".glass" and any(word in path.read_bytes() for word in WORDS.values())})

    def reports(self):
        for n in range(300):
            self.rig.write(f"{n}.txt", f"Report {n}: the crane stood still.\n")
        for name in ("removed", "changed", "deep/deep"):
            self.rig.write(f"{name}.txt", f"A report of {WORDS[name.split('/')[0]].decode()} and cranes.\n")

    def removals(self):
        (self.rig.corpus / "removed.txt").unlink()
        self.rig.write("changed.txt", "A report of cranes.\n")
        (self.rig.corpus / "deep/deep.txt").unlink()

    def nothing_is_left(self, before):
        for word in WORDS.values():
            self.assertEqual(self.files_with(word), [])
            self.assertEqual(self.rig.paths(word.decode()), [])
        texts = {path.name for path in self.rig.index.iterdir() if path.suffix == ".texts"}
        self.assertTrue(texts)
        self.assertFalse(texts & before)
        self.assertEqual(self.rig.search("cranes")["total"]["count"], 301)
        self.assertEqual(self.rig.tidings("verify", check=0).stdout.decode().splitlines()[-1].split(";")[0],
                         "301 reports are as on disk, 0 differences")

    def test_with_a_daemon(self):
        self.reports()
        self.rig.start_daemon()
        self.rig.sync()
        self.rig.write("live.txt", f"A report of {WORDS['live'].decode()}.\n")
        self.rig.sync()
        for word in WORDS.values():
            self.assertTrue(self.files_with(word))
        before = self.texts_with_words()
        self.assertTrue(before)
        generation = self.rig.search("crane")["generation"]
        self.removals()
        (self.rig.corpus / "live.txt").unlink()
        said = self.rig.tidings("purge", check=0).stdout.decode()
        self.assertRegex(said, r"^[1-9]\d* segments? (was|were) made anew without what was removed; generation \d+\n$")
        self.nothing_is_left(before)
        self.assertGreater(self.rig.search("crane")["generation"], generation)
        shown = self.rig.show(self.rig.path("7.txt"))
        self.assertEqual((shown["cause"], shown["document_generation"] <= generation), ("first_crawl", True))
        self.assertRegex(self.rig.tidings("purge", check=0).stdout.decode(), r"^0 segments were made anew")

    def test_without_a_daemon(self):
        self.reports()
        self.rig.once()
        before = self.texts_with_words()
        self.assertTrue(before)
        self.removals()
        self.rig.once()
        self.assertTrue(self.files_with(WORDS["removed"]), "it is there until a purge, or a merge")
        done = self.rig.tidings("purge", check=0)
        self.assertIn("no daemon is running", done.stderr.decode())
        self.nothing_is_left(before)

    def test_what_is_in_quarantine_goes_too(self):
        self.reports()
        self.rig.once()
        segment = max((p for p in self.rig.index.iterdir() if p.suffix == ".glass"), key=lambda p: WORDS["removed"] in p.read_bytes())
        whole = segment.read_bytes()
        segment.write_bytes(whole[:-64] + random.randbytes(64))
        self.rig.tidings("verify", "--repair", check=0)
        self.removals()
        self.assertTrue(any(name.startswith("quarantine/") for name in self.files_with(WORDS["removed"])))
        self.rig.tidings("purge", check=0)
        for word in WORDS.values():
            self.assertEqual(self.files_with(word), [])
        self.assertFalse((self.rig.index / "quarantine").exists())

    def test_without_an_index_there_is_nothing_to_purge(self):
        self.assertIn("no index here", self.rig.tidings("purge", check=2).stderr.decode())
        self.assertFalse(self.rig.index.exists())


if __name__ == "__main__":
    unittest.main()
