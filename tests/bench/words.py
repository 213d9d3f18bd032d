# SPDX-License-Identifier: GPL-2.0-or-later
"""words.py — words that no report has, for what is to be found by one."""


def word(kind, number):
    """'zq', the kind and the number in letters. The last letter keeps stemming off."""
    letters = ""
    for _ in range(5):
        number, digit = divmod(number, 20)
        letters = "bcdfghjklmnpqrstvwxz"[digit] + letters
    return f"zq{kind}{letters}x"
