"""Secrets that are known again wherever they show, however they are spelled and wherever they are cut.

Written apart from what blots them out (`handler.model.printable`), so that one is judged by the other.
"""

import base64
import html
import json
import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, quote_plus

LONG_ENOUGH = 12  # characters in a row that nothing else has by chance


@dataclass(frozen=True)
class Mark:
    """One secret, and what it is called in a failure."""

    name: str
    text: str

    @cached_property
    def pieces(self):
        """All that it can be known by, by how it is spelled."""
        return {
            how: {piece for spelled in spell(self.text) for piece in cut(spelled)}
            for how, spell in SPELLINGS.items()
        }


def cut(text):
    """Its pieces that are long enough to be known again: one of them shows in any cut of it."""
    return {text[at : at + LONG_ENOUGH] for at in range(len(text) - LONG_ENOUGH + 1)}


def _base64(encode):
    """Its inner part for each place where it may begin in what is coded, in groups of three bytes."""

    def spell(text):
        raw = text.encode()
        for before in range(3):
            coded = encode(b"\0" * before + raw).decode().rstrip("=")
            yield coded[(before * 8 + 5) // 6 : -2]

    return spell


def _one(spell):
    return lambda text: [spell(text)]


def _capitals(text):
    return re.sub(r"\\u[0-9a-f]{4}|%[0-9A-F]{2}", lambda one: one[0].swapcase(), text)


SPELLINGS = {
    "as it is": _one(str),
    "in other letters": lambda text: [text.upper(), text.lower()],
    "backwards": _one(lambda text: text[::-1]),
    "in JSON": _one(lambda text: json.dumps(text)[1:-1]),
    "in JSON's capitals": _one(lambda text: _capitals(json.dumps(text)[1:-1])),
    "in JSON's UTF-8": _one(lambda text: json.dumps(text, ensure_ascii=False)[1:-1]),
    "in JSON in JSON": _one(lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1]),
    "in JSON with its slashes": _one(lambda text: json.dumps(text)[1:-1].replace("/", "\\/")),
    "in Python": lambda text: [repr(text)[1:-1], ascii(text)[1:-1], repr(repr(text))[1:-1]],
    "in Python's bytes": _one(lambda text: repr(text.encode())[2:-1]),
    "in escapes": _one(lambda text: text.encode("unicode_escape").decode()),
    "in HTML": lambda text: [html.escape(text), html.escape(text, quote=False)],
    "in an address": lambda text: [quote(text, safe=""), quote(text), quote_plus(text)],
    "in an address's small letters": lambda text: [_capitals(quote(text, safe=""))],
    "in an address twice": _one(lambda text: quote(quote(text, safe=""), safe="")),
    "in Base64": _base64(base64.b64encode),
    "in Base64 for addresses": _base64(base64.urlsafe_b64encode),
    "in hexadecimal": lambda text: [text.encode().hex(), text.encode().hex().upper()],
    "in hexadecimal bytes": lambda text: [text.encode().hex(" "), text.encode().hex(":")],
}  # fmt: skip


def shown(marks, text):
    """Which secrets show in a text, and how they are spelled there."""
    there = cut(text)
    return sorted(
        f"{mark.name} {how}"
        for mark in marks
        for how, pieces in mark.pieces.items()
        if not there.isdisjoint(pieces)
    )
