# SPDX-License-Identifier: GPL-2.0-or-later
"""Whatever is done to the folders while the daemon runs: after a sync the index agrees with the disk, in full.

agrees() is the judge: the same paths, sizes, headlines and texts on both sides, no more and no less.
"""
import os
import pathlib
import shutil
import signal
import stat
import tempfile
import threading
import unittest

from rig import Rig, remove_tree, unprivileged

SHOWN = 8  # of a larger index the headlines are compared, and not the texts


def report(headline):
    return f"{headline}\n\nDockers met at the wharf. {headline} was all that they talked about.\n"


def regular_files(folder):
    """What the index must hold: regular files at any depth, hidden ones aside, links not followed."""
    for path, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and stat.S_ISREG(os.lstat(os.path.join(path, name)).st_mode):
                yield os.path.join(path, name)


class Changes(unittest.TestCase):
    user = None

    def setUp(self):
        self.rig = Rig(user=self.user)
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))
        self.rig.write("first.txt", report("The first report"))
        self.rig.write("folder/second.txt", report("The second report"))
        self.rig.write("folder/deep/third.txt", report("The third report"))
        self.rig.start_daemon()
        self.agrees(3)

    def agrees(self, count):
        """count: how many files there are; said, so that a change which did not happen is noticed."""
        self.rig.sync()
        hits = self.rig.everything()
        files = sorted(regular_files(self.rig.corpus))
        self.assertEqual(sorted(hits), files)
        self.assertEqual(len(files), count)
        self.assertEqual(self.rig.status()["index"]["documents"], count)
        for path in files:
            text = pathlib.Path(path).read_text()
            with self.subTest(path):
                self.assertEqual((hits[path]["status"], hits[path]["size"]), ("indexed", len(text.encode())))
                self.assertEqual(hits[path]["title"], text.split("\n")[0])
        for path in files[:SHOWN]:
            self.assertEqual(self.rig.show(path)["text"], pathlib.Path(path).read_text())

    def path(self, name):
        return self.rig.corpus / name

    def elsewhere(self):
        """A folder on the corpus' file system that is no part of it."""
        folder = self.rig.root / "elsewhere"
        folder.mkdir(exist_ok=True)
        return folder


class Files(Changes):
    def test_a_new_file(self):
        self.rig.write("new.txt", report("A new report"))
        self.agrees(4)

    def test_a_file_that_grows(self):
        with open(self.path("first.txt"), "a", encoding="utf-8") as file:
            file.write("The tuba was appended.\n")
        self.agrees(3)
        self.assertEqual(self.rig.paths("tuba"), [self.rig.path("first.txt")])

    def test_a_file_that_is_replaced_by_rename(self):
        fresh = self.rig.write(".first.txt.tmp", report("Another first report"))
        fresh.rename(self.path("first.txt"))
        self.agrees(3)
        self.assertEqual(self.rig.paths("another"), [self.rig.path("first.txt")])

    def test_a_file_that_is_replaced_by_another_of_the_corpus(self):
        self.path("first.txt").rename(self.path("folder/second.txt"))
        self.agrees(2)

    def test_two_files_that_change_places(self):
        self.path("first.txt").rename(self.path("swap.txt"))
        self.path("folder/second.txt").rename(self.path("first.txt"))
        self.path("swap.txt").rename(self.path("folder/second.txt"))
        self.agrees(3)

    def test_a_rewrite_of_the_same_size_and_time(self):
        before = os.stat(self.path("first.txt"))
        self.rig.write("first.txt", report("The tired report"))
        os.utime(self.path("first.txt"), ns=(before.st_atime_ns, before.st_mtime_ns))
        self.assertEqual(os.stat(self.path("first.txt")).st_size, before.st_size)
        self.assertEqual(os.stat(self.path("first.txt")).st_mtime_ns, before.st_mtime_ns)
        self.agrees(3)

    def test_a_deleted_file(self):
        self.path("folder/second.txt").unlink()
        self.agrees(2)

    def test_a_deleted_file_that_comes_back(self):
        self.path("first.txt").unlink()
        self.rig.write("first.txt", report("The first report"))
        self.agrees(3)

    def test_a_new_file_that_is_open_still(self):
        with open(self.path("open.txt"), "w", encoding="utf-8") as file:
            file.write(report("An open report"))
            file.flush()
            self.agrees(4)
            file.write("More of it.\n")
        self.agrees(4)

    def test_an_old_file_that_is_being_written_and_open_still(self):
        with open(self.path("first.txt"), "a", encoding="utf-8") as file:
            for line in ("one line\n", "another line\n"):
                file.write(line)
                file.flush()
                self.agrees(3)

    def test_a_truncated_file_that_is_open_still(self):
        with open(self.path("first.txt"), "r+", encoding="utf-8") as file:
            file.truncate(len("The first report\n"))
            self.agrees(3)

    def test_a_file_that_was_made_without_being_opened(self):
        os.mknod(self.path("made.txt"), 0o644 | stat.S_IFREG)
        self.rig.sync()
        self.assertEqual(self.rig.everything()[self.rig.path("made.txt")]["status"], "empty")

    def test_a_hard_link(self):
        outside = self.elsewhere() / "outside.txt"
        outside.write_text(report("A linked report"))
        os.link(outside, self.path("linked.txt"))
        os.link(self.path("first.txt"), self.path("folder/first-again.txt"))
        self.agrees(5)
        self.path("first.txt").unlink()
        self.agrees(4)

    def test_hidden_and_temporary_files_are_left_out(self):
        for name in (".hidden.txt", "backup.txt~", "half.part", ".folder/inside.txt"):
            self.rig.write(name, report("Not to be seen"))
        self.rig.sync()
        self.assertEqual(self.rig.paths("seen"), [])


