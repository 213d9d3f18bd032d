# SPDX-License-Identifier: GPL-2.0-or-later
"""Every write of the daemon fails once: with an error, for a while (a full disk), and by a kill in the middle of it.

    TIDINGS_FAULTS=all TIDINGS_KIND='one write fails' TIDINGS_SEED=… TIDINGS_BUILD=… python3 -B tests/fault/test_failing_writes.py

One short life of a daemon has all that writes: a first crawl in bulk, arrivals, tombstones, seals, merges of both kinds, an orderly end. It
is run once to count its calls (failing_writes.cc), and then again for a call of each number, or for some of them (TIDINGS_FAULTS: how many),
with each kind of fault, or with one (TIDINGS_KIND): lives wait more than they work, so several kinds run beside each other.
Which call has which number is not the same in each run, since threads take turns; so a run whose call never came is no failure.

What must hold. While it fails: no sync is answered with success unless all is in the index; what a sync has answered for stays there;
`status` tells the error. A daemon that ends says why, also where it was Xapian that called std::terminate, which no caller can prevent. Once
writes work again, and the daemon is started again where it had ended: all is in the index (faults.agrees) and no error is told any more.
"""
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import time
import traceback
import unittest

from faults import PATIENCE, accounts, agrees, ask_daemon, index_dump, key_of, seed
from load import story
from rig import Rig, build_folder

FAULTS = os.environ.get("TIDINGS_FAULTS", "10")
SHIM = build_folder() / "failing_writes.so"
FILES = 120
LANGUAGES = (["en"], ["en", "de"])
KINDS = {  # what the library is told; FULL: for a while
    "one write finds no room": {"ERROR": "ENOSPC"},
    "one write fails": {"ERROR": "EIO"},
    "no room for a while": {"ERROR": "ENOSPC", "FULL": True},
    "writes fail for a while": {"ERROR": "EIO", "FULL": True},
    "killed in a write": {"ERROR": "KILL"},
}


def litter(index):
    """The names in the index folder that nothing needs."""
    needed = {"lock", "readers", "manifest", "scratch"}
    for line in (index / "manifest").read_text().splitlines():
        words = line.split()
        if words[0] == "live":
            needed.add(f"live-{words[1]}")
        elif words[0] == "sealed":
            stem = ("live-" if words[2] == "folder" else "sealed-") + words[1]
            numbers = dict(word.split("=") for word in words[3:])
            needed |= {stem + ("" if words[2] == "folder" else ".glass"), f"{stem}.words-{numbers['words']}"}
            needed |= {f"{stem}.dead-{numbers['dead']}", f"{stem}.texts", f"{stem}.order", f"{stem}.sketches"}
    return set(os.listdir(index)) - needed


