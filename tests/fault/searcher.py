# SPDX-License-Identifier: GPL-2.0-or-later
"""searcher.py — asks questions without a pause, and looks at every answer, while others torture the daemon.

    Searchers(rig, PAIRS, seed).start() … .stop() -> how many searches there were; fails the test for any that was wrong.

Each searcher is a process of its own: this file, run. It asks `tidings serve` on one connection, and every CLI_EVERY-th time the command
line. The load replaces the files of the corpus `pairs` by rename, and none is ever without exactly one of the words "sunrise" and "sunset";
so in any one generation all of them match `sunrise OR sunset`, each once: a change that is half made would show as one too few or too many.
What must hold for each answer:
- it is an answer: no error, no "busy";
- generations never go back for one identity, and no hit is younger than the generation that answers;
- no path is twice among the hits; all pairs are there, each once;
- a generation is one state: whoever asks the same of it, now or after a kill -9, gets the same reports in the same versions.
"""
import http.client
import json
import os
import pathlib
import random
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "system"))
from rig import PATIENCE, UnixConnection, bytes_of  # noqa: E402  (found by the line before)

CLI_EVERY = 100
FAULTS_MAX = 20  # of one searcher: it has told enough then
BOTH = "sunrise OR sunset"
QUERIES = [BOTH, BOTH, BOTH, "sunrise", "sunset", "crane", "crane strike", '"night shift"', "quay -strike", "gantries OR berth",
           "title:report", "nosuchwordanywhere"]


def pair_text(number, version, chance):
    """A file of the corpus `pairs`."""
    word = "sunrise" if (number + version) % 2 else "sunset"
    return f"Pair {number}, version {version}\n\nToday it is {word} at berth {chance.randrange(10**6)}.\n"


class Searcher:
    def __init__(self, arguments):
        self.socket, self.pairs = arguments["socket"], arguments["pairs"]
        self.cli, self.environment, self.marker = arguments["cli"], arguments["environment"], arguments["marker"]
        self.chance = random.Random(arguments["seed"])
        self.connection = None
        self.searches = self.retries = 0
        self.faults = []
        self.newest = 0  # generation
        self.states = {}  # the reports of an answer, by generation and query

    def ask(self, query, n):
        """The answer as JSON, or None with a fault noted."""
        self.searches += 1
        if self.searches % CLI_EVERY == 0:
            done = subprocess.run(self.cli + ["--format", "json", "--no-collapse", "-n", str(n), "--", query], env=self.environment,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
            if done.returncode in (0, 1):
                return json.loads(done.stdout)
            return self.fault(query, f"exit {done.returncode}: {done.stderr.decode(errors='replace')}")
        if not self.connection:
            self.connection = UnixConnection(self.socket)
        self.connection.request("GET", "/v1/search?" + urllib.parse.urlencode({"q": query, "n": n, "collapse": 0}))
        response = self.connection.getresponse()
        body = response.read()
        if response.getheader("Connection", "").lower() == "close":
            self.connection.close()
            self.connection = None
        if response.status == 200:
            return json.loads(body)
        return self.fault(query, f"status {response.status}: {body.decode(errors='replace')}")

    def fault(self, query, what):
        self.faults.append(f"search {self.searches}, {query!r}: {what}")

    def look_at(self, query, n, answer):
        generation, hits = answer["generation"], answer["hits"]
        if generation < self.newest:
            self.fault(query, f"generation {generation} after {self.newest}")
        self.newest = max(generation, self.newest)
        versions = {bytes_of(hit): hit["generation"] for hit in hits}
        if len(versions) != len(hits):
            self.fault(query, f"generation {generation}: a path is twice among {sorted(h['path'] for h in hits)}")
        if any(version > generation for version in versions.values()):
            self.fault(query, f"generation {generation}: a hit of a later one, {versions}")
        full = [h for h in hits if not h["partial"]]
        count = answer["total"]["count"]
        if answer["total"]["exact"] and len(full) != min(count, n):
            self.fault(query, f"generation {generation}: {len(full)} hits, total {count}")
        if query == BOTH and not (count == self.pairs and answer["total"]["exact"]):
            self.fault(query, f"generation {generation}: {answer['total']} of {self.pairs} pairs")
        if len(full) == count:
            state = sorted([os.fsdecode(bytes_of(hit)), hit["generation"]] for hit in full)
            known = self.states.setdefault(f"{generation} {query}", state)
            if known != state:
                self.fault(query, f"generation {generation} was another one before: {known}, {state}")

    def run(self):
        while os.path.exists(self.marker) and len(self.faults) < FAULTS_MAX:
            query = self.chance.choice(QUERIES)
            n = self.chance.choice((1, 3, self.pairs)) if query != BOTH else self.chance.choice((1, self.pairs))
            try:
                answer = self.ask(query, n)
                if answer:
                    self.look_at(query, n, answer)
            except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
                self.fault(query, repr(error))
                self.connection = None
        return {"searches": self.searches, "faults": self.faults, "states": self.states}


class Searchers:
    """count: processes. They ask while the marker file is there."""

    def __init__(self, rig, pairs, seed, count=2):
        self.rig, self.pairs, self.seed, self.count = rig, pairs, seed, count
        self.marker = rig.root / "searching"
        self.processes = []

    def start(self):
        self.marker.touch()
        for n in range(self.count):
            arguments = {"socket": str(self.rig.api_socket), "pairs": self.pairs, "seed": self.seed + n,
                         "cli": [str(self.rig.program("tidings")), "search", "--config", str(self.rig.config_file)],
                         "environment": self.rig.environment, "marker": str(self.marker), "user": self.rig.user}
            output = self.rig.root / f"searcher-{n}.json"
            with open(output, "wb") as stdout:
                self.processes.append((output, subprocess.Popen(
                    [sys.executable, "-B", __file__, json.dumps(arguments)], stdout=stdout)))
        return self

    def alive(self):
        return all(process.poll() is None for _, process in self.processes)

    def stop(self):
        """Ends them and returns how many searches there were; AssertionError with what was wrong."""
        self.marker.unlink(missing_ok=True)
        searches, faults, states = 0, [], {}
        for output, process in self.processes:
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                faults.append("a searcher did not come back")
                continue
            if process.returncode != 0:
                faults.append(f"a searcher ended with {process.returncode}")
                continue
            told = json.loads(output.read_text())
            searches += told["searches"]
            faults += told["faults"]
            for asked, state in told["states"].items():
                if states.setdefault(asked, state) != state:
                    faults.append(f"two searchers saw different reports at generation {asked}: {states[asked]}, {state}")
        self.processes = []
        if faults:
            raise AssertionError(f"{len(faults)} wrong answers in {searches} searches:\n" + "\n".join(f[:2000] for f in faults[:20]))
        return searches


if __name__ == "__main__":
    told = json.loads(sys.argv[1])
    if told["user"] is not None:  # who may open the socket; what this file needs has been read
        os.setgroups([])
        os.setgid(told["user"])
        os.setuid(told["user"])
    print(json.dumps(Searcher(told).run()))
