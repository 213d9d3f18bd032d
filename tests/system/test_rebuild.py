# SPDX-License-Identifier: GPL-2.0-or-later
"""An index that is read anew: in place it answers throughout; of another format it is made beside the old one, and then swapped."""
import json
import os
import re
import socket
import subprocess
import unittest

from rig import PATIENCE, Lines, Rig

COUNT = 8000  # some segments
TEXT = "The crane stood still all night long. " * 40


def of_format(form, manifest):
    """The manifest's text, in the name of another format."""
    text, count = re.subn(r"\Atidings manifest \d+$", f"tidings manifest {form}", manifest.read_text(), flags=re.MULTILINE)
    assert count == 1
    return text


class Rebuilding(unittest.TestCase):
    def setUp(self):
        self.rig = Rig(config={"limits": {"results": 20_000}})
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))

    def write_reports(self, count=COUNT):
        for n in range(count):
            self.rig.write(f"{n % 20}/{n}.txt", f"Report {n}.\n\n{TEXT}")

    def sync_in_the_background(self):
        return subprocess.Popen(
            [self.rig.program("tidings"), "sync", "--config", self.rig.config_file], env=self.rig.environment,
            stdout=subprocess.DEVNULL)

    def all_paths(self):
        found = self.rig.tidings("search", "--format", "paths", "-n", "20000", "crane", check=0)
        return found.stdout.decode().splitlines()


class InPlace(Rebuilding):
    def test_every_search_during_a_rebuild_finds_each_report_once(self):
        self.write_reports()
        self.rig.once()
        before = self.rig.status()["index"]
        expected = sorted(self.all_paths())
        self.assertEqual(len(expected), COUNT)
        self.rig.start_daemon("--rebuild")
        waiting = self.sync_in_the_background()
        generations = set()
        while waiting.poll() is None:
            answer = self.rig.search("-n", "1", "crane")
            self.assertEqual(answer["total"], {"count": COUNT, "exact": True})  # one that is there twice is counted twice
            generations.add(answer["generation"])
        self.assertEqual(waiting.returncode, 0)
        self.assertEqual(sorted(self.all_paths()), expected)
        status = self.rig.status()
        self.assertEqual(status["daemon"]["files"], COUNT, "all were read again")
        self.assertEqual(status["index"]["identity"], before["identity"])
        self.assertGreater(len(generations), 1, "the searches were of one generation: nothing was told")


