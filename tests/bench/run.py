#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""run.py — benchmarks of the real programs on real data: `./bootstrap bench [index|watch] [--runs N] [--folder DIR]`.

index   tidingsd --once over the news (news.tar.xz) and, where it is there, the docs (docs.tar.xz: ms-cpp, ms-vba) of the data
        folder ($TIDINGS_DATA): files, MB, wall and processor seconds, MB/s, peak memory, size of the index; median of N runs.
watch   from the writer's close(2) of a report copied into a corpus of 2,000 reports to the line that `tidings watch` prints
        in another process: milliseconds, median, 95 % and most of N reports, one at a time.
--folder measures `index` on a folder of one's own instead.

The machine, the versions and the command stand above each table, so that figures can be compared at all. Files are read
once before they are timed: what is measured is indexing, not the disk. Results to keep go to RESULTS.md.
"""
import argparse
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "system"), str(HERE.parent / "relevance")]
import judged  # noqa: E402
import rig  # noqa: E402

MB = 1_000_000
SETS = {"news": ("news.tar.xz", ("20newsgroups", "bbc_news", "reuters21578")), "docs": ("docs.tar.xz", ("ms-cpp", "ms-vba"))}


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    xapian = subprocess.run(["pkg-config", "--modversion", "xapian-core"], stdout=subprocess.PIPE, check=False).stdout.decode().strip()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return (f"{os.cpu_count()} x {model}, {memory} GiB, Linux {platform.release()}, Xapian {xapian}, load "
            f"{os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}")


def folder_of(name, data):
    """One folder that holds the set's parts, unpacked once into the cache."""
    archive, parts = SETS[name]
    path = judged.data_folder(data) / archive
    if not path.exists():
        raise judged.NoData(f"{path}: not there")
    whole = judged.unpacked(path, judged.cache_folder().parent / name)
    roots = [whole / part for part in parts]
    missing = [str(root) for root in roots if not root.is_dir()]
    if missing:
        raise judged.NoData(f"{', '.join(missing)}: not in {path}")
    return roots


def files_below(roots):
    return [path for root in roots for path in root.rglob("*") if path.is_file()]


def size_of(folder):
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def index_once(roots):
    """(wall s, processor s, peak bytes, index bytes, documents) of one run of tidingsd --once."""
    with tempfile.TemporaryDirectory(prefix="tid-bench-") as temporary:
        index = pathlib.Path(temporary) / "index"
        command = [str(rig.build_folder() / "tidingsd"), "--once", "--index", str(index)]
        for root in roots:
            command += ["--corpus", str(root)]
        began = time.monotonic()
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        if os.waitstatus_to_exitcode(status) != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
        told = subprocess.run([str(rig.build_folder() / "tidings"), "status", "--index", str(index)], stdout=subprocess.PIPE, check=True)
        reports = next(line for line in told.stdout.decode().splitlines() if line.startswith("reports"))
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, size_of(index), int(reports.split()[1].rstrip(","))


def bench_index(arguments):
    print(f"\n### index\n\n{machine()}; `./bootstrap bench index --runs {arguments.runs}`; medians\n")
    print("| set | files | documents | MB | wall s | processor s | MB/s | peak MB | index MB |\n|---|---|---|---|---|---|---|---|---|")
    sets = {arguments.folder: [pathlib.Path(arguments.folder)]} if arguments.folder else {}
    for name in [] if sets else SETS:
        try:
            sets[name] = folder_of(name, arguments.data)
        except judged.NoData as missing:
            print(f"{name}: skipped: {missing}", file=sys.stderr)
    for name, roots in sets.items():
        files = files_below(roots)
        text = sum(len(path.read_bytes()) for path in files) / MB
        runs = [index_once(roots) for _ in range(arguments.runs)]
        wall, processor, peak, index, documents = (statistics.median(run[i] for run in runs) for i in range(5))
        print(f"| {name} | {len(files)} | {documents:.0f} | {text:.1f} | {wall:.1f} | {processor:.1f} | {text / wall:.2f} | "
              f"{peak / MB:.0f} | {index / MB:.0f} |", flush=True)
    return 0 if sets else 1


def bench_watch(arguments):
    print(f"\n### watch\n\n{machine()}; `./bootstrap bench watch --runs {arguments.runs}`\n")
    with rig.Rig() as home:
        for number in range(2000):
            home.write(f"{number % 20}/{number}.txt", f"Report {number} of the harbour\n\nThe quay was quiet on day {number}.\n")
        home.start_daemon()
        home.sync()
        facts = home.status()["index"]
        cursor = f"{facts['identity']}:{facts['generation']}"
        watcher = home.spawn("watch", "tidings", "watch", "--config", home.config_file, "--format", "ndjson", "--since", cursor, "strike")
        lines = rig.Lines(watcher)
        home.write("first.txt", "A strike that is not counted\n")
        lines.next_json()  # from here on the watcher follows
        took = []
        for number in range(max(20, arguments.runs)):
            name = f"new-{number}.txt"
            source = home.root / name
            source.write_text(f"Strike number {number} begins\n\nDockers walked out at noon.\n")
            with open(source, "rb") as read, open(home.corpus / name, "wb") as written:
                shutil.copyfileobj(read, written)
            closed = time.monotonic()
            record = lines.next_json()
            took.append((time.monotonic() - closed) * 1000)
            assert record["path"] == home.path(name), record
        watcher.terminate()
        watcher.wait()
        watcher.stdout.close()
    took.sort()
    print("| reports | median ms | 95 % ms | most ms |\n|---|---|---|---|")
    print(f"| {len(took)} | {statistics.median(took):.1f} | {took[int(len(took) * 0.95)]:.1f} | {took[-1]:.1f} |")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", choices=("index", "watch", "all"), default="all")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--data", help="the data folder (default: $TIDINGS_DATA)")
    parser.add_argument("--folder", help="a folder of reports of one's own")
    arguments = parser.parse_args()
    code = 0
    if arguments.what in ("index", "all"):
        code = bench_index(arguments)
    if arguments.what in ("watch", "all"):
        code = bench_watch(arguments) or code
    return code


if __name__ == "__main__":
    sys.exit(main())
