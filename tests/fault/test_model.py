# SPDX-License-Identifier: GPL-2.0-or-later
"""A long random history of two corpora and a folder beside them; the disk itself is the model of what the index must hold.

    TIDINGS_OPERATIONS=100000 TIDINGS_SEED=… TIDINGS_BUILD=… python3 -B tests/fault/test_model.py

Every CHECK operations all stands still, and the index must be what a fresh one of the same folders is (faults.agrees). In between the
daemon is stopped for a while, so that the kernel's queue overflows, ended and started again, and searched all the time. Where
permissions can bind (we are root, and the programs run as another user), files and folders become unreadable and readable again.
"""
import os
import pathlib
import random
import shutil
import signal
import stat
import time
import unittest

from faults import agrees, seed, size
from load import WORDS, story
from rig import Rig, unprivileged
from searcher import Searchers, pair_text

OPERATIONS = size("TIDINGS_OPERATIONS", 1500)
CHECK = 250 if OPERATIONS <= 10_000 else 500
FILES_MOST = 500
PAIRS = 30
QUEUE = int(pathlib.Path("/proc/sys/fs/inotify/max_queued_events").read_text())
QUEUE_MOST = 200_000  # a longer queue is not made to overflow

NAMES = (b"report-%d.txt", b"a b %d.txt", b"caf\xe9-%d.txt", b"Gr\xc3\xa8ve %d.md", b"new\nline %d.txt", b"-n %d.txt", b"UPPER%d.TXT",
         b"colon:%d.html", b"%d", b"back\\slash-%d.txt", b"#%d", b"\xff\xfe%d.txt", b"%d.log", b"draft %d.txt", b"." + b"%d.txt", b"%d.txt~",
         b"long-" + b"x" * 200 + b"-%d.txt", "岸壁-%d.txt".encode(), b"*?[%d].txt")
FOLDERS = (b"wire", b"drafts", b"Caf\xe9", b"a b", b".hidden", b"notes", b"deep")
RULES = (b"*.log\n", b"drafts/\n", b"draft*\n!draft 1*\n", b"/report-*.txt\n", b"**/deep/*.md\n*.TXT\n", b"wire\n", b"# nothing\n", b"*\n!*.txt\n!*/\n", b"")


