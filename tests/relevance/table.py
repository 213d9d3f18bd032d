# SPDX-License-Identifier: GPL-2.0-or-later
"""table.py — the harness's table: a line a collection, what Xapian's own defaults reach, and what falls short of it.

A ratio below judged.ENOUGH is marked with "<". Markdown, so that it can stand in README.md as printed.
"""
import dataclasses

import judged
import metrics


@dataclasses.dataclass(frozen=True)
class Row:
    collection: judged.Collection
    means: dict  # {measure: mean}

    def ratio(self, measure):
        """Ours over the baseline; None where there is none."""
        baseline = self.collection.baseline.get(measure)
        return self.means[measure] / baseline if baseline else None

    def short(self):
        """The measures that are below what must be reached. Baselines are known to three digits, and ours is taken as
        it is: rounding must not lift it over the line."""
        return [m for m in self.collection.baseline if self.ratio(m) < judged.ENOUGH]


HEAD = ["collection", "nDCG@10", "Xapian", "ratio", "MAP", "Xapian", "ratio", "P@10", "R@100"]


def cells(row):
    out = [row.collection.name]
    for measure in metrics.MEASURES:
        out.append(f"{row.means[measure]:.4f}")
        if measure in ("nDCG@10", "MAP"):
            ratio = row.ratio(measure)
            baseline = row.collection.baseline.get(measure)
            out.append("–" if ratio is None else f"{baseline:.3f}")
            out.append("–" if ratio is None else f"{ratio:.3f}" + (" <" if measure in row.short() else ""))
    return out


def text(rows):
    lines = [HEAD] + [cells(row) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]

    def printed(line):
        return "| " + " | ".join([line[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(line[1:], widths[1:])]) + " |\n"
    rule = "|" + "|".join(["-" * (widths[0] + 2)] + ["-" * (w + 1) + ":" for w in widths[1:]]) + "|\n"
    return printed(HEAD) + rule + "".join(printed(line) for line in lines[1:])
