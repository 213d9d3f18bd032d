# SPDX-License-Identifier: GPL-2.0-or-later
"""poller.py — asks `tidings serve` again and again, on one connection that stays open, until an answer has what was awaited.

The other process of the freshness figures: its server lives before the first report is written and answers every poll.
It asks for all reports, near-copies too, and for no other spelling where there are none. A moment found is when the answer had
arrived in full, so it is late by up to one poll; `polls` keeps what each took.
"""
import json
import socket
import time
import urllib.parse

import rig

PATIENCE = 600  # seconds until a benchmark gives up on a report


class Poller:
    def __init__(self, path):
        self.polls = []  # seconds, of searches that found nothing yet
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(rig.PATIENCE)
        self.socket.connect(str(path))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def get(self, target):
        """(when the answer was there, the answer)."""
        self.socket.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        received = self.socket.recv(65536)
        while b"\r\n\r\n" not in received:
            received += self.more(target)
        head, body = received.split(b"\r\n\r\n", 1)
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        while len(body) < length:
            body += self.more(target)
        there = time.monotonic()
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise RuntimeError(f"{target}: {head.decode(errors='replace')}\n{body.decode(errors='replace')}")
        return there, json.loads(body)

    def more(self, target):
        received = self.socket.recv(65536)
        if not received:
            raise RuntimeError(f"{target}: the server closed the connection")
        return received

    def status(self):
        return self.get("/v1/status")[1]

    def until(self, query, enough):
        """When the first answer to the query was there of which enough(answer) holds."""
        target = f"/v1/search?q={urllib.parse.quote_plus(query)}&n=1&suggest=0&collapse=0"
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            asked = time.monotonic()
            there, answer = self.get(target)
            if enough(answer):
                return there
            self.polls.append(there - asked)
        raise RuntimeError(f"{query} was not found within {PATIENCE} s")

    def until_found(self, query, path):
        return self.until(query, lambda answer: any(hit["path"] == str(path) for hit in answer["hits"]))

    def until_counted(self, query, number):
        return self.until(query, lambda answer: answer["total"] == {"count": number, "exact": True})
