# SPDX-License-Identifier: GPL-2.0-or-later
"""Alerts: what is waited for is logged, once, whatever was stopped meanwhile, and nothing else is.

That an alert has not fired is shown by what it fires for next: a marker that matches, written after it. `tidings watch --alert`
is the barrier: it prints a record when that is in the log.
"""
import json
import os
import select
import signal
import sqlite3
import stat
import unittest

from rig import PATIENCE, Lines, Reply, Rig, UnixConnection


class AlertCase(unittest.TestCase):
    CONFIG = {}

    def setUp(self):
        self.rig = Rig(self.CONFIG)
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))
        self.watchers = 0
        self.markers = 0

    def start(self):
        self.rig.start_daemon()
        self.rig.sync()
        self.rig.start_server()

    def alerts(self, *arguments, check=0):
        return self.rig.tidings("alerts", *arguments, check=check)

    def add(self, name="strikes", query="strike", *options):
        return self.alerts("add", name, *options, "--", query).stdout.decode()

    def log(self, *arguments):
        done = self.rig.tidings("alerts", "log", "--format", "ndjson", *arguments)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def names(self, records):
        return [os.path.relpath(record["path"], self.rig.corpus) for record in records]

    def watch(self, name="strikes", since="x:0"):
        self.watchers += 1
        program = f"watch-{self.watchers}"
        process = self.rig.spawn(program, "tidings", "watch", "--config", self.rig.config_file, "--format", "ndjson", "--alert", name,
                                 "--since", since)
        self.addCleanup(self.rig.end, process, program)
        return Lines(process)

    def told(self, lines):
        """The records that were told until a marker."""
        self.markers += 1
        self.rig.sync()
        marker = self.rig.write(f"marker{self.markers}.txt", f"Marker number {self.markers}: a strike, a protest.\n")
        records = []
        while True:
            record = lines.next_json()
            if record["path"] == str(marker):
                return records
            records.append(record)


