# SPDX-License-Identifier: GPL-2.0-or-later
"""A daemon that was down, or was killed: what it missed is found after its next start, and nothing is read twice."""
import os
import shutil
import signal
import unittest

from rig import PATIENCE, Rig


class Restart(unittest.TestCase):
    def setUp(self):
        self.rig = Rig()
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))

    def restart(self):
        self.rig.stop_daemon()
        self.rig.start_daemon()
        self.rig.sync()

    def test_changes_made_while_the_daemon_was_down_are_found(self):
        rig = self.rig
        for name in ("kept.txt", "changed.txt", "deleted.txt", "tree/a.txt", "tree/b.txt", "moved/c.txt"):
            rig.write(name, f"The report {name} of Monday.\n")
        rig.start_daemon()
        rig.sync()
        rig.stop_daemon()

        before = os.stat(rig.corpus / "changed.txt")
        rig.write("changed.txt", "The report changed.txt of Friday.\n")
        os.utime(rig.corpus / "changed.txt", ns=(before.st_atime_ns, before.st_mtime_ns))  # the size is the same, too
        rig.write("new.txt", "The report new.txt of Sunday.\n")
        (rig.corpus / "deleted.txt").unlink()
        shutil.rmtree(rig.corpus / "tree")
        (rig.corpus / "moved").rename(rig.corpus / "renamed")
        rig.start_daemon()
        rig.sync()

        self.assertEqual(set(rig.everything()), {rig.path(n) for n in ("kept.txt", "changed.txt", "new.txt", "renamed/c.txt")})
        self.assertEqual(set(rig.paths("monday")), {rig.path("kept.txt"), rig.path("renamed/c.txt")})
        self.assertEqual(rig.paths("friday"), [rig.path("changed.txt")])
        self.assertEqual(rig.paths("sunday"), [rig.path("new.txt")])
        causes = {path: hit["cause"] for path, hit in rig.everything().items()}
        self.assertEqual(causes[rig.path("kept.txt")], "first_crawl")
        self.assertEqual(causes[rig.path("new.txt")], "catch_up")
        self.assertEqual(causes[rig.path("changed.txt")], "catch_up")

    def test_unchanged_files_are_not_read_again(self):
        for n in range(200):
            self.rig.write(f"{n % 5}/{n}.txt", f"Report {n}.\n")
        self.rig.start_daemon()
        self.rig.sync()
        self.assertEqual(self.rig.status()["daemon"]["files"], 200)
        generation = self.rig.status()["index"]["generation"]
        self.restart()
        status = self.rig.status()
        self.assertEqual(status["daemon"]["files"], 0)
        self.assertEqual(status["index"]["generation"], generation)
        self.rig.stop_daemon()
        self.rig.write("3/3.txt", "Another report 3.\n")
        self.rig.start_daemon()
        self.rig.sync()
        self.assertEqual(self.rig.status()["daemon"]["files"], 1)

    def test_first_seen_and_identity_outlive_restarts_and_changes(self):
        self.rig.write("a.txt", "The first version.\n")
        self.rig.start_daemon()
        self.rig.sync()
        seen, identity = self.rig.show(self.rig.path("a.txt"))["first_seen_ms"], self.rig.status()["index"]["identity"]
        self.restart()
        self.rig.write("a.txt", "The second version.\n")
        self.rig.sync()
        self.restart()
        shown = self.rig.show(self.rig.path("a.txt"))
        self.assertEqual((shown["text"], shown["first_seen_ms"]), ("The second version.\n", seen))
        self.assertGreater(shown["indexed_ms"], seen)
        self.assertEqual(self.rig.status()["index"]["identity"], identity)

    def test_kill_9_during_a_backfill_loses_nothing(self):
        count = 10_000  # some segments: some are published and most are not when it is killed
        for n in range(count):
            self.rig.write(f"{n % 20}/{n}.txt", f"Report {n}.\n\n" + "The crane stood still all night long. " * 40)
        self.rig.start_daemon()
        published = self.documents_published()
        self.rig.kill_daemon()
        self.assertTrue(self.rig.control_socket.exists(), "a killed daemon clears nothing away: the next one meets its socket")
        self.assertGreater(published, 0)
        self.assertLess(published, count, "it was killed too late to tell anything")

        self.rig.start_daemon()
        self.rig.sync()
        status = self.rig.status()
        self.assertEqual(status["index"]["documents"], count)
        self.assertLessEqual(status["daemon"]["files"], count - published, "what was published is not read again")
        self.assertEqual(self.rig.search("crane still")["total"], {"count": count, "exact": True})
        self.assertEqual({hit["cause"] for hit in self.rig.everything().values()}, {"first_crawl"})

    def documents_published(self):
        """Asks until the first batch can be found: no event tells of it but the index itself."""
        while True:
            answer = self.rig.tidings("status", "--format", "json")
            if answer.returncode == 0 and b'"documents": 0' not in answer.stdout:
                return self.rig.status()["index"]["documents"]
            self.assertIsNone(self.rig.daemon.poll())

    def test_sigterm_publishes_what_was_read_ends_with_0_and_leaves_no_socket(self):
        self.rig.write("a.txt", "A report.\n")
        self.rig.start_daemon()
        self.rig.sync()
        self.rig.write("b.txt", "A report that came just before the end.\n")
        daemon = self.rig.daemon
        self.rig.stop_daemon()
        self.assertEqual(daemon.returncode, 0)
        self.assertFalse(self.rig.control_socket.exists())
        self.assertIn("stopping", self.rig.log("tidingsd"))
        self.restart_finds_both()

    def restart_finds_both(self):
        self.rig.start_daemon()
        self.rig.sync()
        self.assertEqual(set(self.rig.everything()), {self.rig.path("a.txt"), self.rig.path("b.txt")})

    def test_sigterm_in_the_middle_of_a_backfill_ends_soon(self):
        for n in range(1000):
            self.rig.write(f"{n}.txt", f"Report {n}.\n\n" + "The crane stood still all night long. " * 100)
        daemon = self.rig.start_daemon()
        self.documents_published()
        daemon.send_signal(signal.SIGTERM)
        self.assertEqual(daemon.wait(PATIENCE), 0)
        self.rig.stop_daemon()
        self.rig.once()
        self.assertEqual(self.rig.status()["index"]["documents"], 1000)

    def test_once_brings_the_index_up_to_date_and_ends(self):
        self.rig.write("a.txt", "A report.\n")
        self.rig.once()
        (self.rig.corpus / "a.txt").unlink()
        self.rig.write("b.txt", "Another report.\n")
        self.assertEqual(set(self.rig.everything()), {self.rig.path("a.txt")})
        self.rig.once()
        self.assertEqual(set(self.rig.everything()), {self.rig.path("b.txt")})

    def test_rebuild_reads_all_again_and_keeps_who_and_since_when(self):
        self.rig.write("a.txt", "A report.\n")
        self.rig.once()
        before, shown = self.rig.status()["index"], self.rig.show(self.rig.path("a.txt"))
        self.rig.once("--rebuild")
        after, again = self.rig.status()["index"], self.rig.show(self.rig.path("a.txt"))
        self.assertEqual(after["identity"], before["identity"])
        self.assertGreater(again["indexed_ms"], shown["indexed_ms"])
        self.assertEqual(again["first_seen_ms"], shown["first_seen_ms"])
        self.assertEqual(set(self.rig.everything()), {self.rig.path("a.txt")})
        self.rig.once()
        self.assertEqual(self.rig.show(self.rig.path("a.txt"))["indexed_ms"], again["indexed_ms"], "once is enough")

    def test_rebuild_begins_anew_where_the_index_cannot_be_opened(self):
        self.rig.write("a.txt", "A report.\n")
        self.rig.once()
        identity = self.rig.status()["index"]["identity"]
        manifest = self.rig.index / "manifest"
        manifest.write_text(manifest.read_text().splitlines()[0] + "\nspoiled\n")
        self.assertIn("--rebuild", self.rig.tidings("search", "report", check=2).stderr.decode())
        self.rig.once("--rebuild")
        self.assertNotEqual(self.rig.status()["index"]["identity"], identity)
        self.assertEqual(set(self.rig.everything()), {self.rig.path("a.txt")})


if __name__ == "__main__":
    unittest.main()
