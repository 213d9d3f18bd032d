# SPDX-License-Identifier: GPL-2.0-or-later
"""Bad input has a defined outcome: a clear message, the file's status, and everything else indexed."""
import os
import pathlib
import shutil
import signal
import socket
import threading
import unittest

from rig import Rig, unprivileged


class Case(unittest.TestCase):
    def rig(self, **options):
        rig = Rig(**options)
        self.addCleanup(lambda: rig.__exit__(None, None, None))
        return rig

    def refused(self, rig, *arguments, program="tidingsd"):
        """What it says on stderr of why it does not start; always exit 2."""
        done = rig.run(program, "--config", rig.config_file, *arguments, check=2)
        self.assertEqual(done.stdout, b"")
        return done.stderr.decode()


class CorpusFolders(Case):
    def two(self, user=None):
        rig = self.rig(user=user)
        rig.other = rig.root / "other"
        rig.corpora = {"reports": rig.corpus, "other": rig.other}
        rig.configure({})
        rig.write("a.txt", "A report.\n")
        return rig

    def state(self, rig, name="other"):
        rig.sync()
        corpus = next(c for c in rig.status()["daemon"]["corpora"] if c["name"] == name)
        return corpus["state"], corpus["reason"]

    def test_a_missing_folder_is_told_and_is_indexed_when_it_appears(self):
        rig = self.two()
        rig.start_daemon()
        self.assertEqual(self.state(rig), ("offline", f"{rig.other}: No such file or directory"))
        self.assertEqual(self.state(rig, "reports"), ("watched", ""))
        self.assertEqual(rig.paths("report"), [rig.path("a.txt")])
        text = rig.tidings("status", check=0).stdout.decode()
        self.assertIn("offline", text)
        self.assertIn("No such file or directory", text)
        rig.other.mkdir()
        (rig.other / "b.txt").write_text("Another report.\n")
        self.assertEqual(self.state(rig), ("watched", ""))
        self.assertEqual(rig.paths("another"), [str(rig.other / "b.txt")])
        (rig.other / "c.txt").write_text("One more report.\n")
        rig.sync()
        self.assertEqual(rig.paths("more"), [str(rig.other / "c.txt")])

    def test_a_folder_that_vanishes_keeps_its_reports_until_it_is_back(self):
        rig = self.two()
        rig.other.mkdir()
        (rig.other / "b.txt").write_text("Another report.\n")
        (rig.other / "c.txt").write_text("Another report that goes.\n")
        rig.start_daemon()
        rig.sync()
        rig.other.rename(rig.root / "unmounted")
        self.assertEqual(self.state(rig)[0], "offline")
        self.assertEqual(len(rig.paths("another")), 2)
        rig.stop_daemon()
        rig.start_daemon()
        self.assertEqual(self.state(rig)[0], "offline")
        self.assertEqual(len(rig.paths("another")), 2)
        (rig.root / "unmounted" / "c.txt").unlink()
        (rig.root / "unmounted").rename(rig.other)
        self.assertEqual(self.state(rig), ("watched", ""))
        self.assertEqual(rig.paths("another"), [str(rig.other / "b.txt")])

    def test_once_says_that_a_folder_is_missing_and_indexes_the_others(self):
        rig = self.two()
        self.assertIn(f"{rig.other}: No such file or directory", self.refused(rig, "--once"))
        self.assertEqual(rig.paths("report"), [rig.path("a.txt")])

    def test_an_unreadable_folder_is_told_and_is_indexed_when_it_can_be_read(self):
        rig = self.two(user=unprivileged())
        rig.other.mkdir()
        (rig.other / "b.txt").write_text("Another report.\n")
        rig.other.chmod(0)
        rig.start_daemon()
        self.assertEqual(self.state(rig), ("offline", f"{rig.other}: Permission denied"))
        self.assertEqual(rig.paths("report"), [rig.path("a.txt")])
        rig.other.chmod(0o755)
        self.assertEqual(self.state(rig), ("watched", ""))
        self.assertEqual(rig.paths("another"), [str(rig.other / "b.txt")])

    def test_a_corpus_that_is_a_file_is_told(self):
        rig = self.two()
        rig.other.write_text("No folder.\n")
        rig.start_daemon()
        state, reason = self.state(rig)
        self.assertEqual(state, "offline")
        self.assertIn("Not a directory", reason)
        self.assertEqual(rig.paths("report"), [rig.path("a.txt")])

    def test_a_corpus_by_a_link_is_indexed(self):
        rig = self.two()
        (rig.root / "real").mkdir()
        (rig.root / "real" / "b.txt").write_text("Another report.\n")
        rig.other.symlink_to("real")
        rig.start_daemon()
        rig.sync()
        (rig.root / "real" / "c.txt").write_text("Another report, too.\n")
        rig.sync()
        self.assertEqual(len(rig.paths("another")), 2)

    def test_a_missing_folder_that_comes_as_a_link_is_watched_where_it_leads(self):
        rig = self.two()
        rig.start_daemon()
        self.assertEqual(self.state(rig)[0], "offline")
        (rig.root / "real").mkdir()
        (rig.root / "real" / "b.txt").write_text("Another report.\n")
        rig.other.symlink_to("real")
        self.assertEqual(self.state(rig), ("watched", ""))
        self.assertEqual(rig.paths("another"), [str(rig.root / "real" / "b.txt")])
        (rig.root / "real" / "c.txt").write_text("One more report.\n")  # told by an event, or not found
        rig.sync()
        self.assertEqual(rig.paths("more"), [str(rig.root / "real" / "c.txt")])

    def test_a_folder_that_holds_the_index_is_no_loop(self):
        rig = self.rig()
        rig.index = rig.corpus / "index"
        rig.configure({})
        rig.write("a.txt", "A report.\n")
        rig.start_daemon()
        rig.sync()
        generation = rig.status()["index"]["generation"]
        for _ in range(3):
            rig.sync()
        self.assertEqual(rig.status()["index"]["generation"], generation)
        self.assertEqual(set(rig.everything()), {rig.path("a.txt")})
        rig.write("b.txt", "Another report.\n")
        rig.sync()
        self.assertEqual(set(rig.everything()), {rig.path("a.txt"), rig.path("b.txt")})
        self.assertEqual(rig.status()["index"]["generation"], generation + 1)


