# SPDX-License-Identifier: GPL-2.0-or-later
"""Either program is killed with -9 again and again while reports arrive that alerts wait for: each subscriber hears of each firing.

    TIDINGS_KILLS=100 TIDINGS_ALERTS=1000 TIDINGS_SEED=… TIDINGS_BUILD=… python3 -B tests/fault/test_alerts_kill.py

Three subscribers read the firings of all alerts and resume by the cursor of the last record that they have. Reports are written once and never
changed, so in the end what has fired for an alert must be what a search for its query finds: no more, no less. Each subscriber must have it all, in
the order of the log, and twice at most under the same key.
"""
import http.client
import json
import random
import subprocess
import threading
import unittest
from urllib.parse import quote

from faults import PATIENCE, seed, size
from rig import Reply, Rig, UnixConnection

KILLS = size("TIDINGS_KILLS", 6)
ALERTS = size("TIDINGS_ALERTS", 60)
SUBSCRIBERS = 3
LIFE = 1.0  # seconds at most from a start to a kill
PAUSE = 0.1  # seconds at most between two reports
TOPICS, TOPIC_WORDS, REPORT_WORDS = 60, 20, 15
MARKER = "zzmarker"


def topics(chance):
    """Words that stand together, so that queries of two find something."""
    syllables = [a + b for a in "bdfgklmnprstv" for b in "aeiou"]
    words = iter(dict.fromkeys("".join(chance.choices(syllables, k=4)) for _ in range(3 * TOPICS * TOPIC_WORDS)))
    return [[next(words) for _ in range(TOPIC_WORDS)] for _ in range(TOPICS)]


def query(chance, topic):
    one, two, three = chance.sample(topic, 3)
    return chance.choice((f"{one} {two}", f"{one} {two}", f"{one} {two}", f"{one} {two} {three}", f"{one} OR {two}", f"{one} -{two}", f'"{one} {two}"',
                          f"{one} title:{two}", f"{one} NEAR/3 {two}", f"{one[:6]}* {two}"))


class Arrivals(threading.Thread):
    """Reports, one after another, some of them in bursts."""

    def __init__(self, rig, chance, all_topics):
        super().__init__()
        self.rig, self.chance, self.topics = rig, chance, all_topics
        self.count = 0
        self.stopping = threading.Event()

    def run(self):
        while not self.stopping.wait(0 if self.chance.random() < 0.5 else self.chance.uniform(0, PAUSE)):
            words = [word for topic in self.chance.sample(self.topics, 2) for word in self.chance.choices(topic, k=REPORT_WORDS)]
            self.chance.shuffle(words)
            self.count += 1
            self.rig.write(f"{self.count}.txt", f"{' '.join(words[:3])}\n\n{' '.join(words)}.\n")

    def stop(self):
        self.stopping.set()
        self.join()


class Subscriber(threading.Thread):
    """Reads until the marker has fired; comes back wherever it was cut off."""

    def __init__(self, socket, served, cursor):
        super().__init__(daemon=True)  # where the test has failed nobody tells it
        self.socket, self.served, self.cursor = socket, served, cursor
        self.records, self.resumed = [], 0
        self.done = False

    def run(self):
        while not self.done:
            self.served.wait()
            try:
                self.read()
            except (OSError, http.client.HTTPException):
                pass  # it was killed, or is not there yet
            self.resumed += 1

    def read(self):
        connection = UnixConnection(self.socket)
        try:
            connection.request("GET", f"/v1/firings/live?since={self.cursor}", headers={"Accept": "application/x-ndjson"})
            response = connection.getresponse()
            if response.status != 200:
                return
            while (line := response.readline()).endswith(b"\n"):
                record = json.loads(line)
                if "notice" in record:
                    raise AssertionError(record["notice"])
                self.records.append(record)
                self.cursor = record["cursor"]
                if record["alert"] == MARKER:
                    self.done = True
                    return
        finally:
            connection.close()


