#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""run.py [COLLECTION...] — how good are the answers? Judged collections through the real programs.

For each collection: a fresh index by `tidingsd --once`, all queries as bags of words by `tidings search --plain`, 1000
reports a query, measured as trec_eval does (metrics.py), beside the best of what others reach (judged.py). The programs
are those below $TIDINGS_BUILD, else build/release; they run in an empty home with the default configuration, but for
the language of a collection that is not English.

Exit 0: none is below the best of the others by more than 2 %, and none has fallen by more than .005 since; 1: at least one is, or has; 2: it could
not be measured, and why; with --optional, 77 where there is no data folder.
"""
import argparse
import dataclasses
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import judged
import metrics
import table

DEPTH = 1000
NO_DATA = 77  # which ctest takes for a test that was skipped
PATIENCE_S = 1800  # for one program on one collection; the largest takes seconds


class Failed(Exception):
    """A program did not do what it should; says which and what it said."""


@dataclasses.dataclass(frozen=True)
class Programs:
    build: pathlib.Path
    home: pathlib.Path  # an empty folder

    def run(self, name, *arguments):
        """What the program printed. Failed where it did not end with 0."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "TIDINGS_", "LISTEN_", "NOTIFY_"))}
        environment.update(HOME=str(self.home), XDG_RUNTIME_DIR=str(self.home), LC_ALL="C.UTF-8", NO_COLOR="1")
        command = [str(self.build / name), *map(str, arguments)]
        try:
            done = subprocess.run(command, env=environment, cwd=self.home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=PATIENCE_S, check=False)
        except OSError as error:
            raise Failed(f"{command[0]}: {error.strerror}; build it, or name its folder in $TIDINGS_BUILD") from None
        except subprocess.TimeoutExpired:
            raise Failed(f"{' '.join(command)}: not done after {PATIENCE_S} s") from None
        if done.returncode:
            raise Failed(f"{' '.join(command)}: ended with {done.returncode}\n{done.stderr.decode(errors='replace').strip()}")
        return done.stdout.decode()


def answer(collection, programs):
    """Our run on a collection, as lines."""
    config = programs.home / "tidings.toml"
    quoted = json.dumps  # a JSON string is a TOML string as well
    config.write_text(f"[index]\nfolder = {quoted(str(programs.home / 'index'))}\n[[corpus]]\nname = \"docs\"\n"
                      f"path = {quoted(str(collection.docs.resolve()))}\nlanguages = [{quoted(collection.language)}]\n",
                      encoding="utf-8")
    programs.run("tidingsd", "--config", config, "--once")
    return programs.run("tidings", "search", "--config", config, "--plain", "--queries", collection.queries.resolve(),
                        "--format", "trec", "-n", DEPTH).splitlines(keepends=True)


def measured(collection, build, arguments):
    with tempfile.TemporaryDirectory(prefix="tid-", dir="/tmp") as home:
        run = answer(collection, Programs(build, pathlib.Path(home)))
    judged.keep_run(arguments, collection, run)
    qrels = metrics.read_qrels(collection.qrels)
    return table.Row(collection, metrics.mean(metrics.evaluate(qrels, metrics.read_run(run))))


def main():
    parser = argparse.ArgumentParser(description="How good are the answers? Judged collections through the real programs.")
    judged.add_arguments(parser)
    parser.add_argument("--table", metavar="FILE", type=pathlib.Path, help="write the table there as well")
    parser.add_argument("--optional", action="store_true", help="where there is no data folder, end with 77")
    arguments = parser.parse_args()
    build = pathlib.Path(os.environ.get("TIDINGS_BUILD") or judged.TREE / "build" / "release").resolve()
    try:
        rows = [measured(collection, build, arguments) for collection in judged.from_arguments(arguments)]
    except judged.NoData as error:
        print(f"relevance: {error}", file=sys.stderr)
        return NO_DATA if arguments.optional else 2
    except (Failed, metrics.BadLine) as error:
        print(f"relevance: {error}", file=sys.stderr)
        return 2
    printed = table.text(rows)
    print(printed, end="")
    if arguments.table:
        arguments.table.write_text(printed, encoding="utf-8")
    short = [f"{row.collection.name} ({', '.join(row.short())})" for row in rows if row.short()]
    if short:
        print(f"below {judged.ENOUGH:.0%} of the best other: " + "; ".join(short), file=sys.stderr)
    fallen = [f"{row.collection.name} ({', '.join(row.fallen())})" for row in rows if row.fallen()]
    if fallen:
        print(f"fallen by more than {judged.MOST_FALL}: " + "; ".join(fallen), file=sys.stderr)
    return 1 if short or fallen else 0


if __name__ == "__main__":
    sys.exit(main())
