# SPDX-License-Identifier: GPL-2.0-or-later
"""Rule files below a corpus: what they ignore is not in the index, and each change of them takes effect while the daemon runs.

What a rule means is compared with git in tests/unit/config/ignore_tree.cc.
"""
import os
import unittest

from rig import Rig

RULES = ".tidingsignore"


class Rules(unittest.TestCase):
    options = {}

    def setUp(self):
        self.rig = Rig(**self.options)
        self.addCleanup(lambda: self.rig.__exit__(None, None, None))
        for name in ("a.txt", "a.log", "news/b.txt", "news/b.log", "news/deep/c.txt", "news/deep/c.log", "newsroom/d.txt"):
            self.rig.write(name, f"The report {name}.\n")

    def start(self):
        self.rig.start_daemon()
        return self

    def holds(self, *names):
        self.rig.sync()
        self.assertEqual(sorted(self.rig.everything()), sorted(self.rig.path(name) for name in names))
        self.assertEqual(self.rig.status()["index"]["documents"], len(names))


class AtTheStart(Rules):
    def test_each_file_rules_its_folder_and_the_deeper_overrides(self):
        self.rig.write(RULES, "# logs\n*.log\n")
        self.rig.write(f"news/{RULES}", "!*.log\n/deep/c.txt\n")
        self.start().holds("a.txt", "news/b.txt", "news/b.log", "news/deep/c.log", "newsroom/d.txt")

    def test_nothing_below_an_ignored_folder_is_taken_back(self):
        self.rig.write(RULES, "news/\n!b.txt\n")
        self.rig.write(f"news/{RULES}", "!*\n")
        self.start().holds("a.txt", "a.log", "newsroom/d.txt")

    def test_what_the_configuration_ignores_is_not_taken_back(self):
        self.rig.write(".hidden.txt", "A hidden report.\n")
        self.rig.write(RULES, "!.hidden.txt\n*.log\n")
        self.start().holds("a.txt", "news/b.txt", "news/deep/c.txt", "newsroom/d.txt")

    def test_rules_that_changed_while_the_daemon_was_down_hold_at_its_start(self):
        self.rig.write(RULES, "*.log\n")
        self.start().holds("a.txt", "news/b.txt", "news/deep/c.txt", "newsroom/d.txt")
        self.rig.stop_daemon()
        self.rig.write(RULES, "*.txt\n")
        self.start().holds("a.log", "news/b.log", "news/deep/c.log")

    def test_once_knows_them_too(self):
        self.rig.write(RULES, "*.log\nnews/\n")
        self.rig.once()
        self.assertEqual(sorted(self.rig.everything()), [self.rig.path("a.txt"), self.rig.path("newsroom/d.txt")])

    def test_more_rules_than_are_used_are_told_with_the_files_name(self):
        self.rig.write(RULES, "*.log\n" + "".join(f"none{n}\n" for n in range(999)) + "*.txt\n")
        self.start().holds("a.txt", "news/b.txt", "news/deep/c.txt", "newsroom/d.txt")
        self.assertIn(f"{self.rig.path(RULES)}: only its first 1000 rules are used", self.rig.log("tidingsd"))


