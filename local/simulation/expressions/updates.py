"""Update expressions: what an item is afterwards."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from local.simulation.expressions.conditions import Value, operand
from local.simulation.expressions.values import Item, added
from local.simulation.expressions.words import Reader, Unsupported, Words

Change = tuple[str, str, Value]  # verb, name as written, value
_CLAUSES = ("SET", "REMOVE", "ADD", "DELETE")


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
def _update(text: str) -> tuple[Change, ...]:
    reader, seen = Reader(text), set[str]()
    changes: list[Change] = []
    while reader.next:
        clause = reader.take().upper()
        if clause not in _CLAUSES or clause in seen:
            raise Unsupported(f"{clause} in {text!r}")
        seen.add(clause)
        changes += _actions(reader, clause)
    return tuple(changes)


def _actions(reader: Reader, clause: str) -> Iterator[Change]:
    while True:
        name = reader.path()
        if clause == "REMOVE":
            yield clause, name, lambda _, __: None
        else:
            if clause == "SET":
                reader.take("=")
            yield clause, name, _sum(reader) if clause == "SET" else operand(reader)
        if not reader.takes(","):
            return


def _sum(reader: Reader) -> Value:
    left = _set_operand(reader)
    if reader.next not in ("+", "-"):
        return lambda i, w: _there(left(i, w))
    is_plus = reader.take() == "+"
    right = _set_operand(reader)
    return lambda i, w: added(_there(left(i, w)), _there(right(i, w)), 1 if is_plus else -1)


def _set_operand(reader: Reader) -> Value:
    if reader.next != "if_not_exists":
        return operand(reader)
    reader.take()
    reader.take("(")
    path = reader.path()
    reader.take(",")
    value = operand(reader)
    reader.take(")")

    def chosen(item: Mapping[str, Any], words: Words) -> Any:
        stored = item.get(words.name(path))
        return stored if stored is not None else value(item, words)

    return chosen


def _there(value: Any) -> Any:
    if value is None:
        raise Unsupported("an update takes an attribute that does not exist")
    return value


def _changed(verb: str, stored: Any, value: Any) -> Any:
    """What becomes of one attribute; None if it goes."""
    if verb in ("SET", "REMOVE"):
        return value
    ((kind, inner),) = value.items()
    if verb == "ADD" and kind == "N":
        return added(stored or {"N": "0"}, value, 1)
    if kind not in ("SS", "NS") or (stored is not None and kind not in stored):
        raise Unsupported(f"{verb} of {value} to {stored}")
    before = set(stored[kind]) if stored else set()
    after = before | set(inner) if verb == "ADD" else before - set(inner)
    return {kind: sorted(after)} if after else None
