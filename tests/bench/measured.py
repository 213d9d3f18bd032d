#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""measured.py RESULT COMMAND... — runs the command and writes {wall, cpu, peak, code} to RESULT, as JSON.

A process of its own because Linux hands the memory peak of whoever starts a program down to it: the benchmark's own would
hide what a small program takes. This one stays at about 10 MB, the least that `peak` can tell.
wall: seconds from before the start to the end; cpu: seconds, user and system, of the command and the children that it has
waited for; peak: bytes, of the largest of these.
"""
import os
import sys
import time


def main():
    result, *command = sys.argv[1:]
    began = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - began
    with open(result, "w") as out:
        out.write(f'{{"wall": {wall}, "cpu": {usage.ru_utime + usage.ru_stime}, "peak": {usage.ru_maxrss * 1024}, '
                  f'"code": {os.waitstatus_to_exitcode(status)}}}\n')


if __name__ == "__main__":
    main()
