# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel gives no more watches: the folders without one are polled, those alone, until there are watches again.

The limit is that of a user namespace in which the daemon runs (/proc/sys/user/max_inotify_watches).
"""
import subprocess
import unittest

from rig import Rig

LIMIT = "/proc/sys/user/max_inotify_watches"
FOLDERS = 40


class WatchLimit(unittest.TestCase):
    def setUp(self):
        done = subprocess.run(["unshare", "-U", "-r", "sh", "-c", f"echo 5 >{LIMIT}"], stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            self.skipTest(f"a user namespace with a limit of its own: {done.stderr.decode().strip()}")
        self.rig = Rig()
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))
        for n in range(FOLDERS):
            self.rig.write(f"{n}/old.txt", "An old report.\n")

    def start(self, limit):
        script = f'echo {limit} >{LIMIT} && exec "$@"'
        self.rig.daemon = self.rig.spawn(
            "tidingsd", "/usr/bin/unshare", "-U", "-r", "sh", "-c", script, "sh",
            self.rig.program("tidingsd"), "--config", self.rig.config_file)

    def set_limit(self, limit):
        subprocess.run(["nsenter", "-U", "--preserve-credentials", "-t", str(self.rig.daemon.pid), "sh", "-c", f"echo {limit} >{LIMIT}"], check=True)

    def corpus(self):
        return self.rig.status()["daemon"]["corpora"][0]

    def write_everywhere(self, name):
        for n in range(FOLDERS):
            self.rig.write(f"{n}/{name}.txt", f"A report that is {name}.\n")
        self.rig.sync()
        self.assertEqual(self.rig.search(name)["total"], {"count": FOLDERS, "exact": True})

    def test_all_is_found_with_fewer_watches_than_folders_and_all_is_watched_once_there_are_enough(self):
        watched = FOLDERS // 2
        self.start(1 + watched)
        self.rig.sync()
        self.write_everywhere("new")

        corpus = self.corpus()
        self.assertEqual(corpus["state"], "polled")
        self.assertEqual(len(corpus["polled"]) + corpus["polled_more"], FOLDERS - watched)
        self.assertGreater(corpus["polled_more"], 0)
        self.assertNotIn(str(self.rig.corpus), [p["path"] for p in corpus["polled"]])
        self.assertEqual({(p["mount"], p["type"]) for p in corpus["polled"]}, {(None, None)})
        self.assertEqual(self.rig.log("tidingsd").count("fs.inotify.max_user_watches"), 1)
        text = self.rig.tidings("status", check=0).stdout.decode()
        self.assertIn("no inotify watch was left for it", text)
        self.assertIn(f"and {corpus['polled_more']} more", text)

        self.set_limit(10 * FOLDERS)
        self.rig.sync()
        corpus = self.corpus()
        self.assertEqual((corpus["state"], corpus["polled"], corpus["polled_more"]), ("watched", [], 0))
        self.assertEqual(self.rig.status()["daemon"]["watches"], 1 + FOLDERS)
        self.write_everywhere("watched")

    def test_a_folder_without_a_watch_is_polled_with_all_below_it(self):
        self.rig.write("0/deep/er/old.txt", "An old report.\n")
        self.start(1)
        self.rig.sync()
        self.rig.write("0/deep/er/new.txt", "A deep report.\n")
        self.rig.write("0/deep/newer/new.txt", "A deep report.\n")
        self.rig.sync()
        self.assertEqual(self.rig.search("deep report")["total"]["count"], 2)
        corpus = self.corpus()
        self.assertEqual(len(corpus["polled"]) + corpus["polled_more"], FOLDERS)

    def test_a_folder_that_goes_is_polled_no_more(self):
        self.start(FOLDERS)
        self.rig.sync()
        unwatched = [p["path"] for p in self.corpus()["polled"]]
        self.assertEqual(len(unwatched), 1)
        subprocess.run(["rm", "-r", unwatched[0]], check=True)
        self.rig.sync()
        self.assertEqual((self.corpus()["state"], self.corpus()["polled"]), ("watched", []))


if __name__ == "__main__":
    unittest.main()