class AnAlert(AlertCase):
    def test_fires_once_for_a_report_that_arrives_and_says_why(self):
        self.start()
        self.assertEqual(self.add(), "added strikes\n")
        lines = self.watch()
        self.rig.write("news.txt", "Dockers on strike\n\nThe second strike of the week began at dawn.\n")
        record = lines.next_json()
        found = self.rig.search("strike")["hits"][0]
        for field in "path", "corpus", "title", "date", "source", "type", "generation", "cause", "passages":
            self.assertEqual(record[field], found[field], field)
        self.assertEqual(record["alert"], "strikes")
        self.assertEqual(record["hash"], self.rig.show(self.rig.path("news.txt"))["hash"])
        self.assertEqual((record["history"], record["is_copy"], record["compared"]), (False, False, True))
        self.assertLessEqual(record["closed_ms"], record["pushed_ms"])
        self.assertRegex(record["key"], "^[0-9a-f]{32}$")
        self.assertEqual(self.told(lines), [])
        self.assertEqual(self.names(self.log("strikes")), ["news.txt", "marker1.txt"])

    def test_does_not_fire_for_what_was_there_and_shows_it_where_asked_to(self):
        for n in range(5):
            self.rig.write(f"old{n}.txt", f"date 2024-01-0{n + 1}\nAn old strike, the {n}th, of the {'abcde'[n] * 9}.\n")
        self.start()
        self.add()
        self.assertEqual(self.log("strikes"), [])
        self.assertIn("with 2 reports as its history", self.add("with-history", "strike", "--backfill", "2"))
        history = self.log("with-history")
        self.assertEqual(self.names(history), ["old3.txt", "old4.txt"])
        self.assertEqual([record["history"] for record in history], [True, True])
        lines = self.watch("with-history", since=history[-1]["cursor"])
        self.assertEqual(self.told(lines), [])

    def test_does_not_fire_for_a_rename_a_rebuild_or_a_restart(self):
        self.rig.write("old.txt", "A strike of old.\n")
        self.start()
        self.add()
        lines = self.watch()
        self.rig.write("news.txt", "A strike is news.\n")
        self.assertEqual(self.names([lines.next_json()]), ["news.txt"])
        (self.rig.corpus / "old.txt").rename(self.rig.corpus / "renamed.txt")
        (self.rig.corpus / "news.txt").rename(self.rig.corpus / "renews.txt")
        self.rig.sync()
        self.rig.stop_server()
        self.rig.stop_daemon()
        self.rig.run("tidingsd", "--config", self.rig.config_file, "--once", "--rebuild", check=0)
        self.start()
        self.assertEqual(self.told(lines), [])

    def test_fires_for_a_change_that_comes_to_match_and_not_for_one_that_did_before(self):
        self.rig.write("talks.txt", "The talks go on.\n")
        self.rig.write("strike.txt", "The strike goes on.\n")
        self.start()
        self.add()
        self.add("changes", "strike", "--on-change")
        lines, changes = self.watch(), self.watch("changes")
        self.rig.write("strike.txt", "The strike goes on and on.\n")
        self.rig.sync()
        self.rig.write("talks.txt", "The talks have failed: a strike.\n")
        record = lines.next_json()
        self.assertEqual((self.names([record]), record["cause"], record["compared"]), (["talks.txt"], "change", True))
        self.assertEqual(self.names(changes.next_json() for _ in range(2)), ["strike.txt", "talks.txt"])
        self.rig.sync()
        self.rig.write("talks.txt", "The talks have failed: a strike, from Monday.\n")
        self.rig.sync()
        self.rig.write("talks.txt", "The talks go on again.\n")
        self.assertEqual(self.told(lines), [])
        self.assertEqual(self.names([changes.next_json()]), ["talks.txt"])
        self.rig.write("talks.txt", "The talks have failed again: a strike.\n")
        self.assertEqual(self.names(self.told(lines)), ["talks.txt"])

    def test_fires_at_the_start_of_a_server_for_what_came_while_none_ran(self):
        self.rig.write("changed.txt", "A strike.\n")
        self.start()
        self.add()
        self.rig.stop_server()
        self.rig.write("news.txt", "A strike is news.\n")
        self.rig.write("changed.txt", "A strike goes on.\n")
        self.rig.sync()
        self.rig.start_server()
        lines = self.watch()
        records = {self.names([record])[0]: record for record in self.told(lines)}
        self.assertEqual(set(records), {"news.txt", "changed.txt"})
        self.assertTrue(records["news.txt"]["compared"])
        self.assertFalse(records["changed.txt"]["compared"])  # nobody has kept the old version

    def test_is_added_and_removed_without_a_server_and_fires_for_what_came_since(self):
        self.rig.once()
        self.assertIn("no server is running", self.rig.tidings("alerts", "add", "strikes", "strike", check=0).stderr.decode())
        self.add("other", "strike")
        self.rig.write("news.txt", "A strike is news.\n")
        self.rig.once()
        self.assertIn("removed other and 0 records", self.alerts("remove", "other").stdout.decode())
        self.start()
        lines = self.watch()
        self.assertEqual(self.names([lines.next_json()]), ["news.txt"])
        self.assertEqual(self.names(self.log()), ["news.txt"])
        self.assertEqual(stat.S_IMODE(os.stat(self.rig.state).st_mode), 0o700)
        self.assertEqual(stat.S_IMODE(os.stat(self.rig.state / "alerts.db").st_mode), 0o600)

    def test_is_in_force_for_the_next_report_when_its_command_has_ended(self):
        self.start()
        for n in range(10):
            self.add(f"alert{n}", "strike")
            self.rig.write(f"news{n}.txt", f"A strike, number {n}.\n")
            self.rig.sync()
        lines = self.watch("alert0")
        while self.names([lines.next_json()]) != ["news9.txt"]:
            continue
        for n in range(10):
            self.assertEqual(self.names(self.log(f"alert{n}")), [f"news{m}.txt" for m in range(n, 10)])

    def test_of_a_corpus_fires_for_its_reports_alone(self):
        other = self.rig.root / "other"
        other.mkdir()
        self.rig.corpora["other"] = other
        self.rig.configure({})
        self.start()
        self.add("strikes", "strike", "--corpus", "reports")
        lines = self.watch()
        (other / "elsewhere.txt").write_text("A strike elsewhere.\n")
        self.assertEqual(self.told(lines), [])
        self.assertIn("no corpus `none`", self.alerts("add", "a", "strike", "--corpus", "none", check=2).stderr.decode())

    def test_marks_a_near_copy_of_a_report_that_has_fired(self):
        text = "A story of a strike. " + " ".join(f"Sentence {n} has words of its own like w{n * 7919}x." for n in range(40)) + "\n"
        self.start()
        self.add()
        lines = self.watch()
        self.rig.write("first.txt", text)
        self.assertFalse(lines.next_json()["is_copy"])
        self.rig.write("second.txt", text + "The same story in another paper.\n")
        self.assertTrue(lines.next_json()["is_copy"])

    def test_whose_query_cannot_be_read_is_kept_and_says_why(self):
        self.start()
        self.assertIn("column", self.alerts("add", "bad", "date:2023-99", check=2).stderr.decode())
        self.add("kept", "strike")
        self.add()
        self.rig.stop_server()
        # As an alert stands there after an upgrade whose language has other rules.
        with sqlite3.connect(self.rig.state / "alerts.db") as store:
            store.execute("UPDATE alerts SET query = 'date:2023-99' WHERE name = 'kept'")
        store.close()
        self.rig.start_server()
        lines = self.watch()
        self.assertEqual(self.told(lines), [])
        self.assertIn("2023-99", json.loads(self.alerts("show", "kept", "--format", "json").stdout)["error"])
        self.assertIn("cannot fire: column 6", self.alerts("list").stdout.decode())
        self.assertIn("the alert kept cannot fire", self.rig.log("serve"))

    def test_names_and_cursors_that_are_none_are_refused_with_a_way_out(self):
        self.rig.once()
        self.add()
        for arguments, message in (
                (("add", "strikes", "strike"), "already"), (("add", "a b", "strike"), "no name"), (("show", "none"), "no alert `none`"),
                (("remove", "none"), "no alert `none`"), (("log", "--since", "yesterday"), "not a cursor")):
            with self.subTest(arguments):
                self.assertIn(message, self.alerts(*arguments, check=2).stderr.decode())


