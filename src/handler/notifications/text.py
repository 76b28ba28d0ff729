"""What people read: subject and text of a notice. Pure.

Every part is a line, or lines, of its own under a title of ours. What others wrote is in there as
one printable line: nothing in it can look like a part, an end, or a command.
"""

import json
import shlex
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

from handler.gates.assess import Assessment
from handler.model.notice import Severity
from handler.model.printable import one_line
from handler.model.quoting import quoted, word
from handler.model.result import Decision, Reason, Result, is_command
from handler.model.times import clock
from handler.notifications.phrases import (
    ARMED,
    BY_ITSELF,
    FOLLOWED,
    HEADLINES,
    HELD,
    LOSES,
    NOT_PURSUED,
    OBSERVED,
    PURSUED,
    SEVERITIES,
    TRIED_AGAIN,
    UNKNOWN_LOSS,
    WAITING,
)

T = TypeVar("T")
SUBJECT_LIMIT: Final = 99  # characters, ASCII: SNS API reference, Publish ("less than 100")
LINE_LIMIT: Final = 4000
_ASKED: Final = ("kind", "name", "requested_by", "occurred_at")
_OURS: Final = ("command", "watch")  # kinds whose names are words of ours, not an alarm's
LATE_AFTER: Final = timedelta(
    minutes=10
)  # by then a reader would take an old state for the present


def is_observed(result: Result) -> bool:
    """Whether the pair's mode alone kept the function from acting."""
    return result.decision is Decision.REFUSED and _refusing(result) == {"mode"}


def is_waiting(result: Result) -> bool:
    """Whether production only has to be down for longer."""
    if result.decision is not Decision.REFUSED or _refusing(result) != {"production_down"}:
        return False
    (gate,) = (gate for gate in result.gates if gate["gate"] == "production_down")
    return isinstance(gate["measured"], int)  # seconds; what witnesses say is a word


def severity(result: Result) -> Severity:
    """How urgent a result is for a person."""
    return _told(SEVERITIES, result, Severity.CRITICAL)


def subject(result: Result) -> str:
    """One line of ASCII characters, short enough for SNS."""
    line = f"[{severity(result).upper()}] {result.pair or 'dws-failover'}: {_headline(result)}"
    plain = line.encode("ascii", "replace").decode("ascii")
    return "".join(one if one.isprintable() else "?" for one in plain)[:SUBJECT_LIMIT]


