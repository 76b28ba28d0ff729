"""What people read: subject and text of a notice, and the one next step. Pure."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from handler.gates import Assessment
from handler.notice import Notice, Severity
from handler.outcome import Decision, Result
from handler.times import isoformat

SUBJECT_LIMIT: Final = 100  # characters, ASCII: SNS API reference, Publish

_HEADLINES: Final[Mapping[Decision, str]] = {
    Decision.SUBMITTED: "failover submitted",
    Decision.REFUSED: "NOT failed over: refused",
    Decision.BLOCKED: "NOT failed over: blocked",
    Decision.PROVIDER_REJECTED: "NOT failed over: the provider rejected it",
    Decision.UNKNOWN: "failover sent, outcome unknown",
    Decision.NOT_STARTED: "NOT failed over: the request was never sent",
    Decision.IGNORED: "an alarm was ignored",
}
_SEVERITIES: Final[Mapping[Decision, Severity]] = {
    Decision.SUBMITTED: Severity.CRITICAL,
    Decision.REFUSED: Severity.WARNING,
    Decision.BLOCKED: Severity.CRITICAL,
    Decision.PROVIDER_REJECTED: Severity.CRITICAL,
    Decision.UNKNOWN: Severity.CRITICAL,
    Decision.NOT_STARTED: Severity.CRITICAL,
    Decision.IGNORED: Severity.WARNING,
}
_PURSUED: Final = "The incident stays open and is looked at again every minute."
_NOT_PURSUED: Final = "Nothing. No incident is pursued (a new alarm opens one); a person decides."
_BY_ITSELF: Final[Mapping[Decision, str]] = {
    Decision.SUBMITTED: (
        "The provider is switching; its own figure is up to 60 minutes."
        " Nothing more is sent for this pair until a person has acknowledged the run."
    ),
    Decision.UNKNOWN: (
        "Nothing more is sent for this pair: the request may have been taken, and a second one"
        " could lose data for good."
    ),
    Decision.PROVIDER_REJECTED: _NOT_PURSUED,
    Decision.NOT_STARTED: _NOT_PURSUED,
    Decision.IGNORED: "Nothing. This is told once a day.",
}
_LOSES: Final[Mapping[Decision, str]] = {
    Decision.SUBMITTED: "is lost",
    Decision.UNKNOWN: "may be lost",
}
# What a person does about a refusal that no override can set aside.
_WAYS_OUT: Final[Mapping[str, str]] = {
    "pause": "wait for the end of the pause, or have it lifted by whoever set it",
    "hold": "look at the held run in the provider's console before anything else",
    "armed": "re-establish disaster recovery in the provider's console first",
    "pair_state": "wait for the provider to finish, or act in its console",
    "roles": "compare the roles in the provider's console with the pair's",
    "site": "set project_id and endpoint of the pair to the standby's region",
    "version": "fail over in the provider's console, or upgrade the cluster",
    "edition": "exception switchover is not offered for this edition",
}


def is_observed(result: Result) -> bool:
    """Whether only the pair's mode kept the function from acting."""
    return result.decision is Decision.REFUSED and result.reason_code == "mode"


def severity(result: Result) -> Severity:
    """How urgent a result is for a person."""
    return Severity.INFO if is_observed(result) else _SEVERITIES[result.decision]


def subject(result: Result) -> str:
    """One line, at most 100 ASCII characters."""
    headline = _HEADLINES[result.decision]
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
        f"By itself: {_by_itself(result)}",
        _to_do(result, function),
        _asked(result),
        _gates(result),
        _ids(result),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def notice(result: Result, notice_id: str, now: datetime, function: str) -> Notice:
    """The notice that tells a result; what arrives says that it was notified."""
    told = replace(result, notified=True)
    return Notice(
        notice_id=notice_id,
        created_at=now,
        subject=subject(result),
        text=text(result, function),
        body=json.dumps(told.as_json()),
        attributes={
            "schema": "dws-failover/1",
            "decision": result.decision.value,
            "reason_code": result.reason_code,
            "pair": result.pair or "-",
            "severity": severity(result).value,
            "notice_id": notice_id,
        },
    )


def ways_out(assessment: Assessment, pair: str, now: datetime) -> tuple[str, ...]:
    """For each refusal a way out; the one command, if a person may set aside all that is left."""
    left = assessment.left_to_override
    stuck = [verdict.gate for verdict in left if not verdict.overridable]
    if stuck:
        return tuple(f"{gate}: {_WAYS_OUT[gate]}" for gate in stuck)
    override = [verdict.gate for verdict in left]
    return (json.dumps(confirmed(pair, now, override, assessment.evidence)),)


def confirmed(
    pair: str, now: datetime, override: list[str], evidence: str | None
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


def _by_itself(result: Result) -> str:
    is_over = result.incident_id is None or result.reason_code == "retry_time_over"
    pursued = _NOT_PURSUED if is_over else _PURSUED
    return _BY_ITSELF.get(result.decision, pursued)


def _loss(result: Result) -> str:
    estimate, most = result.estimated_data_loss_s, result.at_most_data_loss_s
    if not result.gates:
        return ""
    if estimate is None or most is None:
        return "Data loss: cannot be told, the last synchronisation is not known."
    verb = _LOSES.get(result.decision, "would be lost")
    return f"Data loss: about {estimate} s of data {verb}, at most {most} s."


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