class Configuration(Case):
    def setUp(self):
        self.r = self.rig()
        self.r.extra = self.r.root / "extra"
        self.r.extra.mkdir()
        (self.r.extra / "e.txt").write_text("An extra report.\n")
        self.r.write("a.txt", "A report.\n")

    def generations(self):
        return {path: hit["generation"] for path, hit in self.r.everything().items()}

    def test_a_corpus_that_is_taken_out_while_it_is_read_leaves_nothing(self):
        rig = self.r
        for number in range(1500):
            (rig.extra / f"{number}.txt").write_text(f"Report {number}\n\n" + "Dockers met at the wharf.\n" * 40)
        for round_ in range(4):
            rig.corpora = {"reports": rig.corpus, "extra": rig.extra}
            rig.configure({})
            if round_ == 0:
                rig.start_daemon()
            else:
                rig.daemon.send_signal(signal.SIGHUP)
            rig.tidings("sync" if round_ == 0 else "status")  # read in full, or being read
            rig.corpora = {"reports": rig.corpus}
            rig.configure({})
            rig.reload()
            self.assertEqual(set(rig.everything()), {rig.path("a.txt")})

    def test_a_corpus_that_is_added_and_taken_out_touches_nothing_else(self):
        rig = self.r
        rig.start_daemon()
        rig.sync()
        before = self.generations()
        rig.corpora = {"reports": rig.corpus, "extra": rig.extra}
        rig.configure({})
        rig.reload()
        added = self.generations()
        self.assertEqual(set(added), {rig.path("a.txt"), str(rig.extra / "e.txt")})
        self.assertEqual(added[rig.path("a.txt")], before[rig.path("a.txt")])
        self.assertEqual(rig.everything()[str(rig.extra / "e.txt")]["cause"], "first_crawl")
        files = rig.status()["daemon"]["files"]
        (rig.extra / "live.txt").write_text("A live extra report.\n")
        rig.sync()
        self.assertEqual(rig.paths("live"), [str(rig.extra / "live.txt")])

        rig.corpora = {"reports": rig.corpus}
        rig.configure({})
        rig.reload()
        self.assertEqual(self.generations(), before)
        self.assertEqual(rig.status()["daemon"]["files"], files + 1, "nothing was read again")
        self.assertEqual([c["name"] for c in rig.status()["index"]["corpora"]], ["reports"])
        (rig.extra / "late.txt").write_text("A late extra report.\n")
        rig.sync()
        self.assertEqual(self.generations(), before)

    def test_a_corpus_that_is_taken_out_while_the_daemon_is_down_leaves_the_index(self):
        rig = self.r
        rig.corpora = {"reports": rig.corpus, "extra": rig.extra}
        rig.configure({})
        rig.once()
        self.assertEqual(len(rig.everything()), 2)
        rig.corpora = {"reports": rig.corpus}
        rig.configure({})
        rig.once()
        self.assertEqual(set(rig.everything()), {rig.path("a.txt")})

    def test_a_broken_configuration_at_sighup_leaves_the_old_one_in_force(self):
        self.stays_as_it_was("[index\nfolder = 3\n", "tidings.toml:1")

    def test_a_configuration_without_a_corpus_at_sighup_empties_no_index(self):
        whole = self.r.config_file.read_text()
        self.stays_as_it_was(whole[:whole.index("[[corpus]]")], "no corpus folder is configured")

    def stays_as_it_was(self, configuration, reason):
        rig = self.r
        rig.start_daemon()
        rig.sync()
        shutil.copy(rig.config_file, rig.root / "good.toml")
        rig.config_file.write_text(configuration)
        rig.daemon.send_signal(signal.SIGHUP)
        rig.write("b.txt", "A later report.\n")
        good = rig.root / "good.toml"
        rig.run("tidings", "sync", "--config", good, check=0)
        self.assertIn("the configuration stays as it was", rig.log("tidingsd"))
        self.assertIn(reason, rig.log("tidingsd"))
        found = rig.run("tidings", "search", "--config", good, "--format", "paths", "later", check=0)
        self.assertEqual(os.fsdecode(found.stdout), rig.path("b.txt") + "\n")

    def test_a_broken_configuration_at_start_is_told_with_its_line(self):
        self.r.config_file.write_text("[daemon]\nbatch_mss = 3\n")
        self.assertRegex(self.refused(self.r), r"tidings\.toml:2:1: .*batch_ms\b")
        self.assertRegex(self.refused(self.r, "report", program="tidings"), r"tidings\.toml|subcommand")

    def test_no_corpus_is_told(self):
        self.r.corpora = {}
        self.r.configure({})
        self.assertIn("--corpus DIR", self.refused(self.r))


