"""What a person does next: a sentence that says what a command does, then the command as JSON.

A command that is pasted as it is printed orders and changes nothing: an order lacks its `confirm`,
which makes it a rehearsal, and the placeholders are refused in every command.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from handler.gates.assess import Assessment, GateResult, Verdict
from handler.model.disaster_recovery import Roles
from handler.model.evidence import Situation
from handler.model.pair import Pair
from handler.model.pair_state import Pause
from handler.model.quoting import quoted
from handler.model.result import Steps
from handler.model.run import Run, RunState
from handler.model.times import clock, isoformat
from handler.notifications.phrases import IF_UNKNOWN, REMEDIES, UNKNOWN_LOSS

# An order, after its `requested_at`: a saved test event must not order again next year.
_MINUTE: Final = timedelta(minutes=1)
GOOD_FOR: Final = timedelta(minutes=30)
NOT_BEFORE: Final = timedelta(minutes=10)  # an acknowledgement after the request: it may show late
SIGNED: Final = {"reason": "<why>", "requested_by": "<who>"}
UNMUTE: Final = "lift the mute if this is an outage: its release counts as a new alarm"
_OR_ORDER: Final = (
    '; to order once more instead: failover with "override": ["hold"] and this run_id'
)
_TO_SIGN: Final = "replace <why> and <who>"
_OF_THE_STACK: Final = (
    "; the first pair's is made from the stack's parameters: change those as well, or the next"
    " deploy undoes it"
)


def failover_command(pair: str, now: datetime, cost: str, **fields: Any) -> Steps:
    """Order the failover.

    Args:
        pair: its name.
        now: from which the command is good for half an hour.
        cost: what is lost.
        fields: the command's further ones; those that are empty are left out.
    """
    given = {name: value for name, value in fields.items() if value}
    aside = f", setting aside {', '.join(given['override'])}" if "override" in given else ""
    sentence = (
        f"orders the failover now{aside}; {cost}; valid until {clock(now + GOOD_FOR)}."
        f' As it stands it orders nothing: add "confirm": "<the pair\'s name>" and {_TO_SIGN}'
    )
    return _steps(sentence, "failover", pair, **SIGNED, requested_at=isoformat(now), **given)


def verify_command(run: Run) -> Steps:
    """Look at a run that is open."""
    sentence = f"looks at once what has become of run {run.run_id}; orders nothing"
    return _about(run, sentence, "verify", run_id=run.run_id)


def acknowledge_command(run: Run, now: datetime | None = None, shown: Roles | None = None) -> Steps:
    """End a run's hold.

    Args:
        run: the one that holds.
        now: if it is not when people were last told of the run.
        shown: the roles that the provider shows by now, if they are others than the run made.
    """
    is_exchanged = run.state is RunState.SUCCEEDED or run.exchanged_since is not None
    roles = shown or (run.roles.exchanged if is_exchanged else run.roles)
    good_from = run.began_at + NOT_BEFORE
    # Refused before that: the order may still show. Whoever reads this later need not know.
    is_early = (now or run.notified_at or run.began_at) < good_from
    when = f"from {clock(good_from)} on: " if is_early else ""
    sentence = f"{when}ends the hold of run {run.run_id}; {_says(roles)}"
    if run.state is RunState.NOT_STARTED:  # inferred: nothing came of it, as far as reads show
        sentence += _OR_ORDER
    fields = {"run_id": run.run_id, "production_cluster_id": roles.production_cluster_id}
    return _about(run, sentence, "acknowledge", **fields, **SIGNED)


def acknowledge_roles_command(pair: str, roles: Roles) -> Steps:
    """Expect the roles that the provider shows."""
    fields = {"production_cluster_id": roles.production_cluster_id}
    sentence = f"ends an open incident, so that nothing is ordered for it; {_says(roles)}"
    return _steps(sentence, "acknowledge", pair, **fields, **SIGNED)


def resume_command(pair: str, pause: Pause) -> Steps:
    """Lift a pause, of a pair or of `*`."""
    sentence = f"lifts the pause of {pair} that {quoted(pause.requested_by)} has set; {_TO_SIGN}"
    return _steps(sentence, "resume", pair, **SIGNED)


def status_command(pair: str) -> Steps:
    """See how the pair stands."""
    return _steps("shows how the pair stands, gate by gate; orders nothing", "status", pair)


def rehearse_command(pair: str) -> Steps:
    """See whether there is a reason to order, and with which command."""
    sentence = "asks every gate now, and gives the command where one is needed; orders nothing"
    return _steps(sentence, "rehearse", pair)


def correct_document(pair: str) -> Steps:
    """Mend a pair's document."""
    return (f"correct the SSM parameter of pair {pair}{_OF_THE_STACK}",)


