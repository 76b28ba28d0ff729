"""Patterns in which `*` stands for anything: alarms' names and ARNs, pairs' names."""

import re
from typing import Final

_ARN: Final = 7  # arn:partition:cloudwatch:region:account:alarm:name, in which alone are colons
_MANY: Final = re.compile(r"\*+")


def matches(pattern: str, text: str) -> bool:
    """Whether a text is as a pattern says; takes time in proportion to both, however many `*`."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == text
    *between, last = rest
    at, end = len(first), len(text) - len(last)
    if at > end or not text.startswith(first) or not text.endswith(last):
        return False
    for piece in between:  # the leftmost place leaves the most to those that follow
        if (at := text.find(piece, at, end)) < 0:
            return False
        at += len(piece)
    return True


def matches_arn(pattern: str, arn: str) -> bool:
    """Whether an ARN is as a pattern says, part by part: `*` crosses no colon before the name."""
    parts, patterns = arn.split(":", _ARN - 1), pattern.split(":", _ARN - 1)
    return len(parts) == len(patterns) and all(map(matches, patterns, parts))


def overlap(one: str, other: str) -> bool:
    """Whether some text is as both patterns say.

    What the other can still match after the letters so far is a set of places, each a bit of one
    number: all are walked at once, so it takes time in proportion to one length only.
    """
    if not _fit(one, other) or not _fit(one[::-1], other[::-1]):
        return False
    other = _MANY.sub("*", other)
    wild, letters = _places(other)
    whole = (2 << len(other)) - 1
    reached = 1 | (wild & 2)
    for letter in one:
        if letter == "*":  # swallows whatever the other one still asks for
            reached = whole & -(reached & -reached)
        else:
            reached = (reached & letters.get(letter, 0)) << 1 | reached & wild
            reached |= reached << 1 & wild
        if not reached:
            return False
    return bool(reached >> len(other))


def _fit(one: str, other: str) -> bool:
    """Whether one text can begin with what stands before each first `*`: mostly that decides."""
    heads = [pattern.partition("*")[0] for pattern in (one, other)]
    shortest = min(map(len, heads))
    return heads[0][:shortest] == heads[1][:shortest]


def _places(pattern: str) -> tuple[int, dict[str, int]]:
    """The places behind each `*`, and those before each letter."""
    wild, letters = 0, dict[str, int]()
    for place, letter in enumerate(pattern):
        if letter == "*":
            wild |= 2 << place
        else:
            letters[letter] = letters.get(letter, 0) | 1 << place
    return wild, letters
