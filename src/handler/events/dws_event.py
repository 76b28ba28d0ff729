"""DWS's own events: which one a message tells of, of which disaster recovery, and how surely.

What DWS sends is not documented; its events are, as its API has them. By the fields of such an
event it is told for sure. What a text tells is a hint, since names that others chose stand in it:
it calls, but two witnesses must say that production is down.

Facts: names in "Event Notifications Overview"; fields in GET /v2/{project_id}/events.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_ABNORMAL: Final = "disasterRecoveryAbnormal"
# Whole: a cluster's name may begin or end with one.
_NAME: Final = (
    r"(?<![\w-])(?P<name>disasterRecoveryAbnormal|emptyDisasterRecovery"
    r"|switchoverContinueAsFailoverDisasterRecovery"
    r"|begin(Create|Start|Stop|Switchover|Failover|Delete)DisasterRecovery|beginRecoveryDisaster"
    r"|(create|start|stop|switchover|failover|delete)DisasterRecovery(Success|Fail)"
    r"|recoveryDisaster(Success|Fail))(?![\w-])"
)
_EVENT: Final = re.compile(_NAME, re.ASCII)
_BEGINS: Final = re.compile(
    rf"\s*(?:(?i:(?:dws )?event)[\s:\uff1a]+)?{_NAME}\s*(?:[:\uff1a]|\Z)", re.ASCII
)
_ABNORMAL_TEXT: Final = re.compile(
    r"disaster recovery[^.\n]{0,200}\babnormal|容灾[^。\n]{0,100}异常", re.IGNORECASE
)
_UUID: Final = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.ASCII)


@dataclass(frozen=True)
class DwsEvent:
    """An event.

    Attributes:
        name: its own.
        disaster_recovery_id: what it is about, by its own field.
        named_ids: what it may be about otherwise: a text has ids in names, too.
        is_hint: whether a text tells of it, or of what it is about.
    """

    name: str
    disaster_recovery_id: str | None = None
    named_ids: tuple[str, ...] = ()
    is_hint: bool = False

    @property
    def is_outage(self) -> bool:
        """Whether it tells of an outage; all others do not."""
        return self.name == _ABNORMAL


def is_event(document: Mapping[str, Any] | None) -> bool:
    """Whether a message is an event as DWS's API has it."""
    return document is not None and document.get("name_space") == "dws" and "name" in document


def of_fields(document: Mapping[str, Any], text: str) -> DwsEvent | None:
    """The event that it is by its own fields, whatever it is about is called; None if unknown.

    Without an id in its own field, those in its text are a hint of what it is about; its own is
    none.
    """
    name, source = str(document["name"]), str(document.get("source_id")).lower()
    if not _EVENT.fullmatch(name):
        return None
    if _UUID.fullmatch(source):
        return DwsEvent(name, source)
    own = str(document.get("event_id")).lower()
    named = tuple(one for one in ids_in(text) if one != own)
    return DwsEvent(name, named_ids=named, is_hint=bool(named))


def told_by(subject: str, text: str) -> DwsEvent | None:
    """The event that a text tells of, if it does."""
    name = _begun_with(subject, text) or _named_in(subject, text)
    return DwsEvent(name, named_ids=ids_in(text), is_hint=True) if name else None


def _begun_with(subject: str, text: str) -> str | None:
    return _first([found["name"] for one in (subject, text) if (found := _BEGINS.match(one))])


def _named_in(subject: str, text: str) -> str | None:
    """By its name or by what it says."""
    names = [found["name"] for found in _EVENT.finditer(f"{subject}\n{text}")]
    if ids_in(text) and _ABNORMAL_TEXT.search(f"{subject}\n{text}"):
        return _ABNORMAL
    return _first(names)


def _first(names: list[str]) -> str | None:
    """An outage before all."""
    return _ABNORMAL if _ABNORMAL in names else next(iter(names), None)


def ids_in(text: str) -> tuple[str, ...]:
    """All UUIDs in a text, each once."""
    return tuple(dict.fromkeys(_UUID.findall(text.lower())))
