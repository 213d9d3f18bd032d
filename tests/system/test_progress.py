# SPDX-License-Identifier: GPL-2.0-or-later
"""How far a backfill is: in the status, and on a terminal in one line that is rewritten in place."""
import json
import os
import pty
import re
import subprocess
import unittest

from rig import PATIENCE, Rig

# More words than any machine reads in the second after which a progress line is shown.
FILES, WORDS = 150, [f"crane{n}" for n in range(45_000)]


def text_of(n):
    return f"Report {n}.\n\n" + " ".join(WORDS[n * 100:n * 100 + 20_000])


LINE = re.compile(r"[\d,]+ of (at least )?[\d,]+ files")


class Terminal:
    """A terminal of 100 columns for a program's stderr, and all that the program wrote to it."""

    def __init__(self):
        self.screen, self.program = pty.openpty()
        os.set_inheritable(self.program, True)

    def read_to_the_end(self):
        os.close(self.program)
        written = b""
        while True:
            try:
                chunk = os.read(self.screen, 65536)
            except OSError:  # EIO: the program has closed its end
                chunk = b""
            if not chunk:
                os.close(self.screen)
                return written.decode()
            written += chunk


class Progress(unittest.TestCase):
    def setUp(self):
        self.rig = Rig(config={"daemon": {"workers": 1}})
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))
        for n in range(FILES):
            self.rig.write(f"{n % 10}/{n}.txt", text_of(n))

    def on_terminal(self, program, *arguments):
        """One run with stderr on a terminal: what it wrote there, and stdout."""
        terminal = Terminal()
        process = subprocess.Popen(
            [self.rig.program(program), *map(os.fspath, arguments)], env=self.rig.environment, cwd=self.rig.root,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=terminal.program)
        written = terminal.read_to_the_end()
        out, _ = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, written)
        return written, out.decode()

    def check_rewritten(self, written):
        """Lines of at most 79 columns, each over the one before, and none left at the end."""
        shown = [line for line in written.split("\r") if LINE.match(line)]
        self.assertGreater(len(shown), 1, written)
        for line in shown:
            self.assertLess(len(line), 80)
            self.assertNotIn("\n", line.rstrip(" "))
        self.assertNotIn("\x1b", "".join(shown))
        self.assertTrue(any(LINE.match(line)[1] is None and " files/s" in line for line in shown), shown)

    def test_sync_shows_it_on_a_terminal(self):
        self.rig.start_daemon()
        written, out = self.on_terminal("tidings", "sync", "--config", self.rig.config_file)
        self.assertRegex(out, r"^generation \d+\n$")
        self.check_rewritten(written)
        self.assertNotIn("\n", written)
        self.assertRegex(written, r"\r +\r$", "the line is wiped at the end")

    def test_once_shows_it_on_a_terminal_and_its_log_stands_on_lines_of_its_own(self):
        written, _ = self.on_terminal("tidingsd", "--config", self.rig.config_file, "--once")
        self.check_rewritten(written)
        log = next(line for line in written.split("\n") if "crawled" in line)
        self.assertRegex(log, r"\r {79}\r[^\r]*crawled; 150 reports")
        self.assertEqual(self.rig.status()["index"]["documents"], FILES)

    def test_nothing_of_it_where_stderr_is_no_terminal(self):
        self.rig.start_daemon()
        done = self.rig.sync()
        self.assertEqual(done.stderr, b"")
        self.rig.stop_daemon()
        self.assertNotRegex(self.rig.once("--rebuild").stderr.decode(), LINE)

    def test_the_status_has_it_while_it_lasts(self):
        self.rig.start_daemon()
        waiting = subprocess.Popen(
            [self.rig.program("tidings"), "sync", "--config", self.rig.config_file], env=self.rig.environment,
            stdout=subprocess.DEVNULL)
        seen, text = [], None
        while waiting.poll() is None:
            answer = self.rig.tidings("status", "--format", "json")
            if answer.returncode == 0 and (progress := (json.loads(answer.stdout)["daemon"] or {}).get("progress")):
                seen.append(progress)
                if progress["files_per_s"] is not None and text is None:
                    text = self.rig.tidings("status", check=0).stdout.decode()
        self.assertEqual(waiting.returncode, 0)
        for before, after in zip(seen, seen[1:]):
            self.assertLessEqual(before["files_done"], after["files_done"])
            self.assertLessEqual(before["files_total"], after["files_total"])
        last = seen[-1]
        self.assertTrue(last["listed"])
        self.assertEqual(last["files_total"], FILES)
        self.assertEqual(last["bytes_total"], sum(len(text_of(n)) for n in range(FILES)))
        self.assertIsNotNone(last["seconds_left"])
        self.assertTrue(all(p["seconds_left"] is None for p in seen if not p["listed"]))
        self.assertRegex(text, r"(?m)^progress  [\d,]+ of (at least )?150 files, [\d,]+ files/s, \d+\.\d MB/s")
        self.assertIsNone(self.rig.status()["daemon"]["progress"])
        self.assertNotIn("progress", self.rig.tidings("status", check=0).stdout.decode())


if __name__ == "__main__":
    unittest.main()
