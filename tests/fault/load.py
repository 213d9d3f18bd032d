# SPDX-License-Identifier: GPL-2.0-or-later
"""load.py — files that are made, changed, renamed, moved and deleted without end, as a process of its own.

    python3 load.py '{"reports": FOLDER, "pairs": FOLDER, "pair_count": N, "control": SOCKET, "seed": S}'

It goes on whatever becomes of the daemon, and is told what to do by lines on stdin: `mark` (it answers `mark` between two operations),
`pause` and `go on`, `end`. What it prints tells what the index must hold from then on, also after a kill:
- `acked G`      a sync was answered with this generation;
- `present KEY`  a file that is never changed was there before a sync that has been answered: it must be in the index,
- `leaving KEY`  until this line, printed before it is deleted;
- `absent KEY`   it was gone before a sync that has been answered: it must not come back, for its name is used once;
- `error …`      a sync was answered with an error.
Most changes come in bursts; now and then it waits for each one by a sync, so that the daemon has moments with nothing to do, and merges.
"""
import json
import os
import pathlib
import queue
import random
import shutil
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from faults import ask_daemon, key_of  # noqa: E402  (found by the line before)
from searcher import pair_text  # noqa: E402

FILES_MOST = 900  # then more is deleted than made
FOLDERS = 24
BURST = 150  # operations from one sync to the next, at most
WORDS = ("crane strike quay berth gantry gantries lashers night shift dockers wharf pilots tugs pay ballot pickets harbour "
         "strikes striking container agreed refused Monday report").split()


def story(number, chance, words=None):
    """A report unlike others."""
    count = words or chance.randrange(3, 120)
    return f"Report {number} {chance.choice(WORDS)}\n\n" + " ".join(chance.choice(WORDS) for _ in range(count)) + f" n{chance.randrange(10**9)}.\n"


class Load:
    def __init__(self, told):
        self.reports, self.pairs = pathlib.Path(told["reports"]), pathlib.Path(told["pairs"])
        self.pair_count, self.control = told["pair_count"], told["control"]
        self.chance = random.Random(told["seed"])
        self.next = 0
        self.files, self.once = [], []
        self.versions = [0] * self.pair_count
        self.made, self.unmade = [], []  # single-use files, since the last answered sync
        self.orders = queue.Queue()

    # What is there before the daemon starts

    def begin(self):
        for folder in range(FOLDERS):
            (self.reports / f"d{folder}").mkdir(exist_ok=True)
        for _ in range(FILES_MOST // 2):
            self.create()
        for number in range(self.pair_count):
            self.change_pair(number)
        for _ in range(20):
            self.make_once()

    # Operations

    def folder(self):
        return self.reports / f"d{self.chance.randrange(FOLDERS)}"

    def put(self, path, text):
        """Written in place, or beside it and renamed over."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.chance.random() < 0.5:
            path.write_text(text)
            return
        beside = path.with_name(f".{path.name}.tmp")
        beside.write_text(text)
        beside.rename(path)

    def create(self):
        self.next += 1
        path = self.folder() / f"load-{self.next}.txt"
        self.put(path, story(self.next, self.chance))
        self.files.append(path)

    def change(self):
        path = self.chance.choice(self.files)
        if self.chance.random() < 0.2 and path.exists():
            with open(path, "a", encoding="utf-8") as file:
                file.write(story(self.next, self.chance, 5))
        else:
            self.put(path, story(self.next, self.chance))

    def rename(self):
        at = self.chance.randrange(len(self.files))
        self.next += 1
        target = self.folder() / f"moved-{self.next}.txt"
        if self.files[at].exists() and target.parent.exists():
            self.files[at].rename(target)
            self.files[at] = target

    def rename_folder(self):
        """To a new name and, with another operation, to that of a folder which is away."""
        folder = self.folder()
        if not folder.exists():
            return folder.mkdir()
        self.next += 1
        target = self.reports / f"{folder.name}-{self.next}"
        folder.rename(target)
        if self.chance.random() < 0.7:
            target.rename(folder)
        else:
            self.files = [target / path.name if path.parent == folder else path for path in self.files]
            folder.mkdir()

    def delete(self):
        path = self.files.pop(self.chance.randrange(len(self.files)))
        path.unlink(missing_ok=True)

    def delete_folder(self):
        folder = self.chance.choice([path for path in self.reports.iterdir() if path.name.startswith("d")])
        shutil.rmtree(folder)
        self.files = [path for path in self.files if path.parent != folder]

    def touch(self):
        path = self.chance.choice(self.files)
        if path.exists():
            os.utime(path)

    def change_pair(self, number):
        self.versions[number] += 1
        path = self.pairs / f"pair-{number}.txt"
        beside = path.with_name(f".{path.name}.tmp")
        beside.write_text(pair_text(number, self.versions[number], self.chance))
        beside.rename(path)

    def make_once(self):
        self.next += 1
        path = self.reports / "once" / f"{self.next}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(story(self.next, self.chance))
        self.made.append(path)

    def unmake_once(self):
        if self.once:
            path = self.once.pop(self.chance.randrange(len(self.once)))
            self.tell("leaving", key_of("reports", path.relative_to(self.reports)))
            path.unlink()
            self.unmade.append(path)

    def operate(self):
        full = len(self.files) >= FILES_MOST
        few = len(self.files) < FILES_MOST // 4
        kinds = [(self.create, 4 if full else 20), (self.change, 40), (self.rename, 10), (self.rename_folder, 1),
                 (self.delete, 1 if few else 16), (self.delete_folder, 0 if few else 0.2), (self.touch, 4),
                 (lambda: self.change_pair(self.chance.randrange(self.pair_count)), 20), (self.make_once, 3), (self.unmake_once, 3)]
        self.chance.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]()

    # What is told

    def tell(self, *words):
        print(*words, flush=True)

    def sync(self):
        made, unmade = list(self.made), list(self.unmade)
        try:
            answer = ask_daemon(self.control, "sync")
        except (ConnectionError, FileNotFoundError):
            return
        if "generation" not in answer:
            return self.tell("error", json.dumps(answer))
        for path in made:
            self.tell("present", key_of("reports", path.relative_to(self.reports)))
        for path in unmade:
            self.tell("absent", key_of("reports", path.relative_to(self.reports)))
        self.once += made
        self.made, self.unmade = self.made[len(made):], self.unmade[len(unmade):]
        self.tell("acked", answer["generation"])

    # Orders

    def listen(self):
        for line in sys.stdin:
            self.orders.put(line.strip())
        self.orders.put("end")

    def obey(self):
        """False at the end."""
        while True:
            try:
                order = self.orders.get_nowait()
            except queue.Empty:
                return True
            if order == "end":
                return False
            self.tell(order)
            if order == "pause" and self.orders.get() == "end":
                return False

    def run(self):
        self.begin()
        self.tell("begun")
        threading.Thread(target=self.listen, daemon=True).start()
        while True:
            trickle = self.chance.random() < 0.3
            for _ in range(self.chance.randrange(1, BURST if not trickle else BURST // 5)):
                if not self.obey():
                    return
                self.operate()
                if trickle:
                    self.sync()
            self.sync()


if __name__ == "__main__":
    Load(json.loads(sys.argv[1])).run()