class Disk:
    """Operations on real folders. Each is drawn by chance and may come to nothing; none of them asks what came before."""

    def __init__(self, roots, elsewhere, pairs, chance):
        self.roots = [os.fsencode(root) for root in roots]
        self.elsewhere = os.fsencode(elsewhere)
        self.pairs, self.chance = pairs, chance
        self.number = 0
        self.versions = [0] * PAIRS
        self.locked = []  # folders without permissions
        self.done = {}
        for number in range(PAIRS):
            self.change_pair(number)
        self.look()
        for _ in range(10):
            self.create_tree()

    # What there is

    def entries(self, roots):
        files, folders = [], list(roots)
        for root in roots:
            for folder, below, names in os.walk(root):
                folders += [path for name in below if not os.path.islink(path := os.path.join(folder, name))]
                files += [path for name in names if not stat.S_ISFIFO(os.lstat(path := os.path.join(folder, name)).st_mode)]
        return files, folders

    def look(self):
        """The walk is the dear part: it is made once for some operations, which may meet what is gone by then."""
        self.files, self.folders = self.entries(self.roots + [self.elsewhere])
        self.files.sort()
        self.folders.sort()
        self.inside = [path for path in self.files if not path.startswith(self.elsewhere)]
        if len(self.files) - len(self.inside) > FILES_MOST:  # what was moved out and never came back
            for entry in os.scandir(self.elsewhere):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    os.unlink(entry.path)
            self.look()

    def a_file(self):
        if not self.files:
            raise FileNotFoundError("there is none")
        return self.chance.choice(self.files)

    def a_folder(self):
        return self.chance.choice(self.folders)

    def a_name(self):
        self.number += 1
        pattern = self.chance.choice(NAMES)
        # Some names come again and again, so that they meet what is there.
        return pattern.replace(b"%d", str(self.number if self.chance.random() < 0.7 else self.chance.randrange(20)).encode())

    def contents(self):
        kind = self.chance.random()
        text = story(self.number, self.chance)
        if kind < 0.70:
            return text.encode()
        if kind < 0.76:
            return b""
        if kind < 0.81:
            return bytes(self.chance.randrange(256) for _ in range(self.chance.randrange(1, 2000)))
        if kind < 0.83:
            return (" ".join(self.chance.choices(WORDS, k=60_000))).encode()  # one line, some 400 KB
        if kind < 0.84:
            return b"x" * 300_000  # one word
        if kind < 0.90:
            return f"<html><head><title>{text[:20]}</title></head><body><p>{text}</p></body></html>".encode()
        if kind < 0.94:
            return ("Straße in Köln: " + text).encode("latin-1")
        if kind < 0.97:
            return b"\xff\xfe" + text.encode("utf-16-le")
        return b"---\ntitle: Front matter\ndate: 2024-02-%02d\n---\n" % self.chance.randrange(1, 30) + text.encode()

    # Operations

    def create(self):
        with open(os.path.join(self.a_folder(), self.a_name()), "wb") as file:
            file.write(self.contents())

    def create_folder(self):
        os.makedirs(os.path.join(self.a_folder(), self.chance.choice(FOLDERS)), exist_ok=True)

    def create_tree(self):
        top = os.path.join(self.a_folder(), b"tree%d" % self.chance.randrange(1000))
        for folder in (top, top + b"/wire", top + b"/wire/deep"):
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, self.a_name()), "wb") as file:
                file.write(self.contents())

    def change(self):
        with open(self.a_file(), self.chance.choice(("wb", "ab"))) as file:
            file.write(self.contents())

    def truncate(self):
        path = self.a_file()
        os.truncate(path, self.chance.randrange(1 + os.stat(path).st_size))

    def replace(self):
        path = self.a_file()
        beside = os.path.join(os.path.dirname(path), b".%d.tmp" % self.number)
        with open(beside, "wb") as file:
            file.write(self.contents())
        os.rename(beside, path)

    def rename(self):
        os.rename(self.a_file(), os.path.join(self.a_folder(), self.a_name()))

    def rename_over(self):
        os.rename(self.a_file(), self.a_file())

    def rename_folder(self):
        target = os.path.join(self.a_folder(), self.chance.choice(FOLDERS) + b"-%d" % self.chance.randrange(40))
        os.rename(self.a_folder_to_move(), target)

    def swap(self):
        one, other = self.a_folder_to_move(), self.a_folder_to_move()
        aside = os.path.join(self.elsewhere, b"aside-%d" % self.number)
        os.rename(one, aside)
        try:
            os.rename(other, one)
        finally:
            os.rename(aside, other if not os.path.exists(other) else one)

    def a_folder_to_move(self):
        folder = self.a_folder()
        if folder in self.roots or folder == self.elsewhere:
            raise FileNotFoundError("a root stays")
        return folder

    def delete(self):
        os.unlink(self.a_file())

    def delete_folder(self):
        shutil.rmtree(self.a_folder_to_move())

    def touch(self):
        os.utime(self.a_file(), (self.chance.randrange(10**9), self.chance.randrange(10**9)))

    def mode(self):
        os.chmod(self.a_file(), self.chance.choice((0o644, 0o600, 0o000, 0o444)))

    def lock_folder(self):
        folder = self.a_folder_to_move()
        os.chmod(folder, 0)
        self.locked.append(folder)

    def unlock(self):
        """All of them: a fresh index does not know what an older one knew of a locked folder."""
        for folder in self.entries(self.roots + [self.elsewhere])[1]:
            if os.stat(folder).st_mode & 0o777 == 0:
                os.chmod(folder, 0o755)
        self.locked.clear()

    def write_rules(self):
        with open(os.path.join(self.a_folder(), b".tidingsignore"), "wb") as file:
            file.write(self.chance.choice(RULES))

    def remove_rules(self):
        rules = [path for path in self.files if path.endswith(b"/.tidingsignore")]
        if rules:
            os.unlink(self.chance.choice(rules))

    def no_regular_file(self):
        path = os.path.join(self.a_folder(), self.a_name())
        if self.chance.random() < 0.5:
            os.symlink(self.a_file(), path)
        else:
            os.mkfifo(path)

    def file_for_folder(self):
        folder = self.a_folder_to_move()
        shutil.rmtree(folder)
        with open(folder, "wb") as file:
            file.write(self.contents())

    def folder_for_file(self):
        path = self.a_file()
        os.unlink(path)
        os.makedirs(path)

    def change_pair(self, number=None):
        number = self.chance.randrange(PAIRS) if number is None else number
        self.versions[number] += 1
        path = self.pairs / f"pair-{number}.txt"
        beside = path.with_name(f".{path.name}.tmp")
        beside.write_text(pair_text(number, self.versions[number], self.chance))
        beside.rename(path)

    def operate(self):
        if self.number % 10 == 0 or not self.files:
            self.look()
        many, few = len(self.inside) > FILES_MOST, len(self.inside) < FILES_MOST // 2
        kinds = [(self.create, 6 if many else 26), (self.create_folder, 3), (self.create_tree, 1 if many else 20 if few else 3), (self.change, 14),
                 (self.truncate, 3), (self.replace, 8), (self.rename, 10), (self.rename_over, 4), (self.rename_folder, 5), (self.swap, 2),
                 (self.delete, 20 if many else 8), (self.delete_folder, 3 if many else 0.1), (self.touch, 4), (self.mode, 4),
                 (self.lock_folder, 0.5), (self.unlock, 0.5), (self.write_rules, 1), (self.remove_rules, 8), (self.no_regular_file, 2),
                 (self.file_for_folder, 0.1), (self.folder_for_file, 1), (self.change_pair, 8)]
        self.number += 1
        kind = self.chance.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]
        try:
            kind()
            self.done[kind.__name__] = self.done.get(kind.__name__, 0) + 1
        except (FileNotFoundError, FileExistsError, IsADirectoryError, NotADirectoryError):
            pass  # what was looked at is gone, or something else by now
        except OSError as error:
            if error.errno not in (22, 39, 36, 6, 40):  # into itself, not empty, name too long, a pipe, a loop of links
                raise


