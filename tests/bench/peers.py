# SPDX-License-Identifier: GPL-2.0-or-later
"""peers.py — the programs that the index benchmark compares, each with how it is run and how its documents are counted.

A peer is given the same folders and a fresh place, and its own defaults but for what stands here; what was changed serves
the peer (all files taken as text, no wait, its own priority left alone), never us. What each keeps differs, and `how` says it.
"""
import dataclasses
import json
import os
import pathlib
import re
import shutil
import sys

import rig
from sets import output_of

HERE = pathlib.Path(__file__).resolve().parent
TEXT_SUFFIXES = ("txt", "md", "tsv", "rst", "text")  # Recoll is told these; where a name has none or another, it asks `file`


def bench_folder():
    """Where bootstrap has built plain_xapian."""
    return pathlib.Path(os.environ.get("TIDINGS_BENCH_BUILD") or rig.build_folder().parent / "bench")


def delve(database, term):
    """How many documents of a Xapian database have the term."""
    found = re.search(r"termfreq (\d+)", output_of("xapian-delve", "-t", term, str(database)))
    if not found:
        raise RuntimeError(f"xapian-delve does not tell how many documents of {database} have {term}")
    return int(found[1])


@dataclasses.dataclass(frozen=True)
class Program:
    """Runs in a place of its own: an empty folder. The index is what lies below place/index afterwards."""
    name: str
    how: str

    def lacks(self):
        """What is missing to run it, or None."""

    def version(self):
        return ""

    def command(self, roots, place):
        raise NotImplementedError

    def documents(self, place):
        """How many of the files are in the index with their text."""
        return int((place / "stdout").read_text())


class Tidings(Program):
    def command(self, roots, place):
        command = [str(rig.build_folder() / "tidingsd"), "--once", "--index", str(place / "index")]
        for root in roots:
            command += ["--corpus", str(root)]
        return command

    def documents(self, place):
        told = output_of(str(rig.build_folder() / "tidings"), "status", "--index", str(place / "index"), "--format", "json")
        return json.loads(told)["index"]["documents"]


class Plain(Program):
    def lacks(self):
        return None if (bench_folder() / "plain_xapian").exists() else f"{bench_folder() / 'plain_xapian'} is not built"

    def command(self, roots, place):
        return [str(bench_folder() / "plain_xapian"), str(place / "index"), *map(str, roots)]


def lacks_tools(*tools_and_packages):
    missing = [f"{tool} (package {package})" for tool, package in tools_and_packages if not shutil.which(tool)]
    return "not installed: " + ", ".join(missing) if missing else None


class Omindex(Program):
    """It takes one folder, so the roots lie in one as links. Two runs would be charged for updating what the first made."""

    def lacks(self):
        return lacks_tools(("omindex", "xapian-omega"), ("xapian-delve", "xapian-tools"))

    def version(self):
        return output_of("omindex", "--version").splitlines()[0]

    def command(self, roots, place):
        links = place / "files"
        links.mkdir()
        for number, root in enumerate(roots):
            (links / str(number)).symlink_to(root)
        return ["omindex", "--db", str(place / "index"), "--url", "/", "--follow", "--empty-docs=index",
                "--mime-type-match=*:text/plain", str(links)]

    def documents(self, place):
        return delve(place / "index", "Ttext/plain")


class Recollindex(Program):
    """Threads and flush threshold are those it ships with. Its folders are documents too, and not counted."""

    def lacks(self):
        return lacks_tools(("recollindex", "recollcmd"), ("xapian-delve", "xapian-tools"))

    def version(self):
        return next((line.split(":", 1)[1].strip() for line in output_of("recollindex", "-h").splitlines()
                     if line.startswith("Recoll version")), "")

    def command(self, roots, place):
        settings = place / "settings"
        settings.mkdir()
        quoted = " ".join(f'"{root}"' for root in roots)
        (settings / "recoll.conf").write_text(
            f"topdirs = {quoted}\ndbdir = {place / 'index'}\nskippedNames =\nskippedPaths =\nnoContentSuffixes =\n"
            f"idxniceprio = {os.nice(0)}\nnoaspell = 1\nloglevel = 2\n"
            "systemfilecommand = file --brief --mime-type\n")  # asked where a name has no suffix
        (settings / "mimemap").write_text("".join(f".{suffix} = text/plain\n" for suffix in TEXT_SUFFIXES))
        return ["recollindex", "-c", str(settings), "-z"]

    def documents(self, place):
        return delve(place / "index", "Ttext/plain")


class Fts5(Program):
    def version(self):
        return f"SQLite {output_of(sys.executable, '-c', 'import sqlite3; print(sqlite3.sqlite_version)')}"

    def command(self, roots, place):
        (place / "index").mkdir()
        return [sys.executable, "-B", str(HERE / "fts5_index.py"), str(place / "index" / "fts5.db"), *map(str, roots)]


PROGRAMS = (
    Tidings("tidings", "`tidingsd --once`: text read by kind of file, title, date and language found, positions, all text kept"),
    Plain("plain", "`plain_xapian` of this folder: the file's bytes through Xapian's TermGenerator, stemmed and surface terms, "
          "positions, all text kept; one thread"),
    Omindex("omindex", "`omindex --follow --empty-docs=index --mime-type-match=*:text/plain`: stemmed and surface terms, positions, "
            "a sample of 512 bytes kept"),
    Recollindex("recollindex", "`recollindex -z`, ordinary priority, no speller's dictionary: surface terms, positions, "
                "all text kept; threads as it chooses"),
    Fts5("fts5", "FTS5 through Python, `porter unicode61`, one transaction: stemmed terms, positions, all text kept; one thread"),
)


def chosen(names):
    """The programs of a list like "tidings,plain", in the order of the table; all where there is none."""
    wanted = names.split(",") if names else [program.name for program in PROGRAMS]
    if unknown := set(wanted) - {program.name for program in PROGRAMS}:
        raise SystemExit(f"bench: there is no program {', '.join(sorted(unknown))}; there are {', '.join(p.name for p in PROGRAMS)}")
    return [program for program in PROGRAMS if program.name in wanted]