class IndexFolder(Case):
    def test_a_folder_that_holds_other_files_is_refused_and_left_alone(self):
        rig = self.rig()
        rig.index.mkdir()
        (rig.index / "thesis.txt").write_text("Years of work.\n")
        said = self.refused(rig)
        self.assertIn("holds files that are no index of tidings", said)
        self.assertIn("[index] folder", said)
        self.refused(rig, "--rebuild")
        self.assertEqual([p.name for p in rig.index.iterdir()], ["thesis.txt"])

    def test_a_folder_where_none_can_be_made_is_told(self):
        rig = self.rig()
        (rig.root / "file").write_text("")
        rig.index = rig.root / "file" / "index"
        rig.configure({})
        self.assertIn(str(rig.index), self.refused(rig))

    def test_a_second_daemon_is_refused_and_the_first_goes_on(self):
        rig = self.rig()
        rig.write("a.txt", "A report.\n")
        rig.start_daemon()
        rig.sync()
        for arguments in ((), ("--once",), ("--rebuild",), ("--once", "--rebuild")):
            with self.subTest(arguments):
                said = self.refused(rig, *arguments)
                self.assertIn("another process is writing this index", said)
                self.assertIn("only one tidingsd may run", said)
        rig.write("b.txt", "Another report.\n")
        rig.sync()
        self.assertEqual(set(rig.everything()), {rig.path("a.txt"), rig.path("b.txt")})

    def test_a_control_socket_in_use_is_told_and_its_owner_goes_on(self):
        rig = self.rig()
        with socket.socket(socket.AF_UNIX) as owner:
            owner.bind(str(rig.control_socket))
            owner.listen()
            said = self.refused(rig)
            self.assertIn(str(rig.control_socket), said)
            self.assertIn("already listening", said)
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(rig.control_socket))

    def test_a_file_in_the_place_of_the_control_socket_is_left_alone(self):
        rig = self.rig()
        rig.control_socket.write_text("precious\n")
        self.assertIn(str(rig.control_socket), self.refused(rig))
        self.assertEqual(rig.control_socket.read_text(), "precious\n")