class Model(unittest.TestCase):
    def setUp(self):
        self.seed = seed()
        self.chance = random.Random(self.seed)
        self.rig = Rig(user=unprivileged())
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))
        rig = self.rig
        for name in ("wires", "pairs", "elsewhere"):
            (rig.root / name).mkdir()
            rig.corpora[name] = rig.root / name
        elsewhere = rig.corpora.pop("elsewhere")
        rig.configure({})
        self.disk = Disk([rig.corpus, rig.root / "wires"], elsewhere, rig.corpora["pairs"], self.chance)

    def overflow(self):
        """The daemon stands still until the kernel's queue is full, and sees nothing of what follows."""
        if QUEUE > QUEUE_MOST:
            return
        self.rig.daemon.send_signal(signal.SIGSTOP)
        one, other = (self.rig.corpora["pairs"] / f"pair-{n}.txt" for n in (0, 1))
        for _ in range(QUEUE // 2 + 100):  # two by turns: what is the same as the last is not queued again
            os.utime(one)
            os.utime(other)
        for _ in range(self.chance.randrange(5, 100)):
            self.disk.operate()
        self.rig.daemon.send_signal(signal.SIGCONT)

    def restart(self):
        self.rig.stop_daemon()
        for _ in range(self.chance.randrange(50)):
            self.disk.operate()
        self.rig.start_daemon()

    def test_the_index_is_what_the_disk_is_after_any_history(self):
        print(f"TIDINGS_SEED={self.seed} TIDINGS_OPERATIONS={OPERATIONS}", flush=True)
        with self.subTest(TIDINGS_SEED=self.seed):
            self.history()

    def history(self):
        rig, disk, chance = self.rig, self.disk, self.chance
        begun = time.monotonic()
        rig.start_daemon()
        rig.sync()
        rig.start_server()
        searchers = Searchers(rig, PAIRS, self.seed).start()
        self.addCleanup(lambda: searchers.processes and searchers.stop())
        operations = checks = documents = overflows = restarts = 0
        while operations < OPERATIONS:
            happening = chance.random()
            if happening < 0.25 or not checks:
                self.overflow()
                overflows += 1
            elif happening < 0.5:
                self.restart()
                restarts += 1
            for _ in range(CHECK):
                disk.operate()
                if chance.random() < 0.02:
                    rig.sync()
            operations = sum(disk.done.values())
            disk.unlock()
            documents = agrees(rig)
            checks += 1
            self.assertTrue(searchers.alive())
        searches = searchers.stop()
        disk.look()
        lost = rig.log("tidingsd").count("file events were lost")
        print(f"{operations} operations, {checks} checks, {overflows} overflows ({lost} told), {restarts} restarts, {documents} documents "
              f"of {len(disk.inside)} files at the end, generation {rig.status()['index']['generation']}; {searches} searches, 0 wrong; "
              f"{time.monotonic() - begun:.0f} s\n{dict(sorted(disk.done.items()))}", flush=True)
        self.assertGreater(searches, 0)


if __name__ == "__main__":
    unittest.main()
