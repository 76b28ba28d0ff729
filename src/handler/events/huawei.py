"""What Huawei Cloud's own monitors say: Cloud Eye's alarms, DWS's events, texts of a template.

Users may write the text themselves, and DWS does not document its own: everything in here is a
hint, understood as far as it can be, and never refused. The gates read the API.

Facts: Cloud Eye's two JSON bodies as they were really sent ("version"/"data" in 2025, the flat one
with "template_variable" in 2024); DWS event names: "Event Notifications Overview".
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final

from handler.model.schema import parse_json
from handler.model.signals import NO_OUTAGE, Alarm
from handler.model.times import parse_zoned_time

_ABNORMAL: Final = "disasterRecoveryAbnormal"
_EVENT: Final = re.compile(
    r"\b(disasterRecoveryAbnormal|emptyDisasterRecovery|switchoverContinueAsFailoverDisasterRecovery"
    r"|begin(Create|Start|Stop|Switchover|Failover|Delete)DisasterRecovery|beginRecoveryDisaster"
    r"|(create|start|stop|switchover|failover|delete)DisasterRecovery(Success|Fail)"
    r"|recoveryDisaster(Success|Fail))\b",
    re.ASCII,
)
_ABNORMAL_TEXT: Final = re.compile(
    r"disaster recovery[^.\n]{0,200}\babnormal|容灾[^。\n]{0,100}异常", re.IGNORECASE
)
_UUID: Final = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.ASCII)
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
    rule = _rule(fields, text)
    event = None if rule else _event(fields, f"{subject}\n{text}")
    name = rule or event or _short(subject) or "a message without a subject"
    times = (parse_zoned_time(fields[key]) for key in _TIMES if key in fields)
    return Alarm(
        kind="smn",
        name=name,
        arn=f"{topic}:{name}",
        state=_event_state(event) if event else _state(document, found, subject, text),
        previous_state=None,
        occurred_at=next(filter(None, times), sent_at),
        correlation_id=message_id,
        message_id=message_id,
        resource=None if event else _resource(fields, text),
        disaster_recovery_id=_disaster_recovery(fields, text) if event else None,
        reported_as=f"{topic}:{name}" if rule or event else topic,
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


def _rule(fields: Mapping[str, Any], text: str) -> str | None:
    """The name of the rule that an alarm is of."""
    named = (_short(str(fields[key])) for key in _NAMES if key in fields)
    # Cloud Eye's text ends with it: what stands before it may be a name that others chose.
    in_text = (_short(name) for name in reversed(_RULE.findall(text)))
    return next(filter(None, (*named, *in_text)), None)


def _event(fields: Mapping[str, Any], text: str) -> str | None:
    """The DWS event that it tells of, by its name or by what it says; an outage before all."""
    if found := _EVENT.fullmatch(str(fields.get("name", ""))):
        return found[0]
    names = [found[0] for found in _EVENT.finditer(text)]
    if _ABNORMAL in names or (_UUID.search(text.lower()) and _ABNORMAL_TEXT.search(text)):
        return _ABNORMAL
    return names[0] if names else None


def _event_state(event: str) -> str:
    return "ALARM" if event == _ABNORMAL else NO_OUTAGE


def _disaster_recovery(fields: Mapping[str, Any], text: str) -> str | None:
    """The id of the disaster recovery that an event is about, if it can only be that one."""
    source = str(fields.get("sourceid", "")).lower()
    found = {source} if _UUID.fullmatch(source) else set(_UUID.findall(text.lower()))
    return found.pop() if len(found) == 1 else None


def _resource(fields: Mapping[str, Any], text: str) -> str | None:
    """Which of the resources that a rule may watch is meant; the only id of a text may be."""
    if named := _short(str(fields.get("resourceid", ""))).lower():
        return named
    found = set(_UUID.findall(text.lower()))
    return found.pop() if len(found) == 1 else None


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
