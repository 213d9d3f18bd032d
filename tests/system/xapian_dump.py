#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""xapian_dump.py INDEX — what an index has of each living document, past our own programs: by its manifest and by Xapian; pickled, to
stdout. What differs between two indexes of the same files is left out: cause, generation, first seen. Needs python3-xapian."""
import pathlib
import pickle
import struct
import sys

CHANGING = {3, 6, 7}  # value slots


def manifest_of(index):
    """The live folder; and of each sealed segment number, path, stem and fields."""
    live, sealed = None, []
    for line in (index / "manifest").read_text().splitlines():
        words = line.split()
        if words[0] == "live":
            live = index / f"live-{words[1]}"
        elif words[0] == "sealed":
            fields = dict(word.split("=") for word in words[3:])
            stem = ("live-" if words[2] == "folder" else "sealed-") + words[1]
            sealed.append((words[1], index / (stem if words[2] == "folder" else stem + ".glass"), stem, fields))
    return live, sealed


def ids_of(raw):
    return {number for (number,) in struct.iter_unpack("<I", raw)}


def dump(index):
    """Terms with wdf and positions, and values, of each living document, by its key."""
    import xapian  # a module of the system's python3

    live, sealed = manifest_of(index)
    database = xapian.Database(str(live))
    dead = {}
    for key in database.metadata_keys("dead."):
        segment = key.decode().split(".")[1]
        dead.setdefault(segment, set()).update(ids_of(database.get_metadata(key)))
    parts = [(database, set())]
    for segment, path, stem, fields in sealed:
        gone = dead.get(segment, set())
        if fields["dead"] != "0":
            gone |= ids_of((index / f"{stem}.dead-{fields['dead']}").read_bytes()[:-8])
        parts.append((xapian.Database(str(path)), gone))
    everything = {}
    for database, gone in parts:
        documents = {}
        for slot in range(9):
            for value in database.valuestream(slot):
                if value.docid not in gone and slot not in CHANGING:
                    documents.setdefault(value.docid, {})[slot] = value.value
        for term in database.allterms():
            if term.term[:2] in (b"XG", b"XK"):
                continue
            for posting in database.postlist(term.term):
                if posting.docid in documents:
                    documents[posting.docid][term.term] = (posting.wdf, tuple(database.positionlist(posting.docid, term.term)))
        for document in documents.values():
            key = document[0]
            if key in everything:
                raise AssertionError(f"{key} is there twice")
            everything[key] = document
    return everything


if __name__ == "__main__":
    sys.stdout.buffer.write(pickle.dumps(dump(pathlib.Path(sys.argv[1]))))
