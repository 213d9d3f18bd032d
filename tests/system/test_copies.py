# SPDX-License-Identifier: GPL-2.0-or-later
"""Near-copies: the same story carried by two sources, and a later version of it, as each way of asking shows them."""
import json
import unittest

from rig import Rig

STORY = ("Dockers at Felixstowe walked out on Monday over pay. The harbour company said that it had offered four in the hundred, and "
         "that no ship would wait. The union's branch answered that a ship had waited since Friday, and that the offer was the one of last year. "
         "Talks go on in the town hall, where the mayor has asked both sides to stay until an agreement is found.")
LATER = STORY + " By the evening the company had left the hall."
OTHER = ("Dockers at Felixstowe returned to work on Thursday. The agreement gives them six in the hundred and a day more of leave; the branch "
         "voted for it by three to one, after a debate in which the older members spoke against it and the younger for it.")


class NearCopies(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rig = rig = Rig()
        cls.addClassCleanup(rig.__exit__, None, None, None)
        rig.write("courier.md", f"---\ntitle: Walkout at Felixstowe\ndate: 2023-02-27\nsource: Harbour Courier\n---\n\n{STORY}\n")
        rig.write("post.txt", f"Felixstowe dockers walk out\n\n2023-02-28\n\n{STORY}\n")
        rig.write("post-later.txt", f"Felixstowe dockers walk out\n\n2023-03-01\n\n{LATER}\n")
        rig.write("return.txt", f"Back to work\n\n2023-03-04\n\n{OTHER}\n")
        rig.once()
        rig.start_server()

    def names(self, hits):
        return [hit["path"].rsplit("/", 1)[1] for hit in hits]

    def text(self, *arguments):
        return self.rig.tidings("search", *arguments, check=0).stdout.decode()

    def test_text_shows_one_of_them_and_how_many_more_there_are(self):
        shown = self.text("--sort", "oldest", "dockers")
        self.assertIn("1. Walkout at Felixstowe\n   2023-02-27 · Harbour Courier · +2 similar\n", shown)
        self.assertIn("2. Back to work", shown)
        self.assertNotIn("3. ", shown)
        self.assertNotIn("similar", self.text("--no-collapse", "dockers"))

    def test_json_and_the_api_count_what_they_leave_out(self):
        answer = self.rig.search("--sort", "newest", "dockers", collapse=True)
        self.assertEqual(self.names(answer["hits"]), ["return.txt", "post-later.txt"])
        self.assertEqual([hit["similar"] for hit in answer["hits"]], [0, 2])
        self.assertEqual(answer["total"], {"count": 4, "exact": True})
        api = self.rig.get("/v1/search?q=dockers&sort=newest").json()
        self.assertEqual([(hit["path"], hit["similar"]) for hit in api["hits"]],
                         [(hit["path"], hit["similar"]) for hit in answer["hits"]])
        self.assertEqual(len(self.rig.get("/v1/search?q=dockers&collapse=0").json()["hits"]), 4)
        self.assertEqual(len(self.rig.search("dockers")["hits"]), 4)

    def test_paths_and_lines_of_json_leave_nothing_out(self):
        self.assertEqual(len(self.text("--format", "paths", "dockers").splitlines()), 4)
        self.assertEqual(len(self.text("--format", "ndjson", "dockers").splitlines()), 4)

    def test_is_duplicate_shows_all_of_them(self):
        self.assertEqual(self.names(self.rig.search("--sort", "oldest", "is:duplicate", collapse=True)["hits"]),
                         ["courier.md", "post.txt", "post-later.txt"])
        self.assertEqual(self.rig.paths("--", "dockers", "-is:duplicate"), self.rig.paths("title:back"))

    def test_the_near_copies_of_a_report_are_listed_by_how_much_they_share(self):
        answer = json.loads(self.rig.tidings("similar", "--copies", "--format", "json", self.rig.path("courier.md"), check=0).stdout)
        self.assertEqual(self.names(answer["hits"]), ["post.txt", "post-later.txt"])
        self.assertGreater(answer["hits"][0]["score"], answer["hits"][1]["score"])
        self.assertEqual(answer["query"]["understood"], 'near-copies of "Walkout at Felixstowe"')
        self.rig.tidings("similar", "--copies", self.rig.path("return.txt"), check=1)

    def test_the_page_says_how_many_more_there_are(self):
        self.assertIn("+2 similar", self.rig.get("/?q=dockers").text())


if __name__ == "__main__":
    unittest.main()
