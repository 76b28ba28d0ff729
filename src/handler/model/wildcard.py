"""Patterns in which `*` stands for anything: alarms' names and ARNs, pairs' names."""

from typing import Final

_ARN: Final = 7  # arn:partition:cloudwatch:region:account:alarm:name, in which alone are colons


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