class Files(Case):
    """Each beside a good report, which must be found whatever the others are."""

    def start(self, rig):
        rig.write("good.txt", "The good report.\n")
        rig.start_daemon()
        rig.sync()
        return rig

    def check(self, rig, path, status, reason=None):
        rig.sync()
        hit = rig.everything()[os.fsdecode(path)]
        self.assertEqual(hit["status"], status)
        if reason:
            self.assertRegex(hit["reason"], reason)
        else:
            self.assertNotIn("reason", hit)
        self.assertEqual(rig.paths('"the good report"'), [rig.path("good.txt")])
        return hit

    def test_control_characters_in_what_a_page_says_of_itself_stop_nobody(self):
        rig = self.rig()
        rig.write("ok.txt", "A good report.\n")
        name = "\\u0000a" * 90
        rig.write("page.html", '<html><head><script type="application/ld+json">{"headline": "Harbour \\u0000 closed", '
                  f'"publisher": {{"name": "{name}"}}}}</script></head><body><p>The harbour was closed at noon, as was told.</p></body></html>')
        rig.start_daemon()
        rig.sync()
        self.assertEqual(set(rig.everything()), {rig.path("ok.txt"), rig.path("page.html")})
        self.assertEqual(rig.show(rig.path("page.html"))["title"], "Harbour closed")

    def test_contents(self):
        cases = [  # name, bytes, status, reason, words that find it
            ("empty.txt", b"", "empty", "empty", ()),
            ("blank.txt", b" \n\t\n", "empty", "", ()),
            ("binary.txt", bytes(range(256)) * 64, "not_text", "", ()),
            ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_text", "", ()),
            ("document.pdf", b"%PDF-1.4\n1 0 obj\n", "not_yet_read", "", ()),
            ("latin.txt", "Die Arbeiter in Köln: ein Streik für höhere Löhne, täglich grüßt die Müdigkeit.\n".encode("latin-1"),
             "indexed", None, ("köln", "löhne")),
            ("malformed.txt", b"A mangled \xff\xfe\xc3 report: \xe2\x82 zanzibar \xed\xa0\x80 xylophone.\n" * 3, "indexed", None,
             ("zanzibar", "xylophone")),
            ("nul.txt", b"The report zebra with one\x00 NUL in a long line of words that are text.\n", None, None, ()),
            ("utf16.txt", "Quetzal in UTF-16.\n".encode("utf-16"), "indexed", None, ("quetzal",)),
            ("long.txt", b"word" * 100_000 + b"\nThe yardarm.\n", "indexed", None, ("yardarm",)),
        ]
        rig = self.rig()
        for name, contents, *_ in cases:
            rig.write(name, contents)
        self.start(rig)
        hits = rig.everything()
        for name, _, status, reason, words in cases:
            with self.subTest(name):
                hit = hits[rig.path(name)]
                if status:
                    self.assertEqual(hit["status"], status)
                self.assertEqual("reason" in hit and hit["reason"] != "", hit["status"] != "indexed")
                if reason:
                    self.assertIn(reason, hit["reason"])
                for word in words:
                    self.assertEqual(rig.paths(word), [rig.path(name)])
        self.assertEqual(rig.paths('"the good report"'), [rig.path("good.txt")])

    def test_a_file_over_the_limit_is_read_in_part_and_says_so(self):
        rig = self.rig(config={"limits": {"file_size_mib": 1}})
        rig.write("huge.txt", "The beginning of the flood.\n" + "Filler of the long report. " * 60_000 + "\nThe very ending.\n")
        self.start(rig)
        hit = self.check(rig, rig.path("huge.txt"), "partial", "1 MiB|1048576")
        self.assertGreater(hit["size"], 1 << 20)
        self.assertEqual(rig.paths("beginning flood"), [rig.path("huge.txt")])
        self.assertNotIn(rig.path("huge.txt"), rig.paths("--", '"very ending"'))

    def test_an_unreadable_file_is_found_by_its_name(self):
        rig = self.rig(user=unprivileged())
        rig.write("secret.txt", "A secret.\n").chmod(0)
        self.start(rig)
        self.check(rig, rig.path("secret.txt"), "unreadable", "Permission denied")
        self.assertEqual(rig.paths("path:secret"), [rig.path("secret.txt")])
        self.assertEqual(rig.paths('"a secret"'), [])

    def test_names_that_are_not_utf8_or_hold_line_ends(self):
        rig = self.rig()
        folder = os.fsencode(rig.corpus)
        names = [b"caf\xe9.txt", b"two\nlines.txt", b"tab\there.txt", b"\xff\xfe", b"esc\x1b[31m.txt", b"quote\"'\\.txt", b" ", b"-n",
                 b"100%_*?.txt", b"colon:name.txt", "fünf.txt".encode()]
        for n, name in enumerate(names):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(b"A report named oddly.\nNumber %d.\n" % n)
        self.start(rig)
        found = rig.tidings("search", "--format", "paths", "-0", "-n", "100", "oddly", check=0).stdout
        self.assertEqual(sorted(found.split(b"\0")[:-1]), sorted(os.path.join(folder, name) for name in names))
        hits = {hit["path"]: hit for hit in rig.search("-n", "100", "oddly")["hits"]}
        self.assertEqual(len(hits), len(names))
        self.assertIn("path_b64", hits[f"{rig.corpus}/caf\ufffd.txt"])
        self.assertNotIn("path_b64", hits[f"{rig.corpus}/two\nlines.txt"])
        for n, name in enumerate(names):
            with self.subTest(name):
                path = os.path.join(folder, name)
                self.assertIn(f"Number {n}.", rig.show(path)["text"])
                os.rename(path, path + b"x")
        rig.sync()
        found = rig.tidings("search", "--format", "paths", "-0", "-n", "100", "oddly", check=0).stdout
        self.assertEqual(sorted(found.split(b"\0")[:-1]), sorted(os.path.join(folder, name) + b"x" for name in names))
        lines = rig.tidings("search", "--format", "ndjson", "-n", "100", "oddly", check=0).stdout.splitlines()
        self.assertEqual(len(lines), len(names))

    def test_long_names_and_paths(self):
        rig = self.start(self.rig())
        paths = [("n" * 251 + ".txt"), "/".join(["d" * 100] * 3) + "/a.txt"]
        room = 4095 - len(str(rig.corpus)) - 1 - len("/deep.txt")
        parts = []
        while room > 0:
            parts.append("p" * min(200, room))
            room -= len(parts[-1]) + 1
        paths.append("/".join(parts) + "/deep.txt")
        for n, name in enumerate(paths):
            self.assertLessEqual(len(str(rig.corpus)) + 1 + len(name), 4095)
            rig.write(name, f"A far report, number{n}.\n")
        rig.sync()
        for n, name in enumerate(paths):
            with self.subTest(length=len(name)):
                self.assertEqual(rig.paths(f"number{n}"), [rig.path(name)])
                self.assertEqual(rig.show(rig.path(name))["text"], f"A far report, number{n}.\n")
        rig.stop_daemon()
        rig.start_daemon()
        rig.sync()
        self.assertEqual(rig.status()["daemon"]["files"], 0)
        for name in paths:
            (rig.corpus / name).unlink()
        rig.sync()
        self.assertEqual(set(rig.everything()), {rig.path("good.txt")})

    def test_a_path_past_the_systems_limit_harms_nobody(self):
        rig = self.rig()
        here = os.getcwd()
        os.chdir(rig.corpus)
        try:
            for _ in range(25):  # 5,000 bytes: no call can name it whole
                os.mkdir("q" * 200)
                os.chdir("q" * 200)
            pathlib.Path("unreachable.txt").write_text("Nobody can read this.\n")
        finally:
            os.chdir(here)
        self.start(rig)
        self.assertEqual(set(rig.everything()), {rig.path("good.txt")})
        self.assertIn("File name too long", rig.log("tidingsd"))

    def test_links_that_dangle_or_go_in_a_circle(self):
        rig = self.rig()
        for name, to in (("dangling.txt", "nowhere"), ("self.txt", "self.txt"), ("up", ".."), ("here", "."), ("root", "/")):
            (rig.corpus / name).symlink_to(to)
        self.start(rig)
        self.assertEqual(set(rig.everything()), {rig.path("good.txt")})

    def test_files_that_vanish_while_they_are_read(self):
        rig = self.start(self.rig())
        stop = threading.Event()
        self.addCleanup(stop.set)  # whatever fails below, the workers end

        def churn(worker):
            n = 0
            while not stop.is_set():
                path = rig.write(f"churn{worker}/{n % 10}.txt", f"A fleeting report {n}.\n")
                if n % 3 == 0:
                    path.rename(path.with_suffix(".text"))
                    path = path.with_suffix(".text")
                if n % 2 == 0:
                    path.unlink()
                if n % 50 == 49:
                    shutil.rmtree(path.parent)
                n += 1

        workers = [threading.Thread(target=churn, args=(k,)) for k in range(2)]
        for worker in workers:
            worker.start()
        for _ in range(15):  # reads, crawls and commits go on meanwhile
            rig.sync()
        stop.set()
        for worker in workers:
            worker.join()
        rig.sync()
        on_disk = {str(path) for path in rig.corpus.rglob("*") if path.is_file()}
        self.assertEqual(set(rig.everything()), on_disk)
        for path in on_disk:
            self.assertEqual(rig.show(path)["text"], pathlib.Path(path).read_text())


if __name__ == "__main__":
    unittest.main()