class Life:
    """One life of a daemon, or of two where the first ended by the fault."""

    def __init__(self, test, chance_seed):
        self.test, self.chance = test, random.Random(chance_seed)
        self.rig = Rig()
        self.marker, self.counts = self.rig.root / "disk-full", self.rig.root / "counts"
        self.counts.write_bytes(bytes(16))
        self.number = 0
        self.kept, self.gone = set(), set()  # keys that syncs have answered for
        self.leaving = set()  # removed since
        self.failing = False
        self.errors = []

    def keys(self):
        return {key_of("reports", path.relative_to(self.rig.corpus)) for path in self.rig.corpus.rglob("*.txt")}

    # What is done to the files

    def write(self, name):
        self.number += 1
        self.rig.write(name, story(self.number, self.chance))

    def first_files(self):
        for n in range(FILES):
            self.write(f"d{n % 4}/{n}.txt")

    def some_changes(self):
        for n in range(0, FILES, 10):
            self.write(f"d{n % 4}/{n}.txt")
        for n in range(5, FILES, 20):
            (self.rig.corpus / f"d{n % 4}/{n}.txt").unlink(missing_ok=True)
        for n in range(15):
            self.write(f"new/{self.number}-{n}.txt")

    def many_changes(self):
        for n in range(0, FILES, 3):
            self.write(f"d{n % 4}/{n}.txt")

    def a_folder_moves(self):
        (self.rig.corpus / "d3").rename(self.rig.corpus / "moved")

    def a_folder_goes(self):
        shutil.rmtree(self.rig.corpus / "d2")

    def other_languages(self):
        """The live segment is sealed, and vocabularies are made anew."""
        self.rig.corpora["reports"] = {"path": self.rig.corpus, "languages": LANGUAGES[1]}
        self.rig.configure({})
        if self.rig.daemon:
            self.rig.daemon.send_signal(signal.SIGHUP)

    def languages_as_before(self):
        self.rig.corpora["reports"] = {"path": self.rig.corpus, "languages": LANGUAGES[0]}
        self.rig.configure({})
        if self.rig.daemon:
            self.rig.daemon.send_signal(signal.SIGHUP)

    STEPS = (first_files, some_changes, other_languages, many_changes, a_folder_moves, languages_as_before, a_folder_goes, some_changes)

    # The daemon

    def start(self, fault):
        """fault: what the library is told, or None for a daemon without it."""
        if fault is not None:
            told = {"PREFIX": self.rig.index, "COUNT": self.counts, **fault}
            self.rig.environment.update({f"TIDINGS_FAULT_{name}": str(value) for name, value in told.items()}, LD_PRELOAD=str(SHIM))
        self.rig.start_daemon()
        for name in [name for name in self.rig.environment if name.startswith("TIDINGS_FAULT_")] + ["LD_PRELOAD"]:
            self.rig.environment.pop(name, None)
        self.failing = fault is not None

    def counted(self):
        """How many calls there were, and how many failed."""
        return struct.unpack("=QQ", self.counts.read_bytes())

    def ended(self):
        """Ended by itself: it has said why, and what was answered for is still there. It is started again, on a disk that works."""
        daemon, self.rig.daemon = self.rig.daemon, None
        code = daemon.wait(PATIENCE)
        daemon.stdout.close()
        log = self.rig.log("tidingsd")
        self.errors.append(f"ended with {code}")
        if code == 2:
            self.test.assertRegex(log.splitlines()[-1] + log.splitlines()[-2], f"tidingsd: .*{self.rig.index}", "it does not say why")
        elif code == -signal.SIGABRT:
            self.test.assertRegex(log, "tidingsd: cannot go on .*: (No space left on device|Input/output error)\n")
        else:
            self.test.assertEqual(code, -signal.SIGKILL, log[-3000:])
            self.test.assertIn(": killed", log)
        self.holds_what_was_answered_for()
        self.marker.unlink(missing_ok=True)
        self.start(None)

    def agrees(self):
        try:
            agrees(self.rig)
        except AssertionError as wrong:
            try:
                self.rig.daemon.wait(5)  # the connection is closed before the process can be waited for
            except subprocess.TimeoutExpired:
                raise wrong from None
            self.ended()  # by a fault that came as late as this
            agrees(self.rig)

    def holds_what_was_answered_for(self):
        if not self.kept and not self.gone:
            return
        have = accounts(self.rig, self.rig.index).keys()
        self.test.assertEqual((self.kept - have, self.gone & have), (set(), set()), "lost, or back")

    def sync(self):
        """True where it was answered with success."""
        answer = self.ask("sync")
        if "generation" in answer:
            return True
        self.errors.append(answer["error"])
        return False

    def settle(self):
        """Nothing fails any more: a sync is answered with success as soon as the daemon has tried again."""
        until = time.monotonic() + PATIENCE
        while not self.sync():
            self.test.assertLess(time.monotonic(), until, f"nothing fails any more, and yet: {self.errors[-1]}")

    def ask(self, line):
        """A daemon that has ended meanwhile is started again."""
        while True:
            try:
                return ask_daemon(self.rig.control_socket, line)
            except (ConnectionError, FileNotFoundError):
                try:
                    self.rig.daemon.wait(0.005)
                    self.ended()
                except subprocess.TimeoutExpired:
                    pass  # it is starting

    def status_error(self):
        return self.ask("status")["error"]

    def until_status(self, told):
        """Until `status` tells of an error, or of none any more."""
        until = time.monotonic() + PATIENCE
        while ((error := self.status_error()) is not None) != told:
            self.test.assertLess(time.monotonic(), until, f"told: {error}")

    def step(self, change):
        before = self.keys()
        change(self)
        now = self.keys()
        self.leaving = (self.leaving | (before - now)) - now
        self.kept -= self.leaving
        self.gone -= now
        answered = self.sync()
        if not answered and self.failing and self.marker.exists():
            told = self.status_error()
            if self.failing:  # else it has ended meanwhile, and all is well again
                self.test.assertIsNotNone(told, "a sync is answered with an error, and status tells of none")
        if not answered and not (self.marker.exists() and self.failing):
            self.settle()
            answered = True
        if answered:
            self.gone |= self.leaving
            self.leaving = set()
            self.kept = set(now)
            self.holds_what_was_answered_for()

    def live(self, fault, heal_after):
        """All steps; `heal_after` steps after the first error there is room again."""
        if "WHILE" in fault:
            self.marker.touch()
        self.start(fault)
        left = heal_after
        for change in self.STEPS:
            self.step(change)
            if self.errors and self.marker.exists():
                left -= 1
                if left <= 0:
                    self.marker.unlink()
        self.marker.unlink(missing_ok=True)
        self.settle()
        self.agrees()
        self.until_status(told=False)  # a merge that failed at the end is made again after a pause
        daemon, self.rig.daemon = self.rig.daemon, None
        daemon.terminate()
        code = daemon.wait(PATIENCE)
        daemon.stdout.close()
        self.test.assertIn(code, (0, -signal.SIGKILL), self.rig.log("tidingsd")[-3000:])
        if fault.get("ERROR") == "ENOSPC" and self.failing and code == 0:
            self.test.assertEqual(litter(self.rig.index), set())
        self.holds_what_was_answered_for()
        self.start(None)
        agrees(self.rig)


