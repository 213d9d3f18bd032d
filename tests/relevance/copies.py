#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""copies.py — are near-copies told from other reports? Known pairs through the real programs.

  pairs     near-duplicate pairs inside reuters21578, by Jaccard of their four-word shingles: of those from .9 on at least 97 % are to be
            near-copies (`tidings similar --copies`), of those below .3 none. The latter are looked for twice: 10,000 pairs at random, and all
            pairs that the index takes for near-copies, compared here anew.
  versions  real successive versions of 400 documents, each a file: of two that follow each other at least 95 % are near-copies.

news.tar.xz and versions.tar.xz lie below the data folder ($TIDINGS_DATA, as in judged.py), and are unpacked once into the cache. Exit 0: all of it
holds; 1: some does not; 2: it could not be measured; with --optional, 77 where there is no data folder.
"""
import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import judged

NO_DATA = 77
SEED = 1


def shingles(path):
    words = re.findall(r"\w+", path.read_text(encoding="utf-8", errors="replace").lower())
    return {tuple(words[i:i + 4]) for i in range(len(words) - 3)}


def jaccard(a, b):
    return len(a & b) / max(1, len(a | b))


class Index:
    """A folder, indexed in a folder of its own."""

    def __init__(self, build, corpus, folder):
        self.build, self.folder, self.known = build, folder, {}
        self.run("tidingsd", "--once", "--corpus", corpus)

    def run(self, program, *arguments):
        done = subprocess.run([self.build / program, *arguments[:1], "--index", self.folder, *arguments[1:]], capture_output=True, check=False,
                              timeout=1800)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"{program} {arguments}: exit {done.returncode}: {done.stderr.decode(errors='replace')}")
        return done.stdout

    def hits(self, *arguments):
        return [pathlib.Path(hit["path"]) for hit in json.loads(self.run("tidings", *arguments, "--format", "json", "-n", "1000"))["hits"]]

    def copies(self, path):
        if path not in self.known:
            self.known[path] = set(self.hits("similar", "--copies", path))
        return self.known[path]

    def duplicates(self):
        """All that have a near-copy, page by page."""
        found = []
        while page := self.hits("search", "--sort", "oldest", "--offset", str(len(found)), "is:duplicate"):
            found += page
        return found


def told(what, count, of, least):
    share = count / of if of else 0
    good = share >= least
    print(f"{what}: {count} of {of}, {100 * share:.2f} % (at least {100 * least:.0f} %){'' if good else ' — too few'}")
    return good


def pairs(index, files, table):
    rows = [line.split("\t") for line in table.read_text().splitlines()[1:]]
    bands = {.9: [], .7: [], .5: [], .3: []}
    for likeness, a, b in rows:
        band = next(low for low in bands if float(likeness) >= low)
        bands[band].append(files[b] in index.copies(files[a]))
    for low, found in bands.items():
        print(f"  pairs from {low} on: {sum(found)} of {len(found)} are near-copies")
    good = told("pairs from .9 on", sum(bands[.9]), len(bands[.9]), .97)
    text = {path: shingles(path) for path in files.values()}
    chance = random.Random(SEED)
    names = sorted(files)
    wrong = 0
    for _ in range(10_000):
        a, b = (files[name] for name in chance.sample(names, 2))
        wrong += b in index.copies(a) and jaccard(text[a], text[b]) < .3
    taken = {tuple(sorted((a, b))) for a in index.duplicates() for b in index.copies(a)}
    low = sorted((jaccard(text[a], text[b]), a.name, b.name) for a, b in taken)
    below = [pair for pair in low if pair[0] < .3]
    print(f"near-copies below .3: {wrong} of 10,000 random pairs (seed {SEED}), {len(below)} of the {len(taken)} pairs that are near-copies; "
          f"the least of these {low[0][0]:.3f} ({low[0][1]}, {low[0][2]})")
    return good and wrong == 0 and not below


def versions(index, folder):
    followed = found = 0
    for document in sorted(folder.iterdir()):
        files = sorted(document.iterdir())
        for a, b in zip(files, files[1:]):
            followed += 1
            found += b in index.copies(a)
    return told("successive versions", found, followed, .95)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", metavar="DIR")
    parser.add_argument("--optional", action="store_true", help="exit 77 where there is no data folder")
    arguments = parser.parse_args()
    build = pathlib.Path(os.environ.get("TIDINGS_BUILD", judged.TREE / "build" / "release"))
    try:
        data = judged.data_folder(arguments.data)
        cache = judged.cache_folder().parent
        news = judged.unpacked(data / "news.tar.xz", cache / "news") / "reuters21578"
        known = judged.unpacked(data / "versions.tar.xz", cache / "versions")
    except judged.NoData as error:
        print(error, file=sys.stderr)
        return NO_DATA if arguments.optional else 2
    with tempfile.TemporaryDirectory(prefix="tidings-copies-") as folder:
        folder = pathlib.Path(folder)
        try:
            files = {path.stem: path for path in news.rglob("*.txt")}
            good = pairs(Index(build, news, folder / "news"), files, known / "reuters21578_pairs" / "pairs.tsv")
            documents = known / "versions_ms_cpp" / "docs"
            return 0 if versions(Index(build, documents, folder / "versions"), documents) and good else 1
        except RuntimeError as error:
            print(error, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main())
