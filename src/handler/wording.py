"""What people read: subject and text of a notice, and the one next step. Pure."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeVar

from handler.gates import Assessment
from handler.notice import Severity
from handler.outcome import Decision, Result
from handler.run import Run
from handler.times import isoformat
from handler.words import (
    BY_ITSELF,
    HEADLINES,
    HELD,
    LOSES,
    NOT_PURSUED,
    PURSUED,
    SEVERITIES,
    TRIED_AGAIN,
    WAYS_OUT,
)

T = TypeVar("T")
SUBJECT_LIMIT: Final = 100  # characters, ASCII: SNS API reference, Publish


def is_observed(result: Result) -> bool:
    """Whether only the pair's mode kept the function from acting."""
    return result.decision is Decision.REFUSED and result.reason_code == "mode"


def severity(result: Result) -> Severity:
    """How urgent a result is for a person."""
    return Severity.INFO if is_observed(result) else _told(SEVERITIES, result, Severity.CRITICAL)


def subject(result: Result) -> str:
    """One line, at most 100 ASCII characters."""
    headline = _told(HEADLINES, result, result.decision.value)
    if is_observed(result):
        headline = "would have failed over (observe)"
    line = f"[{severity(result).upper()}] {result.pair or 'dws-failover'}: {headline}"
    plain = line.encode("ascii", "replace").decode("ascii")
    return "".join(one if one.isprintable() else "?" for one in plain)[:SUBJECT_LIMIT]


def text(result: Result, function: str) -> str:
    """What happened, to which pair, what is lost, what happens next by itself, what to do."""
    blocks = [
        f"What happened: {_sentence(result.reason)}",
        _pair(result),
        _loss(result),
        _measured(result),
        f"By itself: {_by_itself(result)}",
        _to_do(result, function),
        _asked(result),
        _gates(result),
        _ids(result),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


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


def ways_out(assessment: Assessment, pair: str, now: datetime) -> tuple[str, ...]:
    """For each refusal a way out; the one command, if a person may set aside all that is left."""
    left = assessment.left_to_override
    stuck = [verdict.gate for verdict in left if not verdict.overridable]
    if stuck:
        return tuple(f"{gate}: {WAYS_OUT[gate]}" for gate in stuck)
    override = [verdict.gate for verdict in left]
    held = assessment.situation.run if "hold" in override else None
    return (json.dumps(confirmed(pair, now, override, assessment.evidence, held)),)


def confirmed(
    pair: str,
    now: datetime,
    override: list[str],
    evidence: str | None,
    held: Run | None = None,
) -> Mapping[str, Any]:
    """The command with which a person orders the failover; good for 30 minutes."""
    return {
        "command": "failover",
        "pair": pair,
        "confirm": pair,
        "reason": "<why>",
        "requested_by": "<who>",
        "requested_at": isoformat(now),
        **({"override": override} if override else {}),
        **({"run_id": held.run_id} if held else {}),
        **({"evidence": evidence} if evidence else {}),
    }


def refusal(assessment: Assessment) -> tuple[str, str]:
    """Reason code and sentence of a refusal: the most telling gate first, the others by name."""
    refusing = assessment.refusing
    first = refusing[0]
    if first.gate == "mode" and len(refusing) > 1:
        first = refusing[1]
    others = [verdict.gate for verdict in refusing if verdict is not first]
    rest = f" Also not passed: {', '.join(others)}." if others else ""
    return first.gate, f"gate {first.gate}: {first.reason}.{rest}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _pair(result: Result) -> str:
    if result.pair is None:
        return ""
    id_ = result.disaster_recovery_id
    return f"Pair: {result.pair}" + (f" (disaster recovery {id_})" if id_ else "")


def _told(words: Mapping[str, T], result: Result, otherwise: T) -> T:
    """The word for a result: by its reason where that tells more than the decision."""
    return words.get(result.reason_code, words.get(result.decision, otherwise))


def _by_itself(result: Result) -> str:
    nothing_began = (Decision.PROVIDER_REJECTED, Decision.NOT_STARTED)
    if result.decision in nothing_began:
        is_proved = result.retryable
        pursued = TRIED_AGAIN if result.incident_id else NOT_PURSUED
        return pursued if is_proved else HELD
    is_over = result.incident_id is None or result.reason_code == "retry_time_over"
    return _told(BY_ITSELF, result, NOT_PURSUED if is_over else PURSUED)


def _loss(result: Result) -> str:
    estimate, most = result.estimated_data_loss_s, result.at_most_data_loss_s
    if not result.gates and result.decision not in LOSES:
        return ""
    if estimate is None or most is None:
        return "Data loss: cannot be told, the last synchronisation is not known."
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
    if not step.startswith("{"):
        return f"  {step}"
    return (
        f"  aws lambda invoke --function-name {function} --cli-binary-format raw-in-base64-out"
        f" --payload '{step}' /dev/stdout"
    )


def _asked(result: Result) -> str:
    trigger = result.trigger or {}
    by, at = trigger.get("requested_by"), trigger.get("occurred_at")
    words = (f"by {by}" if by else "", f"at {at}" if at else "")
    asked = " ".join(word for word in (trigger.get("kind"), trigger.get("name"), *words) if word)
    return f"Asked by: {asked}" if asked else ""


def _gates(result: Result) -> str:
    lines = [f"  {gate['verdict']:<10} {gate['gate']}: {gate['reason']}" for gate in result.gates]
    return "\n".join(["Gates:", *lines]) if lines else ""


def _ids(result: Result) -> str:
    ids = {
        "run": result.run_id,
        "incident": result.incident_id,
        "provider request": result.provider_request_id,
        "evidence": result.evidence,
    }
    return "\n".join(f"{name}: {value}" for name, value in ids.items() if value)


def late(told: str, created_at: datetime, now: datetime) -> str:
    return told