class FailingWrites(unittest.TestCase):
    def setUp(self):
        self.seed = seed()
        self.chance = random.Random(self.seed)

    def life(self, fault, heal_after=1):
        life = Life(self, self.seed)
        fault = dict(fault)
        if fault.pop("FULL", False):
            fault["WHILE"] = life.marker
        with life.rig:
            try:
                life.live(fault, heal_after)
            except BaseException:  # at once: a long run may be stopped before unittest tells
                print(f"--- log of {fault}\n{life.rig.log('tidingsd')[-6000:]}\n{traceback.format_exc()}", flush=True)
                raise
            return life, life.counted()

    def test_no_failing_write_loses_anything(self):
        print(f"TIDINGS_SEED={self.seed} TIDINGS_FAULTS={FAULTS}", flush=True)
        begun = time.monotonic()
        lives = [self.life({"AT": 0})[1][0] for _ in range(2)]
        calls = max(lives) if FAULTS == "all" else min(lives)
        self.assertGreater(calls, 100, "the library counts nothing")
        numbers = list(range(1, calls + 1))
        kinds = [os.environ["TIDINGS_KIND"]] if "TIDINGS_KIND" in os.environ else list(KINDS)
        cases = [(kind, number) for kind in kinds for number in numbers]
        if FAULTS != "all":
            each = -(-int(FAULTS) // len(kinds))
            cases = [(kind, number) for kind in kinds for number in self.chance.sample(numbers, each)]
        came = 0
        ends = {}
        for kind, number in cases:
            with self.subTest(kind, TIDINGS_SEED=self.seed, call=number):
                life, (_, failed) = self.life({"AT": number, **KINDS[kind]}, heal_after=self.chance.randrange(1, 4))
                came += failed > 0
                what = re.sub(r"/\S*/", "", life.errors[0].split(": ")[-1]) if life.errors else "went on"
                ends[(kind, what)] = ends.get((kind, what), 0) + 1
        print(f"{calls} calls in one life; {len(cases)} lives with a fault, which came in {came}; {time.monotonic() - begun:.0f} s")
        for (kind, what), count in sorted(ends.items()):
            print(f"  {kind}: {what}: {count}")
        self.assertGreater(came, 0)


class FullDisk(unittest.TestCase):
    """The disk is full from a moment that the test chooses, for some files or for all, and then there is room again."""

    def begin(self, prefix="", changes=True, only_the_folder=False):
        self.life = Life(self, 1)
        self.rig = self.life.rig
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))
        self.life.first_files()
        self.life.start({"AT": 1, "ERROR": "ENOSPC", "WHILE": self.life.marker, "PREFIX": self.rig.index / prefix,
                         **({"PATH": self.rig.index} if only_the_folder else {})})
        self.assertTrue(self.life.sync())
        if changes:
            self.life.some_changes()
            self.assertTrue(self.life.sync())

    def all_is_well(self):
        agrees(self.rig)
        self.assertIsNone(self.life.status_error())
        self.rig.stop_daemon()
        self.assertEqual(litter(self.rig.index), set())

    def test_a_configuration_that_could_not_be_recorded_is_recorded_when_there_is_room(self):
        self.begin()
        self.life.marker.touch()
        self.life.other_languages()
        self.life.until_status(told=True)  # a sync may overtake a signal
        self.assertFalse(self.life.sync())
        self.life.marker.unlink()
        self.life.settle()
        self.assertEqual(self.rig.status()["index"]["languages"], LANGUAGES[1])
        self.all_is_well()

    def test_other_languages_come_with_all_their_words_or_not_at_all(self):
        self.begin("sealed-", changes=False)  # no vocabulary can be written beside a sealed segment
        self.life.marker.touch()
        self.life.other_languages()
        self.life.until_status(told=True)  # a sync may overtake a signal
        self.assertFalse(self.life.sync())
        self.assertEqual(self.rig.status()["index"]["languages"], LANGUAGES[0])
        index_dump(self.rig, self.rig.index)  # fails where a word is not found by a stem
        self.life.marker.unlink()
        self.life.settle()
        self.assertEqual(self.rig.status()["index"]["languages"], LANGUAGES[1])
        self.all_is_well()

    def test_a_vocabulary_that_is_there_and_yet_was_not_written_is_removed(self):
        self.begin(changes=False, only_the_folder=True)  # files are made and named; that the folder holds them cannot be synced
        self.life.write("new/1.txt")
        self.assertTrue(self.life.sync())
        self.life.marker.touch()
        self.life.other_languages()
        self.life.until_status(told=True)
        self.life.languages_as_before()
        self.life.marker.unlink()
        self.life.settle()
        self.life.until_status(told=False)  # a merge that failed meanwhile is made after a pause
        self.all_is_well()

    def test_a_merge_that_has_no_room_holds_up_no_arrival_and_is_told_until_it_is_made(self):
        self.begin("sealed-")
        self.life.marker.touch()
        self.life.many_changes()  # a third of the first segment is dead now: it is to be made anew
        self.assertTrue(self.life.sync())
        self.life.until_status(told=True)
        for n in range(20):
            self.life.write(f"more/{n}.txt")
            self.assertTrue(self.life.sync(), self.life.errors)
        self.life.until_status(told=True)
        self.life.marker.unlink()
        self.life.until_status(told=False)  # and nothing else has changed
        self.all_is_well()

    def test_a_segment_that_could_not_be_sealed_is_sealed_when_there_is_room(self):
        self.begin("manifest")
        live = self.live()
        self.life.marker.touch()
        for n in range(2100):  # more than a live segment takes
            self.rig.write(f"many/{n}.txt", "Short.\n")
        self.life.sync()
        self.life.until_status(told=True)
        self.assertEqual(self.live(), live)
        self.life.marker.unlink()
        self.life.until_status(told=False)  # and nothing else has changed
        self.assertNotEqual(self.live(), live)
        self.all_is_well()

    def live(self):
        return [line for line in (self.rig.index / "manifest").read_text().splitlines() if line.startswith("live ")]


if __name__ == "__main__":
    unittest.main()
