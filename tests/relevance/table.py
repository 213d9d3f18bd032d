# SPDX-License-Identifier: GPL-2.0-or-later
"""table.py — the harness's table: a line a collection, what the best of the others reaches, and what falls short of it.

A ratio below judged.ENOUGH is marked with "<"; a figure that has fallen by more than judged.MOST_FALL with "↓". Markdown, so that it can stand in
README.md as printed.
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
        best = self.collection.baseline.get(measure)
        return self.means[measure] / best[0] if best else None

    def short(self):
        """The measures that are below what must be reached. Baselines are known to three digits, and ours is taken as
        it is: rounding must not lift it over the line."""
        return [m for m in self.collection.baseline if self.ratio(m) < judged.ENOUGH]

    def fallen(self):
        """The measures that are below what was reached before, and by more than a change may cost."""
        return [m for m, figure in self.collection.reached.items() if self.means[m] < figure - judged.MOST_FALL]


HEAD = ["collection", "nDCG@10", "best other", "ratio", "MAP", "best other", "ratio", "P@10", "R@100"]


def cells(row):
    out = [row.collection.name]
    for measure in metrics.MEASURES:
        out.append(f"{row.means[measure]:.4f}" + (" ↓" if measure in row.fallen() else ""))
        if measure in ("nDCG@10", "MAP"):
            best, ratio = row.collection.baseline.get(measure), row.ratio(measure)
            out.append("–" if ratio is None else f"{best[1]} {best[0]:.3f}")
            out.append("–" if ratio is None else f"{ratio:.3f}" + (" <" if measure in row.short() else ""))
    return out


def mean_ratios(rows):
    """A line on all collections that have a baseline; empty for less than two."""
    ratios = {m: [row.ratio(m) for row in rows if row.ratio(m) is not None] for m in ("nDCG@10", "MAP")}
    if len(ratios["MAP"]) < 2:
        return ""
    return "mean ratio over {}: nDCG@10 {:.3f}, MAP {:.3f}\n".format(
        len(ratios["MAP"]), *(sum(each) / len(each) for each in ratios.values()))


def text(rows):
    lines = [HEAD] + [cells(row) for row in rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD))]

    def printed(line):
        return "| " + " | ".join([line[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(line[1:], widths[1:])]) + " |\n"
    rule = "|" + "|".join(["-" * (widths[0] + 2)] + ["-" * (w + 1) + ":" for w in widths[1:]]) + "|\n"
    return printed(HEAD) + rule + "".join(printed(line) for line in lines[1:]) + mean_ratios(rows)
