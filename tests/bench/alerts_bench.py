# SPDX-License-Identifier: GPL-2.0-or-later
"""alerts_bench.py — close(2) of a report -> the record of what it fires is with a subscriber, where 10,000 alerts wait.

The first set is indexed, and the alerts are queries of trec_terabyte05 with two to four words, all words. One report after another is written; each
is the shuffled words of one that is indexed (so it is like real ones, and a near-copy of none), and a word that an alert of its own waits
for, which was added last: its record comes after those of all other alerts that the report fires. The subscriber listens on the Unix socket
to the firings of all alerts. Then the same while the last set is being indexed.
"""
import json
import os
import random
import signal
import time

import rig
import standing_bench
from fresh_bench import is_backfilling, write_report
from library import Home, corpora_of
from poller import Poller
from sets import chosen, files_below, heading, progress, table
from times import COLUMNS, milliseconds

ALERTS = 10_000
REPORTS = 1000
MARKER = "zqheard"


class Firings:
    """The records of /v1/firings/live, as they come."""

    def __init__(self, home):
        self.connection = rig.UnixConnection(home.api_socket, timeout=600)
        self.connection.request("GET", "/v1/firings/live", headers={"Accept": "application/x-ndjson"})
        self.response = self.connection.getresponse()
        self.records = 0

    def until_marker(self, path):
        """When the marker's record of that report was there."""
        while True:
            line = self.response.readline()
            there = time.monotonic()
            if not line:
                raise RuntimeError("the stream ended")
            record = json.loads(line)
            self.records += 1
            if record.get("alert") == MARKER and record["path"] == str(path):
                return there

    def close(self):
        self.connection.close()


def add_alerts(home, queries):
    connection = rig.UnixConnection(home.api_socket, timeout=600)
    for name, query in [*((f"a{number}", words) for number, words in enumerate(queries)), (MARKER, MARKER)]:
        connection.request("POST", "/v1/alerts", json.dumps({"name": name, "query": query}))
        reply = rig.Reply(connection.getresponse())
        if reply.status != 201:
            raise RuntimeError(f"{query}: {reply.text()}")
    connection.close()


def texts_of(root, count):
    """Reports of a folder, with their words shuffled."""
    draw = random.Random(7)
    paths = list(files_below([root]))
    for path in draw.choices(paths, k=count):
        with open(path, "rb") as file:
            words = file.read().decode("utf-8", "replace").split()
        draw.shuffle(words)
        yield " ".join(words)


def one_by_one(home, firings, texts, more):
    took = []
    while more(len(took)):
        path = home.corpus / f"arrival-{time.monotonic_ns()}.txt"
        closed = write_report(path, f"{MARKER} {next(texts)}\n".encode())
        took.append(firings.until_marker(path) - closed)
    return took


def bench(arguments, scratch):
    sets = chosen(arguments, scratch / "library")
    first = next(iter(sets))
    number = arguments.runs or REPORTS
    queries = [" ".join(words) for words in standing_bench.distinct(arguments.data, ALERTS)]
    texts = iter(texts_of(sets[first][0], 100 * number))
    with Home({first: sets[first]}) as home:
        progress(f"building the index of {first}")
        home.restarted()
        home.start_server()
        progress(f"adding {ALERTS} alerts")
        began = time.monotonic()
        add_alerts(home, queries)
        adding = time.monotonic() - began
        firings = Firings(home)
        rows = []
        try:
            documents = home.documents()
            one_by_one(home, firings, texts, lambda so_far: so_far < 20)  # what is read for the first time
            firings.records = 0
            took = one_by_one(home, firings, texts, lambda so_far: so_far < number)
            rows.append(("at rest", documents, len(took), f"{firings.records / len(took):.1f}", *milliseconds(took)))
            if len(sets) > 1:
                home.show_sets(sets)
                home.daemon.send_signal(signal.SIGHUP)
                firings.records = 0
                with Poller(home.api_socket) as poller:
                    took = one_by_one(home, firings, texts, lambda so_far: so_far == 0 or is_backfilling(poller, corpora_of(sets)))
                rows.append(("backfill", home.documents(), len(took), f"{firings.records / len(took):.1f}", *milliseconds(took)))
        finally:
            firings.close()
    heading("alerts", arguments, f"{ALERTS} alerts, added in {adding:.0f} s; from close(2) to the record at a subscriber; {os.cpu_count()} processors")
    table(("while", "documents", "reports", "firings a report", *COLUMNS), rows)
    return 0
