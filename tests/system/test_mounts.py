# SPDX-License-Identifier: GPL-2.0-or-later
"""Real mounts: those whose changes no event tells of are polled, and a disk that is not mounted takes no report along.

All of it happens in a mount namespace of this test's own, so nothing is left mounted, whatever becomes of it. That takes root;
without it the tests are skipped.
"""
import ctypes
import os
import pathlib
import subprocess
import unittest

from rig import Lines, Rig

CLONE_NEWNS = 0x00020000
why_not = None


def setUpModule():
    global why_not
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        why_not = f"a mount namespace of our own: {os.strerror(ctypes.get_errno())} (it takes root)"
        return
    done = subprocess.run(["mount", "--make-rprivate", "/"], stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        why_not = f"a mount namespace of our own: {done.stderr.decode().strip()}"


class Mounted(unittest.TestCase):
    def setUp(self):
        if why_not:
            self.skipTest(why_not)
        self.rig = Rig()
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))

    def mount(self, *arguments):
        subprocess.run(["mount", *map(os.fspath, arguments)], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", arguments[-1]], check=False, stderr=subprocess.DEVNULL)

    def umount(self, point):
        subprocess.run(["umount", point], check=True)

    def corpus(self):
        return self.rig.status()["daemon"]["corpora"][0]

    def state(self):
        self.rig.sync()
        return self.corpus()["state"]

    def holds(self, *names):
        self.rig.sync()
        self.assertEqual(sorted(self.rig.everything()), sorted(self.rig.path(name) for name in names))


class Overlay(Mounted):
    """An overlay stands for all mounts that others change beneath us: a write to its lower layer is told by no event."""

    def setUp(self):
        super().setUp()
        self.lower = self.rig.root / "lower"
        for name in ("lower", "upper", "work"):
            (self.rig.root / name).mkdir()
        self.point = self.rig.corpus / "the nas"
        self.point.mkdir()
        self.rig.write("here.txt", "A report here.\n")
        (self.lower / "sub").mkdir()
        (self.lower / "sub" / "there.txt").write_text("A report there.\n")

    def mount_overlay(self):
        layers = f"lowerdir={self.lower},upperdir={self.rig.root}/upper,workdir={self.rig.root}/work"
        done = subprocess.run(["mount", "-t", "overlay", "-o", layers, "none", self.point], stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            self.skipTest(f"an overlay: {done.stderr.decode().strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", self.point], check=False, stderr=subprocess.DEVNULL)

    def watch(self, query):
        """What is told from now on."""
        index = self.rig.status()["index"]
        watch = self.rig.spawn("watch", "tidings", "watch", "--config", self.rig.config_file, "--format", "ndjson", "--since",
                               f"{index['identity']}:{index['generation']}", query)
        self.addCleanup(self.rig.end, watch, "watch")
        return Lines(watch)

    def test_what_others_change_there_is_found_and_status_names_the_mount(self):
        self.mount_overlay()
        self.rig.start_daemon()
        self.holds("here.txt", "the nas/sub/there.txt")
        (self.lower / "sub" / "new.txt").write_text("A report that no event told of.\n")
        self.holds("here.txt", "the nas/sub/there.txt", "the nas/sub/new.txt")

        corpus = self.corpus()
        self.assertEqual(corpus["state"], "polled")
        self.assertEqual([(p["path"], p["mount"], p["type"]) for p in corpus["polled"]],
                         [(str(self.point), str(self.point), "overlay")])
        self.assertEqual(corpus["polled_more"], 0)
        text = self.rig.tidings("status", check=0).stdout.decode()
        self.assertIn(f"{self.point}: overlay, mounted at {self.point}", text)

    def test_a_corpus_on_such_a_mount_is_polled_whole(self):
        self.mount_overlay()
        self.rig.corpora = {"reports": self.point / "sub"}
        self.rig.configure({})
        self.rig.start_daemon()
        self.holds("the nas/sub/there.txt")
        (self.lower / "sub" / "new.txt").write_text("A report that no event told of.\n")
        self.holds("the nas/sub/there.txt", "the nas/sub/new.txt")
        self.assertEqual([(p["path"], p["mount"]) for p in self.corpus()["polled"]], [(str(self.point / "sub"), str(self.point))])

    def test_it_is_polled_without_being_asked(self):
        self.mount_overlay()
        self.rig.configure({"daemon": {"poll_ms": 20}})
        self.rig.start_daemon()
        self.rig.sync()
        lines = self.watch("unheard")
        (self.lower / "unheard.txt").write_text("An unheard report.\n")
        record = lines.next_json()
        self.assertEqual((record["path"], record["cause"]), (str(self.point / "unheard.txt"), "arrival"))

    def test_a_mount_that_comes_later_and_goes_is_noticed(self):
        self.rig.start_daemon()
        self.holds("here.txt")
        self.assertEqual((self.corpus()["state"], self.corpus()["polled"]), ("watched", []))
        self.mount_overlay()
        self.holds("here.txt", "the nas/sub/there.txt")
        self.assertEqual([p["path"] for p in self.corpus()["polled"]], [str(self.point)])
        (self.lower / "new.txt").write_text("A report that no event told of.\n")
        self.holds("here.txt", "the nas/sub/there.txt", "the nas/new.txt")
        self.umount(self.point)
        self.holds("here.txt")
        self.assertEqual((self.corpus()["state"], self.corpus()["polled"]), ("watched", []))

    def test_a_mount_that_comes_is_noticed_without_being_asked(self):
        self.rig.start_daemon()
        self.rig.sync()
        lines = self.watch("there")
        self.mount_overlay()
        self.assertEqual(lines.next_json()["path"], str(self.point / "sub" / "there.txt"))

    def test_an_ignored_mount_is_not_polled(self):
        self.rig.write(".tidingsignore", "the nas\n")
        self.mount_overlay()
        self.rig.start_daemon()
        self.holds("here.txt")
        self.assertEqual((self.corpus()["state"], self.corpus()["polled"]), ("watched", []))
        (self.rig.corpus / ".tidingsignore").unlink()
        self.holds("here.txt", "the nas/sub/there.txt")
        self.assertEqual([p["path"] for p in self.corpus()["polled"]], [str(self.point)])
        self.rig.write(".tidingsignore", "the nas\n")
        self.holds("here.txt")
        self.assertEqual((self.corpus()["state"], self.corpus()["polled"]), ("watched", []))


class Disk(Mounted):
    """The corpus is the mount point of a disk."""

    def setUp(self):
        super().setUp()
        self.disk = self.rig.root / "disk"
        self.disk.mkdir()
        self.mount("-t", "tmpfs", "none", self.disk)
        self.fill()
        self.plug()

    def fill(self):
        (self.disk / "sub").mkdir()
        (self.disk / "a.txt").write_text("A report.\n")
        (self.disk / "sub" / "b.txt").write_text("Another report.\n")

    def plug(self):
        self.mount("--bind", self.disk, self.rig.corpus)

    def unplug(self):
        self.umount(self.rig.corpus)

    def started(self):
        self.rig.start_daemon()
        self.holds("a.txt", "sub/b.txt")
        self.generation = self.rig.status()["index"]["generation"]

    def is_offline_and_keeps_all(self):
        self.assertEqual(self.state(), "offline")
        self.assertRegex(self.corpus()["reason"], f"^{self.rig.corpus}: empty, and (no mount point|not the file system)")
        self.assertIn("is a disk not mounted?", self.rig.tidings("status", check=0).stdout.decode())
        self.holds("a.txt", "sub/b.txt")

    def is_back(self):
        self.assertEqual(self.state(), "watched")
        self.holds("a.txt", "sub/b.txt")
        self.assertEqual(self.rig.status()["index"]["generation"], self.generation)  # nothing was news
        (self.disk / "sub" / "c.txt").write_text("One more report.\n")
        self.holds("a.txt", "sub/b.txt", "sub/c.txt")

    def test_unmounted_while_the_daemon_was_down(self):
        self.started()
        self.rig.stop_daemon()
        self.unplug()
        self.rig.start_daemon()
        self.is_offline_and_keeps_all()
        self.plug()
        self.is_back()

    def test_unmounted_while_it_runs(self):
        self.started()
        self.unplug()
        self.is_offline_and_keeps_all()
        self.plug()
        self.is_back()

    def test_once_leaves_its_reports_and_says_so(self):
        self.started()
        self.rig.stop_daemon()
        self.unplug()
        done = self.rig.run("tidingsd", "--config", self.rig.config_file, "--once", check=2)
        self.assertIn("is a disk not mounted?", done.stderr.decode())
        self.assertEqual(len(self.rig.everything()), 2)

    def test_a_folder_in_its_place_that_has_reports_is_the_corpus(self):
        self.started()
        self.rig.stop_daemon()
        self.unplug()
        self.rig.write("c.txt", "A report of the folder.\n")
        self.rig.start_daemon()
        self.assertEqual(self.state(), "watched")
        self.holds("c.txt")
        (self.rig.corpus / "c.txt").unlink()
        self.assertEqual(self.state(), "watched")  # it is no mount point now, and may be empty
        self.holds()
        self.rig.stop_daemon()
        self.rig.start_daemon()
        self.assertEqual(self.state(), "watched")

    def test_a_disk_that_is_empty_is_empty(self):
        self.started()
        (self.disk / "a.txt").unlink()
        (self.disk / "sub" / "b.txt").unlink()
        (self.disk / "sub").rmdir()
        self.assertEqual(self.state(), "watched")
        self.holds()


class FolderMountedOnAnother(Disk):
    """A bind mount within one file system: no device number tells it from the folder beneath."""

    def setUp(self):
        Mounted.setUp(self)
        self.disk = self.rig.root / "disk"
        self.disk.mkdir()
        self.fill()
        self.plug()


if __name__ == "__main__":
    unittest.main()
