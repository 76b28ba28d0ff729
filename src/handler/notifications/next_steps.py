"""What a person does next: a sentence that says what a command does, then the command as JSON.

A command that is pasted as it is printed orders and changes nothing: an order lacks its `confirm`,
which makes it a rehearsal, and the placeholders are refused in every command. `failoverctl` asks
for what is missing.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from handler.gates.assess import Assessment, GateResult, Verdict
from handler.gates.brakes import may_come
from handler.gates.witnesses import hear, lasts_until, only_has_to_last
from handler.model.disaster_recovery import Roles
from handler.model.evidence import Cause, Situation
from handler.model.notice import Severity
from handler.model.pair import Pair
from handler.model.pair_state import Pause
from handler.model.quoting import quoted, word
from handler.model.result import IN_JSON, Result, Steps
from handler.model.run import Run, RunState
from handler.model.times import clock, clock_from, clock_of, isoformat
from handler.notifications.phrases import IF_UNKNOWN, IN_THE_LIST, REMEDIES, TO_DO, UNKNOWN_LOSS
from handler.notifications.rearming import to_arm

# An order, after its `requested_at`: a saved test event must not order again next year.
GOOD_FOR: Final = timedelta(minutes=30)
NOT_BEFORE: Final = timedelta(minutes=10)  # an acknowledgement after the request: it may show late
SIGNED: Final = {"reason": "<why>", "requested_by": "<who>"}
UNMUTE: Final = (
    "lift the mute if this is an outage: its release counts as a new alarm. Where there is no such"
    " alarm any more, order by hand"
)
_IN_CTS: Final = "(CTS: failoverDisasterRecoveryAction)"  # where the provider traces each order
_IF_LOST: Final = (
    f"if production is still down, and the provider's console shows no order {_IN_CTS}, "
)
_ENDS: Final = "an open incident ends with it, and nothing more is tried for that outage"
_THEN_ORDER: Final = (
    "then: to ask every gate again, and get the command that orders (orders nothing)"
)
_TO_SIGN: Final = f"{IN_JSON}replace <why> and <who>"
LOOK_FOR_IT: Final = (
    f"see in the provider's console whether the order waits there {_IN_CTS}, and have the provider"
    " say what it waits for; never order again while it may"
)
PAUSED_FOR: Final = timedelta(hours=1)  # long enough to look, and to resume by hand
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
        f"to fail over now{aside} ({cost}): failoverctl asks for the pair's name and the reason"
        f'{IN_JSON}add "confirm": "<the pair\'s name>", and replace <why> and <who>;'
        f" it orders nothing as it stands, and is good until {clock(now + GOOD_FOR)}"
    )
    return _steps(sentence, "failover", pair, **SIGNED, requested_at=isoformat(now), **given)


def order_again_command(run: Run, now: datetime | None = None) -> Steps:
    """Order once more beside a run of which, as far as reads show, nothing came.

    It sets aside that hold alone: every other gate is asked, whether production is down before all.
    """
    asked_at, fields = now or run.notified_at or run.began_at, {"run_id": run.run_id}
    cost = "the answer says what would be lost"
    order, command = failover_command(run.pair, asked_at, cost, override=["hold"], **fields)
    return (f"{_IF_LOST}{order}", command)


def verify_command(run: Run) -> Steps:
    """Look at a run that is open."""
    sentence = f"to see at once what has become of run {run.run_id} (orders nothing)"
    return _about(run, sentence, "verify", run_id=run.run_id)


def acknowledge_command(run: Run, now: datetime | None = None, shown: Roles | None = None) -> Steps:
    """End a run's hold.

    Args:
        run: the one that holds.
        now: if it is not when people were last told of the run.
        shown: the roles that the provider shows by now, if they are others than the run made.
    """
    is_seen = run.exchanged_since is not None or run.new_down_since is not None
    is_exchanged = run.state is RunState.SUCCEEDED or is_seen
    roles = shown or (run.roles.exchanged if is_exchanged else run.roles)
    good_from = run.began_at + NOT_BEFORE
    # Refused before that: the order may still show. Whoever reads this later need not know.
    is_early = (now or run.notified_at or run.began_at) < good_from
    when = f"from {clock_from(good_from)} on: " if is_early else ""
    but = ", though its order may still be executed" if run.is_in_flight else ""
    sentence = f"{when}to end the hold of run {run.run_id}{but} ({_ENDS}); {_says(roles)}"
    fields = {"run_id": run.run_id, "production_cluster_id": roles.production_cluster_id}
    return _about(run, sentence, "acknowledge", **fields, **SIGNED)


def acknowledge_former_command(pair: str, run_id: str, roles: Roles) -> Steps:
    """End the hold of a run that the pair's name had under another disaster-recovery id."""
    fields = {"run_id": run_id, "production_cluster_id": roles.production_cluster_id}
    sentence = f"to end the hold of run {run_id}; {_says(roles)}"
    return _steps(sentence, "acknowledge", pair, **fields, **SIGNED)


