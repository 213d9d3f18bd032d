# SPDX-License-Identifier: GPL-2.0-or-later
"""`tidings watch`: what arrives is told, once, and nothing else is.

That something is not told is shown by what is told next: a marker that matches, written after it. What is told comes in the
order of generations, and each sync publishes what was written before it.
"""
import os
import shutil
import signal
import unittest

from rig import PATIENCE, Lines, Rig


class Watch(unittest.TestCase):
    def setUp(self):
        self.rig = Rig()
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))
        self.watchers = []
        self.markers = 0

    def start(self):
        self.rig.start_daemon()
        self.rig.sync()

    def cursor(self):
        index = self.rig.status()["index"]
        return f"{index['identity']}:{index['generation']}"

    def watch(self, *arguments, since=None):
        """From now on: the cursor makes it the same whether the program starts fast or slowly."""
        name = f"watch-{len(self.watchers)}"
        process = self.rig.spawn(name, "tidings", "watch", "--config", self.rig.config_file, "--format", "ndjson", "--since",
                                 since or self.cursor(), *arguments)
        self.watchers.append(process)
        self.addCleanup(self.rig.end, process, name)
        return Lines(process)

    def told(self, lines):
        """The paths that were told until a marker, below the corpus."""
        self.markers += 1
        self.rig.sync()
        marker = self.rig.write(f"marker{self.markers}.txt", f"Marker {self.markers}: a strike.\n")
        self.rig.sync()
        paths = []
        while True:
            path = os.path.relpath(lines.next_json()["path"], self.rig.corpus)
            if path == marker.name:
                return paths
            paths.append(path)

    def test_a_report_that_is_copied_in_is_told_as_a_search_would_tell_it(self):
        self.start()
        outside = self.rig.root / "outside.txt"
        outside.write_text("Dockers on strike\n\nThe second strike of the week began at dawn.\n")
        lines = self.watch("strike")
        shutil.copy(outside, self.rig.corpus / "news.txt")
        record = lines.next_json()
        found = self.rig.search("strike")["hits"][0]
        # The report's own generation: the copy's chmod may come in one of its own, which changes no text.
        self.assertEqual(record["cursor"], f"{self.rig.status()['index']['identity']}:{found['generation']}")
        for field in ("path", "corpus", "title", "date_from", "type", "status", "size", "generation", "cause", "passages"):
            self.assertEqual(record[field], found[field])
        self.assertEqual(record["cause"], "arrival")
        self.assertTrue(record["passages"][0]["marks"])

    def test_a_report_that_does_not_match_is_not_told(self):
        self.start()
        lines = self.watch("strike")
        self.rig.write("peace.txt", "All is quiet at the docks.\n")
        self.rig.write("yes.txt", "The strike goes on.\n")
        self.assertEqual(self.told(lines), ["yes.txt"])

    def test_it_is_strict(self):
        self.start()
        lines = self.watch("--", "strike", "-pay", '(marker OR "night shift")')
        for name, text in {"half.txt": "A strike.\n", "pay.txt": "A strike of the night shift for pay.\n",
                           "full.txt": "A strike of the night shift.\n", "order.txt": "A strike: shift by night.\n"}.items():
            self.rig.write(name, text)
        self.assertEqual(self.told(lines), ["full.txt"])

    def test_near_copies_are_all_told(self):
        self.start()
        lines = self.watch("strike")
        for name in ("a.txt", "b.txt"):
            self.rig.write(name, "The same strike in the same words.\n")
            self.rig.sync()
        self.assertEqual(self.told(lines), ["a.txt", "b.txt"])

    def test_a_change_is_told_and_a_touch_is_not(self):
        self.rig.write("old.txt", "A strike.\n")
        self.rig.write("touched.txt", "Another strike.\n")
        self.start()
        lines = self.watch("strike")
        os.utime(self.rig.corpus / "touched.txt")
        (self.rig.corpus / "touched.txt").chmod(0o600)
        self.rig.sync()  # else it may be looked at while it is being written, and is another report for a moment
        self.rig.write("touched.txt", "Another strike.\n")
        self.rig.write("old.txt", "A strike that goes on.\n")
        self.assertEqual(self.told(lines), ["old.txt"])

    def test_a_first_crawl_is_not_told(self):
        for n in range(20):
            self.rig.write(f"{n}.txt", "An old strike.\n")
        self.start()
        lines = self.watch("strike", since=self.cursor().split(":")[0] + ":0")
        self.assertEqual(self.told(lines), [])

    def test_a_restart_is_not_told(self):
        self.rig.write("old.txt", "An old strike.\n")
        self.start()
        lines = self.watch("strike")
        self.rig.stop_daemon()
        self.start()
        self.assertEqual(self.told(lines), [])

    def test_what_was_written_while_the_daemon_was_down_is_told_after_its_start(self):
        self.rig.write("old.txt", "An old strike.\n")
        self.start()
        self.rig.stop_daemon()
        lines = self.watch("strike")
        self.rig.write("missed.txt", "A strike while nobody watched.\n")
        self.start()
        record = lines.next_json()
        self.assertEqual((record["path"], record["cause"]), (self.rig.path("missed.txt"), "catch_up"))
        self.assertEqual(self.told(lines), [])

    def test_a_rename_and_a_move_within_the_corpus_are_not_told(self):
        self.rig.write("old.txt", "A strike.\n")
        self.rig.write("folder/deep/old.txt", "A strike in a folder.\n")
        self.start()
        lines = self.watch("strike")
        (self.rig.corpus / "old.txt").rename(self.rig.corpus / "new.txt")
        self.rig.sync()
        (self.rig.corpus / "new.txt").rename(self.rig.corpus / "folder" / "new.txt")
        self.rig.sync()
        (self.rig.corpus / "folder").rename(self.rig.corpus / "renamed")
        self.assertEqual(self.told(lines), [])
        self.assertEqual(set(self.rig.paths("--", "strike -marker")), {
            self.rig.path("renamed/new.txt"), self.rig.path("renamed/deep/old.txt")})

    def test_a_file_that_is_written_under_another_name_and_renamed_is_told(self):
        self.rig.write("replaced.txt", "Peace.\n")
        self.start()
        lines = self.watch("strike")
        for temporary, name in ((".rsync.txt.Xq3", "rsync.txt"), ("upload.part", "upload.txt"), (".replaced.swp", "replaced.txt")):
            self.rig.write(temporary, "A strike.\n").rename(self.rig.corpus / name)
        self.assertEqual(sorted(self.told(lines)), ["replaced.txt", "rsync.txt", "upload.txt"])

    def test_a_file_and_a_folder_that_are_renamed_before_they_were_indexed_are_told(self):
        self.start()
        lines = self.watch("strike")
        self.rig.daemon.send_signal(signal.SIGSTOP)  # so that it meets them under their new names only
        self.rig.write("draft.txt", "A strike.\n").rename(self.rig.corpus / "final.txt")
        self.rig.write("draft/a.txt", "A strike.\n").parent.rename(self.rig.corpus / "final")
        self.rig.daemon.send_signal(signal.SIGCONT)
        self.assertEqual(sorted(self.told(lines)), ["final.txt", "final/a.txt"])

    def test_a_hidden_folder_that_is_renamed_into_view_is_told(self):
        self.start()
        lines = self.watch("strike")
        self.rig.write(".incoming/a/one.txt", "A strike.\n")
        (self.rig.corpus / ".incoming").rename(self.rig.corpus / "incoming")
        self.assertEqual(self.told(lines), ["incoming/a/one.txt"])

    def test_a_folder_that_is_moved_in_is_told(self):
        outside = self.rig.root / "outside"
        outside.mkdir()
        (outside / "one.txt").write_text("A strike.\n")
        self.start()
        lines = self.watch("strike")
        outside.rename(self.rig.corpus / "inside")
        self.assertEqual(self.told(lines), ["inside/one.txt"])

    def test_a_file_that_is_never_closed_is_told_when_it_has_been_quiet(self):
        self.rig.write("ticker.txt", "Ticker.\n")
        self.start()
        lines = self.watch("strike")
        with open(self.rig.corpus / "ticker.txt", "a", encoding="utf-8") as ticker:
            ticker.write("10:02 a strike at the east dock\n")
            ticker.flush()
            self.assertEqual(lines.next_json()["path"], self.rig.path("ticker.txt"))  # without a sync

    def test_a_corpus_that_comes_back_is_not_told(self):
        self.rig.write("old.txt", "A strike.\n")
        self.start()
        lines = self.watch("strike")
        away = self.rig.root / "away"
        self.rig.corpus.rename(away)
        self.rig.sync()
        self.assertEqual(self.rig.status()["daemon"]["corpora"][0]["state"], "offline")
        self.assertEqual(len(self.rig.everything()), 1)
        away.rename(self.rig.corpus)
        self.assertEqual(self.told(lines), [])

    def test_since_a_cursor_resumes_without_loss_or_repetition(self):
        self.start()
        lines = self.watch("strike")
        names = [f"{n}.txt" for n in range(6)]
        for name in names[:3]:
            self.rig.write(name, "A strike.\n")
            self.rig.sync()
        records = [lines.next_json() for _ in range(3)]
        self.watchers[0].kill()
        for name in names[3:]:
            self.rig.write(name, "A strike.\n")
            self.rig.sync()
        for resumed_after in (1, 3):
            with self.subTest(resumed_after):
                again = self.watch("strike", since=records[resumed_after - 1]["cursor"])
                rest = [os.path.basename(again.next_json()["path"]) for _ in names[resumed_after:]]
                self.assertEqual(rest, names[resumed_after:])

    def test_many_arrivals_are_all_told(self):
        count = 2500  # more than an answer has hits (limits.results)
        self.start()
        lines = self.watch("strike")
        for n in range(count):
            self.rig.write(f"{n % 5}/{n}.txt", f"Strike {n}.\n")
        told = self.told(lines)
        self.assertEqual(len(told), count)
        self.assertEqual(len(set(told)), count)

    def test_without_since_it_begins_now(self):
        self.rig.write("old.txt", "An old strike.\n")
        self.start()
        process = self.rig.spawn("watch", "tidings", "watch", "--config", self.rig.config_file, "--format", "ndjson", "strike")
        self.addCleanup(self.rig.end, process, "watch")
        lines = Lines(process)
        wrote = 0
        while not lines.waiting():  # until it has begun, which nothing tells of
            wrote += 1
            self.rig.write(f"new{wrote}.txt", "A new strike.\n")
            self.rig.sync()
        self.assertRegex(os.path.basename(lines.next_json()["path"]), r"^new\d+\.txt$")

    def test_an_index_that_is_made_anew_is_followed(self):
        self.start()
        lines = self.watch("strike")
        self.assertEqual(self.told(lines), [])  # it has begun: one that begins without an index ends
        self.rig.stop_daemon()
        (self.rig.index / "manifest").unlink()  # first: without it the rest is no index
        for path in list(self.rig.index.iterdir()):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.rig.start_daemon()
        self.rig.sync()
        self.assertEqual(self.told(lines), [])
        self.assertIn("the index was replaced", self.rig.log("watch-0"))

    def test_it_says_when_no_daemon_runs_and_ends_with_0_on_sigterm(self):
        self.rig.once()
        lines = self.watch("strike")
        self.rig.write("missed.txt", "A strike.\n")
        self.rig.once()
        lines.next_json()
        self.watchers[0].send_signal(signal.SIGTERM)
        self.assertEqual(self.watchers[0].wait(PATIENCE), 0)
        self.assertIn("no daemon is running", self.rig.log("watch-0"))

    def test_errors_are_told_at_once(self):
        self.rig.once()
        for arguments, message in ((("--since", "yesterday", "strike"), "not a cursor"), (("--since", "x:y", "strike"), "not a cursor")):
            with self.subTest(arguments):
                self.assertIn(message, self.rig.tidings("watch", *arguments, check=2).stderr.decode())
        shutil.rmtree(self.rig.index)
        self.assertIn("start tidingsd", self.rig.tidings("watch", "strike", check=2).stderr.decode())


if __name__ == "__main__":
    unittest.main()
