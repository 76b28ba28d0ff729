"""Frozen dataclasses to plain JSON values and back: stored items read like what they are."""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar

T = TypeVar("T")
_NO_SET: Final[frozenset[Any]] = frozenset()


def to_plain(value: Any) -> Any:
    """Dataclasses become objects without their empty fields, times ISO 8601, frozensets sets."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        # DynamoDB knows no empty set: an attribute without members is no attribute.
        return {name: to_plain(one) for name, one in fields.items() if one not in (None, _NO_SET)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: to_plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(one) for one in value]
    return set(value) if isinstance(value, frozenset) else value


def from_plain(kind: type[T], plain: Mapping[str, Any]) -> T:
    """Make a dataclass from what `to_plain` gave; fields it does not know are left out."""
    hints = _hints_of(kind)
    known = {name: _value(hints[name], one) for name, one in plain.items() if name in hints}
    return kind(**known)


# Working them out anew for each item would take longer than all the rest.
_hints_of: Callable[[Any], Mapping[str, Any]] = cache(typing.get_type_hints)


def _value(hint: Any, plain: Any) -> Any:  # noqa: PLR0911 - one line for each kind of field
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return (
            None if plain is None else _value(next(a for a in args if a is not type(None)), plain)
        )
    if origin in (tuple, frozenset):
        return origin(_value(args[0], one) for one in plain)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _value(args[1], one) for key, one in plain.items()}
    if hint is datetime:
        return datetime.fromisoformat(plain)
    if isinstance(plain, Decimal):
        return int(plain)  # what DynamoDB makes of our whole numbers
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(plain)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, plain)
    return plain
