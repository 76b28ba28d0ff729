"""The ways out of a refusal: what a person can do about it where waiting does not help. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from handler.gates import Assessment, Says, Verdict
from handler.outcome import steps_of
from handler.situation import Situation
from handler.standing import Pause
from handler.steps import Steps, acknowledging_roles, clock, ordering, resuming
from handler.times import isoformat
from handler.words import IF_UNKNOWN, UNKNOWN_LOSS, WAYS_OUT

_MINUTE: Final = timedelta(minutes=1)


def ways_out(assessment: Assessment) -> Steps:
    """For each refusal a way out; the one command, if a person may set aside all that is left.

    There is nothing to order with while waiting is right, nor where a witness says that production
    is up: who ordered then would lose data for nothing.
    """
    if due := fails_over_at(assessment):
        at = f"it fails over by itself at about {clock(due)} if nothing changes"
        return (f"nothing: {at}; pause the pair to stop that",)
    stuck = [verdict for verdict in assessment.left_to_override if not verdict.overridable]
    if stuck:
        steps = [step for verdict in stuck for step in way_out(verdict, assessment.situation)]
        return tuple(dict.fromkeys(steps))
    if assessment.has_word_of_life:
        return (f"production_down: {WAYS_OUT['production_down']}",)
    return _ordering(assessment)


def way_out(verdict: Verdict, situation: Situation) -> Steps:
    """What to do about one gate other than to override it."""
    gate, shown = verdict.gate, situation.evidence.shown
    if gate == "hold":
        return hold_ends(situation)
    if gate == "pause":
        return _resuming(situation)
    words = IF_UNKNOWN if verdict.verdict is Says.UNKNOWN else WAYS_OUT
    steps = (f"{gate}: {words[gate]}",)
    if gate == "roles" and shown and shown.roles and not situation.holding:
        return (*steps, *acknowledging_roles(situation.pair.name, shown.roles))
    return steps


def hold_ends(situation: Situation) -> Steps:
    """What to do about each run that holds the pair."""
    lost = sorted(situation.holding - {run.run_id for run in situation.held})
    steps = [step for run in situation.held for step in steps_of(run, situation.now)]
    return (*steps, *(f"hold: acknowledge run {id_}, which is no longer stored" for id_ in lost))


def pauses(situation: Situation) -> Mapping[str, Pause]:
    """The pauses that hold, by whom they are of: the pair, or `*`."""
    found = {situation.pair.name: situation.standing.pause, "*": situation.fleet.pause}
    return {name: one for name, one in found.items() if one and one.holds(situation.now)}


def fails_over_at(assessment: Assessment) -> datetime | None:
    """When it orders by itself if nothing changes: production only has to be down for longer."""
    situation = assessment.situation
    (first, *others) = assessment.refusing or (None,)
    if first is None or others or situation.trigger.kind == "command":
        return None
    if first.gate != "production_down" or not isinstance(first.measured, int):
        return None
    since = situation.health.down_since or situation.now
    due = since + timedelta(seconds=situation.pair.production_down_for_s)
    return due.replace(second=0, microsecond=0) + _MINUTE  # reconcile comes every minute


def _ordering(assessment: Assessment) -> Steps:
    situation = assessment.situation
    override = [verdict.gate for verdict in assessment.left_to_override]
    began_at = situation.trigger.outage_began_at
    return ordering(
        situation.pair.name,
        situation.now,
        _cost(assessment),
        override=override,
        run_id=situation.held[0].run_id if "hold" in override and situation.held else None,
        evidence=assessment.evidence,
        outage_began_at=isoformat(began_at) if began_at else None,
    )


def _cost(assessment: Assessment) -> str:
    most, limit = assessment.at_most_data_loss_s, assessment.situation.pair.max_data_loss_s
    if most is None:
        return f"how much data is lost is unknown: {UNKNOWN_LOSS}"
    return f"up to {most:,} s of data are lost, the limit is {limit:,} s"


def _resuming(situation: Situation) -> Steps:
    """Every pause that holds has to be lifted."""
    steps = [step for name, pause in pauses(situation).items() for step in resuming(name, pause)]
    return (f"pause: {WAYS_OUT['pause']}", *steps)
