# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the real reports are: TIDINGS_DATA names the folder that holds reports/, else ../shared/data beside the tree is tried."""
import os
import pathlib
import unittest

TREE = pathlib.Path(__file__).resolve().parents[2]
REPORTS = pathlib.Path(os.environ.get("TIDINGS_DATA", TREE.parent / "shared" / "data")) / "reports"

with_reports = unittest.skipUnless(REPORTS.is_dir(), f"{REPORTS} is absent: set TIDINGS_DATA to the folder that holds reports/")
