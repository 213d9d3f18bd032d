# SPDX-License-Identifier: GPL-2.0-or-later
"""More changes than the kernel's queue holds: events are lost, reports are not."""
import pathlib
import signal
import unittest

from rig import Rig

FILES = 20_000
FOLDERS = 20
QUEUE = int(pathlib.Path("/proc/sys/fs/inotify/max_queued_events").read_text())


class Overflow(unittest.TestCase):
    def test_20000_files_written_while_the_daemon_stands_still_are_all_found(self):
        with Rig() as rig:
            for folder in range(FOLDERS):
                rig.write(f"{folder}/old.txt", "An old report.\n")
            rig.start_daemon()
            rig.sync()
            self.assertEqual(rig.status()["daemon"]["overflows"], 0)

            rig.daemon.send_signal(signal.SIGSTOP)
            for n in range(FILES):
                (rig.corpus / str(n % FOLDERS) / f"{n}.txt").write_text(f"Report {n}: lashers refuse the night shift.\n")
            for folder in range(FOLDERS):
                (rig.corpus / str(folder) / "old.txt").unlink()
            rig.daemon.send_signal(signal.SIGCONT)
            rig.sync()

            status = rig.status()
            if QUEUE < FILES:  # else the kernel kept them all, and the test tells less
                self.assertGreaterEqual(status["daemon"]["overflows"], 1)
                self.assertIn("file events were lost", rig.log("tidingsd"))
            self.assertEqual(status["index"]["documents"], FILES)
            self.assertEqual(status["daemon"]["pending"], 0)
            self.assertEqual(rig.search("lashers refuse")["total"]["count"], FILES)
            for n in (0, QUEUE // 3, QUEUE, FILES - 1):  # before, about and after where the queue was full
                with self.subTest(n):
                    self.assertEqual(rig.paths(f"path:{n}.txt"), [rig.path(f"{n % FOLDERS}/{n}.txt")])


if __name__ == "__main__":
    unittest.main()