def acknowledge_roles_command(pair: str, roles: Roles, expected: Roles | None) -> Steps:
    """Expect the roles that the provider shows; who only confirms them ends no incident."""
    fields = {"production_cluster_id": roles.production_cluster_id}
    ends = "an open incident goes on" if roles == expected else "an open incident ends with it"
    sentence = f"to expect these roles ({ends}); {_says(roles)}"
    return _steps(sentence, "acknowledge", pair, **fields, **SIGNED)


def pause_command(pair: str, now: datetime) -> Steps:
    """Stop what would be ordered by itself."""
    until = now + PAUSED_FOR
    sentence = f"to stop that: nothing is failed over until {clock(until)}{_TO_SIGN}"
    return _steps(sentence, "pause", pair, until=isoformat(until), **SIGNED)


def resume_command(pair: str, pause: Pause) -> Steps:
    """Lift a pause, of a pair or of `*`: this one, and none that is set after it."""
    sentence = f"to lift the pause of {pair} that {quoted(pause.requested_by)} has set{_TO_SIGN}"
    # To the microsecond: two people may pause in one second.
    named = {"paused_at": pause.paused_at.isoformat()} if pause.paused_at else {}
    return _steps(sentence, "resume", pair, **named, **SIGNED)


def status_command(pair: str) -> Steps:
    """See how the pair stands."""
    return _steps("to see how the pair stands, gate by gate (orders nothing)", "status", pair)


def rehearse_command(pair: str) -> Steps:
    """See whether there is a reason to order, and with which command."""
    sentence = "to ask every gate now, and get the command if one is needed (orders nothing)"
    return _steps(sentence, "rehearse", pair)


def correct_document(pair: str) -> Steps:
    """Mend a pair's document."""
    return (f"correct the SSM parameter of pair {pair}{_OF_THE_STACK}",)


def restore_document(pair: str) -> Steps:
    """Put a document back that is gone, or retire its pair on purpose."""
    retire = (
        'to retire the pair instead: put it back with "mode": "observe" and "alarms": [], wait for'
        " two minutes, and remove it again"
    )
    return (f"put the SSM parameter of pair {pair} back{_OF_THE_STACK}", retire)


def correct_secret(pair: Pair) -> Steps:
    """Mend a pair's credentials."""
    return (f"correct the secret {word(pair.credentials_secret)}",)


def steps_for_nobody(result: Result, level: Severity) -> Steps:
    """Where whoever decided gave no step, and a person may have to do something all the same."""
    if level is Severity.INFO:
        return ()
    named = TO_DO.get(result.reason_code)
    return (*((named,) if named else ()), *(status_command(result.pair) if result.pair else ()))


