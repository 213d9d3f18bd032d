# SPDX-License-Identifier: GPL-2.0-or-later
"""live_clients.py — clients that listen to a query each, as a process of its own: SOCKET COUNT SILENT RECORDS

Client n listens to the word that word('l', n) is; the first SILENT never read. It prints `ready` when all have been answered, reads until its stdin
is closed, and then writes to RECORDS a line for each record: client, path, when it was there (monotonic, seconds).
"""
import selectors
import socket
import sys
import time

from words import word


def listening(path, number):
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.connect(path)
    client.sendall(f"GET /v1/live?q={word('l', number)} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        head += client.recv(1)
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(head.decode())
    return client


def main():
    path, count, silent, records = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    clients = [listening(path, number) for number in range(count)]
    waiting = selectors.DefaultSelector()
    for number, client in enumerate(clients[silent:], silent):
        client.setblocking(False)
        waiting.register(client, selectors.EVENT_READ, number)
    waiting.register(sys.stdin, selectors.EVENT_READ, None)
    rests = [b""] * count
    got = []
    print("ready", flush=True)
    open_ones = True
    while open_ones:
        for key, _ in waiting.select():
            if key.data is None:
                open_ones = False
                continue
            received = key.fileobj.recv(1 << 16)
            there = time.monotonic()
            if not received:
                raise RuntimeError(f"client {key.data} was dropped")
            *events, rests[key.data] = (rests[key.data] + received).split(b"\n\n")
            got += [(key.data, there, event) for event in events]
    with open(records, "w", encoding="utf-8") as file:
        for number, there, event in got:
            if b"event: report" in event:
                path = event.split(b'"path":"', 1)[1].split(b'"', 1)[0].decode()
                file.write(f"{number}\t{path}\t{there}\n")


if __name__ == "__main__":
    main()
