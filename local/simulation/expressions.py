"""DynamoDB's condition and update expressions, as far as an item of plain attributes needs them.

A small real parser, so that the ledger may write what it likes of the grammar. Whatever is not in
here, and whatever DynamoDB refuses to execute, raises `Unsupported`.

Facts: API reference, "Condition and filter expressions", "Using update expressions".
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

Item = dict[str, Any]  # DynamoDB's own JSON
Test = Callable[[Mapping[str, Any], "Words"], bool]
Value = Callable[[Mapping[str, Any], "Words"], Any]
Change = tuple[str, str, Value]  # verb, name as written, value

_TOKEN = re.compile(r"\s*([#:]?[A-Za-z_]\w*|\d+|<>|<=|>=|[-+=<>(),.\[\]])")
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_CLAUSES = ("SET", "REMOVE", "ADD", "DELETE")


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


def holds(condition: str, item: Mapping[str, Any], words: Words) -> bool:
    """Whether a condition is true of an item; of none, of an empty one."""
    return _condition(condition)(item, words)


def updated(expression: str, item: Item, words: Words) -> Item:
    """An item after an update; every action sees it as it was before."""
    after, seen = dict(item), set[str]()
    for verb, written, value in _update(expression):
        name = words.name(written)
        if name in seen:
            raise Unsupported(f"two actions change {name}")
        seen.add(name)
        changed = _changed(verb, item.get(name), value(item, words))
        if changed is None:
            after.pop(name, None)
        else:
            after[name] = changed
    return after


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


class _Reader:
    """Reads an expression from left to right."""

    def __init__(self, text: str) -> None:
        self._text, self._tokens, self._at = text, tokens(text), 0

    @property
    def next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def take(self, wanted: str | None = None) -> str:
        token = self.next
        if not token or (wanted is not None and token.upper() != wanted):
            raise Unsupported(f"{token or 'the end'!r} in {self._text!r}")
        self._at += 1
        return token

    def takes(self, wanted: str) -> bool:
        if self.next.upper() != wanted:
            return False
        self._at += 1
        return True

    def path(self) -> str:
        name = self.take()
        if not re.fullmatch(r"#?[A-Za-z_]\w*", name) or self.next in (".", "["):
            raise Unsupported(f"{name}{self.next} in {self._text!r}")
        return name

    def end(self) -> None:
        if self.next:
            raise Unsupported(f"{self.next!r} in {self._text!r}")


@lru_cache(1000)
def _condition(text: str) -> Test:
    reader = _Reader(text)
    test = _either(reader)
    reader.end()
    return test


def _either(reader: _Reader) -> Test:
    tests = [_both(reader)]
    while reader.takes("OR"):
        tests.append(_both(reader))
    return tests[0] if len(tests) == 1 else lambda i, w: any(test(i, w) for test in tests)


def _both(reader: _Reader) -> Test:
    tests = [_one(reader)]
    while reader.takes("AND"):
        tests.append(_one(reader))
    return tests[0] if len(tests) == 1 else lambda i, w: all(test(i, w) for test in tests)


def _one(reader: _Reader) -> Test:
    if reader.takes("NOT"):
        test = _one(reader)
        return lambda i, w: not test(i, w)
    if reader.takes("("):
        test = _either(reader)
        reader.take(")")
        return test
    if reader.next in _FUNCTIONS:
        return _function(reader)
    return _comparison(reader)


def _function(reader: _Reader) -> Test:
    made, arguments = _FUNCTIONS[reader.take()]
    reader.take("(")
    path = reader.path()
    if arguments == 1:
        reader.take(")")
        return lambda i, w: made(i.get(w.name(path)), None)
    reader.take(",")
    value = _operand(reader)
    reader.take(")")
    return lambda i, w: made(i.get(w.name(path)), value(i, w))


def _comparison(reader: _Reader) -> Test:
    left, sign = _operand(reader), reader.take()
    right = _operand(reader)
    if sign == "=":
        return lambda i, w: _same(left(i, w), right(i, w))
    if sign == "<>":
        return lambda i, w: not _same(left(i, w), right(i, w))
    if sign not in _COMPARE:
        raise Unsupported(sign)
    compare = _COMPARE[sign]
    return lambda i, w: _ordered(left(i, w), right(i, w), compare)


def _operand(reader: _Reader) -> Value:
    if reader.next == "size":
        reader.take()
        reader.take("(")
        path = reader.path()
        reader.take(")")
        return lambda i, w: _size(i.get(w.name(path)))
    if reader.next.startswith(":"):
        written = reader.take()
        return lambda _, w: w.value(written)
    path = reader.path()
    return lambda i, w: i.get(w.name(path))


def _same(left: Any, right: Any) -> bool:
    return left is not None and right is not None and plain(left) == plain(right)


def _ordered(left: Any, right: Any, compare: Callable[[Any, Any], bool]) -> bool:
    if left is None or right is None:
        return False
    (kind, one), (other_kind, other) = plain(left), plain(right)
    if other_kind not in ("S", "N", "B"):
        raise Unsupported(f"an order of {other_kind}")
    return kind == other_kind and compare(one, other)


def _size(value: Any) -> Any:
    if value is None:
        return None
    ((kind, inner),) = value.items()
    if kind not in ("S", "SS", "NS", "L", "M"):
        raise Unsupported(f"the size of {kind}")
    return {"N": str(len(inner))}


def _contains(value: Any, wanted: Any) -> bool:
    if value is None or wanted is None:
        return False
    ((kind, inner),), ((wanted_kind, one),) = value.items(), wanted.items()
    if kind == "L":
        return any(plain(each) == plain(wanted) for each in inner)
    return kind in (wanted_kind, f"{wanted_kind}S") and one in inner


def _begins(value: Any, wanted: Any) -> bool:
    return "S" in (value or {}) and bool(value["S"].startswith(wanted["S"]))


_FUNCTIONS: Mapping[str, tuple[Callable[[Any, Any], bool], int]] = {
    "attribute_exists": (lambda value, _: value is not None, 1),
    "attribute_not_exists": (lambda value, _: value is None, 1),
    "contains": (_contains, 2),
    "begins_with": (_begins, 2),
}


def plain(value: Mapping[str, Any]) -> tuple[str, Any]:
    """A value with its kind, so that equal ones are equal."""
    ((kind, inner),) = value.items()
    if kind == "N":
        return kind, Decimal(inner)
    if kind in ("SS", "NS"):
        return kind, frozenset(map(Decimal, inner) if kind == "NS" else inner)
    if kind == "L":
        return kind, [plain(one) for one in inner]
    if kind == "M":
        return kind, {name: plain(one) for name, one in inner.items()}
    return kind, inner


@lru_cache(1000)
def _update(text: str) -> tuple[Change, ...]:
    reader, seen = _Reader(text), set[str]()
    changes: list[Change] = []
    while reader.next:
        clause = reader.take().upper()
        if clause not in _CLAUSES or clause in seen:
            raise Unsupported(f"{clause} in {text!r}")
        seen.add(clause)
        changes += _actions(reader, clause)
    return tuple(changes)


def _actions(reader: _Reader, clause: str) -> Iterator[Change]:
    while True:
        name = reader.path()
        if clause == "REMOVE":
            yield clause, name, lambda _, __: None
        else:
            if clause == "SET":
                reader.take("=")
            yield clause, name, _sum(reader) if clause == "SET" else _operand(reader)
        if not reader.takes(","):
            return


def _sum(reader: _Reader) -> Value:
    left = _set_operand(reader)
    if reader.next not in ("+", "-"):
        return lambda i, w: _there(left(i, w))
    is_plus = reader.take() == "+"
    right = _set_operand(reader)
    return lambda i, w: _added(_there(left(i, w)), _there(right(i, w)), 1 if is_plus else -1)


def _set_operand(reader: _Reader) -> Value:
    if reader.next != "if_not_exists":
        return _operand(reader)
    reader.take()
    reader.take("(")
    path = reader.path()
    reader.take(",")
    value = _operand(reader)
    reader.take(")")

    def chosen(item: Mapping[str, Any], words: Words) -> Any:
        stored = item.get(words.name(path))
        return stored if stored is not None else value(item, words)

    return chosen


def _there(value: Any) -> Any:
    if value is None:
        raise Unsupported("an update takes an attribute that does not exist")
    return value


def _added(left: Any, right: Any, sign: int) -> Any:
    if "N" not in left or "N" not in right:
        raise Unsupported(f"a sum of {left} and {right}")
    return {"N": str(Decimal(left["N"]) + sign * Decimal(right["N"]))}


def _changed(verb: str, stored: Any, value: Any) -> Any:
    """What becomes of one attribute; None if it goes."""
    if verb in ("SET", "REMOVE"):
        return value
    ((kind, inner),) = value.items()
    if verb == "ADD" and kind == "N":
        return _added(stored or {"N": "0"}, value, 1)
    if kind not in ("SS", "NS") or (stored is not None and kind not in stored):
        raise Unsupported(f"{verb} of {value} to {stored}")
    before = set(stored[kind]) if stored else set()
    after = before | set(inner) if verb == "ADD" else before - set(inner)
    return {kind: sorted(after)} if after else None