class Folders(Changes):
    def test_a_renamed_folder(self):
        self.path("folder").rename(self.path("renamed"))
        self.agrees(3)
        self.rig.write("renamed/deep/later.txt", report("A report in the renamed folder"))
        self.rig.write("folder/deep/anew.txt", report("A report in a folder of the old name"))
        self.agrees(5)

    def test_a_folder_that_is_renamed_twice_and_back(self):
        for old, new in (("folder", "one"), ("one", "two"), ("two", "folder")):
            self.path(old).rename(self.path(new))
            self.rig.write(f"{new}/{old}.txt", report(f"From {old} to {new}"))
        self.agrees(6)

    def test_two_folders_that_change_places(self):
        self.rig.write("other/second.txt", report("The second report of the other folder"))
        self.agrees(4)
        for old, new in (("folder", "swap"), ("other", "folder"), ("swap", "other")):
            self.path(old).rename(self.path(new))
        self.agrees(4)
        self.rig.write("other/deep/last.txt", report("The last report"))
        self.rig.write("folder/last.txt", report("The very last report"))
        self.agrees(6)

    def test_a_tree_that_is_moved_out_and_in_again(self):
        outside = self.elsewhere() / "folder"
        self.path("folder").rename(outside)
        self.agrees(1)
        (outside / "deep" / "third.txt").write_text(report("The third report, changed outside"))
        (outside / "unseen.txt").write_text(report("Made outside"))
        self.agrees(1)
        outside.rename(self.path("folder"))
        self.agrees(4)
        self.rig.write("folder/deep/later.txt", report("A report in the returned folder"))
        self.agrees(5)

    def test_a_tree_that_is_moved_in_from_another_file_system(self):
        outside = pathlib.Path(tempfile.mkdtemp(prefix="tid-", dir="/dev/shm" if os.path.isdir("/dev/shm") else "/tmp"))
        self.addCleanup(remove_tree, outside)
        (outside / "tree" / "below").mkdir(parents=True)
        (outside / "tree" / "below" / "far.txt").write_text(report("A report from afar"))
        shutil.move(outside / "tree", self.path("tree"))
        self.agrees(4)

    def test_a_tree_that_is_moved_out_while_it_is_read(self):
        for round_ in range(6):
            outside = self.rig.root / f"outside-{round_}"
            outside.mkdir()
            for number in range(200):
                (outside / f"{number}.txt").write_text(report(f"Report {number}") * 20)
            outside.rename(self.rig.corpus / "moved")
            for _ in range(round_):  # a little later each time: in the readers, in the batch, in the store
                self.rig.status()
            (self.rig.corpus / "moved").rename(outside)
            self.agrees(3)

    def test_a_tree_that_is_renamed_while_it_is_read(self):
        outside = self.rig.root / "outside"
        outside.mkdir()
        for number in range(200):
            (outside / f"{number}.txt").write_text(report(f"Report {number}"))
        outside.rename(self.rig.corpus / "name-0")
        for round_ in range(4):
            self.rig.status()
            (self.rig.corpus / f"name-{round_}").rename(self.rig.corpus / f"name-{round_ + 1}")
        self.agrees(203)

    def test_a_deleted_tree(self):
        shutil.rmtree(self.path("folder"))
        self.agrees(1)

    def test_a_deleted_tree_that_is_made_again(self):
        for round in range(5):
            shutil.rmtree(self.path("folder"))
            self.rig.write("folder/deep/anew.txt", report(f"Round {round}"))
        self.agrees(2)

    def test_a_file_that_becomes_a_folder_and_a_file_again(self):
        self.path("first.txt").unlink()
        self.rig.write("first.txt/inside.txt", report("Inside of what was a file"))
        self.agrees(3)
        shutil.rmtree(self.path("first.txt"))
        self.rig.write("first.txt", report("A file again"))
        self.agrees(3)

    def test_folders_that_are_made_while_files_are_written_into_them(self):
        count = 500

        def fill(numbers):
            for n in numbers:
                self.rig.write(f"many/{n % 7}/{n}/a/b/report.txt", report(f"Report {n} of the many"))

        threads = [threading.Thread(target=fill, args=(range(k, count, 2),)) for k in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.agrees(3 + count)

    def test_more_new_folders_than_crawls_that_may_wait(self):
        # More than Crawler::kMaxCrawls folders at once: the whole corpus is crawled instead, and the state says when it is done.
        self.rig.daemon.send_signal(signal.SIGSTOP)
        for n in range(1500):
            self.path(f"folder/f{n}").mkdir()
        self.rig.write("folder/f1499/last.txt", report("In the last of them"))
        self.rig.daemon.send_signal(signal.SIGCONT)
        self.agrees(4)
        daemon = self.rig.status()["daemon"]
        self.assertEqual((daemon["state"], daemon["corpora"][0]["state"]), ("ready", "watched"))
        self.assertEqual(daemon["watches"], 3 + 1500)


class Links(Changes):
    def test_links_are_no_reports_and_are_not_followed(self):
        target = self.elsewhere() / "target.txt"
        target.write_text(report("A report outside"))
        for name, to in (("dangling.txt", "nowhere"), ("to-file.txt", "first.txt"), ("to-outside.txt", target),
                         ("to-folder", "folder"), ("cycle", "."), ("folder/deep/up", "../.."), ("itself", "itself")):
            self.path(name).symlink_to(to)
        self.agrees(3)

    def test_a_file_that_becomes_a_link(self):
        self.path("first.txt").unlink()
        self.path("first.txt").symlink_to("folder/second.txt")
        self.agrees(2)
        self.path("first.txt").unlink()
        self.rig.write("first.txt", report("A file again"))
        self.agrees(3)

    def test_a_link_that_is_renamed_over_a_file(self):
        self.path("link").symlink_to("folder/second.txt")
        self.path("link").rename(self.path("first.txt"))
        self.agrees(2)

    def test_a_folder_that_becomes_a_link_to_a_folder(self):
        self.path("folder").rename(self.elsewhere() / "folder")
        self.path("folder").symlink_to(self.elsewhere() / "folder")
        self.agrees(1)

    def test_pipes_and_sockets_are_no_reports(self):
        os.mkfifo(self.path("pipe.txt"))
        self.agrees(3)


class Permissions(Changes):
    user = unprivileged()  # root may read everything

    def status_of(self, name):
        self.rig.sync()
        hit = self.rig.everything()[self.rig.path(name)]
        return hit["status"], hit.get("reason", "")

    def test_a_file_that_becomes_unreadable_and_readable_again(self):
        self.path("first.txt").chmod(0)
        status, reason = self.status_of("first.txt")
        self.assertEqual(status, "unreadable")
        self.assertIn("Permission denied", reason)
        self.assertEqual(self.rig.paths('"the first report"'), [])
        self.path("first.txt").chmod(0o644)
        self.agrees(3)

    def test_a_folder_that_becomes_unreadable_and_readable_again(self):
        self.path("folder").chmod(0o444)  # its names may be listed, and no more
        self.assertEqual(self.status_of("folder/second.txt")[0], "unreadable")
        self.path("folder").chmod(0)
        self.assertEqual(self.status_of("folder/second.txt")[0], "unreadable")
        self.assertEqual(self.status_of("folder/deep/third.txt")[0], "unreadable")
        self.assertEqual(self.status_of("first.txt")[0], "indexed")
        self.path("folder").chmod(0o755)
        self.agrees(3)
        self.rig.write("folder/deep/later.txt", report("Written after it was readable again"))
        self.agrees(4)

    def test_an_unreadable_file_that_is_made_so_and_unreadable_folder_that_comes_so(self):
        secret = self.rig.write(".secret", report("A secret"))
        secret.chmod(0)
        secret.rename(self.path("secret.txt"))
        closed = self.elsewhere() / "closed"
        closed.mkdir()
        (closed / "inside.txt").write_text(report("Inside a closed folder"))
        closed.chmod(0)
        closed.rename(self.path("closed"))
        self.assertEqual(self.status_of("secret.txt")[0], "unreadable")
        self.path("closed").chmod(0o755)
        self.path("secret.txt").chmod(0o644)
        self.agrees(5)


if __name__ == "__main__":
    unittest.main()
