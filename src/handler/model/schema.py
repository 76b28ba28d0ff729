"""The published JSON Schemas, applied: every fault of a document at once, each with its place."""

import json
import math
import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, Final

import fastjsonschema
from fastjsonschema import JsonSchemaValueException, JsonSchemaValuesException

from handler.model.hosts import FORMATS
from handler.model.printable import one_line

_FOLDER = Path(__file__).parent / "schemas"
_SHOWN = 80
_LONGEST = 200
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_PLAIN = re.compile(r"[A-Za-z0-9/_+=.@: -]{0,2048}", re.ASCII)
_FAULTS = 20
_MOST_DIGITS: Final = 400  # of a number: more than is ever meant, fewer than Python refuses
_EXACT: Final = 2**53  # up to here a float is the whole number that was written


@cache
def _checker(name: str) -> Callable[[Any], Any]:
    """What raises the first fault: written beforehand, as good documents are what is waited for."""
    checks = import_module(f"handler.model.validators.{name.replace('-', '_')}")
    return partial(checks.validate, custom_formats=FORMATS)


@cache
def _whole_checker(name: str) -> Callable[[Any], Any]:
    """What raises all faults at once."""
    schema = json.loads((_FOLDER / f"{name}.json").read_text())
    check: Callable[[Any], Any] = fastjsonschema.compile(
        schema, formats=FORMATS, use_default=True, fast_fail=False
    )
    return check


def validate(document: Any, name: str, *, secret: bool = False) -> list[str]:
    """Fill a document's defaults in; list its faults as `$.path: found …, allowed: …`.

    Args:
        document: parsed JSON; changed in place (defaults).
        name: a file of `schemas/`, without its ending.
        secret: never show what was found, nor what it is called.
    """
    try:
        _checker(name)(document)
    except JsonSchemaValueException as err:
        # Of a list that is too long the items are not looked at.
        return _first(
            _sentences(err, document, secret)
            if err.rule == "maxItems"
            else _faults(document, name, secret)
        )
    return []


def _faults(document: Any, name: str, secret: bool) -> Iterable[str]:  # noqa: FBT001
    try:
        _whole_checker(name)(document)
    except JsonSchemaValuesException as err:
        return (line for fault in err.errors for line in _sentences(fault, document, secret))
    except JsonSchemaValueException as err:
        return _sentences(err, document, secret)
    return ()


def _first(faults: Iterable[str]) -> list[str]:
    """As many as a person reads, and whether there are more."""
    found = list(islice(dict.fromkeys(faults), _FAULTS + 1))
    return [*found[:_FAULTS], *(["$: more faults follow"] if len(found) > _FAULTS else [])]


def parse_json(text: str) -> Any:
    """Parse JSON strictly; `3600.0` is the whole number that it says.

    Raises:
        ValueError: not JSON, a key twice in one object, a number that is none or too large, or
            nested too deep.
    """
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=_whole,
            parse_float=_number,
        )
    except RecursionError as err:
        raise ValueError("nested too deep") from err


def shown(value: Any) -> str:
    """A value as an error message shows it: JSON, cut to a readable length."""
    try:
        text = json.dumps(value, ensure_ascii=True, default=str)
    except RecursionError:
        return "something nested too deep"
    except ValueError:
        return "a number that is too large"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique: dict[str, Any] = {}
    for key, value in pairs:
        if key in unique:
            raise ValueError(f"the key {shown(key)} stands twice in one object")
        unique[key] = value
    return unique


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _number(written: str) -> float | int:
    number = float(written)
    if math.isinf(number):
        raise ValueError(f"{shown(written)} is larger than a number can be")
    return int(number) if number.is_integer() and abs(number) <= _EXACT else number


def _sentences(fault: Any, document: Any, secret: bool) -> Iterable[str]:  # noqa: FBT001
    path, schema = _path(fault.path[1:], document), fault.definition or {}
    known = schema.get("properties", {})
    match fault.rule:
        case "required":
            missing = [key for key in fault.rule_definition if key not in fault.value]
            titles = {key: known.get(key, {}).get("title", "a value") for key in missing}
            return [f"{path}.{key}: found nothing, allowed: {titles[key]}" for key in missing]
        case "additionalProperties":
            unknown = sorted(set(fault.value) - set(known))
            fields = ", ".join(known)
            if secret:  # a key can have been pasted where its name belongs
                return [f"{path}: found unknown fields, allowed: {fields}"]
            return (f"{path}.{_key(key)}: unknown field, allowed: {fields}" for key in unknown)
        case "dependencies" if not secret:
            return [f"{path}: {one_line(fault.message.removeprefix('data '), _LONGEST)}"]
        case "propertyNames" if not secret:
            found, allowed = shown(sorted(fault.value)), fault.rule_definition["title"]
            return [f"{path}: found the keys {found}, allowed: {allowed}"]
    is_shown = not secret and not (schema.get("writeOnly") and _may_be_secret(fault.value))
    found = shown(fault.value) if is_shown else f"a {type(fault.value).__name__}"
    allowed = schema.get("title") or ("another" if secret else one_line(fault.message, _LONGEST))
    return [f"{path}: found {found}, allowed: {allowed}"]


def _may_be_secret(value: Any) -> bool:
    """Whether what stands in the place of a secret's name is more than a name: pasted, perhaps."""
    return not (isinstance(value, str) and _PLAIN.fullmatch(value))


def _key(key: str) -> str:
    """A name from outside: as it is, if it is one."""
    return key if _NAME.fullmatch(key) else shown(key)


def _path(steps: list[str], document: Any) -> str:
    path, here = "$", document
    for step in steps:
        if isinstance(here, list):
            path, here = f"{path}[{step}]", here[int(step)]
        else:
            path, here = f"{path}.{_key(step)}", here.get(step) if isinstance(here, dict) else None
    return path