class AlertsKill(unittest.TestCase):
    def setUp(self):
        self.seed = seed()
        self.chance = random.Random(self.seed)
        self.rig = Rig()
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))
        self.served = threading.Event()

    def post(self, name, text):
        connection = UnixConnection(self.rig.api_socket)
        connection.request("POST", "/v1/alerts", json.dumps({"name": name, "query": text}))
        reply = Reply(connection.getresponse())
        connection.close()
        self.assertEqual(reply.status, 201, reply.text())

    def found(self, text):
        """The paths of all that a search finds."""
        paths = []
        while True:
            page = self.rig.get(f"/v1/search?q={quote(text)}&n=100&offset={len(paths)}&sort=oldest&partial=0&collapse=0&suggest=0").json()
            paths += [hit["path"] for hit in page["hits"]]
            if len(page["hits"]) < 100:
                return paths

    def lives(self, process, seconds):
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return
        self.fail(f"a program ended by itself, with {process.returncode}")

    def kill_one(self):
        if self.chance.random() < 0.5:
            self.rig.kill_daemon()
            self.rig.start_daemon()
            return "tidingsd"
        self.served.clear()
        self.rig.kill_server()
        self.rig.start_server()
        self.served.set()
        return "serve"

    def test_each_subscriber_hears_of_each_firing_whatever_is_killed(self):
        print(f"TIDINGS_SEED={self.seed} TIDINGS_KILLS={KILLS} TIDINGS_ALERTS={ALERTS}", flush=True)
        with self.subTest(TIDINGS_SEED=self.seed):
            self.torture()

    def torture(self):
        rig, chance = self.rig, self.chance
        all_topics = topics(chance)
        rig.start_daemon()
        rig.sync()
        rig.start_server()
        self.served.set()
        queries = {f"a{n}": query(chance, chance.choice(all_topics)) for n in range(ALERTS)}
        for name, text in queries.items():
            self.post(name, text)
        self.post(MARKER, MARKER)
        begin = rig.status()["index"]["identity"] + ":0"
        subscribers = [Subscriber(rig.api_socket, self.served, begin) for _ in range(SUBSCRIBERS)]
        arrivals = Arrivals(rig, random.Random(self.seed), all_topics)
        self.addCleanup(arrivals.stop)
        arrivals.start()
        for subscriber in subscribers:
            subscriber.start()
        killed = {}
        for _ in range(KILLS):
            self.lives(chance.choice((rig.daemon, rig.server)), chance.uniform(0, LIFE))
            name = self.kill_one()
            killed[name] = killed.get(name, 0) + 1
        arrivals.stop()
        rig.sync()
        rig.write("marker.txt", f"The end\n\n{MARKER}\n")
        for subscriber in subscribers:
            subscriber.join(PATIENCE)
            self.assertTrue(subscriber.done, f"a subscriber has not heard of the marker; {len(subscriber.records)} records")
        self.compare(subscribers, queries)
        print(f"{killed} kills, {arrivals.count} reports, {len(subscribers[0].records) - 1} firings, "
              f"resumed {[subscriber.resumed for subscriber in subscribers]} times", flush=True)

    def compare(self, subscribers, queries):
        fired = {}
        for subscriber in subscribers:
            once = {}
            for record in subscriber.records:
                place = int(record["cursor"].rpartition(":")[2])
                told = once.setdefault(record["key"], (place, record["alert"], record["path"]))
                self.assertEqual(told, (place, record["alert"], record["path"]), "told twice, and not the same")
            places = [place for place, _, _ in once.values()]
            self.assertEqual(places, sorted(places), "out of order")
            fired = fired or once
            self.assertEqual(once, fired, "one subscriber has heard of what another has not")
        by_alert = {}
        for _, alert, path in fired.values():
            by_alert.setdefault(alert, []).append(path)
        for name, text in queries.items():
            self.assertEqual(sorted(by_alert.get(name, [])), sorted(self.found(text)), f"{name}: {text}")
        self.assertGreater(len(fired), 1, "nothing has fired")


if __name__ == "__main__":
    unittest.main()