def _says(roles: Roles) -> str:
    return (
        f"it says that {roles.production_cluster_id} is production and {roles.standby_cluster_id}"
        f" the standby (if not, name the other one), and never arms{_TO_SIGN}"
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
    is up: who ordered then would lose data for nothing. Nor where none says that it is down: two
    reads that fail say nothing of the pair.
    """
    now = assessment.situation.now
    if due := fails_over_at(assessment):
        at = f"it fails over by itself at about {clock_of(due)} if nothing changes"
        return (f"nothing to do: {at}", *pause_command(assessment.situation.pair.name, now))
    stuck = [
        verdict for verdict in assessment.blocking_a_confirmed_command if not verdict.overridable
    ]
    if stuck:
        steps = [step for verdict in stuck for step in remedy_for(verdict, assessment.situation)]
        return tuple(dict.fromkeys(steps))
    if assessment.situation.unsettled:
        return _arming(assessment.situation)
    if assessment.has_word_of_life:
        return (f"production_down: {REMEDIES['production_down']}",)
    if not assessment.is_called_down:
        return _looking(assessment)
    return _ordering(assessment)


def _arming(situation: Situation) -> Steps:
    """No second order to paste while a first one that nothing has settled may be executed."""
    if not situation.unsettled:
        return _to_be_listed(situation) or (f"armed: {to_arm(situation)}",)
    run = situation.unsettled[0]
    see = _WHOSE_FAILED if run.state is RunState.FAILED else _WHETHER_TAKEN
    look = (
        f"armed: {may_come(run)}, and a second one could lose data for good. See in the provider's"
        f" console {see}, order by hand, naming armed besides what else refuses"
    )
    return (look, *verify_command(run))


_WHETHER_TAKEN: Final = f"whether it was taken {_IN_CTS}. Only if it was not"
_WHOSE_FAILED: Final = (
    "whose order failed (CTS shows each as failoverDisasterRecoveryAction). Only if it was this"
    " one and no other waits"
)


def _looking(assessment: Assessment) -> Steps:
    """What to look at, production first, while nobody has seen it down."""
    blocking = assessment.blocking_a_confirmed_command
    first = sorted(blocking, key=lambda one: one.gate != "production_down")
    steps = [step for one in first for step in remedy_for(one, assessment.situation)]
    return tuple(dict.fromkeys(steps))


def remedy_for(verdict: GateResult, situation: Situation) -> Steps:
    """What to do about one gate other than to override it."""
    gate, shown = verdict.gate, situation.evidence.shown
    if gate == "hold":
        return hold_ends(situation)
    if gate == "pause":
        return _resuming(situation)
    if gate == "armed":
        return _arming(situation)
    if gate == "roles" and situation.pair_state.roles is None and shown and shown.roles:
        return _teaching(situation, shown.roles)
    words = IF_UNKNOWN if verdict.verdict is Verdict.UNKNOWN else REMEDIES
    steps = (f"{gate}: {words[gate]}",)
    if gate == "roles" and shown and shown.roles and not situation.holding:
        expected = situation.pair_state.roles
        return (*steps, *acknowledge_roles_command(situation.pair.name, shown.roles, expected))
    return steps


def _teaching(situation: Situation, roles: Roles) -> Steps:
    """Roles that are not known yet: health teaches them; where there is none, a person does."""
    testimony = hear(situation.evidence, situation.observations)
    if all(one.status == "running" for one in situation.evidence.pictures) and not (
        testimony.says_down
    ):
        if unlisted := _to_be_listed(situation):
            return unlisted
        progress = situation.observations.progress
        return (f"roles: nothing, three healthy checks teach them by themselves ({progress})",)
    fields = {"production_cluster_id": roles.production_cluster_id}
    sentence = (
        "roles: say which cluster is production, as there is no health to learn it from;"
        f" an open incident goes on; {_says(roles)}"
    )
    name = situation.pair.name
    teach = _steps(sentence, "acknowledge", name, **fields, **SIGNED)
    return (*teach, *_steps(_THEN_ORDER, "rehearse", name))


def _to_be_listed(situation: Situation) -> Steps:
    """What to look at where the list does not show the pair: no check counts without it."""
    listed = situation.evidence.faults.get("list")
    is_missing = listed is not None and listed.cause is Cause.NOT_LISTED
    return (IN_THE_LIST,) if is_missing and situation.evidence.detail else ()


def hold_ends(situation: Situation) -> Steps:
    """What to do about each run that holds the pair; no order where none would be taken."""
    lost = sorted(situation.holding - {run.run_id for run in situation.held})
    is_alone, now = len(situation.holding) == 1, situation.now
    may = is_alone and hear(situation.evidence, situation.observations).says_down
    steps = [step for run in situation.held for step in steps_of(run, now, may_order=may)]
    return (
        *steps,
        *(f"hold: acknowledge run {id_}, which is not stored under this id" for id_ in lost),
    )


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
    if not only_has_to_last(first):
        return None
    return lasts_until(situation.observations, situation.pair)


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


def steps_of(run: Run, now: datetime | None = None, *, may_order: bool = True) -> Steps:
    """The next command about a run, if a person has to do something about it.

    Of one that is inferred not to have started there are two. What fails over comes first: who
    acknowledges in the outage ends what pursues it.
    """
    if not run.holds_pair:
        return ()
    is_open = run.is_in_flight and not run.overdue_at
    is_lost = run.state is RunState.NOT_STARTED  # inferred: it holds
    again = order_again_command(run, now) if is_lost and may_order else ()
    command = verify_command(run) if is_open else (*again, *acknowledge_command(run, now))
    return (*decide_between(run.roles), *command) if run.new_down_since else command


def decide_between(before: Roles) -> Steps:
    """With both clusters down nothing may be wiped; the roles are those of before the failover."""
    return (_NEITHER.format(old=before.production_cluster_id),)


_NEITHER: Final = (
    "decide with the data's owners which of the two takes the writes, and have the provider help;"
    " leave disaster recovery as it is: re-established, it wipes {old}"
)
