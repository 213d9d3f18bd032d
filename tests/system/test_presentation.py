# SPDX-License-Identifier: GPL-2.0-or-later
"""What a reader sees beside the hits: order, pages, counts, sums, what may have been meant, reports alike, and opening one."""
import json
import os
import re
import stat
import unittest
import urllib.parse

from rig import Rig


def story(title, date, text, source="Harbour Courier"):
    return f"---\ntitle: {title}\ndate: {date}\nsource: {source}\n---\n\n{text}\n"


class Presentation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rig = rig = Rig()
        cls.addClassCleanup(rig.__exit__, None, None, None)
        for i in range(30):
            rig.write(f"ports/2023/story{i:02}.md", story(
                f"Dockers strike, day {i}", f"2023-{1 + i % 3:02}-{1 + i % 28:02}",
                "The dockers' strike at Felixstowe went on. " + "Pay is the issue. " * (i % 4)))
        rig.write("pay.md", story("Pay talks at the depot", "2024-02-29", "The Coventry depot offers more pay, and no strike.",
                                  "Evening Post"))
        rig.write("lashers.html", "<html lang=\"en\"><head><title>Lashers refuse</title></head><body><p>Lashers at Felixstowe refuse "
                  "to work in high wind, and dockers stand by them.</p></body></html>")
        rig.write(b"caf\xe9.txt".decode(errors="surrogateescape"), "A quiet harbour café\n\nNothing of note happened there.\n")
        rig.write("evil.txt", "Evil \x1b[31mmeridian\x1b]0;owned\x07\n\nThe \x9bmeridian \x1b[2J strike.\n")
        rig.once()
        rig.start_server()

    def run_text(self, *arguments, check=0):
        done = self.rig.tidings(*arguments, check=check)
        return done.stdout.decode(), done.stderr.decode()

    # Order and pages

    def test_newest_and_oldest_are_the_two_ends_of_the_same_order_of_dates(self):
        newest = [hit["date"] for hit in self.rig.search("-n", "100", "--sort", "newest", "dockers", "strike")["hits"] if not hit["partial"]]
        oldest = [hit["date"] for hit in self.rig.search("-n", "100", "--sort", "oldest", "dockers", "strike")["hits"] if not hit["partial"]]
        self.assertEqual(newest, sorted(newest, reverse=True))
        self.assertEqual(oldest, sorted(newest))
        self.assertEqual(len(newest), 30)

    def test_pages_put_together_are_the_whole(self):
        for order in "best", "relevance", "newest", "oldest":
            whole = self.rig.paths("-n", "100", "--sort", order, "strike")
            pages = [path for offset in range(0, len(whole), 7)
                     for path in self.rig.paths("-n", "7", "--offset", str(offset), "--sort", order, "strike")]
            with self.subTest(order):
                self.assertEqual(pages, whole)
                self.assertEqual(len(set(pages)), 32)

    def test_an_offset_past_the_bound_is_refused(self):
        self.rig.tidings("search", "--offset", "100001", "strike", check=2)
        self.assertEqual(self.rig.get("/v1/search?q=strike&offset=100001").status, 400)

    # Counts

    def test_facets_and_the_timeline_count_all_matches(self):
        answer = self.rig.search("-n", "2", "--facets", "source,folder,type,language,month", "--timeline", "month", "strike")
        self.assertEqual(answer["total"], {"count": 32, "exact": True})
        self.assertEqual(list(answer["facets"]), ["source", "folder", "type", "language", "month"])
        for name, facet in answer["facets"].items():
            with self.subTest(name):
                self.assertEqual(sum(value["count"] for value in facet["values"]) + facet["others"]["count"] + facet["without"], 32)
        self.assertIn({"value": "Harbour Courier", "count": 30}, answer["facets"]["source"]["values"])
        self.assertEqual(answer["facets"]["folder"]["values"][0], {"value": "reports:ports/2023", "count": 30})
        buckets = answer["timeline"]["buckets"]
        self.assertEqual(buckets[0], {"start": "2023-01", "count": 10})
        self.assertIn({"start": "2023-12", "count": 0}, buckets)
        self.assertEqual(sum(bucket["count"] for bucket in buckets) + answer["timeline"]["earlier"], 32)

    def test_the_api_counts_as_the_command_line_does(self):
        api = self.rig.get("/v1/search?q=strike&n=2&facets=source,month&timeline=week&explain=1").json()
        line = self.rig.search("-n", "2", "--facets", "source,month", "--timeline", "week", "--explain", "strike")
        for answer in api, line:
            answer.pop("took_ms")
        self.assertEqual(api, line)

    def test_a_removed_report_is_counted_no_more(self):
        with Rig() as rig:
            for name in "ab":
                rig.write(f"{name}.txt", f"Strike number {name}\n\nA strike.\n")
            rig.once()
            os.remove(rig.path("a.txt"))
            rig.once()
            answer = rig.search("--facets", "type,folder", "--timeline", "day", "strike")
            self.assertEqual(answer["facets"]["type"]["values"], [{"value": "text", "count": 1}])
            self.assertEqual(answer["facets"]["folder"]["values"], [{"value": "reports:", "count": 1}])
            self.assertEqual([bucket["count"] for bucket in answer["timeline"]["buckets"]], [1])

    def test_counts_fit_a_terminal_of_80_columns(self):
        out, _ = self.run_text("search", "-n", "1", "--facets", "source,folder,type,language,month", "--timeline", "month", "strike")
        counts = out.split("\n\n", 1)[1]
        self.assertRegex(counts, r"(?m)^source +Harbour Courier 30 · ")
        self.assertRegex(counts, r"(?m)^2023-01 +10  █+$")
        self.assertLessEqual(max(map(len, counts.split("\n"))), 80)

    def test_counts_alone_are_an_answer(self):
        self.assertEqual(self.rig.tidings("search", "-n", "0", "--facets", "type", "strike", check=0).stdout.decode(),
                         "type      markdown 31 · text 1\n\n")
        self.rig.tidings("search", "-n", "0", "nosuchwordanywhere", check=1)

    def test_counts_go_with_the_formats_that_have_a_place_for_them(self):
        for form in "paths", "ndjson":
            self.assertIn("--facets", self.run_text("search", "--format", form, "--facets", "type", "strike", check=2)[1])
        self.assertIn("colour", self.run_text("search", "--facets", "colour", "strike", check=2)[1])
        self.rig.tidings("search", "--timeline", "year", "strike", check=2)

    # Sums

    def test_each_score_is_the_sum_of_its_explanation(self):
        for query in ("strike pay", "dockers OR \"high wind\"", "title:strike -lashers", "lashers coventry"):
            answer = self.rig.search("--explain", query)
            self.assertTrue(answer["hits"])
            for hit in answer["hits"]:
                with self.subTest(query, path=hit["path"]):
                    self.assertAlmostEqual(sum(part["score"] for part in hit["explanation"]), hit["score"], places=9)
                    self.assertNotIn("the rest", [part["part"] for part in hit["explanation"]])
        out, _ = self.run_text("search", "-n", "1", "--explain", "strike pay")
        sums = re.search(r"(\d+\.\d{3}) =((?:[^\n]|\n {5})*)", out)
        self.assertAlmostEqual(float(sums[1]), sum(map(float, re.findall(r" (\d+\.\d{3})", sums[2]))), delta=0.003)

    # What may be meant

    def test_a_misspelt_query_is_told_what_may_have_been_meant(self):
        self.assertEqual(self.rig.search("covantry depto")["suggestion"], "coventry depot")
        self.assertEqual(self.rig.get("/v1/search?q=felixtsowe").json()["suggestion"], "felixstowe")
        self.assertIn("did you mean: coventry depot?\n", self.run_text("search", "covantry depto", check=1)[1])
        for query in "coventry", "xylophone":
            self.assertIsNone(self.rig.search(query)["suggestion"])

    def test_words_and_titles_are_suggested_as_one_types(self):
        answer = json.loads(self.run_text("suggest", "--format", "json", "harbour ", "caf")[0])
        self.assertEqual([word["text"] for word in answer["words"]], ["harbour  cafe"])
        self.assertEqual([title["title"] for title in answer["titles"]], ["A quiet harbour café"])
        self.assertIn("path_b64", answer["titles"][0])
        api = self.rig.get("/v1/suggest?q=dock&n=1").json()
        self.assertEqual([(word["word"], word["reports"]) for word in api["words"]], [("dockers", 31)])
        self.assertEqual(len(api["titles"]), 5)
        self.assertRegex(self.run_text("suggest", "dock")[0], r"^dockers +31\n")
        self.rig.tidings("suggest", "xylo", check=1)

    def test_a_word_of_removed_reports_is_not_suggested(self):
        with Rig() as rig:
            rig.write("a.txt", "A basilisk\n\nThe basilisk was seen.\n")
            rig.write("b.txt", "A harbour\n\nNothing was seen.\n")
            rig.once()
            self.assertEqual(rig.search("basilsk")["suggestion"], "basilisk")
            os.remove(rig.path("a.txt"))
            rig.once()
            self.assertIsNone(rig.search("basilsk")["suggestion"])
            rig.tidings("suggest", "basil", check=1)

    # Reports alike

    def test_similar_reports_share_what_is_rare_and_the_report_itself_is_none(self):
        path = self.rig.path("ports/2023/story07.md")
        answer = json.loads(self.run_text("similar", "--format", "json", "-n", "5", path)[0])
        self.assertEqual(len(answer["hits"]), 5)
        for hit in answer["hits"]:
            self.assertIn("/ports/2023/story", hit["path"])
            self.assertNotEqual(hit["path"], path)
        api = self.rig.get(f"/v1/similar?path={urllib.parse.quote(path)}&n=5").json()
        self.assertEqual([hit["path"] for hit in api["hits"]], [hit["path"] for hit in answer["hits"]])
        self.assertEqual(self.run_text("similar", "--format", "paths", "reports:ports/2023/story07.md", "-n", "5")[0].splitlines(),
                         [hit["path"] for hit in api["hits"]])
        self.assertIn("nosuch.txt", self.run_text("similar", self.rig.path("nosuch.txt"), check=2)[1])
        self.assertEqual(self.rig.get("/v1/similar?path=/none").status, 404)

    # Opening a hit

    def opened(self, number, check=0, **environment):
        before = dict(self.rig.environment)
        self.rig.environment.update(environment)
        try:
            done = self.rig.tidings("open", str(number), check=check)
        finally:
            self.rig.environment.clear()
            self.rig.environment.update(before)
        return done.stdout, done.stderr.decode()

    def opener(self):
        path = self.rig.root / "opener"
        path.write_text("#!/bin/sh\nprintf '%s:%s' \"$#\" \"$1\"\n")
        path.chmod(0o755)
        return str(path)

    def test_open_gives_a_hit_of_the_last_search_to_the_opener(self):
        paths = self.rig.paths("strike")
        self.assertEqual(self.opened(2, TIDINGS_OPENER=self.opener())[0].decode(), f"1:{paths[1]}")
        self.rig.paths("-n", "3", "--offset", "5", "strike")
        self.assertEqual(self.opened(6, TIDINGS_OPENER=self.opener())[0].decode(), f"1:{self.rig.paths('strike')[5]}")
        self.rig.search("quiet harbour")
        self.assertEqual(self.opened(1, TIDINGS_OPENER=self.opener())[0], b"1:" + os.fsencode(self.rig.corpus) + b"/caf\xe9.txt")
        file = self.rig.root / ".local/state/tidings/last-search"
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)

    def test_open_says_what_is_wrong(self):
        self.rig.tidings("search", "--format", "paths", "quiet harbour", check=0)
        self.assertIn("no hit 7: its hits are 1 to 1", self.opened(7, check=2)[1])
        self.assertIn("no hit 0", self.opened(0, check=2)[1])
        self.assertIn("nosuchopener", self.opened(1, check=2, TIDINGS_OPENER="nosuchopener")[1])
        self.rig.tidings("open", "x", check=2)
        self.rig.tidings("open", check=2)
        self.rig.search("nosuchwordanywhere")
        self.assertIn("found nothing", self.opened(1, check=2)[1])
        with Rig() as rig:
            self.assertIn("there is no last search", rig.tidings("open", "1", check=2).stderr.decode())
            rig.write("a.txt", "A strike.\n")
            rig.once()
            rig.search("strike")
            os.remove(rig.path("a.txt"))
            self.assertIn("removed or renamed", rig.tidings("open", "1", check=2).stderr.decode())

    def test_a_search_answers_also_where_its_list_cannot_be_kept(self):
        before = self.rig.environment["HOME"]
        self.rig.environment["HOME"] = "/proc/nowhere"
        try:
            out, err = self.run_text("search", "strike")
            self.assertIn("1. ", out)
            self.assertIn("will not know these hits", err)
        finally:
            self.rig.environment["HOME"] = before

    # The terminal

    def test_nothing_of_a_report_or_a_file_name_reaches_the_terminal_as_a_command(self):
        for arguments in (("search", "--explain", "--facets", "source,folder", "meridian"), ("suggest", "meri"), ("suggest", "evil "),
                          ("similar", self.rig.path("evil.txt")), ("show", "/no\x1b[2Jwhere"), ("similar", "/no\x1b[2Jwhere"),
                          ("why", "/no\x1b[2Jwhere"), ("search", "merid\x1bian")):
            with self.subTest(arguments):
                done = self.rig.tidings(*arguments)
                self.assertNotRegex(done.stdout.decode() + done.stderr.decode(), "[\x00-\x09\x0b-\x1f\x7f-\x9f]")


if __name__ == "__main__":
    unittest.main()
