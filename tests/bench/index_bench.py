# SPDX-License-Identifier: GPL-2.0-or-later
"""index_bench.py — files to searchable: tidings and its peers by turns, in one run.

One round is each program once (tidings, plain, omindex, …), so that what else the machine does meets all of them; a
row is the median of the rounds. The files are read once before, and dirty pages written out before each run.
MB/s is MB of files (1e6 bytes) by seconds of wall time; the index is what its files take on the disk when the program has
ended. A program that is not there, fails or does not take all files says so in its row.
"""
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile

import peers
from sets import MB, allocated, chosen, heading, progress, read_through, table

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = ("set", "program", "documents", "wall s", "cpu s", "MB/s", "peak RSS MB", "index MB", "tidings is … as fast", "index, % of plain's")


class Failed(Exception):
    pass


def run_once(program, roots):
    """{wall, cpu, peak, index, documents} of one run in a fresh place."""
    with tempfile.TemporaryDirectory(prefix="tid-bench-") as temporary:
        place = pathlib.Path(temporary)
        command = program.command(roots, place)
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "TIDINGS_", "RECOLL_", "XAPIAN_"))}
        environment.update(HOME=str(place), LC_ALL="C.UTF-8")
        os.sync()
        measured = [sys.executable, "-I", "-S", "-B", str(HERE / "measured.py"), str(place / "measured"), *command]
        with open(place / "stdout", "wb") as out, open(place / "stderr", "wb") as err:
            process = subprocess.Popen(measured, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=place, env=environment,
                                       start_new_session=True)
            try:
                process.wait()
            finally:
                if process.returncode is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        run = json.loads((place / "measured").read_text())
        if run["code"] != 0:
            said = (place / "stderr").read_text(errors="replace").strip().splitlines()
            raise Failed(f"failed with exit code {run['code']}{': ' + said[-1] if said else ''}")
        return {**run, "index": allocated(place / "index"), "documents": program.documents(place)}


def rounds(programs, roots, number, name):
    """({program's name: runs}, {program's name: why it has none})."""
    runs = {program.name: [] for program in programs}
    without = {program.name: program.lacks() for program in programs if program.lacks()}
    for turn in range(number):
        for program in programs:
            if program.name in without:
                continue
            try:
                run = run_once(program, roots)
            except Failed as failed:
                without[program.name] = str(failed)
                progress(f"{name}: {program.name} {failed}")
                continue
            runs[program.name].append(run)
            progress(f"{name}, round {turn + 1}: {program.name} {run['wall']:.1f} s")
    return runs, without


def rows_of(name, files, size, runs, without):
    middle = {program: {key: statistics.median(run[key] for run in each) for key in each[0]} for program, each in runs.items() if each}
    tidings, plain = middle.get("tidings"), middle.get("plain")
    for program in runs:
        if program in without:
            yield (name, program, without[program], *[""] * (len(COLUMNS) - 3))
            continue
        of = middle[program]
        documents = f"{of['documents']:.0f}" + (f" of {files} files" if of["documents"] != files else "")
        yield (name, program, documents, f"{of['wall']:.1f}", f"{of['cpu']:.1f}", f"{size / MB / of['wall']:.2f}",
               f"{of['peak'] / MB:.0f}", f"{of['index'] / MB:.0f}",
               f"{of['wall'] / tidings['wall']:.2f} x" if tidings else "", f"{100 * of['index'] / plain['index']:.0f} %" if plain else "")


def bench(arguments, scratch):
    number = arguments.runs or 3
    programs = peers.chosen(arguments.programs)
    rows, sizes = [], []
    code = 0
    for name, roots in chosen(arguments, scratch).items():
        files, size = read_through(roots)
        sizes.append(f"{name}: {files} files, {size / MB:.1f} MB")
        runs, without = rounds(programs, roots, number, name)
        rows += rows_of(name, files, size, runs, without)
        if "tidings" in without:
            code = 1
    heading("index", arguments, f"{'; '.join(sizes)}; programs by turns, medians of {number} round{'s' if number > 1 else ''}")
    table(COLUMNS, rows)
    print()
    for program in programs:
        version = "" if program.lacks() else program.version()
        print(f"- {program.name}{f' ({version})' if version else ''}: {program.how}")
    return code
