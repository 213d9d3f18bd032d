#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The check of the rooms finds each fault that it is there for, at its line, and nothing in a clean tree."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).with_name("check_rooms.py")
HEAD = "// SPDX-License-Identifier: GPL-2.0-or-later\n"


def run(files):
    """The check's exit code and output on a tree that holds just these files."""
    with tempfile.TemporaryDirectory(prefix="tidings-rooms-") as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, "-B", CHECK, folder], capture_output=True, text=True, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout


class CheckRooms(unittest.TestCase):
    # (file, its text below the licence line, the fault expected: "line rule")
    FAULTS = [
        ("index/a.h", '#include "config/config.h"\n', "2 rooms"),
        ("loop/a.h", '#include "index/error.h"\n', "2 rooms"),
        ("config/a.cc", '#include <vector>\n#include "loop/loop.h"\n', "3 rooms"),
        ("indexer/a.cc", '#include "searcher/query/parse.h"\n', "2 rooms"),
        ("searcher/query/a.cc", '  #  include <indexer/pending.h>\n', "2 rooms"),
        ("searcher/a.cc", '#include "../indexer/pending.h"\n', "2 rooms"),
        ("tests/unit/loop/a.cc", '#include "indexer/pending.h"\n', "2 rooms"),
        ("index/a.cc", '#include "tests/unit/catch.h"\n', "2 rooms"),
        ("indexer/a.cc", "#include <toml++/toml.h>\n", "2 toml"),
        ("indexer/a.cc", "#include <uv.h>\n", "2 uv"),
        ("searcher/a.h", "#include <uv/version.h>\n", "2 uv"),
        ("indexer/a.cc", "#include <boost/beast/http.hpp>\n", "2 beast"),
        ("loop/a.cc", "#include <xapian.h>\n", "2 xapian"),
        ("config/a.cc", "/* two\nlines */ #include <vector>\n#include <xapian.h>\n", "4 xapian"),
        ("searcher/a.cc", "Xapian::QueryParser parser;\n", "2 query-language"),
        ("index/a.cc", 'auto a = "//"; using Xapian::QueryParser;\n', "2 query-language"),
        ("tests/bench/a.cc", "Xapian::QueryParser parser;\n", "2 query-language"),
        ("loop/a.cc", "int a;\n" * 500, "501 length"),
    ]

    CLEAN = [
        ("indexer/a.cc", '#include "index/error.h"\n#include "loop/loop.h"\n#include "config/config.h"\n#include <xapian.h>\n'),
        ("searcher/http.cc", "#include <boost/beast/http.hpp>\n#include <boost/beast/core.hpp>\n"),
        ("loop/a.cc", "#include <uv.h>\n"),
        ("tests/unit/loop/a.cc", '#include <uv.h>\n#include "tests/unit/catch.h"\n'),
        ("config/a.cc", "#include <toml++/toml.h>\n"),
        ("searcher/a.cc", "// unlike Xapian::QueryParser, bounded\n// #include \"indexer/pending.h\"\nint million = 1'000'000;\n"),
        ("tests/bench/plain_peer.cc", "Xapian::QueryParser parser;\n"),
        ("loop/a.cc", "int a;\n" * 499),
    ]

    def test_each_fault_is_found_at_its_line_and_named_by_its_rule(self):
        for name, text, expected in self.FAULTS:
            with self.subTest(file=name, text=text[:60]):
                line, rule = expected.split()
                code, out = run({name: HEAD + text})
                self.assertEqual(code, 1, out)
                self.assertRegex(out, rf"\A{name}:{line}: .+ \[{rule}\]\n\Z")

    def test_a_clean_file_is_let_pass(self):
        for name, text in self.CLEAN:
            with self.subTest(file=name, text=text[:60]):
                self.assertEqual(run({name: HEAD + text}), (0, ""))

    def test_only_one_file_speaks_http(self):
        beast = HEAD + "#include <boost/beast/http.hpp>\n"
        code, out = run({"searcher/api/http.cc": beast, "searcher/web/page.cc": beast})
        self.assertEqual(code, 1)
        self.assertIn("searcher/web/page.cc:2: includes boost/beast/http.hpp, as searcher/api/http.cc does", out)

    def test_a_file_without_its_licence_line_is_a_fault_in_every_language(self):
        for name in ("loop/a.cc", "bootstrap", "tests/system/test_a.py", "CMakeLists.txt", ".ci/run", "systemd/a.service.in"):
            with self.subTest(file=name):
                self.assertRegex(run({name: "x\n"})[1], rf"\A{name}:1: .+ \[licence\]\n\Z")

    def test_what_was_built_and_what_is_data_is_not_looked_at(self):
        code, out = run({"build/x/a.cc": "x\n", ".git/a.py": "x\n", "corpus/a.html": "x\n", "loop/a.cc": HEAD})
        self.assertEqual((code, out), (0, ""))

    def test_a_tree_without_sources_is_no_success(self):
        self.assertEqual(run({"corpus/a.txt": "x\n"})[0], 2)


if __name__ == "__main__":
    unittest.main()