def text(result: Result, function: str) -> str:
    """What happened, to which pair, what is lost, what happens next by itself, what to do."""
    blocks = [
        f"What happened: {_sentence(result.reason)}",
        _pair(result),
        _loss(result),
        _measured(result),
        f"What happens next: {_by_itself(result)}",
        _to_do(result, function),
        _asked(result),
        _gates(result),
        _ids(result),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def late(told: str, created_at: datetime, now: datetime) -> str:
    """The text of a notice that is sent long after it was written: it may not be so any more."""
    if now - created_at <= LATE_AFTER:
        return told
    is_today = created_at.astimezone(UTC).date() == now.astimezone(UTC).date()
    day = "" if is_today else f"{created_at.astimezone(UTC):%Y-%m-%d} "
    return f"Late: written at {day}{clock(created_at)}, it could not be sent before.\n\n{told}"


def outdated(subject: str, created_at: datetime) -> str:
    """The subject of a notice that has been overtaken by what was told since."""
    where = subject.partition("] ")[2].partition(":")[0]
    return f"[INFO] {where}: what was said at {clock(created_at)}, sent late"[:SUBJECT_LIMIT]


def body(result: Result) -> str:
    """What machines read; what arrives says that it was notified."""
    return json.dumps(replace(result, notified=True).as_json())


def attributes(result: Result, notice_id: str) -> Mapping[str, str]:
    """What subscriptions filter on."""
    return {
        "schema": "dws-failover/1",
        "decision": result.decision.value,
        "reason_code": result.reason_code,
        "pair": result.pair or "-",
        "severity": severity(result).value,
        "notice_id": notice_id,
    }


def refusal(assessment: Assessment) -> Reason:
    """Why it is refused: the most telling gate first, the others by name."""
    refusing = assessment.refusing
    first = refusing[0]
    if first.gate == "mode" and len(refusing) > 1:
        first = refusing[1]
    others = [verdict.gate for verdict in refusing if verdict is not first]
    rest = f" Also not passed: {', '.join(others)}." if others else ""
    return Reason(first.gate, f"gate {first.gate}: {first.reason}.{rest}")


def _refusing(result: Result) -> set[str]:
    return {gate["gate"] for gate in result.gates if gate["verdict"] in ("refuse", "unknown")}


def _headline(result: Result) -> str:
    if is_observed(result):
        return "would have failed over (observe)"
    if is_waiting(result):
        return "not failed over yet: production must be down for longer"
    return _told(HEADLINES, result, result.decision.value)


def _sentence(text: str) -> str:
    line = one_line(text, LINE_LIMIT).rstrip(".")
    is_word = line.partition(" ")[0].isalpha()  # an id or a field's name stays as it is
    return f"{line[:1].upper() if is_word else line[:1]}{line[1:]}."


def _pair(result: Result) -> str:
    if result.pair is None:
        return ""
    id_ = result.disaster_recovery_id
    return f"Pair: {word(result.pair)}" + (f" (disaster recovery {word(id_)})" if id_ else "")


def _told(words: Mapping[str, T], result: Result, otherwise: T) -> T:
    """The word for a result: by its reason where that tells more than the decision."""
    return words.get(result.reason_code, words.get(result.decision, otherwise))


def _by_itself(result: Result) -> str:
    nothing_began = (Decision.PROVIDER_REJECTED, Decision.NOT_STARTED)
    if result.decision in nothing_began:
        is_proved = result.retryable
        pursued = TRIED_AGAIN if result.incident_id else NOT_PURSUED
        return pursued if is_proved else HELD
    if is_observed(result):
        return OBSERVED
    if result.reason_code in ("alarms_ok", "muted") and result.run_id:
        return FOLLOWED  # its order is on its way all the same
    if (result.decision, result.reason_code) == (Decision.ACKNOWLEDGED, "armed"):
        return ARMED
    is_over = result.incident_id is None
    if is_waiting(result) and not is_over:
        return WAITING
    return _told(BY_ITSELF, result, NOT_PURSUED if is_over else PURSUED)


def _loss(result: Result) -> str:
    estimate, most = result.estimated_data_loss_s, result.at_most_data_loss_s
    if not result.gates and result.decision not in LOSES:
        return ""
    if estimate is None or most is None:
        return f"Data loss: unknown: {UNKNOWN_LOSS}."
    verb = LOSES.get(result.decision, "would be lost")
    first = result.timings.get("estimate_at_decision_s", estimate)
    then = f" When it was decided, {first} s were estimated." if first != estimate else ""
    return f"Data loss: about {estimate} s of data {verb}, at most {most} s.{then}"


def _measured(result: Result) -> str:
    recovery_s = result.timings.get("recovery_time_s")
    if recovery_s is None:
        return ""
    return f"Recovery time: {recovery_s} s from the outage's start to the exchange of the roles."


def _to_do(result: Result, function: str) -> str:
    steps = [_step(step, function) for step in result.next_steps]
    return "\n".join(["What to do:", *steps]) if steps else ""


def _step(step: str, function: str) -> str:
    if not is_command(step):
        return f"  {_sentence(step)}"
    words = [
        "aws", "lambda", "invoke", "--function-name", function,
        "--cli-binary-format", "raw-in-base64-out", "--payload", step, "/dev/stdout",
    ]  # fmt: skip
    return f"    {shlex.join(words)}"


def _asked(result: Result) -> str:
    trigger = result.trigger or {}
    kind, name, by, at = (trigger.get(one) for one in _ASKED)
    words = (
        kind,
        name if kind in _OURS else name and quoted(name),
        by and f"by {quoted(by)}",
        at and f"at {at}",
    )
    asked = " ".join(one for one in words if one)
    return f"Triggered by: {asked}" if asked else ""


def _gates(result: Result) -> str:
    lines = [
        f"  {gate['verdict']:<10} {gate['gate']}: {one_line(gate['reason'], LINE_LIMIT)}"
        for gate in result.gates
    ]
    return "\n".join(["Gates:", *lines]) if lines else ""


def _ids(result: Result) -> str:
    ids = {
        "run": result.run_id,
        "incident": result.incident_id,
        "provider request": result.provider_request_id,
        "evidence": result.evidence,
    }
    return "\n".join(f"{name}: {word(value)}" for name, value in ids.items() if value)
