"""What the function has answered, checked once where it comes in: nothing behind it doubts. Pure.

An older or another function may have answered. What is not known here is let pass, if it is no
number that cannot be counted with, and no list without an end.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from handler.model.schema import parse_json, shown

Answer = Mapping[str, Any]
Kind = Callable[[Any], bool]
_LARGEST: Final = 2**53  # as of the function's own figures
_DEEPEST: Final = 12  # levels; the function's own answers have 5
_MOST: Final = 10_000  # entries of a list: more pairs than a deployment has


def json_in(raw: bytes) -> object:
    """What is read strictly.

    Raises:
        ValueError: it is no JSON.
    """
    found: object = parse_json(raw.decode())
    return found


def fault_of(answer: Answer) -> str | None:
    """What keeps an answer from being a result first, as `$.path: found …, allowed: …`."""
    return next(_faults("$", answer, 0), None)


def _faults(path: str, value: Any, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        yield f"{path}: found something nested deeper than {_DEEPEST} levels, allowed: a result"
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _faults_of_field(f"{path}.{name[:64]}", name, one, depth)
    elif isinstance(value, list):
        if len(value) > _MOST:
            yield f"{path}: found {len(value):,} entries, allowed: {_MOST:,}"
            return
        for place, one in enumerate(value):
            yield from _faults(f"{path}[{place}]", one, depth + 1)
    elif isinstance(value, int | float) and abs(value) > _LARGEST:
        yield f"{path}: found {shown(value)}, allowed: a number up to {_LARGEST}"


def _faults_of_field(path: str, name: str, value: Any, depth: int) -> Iterator[str]:
    allowed, is_allowed = _FIELDS.get(name, ("anything", _is_anything))
    if is_allowed(value):
        yield from _faults(path, value, depth + 1)
    else:
        yield f"{path}: found {shown(value)}, allowed: {allowed}"


def _is_anything(_: Any) -> bool:
    return True


def _is_text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_figure(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _is_flag(value: Any) -> bool:
    return value is None or isinstance(value, bool)


def _is_object(value: Any) -> bool:
    return value is None or isinstance(value, dict)


def _is_list_of(kind: type) -> Kind:
    return lambda value: isinstance(value, list) and all(isinstance(one, kind) for one in value)


_ALLOWED: Final[Mapping[tuple[str, Kind], str]] = {
    ("a text", _is_text): (
        "schema command decision reason_code reason pair disaster_recovery_id incident_id run_id"
        " evidence attribution provider_request_id production_cluster_id standby_cluster_id gate"
        " verdict kind name occurred_at requested_by state unreadable ordered_because claimed_at"
        " acknowledged_at acknowledged_by acknowledged_because opened_at ended_at ended_because"
    ),
    ("a number", _is_figure): "estimated_data_loss_s at_most_data_loss_s recovery_time_s",
    ("true or false", _is_flag): "retryable notified overridable holds_pair",
    ("an object", _is_object): "trigger roles timings",
    ("a list of objects", _is_list_of(dict)): "results gates runs incidents",
    ("a list of texts", _is_list_of(str)): "next_steps overridden",
}  # fmt: skip
# By a field's name, wherever it stands: none of them means two things.
_FIELDS: Final[Mapping[str, tuple[str, Kind]]] = {
    name: kind for kind, names in _ALLOWED.items() for name in names.split()
}
