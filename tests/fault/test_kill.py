# SPDX-License-Identifier: GPL-2.0-or-later
"""The daemon is killed with -9 again and again, at any moment, while files change and searches go on: nothing is lost by it.

    TIDINGS_KILLS=200 TIDINGS_SEED=… TIDINGS_BUILD=… python3 -B tests/fault/test_kill.py

After each kill the index is looked at as it lies there: what a sync had answered for is in it, what had gone before one is not. Then
the daemon is started again, some more operations later all stands still, and the index must be what a fresh one of the same
folders is (faults.agrees). The moments are seeded, and so is the load; what they meet is not quite the same each time.
"""
import json
import pathlib
import random
import statistics
import subprocess
import sys
import time
import unittest

from faults import PATIENCE, accounts, agrees, ask_daemon, seed, size
from rig import Lines, Rig
from searcher import Searchers

KILLS = size("TIDINGS_KILLS", 6)
PAIRS = 40
LIFE = 1.2  # seconds at most from a start to a kill
START = 30  # seconds: more than a start may ever take; what it takes is printed


class LoadProcess:
    def __init__(self, rig, load_seed):
        told = {"reports": str(rig.corpus), "pairs": str(rig.corpora["pairs"]), "pair_count": PAIRS,
                "control": str(rig.control_socket), "seed": load_seed}
        self.process = subprocess.Popen(
            [sys.executable, "-B", str(pathlib.Path(__file__).resolve().parent / "load.py"), json.dumps(told)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.lines = Lines(self.process)
        self.present, self.absent = set(), set()
        self.generation = 0
        self.syncs = 0
        self.until("begun")

    def until(self, word):
        """Takes in what it printed up to this line. Returns what it announced to delete."""
        leaving = set()
        while (line := self.lines.next()) != word:
            if line is None:
                raise AssertionError(f"the load ended with {self.process.wait(PATIENCE)}")
            what, _, rest = line.partition(" ")
            if what == "present":
                self.present.add(rest)
            elif what == "leaving":
                self.present.discard(rest)
                leaving.add(rest)
            elif what == "absent":
                self.absent.add(rest)
            elif what == "acked":
                self.generation = int(rest)
                self.syncs += 1
            else:
                raise AssertionError(f"the load: {line}")
        return leaving

    def order(self, word, answer=True):
        self.process.stdin.write(word.encode() + b"\n")
        self.process.stdin.flush()
        return self.until(word) if answer else None

    def end(self, failed=False):
        if failed:
            self.process.kill()
        self.process.stdin.close()
        while self.lines.next() is not None:
            pass
        self.process.wait(PATIENCE)
        self.process.stdout.close()


class Kill(unittest.TestCase):
    def setUp(self):
        self.seed = seed()
        self.chance = random.Random(self.seed)
        self.rig = Rig()
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))
        self.rig.corpora["pairs"] = self.rig.root / "pairs"
        self.rig.corpora["pairs"].mkdir()
        self.rig.configure({"log": {"level": "debug"}})
        self.starts = []

    def start(self):
        """Until it answers on its control socket; what that takes is noted."""
        begun = time.monotonic()
        self.rig.start_daemon()
        while True:
            try:
                ask_daemon(self.rig.control_socket, "status")
                break
            except (ConnectionError, FileNotFoundError):
                self.lives(0.002)
            self.assertLess(time.monotonic() - begun, START, "it does not start")
        self.starts.append(time.monotonic() - begun)

    def lives(self, seconds):
        """The moment of the kill is one in time; a daemon that ends by itself until then fails the test."""
        try:
            self.rig.daemon.wait(seconds)
        except subprocess.TimeoutExpired:
            return
        self.fail(f"the daemon ended by itself, with {self.rig.daemon.returncode}\n{self.rig.log('tidingsd')[-4000:]}")

    def kill(self, load):
        self.rig.kill_daemon()
        load.order("mark")
        present, absent, generation = set(load.present), set(load.absent), load.generation
        keys = accounts(self.rig, self.rig.index).keys()
        present -= load.order("mark")  # what is announced to be deleted meanwhile is still there, or not
        status = json.loads(self.rig.tidings("status", "--format", "json", check=0).stdout)
        self.assertGreaterEqual(status["index"]["generation"], generation, "a generation that a sync had answered with is lost")
        self.assertEqual(present - keys, set(), "what a sync had answered for is lost")
        self.assertEqual(absent & keys, set(), "what was removed before a sync is back")

    def test_nothing_is_lost_by_a_kill_at_any_moment(self):
        print(f"TIDINGS_SEED={self.seed} TIDINGS_KILLS={KILLS}", flush=True)
        with self.subTest(TIDINGS_SEED=self.seed):
            self.torture()

    def torture(self):
        rig = self.rig
        load = LoadProcess(rig, self.seed)
        self.addCleanup(lambda: load.process.poll() is None and load.end(failed=True))
        self.start()
        rig.sync()
        identity = rig.status()["index"]["identity"]
        rig.start_server()
        searchers = Searchers(rig, PAIRS, self.seed).start()
        self.addCleanup(lambda: searchers.processes and searchers.stop())
        documents = 0
        for _ in range(KILLS):
            self.lives(self.chance.uniform(0, LIFE))
            self.kill(load)
            while self.chance.random() < 0.4:  # during a start
                rig.start_daemon()
                self.lives(self.chance.uniform(0, 0.08))
                self.kill(load)
            self.start()
            self.lives(self.chance.uniform(0, LIFE))
            load.order("pause")
            documents = agrees(rig)
            self.assertTrue(searchers.alive())
            load.order("go on", answer=False)
        load.end()
        searches = searchers.stop()
        status = rig.status()
        self.assertEqual(status["index"]["identity"], identity)
        log = rig.log("tidingsd")
        merges = log.count("segments merged")
        print(f"{log.count('watching 2 corpora')} starts in {KILLS} rounds, generation {status['index']['generation']}, {merges} merges, "
              f"{load.syncs} syncs of the load, {documents} documents at the end; from exec to the first answer "
              f"{statistics.median(self.starts):.3f} s, at most {max(self.starts):.3f} s; {searches} searches, 0 wrong", flush=True)
        self.assertGreater(merges, 0, "the load was too small to tell anything of merges")
        self.assertGreater(searches, 0)


if __name__ == "__main__":
    unittest.main()
