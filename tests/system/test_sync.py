# SPDX-License-Identifier: GPL-2.0-or-later
"""The promise of sync: all that was on disk when it was called is found by a search after it."""
import json
import re
import signal
import socket
import subprocess
import time
import unittest

from rig import PATIENCE, Rig


class Sync(unittest.TestCase):
    def setUp(self):
        self.rig = Rig()
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))

    def test_an_idle_daemon_answers_with_its_generation_and_publishes_nothing(self):
        self.rig.write("a.txt", "A report.\n")
        self.rig.start_daemon()
        first, second = self.rig.sync(), self.rig.sync()
        self.assertEqual(first.stdout, second.stdout)
        self.assertEqual(first.stdout.decode(), f"generation {self.rig.status()['index']['generation']}\n")
        self.assertEqual(first.stderr, b"")

    def test_it_waits_for_a_daemon_that_is_starting(self):
        self.rig.write("a.txt", "A report.\n")
        waiting = subprocess.Popen(
            [self.rig.program("tidings"), "sync", "--config", self.rig.config_file], env=self.rig.environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.rig.start_daemon()
        out, err = waiting.communicate(timeout=PATIENCE)
        self.assertEqual((waiting.returncode, err), (0, b""))
        self.assertRegex(out.decode(), r"^generation [1-9]\d*\n$")
        self.assertEqual(self.rig.paths("report"), [self.rig.path("a.txt")])

    def test_during_a_backfill_it_waits_for_all_that_was_on_disk(self):
        count = 1500
        for n in range(count):
            self.rig.write(f"{n % 10}/{n}.txt", f"Report {n}.\n\n" + "The crane stood still all night long. " * 40)
        self.rig.start_daemon()
        self.rig.sync()
        self.assertEqual(self.rig.search("crane still")["total"]["count"], count)

    def test_each_report_is_found_by_the_search_after_its_sync(self):
        self.rig.start_daemon()
        for n in range(30):
            self.rig.write(f"{n % 3}/{n}.txt", f"Report number{n} from the pier.\n")
            self.rig.sync()
            self.assertEqual(self.rig.paths(f"number{n}"), [self.rig.path(f"{n % 3}/{n}.txt")])

    def test_many_may_wait_at_once(self):
        self.rig.start_daemon()
        self.rig.sync()
        for n in range(300):
            self.rig.write(f"{n}.txt", f"Report number{n}.\n")
        command = [self.rig.program("tidings"), "sync", "--config", self.rig.config_file]
        waiting = [subprocess.Popen(command, env=self.rig.environment, stdout=subprocess.PIPE) for _ in range(8)]
        for process in waiting:
            out, _ = process.communicate(timeout=PATIENCE)
            self.assertEqual(process.returncode, 0)
            self.assertLessEqual(int(re.search(rb"\d+", out)[0]), self.rig.status()["index"]["generation"])
        self.assertEqual(self.rig.status()["index"]["documents"], 300)

    def test_without_a_daemon_it_gives_up_and_says_what_to_do(self):
        self.rig.once()
        began = time.monotonic()
        done = self.rig.tidings("sync", check=2)
        self.assertLess(time.monotonic() - began, 5 + 10)  # five seconds for a daemon that may be starting
        self.assertEqual(done.stdout, b"")
        self.assertIn("no daemon is running", done.stderr.decode())
        self.assertIn("start tidingsd", done.stderr.decode())

    def test_a_daemon_that_does_not_answer_in_time_is_told(self):
        self.rig.start_daemon()
        self.rig.sync()
        self.rig.daemon.send_signal(signal.SIGSTOP)
        done = self.rig.tidings("sync", "--timeout", "1", check=2)
        self.assertIn("did not answer in time", done.stderr.decode())
        self.rig.daemon.send_signal(signal.SIGCONT)
        self.rig.sync()

    def test_a_sync_that_is_waited_for_when_the_daemon_stops_is_answered(self):
        for n in range(1500):
            self.rig.write(f"{n}.txt", f"Report {n}.\n\n" + "The crane stood still all night long. " * 40)
        self.rig.start_daemon()
        with self.control() as control:
            lines = control.makefile()
            control.sendall(b"status\nsync\n")
            lines.readline()  # the status: what was sent has been read
            self.rig.daemon.send_signal(signal.SIGTERM)
            answer = json.loads(lines.readline())
        self.assertTrue("generation" in answer or "stopping" in answer["error"], answer)

    def control(self):
        """A connection to the control socket, once the daemon listens."""
        until = time.monotonic() + PATIENCE
        while True:
            control = socket.socket(socket.AF_UNIX)
            control.settimeout(PATIENCE)
            try:
                control.connect(str(self.rig.control_socket))
                return control
            except OSError:
                control.close()
                if time.monotonic() > until or self.rig.daemon.poll() is not None:
                    raise


class ControlSocket(unittest.TestCase):
    def test_bad_requests_are_refused_and_harm_nobody(self):
        with Rig() as rig:
            rig.start_daemon()
            rig.sync()
            for request in (b"nonsense\n", b"\n", b"sync now\n", b"\xff\xfe\n", b"GET / HTTP/1.1\n"):
                with self.subTest(request), socket.socket(socket.AF_UNIX) as control:
                    control.settimeout(PATIENCE)
                    control.connect(str(rig.control_socket))
                    control.sendall(request)
                    self.assertIn("error", json.loads(control.makefile().readline()))
            with socket.socket(socket.AF_UNIX) as control:  # a line without an end
                control.settimeout(PATIENCE)
                control.connect(str(rig.control_socket))
                try:
                    control.sendall(b"x" * 100_000)
                    while control.recv(4096):
                        pass
                except OSError:
                    pass  # closed on us
            rig.sync()

    def test_only_the_owner_may_connect(self):
        with Rig() as rig:
            rig.start_daemon()
            rig.sync()
            self.assertEqual(rig.control_socket.stat().st_mode & 0o777, 0o600)
            self.assertEqual(rig.index.stat().st_mode & 0o777, 0o700)


if __name__ == "__main__":
    unittest.main()