class OfAnotherFormat(Rebuilding):
    def make_index(self, form="9"):
        """An index as a program of another format has it."""
        self.rig.once()
        before = self.rig.status()["index"]
        manifest = self.rig.index / "manifest"
        manifest.write_text(of_format(form, manifest))
        return before

    def old_files(self):
        """What the old index consists of, and when each was last touched."""
        shared = ("lock", "readers", "manifest.next")
        return {
            str(path): (path.stat().st_ino, path.stat().st_mtime_ns, path.stat().st_size)
            for path in self.rig.index.rglob("*") if path.is_file() and path.name not in shared}

    def check_old_files(self, files):
        for path, stamp in files.items():
            seen = os.stat(path)
            self.assertEqual((seen.st_ino, seen.st_mtime_ns, seen.st_size), stamp, path)

    def status_of_daemon(self):
        """What the daemon says itself, once it listens."""
        while True:
            self.assertIsNone(self.rig.daemon.poll(), self.rig.log("tidingsd"))
            with socket.socket(socket.AF_UNIX) as control:
                control.settimeout(PATIENCE)
                try:
                    control.connect(str(self.rig.control_socket))
                    control.sendall(b"status\n")
                    return json.loads(control.makefile().readline())
                except (FileNotFoundError, ConnectionRefusedError):
                    continue

    def until_some_are_published(self):
        while (status := self.status_of_daemon())["documents"] == 0:
            pass
        self.assertLess(status["documents"], COUNT, "too late to tell anything")
        return status

    def test_it_is_made_anew_without_being_told_to_and_searched_when_it_is_whole(self):
        self.write_reports()
        before = self.make_index()
        old = self.old_files()
        self.rig.start_server()
        self.rig.start_daemon()
        building = self.until_some_are_published()
        self.check_old_files(old)
        for command in (("search", "crane"), ("watch", "crane"), ("status",), ("verify",), ("why", "x"), ("show", "x")):
            refused = self.rig.tidings(*command, check=2)
            said = refused.stderr.decode()
            self.assertRegex(said, r"made in format 9; this program knows format \d+, in which the index is being made anew"
                                   r": [\d,]+ of (at least )?[\d,]+ files", command)
            self.assertIn("`tidings sync` waits", said)
            self.assertEqual(refused.stdout, b"")
        answer = self.rig.get("/v1/search?q=crane")
        self.assertEqual((answer.status, answer.json()["error"]["code"]), (503, "index_version"))
        status = self.rig.get("/v1/status").json()
        self.assertIsNotNone(status["daemon"]["progress"])
        self.assertFalse(status["daemon"]["pid"] != self.rig.daemon.pid)
        self.check_old_files(old)

        self.rig.sync()
        self.assertEqual(len(set(self.all_paths())), COUNT)
        after = self.rig.status()["index"]
        self.assertNotEqual(after["identity"], before["identity"])
        self.assertGreater(after["generation"], before["generation"])
        self.assertEqual(after["identity"], building["identity"])
        self.assertEqual(self.rig.get("/v1/search?q=crane").json()["total"]["count"], COUNT)
        self.assertFalse([path for path in old if not path.endswith("/manifest") and os.path.exists(path)])
        self.assertFalse((self.rig.index / "manifest.next").exists())
        self.assertIn("it is made anew beside the old one", self.rig.log("tidingsd"))
        self.assertIn("takes the place of the old one", self.rig.log("tidingsd"))
        self.rig.tidings("verify", check=0)

    def test_kill_9_in_between_loses_neither_the_old_index_nor_what_was_read(self):
        self.write_reports()
        self.make_index()
        old = self.old_files()
        self.rig.start_daemon()
        killed_at = self.until_some_are_published()
        self.rig.kill_daemon()
        self.check_old_files(old)
        self.rig.start_daemon()
        self.rig.sync()
        status = self.rig.status()
        self.assertEqual(status["index"]["identity"], killed_at["identity"])
        self.assertEqual(status["index"]["documents"], COUNT)
        self.assertLessEqual(status["daemon"]["files"], COUNT - killed_at["documents"], "what was published is not read again")
        self.assertEqual(len(set(self.all_paths())), COUNT)

    def test_a_watch_that_begins_anew_is_told_of_the_other_index_and_goes_on(self):
        self.rig.write("a.txt", "The crane stood still.\n")
        before = self.make_index()
        self.rig.start_daemon()
        self.rig.sync()
        watch = self.rig.spawn(
            "watch", "tidings", "watch", "--config", self.rig.config_file, "crane", "--format", "ndjson", "--since",
            f"{before['identity']}:{before['generation']}")
        self.addCleanup(self.rig.end, watch, "watch")
        lines = Lines(watch)
        self.rig.write("b.txt", "The crane moved again.\n")
        record = lines.next_json()
        self.assertEqual(record["path"], self.rig.path("b.txt"))
        self.assertTrue(record["cursor"].startswith(self.rig.status()["index"]["identity"]))
        self.assertIn("the cursor is of another index", self.rig.log("watch"))

    def test_a_running_watch_of_an_index_that_becomes_one_of_another_format_ends_and_says_why(self):
        self.rig.write("a.txt", "The crane stood still.\n")
        self.rig.once()
        watch = self.rig.spawn("watch", "tidings", "watch", "--config", self.rig.config_file, "crane")
        lines = Lines(watch)
        while "no daemon is running" not in self.rig.log("watch"):  # it has begun
            self.assertIsNone(watch.poll())
        manifest = self.rig.index / "manifest"
        new = manifest.with_suffix(".new")
        new.write_text(of_format("9", manifest))
        new.rename(manifest)
        self.assertIsNone(lines.next())
        self.assertEqual(watch.wait(PATIENCE), 2)
        watch.stdout.close()
        self.assertIn("this program is older than the index", self.rig.log("watch"))

    def test_once_and_rebuild_do_so_too(self):
        for arguments in ((), ("--rebuild",)):
            with self.subTest(arguments):
                self.rig.write("a.txt", "The crane stood still.\n")
                before = self.make_index("1")
                self.rig.once(*arguments)
                self.assertEqual(self.rig.paths("crane"), [self.rig.path("a.txt")])
                self.assertGreater(self.rig.status()["index"]["generation"], before["generation"])

    def test_an_index_of_the_first_format_is_made_anew(self):
        self.rig.index.mkdir(mode=0o700)
        made = subprocess.run(
            ["/usr/bin/python3", "-c", "import sys, xapian\n"
             "database = xapian.WritableDatabase(sys.argv[1])\n"
             "database.set_metadata('tidings.schema', '1')\n"
             "database.set_metadata('tidings.generation', '41')\n"
             "database.add_document(xapian.Document())\n"
             "database.commit()\n", str(self.rig.index / "live")], stderr=subprocess.PIPE, check=False)
        if made.returncode != 0:
            self.skipTest(f"no python3-xapian: {made.stderr.decode().splitlines()[-1]}")
        self.assertIn("made in format 1", self.rig.tidings("search", "crane", check=2).stderr.decode())
        self.rig.write("a.txt", "The crane stood still.\n")
        self.rig.start_daemon()
        self.rig.sync()
        self.assertEqual(self.rig.paths("crane"), [self.rig.path("a.txt")])
        self.assertGreater(self.rig.status()["index"]["generation"], 41)
        self.assertFalse((self.rig.index / "live").exists())


if __name__ == "__main__":
    unittest.main()
