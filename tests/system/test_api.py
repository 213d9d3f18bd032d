# SPDX-License-Identifier: GPL-2.0-or-later
"""`tidings serve` as its clients see it: the API, the page, who may ask, and what hostile clients get."""
import json
import os
import re
import select
import signal
import socket
import stat
import time
import unittest
import urllib.parse

from rig import PATIENCE, Rig

REPORTS = {
    "strike.txt": "Dockers strike at the northern port\n\nThe dockers began their strike at dawn. Pay is the issue.\n",
    "pay.html": "<html><head><title>Pay talks &amp; &lt;b&gt;terms</title></head><body><p>Pay talks went on.</p></body></html>",
    "quiet.md": "# A quiet day\n\nNothing happened at the northern port.\n",
}
QUICK = {"serve": {"tcp_address": "127.0.0.1:0", "request_timeout_ms": 300, "idle_timeout_ms": 1500}}


def read_all(s):
    """Everything until the server closes."""
    received = b""
    while True:
        try:
            chunk = s.recv(65536)
        except ConnectionResetError:
            return received
        if not chunk:
            return received
        received += chunk


def read_responses(s, count):
    """So many responses, each (status, body), by their lengths."""
    received, responses = b"", []
    while len(responses) < count:
        end = received.find(b"\r\n\r\n")
        length = int(re.search(rb"Content-Length: (\d+)", received[:end]).group(1)) if end >= 0 else 0
        if end < 0 or len(received) < end + 4 + length:
            chunk = s.recv(65536)
            if not chunk:
                raise AssertionError(f"closed after {len(responses)} responses and {received[:200]!r}")
            received += chunk
            continue
        responses.append((int(received[9:12]), received[end + 4:end + 4 + length]))
        received = received[end + 4 + length:]
    return responses


def statuses(received):
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d\d\d) ", received)]