class TheLog(AlertCase):
    def test_is_resumed_by_a_cursor_without_loss_or_repetition(self):
        self.start()
        self.add()
        lines = self.watch()
        for n in range(6):
            self.rig.write(f"{n}.txt", f"Strike number {n}.\n")
            self.rig.sync()
        records = [lines.next_json() for _ in range(6)]
        for resumed in 0, 2, 5:
            with self.subTest(resumed):
                self.assertEqual(self.log("strikes", "--since", records[resumed]["cursor"]), records[resumed + 1:])
        self.assertIn("another log", self.rig.tidings("alerts", "log", "--since", "x:1000").stderr.decode())
        self.assertIn("index was replaced", self.rig.tidings("alerts", "log", "--since", "x:1").stderr.decode())

    def test_loses_nothing_and_repeats_nothing_where_the_server_is_killed(self):
        self.start()
        self.add()
        self.add("protests", "strike OR protest")
        count = 40
        for n in range(count):
            self.rig.write(f"{n}.txt", f"Strike number {n}: of {n * 7919} and {n * 104729}.\n")
            if n % 4 == 3:
                self.rig.server.send_signal(signal.SIGKILL)
                self.rig.server.wait(PATIENCE)
                self.rig.server.stdout.close()
                self.rig.start_server()
        for alert in "strikes", "protests":
            with self.subTest(alert):
                records = [record for record in self.told(self.watch(alert)) if "marker" not in record["path"]]
                self.assertEqual(sorted(self.names(records)), sorted(f"{n}.txt" for n in range(count)))
                self.assertEqual(len({record["key"] for record in records}), count)
                numbers = [int(record["cursor"].rsplit(":", 1)[1]) for record in records]
                self.assertEqual(numbers, sorted(numbers))
                generations = [record["generation"] for record in records]
                self.assertEqual(generations, sorted(generations))


