# SPDX-License-Identifier: GPL-2.0-or-later
"""The command line as people and scripts use it: exit codes, formats, options, and what never reaches a terminal."""
import json
import os
import pty
import re
import subprocess
import unicodedata
import unittest

from rig import PATIENCE, Rig


class CommandLine(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rig = rig = Rig()
        cls.addClassCleanup(rig.__exit__, None, None, None)
        rig.write("strike.txt", "Strike at the port\n\nThe dockers of the east port began a strike at dawn, and the lashers joined "
                  "them before noon; by the evening no crane on either side of the river was moving any more.\n")
        rig.write("pay.md", "# Pay talks at the port\n\nThe port offers £10.50 an hour. No strike is planned.\n")
        rig.write("peace.txt", "Quiet at the lighthouse\n\nNothing happened there all week.\n")
        rig.write("evil.txt", "Evil \x1b[31mred\x1b]0;owned\x07 title\u202e reversed \u009b1m\u2028 port\n\n"
                  "The basilisk \x1b[2Jclears \r\x08 the screen of the port.\n")
        rig.write("wide.txt", "名古屋港の荷役ストライキについて basilica 覚え書き名古屋港の荷役ストライキについて名古屋港の荷役ストライキ\n")
        rig.once()

    def search(self, *arguments, check=0):
        done = self.rig.tidings("search", *arguments, check=check)
        return done.stdout.decode(), done.stderr.decode()

    # Exit codes

    def test_exit_codes_are_those_of_grep(self):
        for arguments, code in (
                (("search", "strike"), 0), (("search", "nosuchword"), 1), (("search", "--format", "json", "nosuchword"), 1),
                (("search", "--format", "nosuch", "strike"), 2), (("search", "--nosuch", "strike"), 2),
                (("search", "-n", "many", "strike"), 2), (("search", "x" * 5000), 2), (("nosuch",), 2), (("status",), 0),
                (("show", self.rig.path("strike.txt")), 0), (("show", self.rig.path("nosuch.txt")), 2), (("show",), 2),
                (("status", "--format", "trec"), 2)):
            with self.subTest(arguments):
                self.rig.tidings(*arguments, check=code)
        self.rig.run("tidings", check=2)
        self.rig.run("tidings", "--help", check=0)
        self.rig.run("tidings", "search", "--help", check=0)
        self.rig.run("tidingsd", "--help", check=0)

    def test_an_index_that_does_not_exist_is_told_with_the_way_out(self):
        for command in (("search", "strike"), ("status",), ("show", "a.txt"), ("watch", "strike")):
            with self.subTest(command):
                done = self.rig.tidings(*command, "--index", self.rig.root / "nowhere", check=2)
                self.assertEqual(done.stdout, b"")
                self.assertIn(str(self.rig.root / "nowhere"), done.stderr.decode())
                self.assertIn("start tidingsd", done.stderr.decode())
        self.assertFalse((self.rig.root / "nowhere").exists())

    def test_errors_of_a_query_go_to_stderr_with_what_is_allowed(self):
        out, err = self.search("x" * 5000, check=2)
        self.assertEqual(out, "")
        self.assertIn("4096", err)

    # Formats

    def test_text_puts_data_on_stdout_and_talk_on_stderr(self):
        out, err = self.search("strike dawn")
        self.assertTrue(out.startswith("1. Strike at the port\n"), out)
        self.assertIn(self.rig.path("strike.txt"), out)
        self.assertIn("«strike»", out)
        self.assertNotIn("generation", out)
        self.assertIn("not watched: no daemon is running", err)
        self.assertRegex(err, r"1 reports? with")

    def test_json_is_one_document_of_version_1(self):
        answer = json.loads(self.search("--format", "json", "strike")[0])
        self.assertEqual(answer["version"], 1)
        self.assertLessEqual({"version", "generation", "as_of_ms", "pending", "took_ms", "query", "total", "hits"}, set(answer))
        self.assertIsNone(answer["pending"])  # without a daemon
        self.assertEqual(answer["total"], {"count": 2, "exact": True})
        hit = answer["hits"][0]
        for begin, end in hit["passages"][0]["marks"]:
            self.assertIn("strike", hit["passages"][0]["text"][begin:end].lower())

    def test_ndjson_is_one_hit_a_line_and_the_same_hits(self):
        lines = self.search("--format", "ndjson", "strike")[0].splitlines()
        self.assertEqual([json.loads(line) for line in lines], json.loads(self.search("--format", "json", "strike")[0])["hits"])

    def test_paths_are_lines_or_end_in_nul(self):
        lines = self.search("--format", "paths", "port")[0].splitlines()
        self.assertEqual(set(lines), {self.rig.path(n) for n in ("strike.txt", "pay.md", "evil.txt")})
        self.assertEqual(self.search("--format", "paths", "-0", "port")[0].split("\0"), lines + [""])

    def test_scripts_get_full_matches_only_unless_they_ask(self):
        self.assertIn("partial", self.search("strike lighthouse")[0])
        for form in ("paths", "ndjson"):
            self.assertEqual(self.search("--format", form, "strike lighthouse", check=1)[0], "")
            self.assertGreaterEqual(len(self.search("--format", form, "--partial", "strike lighthouse")[0].splitlines()), 2)

    def test_number_and_offset(self):
        whole = self.search("--format", "paths", "port")[0].splitlines()
        self.assertEqual(self.search("--format", "paths", "-n", "2", "port")[0].splitlines(), whole[:2])
        self.assertEqual(self.search("--format", "paths", "-n", "2", "--offset", "2", "port")[0].splitlines(), whole[2:])
        self.assertTrue(self.search("--offset", "2", "port")[0].startswith("3. "))

    def test_sort_by_date(self):
        newest = self.search("--format", "paths", "--sort", "newest", "port")[0].splitlines()
        oldest = self.search("--format", "paths", "--sort", "oldest", "port")[0].splitlines()
        self.assertEqual(sorted(newest), sorted(oldest))

    def test_a_reader_that_goes_away_is_no_error_to_tell(self):
        process = subprocess.Popen(
            [self.rig.program("tidings"), "search", "--config", self.rig.config_file, "--format", "ndjson", "port"],
            env=self.rig.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.close()
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()
        self.assertIn(process.wait(PATIENCE), (0, 1, 2))

    # Queries

    def test_a_word_to_be_left_out_comes_after_two_dashes(self):
        self.assertEqual(self.search("--format", "paths", "--", "-strike", "port")[0].splitlines(), [self.rig.path("evil.txt")])
        self.assertEqual(self.search("--format", "paths", "--", "port -strike")[0].splitlines(), [self.rig.path("evil.txt")])

    def test_plain_takes_a_bag_of_words_without_operators(self):
        paths = self.search("--plain", "--format", "paths", "--", "lighthouse -strike (nosuchword")[0].splitlines()
        self.assertEqual(set(paths), {self.rig.path(n) for n in ("strike.txt", "pay.md", "peace.txt")})
        hits = json.loads(self.search("--plain", "--format", "json", "lighthouse strike")[0])["hits"]
        scores = [hit["score"] for hit in hits]
        self.assertEqual(scores, sorted(scores, reverse=True))

    def test_many_queries_make_a_trec_run(self):
        queries = self.rig.root / "queries.tsv"
        queries.write_text("q1\tstrike\r\n\nq2\tnosuchword\nq3\tport lighthouse\tignored\n")
        out, err = self.search("--plain", "--queries", queries, "--format", "trec")
        self.assertEqual(err, "")
        runs = {}
        for line in out.splitlines():
            qid, q0, docid, rank, score, tag = re.fullmatch(r"(\S+) (Q0) (\S+) (\d+) (-?[\d.]+) (tidings)", line).groups()
            runs.setdefault(qid, []).append((int(rank), float(score), docid))
        self.assertEqual(set(runs), {"q1", "q3"})
        self.assertEqual({docid for _, _, docid in runs["q1"]}, {"strike", "pay"})
        self.assertEqual(len(runs["q3"]), 4)
        for run in runs.values():
            self.assertEqual([rank for rank, _, _ in run], list(range(1, len(run) + 1)))
            self.assertEqual([score for _, score, _ in run], sorted((score for _, score, _ in run), reverse=True))

    def test_a_bad_file_of_queries_is_told(self):
        queries = self.rig.root / "bad.tsv"
        queries.write_text("q1\tstrike\nno tab here\n")
        self.assertIn("bad.tsv:2", self.search("--queries", queries, "--format", "trec", check=2)[1])
        self.assertIn("nowhere.tsv", self.search("--queries", self.rig.root / "nowhere.tsv", "--format", "trec", check=2)[1])
        self.assertIn("--format trec", self.search("--queries", queries, check=2)[1])
        self.assertIn("--format trec", self.search("--format", "trec", "strike", check=2)[1])

    # show

    def test_show_takes_a_path_as_it_is_typed_or_corpus_and_path(self):
        text = "Nothing happened there all week."
        for name in (self.rig.path("peace.txt"), "reports/peace.txt", "./reports/../reports/peace.txt", "reports:peace.txt"):
            with self.subTest(name):
                self.assertIn(text, self.rig.tidings("show", name, check=0).stdout.decode())
        self.assertIn("nosuch.txt", self.rig.tidings("show", "reports/nosuch.txt", check=2).stderr.decode())

    # The terminal

    def terminal(self, *arguments, columns=80, **environment):
        """What a terminal of that width would receive; and stderr goes there too."""
        master, slave = pty.openpty()
        subprocess.run(["stty", "cols", str(columns), "rows", "24"], stdin=slave, check=True)
        process = subprocess.Popen(
            [self.rig.program("tidings"), arguments[0], "--config", self.rig.config_file, *arguments[1:]], stdin=slave,
            stdout=slave, stderr=subprocess.DEVNULL, env={**self.rig.environment, "TERM": "xterm", **environment})
        os.close(slave)
        received = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # EIO: the other side is closed
                break
            if not piece:
                break
            received += piece
        os.close(master)
        process.wait(PATIENCE)
        return received.decode().replace("\r\n", "\n")

    OURS = re.compile(r"\x1b\[(0|1|2|1;33)m")

    def test_a_terminal_gets_colour_unless_it_is_refused(self):
        self.assertRegex(self.terminal("search", "strike", NO_COLOR=""), self.OURS)
        for environment in ({"NO_COLOR": "1"}, {"NO_COLOR": "", "TERM": "dumb"}):
            with self.subTest(environment):
                self.assertNotIn("\x1b", self.terminal("search", "strike", **environment))
        self.assertNotIn("\x1b", self.search("strike")[0])

    def test_nothing_of_a_report_reaches_the_terminal_as_a_control_sequence(self):
        for arguments in (("search", "basilisk"), ("show", self.rig.path("evil.txt")), ("search", "title:evil")):
            for environment in ({"NO_COLOR": "1"}, {"NO_COLOR": ""}):
                with self.subTest(arguments, **environment):
                    text = self.OURS.sub("", self.terminal(*arguments, **environment))
                    self.assertIn("red", text)
                    bad = [c for c in text if c != "\n" and (unicodedata.category(c) == "Cc" or c in "\u202e\u202d\u2066\u2067\u2028\u2029")]
                    self.assertEqual(bad, [])

    def test_control_characters_in_a_file_name_are_shown_as_escapes(self):
        with Rig() as rig:
            rig.write("a\x1b[31m\nb.txt", "A report.\n")
            rig.once()
            out = rig.tidings("search", "report", check=0).stdout.decode()
            self.assertIn(f"{rig.corpus}/a\\x1B[31m\\x0Ab.txt", out)
            self.assertNotIn("\x1b", out + rig.tidings("show", f"{rig.corpus}/a\x1b[31m\nb.txt", check=0).stdout.decode())

    def width(self, line):
        return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)

    def test_no_line_is_wider_than_the_terminal(self):
        # A path is never broken, so that it can be copied; nor is a word without a place to break at.
        for columns in (40, 80, 100):
            text = self.OURS.sub("", self.terminal("search", "dockers", columns=columns))
            lines = [line for line in text.split("\n") if str(self.rig.corpus) not in line]
            with self.subTest(columns):
                self.assertLessEqual(max(map(self.width, lines)), columns)
                self.assertGreater(max(map(self.width, lines)), columns - 25)

    def test_without_a_terminal_it_is_80_columns_or_what_columns_says(self):
        out, _ = self.search("dockers")
        self.assertLessEqual(max(map(self.width, out.split("\n"))), 80)
        environment = dict(self.rig.environment, COLUMNS="50")
        done = subprocess.run([self.rig.program("tidings"), "search", "--config", self.rig.config_file, "dockers"], env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
        lines = [line for line in done.stdout.decode().split("\n") if str(self.rig.corpus) not in line]
        self.assertLessEqual(max(map(self.width, lines)), 50)

    # status and config

    def test_status_without_a_daemon_tells_of_the_index(self):
        text = self.rig.tidings("status", check=0).stdout.decode()
        self.assertRegex(text, r"(?m)^reports +5, generation \d+$")
        self.assertIn("no daemon is running", text)
        status = self.rig.status()
        self.assertEqual((status["version"], status["daemon"], status["index"]["documents"]), (1, None, 5))
        self.assertIn("no daemon is running", status["daemon_error"])

    def test_config_check_says_what_is_in_force(self):
        done = self.rig.run("tidings", "config", "check", "--config", self.rig.config_file, check=0)
        self.assertIn(str(self.rig.corpus), done.stdout.decode())
        self.assertIn(str(self.rig.index), done.stdout.decode())

    def test_config_check_says_what_is_wrong_and_where(self):
        bad = self.rig.root / "bad.toml"
        for text, where, what in (
                ("[daemon]\nbatch_documents = \"many\"\n", "2:", "batch_documents"),
                ("[daemon]\nbatch_documments = 10\n", "2:1", "batch_documents"),
                ("[index\n", "1:", ""),
                ("[limits]\nresults = -1\n", "2:", "results"),
                ("[[corpus]]\nname = \"Not Good\"\npath = \"/tmp\"\n", "2:", "name"),
                ("[log]\nlevel = \"loud\"\n", "2:", "debug")):
            with self.subTest(text):
                bad.write_text(text)
                done = self.rig.run("tidings", "config", "check", "--config", bad, check=2)
                said = (done.stdout + done.stderr).decode()
                self.assertIn(f"{bad}:{where}", said)
                self.assertIn(what, said)
        self.rig.run("tidings", "config", "check", "--config", self.rig.root / "nowhere.toml", check=2)

    def test_a_configuration_that_is_wrong_stops_every_command(self):
        bad = self.rig.root / "wrong.toml"
        bad.write_text("[daemon]\nbatch_documments = 10\n")
        for command in (("search", "strike"), ("status",), ("sync",), ("serve",)):
            with self.subTest(command):
                done = self.rig.run("tidings", *command, "--config", bad, check=2)
                self.assertIn(f"{bad}:2:1", done.stderr.decode())

    def test_without_a_configuration_the_places_of_the_user_hold(self):
        # HOME and XDG_RUNTIME_DIR are those of the rig.
        done = self.rig.run("tidings", "search", "strike", check=2)
        self.assertIn(f"{self.rig.root}/.local/share/tidings/index", done.stderr.decode())


if __name__ == "__main__":
    unittest.main()