class TheApi(unittest.TestCase):
    """With an index, and no daemon."""

    @classmethod
    def setUpClass(cls):
        cls.rig = Rig(QUICK)
        cls.addClassCleanup(cls.rig.__exit__, None, None, None)
        for name, text in REPORTS.items():
            cls.rig.write(name, text)
        cls.rig.once()
        cls.rig.start_server()
        address = urllib.parse.urlsplit(cls.rig.ready.removeprefix("ready "))
        cls.first = f"{address.path}?{address.query}"
        cls.host = address.netloc
        cls.bearer = {"Authorization": f"Bearer {cls.rig.token()}"}

    def test_gives_the_document_that_the_command_line_gives(self):
        api = self.rig.get("/v1/search?q=dockers+strike")
        self.assertEqual(api.status, 200)
        self.assertEqual(api.headers["Content-Type"], "application/json; charset=utf-8")
        api, line = api.json(), self.rig.search("dockers", "strike")
        self.assertEqual([hit["path"] for hit in api["hits"]], [self.rig.path("strike.txt")])
        for answer in api, line:
            self.assertIsNone(answer["pending"])  # there is no daemon
            answer.pop("took_ms")
        self.assertEqual(api, line)
        self.assertEqual(self.rig.get("/v1/search?q=port&n=1&offset=1&sort=oldest&partial=0").json()["total"]["count"], 2)

    def test_gives_a_report_by_its_path_and_by_its_key(self):
        path = urllib.parse.quote(self.rig.path("strike.txt"))
        by_path = self.rig.get(f"/v1/document?path={path}").json()
        self.assertIn("began their strike at dawn", by_path["text"])
        self.assertEqual(by_path, self.rig.get("/v1/document?path=reports:strike.txt").json())
        self.assertEqual(self.rig.get("/v1/document?path=reports:none.txt").status, 404)
        self.assertEqual(self.rig.get("/v1/document?path=strike.txt").status, 404)  # neither absolute nor in a corpus

    def test_tells_its_status_also_without_a_daemon(self):
        status = self.rig.get("/v1/status").json()
        self.assertEqual(status["version"], 1)
        self.assertEqual(status["index"]["documents"], len(REPORTS))
        self.assertEqual(status["index"]["corpora"], [{"name": "reports", "path": str(self.rig.corpus)}])
        self.assertIsNone(status["daemon"])
        self.assertIn("no daemon is running", status["daemon_error"])

    def test_errors_are_json_with_a_way_out(self):
        table = [
            ("GET", "/v1/nothing", 404, "not_found"),
            ("POST", "/v1/search?q=a", 405, "method_not_allowed"),
            ("GET", "/v1/search", 400, "bad_request"),
            ("GET", "/v1/search?q=a&n=x", 400, "bad_request"),
            ("GET", "/v1/search?q=" + "a+" * 3000, 400, "bad_query"),
            ("GET", "/v1/document?path=/none", 404, "not_found"),
        ]
        for method, target, status, code in table:
            with self.subTest(f"{method} {target[:40]}"):
                reply = self.rig.get(target, method)
                self.assertEqual((reply.status, reply.json()["error"]["code"]), (status, code))
                self.assertTrue(reply.json()["error"]["message"])
                self.assertLessEqual({"code", "message", "hint", "column"}, reply.json()["error"].keys())

    def test_head_is_get_without_the_body(self):
        for target in "/v1/status", "/", "/v1/nothing", "/style.css", "/page.js", "/healthz":
            get, head = self.rig.get(target), self.rig.get(target, "HEAD")
            self.assertEqual((head.status, head.body, head.headers["Content-Length"]),
                             (get.status, b"", str(len(get.body))), target)

    def test_whoever_has_this_generation_is_told_so(self):
        first = self.rig.get("/v1/search?q=strike")
        again = self.rig.get("/v1/search?q=strike", headers={"If-None-Match": first.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))

    # Who may ask

    def test_the_socket_and_the_token_are_their_owners_alone(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.rig.api_socket).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.rig.state).st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(os.stat(self.rig.state / "token").st_mode), 0o600)

    def test_tcp_asks_for_host_origin_and_token(self):
        table = [
            ({}, 401),
            (self.bearer, 200),
            ({"Authorization": "Bearer " + "0" * 64}, 401),
            ({"Authorization": self.bearer["Authorization"].upper()}, 401),
            ({"Cookie": f"tidings_{self.host.split(':')[1]}={self.rig.token()}"}, 401),
            ({**self.bearer, "Host": self.host.replace("127.0.0.1", "localhost")}, 200),
            ({**self.bearer, "Host": self.host.replace("127.0.0.1", "[::1]")}, 200),
            ({**self.bearer, "Host": "evil.example"}, 421),
            ({**self.bearer, "Host": self.host.replace("127.0.0.1", "evil.example")}, 421),
            ({**self.bearer, "Host": "127.0.0.1"}, 421),
            ({**self.bearer, "Origin": f"http://{self.host}"}, 200),
            ({**self.bearer, "Origin": "http://evil.example"}, 403),
            ({**self.bearer, "Origin": "null"}, 403),
        ]
        for headers, status in table:
            with self.subTest(headers={k: v for k, v in headers.items() if k != "Authorization"}):
                self.assertEqual(self.rig.get("/v1/search?q=strike", headers=headers, tcp=True).status, status)
        self.assertEqual(self.rig.get("/healthz", tcp=True).text(), "ok\n")
        self.assertEqual(self.rig.get("/healthz", headers={"Host": "evil.example"}, tcp=True).status, 421)
        self.assertEqual(self.rig.get("/v1/status", headers={"Host": "evil.example"}).status, 200)  # the Unix socket

    def test_the_printed_address_is_good_for_one_cookie(self):
        self.assertEqual(self.rig.get(self.first, "HEAD", tcp=True).status, 401)
        exchanged = self.rig.get(self.first, tcp=True)
        self.assertEqual((exchanged.status, exchanged.headers["Location"]), (303, "/"))
        cookie, *attributes = exchanged.headers["Set-Cookie"].split("; ")
        self.assertEqual(attributes, ["HttpOnly", "SameSite=Strict", "Path=/"])
        again = self.rig.get(self.first, tcp=True)
        self.assertEqual(again.status, 403)
        self.assertIn("tidings serve", again.text())
        page = self.rig.get("/?q=strike", headers={"Cookie": cookie}, tcp=True)
        self.assertEqual(page.status, 200)
        self.assertIn("Dockers strike at the northern port", page.text())
        self.assertNotIn(self.rig.token(), self.rig.log("serve"))
        self.assertNotIn(self.first.split("=")[1], self.rig.log("serve"))

    # The page

    def test_the_page_searches_without_a_script(self):
        start = self.rig.get("/")
        self.assertRegex(start.text(), r'<form action="/" method="get"')
        policy = start.headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertIn("script-src 'self';", policy)
        page = self.rig.get("/?q=port+dockers").text()
        self.assertIn("<mark>", page)
        self.assertIn("With most of the words", page)
        self.assertEqual(re.findall("<script[^>]*>", page), ['<script type="module" src="/page.js">'])
        link = re.search(r'<h2 dir="auto"><a href="(/report[^"]*)"', page).group(1).replace("&amp;", "&")
        report = self.rig.get(link)
        self.assertEqual(report.status, 200)
        self.assertIn("The <mark id=\"m3\">dockers</mark> began their strike at dawn.", report.text())

    def test_a_title_with_markup_stays_text(self):
        page = self.rig.get("/?q=talks").text()
        self.assertIn("Pay talks &amp; &lt;b&gt;terms", page)

    # Hostile clients

    def test_framing_attacks_are_refused_and_the_connection_closed(self):
        ok = b"Host: localhost\r\n"
        table = [
            ("no Host", b"GET /healthz HTTP/1.1\r\n\r\n", 400),
            ("two Hosts", b"GET /healthz HTTP/1.1\r\n" + ok + b"Host: b\r\n\r\n", 400),
            ("a length and chunks",
             b"GET /healthz HTTP/1.1\r\n" + ok + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("two lengths", b"GET /healthz HTTP/1.1\r\n" + ok + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
            ("one length twice", b"GET /healthz HTTP/1.1\r\n" + ok + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400),
            ("a bad chunk", b"GET /healthz HTTP/1.1\r\n" + ok + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
            ("another coding", b"GET /healthz HTTP/1.1\r\n" + ok + b"Transfer-Encoding: gzip\r\n\r\nGET / HTTP/1.1\r\n\r\n", 501),
            ("a space before the colon", b"GET /healthz HTTP/1.1\r\n" + ok + b"X-A : b\r\n\r\n", 400),
            ("a NUL", b"GET /healthz HTTP/1.1\r\n" + ok + b"X-A: b\0\r\n\r\n", 400),
            ("bare LF", b"GET /healthz HTTP/1.1\nHost: localhost\n\n", 400),
            ("a folded line", b"GET /healthz HTTP/1.1\r\n" + ok + b"X-A: b\r\n c\r\n\r\n", 400),
            ("an HTTP of the future", b"GET /healthz HTTP/3.0\r\n" + ok + b"\r\n", 505),
            ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
            ("a long address", b"GET /?q=" + b"a" * 9000 + b" HTTP/1.1\r\n" + ok + b"\r\n", 414),
            ("20 KB of address", b"GET /?q=" + b"a" * 20000 + b" HTTP/1.1\r\n" + ok + b"\r\n", 414),
            ("20 KB of cookie", b"GET /healthz HTTP/1.1\r\n" + ok + b"Cookie: " + b"a" * 20000 + b"\r\n\r\n", 431),
            ("20 KB of headers", b"GET /healthz HTTP/1.1\r\n" + ok + b"A: b\r\n" * 4000 + b"\r\n", 431),
            ("a body too long", b"GET /healthz HTTP/1.1\r\n" + ok + b"Content-Length: 70000\r\n\r\n", 413),
            ("a length beyond all", b"GET /healthz HTTP/1.1\r\n" + ok + b"Content-Length: 99999999999999999999\r\n\r\n", 400),
        ]
        for tcp in False, True:
            for what, sent, status in table:
                with self.subTest(what, tcp=tcp), self.rig.raw(tcp) as s:
                    s.sendall(sent + b"GET /healthz HTTP/1.1\r\n" + ok + b"\r\n")  # which must never be answered
                    self.assertEqual(statuses(read_all(s)), [status])
        self.assertEqual(self.rig.get("/healthz").status, 200)

    def test_a_small_body_is_refused_and_the_connection_stays_in_step(self):
        inside = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        with self.rig.raw() as s:
            s.sendall(b"GET /v1/status HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(inside) + inside + inside)
            self.assertEqual([status for status, _ in read_responses(s, 2)], [413, 200])

    def test_one_connection_serves_many_requests_in_their_order(self):
        with self.rig.raw() as s:
            for _ in range(3):
                s.sendall(b"GET /v1/search?q=strike HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(read_responses(s, 1)[0][0], 200)
            queries = [f"word{i}" for i in range(300)]
            s.sendall("".join(f"GET /v1/search?q={q} HTTP/1.1\r\nHost: x\r\n\r\n" for q in queries).encode())
            answers = read_responses(s, len(queries))
            self.assertEqual([json.loads(body)["query"]["text"] for _, body in answers], queries)
            s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertEqual(statuses(read_all(s)), [200])

    def test_whoever_has_sent_all_and_shut_down_is_still_answered(self):
        with self.rig.raw() as s:
            s.sendall(b"GET /v1/search?q=strike HTTP/1.1\r\nHost: x\r\n\r\n")
            s.shutdown(socket.SHUT_WR)
            self.assertEqual(statuses(read_all(s)), [200])

    def test_a_slow_sender_is_told_and_closed(self):
        with self.rig.raw() as s:
            begin = time.monotonic()
            s.sendall(b"GET /healthz HT")
            self.assertEqual(statuses(read_all(s)), [408])
            self.assertGreater(time.monotonic() - begin, 0.25)
        with self.rig.raw() as s:  # a byte now and then is no excuse
            sent = 0
            while not select.select([s], [], [], 0.05)[0]:
                s.sendall(b"GET /healthz HTTP/1.1\r\nX-A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"[sent:sent + 1] or b"b")
                sent += 1
            self.assertEqual(statuses(read_all(s)), [408])

    def test_an_idle_connection_is_closed(self):
        with self.rig.raw() as s:
            s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertEqual(statuses(read_all(s)), [200])


class OtherServers(unittest.TestCase):
    def test_a_client_that_does_not_read_is_dropped_and_holds_up_nobody(self):
        with Rig(QUICK) as rig:
            rig.write("long.txt", "A long report about the strike.\n" + "Pay and terms. " * 500000)
            rig.once()
            rig.start_server()
            with rig.raw() as slow:
                slow.sendall(b"GET /v1/document?path=reports:long.txt HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertTrue(select.select([slow], [], [], PATIENCE)[0])
                self.assertEqual(rig.get("/v1/search?q=strike").status, 200)
                time.sleep(2)  # longer than idle_timeout_ms: what is tested is that time passes
                received = read_all(slow)
                self.assertLess(len(received), 5000000)
            self.assertGreater(len(rig.get("/v1/document?path=reports:long.txt").body), 7000000)

    def test_past_the_bound_of_connections_one_more_is_closed(self):
        with Rig({"limits": {"connections": 3}}) as rig:
            rig.start_server()
            held = [rig.raw() for _ in range(3)]
            for s in held:
                s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(read_responses(s, 1)[0][0], 200)
            with rig.raw() as s:
                self.assertEqual(read_all(s), b"")
            held.pop().close()
            deadline = time.monotonic() + PATIENCE
            while True:  # until the server has noticed
                with rig.raw() as s:
                    try:
                        s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    except BrokenPipeError:
                        pass
                    if statuses(read_all(s)) == [200]:
                        break
                self.assertLess(time.monotonic(), deadline)
            for s in held:
                s.close()

    def test_serves_before_there_is_an_index_and_from_then_on_as_it_changes(self):
        with Rig() as rig:
            self.assertEqual(rig.start_server(), f"ready unix:{rig.api_socket}")
            early = rig.get("/v1/search?q=strike")
            self.assertEqual((early.status, early.json()["error"]["code"]), (503, "no_index"))
            self.assertIn("tidingsd", early.json()["error"]["hint"])
            self.assertTrue(early.headers["Retry-After"])
            self.assertEqual(rig.get("/?q=strike").status, 503)
            self.assertEqual(rig.get("/").status, 200)
            self.assertEqual(rig.get("/healthz").status, 200)
            self.assertIsNone(rig.get("/v1/status").json()["index"])

            rig.write("strike.txt", REPORTS["strike.txt"])
            rig.start_daemon()
            rig.sync()
            first = rig.get("/v1/search?q=strike")
            self.assertEqual((first.status, first.json()["total"]["count"]), (200, 1))
            self.assertEqual(rig.get("/v1/status").json()["daemon"]["documents"], 1)

            rig.write("again.txt", "Another strike.\n")
            rig.sync()
            second = rig.get("/v1/search?q=strike", headers={"If-None-Match": first.headers["ETag"]})
            self.assertEqual((second.status, second.json()["total"]["count"]), (200, 2))
            # While a generation is on its way `pending` may be missing, never the answer.
            deadline = time.monotonic() + PATIENCE
            while rig.get("/v1/search?q=strike").json()["pending"] != 0:
                self.assertLess(time.monotonic(), deadline)

    def test_a_second_server_says_why_it_cannot_start(self):
        with Rig(QUICK) as rig:
            rig.start_server()
            token = rig.token()
            second = rig.tidings("serve", check=2)
            self.assertEqual(second.stdout, b"")
            self.assertIn(str(rig.api_socket), second.stderr.decode())
            self.assertIn("already listening", second.stderr.decode())
            self.assertEqual(rig.token(), token)
            self.assertEqual(rig.get("/healthz").status, 200)

    def test_stops_when_told_and_takes_its_socket_along(self):
        for number in signal.SIGTERM, signal.SIGINT:
            with Rig() as rig:
                rig.start_server()
                with rig.raw() as idle:
                    rig.server.send_signal(number)
                    self.assertEqual(read_all(idle), b"")
                self.assertEqual(rig.server.wait(PATIENCE), 0)
                self.assertFalse(rig.api_socket.exists())
                rig.stop_server()
                rig.start_server()  # and again
                self.assertEqual(rig.get("/healthz").status, 200)

    def test_a_socket_that_systemd_listens_on_is_used(self):
        with Rig() as rig:
            path = rig.root / "systemd.sock"
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
                listening.bind(str(path))
                listening.listen()
                pid = os.fork()
                if pid == 0:  # what systemd does: descriptor 3, and the process' own id
                    try:
                        os.dup2(listening.fileno(), 3)
                        os.set_inheritable(3, True)
                        with open(rig.root / "serve.log", "wb") as log:
                            os.dup2(log.fileno(), 2)
                            os.dup2(log.fileno(), 1)
                        environment = {**rig.environment, "LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
                        program = os.path.join(os.environ["TIDINGS_BUILD"], "tidings")
                        os.execve(program, [program, "serve", "--config", str(rig.config_file)], environment)
                    finally:
                        os._exit(127)
                try:
                    rig.api_socket, configured = path, rig.api_socket
                    self.assertEqual(rig.get("/healthz").status, 200)
                    self.assertFalse(configured.exists())
                finally:
                    os.kill(pid, signal.SIGTERM)
                    _, status = os.waitpid(pid, 0)
                self.assertEqual(os.waitstatus_to_exitcode(status), 0)
                self.assertTrue(path.exists())  # it is systemd's


if __name__ == "__main__":
    unittest.main()