class WhileItRuns(Rules):
    def setUp(self):
        super().setUp()
        self.start().holds("a.txt", "a.log", "news/b.txt", "news/b.log", "news/deep/c.txt", "news/deep/c.log", "newsroom/d.txt")

    def test_a_new_file_takes_reports_out_and_its_removal_brings_them_back(self):
        rules = self.rig.write(f"news/{RULES}", "*.log\n")
        self.holds("a.txt", "a.log", "news/b.txt", "news/deep/c.txt", "newsroom/d.txt")
        rules.unlink()
        self.holds("a.txt", "a.log", "news/b.txt", "news/b.log", "news/deep/c.txt", "news/deep/c.log", "newsroom/d.txt")

    def test_a_file_that_is_written_again_rules_as_it_is_then(self):
        self.rig.write(RULES, "*.log\n")
        self.holds("a.txt", "news/b.txt", "news/deep/c.txt", "newsroom/d.txt")
        self.rig.write(RULES, "*.txt\n")
        self.holds("a.log", "news/b.log", "news/deep/c.log")

    def test_a_file_that_is_renamed_into_place_and_out_of_it(self):
        fresh = self.rig.write("rules.tmp", "*.log\n")
        fresh.rename(self.rig.corpus / RULES)
        self.holds("a.txt", "news/b.txt", "news/deep/c.txt", "newsroom/d.txt")
        (self.rig.corpus / RULES).rename(fresh)
        self.holds("a.txt", "a.log", "news/b.txt", "news/b.log", "news/deep/c.txt", "news/deep/c.log", "newsroom/d.txt")

    def test_a_file_that_is_open_still_rules_as_far_as_it_is_written(self):
        with open(self.rig.corpus / RULES, "w", encoding="utf-8") as rules:
            rules.write("*.log\n")
            rules.flush()
            self.holds("a.txt", "news/b.txt", "news/deep/c.txt", "newsroom/d.txt")
            rules.write("a.*\n")
        self.holds("news/b.txt", "news/deep/c.txt", "newsroom/d.txt")

    def test_an_ignored_folder_is_watched_no_more_and_again_when_it_is_allowed(self):
        watches = self.rig.status()["daemon"]["watches"]
        rules = self.rig.write(RULES, "news/\n")
        self.holds("a.txt", "a.log", "newsroom/d.txt")
        self.assertEqual(self.rig.status()["daemon"]["watches"], watches - 2)
        self.rig.write("news/deep/new.txt", "A new report.\n")
        self.holds("a.txt", "a.log", "newsroom/d.txt")
        rules.write_text("*.log\n")
        self.holds("a.txt", "news/b.txt", "news/deep/c.txt", "news/deep/new.txt", "newsroom/d.txt")
        self.assertEqual(self.rig.status()["daemon"]["watches"], watches)
        self.rig.write("news/deep/newer.txt", "A newer report.\n")
        self.holds("a.txt", "news/b.txt", "news/deep/c.txt", "news/deep/new.txt", "news/deep/newer.txt", "newsroom/d.txt")

    def test_rules_that_changed_in_an_ignored_folder_hold_when_it_is_allowed(self):
        rules = self.rig.write(RULES, "news/\n")
        self.holds("a.txt", "a.log", "newsroom/d.txt")
        self.rig.write(f"news/{RULES}", "deep\n")
        self.holds("a.txt", "a.log", "newsroom/d.txt")
        rules.unlink()
        self.holds("a.txt", "a.log", "news/b.txt", "news/b.log", "newsroom/d.txt")

    def test_rules_move_with_their_folder(self):
        self.rig.write(f"news/{RULES}", "*.log\n")
        self.holds("a.txt", "a.log", "news/b.txt", "news/deep/c.txt", "newsroom/d.txt")
        (self.rig.corpus / "news").rename(self.rig.corpus / "old")
        self.holds("a.txt", "a.log", "old/b.txt", "old/deep/c.txt", "newsroom/d.txt")
        self.rig.write("news/b.log", "A report again.\n")
        self.holds("a.txt", "a.log", "old/b.txt", "old/deep/c.txt", "news/b.log", "newsroom/d.txt")

    def test_a_rule_for_what_is_being_written_holds_for_it(self):
        with open(self.rig.corpus / "open.log", "w", encoding="utf-8") as file:
            file.write("A report that is written.\n")
            file.flush()
            self.rig.write(RULES, "*.log\n")
        self.holds("a.txt", "news/b.txt", "news/deep/c.txt", "newsroom/d.txt")


class WithoutPatterns(Rules):
    """The configuration ignores nothing: not even then is a rule file a report."""

    def setUp(self):
        self.options = {"corpora": {}}
        super().setUp()
        self.rig.corpora = {"reports": {"path": self.rig.corpus, "ignore": []}}
        self.rig.configure({})

    def test_a_rule_file_is_no_report(self):
        self.rig.write(f"news/{RULES}", "*.log\n")
        self.rig.write(".hidden.txt", "A hidden report.\n")
        expected = [".hidden.txt", "a.txt", "a.log", "news/b.txt", "news/deep/c.txt", "newsroom/d.txt"]
        self.start().holds(*expected)
        os.utime(self.rig.corpus / f"news/{RULES}")
        self.holds(*expected)
        self.rig.write(f"news/{RULES}", "deep\n")
        self.holds(".hidden.txt", "a.txt", "a.log", "news/b.txt", "news/b.log", "newsroom/d.txt")


if __name__ == "__main__":
    unittest.main()
