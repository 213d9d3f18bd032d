# SPDX-License-Identifier: GPL-2.0-or-later
"""fresh_bench.py — close(2) of a report -> a search in another process finds it.

One at a time: a report is written into the inbox of a large index and closed; `tidings serve` is polled for its one word
until an answer has it; then comes the next. Three tables:
  at rest    the index of all sets
  backfill   the same while the last set, new in the configuration (SIGHUP), is being indexed; as many as fit into that time
  burst      many reports as fast as one process can write them; from the last close to the answer that counts them all
The polls load the machine as a waiting user's program would; what one costs stands beside the figures.
"""
import os
import signal
import time

from library import Home, corpora_of
from poller import Poller
from sets import heading, progress, table
from times import COLUMNS, milliseconds
from words import word

BURST_FILES = 2000
STORY = (
    "The harbour board met on Tuesday and put off the vote on the new tariff until the spring. Hauliers had asked for a year of "
    "notice; the board's chair said that the books did not allow it. Two of the members spoke against, and one of them left "
    "before the end. A report on the state of the eastern quay, promised for last autumn, was read out in part. It speaks of "
    "1,200 metres of sheet piling beyond repair and names £4.5 million as the least that it will cost.\n")


def write_report(path, text):
    """When the report was closed."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        os.write(file, text)
    finally:
        os.close(file)
    return time.monotonic()


def one_by_one(home, poller, kind, more):
    """Seconds from close to found of each report, as long as more(number so far)."""
    took = []
    while more(len(took)):
        unique = word(kind, len(took))
        path = home.corpus / f"{unique}.txt"
        closed = write_report(path, f"Harbour board, {unique}\n\n{STORY}".encode())
        took.append(poller.until_found(unique, path) - closed)
    return took


def poll_ms(poller):
    return milliseconds(poller.polls)[0]


def at_rest(home, number):
    home.restarted()
    home.start_server()
    with Poller(home.api_socket) as poller:
        took = one_by_one(home, poller, "r", lambda so_far: so_far < number)
        return ("at rest", home.documents(), len(took), *milliseconds(took), poll_ms(poller))


def is_backfilling(poller, corpora):
    """Until the daemon has every one of the corpora, has crawled it, and nothing is pending."""
    daemon = poller.status()["daemon"]
    if not daemon:
        return True  # it had no time to answer; one that is dead shows in the next report, which nobody finds
    states = {corpus["name"]: corpus["state"] for corpus in daemon["corpora"]}
    return (any(states.get(name, "crawling") == "crawling" for name in corpora) or daemon["state"] != "ready" or daemon["pending"] > 0)


def during_backfill(sets):
    """(row, caption): all sets but the last are indexed; the last comes while reports arrive."""
    *standing, last = sets
    with Home({name: sets[name] for name in standing}) as home:
        progress(f"building the index of {', '.join(standing) or 'nothing'}")
        home.restarted()
        before = home.documents()
        home.start_server()
        with Poller(home.api_socket) as poller:
            home.show_sets(sets)
            began = time.monotonic()
            home.daemon.send_signal(signal.SIGHUP)
            wanted = corpora_of(sets)
            took = one_by_one(home, poller, "b", lambda so_far: so_far == 0 or is_backfilling(poller, wanted))
            seconds = time.monotonic() - began
            home.sync()
            documents = home.documents()
            row = (f"backfill of {last}", documents, len(took), *milliseconds(took), poll_ms(poller))
            return row, (f"Backfill: {documents - before - len(took)} documents of {last} into {before}, in {seconds:.0f} s with "
                         f"{len(took)} arrivals between.")


def burst(home, poller, number, files):
    """(seconds of writing, seconds from the last close until all are found)."""
    mark = word("u", number)
    folder = home.corpus / f"burst-{number}"
    folder.mkdir()
    home.sync()  # the folder is watched
    reports = [(str(folder / f"{report}.txt"), f"Burst {mark} {report}\n\n{STORY}".encode()) for report in range(files)]
    began = time.monotonic()
    for path, text in reports:
        closed = write_report(path, text)
    found = poller.until_counted(mark, files)
    return closed - began, found - closed


def bench(arguments, library):
    number = arguments.runs or 1000
    files = min(BURST_FILES, number * 20)
    home = library.stopped()
    rest_row = at_rest(home, number)
    with Poller(home.api_socket) as poller:
        progress("bursts")
        bursts = [burst(home, poller, turn, files) for turn in range(arguments.bursts)]
        burst_poll = poll_ms(poller)
    home.stop()
    backfill_row, caption = during_backfill(library.sets)
    heading("fresh", arguments, f"from close(2) to found by `tidings serve`, one report of {len(STORY) + 30} bytes at a time")
    table(("while", "documents", "reports", *COLUMNS, "one poll ms"), [rest_row, backfill_row])
    print(f"\n{caption}\n\nBursts of {files} reports, written by one process; from the last close(2) until a search counts them all:\n")
    writing, finding = zip(*bursts)
    table(("bursts", "writing ms, median", *COLUMNS, "one poll ms"),
          [(len(bursts), milliseconds(writing)[0], *milliseconds(finding), burst_poll)])
    return 0
