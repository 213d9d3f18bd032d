# SPDX-License-Identifier: GPL-2.0-or-later
"""A folder with reports gets another name: one generation, no file opened, no news.

What was read is told by `files` of the daemon's status; what a search sees on the way is asked while a sync waits.
"""
import os
import subprocess
import threading
import unittest

from rig import Lines, Rig, bytes_of

COUNT = 300


def report(title):
    return f"{title}\n\nWhat was said at the meeting of the union is told here, with the vote on pay.\n"


class Moves(unittest.TestCase):
    def setUp(self):
        self.rig = Rig()
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))
        for number in range(COUNT):
            self.rig.write(f"old/{number % 7}/{number}.txt", report(f"Report {number} of the union"))
        self.rig.write("stays.txt", report("This one stays"))
        self.rig.start_daemon()
        self.rig.sync()

    def files(self):
        return self.rig.status()["daemon"]["files"]

    def generation(self):
        return self.rig.status()["index"]["generation"]

    def agrees(self):
        """The index has what is on disk, and nothing else."""
        self.rig.sync()
        done = self.rig.tidings("verify")
        self.assertEqual(done.returncode, 0, done.stdout.decode())

    def rename(self, old, new, *, read=0, generations=1):
        files, generation = self.files(), self.generation()
        (self.rig.corpus / old).rename(self.rig.corpus / new)
        self.agrees()
        self.assertEqual(self.files() - files, read)
        self.assertEqual(self.generation() - generation, generations)

    def test_its_reports_are_not_read_again_and_move_in_one_generation(self):
        before = self.rig.everything()
        self.rename("old", "new")
        after = self.rig.everything()
        self.assertEqual(len(after), COUNT + 1)
        for path, hit in before.items():
            moved = after[path.replace("/old/", "/new/")]
            for field in ("title", "date", "date_from", "type", "status", "size", "generation", "cause"):
                self.assertEqual(moved[field], hit[field], (path, field))
        name = "new/3/17.txt"
        self.assertIn("the vote on pay", self.rig.show(self.rig.path(name))["text"])
        self.assertEqual(self.rig.paths('"report 17 of"'), [self.rig.path(name)])
        self.assertEqual(len(self.rig.search("-n", "1000", "folder:new")["hits"]), COUNT)
        self.assertEqual(self.rig.search("-n", "1000", "folder:old")["hits"], [])

    def test_the_folder_that_names_the_source_is_the_new_one(self):
        source = self.rig.everything()[self.rig.path("old/0/0.txt")]["source"]
        self.rename("old", "harbour news")
        self.assertEqual((source, self.rig.everything()[self.rig.path("harbour news/0/0.txt")]["source"]), ("old", "harbour news"))

    def test_again_and_back(self):
        self.rename("old", "new")
        self.rename("new", "old")
        self.rename("old/3", "three")
        self.assertEqual(len(self.rig.everything()), COUNT + 1)

    def test_reports_that_came_just_now_move_as_the_others(self):
        self.rig.write("old/late.txt", report("A late one"))
        self.rig.sync()
        self.rename("old", "new")

    def test_a_file_that_changed_is_read_again_and_the_others_are_not(self):
        self.rig.stop_daemon()
        (self.rig.corpus / "old").rename(self.rig.corpus / "new")
        self.rig.write("new/1/1.txt", report("Changed under the new name"))
        self.rig.start_daemon()
        self.agrees()
        self.assertEqual(self.files(), 1)
        self.assertEqual(self.rig.paths("changed under"), [self.rig.path("new/1/1.txt")])

    def test_while_no_daemon_runs(self):
        self.rig.stop_daemon()
        (self.rig.corpus / "old").rename(self.rig.corpus / "new")
        self.rig.start_daemon()
        self.agrees()
        self.assertEqual(self.files(), 0)
        self.assertEqual({hit["cause"] for hit in self.rig.everything().values()}, {"first_crawl"})

    def test_a_search_sees_all_of_it_under_one_name_or_the_other(self):
        seen, moving = [], threading.Event()
        moving.set()

        def ask():
            while moving.is_set():
                found = self.rig.search("-n", "1000", "union")
                seen.append(sorted(os.fsdecode(bytes_of(hit)) for hit in found["hits"]))

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            for old, new in (("old", "new"), ("new", "newer"), ("newer", "old")):
                (self.rig.corpus / old).rename(self.rig.corpus / new)
                self.rig.sync()
        finally:
            moving.clear()
            asking.join()
        def under(name):
            return sorted([self.rig.path("stays.txt")] + [self.rig.path(f"{name}/{n % 7}/{n}.txt") for n in range(COUNT)])
        allowed = [under(name) for name in ("old", "new", "newer")]
        self.assertTrue(seen)
        for paths in seen:
            self.assertIn(paths, allowed)

    def test_it_is_no_news(self):
        process = self.rig.spawn("watch", "tidings", "watch", "--config", self.rig.config_file, "--format", "ndjson", "--since",
                                 f"{self.rig.status()['index']['identity']}:{self.generation()}", "union OR marker")
        self.addCleanup(self.rig.end, process, "watch")
        lines = Lines(process)
        self.rename("old", "new")
        self.rig.write("marker.txt", "The marker.\n")
        self.assertEqual(os.path.basename(lines.next_json()["path"]), "marker.txt")

    def test_without_waiting_from_name_to_name_and_into_each_other(self):
        names = ("old", "one", "two", "three")
        for old, new in zip(names, names[1:]):
            (self.rig.corpus / old).rename(self.rig.corpus / new)
        (self.rig.corpus / "three" / "2").rename(self.rig.corpus / "apart")
        (self.rig.corpus / "apart").rename(self.rig.corpus / "three" / "4" / "within")
        self.rig.write("three/1/anew.txt", report("Written while all moves"))
        (self.rig.corpus / "three" / "5" / "5.txt").unlink()
        self.agrees()
        self.assertEqual(len(self.rig.everything()), COUNT + 1)
        for turn in range(6):
            (self.rig.corpus / "three").rename(self.rig.corpus / "there")
            for _ in range(turn):  # a little later each time
                self.rig.status()
            (self.rig.corpus / "there").rename(self.rig.corpus / "three")
        self.agrees()
        self.assertEqual(len(self.rig.everything()), COUNT + 1)

    def test_another_file_takes_the_old_name_of_one(self):
        (self.rig.corpus / "old").rename(self.rig.corpus / "new")
        self.rig.write("old/0/0.txt", report("Another one of this name"))
        self.agrees()
        self.assertEqual(len(self.rig.everything()), COUNT + 2)
        self.assertEqual(self.rig.paths('"another one of"'), [self.rig.path("old/0/0.txt")])

    def test_under_a_name_that_is_ignored_its_reports_leave(self):
        self.rig.write(".tidingsignore", "private/\n")
        self.rig.sync()
        self.rename("old", "private")
        self.assertEqual(list(self.rig.everything()), [self.rig.path("stays.txt")])
        (self.rig.corpus / "private").rename(self.rig.corpus / "old")
        self.agrees()
        self.assertEqual(len(self.rig.everything()), COUNT + 1)

    def test_a_copy_with_hard_links_is_read_and_both_are_found(self):
        subprocess.run(["cp", "-al", self.rig.corpus / "old", self.rig.corpus / "linked"], check=True)
        self.rig.sync()
        self.assertEqual(len(self.rig.everything()), 2 * COUNT + 1)

    def test_killed_on_the_way(self):
        for turn in range(4):
            old, new = ("old", "new") if turn % 2 == 0 else ("new", "old")
            (self.rig.corpus / old).rename(self.rig.corpus / new)
            for _ in range(turn):
                self.rig.status()
            self.rig.kill_daemon()
            self.rig.start_daemon()
            self.agrees()
            self.assertEqual(len(self.rig.everything()), COUNT + 1)

    def test_a_folder_that_moves_to_another_corpus(self):
        other = self.rig.root / "other"
        other.mkdir()
        self.rig.corpora = {**self.rig.corpora, "other": other}
        self.rig.configure({})
        self.rig.reload()
        files = self.files()
        (self.rig.corpus / "old").rename(other / "new")
        self.agrees()
        self.assertEqual(self.files(), files)
        self.assertEqual(sum(path.startswith(str(other)) for path in self.rig.everything()), COUNT)


if __name__ == "__main__":
    unittest.main()