class Stream:
    """A response that goes on: its events, or its lines, as they come."""

    def __init__(self, case, target, accept="text/event-stream", last=None):
        self.connection = UnixConnection(case.rig.api_socket)
        case.addCleanup(self.connection.close)
        headers = {"Accept": accept} | ({"Last-Event-ID": last} if last else {})
        self.connection.request("GET", target, headers=headers)
        self.response = self.connection.getresponse()
        case.assertEqual(self.response.status, 200, self.response.headers)
        self.lines = self.response.headers["Content-Type"].startswith("application/x-ndjson")

    def next(self):
        """The next record, None at the end, also where that cuts one; of events with their kind and id."""
        if self.lines:
            line = self.response.readline()
            return json.loads(line) if line.endswith(b"\n") else None
        event = {}
        while (line := self.response.readline().decode()) != "\n":
            if not line:
                return None
            key, _, value = line.rstrip("\n").partition(": ")
            event[key] = value
        return event["event"], event.get("id"), json.loads(event["data"])

    def wait_until_dropped(self):
        """Without reading."""
        waiting = select.poll()
        waiting.register(self.connection.sock or self.response.fp.fileno(), select.POLLRDHUP)
        if not waiting.poll(PATIENCE * 1000):
            raise AssertionError("the server keeps a client that takes nothing")


class TheStreams(AlertCase):
    CONFIG = {"serve": {"idle_timeout_ms": 1500}}

    def test_tell_of_the_log_of_an_alert_as_it_grows_and_resume(self):
        self.start()
        self.add()
        events, lines = Stream(self, "/v1/alerts/strikes/live"), Stream(self, "/v1/alerts/strikes/live", "application/x-ndjson")
        for n in range(3):
            self.rig.write(f"{n}.txt", f"Strike number {n}.\n")
            self.rig.sync()
        told = [events.next() for _ in range(3)]
        records = [lines.next() for _ in range(3)]
        self.assertEqual([record for _, _, record in told], records)
        self.assertEqual(records, self.log("strikes"))
        self.assertEqual([(kind, cursor) for kind, cursor, _ in told], [("report", record["cursor"]) for record in records])
        again = Stream(self, "/v1/alerts/strikes/live", last=told[0][1])
        self.assertEqual([again.next() for _ in range(2)], told[1:])
        since = Stream(self, f"/v1/alerts/strikes/live?since={records[1]['cursor']}", "application/x-ndjson")
        self.assertEqual(since.next(), records[2])
        self.rig.write("3.txt", "Strike number 3.\n")
        self.assertEqual(len({stream.next()["path"] for stream in (lines, since)} | {again.next()[2]["path"], events.next()[2]["path"]}), 1)
        other = Stream(self, "/v1/alerts/strikes/live", last="x:1000")
        self.assertEqual((other.next()[0], other.next()[2]), ("notice", records[0]))

    def test_tell_of_all_alerts_in_the_order_of_the_log(self):
        self.start()
        self.add()
        self.add("talks", "talk")
        lines = Stream(self, "/v1/firings/live?since=x:0", "application/x-ndjson")
        for n in range(3):
            self.rig.write(f"{n}.txt", f"Strike talk number {n}.\n")
            self.rig.sync()
        told = [record for record in (lines.next() for _ in range(7)) if "notice" not in record]
        self.assertEqual([record["alert"] for record in told], ["strikes", "talks"] * 3)
        self.assertEqual(self.rig.get(f"/v1/firings?since={told[1]['cursor']}").json()["records"], told[2:])
        self.assertEqual(told, self.log())

    def test_tell_of_a_query_what_comes_to_match_and_resume(self):
        self.start()
        events = Stream(self, "/v1/live?q=strike")
        for n in range(3):
            self.rig.write(f"{n}.txt", f"Strike number {n}.\n")
            self.rig.write(f"quiet{n}.txt", f"A quiet day, the {n}th.\n")
            self.rig.sync()
        told = [events.next() for _ in range(3)]
        self.assertEqual(self.names(record for _, _, record in told), ["0.txt", "1.txt", "2.txt"])
        found = self.rig.search("--sort", "oldest", "strike")["hits"]
        self.assertEqual(told[0][2]["passages"], [hit for hit in found if hit["path"] == self.rig.path("0.txt")][0]["passages"])
        again = Stream(self, "/v1/live?q=strike", last=told[0][1])
        self.assertEqual([again.next() for _ in range(2)], told[1:])
        self.assertEqual(self.rig.get("/v1/live?q=date:2023-99").json()["error"]["code"], "bad_query")
        self.assertEqual(self.rig.get("/v1/live").status, 400)

    def test_end_with_a_notice_where_the_alert_is_removed(self):
        self.start()
        self.add()
        events = Stream(self, "/v1/alerts/strikes/live")
        self.alerts("remove", "strikes")
        self.assertEqual(events.next(), ("notice", None, {"notice": "the alert was removed"}))
        self.assertIsNone(events.next())

    def test_drop_a_client_that_takes_nothing_which_resumes_while_others_have_it_all(self):
        count = 1000
        self.start()
        self.add()
        slow, quick = Stream(self, "/v1/alerts/strikes/live"), Stream(self, "/v1/alerts/strikes/live")
        for n in range(count):  # no near-copies: what these cost is another matter
            self.rig.write(f"{n}.txt", f"Strike {n}: {' '.join(f'word{n}x{i}' for i in range(30))}, and a strike.\n")
        names = self.names(quick.next()[2] for _ in range(count))
        self.assertEqual(len(set(names)), count)
        self.assertEqual(self.rig.server.poll(), None)
        slow.wait_until_dropped()
        received = list(iter(slow.next, None))  # what had been sent before
        self.assertLess(len(received), count)
        again = Stream(self, "/v1/alerts/strikes/live", last=received[-1][1])
        names = self.names([event[2] for event in received] + [again.next()[2] for _ in range(count - len(received))])
        self.assertEqual(len(names), count)
        self.assertEqual(set(names), {f"{n}.txt" for n in range(count)})
        self.assertIn("a client of strikes was dropped, for it takes nothing", self.rig.log("serve"))


