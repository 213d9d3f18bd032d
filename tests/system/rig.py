# SPDX-License-Identifier: GPL-2.0-or-later
"""The real programs in a fresh folder: what every system test stands on.

    class ASearch(unittest.TestCase):
        def test_finds_a_new_report(self):
            with Rig() as rig:
                rig.write("strike.txt", "Dockers strike at the port.\\n")
                rig.start_daemon()
                rig.sync()
                self.assertEqual([h["path"] for h in rig.search("strike")["hits"]], [rig.path("strike.txt")])

TIDINGS_BUILD names the folder with tidings and tidingsd. Everything a Rig makes is below one folder of /tmp (short, since a
socket's path ends at 107 bytes) and goes with it; what it started is ended by its process id. A program that does not end
with 0 on SIGTERM fails the test (the sanitizers end with 99), and its log is printed.

Nothing here sleeps: `tidings sync` is the barrier, or a line that a program prints (Lines).
"""
import base64
import http.client
import json
import os
import pathlib
import queue
import shutil
import signal
import socket
import subprocess
import tempfile
import threading

PATIENCE = 60  # seconds until a test is failed for what should have taken milliseconds; sanitizers are slow


def build_folder():
    folder = os.environ.get("TIDINGS_BUILD")
    if not folder:
        raise RuntimeError("set TIDINGS_BUILD to the folder that holds tidings and tidingsd")
    return pathlib.Path(folder).resolve()


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout=PATIENCE):
        super().__init__("localhost", timeout=timeout)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def json(self):
        return json.loads(self.body)

    def text(self):
        return self.body.decode()


class Lines:
    """What a program prints, line by line; a line that does not come within PATIENCE fails the test."""

    def __init__(self, process):
        self.process = process
        self.queue = queue.Queue()
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        for line in self.process.stdout:
            self.queue.put(line)
        self.queue.put(None)

    def next(self, patience=PATIENCE):
        """The next line without its end, or None where the program has ended."""
        line = self.queue.get(timeout=patience)
        return None if line is None else line.decode(errors="surrogateescape").rstrip("\n")

    def next_json(self, patience=PATIENCE):
        line = self.next(patience)
        if line is None:
            raise AssertionError(f"the program ended, with {self.process.wait(PATIENCE)}, where a record was awaited")
        return json.loads(line)

    def waiting(self):
        return self.queue.qsize()


def unprivileged():
    """A user whom permissions bind, for Rig(user=…): root itself may read everything. None where we are no root."""
    return 65534 if os.geteuid() == 0 else None


def bytes_of(hit):
    """The path of a hit as the disk has it."""
    return base64.b64decode(hit["path_b64"]) if "path_b64" in hit else os.fsencode(hit["path"])


def toml(value):
    """A TOML value. JSON's notation of strings, numbers, booleans and lists of them is TOML's as well."""
    return json.dumps(os.fspath(value) if isinstance(value, os.PathLike) else value)


def remove_tree(folder):
    """Also folders that their owner may not read, and paths longer than one system call takes."""
    subprocess.run(["chmod", "-R", "u+rwX", folder], stderr=subprocess.DEVNULL, check=False)
    subprocess.run(["rm", "-rf", "--", folder], stderr=subprocess.DEVNULL, check=False)


