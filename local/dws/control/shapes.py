"""JSON from outside into frozen dataclasses, and in words what each field allows.

The dataclasses' own annotations are the schema: type, default, and a sentence where there is one.
"""

import math
import types
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, replace
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


@dataclass(frozen=True)
class Mistake:
    """One thing wrong with the input."""

    path: str
    found: Any
    allowed: str


class BadInput(Exception):
    """The input cannot be taken; `mistakes` has everything that is wrong with it."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__(f"{len(mistakes)} mistakes")
        self.mistakes = mistakes


def read(kind: type[T], found: Any, base: T | None = None, only: frozenset[str] | None = None) -> T:
    """A dataclass from a JSON object, or a copy of base with the object's fields.

    Raises:
        BadInput: a field is unknown, missing or of a wrong value.
    """
    values = read_fields(kind, found, only)
    try:
        return kind(**values) if base is None else replace(base, **values)  # type: ignore[type-var]
    except (TypeError, ValueError) as err:
        raise BadInput(Mistake("$", found, str(err))) from err


def read_fields(kind: type, found: Any, only: frozenset[str] | None = None) -> dict[str, Any]:
    """The fields of a JSON object that are fields of a dataclass, as its types want them.

    Raises:
        BadInput: a field is unknown or of a wrong value.
    """
    hints = _hints(kind)
    names = only if only is not None else frozenset(hints)
    if not isinstance(found, Mapping):
        raise BadInput(Mistake("$", found, "an object"))
    mistakes = [
        Mistake(f"$.{name}", found[name], f"no such field; there are {', '.join(sorted(names))}")
        for name in found
        if name not in names
    ]
    values: dict[str, Any] = {}
    for name in names & found.keys():
        try:
            values[name] = _converted(hints[name], found[name])
        except ValueError:
            mistakes.append(Mistake(f"$.{name}", found[name], _allowed(hints[name])))
    if mistakes:
        raise BadInput(*mistakes)
    return values


def describe(kind: type, only: frozenset[str] | None = None) -> dict[str, dict[str, Any]]:
    """Each field with what it allows, its default and its sentence."""
    described = {}
    hints = _hints(kind)
    for field in fields(kind):
        if only is None or field.name in only:
            said = {"allowed": _allowed(hints[field.name])} | _default(field)
            if get_origin(hints[field.name]) is Annotated:
                said["means"] = get_args(hints[field.name])[1]
            described[field.name] = said
    return described


def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _default(field: "Field[Any]") -> dict[str, Any]:
    if field.default is not MISSING:
        return {"default": field.default}
    return {"default": field.default_factory()} if field.default_factory is not MISSING else {}


def _converted(hint: Any, found: Any) -> Any:
    """The value as the hint wants it, ValueError if it does not fit."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _converted(arguments[0], found)
    if origin in (Union, types.UnionType):
        return None if found is None else _converted(arguments[0], found)
    if origin is Literal:
        return _checked(found, isinstance(found, str) and found in arguments)
    if origin is tuple:
        return tuple(_checked(found, isinstance(found, list) and _are_texts(found)))
    if origin is dict:
        return _checked(found, isinstance(found, dict) and _are_texts(found.values()))
    return found if hint is Any else _scalar(hint, found)


def _are_texts(found: Iterable[Any]) -> bool:
    return all(isinstance(text, str) for text in found)


def _scalar(hint: Any, found: Any) -> Any:
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    if hint is float:
        return float(_checked(found, is_number and math.isfinite(found) and found >= 0))
    if hint is int:
        return _checked(found, is_number and isinstance(found, int) and found >= 0)
    if hint is datetime and not isinstance(found, datetime):
        return datetime.fromisoformat(_checked(found, isinstance(found, str)))
    return _checked(found, isinstance(found, hint))


def _checked(found: Any, is_right: bool) -> Any:  # noqa: FBT001 # the condition is the question
    if not is_right:
        raise ValueError(found)
    return found


def _allowed(hint: Any) -> str:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _allowed(arguments[0])
    if origin in (Union, types.UnionType):
        return f"{_allowed(arguments[0])}, or null"
    if origin is Literal:
        return "one of " + ", ".join(arguments)
    if origin is tuple:
        return "an array of texts"
    if origin is dict:
        return "an object of texts"
    return _WORDS[hint]


_WORDS: dict[Any, str] = {
    Any: "anything",
    bool: "true or false",
    float: "a number, 0 or more",
    int: "a whole number, 0 or more",
    str: "a text",
    datetime: "an ISO 8601 time",
}
