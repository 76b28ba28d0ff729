"""Condition expressions: whether one is true of an item."""

import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from local.simulation.expressions.values import begins, contains, ordered, same, size
from local.simulation.expressions.words import Reader, Unsupported, Words

Test = Callable[[Mapping[str, Any], Words], bool]
Value = Callable[[Mapping[str, Any], Words], Any]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def holds(condition: str, item: Mapping[str, Any], words: Words) -> bool:
    """Whether a condition is true of an item; of none, of an empty one."""
    return _condition(condition)(item, words)


@lru_cache(1000)
def _condition(text: str) -> Test:
    reader = Reader(text)
    test = _either(reader)
    reader.end()
    return test


def _either(reader: Reader) -> Test:
    tests = [_both(reader)]
    while reader.takes("OR"):
        tests.append(_both(reader))
    return tests[0] if len(tests) == 1 else lambda i, w: any(test(i, w) for test in tests)


def _both(reader: Reader) -> Test:
    tests = [_one(reader)]
    while reader.takes("AND"):
        tests.append(_one(reader))
    return tests[0] if len(tests) == 1 else lambda i, w: all(test(i, w) for test in tests)


def _one(reader: Reader) -> Test:
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


def _function(reader: Reader) -> Test:
    made, arguments = _FUNCTIONS[reader.take()]
    reader.take("(")
    path = reader.path()
    if arguments == 1:
        reader.take(")")
        return lambda i, w: made(i.get(w.name(path)), None)
    reader.take(",")
    value = operand(reader)
    reader.take(")")
    return lambda i, w: made(i.get(w.name(path)), value(i, w))


def _comparison(reader: Reader) -> Test:
    left, sign = operand(reader), reader.take()
    right = operand(reader)
    if sign == "=":
        return lambda i, w: same(left(i, w), right(i, w))
    if sign == "<>":
        return lambda i, w: not same(left(i, w), right(i, w))
    if sign not in _COMPARE:
        raise Unsupported(sign)
    compare = _COMPARE[sign]
    return lambda i, w: ordered(left(i, w), right(i, w), compare)


def operand(reader: Reader) -> Value:
    """A value as an expression names it: a placeholder, an attribute, or its size."""
    if reader.next == "size":
        reader.take()
        reader.take("(")
        path = reader.path()
        reader.take(")")
        return lambda i, w: size(i.get(w.name(path)))
    if reader.next.startswith(":"):
        written = reader.take()
        return lambda _, w: w.value(written)
    path = reader.path()
    return lambda i, w: i.get(w.name(path))


_FUNCTIONS: Mapping[str, tuple[Callable[[Any, Any], bool], int]] = {
    "attribute_exists": (lambda value, _: value is not None, 1),
    "attribute_not_exists": (lambda value, _: value is None, 1),
    "contains": (contains, 2),
    "begins_with": (begins, 2),
}
