#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""fts5_index.py DATABASE FOLDER... — SQLite's FTS5 as a peer of the index benchmark. Prints the number of documents.

One table with path and text, the text stored in it and indexed with positions (detail=full), tokenizer porter over
unicode61 (stemmed terms alone), one transaction, every pragma at SQLite's default. Python only reads the files and hands
them over; the work is FTS5's.
"""
import os
import sqlite3
import sys


def texts(folders):
    for top in folders:
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    yield path, file.read().decode(errors="replace")


def main():
    database, *folders = sys.argv[1:]
    connection = sqlite3.connect(database)
    with connection:
        connection.execute("CREATE VIRTUAL TABLE reports USING fts5(path UNINDEXED, text, tokenize = 'porter unicode61')")
        connection.executemany("INSERT INTO reports VALUES (?, ?)", texts(folders))
    print(connection.execute("SELECT count(*) FROM reports").fetchone()[0])
    connection.close()


if __name__ == "__main__":
    main()
