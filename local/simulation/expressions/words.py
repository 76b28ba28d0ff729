"""An expression's words: its tokens, and the placeholders that its call explains."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_TOKEN = re.compile(r"\s*([#:]?[A-Za-z_]\w*|\d+|<>|<=|>=|[-+=<>(),.\[\]])")


class Unsupported(Exception):
    """The function writes what this table cannot read: teach it, or change the ledger."""


@dataclass
class Words:
    """The placeholders of one call, and which of them have been used."""

    names: Mapping[str, str]
    values: Mapping[str, Any]

    def name(self, written: str) -> str:
        """What an attribute is called."""
        if not written.startswith("#"):
            return written
        if written not in self.names:
            raise Unsupported(f"{written} stands in no ExpressionAttributeNames")
        return self.names[written]

    def value(self, written: str) -> Any:
        """What a placeholder stands for."""
        if written not in self.values:
            raise Unsupported(f"{written} stands in no ExpressionAttributeValues")
        return self.values[written]


def words_of(call: Mapping[str, Any], *expressions: str | None) -> Words:
    """The placeholders of a call; DynamoDB refuses what no expression uses."""
    words = Words(
        call.get("ExpressionAttributeNames", {}), call.get("ExpressionAttributeValues", {})
    )
    used = {token for text in expressions if text for token in tokens(text)}
    if unused := {*words.names, *words.values} - used:
        raise Unsupported(f"no expression uses {', '.join(sorted(unused))}")
    return words


@lru_cache(1000)
def tokens(text: str) -> tuple[str, ...]:
    """The words and signs of an expression."""
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise Unsupported(f"{text[at : at + 20]!r} in {text!r}")
        found.append(token[1])
        at = token.end()
    return tuple(found)


class Reader:
    """Reads an expression from left to right."""

    def __init__(self, text: str) -> None:
        self._text, self._tokens, self._at = text, tokens(text), 0

    @property
    def next(self) -> str:
        """The token that comes next, empty at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def take(self, wanted: str | None = None) -> str:
        """Take the next token, which must be the one that is wanted."""
        token = self.next
        if not token or (wanted is not None and token.upper() != wanted):
            raise Unsupported(f"{token or 'the end'!r} in {self._text!r}")
        self._at += 1
        return token

    def takes(self, wanted: str) -> bool:
        """Take the next token if it is this one; whether it was."""
        if self.next.upper() != wanted:
            return False
        self._at += 1
        return True

    def path(self) -> str:
        """Take an attribute's name, as written."""
        name = self.take()
        if not re.fullmatch(r"#?[A-Za-z_]\w*", name) or self.next in (".", "["):
            raise Unsupported(f"{name}{self.next} in {self._text!r}")
        return name

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self.next:
            raise Unsupported(f"{self.next!r} in {self._text!r}")
