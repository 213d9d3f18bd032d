# SPDX-License-Identifier: GPL-2.0-or-later
"""sets.py — what is measured on: the files of the data folder, and the machine.

A set is a name and the folders (roots) that it stands for. The data folder's archives are unpacked once into the cache, and
never written to. --folder takes a folder of one's own instead, --subset copies N files of each set, evenly chosen.
"""
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import time

import judged
import rig

MB = 1_000_000
SETS = {"news": ("news.tar.xz", ("20newsgroups", "bbc_news", "reuters21578")), "docs": ("docs.tar.xz", ("ms-cpp", "ms-vba"))}


def output_of(*command):
    """What a command prints first of all, or "" where there is no such command."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False)
    except OSError:
        return ""
    return done.stdout.decode(errors="replace").strip()


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return (f"{os.cpu_count()} x {model}, {memory} GiB, Linux {platform.release()}, "
            f"tidings {output_of(str(rig.build_folder() / 'tidings'), '--version')}, "
            f"Xapian {output_of('pkg-config', '--modversion', 'xapian-core') or '?'}, "
            f"load {os.getloadavg()[0]:.1f}{f', nice {os.nice(0)}' if os.nice(0) else ''}, {time.strftime('%Y-%m-%d')}")


def heading(name, arguments, what):
    """The head of a table: the benchmark, the machine, the command to get it again, and what is measured."""
    print(f"\n### {name}\n\n{machine()}\n\n`./bootstrap bench {arguments.command}`; {what}\n")


def table(columns, rows):
    print("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    sys.stdout.flush()


def progress(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def files_below(roots):
    """One path after another: a list of them all would stand in the memory that children are measured against."""
    for root in roots:
        for folder, folders, names in os.walk(root):
            folders.sort()
            for name in sorted(names):
                path = os.path.join(folder, name)
                if os.path.isfile(path) and not os.path.islink(path):
                    yield path


def read_through(roots):
    """(files, bytes): all is read once, so that it lies in the page cache when it is timed."""
    files = size = 0
    for path in files_below(roots):
        with open(path, "rb") as file:
            while chunk := file.read(1 << 20):
                size += len(chunk)
        files += 1
    return files, size


def allocated(folder):
    """Bytes that the files below take on the disk."""
    return sum(os.lstat(path).st_blocks * 512 for path in files_below([folder]))


def unpacked_roots(name, data):
    folder = data or os.environ.get("TIDINGS_DATA")
    if not folder:
        raise judged.NoData("no data folder")
    archive, parts = SETS[name]
    path = pathlib.Path(folder) / archive
    whole = judged.unpacked(path, judged.cache_folder().parent / name)
    roots = [whole / part for part in parts]
    missing = [str(root) for root in roots if not root.is_dir()]
    if missing:
        raise judged.NoData(f"{', '.join(missing)}: not in {path}")
    return roots


def copied(roots, wanted, folder):
    """`wanted` files of the roots, evenly chosen, below folder/NUMBER-ROOT; the roots of the copy."""
    total = sum(1 for _ in files_below(roots))
    wanted = min(wanted, total)
    copies = []
    at = 0
    for number, root in enumerate(roots):
        copies.append(folder / f"{number}-{root.name}")
        copies[-1].mkdir(parents=True)
        for path in files_below([root]):
            if at * wanted // total != (at + 1) * wanted // total:
                copy = copies[-1] / os.path.relpath(path, root)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, copy)
            at += 1
    return copies


def chosen(arguments, scratch):
    """{name: roots} of what is to be measured on, by the arguments. Sets that cannot be had are named on stderr."""
    found = {}
    if arguments.folder:
        folder = pathlib.Path(arguments.folder).resolve()
        if not folder.is_dir():
            raise judged.NoData(f"{folder}: no such folder")
        found[folder.name] = [folder]
    for name in () if found else SETS:
        try:
            found[name] = unpacked_roots(name, arguments.data)
        except judged.NoData as missing:
            progress(f"{name} is left out: {missing}")
    if not found:
        raise judged.NoData("nothing to measure on: name the data folder with --data or $TIDINGS_DATA, or a folder with --folder")
    if arguments.subset:
        found = {name: copied(roots, arguments.subset, scratch / name) for name, roots in found.items()}
    return found
