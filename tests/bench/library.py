# SPDX-License-Identifier: GPL-2.0-or-later
"""library.py — an index as large as somebody's: the sets' folders as corpora, and an inbox that is written to.

Built once by a daemon (not by --once: what a backfill costs its daemon is one of the figures) and used by one benchmark
after another. The sets' folders are only read; the inbox lies in the rig's own folder.
"""
import re
import time

import rig
from sets import progress

SETTLING = 120  # seconds, at most, that a daemon is given to come to rest


def corpora_of(sets):
    """{corpus: folder}: a corpus for each root, named by its set and its number there."""
    named = {}
    for name, roots in sets.items():
        short = re.sub(r"[^a-z0-9_-]", "-", name.lower())[:50]
        short = short if short[:1].isalnum() else f"set{short}"
        named.update({f"{short}-{number}": root for number, root in enumerate(roots, 1)})
    return named


class Home(rig.Rig):
    """A rig whose default corpus is the inbox. The patience of a test would not do for 90,000 files."""

    def __init__(self, sets):
        super().__init__()
        self.show_sets(sets)

    def show_sets(self, sets):
        """These are the corpora now, and the inbox; a daemon takes them on SIGHUP."""
        self.corpora = {**corpora_of(sets), "inbox": self.corpus}
        self.configure({})

    def sync(self):
        return self.tidings("sync", check=0, timeout=3600)

    def restarted(self):
        """Seconds from the daemon's exec until all that is on disk can be found."""
        began = time.monotonic()
        self.start_daemon()
        self.sync()
        return time.monotonic() - began

    def documents(self):
        return self.status()["index"]["documents"]


def process_status(pid):
    """{VmRSS, VmHWM, RssAnon, …: bytes} of a process."""
    with open(f"/proc/{pid}/status") as lines:
        pairs = (line.split() for line in lines if line.rstrip().endswith(" kB"))
        return {pair[0].rstrip(":"): int(pair[1]) * 1024 for pair in pairs}


def processor_ticks(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def settle(pid):
    """Returns when the process used no processor time for two seconds (seconds it took), or after SETTLING."""
    began = quiet = time.monotonic()
    ticks = processor_ticks(pid)
    while time.monotonic() - quiet < 2 and time.monotonic() - began < SETTLING:
        time.sleep(0.2)
        now = processor_ticks(pid)
        if now != ticks:
            ticks, quiet = now, time.monotonic()
    return quiet - began


class Library:
    """The sets' index, made when it is first asked for, with its daemon stopped; it goes with the `with` block."""

    def __init__(self, sets):
        self.sets = sets
        self.home = None
        self.backfill = None  # {seconds, peak, documents}

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if self.home:
            self.home.__exit__(kind, error, trace)

    def running_first(self):
        """The home with the very daemon that made the index; None where that has been before."""
        if self.home:
            return None
        progress(f"building the index of {', '.join(self.sets)}")
        self.home = Home(self.sets)
        seconds = self.home.restarted()
        self.backfill = {"seconds": seconds, "peak": process_status(self.home.daemon.pid)["VmHWM"], "documents": self.home.documents()}
        return self.home

    def stopped(self):
        """The home with its index and no program running."""
        self.running_first()
        self.home.stop()
        return self.home
