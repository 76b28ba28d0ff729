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
Reader = Callable[[Any], Any]
_COLLECTIONS: Final = list | tuple | set
_NO_SET: Final[frozenset[Any]] = frozenset()
# Times far outside of what the code could have written would overflow when they are added to.
_EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(2500, 1, 1, tzinfo=UTC)
_LARGEST: Final = 2**53


def to_plain(value: Any) -> Any:
    """Dataclasses become objects without their empty fields, times ISO 8601, frozensets sets."""
    if names := _names_of(type(value)):
        fields = ((name, getattr(value, name)) for name in names)
        # DynamoDB knows no empty set: an attribute without members is no attribute.
        return {name: to_plain(one) for name, one in fields if one is not None and one != _NO_SET}
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
    readers = _readers_of(kind)
    known = {name: readers[name](one) for name, one in plain.items() if name in readers}
    try:
        return kind(**{**_left_out(kind), **known})
    except TypeError as err:
        raise ValueError(str(err)) from err


def _find_names(kind: Any) -> tuple[str, ...]:
    """A dataclass's fields; none of any other type."""
    fields = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ()
    return tuple(field.name for field in fields)


# Working types out anew for each item would take longer than all the rest.
_names_of: Callable[[Any], tuple[str, ...]] = cache(_find_names)
_hints_of: Callable[[Any], Mapping[str, Any]] = cache(typing.get_type_hints)


def _find_readers(kind: Any) -> Mapping[str, Reader]:
    return {name: _reader(hint) for name, hint in _hints_of(kind).items()}


_readers_of: Callable[[Any], Mapping[str, Reader]] = cache(_find_readers)


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


def _reader(hint: Any) -> Reader:
    """What reads a field of such a type."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        some = _reader(_first_type(args))
        return lambda plain: None if plain is None else some(plain)
    if origin in (tuple, frozenset):
        member = _reader(args[0])
        return lambda plain: origin(map(member, _checked(plain, _COLLECTIONS)))
    if origin is not None and issubclass(origin, Mapping):
        named = _reader(args[1])
        return lambda plain: {key: named(one) for key, one in _checked(plain, Mapping).items()}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return lambda plain: from_plain(hint, _checked(plain, Mapping))
    return _reader_of_one(hint)


def _reader_of_one(hint: Any) -> Reader:
    """What reads a value that has no parts."""
    if hint is datetime:
        return lambda plain: _time(_checked(plain, str))
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if hint is Any:
        return _number
    return lambda plain: _checked(_number(plain), hint)


def _first_type(args: tuple[Any, ...]) -> Any:
    return next(arg for arg in args if arg is not type(None))


def _checked(plain: Any, kind: Any) -> Any:
    is_bool = isinstance(plain, bool)
    if not isinstance(plain, kind) or (is_bool and kind is not bool):
        raise ValueError(f"found a {type(plain).__name__}, allowed: {kind}")
    return plain


def _number(plain: Any) -> Any:
    """What DynamoDB makes of a number of ours; a larger one could not be counted on."""
    if not isinstance(plain, Decimal):
        return plain
    if abs(plain) > _LARGEST:
        raise ValueError(f"found {plain:.3g}, allowed: a number up to {_LARGEST}")
    return int(plain) if plain == int(plain) else float(plain)


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"found {text}, allowed: a time with its zone")
    return min(max(time, _EARLIEST), _LATEST)
