# SPDX-License-Identifier: GPL-2.0-or-later
"""times.py — how a list of seconds is told: in milliseconds, median, 95 %, 99 % and most."""
import statistics

COLUMNS = ("median ms", "95 % ms", "99 % ms", "most ms")


def share(ordered, part):
    """The smallest of the values that `part` of them do not exceed."""
    return ordered[min(len(ordered) - 1, max(0, -int(-part * len(ordered) // 1) - 1))]


def milliseconds(seconds):
    if not seconds:
        return ("none",) * len(COLUMNS)
    ordered = sorted(value * 1000 for value in seconds)
    return tuple(f"{value:.1f}" for value in (statistics.median(ordered), share(ordered, 0.95), share(ordered, 0.99), ordered[-1]))
