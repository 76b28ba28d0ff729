"""Frozen dataclasses to plain JSON values and back: stored items read like what they are."""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar

T = TypeVar("T")
_NO_SET: Final[frozenset[Any]] = frozenset()
# Times far outside of what the code could have written would overflow when they are added to.
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2500, 1, 1, tzinfo=UTC)
_LARGEST: Final = 2**53


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
    """Make a dataclass from what `to_plain` gave; fields it does not know are left out.

    Raises:
        ValueError: it is nothing that `to_plain` can have given.
    """
    hints = _hints_of(kind)
    known = {name: _value(hints[name], one) for name, one in plain.items() if name in hints}
    try:
        return kind(**{**_left_out(kind), **known})
    except TypeError as err:
        raise ValueError(str(err)) from err


# Working them out anew for each item would take longer than all the rest.
_hints_of: Callable[[Any], Mapping[str, Any]] = cache(typing.get_type_hints)


def _find_left_out(kind: Any) -> Mapping[str, None]:
    missing = dataclasses.MISSING
    return {
        field.name: None
        for field in dataclasses.fields(kind)
        if field.default is missing and field.default_factory is missing
        if type(None) in typing.get_args(_hints_of(kind)[field.name])
    }


# The fields that must be given and may be empty: `to_plain` leaves them out.
_left_out: Callable[[Any], Mapping[str, None]] = cache(_find_left_out)


def _value(hint: Any, plain: Any) -> Any:  # noqa: PLR0911 - one line for each kind of field
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return None if plain is None else _value(_first_type(args), plain)
    if origin in (tuple, frozenset):
        return origin(_value(args[0], one) for one in _checked(plain, list | tuple | set))
    if origin is not None and issubclass(origin, Mapping):
        return {key: _value(args[1], one) for key, one in _checked(plain, Mapping).items()}
    if hint is datetime:
        return _time(_checked(plain, str))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(plain)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, _checked(plain, Mapping))
    if isinstance(plain, Decimal):
        plain = _number(plain)
    return plain if hint is Any else _checked(plain, hint)


def _first_type(args: tuple[Any, ...]) -> Any:
    return next(arg for arg in args if arg is not type(None))


def _checked(plain: Any, kind: Any) -> Any:
    is_bool = isinstance(plain, bool)
    if not isinstance(plain, kind) or (is_bool and kind is not bool):
        raise ValueError(f"found a {type(plain).__name__}, allowed: {kind}")
    return plain


def _number(stored: Decimal) -> int | float:
    """What DynamoDB makes of one of ours; a larger one could not be counted on."""
    if abs(stored) > _LARGEST:
        raise ValueError(f"found {stored:.3g}, allowed: a number up to {_LARGEST}")
    return int(stored) if stored == int(stored) else float(stored)


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"found {text}, allowed: a time with its zone")
    return min(max(time, _EARLIEST), _LATEST)
