#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`bootstrap run`, with the real programs: what it prints works, and whatever ends it, nothing of it is left.

Runs in a copy of the tree's script and corpus, with the programs of $TIDINGS_BUILD and a cmake and a ninja that do
nothing, so that the tree under test is not built again from within its own tests.
"""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("TIDINGS_SOURCE") or Path(__file__).resolve().parents[2])
BUILD = Path(os.environ.get("TIDINGS_BUILD") or SOURCE / "build/release")
SECONDS_MAX = 120  # for anything here; sanitized programs are slow to start


class BootstrapRun(unittest.TestCase):
    def setUp(self):
        self.tree = Path(tempfile.mkdtemp(prefix="tidings-run-"))
        self.addCleanup(shutil.rmtree, self.tree)
        shutil.copy(SOURCE / "bootstrap", self.tree)
        shutil.copytree(SOURCE / "corpus", self.tree / "corpus")
        (self.tree / "build/release").mkdir(parents=True)
        for program in ("tidings", "tidingsd"):
            (self.tree / "build/release" / program).symlink_to(BUILD / program)
        tools = self.tree / "tools"
        tools.mkdir()
        for tool in ("cmake", "ninja"):
            (tools / tool).write_text("#!/bin/sh\nexit 0\n")
            (tools / tool).chmod(0o755)
        self.environment = {**os.environ, "PATH": f"{tools}:{os.environ['PATH']}",
                            "XDG_STATE_HOME": str(self.tree / "state")}

    def start(self, *arguments):
        """A run, once it has said that it stands: the process, and all that it printed."""
        log = open(self.tree / "stderr", "w")
        self.addCleanup(log.close)
        run = subprocess.Popen([self.tree / "bootstrap", "run", *arguments], env=self.environment, text=True,
                               cwd=self.tree, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        self.addCleanup(self.end, run)
        printed = []
        for line in run.stdout:  # ends with the run, if it fails
            printed.append(line)
            if line.startswith("Ctrl-C"):
                return run, "".join(printed)
        self.fail(f"run ended with {run.wait()}:\n{''.join(printed)}{self.stderr()}")

    def end(self, run):
        if run.poll() is None:
            run.send_signal(signal.SIGTERM)
            run.wait(SECONDS_MAX)
        run.stdout.close()

    def stderr(self):
        return (self.tree / "stderr").read_text()

    def ours(self):
        """The programs that run with this tree's configuration, as {pid: command}."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue  # it ended meanwhile
            if str(self.tree) in command and "bootstrap" not in command.split(" --")[0]:
                found[int(process.name)] = command
        return found

    def assert_all_gone(self):
        deadline = time.monotonic() + SECONDS_MAX
        while self.ours() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(self.ours(), {})

    def test_its_examples_work_as_printed(self):
        run, printed = self.start()
        self.assertRegex(printed, r"\Aready http://127\.0\.0\.1:[0-9]+/\?token=\S+\n")
        examples = re.findall(r"^  (\S.*)$", printed.split("The first of them")[0], re.M)
        self.assertEqual(len(examples), 6, printed)
        for example in examples:
            if example.startswith("curl") and not shutil.which("curl"):
                continue
            if " watch " in example:  # it goes on until it is stopped
                example = "timeout --preserve-status -s INT 1 " + example
            with self.subTest(example=example):
                done = subprocess.run(["sh", "-c", example], capture_output=True, text=True, timeout=SECONDS_MAX,
                                      stdin=subprocess.DEVNULL, cwd="/")
                if " watch " in example:
                    self.assertNotEqual(done.returncode, 2, done.stderr)
                else:
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertTrue(done.stdout.strip())
        self.assertRegex(printed.split("The first of them")[1], "(?i)coventry")

    def test_a_signal_ends_it_well_and_all_that_it_started(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(signal=number.name):
                run, _ = self.start()
                self.assertEqual(len(self.ours()), 2, self.ours())
                run.send_signal(number)
                self.assertEqual(run.wait(SECONDS_MAX), 0)
                self.assertEqual(self.ours(), {})

    def test_killed_outright_it_leaves_nothing_behind_either(self):
        run, _ = self.start()
        run.kill()
        run.wait()
        self.assert_all_gone()

    def test_the_end_of_either_program_is_the_end_of_the_run_and_is_explained(self):
        for program in ("tidingsd", "tidings serve"):
            with self.subTest(program=program):
                run, _ = self.start()
                victim = [pid for pid, command in self.ours().items() if f"/{program} --config" in command]
                self.assertEqual(len(victim), 1, self.ours())
                os.kill(victim[0], signal.SIGKILL)
                self.assertEqual(run.wait(SECONDS_MAX), 1)
                self.assertIn(f"error: {program} stopped with exit code 137; its log is", self.stderr())
                self.assertEqual(self.ours(), {})

    def test_a_second_run_on_the_same_folder_is_refused_and_the_first_goes_on(self):
        run, _ = self.start()
        second = subprocess.run([self.tree / "bootstrap", "run", "corpus/."], env=self.environment, text=True,
                                cwd=self.tree, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS_MAX)
        self.assertEqual(second.returncode, 1)
        self.assertIn("is not over yet: stop it first", second.stderr)
        self.assertEqual(len(self.ours()), 2)

    def test_a_folder_with_an_odd_name_is_served_like_any(self):
        folder = self.tree / "it's a \"folder\" \\ of reports"
        folder.mkdir()
        (folder / "one.txt").write_text("Harbour pilots accept the offer\n\nThe pilots voted on Friday.\n")
        _, printed = self.start(folder.name)
        self.assertIn("Harbour pilots accept the offer", printed)

    def test_what_is_no_folder_is_refused_by_name(self):
        done = subprocess.run([self.tree / "bootstrap", "run", "nowhere"], env=self.environment, text=True,
                              cwd=self.tree, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS_MAX)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{self.tree}/nowhere is not a folder", done.stderr)


if __name__ == "__main__":
    unittest.main()
