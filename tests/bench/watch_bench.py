# SPDX-License-Identifier: GPL-2.0-or-later
"""watch_bench.py — from the writer's close(2) of a report, copied into a corpus of 2,000 reports, to the line that `tidings
watch` prints in another process: milliseconds, one report at a time."""
import shutil
import time

import rig
from sets import heading, table
from times import COLUMNS, milliseconds


def bench(arguments, _scratch):
    number = max(20, arguments.runs or 20)
    with rig.Rig() as home:
        for report in range(2000):
            home.write(f"{report % 20}/{report}.txt", f"Report {report} of the harbour\n\nThe quay was quiet on day {report}.\n")
        home.start_daemon()
        home.sync()
        facts = home.status()["index"]
        cursor = f"{facts['identity']}:{facts['generation']}"
        watcher = home.spawn("watch", "tidings", "watch", "--config", home.config_file, "--format", "ndjson", "--since", cursor, "strike")
        try:
            took = arrivals(home, rig.Lines(watcher), number)
        finally:
            watcher.terminate()
            watcher.wait(rig.PATIENCE)
            watcher.stdout.close()
    heading("watch", arguments, "from close(2) to the line of `tidings watch`, corpus of 2,000 reports")
    table(("reports", *COLUMNS), [(len(took), *milliseconds(took))])
    return 0


def arrivals(home, lines, number):
    """Seconds from close to line, for each report."""
    home.write("first.txt", "A strike that is not counted\n")
    lines.next_json()  # from here on the watcher follows
    took = []
    for report in range(number):
        name = f"new-{report}.txt"
        source = home.root / name
        source.write_text(f"Strike number {report} begins\n\nDockers walked out at noon.\n")
        with open(source, "rb") as read, open(home.corpus / name, "wb") as written:
            shutil.copyfileobj(read, written)
        closed = time.monotonic()
        record = lines.next_json()
        took.append(time.monotonic() - closed)
        assert record["path"] == home.path(name), record
    return took
