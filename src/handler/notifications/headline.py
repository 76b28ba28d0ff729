"""The subject of a notice: how urgent it is, which pair, how it stands, what is asked. Pure."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from handler.model.notice import Severity
from handler.model.result import Decision, Result
from handler.model.run import EXECUTED_LATE
from handler.model.times import clock_of, parse_time
from handler.notifications.phrases import (
    HEADLINES,
    NOT_ARMED,
    NOT_FAILED_OVER,
    NOT_FOR_LONG_ENOUGH,
    NOT_ORDERED,
    OBSERVED_NOW,
    OBSERVED_WAITING,
    SEVERITIES,
    STILL_PAUSED,
    SWITCHED_ALL_THE_SAME,
    WAITING_UNTIL,
    WHY_NOT,
    WHY_UNKNOWN,
)

T = TypeVar("T")
SUBJECT_LIMIT: Final = 99  # characters, ASCII: SNS API reference, Publish ("less than 100")
_SHORT: Final = 24  # characters of a name that would push the headline out
_DECISIONS: Final = frozenset(decision.value for decision in Decision)
_REFUSES: Final = ("refuse", "unknown")


def severity(result: Result) -> Severity:
    """How urgent a result is for a person."""
    if needs_a_person(result) or is_left_down(result):
        return Severity.CRITICAL
    return told(SEVERITIES, result, Severity.CRITICAL)


def needs_a_person(result: Result) -> bool:
    """Whether production is down by its witnesses, and nothing will be done without anybody.

    Where it only has to be down for longer, waiting is right, and whoever has asked is awake.
    """
    by_a_person = (result.trigger or {}).get("kind") == "command"
    if result.decision is not Decision.REFUSED or by_a_person or _is_other(result):
        return False
    only_lasts = _names(result) <= {"production_down", "mode"} and _only_has_to_last(result)
    return _is_down(result) and not only_lasts


def is_left_down(result: Result) -> bool:
    """Whether a person's word was taken while production looks down, and no incident is open."""
    is_word = result.decision is Decision.ACKNOWLEDGED and "down_since" in result.timings
    return is_word and result.reason_code != "incident_goes_on"


def subject(result: Result) -> str:
    """One line of ASCII characters, short enough for SNS; a long name gives way to the headline."""
    level, name, line = severity(result).upper(), result.pair or "dws-failover", headline(result)
    if len(f"[{level}] {name}: {line}") > SUBJECT_LIMIT and len(name) > _SHORT:
        name = f"{name[: _SHORT // 2 - 1]}..{name[-_SHORT // 2 + 1 :]}"
    plain = f"[{level}] {name}: {line}".encode("ascii", "replace").decode("ascii")
    return "".join(one if one.isprintable() else "?" for one in plain)[:SUBJECT_LIMIT]


def headline(result: Result) -> str:
    """How the warehouse stands, and what is asked of the reader."""
    if result.decision is Decision.REFUSED:
        return _of_refusal(result)
    if is_still_paused(result):
        return STILL_PAUSED
    if (result.reason_code, result.attribution) == (EXECUTED_LATE, "other"):
        return SWITCHED_ALL_THE_SAME
    if (result.decision, result.reason_code) == (Decision.ACKNOWLEDGED, "not_armed"):
        return NOT_ARMED
    return told(HEADLINES, result, result.decision.value)


def told(words: Mapping[str, T], result: Result, otherwise: T) -> T:
    """The word for a result: by its reason where that tells more than the decision.

    A reason that is named like a decision is none of these: a run is closed, as `acknowledged`.
    """
    by_decision = words.get(result.decision, otherwise)
    code = result.reason_code
    return by_decision if code in _DECISIONS else words.get(code, by_decision)


def refusing(result: Result) -> tuple[Mapping[str, Any], ...]:
    """The gates that stand in the way."""
    return tuple(gate for gate in result.gates if gate["verdict"] in _REFUSES)


def is_still_paused(result: Result) -> bool:
    """Whether one pause was lifted and another, of which it says how to lift it, still holds."""
    is_lifting = any(step.startswith('{"command": "resume"') for step in result.next_steps)
    return result.decision is Decision.RESUMED and is_lifting


def is_observed(result: Result) -> bool:
    """Whether the pair's mode alone kept the function from acting."""
    return result.decision is Decision.REFUSED and _names(result) == {"mode"}


def is_waiting(result: Result) -> bool:
    """Whether production only has to be down for longer, and it acts by itself then."""
    return _only_has_to_last(result) and _names(result) == {"production_down"}


def acts_at(result: Result) -> str | None:
    """When it fails over by itself if nothing changes: `08:32:07Z`."""
    time = parse_time(result.timings.get("acts_at"))
    return clock_of(time) if time else None


def is_never_by_itself(result: Result) -> bool:
    """Whether the pair's mode keeps the function from acting, whatever else does."""
    return "mode" in _names(result)


def _names(result: Result) -> set[str]:
    return {gate["gate"] for gate in refusing(result)}


def _is_down(result: Result) -> bool:
    """Whether the witnesses say so: then its gate measures seconds."""
    down = (gate for gate in result.gates if gate["gate"] == "production_down")
    return any(isinstance(gate["measured"], int) for gate in down)


def _is_other(result: Result) -> bool:
    """Whether another cluster is production by now: of that one the witnesses do not speak."""
    roles = next((gate for gate in refusing(result) if gate["gate"] == "roles"), {})
    shown, expected = (str(roles.get(name) or "") for name in ("measured", "limit"))
    return bool(roles) and shown.split(" -> ") == expected.split(" -> ")[::-1]


def _only_has_to_last(result: Result) -> bool:
    """Whether all that production lacks is time, as its gate says in seconds."""
    down = [gate for gate in refusing(result) if gate["gate"] == "production_down"]
    is_refused = result.decision is Decision.REFUSED
    return is_refused and any(isinstance(gate["measured"], int) for gate in down)


def _of_refusal(result: Result) -> str:
    if is_observed(result):
        return OBSERVED_NOW
    if _only_has_to_last(result) and _names(result) == {"production_down", "mode"}:
        return OBSERVED_WAITING
    if is_waiting(result) and (at := acts_at(result)):
        return WAITING_UNTIL.format(at=at)
    by_a_person = (result.trigger or {}).get("kind") == "command"
    names = _names(result) - {"mode"}
    more = len(names) - 1 if result.reason_code in names else 0
    others = f" (+{more} more)" if more > 0 else ""
    return f"{NOT_ORDERED if by_a_person else NOT_FAILED_OVER}{_why_not(result)}{others}"


def _why_not(result: Result) -> str:
    code = result.reason_code
    gate = next((gate for gate in refusing(result) if gate["gate"] == code), {})
    if code == "production_down" and isinstance(gate.get("measured"), int):
        return NOT_FOR_LONG_ENOUGH
    words = WHY_UNKNOWN if gate.get("verdict") == "unknown" else WHY_NOT
    return words.get(code, WHY_NOT.get(code, HEADLINES[Decision.REFUSED]))
