#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check_rooms.py [TREE] — does every file keep to its room?

The link already fails when a program uses a room that it was not given; this finds what a link cannot: a
header-only include, a library used outside the one room that owns it, a file without its licence line, a file
that grew past its end. The rules are the table below, and each says why it stands.

Looks at the tree's own text: every source file below the rooms and tests/ (build/ and dot folders are not
entered). Comments are taken out first, so a rule's name may be spoken of. Prints `file:line: what [rule]` for each
fault; exit 0 clean, 1 faults, 2 the tree cannot be read (or holds no sources: a check of nothing is no success).
"""
import argparse
import os
import re
import sys
from pathlib import Path

# Room -> the rooms whose headers it may include. The two programs never include each other.
ROOMS = {
    "index": {"index"},
    "loop": {"loop"},
    "config": {"config"},
    "indexer": {"indexer", "index", "loop", "config"},
    "searcher": {"searcher", "index", "loop", "config"},
}

# Library header -> (rule, where it may stand, in how many files at most or None, why).
LIBRARIES = [
    (re.compile(r"toml\+\+/|toml\.hpp$"), "toml", ("config/",), None, "only config/ reads TOML"),
    (re.compile(r"uv(\.h|/)"), "uv", ("loop/",), None, "only loop/ owns libuv's handles"),
    (re.compile(r"boost/beast"), "beast", ("searcher/",), 1, "one file below searcher/ speaks HTTP"),
    (re.compile(r"sqlite3\.h$"), "sqlite", ("searcher/alerts/",), 1, "one file below searcher/alerts/ knows SQLite's interface"),
    (re.compile(r"xapian(\.h|/)"), "xapian", ("index/", "indexer/", "searcher/"), None,
     "loop/ and config/ know no index"),
]

# Text that may stand nowhere, or only below some folders.
WORDS = [
    (re.compile(r"\bQueryParser\b"), "query-language", ("tests/bench/plain_",), "only the searcher's own bounded parser reads queries"),
]

MAX_LINES = 500
LICENCE = "SPDX-License-Identifier: GPL-2.0-or-later"
CXX = {".cc", ".h"}
SOURCES = CXX | {".py", ".sh", ".cmake", ".in", ".js", ".mjs", ".css", ".html"}
NAMED_SOURCES = {"CMakeLists.txt", "bootstrap", "run"}
# Reports, the judged pages and fixtures are data: they carry no licence line and may be as long as they are.
DATA = ("corpus/", "tests/data/")

# Whole comments and strings, so that `//` in a string opens no comment. Raw strings first: they end at their own mark.
TOKEN = re.compile(r'R"([^()\\\s]{0,16})\(.*?\)\1"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])*\'', re.S)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.M)


def without_comments(text):
    """The text with each comment replaced by its newlines, so that line numbers stay."""
    return TOKEN.sub(lambda m: "\n" * m[0].count("\n") if m[0].startswith("/") else m[0], text)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def files_of(tree):
    for folder, folders, names in os.walk(tree):
        folders[:] = sorted(f for f in folders if not (f.startswith(".") and f != ".ci") and f != "build"
                            and f not in ("__pycache__", "node_modules"))
        for name in sorted(names):
            path = Path(folder, name)
            relative = path.relative_to(tree).as_posix()
            if (path.suffix in SOURCES or name in NAMED_SOURCES) and not relative.startswith(DATA):
                yield relative, path


def check(tree):
    """All faults of the tree as (file, line, what, rule), and how many files were looked at."""
    faults, seen, users = [], 0, {}
    for relative, path in files_of(tree):
        seen += 1
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > MAX_LINES:
            faults.append((relative, MAX_LINES + 1, f"{lines} lines, and a file ends before {MAX_LINES}", "length"))
        if not any(LICENCE in line for line in text.split("\n", 3)[:3]):
            faults.append((relative, 1, f"no line '{LICENCE}' at its head", "licence"))
        if path.suffix not in CXX:
            continue
        # A unit test stands in the room it tests: same includes, same libraries.
        place = relative.removeprefix("tests/unit/")
        room = place.split("/", 1)[0]
        code = without_comments(text)
        for found in INCLUDE.finditer(code):
            header, line = found[1], line_of(code, found.start())
            target = header.split("/", 1)[0]
            if header.startswith("."):
                faults.append((relative, line, f"includes {header}: write it as \"room/header.h\"", "rooms"))
            elif room in ROOMS and target in ROOMS and "/" in header and target not in ROOMS[room]:
                faults.append((relative, line, f"{room}/ includes {header}; it may include only "
                               f"{', '.join(sorted(ROOMS[room]))}", "rooms"))
            elif relative.split("/", 1)[0] in ROOMS and header.startswith("tests/"):
                faults.append((relative, line, f"{room}/ includes the tests' {header}", "rooms"))
            for pattern, rule, allowed, most, why in LIBRARIES:
                if not pattern.match(header):
                    continue
                if room in ROOMS and not place.startswith(allowed):
                    faults.append((relative, line, f"includes {header}: {why}", rule))
                elif most is not None and place == relative:
                    users.setdefault((rule, most, why), {}).setdefault(relative, (line, header))
        for pattern, rule, allowed, why in WORDS:
            for found in pattern.finditer(code):
                if not relative.startswith(allowed or ("\0",)):
                    faults.append((relative, line_of(code, found.start()), f"names {found[0]}: {why}", rule))
    for (rule, most, why), files in users.items():
        for relative, (line, header) in sorted(files.items())[most:] if len(files) > most else []:
            first = ", ".join(sorted(files)[:most])
            faults.append((relative, line, f"includes {header}, as {first} does: {why}", rule))
    return sorted(faults), seen


def main():
    parser = argparse.ArgumentParser(description="Does every file keep to its room?")
    parser.add_argument("tree", nargs="?", type=Path, default=Path(__file__).resolve().parents[2])
    tree = parser.parse_args().tree
    try:
        faults, seen = check(tree)
    except (OSError, UnicodeDecodeError) as error:
        print(f"check_rooms: {error}", file=sys.stderr)
        return 2
    if not seen:
        print(f"check_rooms: {tree} holds no source files", file=sys.stderr)
        return 2
    for relative, line, what, rule in faults:
        print(f"{relative}:{line}: {what} [{rule}]")
    print(f"{seen} files, {len(faults)} faults", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
