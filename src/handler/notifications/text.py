"""What people read in a notice. Pure.

What happened; what is lost; what happens next by itself, and when; the one next command; then why.
Every part is a line, or lines, of its own under a title of ours. What others wrote is in there as
one printable line: nothing in it can look like a part, an end, or a command.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from handler.gates.assess import Assessment, GateResult
from handler.gates.witnesses import only_has_to_last
from handler.model.printable import one_line
from handler.model.quoting import quoted, word
from handler.model.result import Decision, Reason, Result, is_command
from handler.model.times import clock
from handler.notifications.command_lines import Address, command_lines, explain_line
from handler.notifications.headline import (
    SUBJECT_LIMIT,
    acts_at,
    is_never_by_itself,
    is_observed,
    is_still_paused,
    is_waiting,
    refusing,
    severity,
    told,
)
from handler.notifications.next_steps import steps_for_nobody
from handler.notifications.phrases import (
    ARMED,
    BY_ITSELF,
    FOLLOWED,
    HELD_LOST,
    LOSES,
    MAY_BE_LOST,
    NOT_PURSUED,
    OBSERVED,
    PURSUED,
    PURSUED_OBSERVED,
    STILL_BRAKED,
    STILL_GROWING,
    TRIED_AGAIN,
    UNBOUNDED,
    UNKNOWN_LOSS,
    WAITING,
)

LINE_LIMIT: Final = 4000
_ASKED: Final = ("kind", "name", "requested_by", "occurred_at")
_OURS: Final = ("command", "watch")  # kinds whose names are words of ours, not an alarm's
_TWICE: Final = (
    "  (A command stands on two lines: for failoverctl, and for the AWS CLI alone. Send one.)"
)
_IN_MINUTES: Final = 120  # seconds: longer spans are said in minutes as well
LATE_AFTER: Final = timedelta(
    minutes=10
)  # by then a reader would take an old state for the present


def text(result: Result, address: Address) -> str:
    """What happened, to which pair, what is lost, what happens next by itself, what to do."""
    blocks = [
        f"What happened: {_sentence(result.reason, result.pair)}",
        _pair(result),
        _loss(result),
        _measured(result),
        f"What happens next: {by_itself(result)}",
        _to_do(result, address),
        _gates(result),
        _asked(result),
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
    first = min(refusing, key=_tells_less)
    others = [verdict.gate for verdict in refusing if verdict is not first]
    rest = f" Also not passed: {', '.join(others)}." if others else ""
    return Reason(first.gate, f"gate {first.gate}: {first.reason}.{rest}")


def _tells_less(gate: GateResult) -> int:
    """Who reads of the mode, or of what only has to last, looks no further: others come first."""
    if gate.gate == "mode":
        return 2
    return 1 if only_has_to_last(gate) else 0


def by_itself(result: Result) -> str:
    """What happens next without anybody, and when."""
    nothing_began = (Decision.PROVIDER_REJECTED, Decision.NOT_STARTED)
    if result.decision in nothing_began:
        is_proved = result.retryable
        pursued = TRIED_AGAIN if result.incident_id else NOT_PURSUED
        return pursued if is_proved else HELD_LOST
    if result.reason_code in ("alarms_ok", "muted") and result.run_id:
        return FOLLOWED  # its order is on its way all the same
    if is_still_paused(result):
        return STILL_BRAKED
    if (result.decision, result.reason_code) == (Decision.ACKNOWLEDGED, "armed"):
        return ARMED
    is_judged = result.decision in (Decision.REFUSED, Decision.BLOCKED)
    return told(BY_ITSELF, result, _pursued(result) if is_judged else NOT_PURSUED)


def _pursued(result: Result) -> str:
    """What becomes of the incident that was judged, if one is open."""
    if is_observed(result):
        return OBSERVED
    if result.incident_id is None:
        return NOT_PURSUED
    if is_never_by_itself(result):
        return PURSUED_OBSERVED
    if is_waiting(result) and (at := acts_at(result)):
        return WAITING.format(at=at)
    return PURSUED


def _sentence(text: str, name: str | None = None) -> str:
    """A sentence of ours; what it may begin with that is a name stays as it is written."""
    line = one_line(text, LINE_LIMIT).rstrip(".")
    first = line.partition(" ")[0]
    is_word = first.isalpha() and first not in (name, "failoverctl")
    return f"{line[:1].upper() if is_word else line[:1]}{line[1:]}."


def _pair(result: Result) -> str:
    if result.pair is None:
        return ""
    id_ = result.disaster_recovery_id
    return f"Pair: {word(result.pair)}" + (f" (disaster recovery {word(id_)})" if id_ else "")


def _loss(result: Result) -> str:
    estimate = result.estimated_data_loss_s
    if not result.gates and result.decision not in LOSES:
        return ""
    if estimate is None:
        return f"Data loss: unknown: {UNKNOWN_LOSS}."
    verb = told(LOSES, result, "would be lost")
    if result.attribution == "other":
        verb = MAY_BE_LOST
    first = result.timings.get("estimate_at_decision_s", estimate)
    then = f" When it was decided, {_span(int(first))} were estimated." if first != estimate else ""
    return f"Data loss: about {_span(estimate)} of data {verb}, {_most(result)}.{then}"


def _most(result: Result) -> str:
    """The most that can be lost; there is no such figure while production may take writes."""
    if result.at_most_data_loss_s is None:
        return UNBOUNDED
    grows = f" ({STILL_GROWING})" if _may_grow(result) else ""
    return f"at most {_span(result.at_most_data_loss_s)}{grows}"


def _may_grow(result: Result) -> bool:
    """Whether the most that can be lost is not known to its end: the switch has not been seen."""
    is_seen = {"switching_seen_at", "exchanged_seen_at"} & result.timings.keys()
    return result.decision in LOSES and not is_seen


def _span(seconds: int) -> str:
    if seconds < _IN_MINUTES:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    plain = f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
    return f"{seconds:,} s ({plain})"


def _measured(result: Result) -> str:
    recovery_s = result.timings.get("recovery_time_s")
    if recovery_s is None:
        return ""
    span = _span(int(recovery_s))
    return f"Recovery time: {span} from the outage's start to the exchange of the roles."


def _to_do(result: Result, address: Address) -> str:
    steps = result.next_steps or steps_for_nobody(result, severity(result))
    lines = [line for step in steps for line in _step(step, address)]
    twice = [_TWICE] if any(map(is_command, steps)) else []
    return "\n".join(["What to do:", *lines, *twice]) if lines else ""


def _step(step: str, address: Address) -> list[str]:
    commands = command_lines(step, address) if is_command(step) else ()
    return [f"    {line}" for line in commands] or [f"  {_sentence(step)}"]


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
    """The gates that refuse, and those that a person has set aside; of the rest, how many.

    By name only, where what happened has said why.
    """
    shown = [*refusing(result), *(one for one in result.gates if one["verdict"] == "overridden")]
    title = f"Gates: {len(result.gates) - len(shown)} of {len(result.gates)} pass"
    names = [gate["gate"] for gate in shown]
    if not result.gates:
        return ""
    if not shown:
        return f"{title}."
    if names == [result.reason_code] or result.decision is Decision.BLOCKED:
        return f"{title}, all but {', '.join(names)}."
    lines = [
        f"  {gate['verdict']:<10} {gate['gate']}: {one_line(gate['reason'], LINE_LIMIT)}"
        for gate in shown
    ]
    return "\n".join([f"{title}. The others:", *lines])


def _ids(result: Result) -> str:
    ids = {
        "run": result.run_id,
        "incident": result.incident_id,
        "provider request": result.provider_request_id,
        "evidence": result.evidence,
    }
    lines = [f"{name}: {word(value)}" for name, value in ids.items() if value]
    code = word(result.reason_code)
    meaning = f"reason code: {code}"
    if code == result.reason_code:  # a plain word
        meaning += f" (what it means: {explain_line(code)})"
    return "\n".join([meaning, *lines])