class TheApi(AlertCase):
    def post(self, body):
        connection = UnixConnection(self.rig.api_socket)
        self.addCleanup(connection.close)
        connection.request("POST", "/v1/alerts", body if isinstance(body, str) else json.dumps(body))
        return Reply(connection.getresponse())

    def test_adds_shows_and_removes_alerts_as_the_command_line_does(self):
        self.rig.write("old.txt", "A strike of old.\n")
        self.start()
        made = self.post({"name": "strikes", "query": "strike", "on_change": True, "backfill": 5})
        self.assertEqual((made.status, made.headers["Location"]), (201, "/v1/alerts/strikes"))
        self.assertEqual((made.json()["firings"], made.json()["on_change"]), (1, True))
        self.assertEqual(self.rig.get("/v1/alerts/strikes").json(), made.json())
        self.assertEqual(json.loads(self.alerts("show", "strikes", "--format", "json").stdout), made.json())
        self.assertEqual(self.rig.get("/v1/alerts").json(), {"version": 1, "alerts": [made.json()]})
        log = self.rig.get("/v1/alerts/strikes/log").json()
        self.assertEqual((log["records"], log["more"]), (self.log("strikes"), False))
        after = self.rig.get(f"/v1/alerts/strikes/log?since={log['records'][0]['cursor']}").json()
        self.assertEqual((after["records"], after["notice"]), ([], None))
        self.assertEqual(self.rig.get("/v1/alerts/strikes", "DELETE").status, 204)
        self.assertEqual(self.rig.get("/v1/alerts/strikes").status, 404)

    def test_refuses_what_it_cannot_take_and_says_why(self):
        self.start()
        for body, message in (
                ("no json", "no JSON object"), ({"name": "a b", "query": "strike"}, "no name"), ({"name": "a", "query": "date:2023-99"}, "no date"),
                ({"name": "a", "query": "strike", "nmae": "b"}, "`nmae`"), ({"name": "a", "query": "strike", "backfill": -1}, "`backfill`"),
                ({"name": "a", "query": ""}, ""), ({"name": "a", "query": "strike", "corpus": "none"}, "no corpus")):
            with self.subTest(body):
                reply = self.post(body)
                self.assertEqual(reply.status, 400)
                self.assertIn(message, reply.json()["error"]["message"])
        self.add()
        for method, target, status in (
                ("PUT", "/v1/alerts", 405), ("POST", "/v1/alerts/strikes", 405), ("DELETE", "/v1/alerts/none", 404), ("GET", "/v1/alerts/none/log", 404),
                ("GET", "/v1/alerts/strikes/none", 404), ("GET", "/v1/alerts/strikes/log?since=x", 400), ("GET", "/v1/alerts/strikes/live?n=1", 400)):
            with self.subTest(method + " " + target):
                self.assertEqual(self.rig.get(target, method).status, status)


if __name__ == "__main__":
    unittest.main()
