#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`tidings verify --repair`: whatever is overwritten in the index, it is the same again as one made anew. TIDINGS_DAMAGES says how many
blocks of sealed segments are tried (12), TIDINGS_SEED which."""
import json
import os
import pathlib
import pickle
import random
import shutil
import subprocess
import sys
import unittest

from rig import Lines, Rig
from xapian_dump import manifest_of

BLOCK = 8192
def files_of(index):
    """All files of sealed segments that the manifest names, the empty ones aside."""
    files = []
    for _, path, stem, fields in manifest_of(index)[1]:
        files += [p for p in path.iterdir()] if path.is_dir() else [path]
        files.append(index / f"{stem}.words-{fields['words']}")
        files += [index / f"{stem}.{beside}" for beside in ("texts", "order", "sketches") if fields[beside] == "1"]
        if fields["dead"] != "0":
            files.append(index / f"{stem}.dead-{fields['dead']}")
    return [path for path in files if path.stat().st_size > 0]


def python_with_xapian():
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import xapian"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return python
    print("no python3 has the module xapian (python3-xapian): reports are compared as they are shown, not by their terms", flush=True)
    return None


PYTHON = python_with_xapian()


def dump(rig, index):
    """All that the index has of each living document: its terms with wdf and positions, its values, and the report as it was read."""
    listed = rig.search("--index", index, "-n", "1000", "--", "-nosuchword")
    everything = {hit["path"]: {} for hit in listed["hits"]}
    if not len(everything) == len(listed["hits"]) == listed["total"]["count"]:
        raise AssertionError(f"a report is there twice: {sorted(hit['path'] for hit in listed['hits'])}")
    if PYTHON:
        script = pathlib.Path(__file__).with_name("xapian_dump.py")
        done = subprocess.run([PYTHON, "-B", script, index], stdout=subprocess.PIPE, check=True)
        postings = pickle.loads(done.stdout)
        if len(postings) != len(everything):
            raise AssertionError(f"{len(postings)} documents, {len(everything)} are found")
        everything["postings"] = postings
    for path in listed["hits"]:
        shown = json.loads(rig.tidings("show", "--index", index, "--format", "json", path["path"], check=0).stdout)
        everything[path["path"]] = {name: value for name, value in shown.items() if name not in (
            "generation", "as_of_ms", "document_generation", "cause", "first_seen_ms", "indexed_ms", "took_ms", "pending")}
    return everything


class Case(unittest.TestCase):
    maxDiff = 2000

    def setUp(self):
        self.rig = Rig()
        self.rig.__enter__()
        self.addCleanup(self.rig.__exit__, None, None, None)
        self.seed = int(os.environ.get("TIDINGS_SEED", random.randrange(2**32)))
        self.chance = random.Random(self.seed)

    def an_index_of_all_kinds(self):
        """Bulk segments, tombstones in files, a segment that is a folder still, a live one, and tombstones in it."""
        for n in range(60):
            self.rig.write(f"{n % 3}/{n}.txt", f"Report {n}: the crane stood still.\n\nThe dockers of pier {n * n} walked out.\n")
        self.rig.once()
        for n in (1, 2, 3):
            self.rig.write(f"{n % 3}/{n}.txt", f"Report {n}, as it was written again.\n")
        (self.rig.corpus / "1/4.txt").unlink()
        self.rig.once()
        self.rig.corpora = {"reports": {"path": self.rig.corpus, "languages": ["en", "de"]}}  # seals what is live
        self.rig.configure({})
        self.rig.once()
        self.rig.write("0/0.txt", "Report 0, as it was written again.\n")
        self.rig.write("1/late.txt", "A late one: Häuser am Hafen.\n")
        (self.rig.corpus / "2/5.txt").unlink()
        self.rig.once()
        kinds = {path.suffix.split("-")[0] for path in files_of(self.rig.index)}
        self.assertLessEqual({".glass", ".words", ".texts", ".dead"}, kinds)
        self.assertIn("live", {path.parent.name.split("-")[0] for path in files_of(self.rig.index)})

    def fresh(self):
        fresh = self.rig.root / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        self.rig.once("--index", fresh)
        return dump(self.rig, fresh)

    def overwrite(self, path, size=BLOCK):
        whole = path.read_bytes()
        at = self.chance.randrange(max(1, len(whole) - size + 1))
        block = self.chance.randbytes(min(size, len(whole) - at))
        path.write_bytes(whole[:at] + block + whole[at + len(block):])
        return at

    def verify(self, code):
        return self.rig.tidings("verify", check=code).stdout.decode().splitlines()

    def repair(self, code=0):
        done = self.rig.tidings("verify", "--repair", check=code, timeout=600)
        return done.stdout.decode().splitlines(), done.stderr.decode()

    def settled(self):
        """The daemon has nothing more to merge."""
        for _ in range(10_000):
            self.rig.sync()
            if len(manifest_of(self.rig.index)[1]) == 1 and not manifest_of(self.rig.index)[1][0][1].is_dir():
                return
        self.fail("merges did not end")


class Blocks(Case):
    def test_each_overwritten_block_is_caught_and_repaired_without_a_daemon(self):
        self.an_index_of_all_kinds()
        expected = self.fresh()
        self.assertEqual(dump(self.rig, self.rig.index), expected)
        kept = self.rig.root / "kept"
        shutil.copytree(self.rig.index, kept)
        print(f"TIDINGS_SEED={self.seed}", flush=True)
        names = set()
        for turn in range(int(os.environ.get("TIDINGS_DAMAGES", 6))):
            path = self.chance.choice(files_of(self.rig.index))
            at = self.overwrite(path)
            names.add(path.suffix.split("-")[0])
            with self.subTest(TIDINGS_SEED=self.seed, turn=turn, file=path.relative_to(self.rig.index), at=at):
                told = [line for line in self.verify(1) if line.startswith("damaged ")]
                named = path.parent if path.parent != self.rig.index else path
                self.assertEqual(len(told), 1)
                self.assertIn(f" {named}: ", told[0])
                lines, talk = self.repair()
                self.assertIn("no daemon is running", talk)
                self.assertIn(" 0 differences", lines[-1])
                self.assertEqual(dump(self.rig, self.rig.index), expected)
                self.assertTrue(path.name.startswith(("live-", "sealed-")) is False or ".words" in path.name
                                or (self.rig.index / "quarantine/1" / path.name).exists())
            shutil.rmtree(self.rig.index)
            shutil.copytree(kept, self.rig.index)

    def test_a_running_daemon_repairs_what_is_overwritten_and_goes_on(self):
        self.an_index_of_all_kinds()
        self.rig.start_daemon()
        expected = self.fresh()
        for turn in range(4):
            self.settled()
            path = self.chance.choice([p for p in files_of(self.rig.index) if p.suffix in (".glass", ".texts")] if turn == 0
                                      else files_of(self.rig.index))
            at = self.overwrite(path)
            with self.subTest(TIDINGS_SEED=self.seed, turn=turn, file=path.name, at=at):
                lines, talk = self.repair()
                self.assertEqual(talk, "")
                self.assertRegex(lines[0], r"^(1 damaged segment was taken out and read again, 0 vocabularies"
                                           r"|0 damaged segments were taken out and read again, 1 vocabulary) made anew; generation \d+$")
                self.assertIn(" 0 differences", lines[-1])
                self.assertEqual(dump(self.rig, self.rig.index), expected)
        status = self.rig.status()["daemon"]
        self.assertGreaterEqual(status["quarantined"], 1)
        self.assertGreater(status["quarantine_bytes"], 0)
        self.assertIn("the index was damaged: ", self.rig.log("tidingsd"))
        self.assertIn("damaged   ", self.rig.tidings("status", check=0).stdout.decode())


class Others(Case):
    def test_the_manifest_and_the_live_segment_are_repaired_too(self):
        self.an_index_of_all_kinds()
        expected = self.fresh()
        kept = self.rig.root / "kept"
        shutil.copytree(self.rig.index, kept)
        live = manifest_of(self.rig.index)[0]
        for path in [self.rig.index / "manifest"] + sorted(p for p in live.iterdir() if p.stat().st_size > 0):
            for damage in ("cut short", "overwritten", "gone"):
                if path.name == "manifest" and damage == "gone":
                    continue  # then there is no index: any start makes one
                for running in (False, True):
                    with self.subTest(file=path.name, damage=damage, running=running):
                        if running:
                            self.rig.start_daemon()
                            self.settled()
                            path = path if path.name == "manifest" else manifest_of(self.rig.index)[0] / path.name
                        if damage == "cut short":
                            os.truncate(path, path.stat().st_size // 2)
                        elif damage == "gone":
                            path.unlink()
                        else:
                            path.write_bytes(self.chance.randbytes(path.stat().st_size))
                        lines, _ = self.repair()
                        self.assertIn(" 0 differences", lines[-1])
                        self.assertEqual(dump(self.rig, self.rig.index), expected)
                        self.rig.write("1/next.txt", "The next one.\n")  # the writer goes on
                        if running:
                            self.rig.sync()
                        else:
                            self.rig.once()
                        self.assertEqual(self.rig.search("title:next")["total"]["count"], 1)
                    (self.rig.corpus / "1/next.txt").unlink(missing_ok=True)
                    self.rig.stop_daemon()
                    shutil.rmtree(self.rig.index)
                    shutil.copytree(kept, self.rig.index)

    def test_what_is_missing_stale_or_gone_is_repaired_without_damage(self):
        self.an_index_of_all_kinds()
        self.rig.write("0/new.txt", "New.\n")
        self.rig.write("1/1.txt", "Changed, and longer than it was before.\n")
        (self.rig.corpus / "2/2.txt").unlink()
        self.assertEqual(len(self.verify(1)), 4)
        lines, _ = self.repair()
        self.assertEqual(len(lines), 1)
        self.assertEqual(dump(self.rig, self.rig.index), self.fresh())

    def test_a_repair_is_no_news_and_what_comes_after_it_is(self):
        for n in range(20):
            self.rig.write(f"{n}.txt", f"Dockers strike, report {n}.\n")
        self.rig.start_daemon()
        self.settled()
        self.rig.write("a.txt", "Dockers strike again.\n")
        self.rig.sync()
        cursor = f"{self.rig.status()['index']['identity']}:1"
        self.overwrite(manifest_of(self.rig.index)[1][0][1])
        self.repair()
        shown = self.rig.show(self.rig.path("7.txt"))
        self.assertEqual(shown["cause"], "repair")
        watch = self.rig.spawn("watch", "tidings", "watch", "--config", self.rig.config_file, "--since", cursor, "--format", "ndjson", "strike")
        try:
            lines = Lines(watch)
            self.assertEqual(lines.next_json()["path"], self.rig.path("a.txt"))
            self.rig.write("b.txt", "Dockers strike for the last time.\n")
            self.assertEqual(lines.next_json()["path"], self.rig.path("b.txt"))
        finally:
            self.rig.end(watch, "watch")

    def test_a_daemon_that_meets_damage_by_itself_repairs_it_and_says_so(self):
        self.an_index_of_all_kinds()
        expected = self.fresh()
        for name in {path.name for path in files_of(self.rig.index) if path.suffix == ".glass" and path.parent == self.rig.index}:
            self.overwrite(self.rig.index / name, size=64)
            break
        self.rig.start_daemon()  # it merges them, or cannot even open it
        for _ in range(10_000):
            self.rig.tidings("sync", timeout=600)
            if self.rig.status()["daemon"]["quarantined"] > 0:
                break
        self.rig.sync()
        self.assertEqual(self.rig.status()["daemon"]["quarantined"], 1)
        self.assertIn("the index was damaged: sealed-", self.rig.log("tidingsd"))
        self.assertIn(" 0 differences", self.verify(0)[-1])
        self.assertEqual(dump(self.rig, self.rig.index), expected)

    def test_a_corpus_of_the_command_line_is_known_to_a_repair(self):
        self.rig.write("a.txt", "Dockers strike.\n")
        self.rig.corpora = {}
        self.rig.configure({})
        self.rig.once("--corpus", self.rig.corpus)
        self.overwrite(manifest_of(self.rig.index)[1][0][1])
        lines, _ = self.repair()
        self.assertEqual(lines[-1].split(";")[0], "1 reports are as on disk, 0 differences")

    def test_a_repair_that_cannot_be_done_says_why_and_what_to_do(self):
        self.rig.write("a.txt", "Dockers strike.\n")
        self.rig.once()
        away = pathlib.Path(str(self.rig.corpus) + ".away")
        self.overwrite(manifest_of(self.rig.index)[1][0][1])
        self.rig.corpus.rename(away)
        _, talk = self.repair(code=2)
        self.assertIn(str(self.rig.corpus), talk)
        away.rename(self.rig.corpus)
        self.repair()
        self.assertEqual(self.rig.search("strike")["total"]["count"], 1)


if __name__ == "__main__":
    unittest.main()
