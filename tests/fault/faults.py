# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of this room share: the judge, and the control socket without a program around it.

agrees(rig) is the judge. After a sync `tidings verify` must be clean, and the index must be the same, document by document, as one that
is made anew of the same folders: index_dump.cc says what "the same" means.
"""
import json
import os
import pathlib
import random
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "system"))
from rig import PATIENCE, remove_tree  # noqa: E402  (found by the line before)

SHOWN = 5  # documents whose accounts are printed where two indexes differ


def seed():
    """Another one each time, or TIDINGS_SEED."""
    return int(os.environ.get("TIDINGS_SEED", random.randrange(2**32)))


def size(variable, default):
    return int(os.environ.get(variable, default))


def index_dump(rig, *arguments):
    """What index_dump prints; a document twice, lost or without its words fails the test."""
    done = subprocess.run(
        [rig.program("index_dump"), *map(os.fspath, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=rig.environment, timeout=600, check=False, **rig.as_user())
    if done.returncode != 0:
        raise AssertionError(f"index_dump {arguments}: exit {done.returncode}\n{done.stderr.decode(errors='replace')[:4000]}")
    return done.stdout.decode()


def accounts(rig, index):
    """The hash of each document's account, by key (escaped as index_dump has it); and "=" by what the index says of itself."""
    return {key: account for account, _, key in (line.partition("  ") for line in index_dump(rig, index).splitlines())}


def key_of(corpus, path):
    """As index_dump prints it; path: bytes or str, below the corpus."""
    whole = os.fsencode(corpus) + b":" + os.fsencode(path)
    return "".join(chr(c) if 32 < c < 127 and c != 92 else f"\\x{c:02x}" for c in whole)


def verify(rig):
    done = rig.tidings("verify", timeout=600)
    if done.returncode != 0:
        raise AssertionError(
            f"verify: exit {done.returncode}\n{done.stdout.decode(errors='replace')[:4000]}{done.stderr.decode(errors='replace')}")


def same_as_anew(rig):
    """The index is the same as a fresh one. Nothing may change on disk meanwhile. Returns how many documents there are."""
    fresh = rig.root / "fresh"
    remove_tree(fresh)
    rig.once("--index", fresh)
    have, wanted = accounts(rig, rig.index), accounts(rig, fresh)
    if have == wanted:
        remove_tree(fresh)
        return sum(account != "=" for account in have.values())
    told = []
    for what, keys in (("lost", wanted.keys() - have.keys()), ("too many", have.keys() - wanted.keys())):
        told += [f"{what}: {len(keys)}"] + sorted(keys)[:SHOWN] if keys else []
    differing = sorted(key for key in have.keys() & wanted.keys() if have[key] != wanted[key])
    if differing:
        told.append(f"different: {len(differing)}")
        for index in (rig.index, fresh):
            told += [f"--- {index}", index_dump(rig, "--full", index, *differing[:SHOWN])[:20_000]]
    raise AssertionError("the index is not what a fresh one is\n" + "\n".join(told))


def agrees(rig):
    rig.sync()
    verify(rig)
    return same_as_anew(rig)


def ask_daemon(path, line, timeout=PATIENCE):
    """One line to a control socket and its answer; OSError where nobody answers."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
        s.settimeout(timeout)
        s.connect(str(path))
        s.sendall(line.encode() + b"\n")
        received = b""
        while not received.endswith(b"\n"):
            more = s.recv(65536)
            if not more:
                raise ConnectionResetError("closed without an answer")
            received += more
    return json.loads(received)
