"""What Huawei Cloud's own monitors say: Cloud Eye's alarms, DWS's events, texts of a template.

Users may write the text themselves, and others the names in it: a message is understood as far as
it can be, and never refused. The gates read the API.

Facts: Cloud Eye's two JSON bodies as they were really sent ("version"/"data" in 2025, the flat one
with "template_variable" in 2024).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

from handler.events import dws_event
from handler.events.dws_event import DwsEvent
from handler.model.schema import parse_json
from handler.model.signals import NO_OUTAGE, Alarm
from handler.model.times import parse_zoned_time

_COLON: Final = "[:\N{FULLWIDTH COLON}]"
_RULE: Final = re.compile(
    rf"(?:alarm rule name|规则名称)[ \t]*{_COLON}[ \t]*([^\n,;<\uff0c\uff1b]+)", re.IGNORECASE
)
# As Cloud Eye begins a subject or a text: what stands further in may be a name that others chose.
_BEGINNING: Final = r"\A(?:\[[^\[\]\n]{1,40}\])*"
_BEGINS: Final = {
    state: re.compile(rf"{_BEGINNING}\[(?:{english}|{chinese})\]", re.IGNORECASE)
    for state, english, chinese in (
        ("ALARM", "(?:critical|major|minor|informational) alarm", "(?:紧急|重要|次要|提示)告警"),
        ("OK", "(?:critical|major|minor|informational) ok", "(?:紧急|重要|次要|提示)告警恢复"),
    )
}
_SEPARATOR: Final = re.compile(f"{_COLON}|=")

_NAMES: Final = ("alarmrulename", "alarmname", "rulename", "告警规则名称", "规则名称")
_TIMES: Final = ("alarmtime", "time", "occurtime", "alarmgeneratedate")
_STATES: Final = {
    "isalarm": {"true": "ALARM", "1": "ALARM", "false": "OK", "0": "OK"},
    # Cloud Eye's words, and the figures of DWS's own alarms: 0 not recovered, 1 recovered
    "alarmstatus": {
        "alarm": "ALARM", "0": "ALARM", "ok": "OK", "ok_manual": "OK", "1": "OK",
        "insufficient_data": "INSUFFICIENT_DATA", "invalid": "INSUFFICIENT_DATA",
    },
}  # fmt: skip
_TOLD: Final = "told by a text"
_AROUND: Final = " \t\r;,"  # a value
_TEXT: Final = 16 * 1024  # of a text that is no JSON, this much is looked at
_DEEPEST: Final = 4
_MOST: Final = 1000  # fields
_LONGEST_NAME: Final = 255


def read(text: str, subject: str, sent_at: datetime, topic: str, message_id: str) -> Alarm:
    """Read a verified message; one that cannot be understood is an alarm named by its subject."""
    document = _document(text)
    found, text = _found(document, text), text[:_TEXT]
    fields = dict(reversed(found))  # what stands further out, or first, wins
    rule, event = _rule_or_event(document, fields, subject, text)
    name = rule or (event and event.name) or _short(subject) or "a message without a subject"
    times = (parse_zoned_time(fields[key]) for key in _TIMES if key in fields)
    alarm = Alarm(
        kind="smn",
        name=name,
        arn=f"{topic}:{name}",
        state=_state(document, found, subject, text),
        previous_state=None,
        occurred_at=next(filter(None, times), sent_at),
        correlation_id=message_id,
        message_id=message_id,
        resource=_resource(fields, text),
        reported_as=f"{topic}:{name}" if rule or event else topic,
    )
    return _of_event(alarm, event) if event else alarm


def _of_event(alarm: Alarm, event: DwsEvent) -> Alarm:
    """A hint is a part of its own: it must not make the event older that is told for sure."""
    return replace(
        alarm,
        state="ALARM" if event.is_outage else NO_OUTAGE,
        resource=_TOLD if event.is_hint else None,
        disaster_recovery_id=event.disaster_recovery_id,
        named_ids=event.named_ids,
        is_hint=event.is_hint,
    )


def _document(text: str) -> dict[str, Any] | None:
    """The JSON object that a text is, if it is one."""
    try:
        document = parse_json(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) else None


def _found(document: Mapping[str, Any] | None, text: str) -> list[tuple[str, Any]]:
    """All scalars of a JSON object, from the outside in, or else all `key: value` lines."""
    found = _lines(text[:_TEXT]) if document is None else _scalars(document)
    return [(_key(key), value) for key, value in islice(found, _MOST)]


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):  # nothing else: `splitlines` breaks at what a name may hold
        key, *value = _SEPARATOR.split(line, maxsplit=1)
        if value and value[0].strip(_AROUND):
            yield key, value[0].strip(_AROUND)


def _scalars(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    level: list[Mapping[str, Any]] = [document]
    for _ in range(_DEEPEST):
        for one in level:
            yield from ((key, value) for key, value in one.items() if _is_scalar(value))
        level = [value for one in level for value in one.values() if isinstance(value, dict)]


def _is_scalar(value: Any) -> bool:
    return isinstance(value, str | int | float) and value != ""


def _key(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


def _rule_or_event(
    document: Mapping[str, Any] | None, fields: Mapping[str, Any], subject: str, text: str
) -> tuple[str | None, DwsEvent | None]:
    """The name of the rule that an alarm is of, or DWS's event; fields before all texts."""
    named = (_short(str(fields[key])) for key in _NAMES if key in fields)
    if rule := next(filter(None, named), None):
        return rule, None
    if document is not None and dws_event.is_event(document):
        return None, dws_event.of_fields(document, text)
    # Cloud Eye's text ends with it: what stands before it may be a name that others chose.
    in_text = (_short(name) for name in reversed(_RULE.findall(text)))
    if rule := next(filter(None, in_text), None):
        return rule, None
    return None, dws_event.told_by(subject, text)


def _resource(fields: Mapping[str, Any], text: str) -> str | None:
    """Which of the resources that a rule may watch is meant; the only id of a text may be."""
    if named := _short(str(fields.get("resourceid", ""))).lower():
        return named
    ids = dws_event.ids_in(text)
    return ids[0] if len(ids) == 1 else None


def _short(text: str) -> str:
    """One line of what can be printed, as long as an alarm's name may be."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[:1024]).split())
    return line[:_LONGEST_NAME]


def _state(
    document: Mapping[str, Any] | None, found: list[tuple[str, Any]], subject: str, text: str
) -> str:
    """Whether it is an alarm; where nothing says plainly that it is over, it is one."""
    said = [
        states.get(str(value).lower(), "ALARM")
        for key, states in _STATES.items()
        for name, value in found
        if name == key
    ]
    if document is not None and (said or _is_recovered(dict(reversed(found)))):
        return said[0] if said else "OK"
    # A line of a text may be a name that others chose: who contradicts says nothing plainly.
    begun = (subject, text.strip())
    said += [state for state, begins in _BEGINS.items() if any(map(begins.search, begun))]
    return said[0] if len(set(said)) == 1 else "ALARM"


def _is_recovered(fields: Mapping[str, Any]) -> bool:
    """Cloud Eye leaves IsAlarm out where a metric has recovered; its event alarms never recover."""
    return fields.get("version") == "v1" and {"alarmrecordid", "metricname"} <= set(fields)