def correct_secret(pair: Pair) -> Steps:
    """Mend a pair's credentials."""
    return (f"correct the secret {pair.credentials_secret}",)


def _says(roles: Roles) -> str:
    return (
        f"says that {roles.production_cluster_id} is production and {roles.standby_cluster_id} the"
        f" standby (if not, name the other one), and never arms; {_TO_SIGN}"
    )


def _about(run: Run, sentence: str, command: str, **fields: Any) -> Steps:
    """A command about a run, by an id that stays: its pair's name may be another's by now."""
    named = {"disaster_recovery_id": run.disaster_recovery_id, **fields}
    return (sentence, json.dumps({"command": command, **named}))


def _steps(sentence: str, command: str, pair: str, **fields: Any) -> Steps:
    return (sentence, json.dumps({"command": command, "pair": pair, **fields}))


def next_steps_for(assessment: Assessment) -> Steps:
    """For each refusal a way out; the one command, if a person may set aside all that is left.

    There is nothing to order with while waiting is right, nor where a witness says that production
    is up: who ordered then would lose data for nothing.
    """
    if due := fails_over_at(assessment):
        at = f"it fails over by itself at about {clock(due)} if nothing changes"
        return (f"nothing: {at}; pause the pair to stop that",)
    stuck = [
        verdict for verdict in assessment.blocking_a_confirmed_command if not verdict.overridable
    ]
    if stuck:
        steps = [step for verdict in stuck for step in remedy_for(verdict, assessment.situation)]
        return tuple(dict.fromkeys(steps))
    if assessment.has_word_of_life:
        return (f"production_down: {REMEDIES['production_down']}",)
    return _ordering(assessment)


def remedy_for(verdict: GateResult, situation: Situation) -> Steps:
    """What to do about one gate other than to override it."""
    gate, shown = verdict.gate, situation.evidence.shown
    if gate == "hold":
        return hold_ends(situation)
    if gate == "pause":
        return _resuming(situation)
    words = IF_UNKNOWN if verdict.verdict is Verdict.UNKNOWN else REMEDIES
    steps = (f"{gate}: {words[gate]}",)
    if gate == "roles" and shown and shown.roles and not situation.holding:
        return (*steps, *acknowledge_roles_command(situation.pair.name, shown.roles))
    return steps


def hold_ends(situation: Situation) -> Steps:
    """What to do about each run that holds the pair."""
    lost = sorted(situation.holding - {run.run_id for run in situation.held})
    steps = [step for run in situation.held for step in steps_of(run, situation.now)]
    return (*steps, *(f"hold: acknowledge run {id_}, which is no longer stored" for id_ in lost))


def pauses(situation: Situation) -> Mapping[str, Pause]:
    """The pauses that hold, by whom they are of: the pair, or `*`."""
    found = {situation.pair.name: situation.pair_state.pause, "*": situation.fleet.pause}
    return {name: one for name, one in found.items() if one and one.holds(situation.now)}


def fails_over_at(assessment: Assessment) -> datetime | None:
    """When it orders by itself if nothing changes: production only has to be down for longer."""
    situation = assessment.situation
    (first, *others) = assessment.refusing or (None,)
    if first is None or others or situation.trigger.kind == "command":
        return None
    if first.gate != "production_down" or not isinstance(first.measured, int):
        return None
    since = situation.observations.down_since or situation.now
    due = since + timedelta(seconds=situation.pair.production_down_for_s)
    return due.replace(second=0, microsecond=0) + _MINUTE  # reconcile comes every minute


def _ordering(assessment: Assessment) -> Steps:
    situation = assessment.situation
    override = [verdict.gate for verdict in assessment.blocking_a_confirmed_command]
    began_at = situation.trigger.outage_began_at
    return failover_command(
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
    steps = [
        step for name, pause in pauses(situation).items() for step in resume_command(name, pause)
    ]
    return (f"pause: {REMEDIES['pause']}", *steps)


def steps_of(run: Run, now: datetime | None = None) -> Steps:
    """The one next command about a run, if a person has to do something about it."""
    if not run.holds_pair:
        return ()
    is_open = run.is_in_flight and not run.overdue_at
    return verify_command(run) if is_open else acknowledge_command(run, now)
