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

T = TypeVar("T")
SUBJECT_LIMIT: Final = 100  # characters, ASCII: SNS API reference, Publish

_HEADLINES: Final[Mapping[str, str]] = {
    Decision.SUBMITTED: "failover submitted",
    Decision.REFUSED: "NOT failed over: refused",
    Decision.BLOCKED: "NOT failed over: blocked",
    Decision.PROVIDER_REJECTED: "NOT failed over: the provider rejected it",
    Decision.UNKNOWN: "failover sent, outcome unknown",
    Decision.NOT_STARTED: "NOT failed over: nothing was started",
    Decision.IN_PROGRESS: "failover in progress",
    Decision.SUCCEEDED: "failed over",
    Decision.FAILED: "the failover failed",
    Decision.OVERDUE: "the failover is overdue",
    Decision.CLOSED: "the run is closed",
    Decision.ACKNOWLEDGED: "acknowledged",
    Decision.PAUSED: "paused",
    Decision.RESUMED: "resumed",
    Decision.IGNORED: "an alarm was ignored",
    # Told for other reasons than the decision alone tells
    "alarms_ok": "the incident is over: alarms are OK",
    "production_up": "the incident is over: production is up",
    "lone_witness": "one witness says that production is down",
    "readiness_lost": "can NOT be failed over now",
    "readiness_regained": "can be failed over",
    "old_production_back": "old production is back: two writers are possible",
    "roles_changed": "the roles were changed by someone else",
    "misconfigured": "cannot work as configured",
    "unconfirmed_subscriptions": "nobody may be told: subscriptions are unconfirmed",
}
_SEVERITIES: Final[Mapping[str, Severity]] = {
    Decision.REFUSED: Severity.WARNING,
    Decision.IN_PROGRESS: Severity.WARNING,
    Decision.SUCCEEDED: Severity.WARNING,
    Decision.ACKNOWLEDGED: Severity.INFO,
    Decision.CLOSED: Severity.INFO,
    Decision.PAUSED: Severity.WARNING,
    Decision.RESUMED: Severity.INFO,
    Decision.IGNORED: Severity.WARNING,
    "alarms_ok": Severity.INFO,
    "production_up": Severity.INFO,
    "lone_witness": Severity.WARNING,
    "readiness_lost": Severity.WARNING,
    "readiness_regained": Severity.INFO,
    "misconfigured": Severity.WARNING,
    "unconfirmed_subscriptions": Severity.WARNING,
    "old_production_back": Severity.CRITICAL,
    "roles_changed": Severity.CRITICAL,
}
_PURSUED: Final = "The incident stays open and is looked at again every minute."
_NOT_PURSUED: Final = "Nothing. No incident is pursued (a new alarm opens one); a person decides."
_FOLLOWED: Final = (
    "The run is looked at every minute until it is settled. Nothing more is sent for this pair"
    " until a person has acknowledged it."
)
_HELD: Final = "Nothing more is sent for this pair until a person has acknowledged the run."
_TRIED_AGAIN: Final = (
    "The incident tries again after 60, 120, 240 and then every 300 s, six times, as long as the"
    " gates pass."
)
_BY_ITSELF: Final[Mapping[str, str]] = {
    Decision.SUBMITTED: (
        "The provider is switching; its own figure is up to 60 minutes. The run is looked at every"
        " minute. Nothing more is sent for this pair until a person has acknowledged it."
    ),
    Decision.IN_PROGRESS: _FOLLOWED,
    Decision.OVERDUE: f"{_FOLLOWED} You are told again every hour.",
    Decision.UNKNOWN: (
        "Reads every minute settle it. Nothing more is sent for this pair: the request may have"
        " been taken, and a second one could lose data for good."
    ),
    Decision.SUCCEEDED: (
        f"{_HELD} Clients that do not come by the pair's load balancer must be pointed to the new"
        " production; what the old one still holds is wiped when disaster recovery is"
        " re-established."
    ),
    Decision.FAILED: _HELD,
    Decision.CLOSED: "Nothing.",
    Decision.ACKNOWLEDGED: (
        "The pair is not failed over again before it is armed: disaster recovery seen running with"
        " these roles, and the standby synchronised after that."
    ),
    Decision.PAUSED: "Nothing is failed over until then; incidents are kept and looked at.",
    Decision.RESUMED: "Open incidents are looked at again every minute, with every gate.",
    Decision.IGNORED: "Nothing. This is told once a day.",
    "alarms_ok": "Nothing. The next alarm opens an incident of its own.",
    "production_up": "Nothing. The next alarm opens an incident of its own.",
    "lone_witness": "Nothing on the word of one witness; a second one opens an incident.",
    "readiness_lost": "You are told when it can be failed over again.",
    "readiness_regained": "An alarm can now fail it over, if every gate passes.",
    "misconfigured": "Nothing. This is told once a day.",
    "unconfirmed_subscriptions": "Nothing. This is told once a day.",
    "old_production_back": "Nothing: what to keep of it is for a person to decide.",
    "roles_changed": (
        "Nothing is failed over until a person has acknowledged the roles, or disaster recovery is"
        " seen running with them and has synchronised."
    ),
}
_LOSES: Final[Mapping[Decision, str]] = {
    Decision.SUBMITTED: "is lost",
    Decision.IN_PROGRESS: "is lost",
    Decision.SUCCEEDED: "was lost",
    Decision.UNKNOWN: "may be lost",
    Decision.OVERDUE: "may be lost",
}
# What a person does about a refusal that no override can set aside.
_WAYS_OUT: Final[Mapping[str, str]] = {
    "pause": "wait for the end of the pause, or have it lifted by whoever set it",
    "hold": "see what became of the held run (verify), then acknowledge it",
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
    return Severity.INFO if is_observed(result) else _told(_SEVERITIES, result, Severity.CRITICAL)


def subject(result: Result) -> str:
    """One line, at most 100 ASCII characters."""
    headline = _told(_HEADLINES, result, result.decision.value)
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
        return tuple(f"{gate}: {_WAYS_OUT[gate]}" for gate in stuck)
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
        pursued = _TRIED_AGAIN if result.incident_id else _NOT_PURSUED
        return pursued if is_proved else _HELD
    is_over = result.incident_id is None or result.reason_code == "retry_time_over"
    return _told(_BY_ITSELF, result, _NOT_PURSUED if is_over else _PURSUED)


def _loss(result: Result) -> str:
    estimate, most = result.estimated_data_loss_s, result.at_most_data_loss_s
    if not result.gates and result.decision not in _LOSES:
        return ""
    if estimate is None or most is None:
        return "Data loss: cannot be told, the last synchronisation is not known."
    verb = _LOSES.get(result.decision, "would be lost")
    return f"Data loss: about {estimate} s of data {verb}, at most {most} s."


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
