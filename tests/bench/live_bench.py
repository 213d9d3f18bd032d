# SPDX-License-Identifier: GPL-2.0-or-later
"""live_bench.py — 1,000 clients listen to a query each (Server-Sent Events), 20 of them never read, while 50 reports arrive in a second.

Each query is one word, and each report has 100 of the 1,000 words, so a query matches one report in ten. Reports are written one by one at their time;
what each of the clients received is compared with what was written. Memory and processor time are those of `tidings serve`.
"""
import os
import pathlib
import random
import resource
import subprocess
import sys
import time

import rig
from fresh_bench import STORY, write_report
from library import process_status, processor_ticks
from sets import heading, progress, table
from times import COLUMNS, milliseconds
from words import word

CLIENTS, SILENT = 1000, 20
A_SECOND = 50
IN_TEN = 10  # a query matches one report in so many
SETTLED = 10  # seconds, from when memory is to be flat


class Written:
    """What was written, and when."""

    def __init__(self, home, draw):
        self.home, self.draw = home, draw
        self.closed, self.words = {}, {}

    def one(self):
        words = self.draw.sample(range(CLIENTS), CLIENTS // IN_TEN)
        path = self.home.corpus / f"{len(self.closed)}.txt"
        told = STORY.split()
        self.draw.shuffle(told)
        text = f"Report {len(self.closed)}\n\n{' '.join(word('l', number) for number in words)}\n\n{' '.join(told)}\n"
        self.closed[str(path)] = write_report(path, text.encode())
        self.words[str(path)] = set(words)


def written_in(home, seconds):
    """(Written, memory each second)."""
    written = Written(home, random.Random(3))
    memory = []
    began = time.monotonic()
    for number in range(seconds * A_SECOND):
        due = began + number / A_SECOND
        if (early := due - time.monotonic()) > 0:
            time.sleep(early)
        written.one()
        if number % A_SECOND == 0:
            memory.append(process_status(home.server.pid)["VmRSS"])
    return written, memory


def compared(records, written):
    """(seconds from close to there of each record, how many are missing, how many are too many)."""
    got = {}
    for line in pathlib.Path(records).read_text().splitlines():
        client, path, there = line.split("\t")
        got.setdefault((int(client), path), []).append(float(there))
    wanted = {(number, path) for path, numbers in written.words.items() for number in numbers if number >= SILENT}
    took = [there[0] - written.closed[path] for (_, path), there in got.items()]
    return took, len(wanted - got.keys()), len(got.keys() - wanted) + sum(len(there) - 1 for there in got.values())


def bench(arguments, scratch):
    scratch.mkdir(parents=True)
    seconds = arguments.window
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with rig.Rig({"limits": {"connections": CLIENTS + 50}}) as home:
        home.start_daemon()
        home.sync()
        home.start_server()
        records = scratch / "records"
        clients = subprocess.Popen([sys.executable, "-B", pathlib.Path(__file__).with_name("live_clients.py"), home.api_socket, str(CLIENTS), str(SILENT),
                                    records], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if clients.stdout.readline() != b"ready\n":
            raise RuntimeError("the clients could not all listen")
        progress(f"{CLIENTS} clients listen")
        ticks, daemon_ticks, began = processor_ticks(home.server.pid), processor_ticks(home.daemon.pid), time.monotonic()
        written, memory = written_in(home, seconds)
        home.sync()
        home.get("/healthz")
        time.sleep(1)  # what was told is on its way; what does not come by then counts as lost
        took_s = time.monotonic() - began
        used = [(processor_ticks(pid) - before) / os.sysconf("SC_CLK_TCK") / took_s
                for pid, before in ((home.server.pid, ticks), (home.daemon.pid, daemon_ticks))]
        clients.stdin.close()
        if clients.wait(rig.PATIENCE) != 0:
            raise RuntimeError("the clients failed")
        clients.stdout.close()
        dropped = home.log("serve").count("was dropped, for it takes nothing")
    took, missing, more = compared(records, written)
    heading("live", arguments, f"{CLIENTS} clients, {SILENT} of which never read; {len(written.closed)} reports in {seconds} s; {os.cpu_count()} processors")
    mb = [value / 1e6 for value in memory]
    table(("records", "missing", "too many", *COLUMNS, "serve: processors", "tidingsd: processors", f"memory MB at {SETTLED} s", "at the end", "most after",
           "dropped"),
          [(len(took), missing, more, *milliseconds(took), f"{used[0]:.2f}", f"{used[1]:.2f}", f"{mb[min(SETTLED, len(mb) - 1)]:.0f}", f"{mb[-1]:.0f}",
            f"{max(mb[SETTLED:] or mb):.0f}", dropped)])
    return 1 if missing or more else 0
