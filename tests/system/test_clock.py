# SPDX-License-Identifier: GPL-2.0-or-later
"""A clock that is set back or forth: durations are of a clock that nobody sets, and times of files are compared for equality."""
import time
import unittest

from rig import Lines, Rig, build_folder

DAY = 86_400
SHIM = build_folder() / "libclock_shim.so"


class Clock(unittest.TestCase):
    def setUp(self):
        if not SHIM.exists():
            self.skipTest(f"{SHIM} is not built")
        self.rig = Rig()
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))
        self.clock = self.rig.root / "clock"
        self.set_clock(0)
        self.rig.environment.update(LD_PRELOAD=str(SHIM), TIDINGS_TEST_CLOCK=str(self.clock))
        self.check_shim()

    def set_clock(self, seconds):
        """By so much from the kernel's time."""
        new = self.clock.with_suffix(".new")
        new.write_text(f"{seconds}\n")
        new.rename(self.clock)

    def check_shim(self):
        """A sanitizer's own clock_gettime goes before ours, or it does not start with a library before its own."""
        with Rig() as other:
            other.environment.update(self.rig.environment, HOME=str(other.root))
            other.write("a.txt", "A report.\n")
            self.set_clock(-30 * DAY)
            started = other.run("tidingsd", "--config", other.config_file, "--once")
            if started.returncode != 0:
                self.skipTest(f"the clock cannot be set: {started.stderr.decode(errors='replace')[:200]}")
            if other.show(other.path("a.txt"))["first_seen_ms"] / 1000 > time.time() - 29 * DAY:
                self.skipTest("the clock cannot be set: the program has a clock_gettime of its own")
        self.set_clock(0)

    def test_arrivals_are_told_and_found_whatever_the_clock_says(self):
        self.rig.start_daemon()
        self.rig.sync()
        index = self.rig.status()["index"]
        watch = self.rig.spawn(
            "watch", "tidings", "watch", "--config", self.rig.config_file, "crane", "--format", "ndjson", "--since",
            f"{index['identity']}:{index['generation']}")
        self.addCleanup(self.rig.end, watch, "watch")
        lines, generation = Lines(watch), 0
        self.rig.write("before.txt", "The crane stood still.\n")
        self.assertEqual(lines.next_json()["path"], self.rig.path("before.txt"))
        for n, jump in enumerate((-DAY, 10 * DAY, -400 * DAY, 0)):
            with self.subTest(jump=jump):
                self.set_clock(jump)
                self.rig.write(f"{n}.txt", f"The crane number{n} stood still.\n")
                record = lines.next_json()
                self.assertEqual((record["path"], record["cause"]), (self.rig.path(f"{n}.txt"), "arrival"))
                self.assertGreater(record["generation"], generation)
                generation = record["generation"]
                self.rig.write("before.txt", f"The crane stood still, version{n}.\n")
                self.assertEqual(lines.next_json()["cause"], "change")
                self.assertEqual(self.rig.paths(f"version{n}"), [self.rig.path("before.txt")])
                with open(self.rig.path("open.txt"), "a", encoding="utf-8") as unclosed:
                    unclosed.write(f"Pilots open{n}.\n")
                    unclosed.flush()
                    self.rig.sync()
                    self.assertEqual(self.rig.paths(f"open{n}"), [self.rig.path("open.txt")])
                (self.rig.corpus / f"{n}.txt").unlink()
                self.rig.sync()
                self.assertEqual(self.rig.paths(f"number{n}"), [])
                self.assertRegex(self.rig.tidings("search", "crane", check=0).stderr.decode(), r"as of \d s ago")
                status = self.rig.status()["daemon"]
                self.assertEqual((status["pending"], status["error"]), (0, None))

    def test_files_of_a_time_to_come_are_no_arrivals_of_a_first_crawl_or_a_rebuild(self):
        for n in range(20):
            self.rig.write(f"{n}.txt", f"Report {n}.\n")
        self.set_clock(-DAY)
        self.rig.start_daemon()
        self.rig.sync()
        self.assertEqual({hit["cause"] for hit in self.rig.everything().values()}, {"first_crawl"})
        self.rig.stop_daemon()
        self.rig.start_daemon("--rebuild")
        self.rig.sync()
        self.assertEqual({hit["cause"] for hit in self.rig.everything().values()}, {"rebuild"})

    def test_a_start_at_another_time_reads_nothing_again(self):
        for n in range(20):
            self.rig.write(f"{n}.txt", f"Report {n}.\n")
        self.rig.once()
        generation = self.rig.status()["index"]["generation"]
        for jump in (-DAY, 10 * DAY):
            with self.subTest(jump=jump):
                self.set_clock(jump)
                self.rig.start_daemon()
                self.rig.sync()
                status = self.rig.status()
                self.assertEqual((status["daemon"]["files"], status["index"]["generation"]), (0, generation))
                self.rig.stop_daemon()


if __name__ == "__main__":
    unittest.main()