class Rig:
    """config: {section: {key: value}} over what is needed here. corpora: {name: folder}, default one, `reports`; a folder
    may also be a table of the corpus' keys. user: a number, whom the programs run as and who owns the folder."""

    def __init__(self, config=None, corpora=None, user=None):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="tid-", dir="/tmp")).resolve()
        self.user = user
        self.corpus = self.root / "reports"
        self.corpora = {"reports": self.corpus} if corpora is None else corpora
        self.index = self.root / "index"
        self.control_socket = self.root / "c.sock"
        self.api_socket = self.root / "a.sock"
        self.state = self.root / "state"
        self.config_file = self.root / "tidings.toml"
        self.environment = {
            key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "TIDINGS_", "LISTEN_", "NOTIFY_"))}
        self.environment.update(HOME=str(self.root), XDG_RUNTIME_DIR=str(self.root / "run"), NO_COLOR="1", LC_ALL="C.UTF-8")
        (self.root / "run").mkdir(mode=0o700)
        self.daemon = self.server = self.ready = None
        self.logs = {}
        self.corpus.mkdir()
        for folder in (self.root, self.root / "run", self.corpus) if user is not None else ():
            os.chown(folder, user, user)
        if user is not None:
            self.bring_suppressions()
        self.configure(config or {})

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        try:
            self.stop(failed=kind is not None)
        finally:
            remove_tree(self.root)

    def bring_suppressions(self):
        """A sanitizer reads its file of suppressions as the user whom it runs as: a tree below root's home is out of reach."""
        options = self.environment.get("TSAN_OPTIONS", "")
        for option in options.split(":"):
            name, _, path = option.partition("=")
            if name == "suppressions":
                copy = shutil.copy(path, self.root)
                os.chmod(copy, 0o644)
                self.environment["TSAN_OPTIONS"] = options.replace(path, os.fspath(copy))

    # Files

    def configure(self, config):
        """Writes the configuration anew; programs that run do not notice."""
        sections = {
            "index": {"folder": self.index},
            "daemon": {"control_socket": self.control_socket},
            "serve": {"socket": self.api_socket, "state_folder": self.state},
        }
        for section, values in config.items():
            sections.setdefault(section, {}).update(values)
        lines = []
        for section, values in sections.items():
            lines += [f"[{section}]"] + [f"{key} = {toml(value)}" for key, value in values.items()]
        for name, folder in self.corpora.items():
            keys = folder if isinstance(folder, dict) else {"path": folder}
            lines += ["[[corpus]]", f"name = {toml(name)}"] + [f"{key} = {toml(value)}" for key, value in keys.items()]
        self.config_file.write_text("\n".join(lines) + "\n")

    def path(self, name):
        return str(self.corpus / name)

    def write(self, name, text):
        """A report below the default corpus; str or bytes."""
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    # Programs

    def as_user(self):
        return {} if self.user is None else {"user": self.user, "group": self.user, "extra_groups": []}

    def program(self, name):
        """Where a program lies for the user it runs as: a build below root's home is out of reach for others."""
        built = build_folder() / name
        if self.user is None or subprocess.run(["test", "-x", built], check=False, **self.as_user()).returncode == 0:
            return built
        copy = self.root / name
        if not copy.exists():
            shutil.copy(built, copy)
            copy.chmod(0o755)
        return copy

    def run(self, program, *arguments, check=None, stdin=None, timeout=PATIENCE):
        """One run to its end. check: the exit code that is right, None for any. stdout and stderr are bytes."""
        done = subprocess.run(
            [self.program(program), *map(os.fspath, arguments)], env=self.environment, cwd=self.root, input=stdin,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, **self.as_user())
        if check is not None and done.returncode != check:
            raise AssertionError(
                f"{program} {' '.join(map(str, arguments))}: exit {done.returncode}, not {check}\n"
                f"{done.stdout.decode(errors='replace')}{done.stderr.decode(errors='replace')}")
        return done

    def tidings(self, command, *arguments, **options):
        return self.run("tidings", command, "--config", self.config_file, *arguments, **options)

    def once(self, *arguments):
        """Brings the index up to date with the folders, and ends."""
        return self.run("tidingsd", "--config", self.config_file, "--once", *arguments, check=0, timeout=600)

    def search(self, *arguments, collapse=False):
        """The answer as JSON, near-copies too; finding nothing (exit 1) is an answer too."""
        done = self.tidings("search", "--format", "json", *([] if collapse else ["--no-collapse"]), *arguments)
        if done.returncode not in (0, 1):
            raise AssertionError(f"search {arguments}: exit {done.returncode}\n{done.stderr.decode(errors='replace')}")
        return json.loads(done.stdout)

    def paths(self, *arguments):
        """The paths of the hits, best first, near-copies too, as str with undecodable bytes escaped."""
        return [os.fsdecode(bytes_of(hit)) for hit in self.search(*arguments)["hits"]]

    def everything(self):
        """All documents of the index by path. No report has the word that is taken out, so this asks for all."""
        found = self.search("-n", "1000", "--", "-nosuchwordanywhere")
        hits = {os.fsdecode(bytes_of(hit)): hit for hit in found["hits"]}
        if not len(hits) == len(found["hits"]) == min(found["total"]["count"], 1000):
            raise AssertionError(f"{len(found['hits'])} hits, {len(hits)} paths, total {found['total']}")
        return hits

    def show(self, path):
        """One report as it was read, as JSON."""
        return json.loads(self.tidings("show", "--format", "json", path, check=0).stdout)

    def status(self):
        return json.loads(self.tidings("status", "--format", "json", check=0).stdout)

    def sync(self):
        """All that is on disk now can be found when this returns. Waits for a daemon that is still starting."""
        return self.tidings("sync", check=0, timeout=600)

    def reload(self):
        """SIGHUP; it has been taken when the sync that follows is answered."""
        self.daemon.send_signal(signal.SIGHUP)
        self.sync()

    def spawn(self, name, program, *arguments):
        log = self.root / f"{name}.log"
        self.logs[name] = log
        with open(log, "ab") as stderr:
            return subprocess.Popen(
                [self.program(program), *map(os.fspath, arguments)], env=self.environment, cwd=self.root,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr, **self.as_user())

    def start_daemon(self, *arguments):
        self.daemon = self.spawn("tidingsd", "tidingsd", "--config", self.config_file, *arguments)
        return self.daemon

    def kill_daemon(self):
        """kill -9: nothing is published, no file is cleared away."""
        self.daemon.kill()
        self.daemon.wait(PATIENCE)
        self.daemon.stdout.close()
        self.daemon = None

    def start_server(self):
        """`tidings serve`, listening when this returns; rig.ready is the line that it printed."""
        self.server = self.spawn("serve", "tidings", "serve", "--config", self.config_file)
        watchdog = threading.Timer(PATIENCE, self.server.kill)
        watchdog.start()
        self.ready = self.server.stdout.readline().decode().rstrip("\n")
        watchdog.cancel()
        if not self.ready.startswith("ready "):
            self.server.wait(PATIENCE)
            raise AssertionError(f"serve printed {self.ready!r}, exit {self.server.returncode}\n{self.log('serve')}")
        return self.ready

    def kill_server(self):
        """kill -9, as for the daemon."""
        self.server.kill()
        self.server.wait(PATIENCE)
        self.server.stdout.close()
        self.server = None

    def log(self, name):
        return self.logs[name].read_text(errors="replace") if name in self.logs else ""

    def end(self, process, name, failed=False):
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        finally:
            if process.stdout:
                process.stdout.close()
        wrong = process.returncode not in (0, -signal.SIGKILL)  # SIGKILL: the test's own doing, or the line above
        if failed or wrong:
            print(f"--- log of {name}, exit {process.returncode}\n{self.log(name)}", flush=True)
        if wrong and not failed:
            raise AssertionError(f"{name} ended with {process.returncode}, not 0; its log is above")

    def stop_daemon(self, failed=False):
        daemon, self.daemon = self.daemon, None
        self.end(daemon, "tidingsd", failed)

    def stop_server(self, failed=False):
        server, self.server = self.server, None
        self.end(server, "serve", failed)

    def stop(self, failed=False):
        try:
            self.stop_server(failed)
        finally:
            self.stop_daemon(failed)

    # HTTP

    def token(self):
        return (self.state / "token").read_text().strip()

    def tcp_address(self):
        """(host, port) out of the ready line."""
        host, port = self.ready.split("//", 1)[1].split("/", 1)[0].rsplit(":", 1)
        return host.strip("[]"), int(port)

    def get(self, target, method="GET", headers=None, tcp=False):
        """One request on the Unix socket, or on TCP with no more than the headers given."""
        connection = http.client.HTTPConnection(*self.tcp_address(), timeout=PATIENCE) if tcp else UnixConnection(self.api_socket)
        try:
            connection.request(method, target, headers=headers or {})
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def raw(self, tcp=False, timeout=PATIENCE):
        """A connected socket, for what no HTTP client would send."""
        if tcp:
            return socket.create_connection(self.tcp_address(), timeout)
        s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        s.settimeout(timeout)
        s.connect(str(self.api_socket))
        return s
