"""The brakes: mode, pause, hold, rate limit, arming. What people and past runs have decided."""

from datetime import datetime
from typing import Final

from handler.gates.data_loss import last_sync
from handler.gates.verdict import UNLEARNED, GateResult, passed, refused
from handler.model.evidence import Situation
from handler.model.pair_state import Pause
from handler.model.quoting import quoted, word
from handler.model.run import Run, RunState
from handler.model.times import isoformat


def mode(situation: Situation) -> GateResult:
    """Acts by itself only where the pair says so; a confirmed command acts in either mode."""
    found = situation.pair.mode
    if situation.trigger.is_confirmed:
        return passed(f"{found}; a confirmed command acts in either mode", measured=found)
    if found == "automatic":
        return passed("the pair is to be failed over automatically", measured=found)
    reason = "the pair is only observed; a confirmed command acts in either mode"
    return refused(reason, cause=found, measured=found, limit="automatic")


def pause(situation: Situation) -> GateResult:
    """Neither the pair nor all pairs are paused."""
    for who, found in (("the pair", situation.pair_state.pause), ("*", situation.fleet.pause)):
        if found is not None and found.holds(situation.now):
            return _paused(who, found)
    return passed("neither the pair nor * is paused")


def hold(situation: Situation) -> GateResult:
    """No earlier run still waits for a person, of all that were or may have been accepted."""
    holding = sorted(situation.holding)
    if not holding:
        return passed("no unacknowledged run")
    states = {run.run_id: run.state.value for run in situation.held}
    named = ", ".join(f"{run_id} ({states.get(run_id, 'not stored')})" for run_id in holding)
    reason = f"held by {named}: it was or may have been accepted; {_ends_hold(situation)}"
    measured = ", ".join(holding)
    if not _may_be_overridden(situation):
        return refused(reason, cause=named, measured=measured)
    trigger = situation.trigger
    if "hold" in trigger.override and trigger.run_id not in holding:
        reason = f"{reason}, or name its run_id beside the override"
        return refused(reason, cause=named, measured=measured)
    return refused(reason, cause=named, measured=measured, overridable=True)


def _ends_hold(situation: Situation) -> str:
    """To acknowledge what is on its way would only hide it from whoever orders next."""
    if any(run.is_in_flight and not run.overdue_at for run in situation.held):
        return "wait until it is settled, and do not order again"
    return "acknowledge it"


def _may_be_overridden(situation: Situation) -> bool:
    """Only one that reads found untouched, and only if it is the one that holds."""
    if not len(situation.holding) == len(situation.held) == 1:
        return False
    return situation.held[0].state is RunState.NOT_STARTED


def rate_limit(situation: Situation) -> GateResult:
    """Alarms may not fail over more pairs an hour than the deployment allows."""
    limit = situation.max_failovers_per_hour
    recent = situation.fleet.recent_claims(situation.now)
    count = len(set(recent) - _tried_again(situation))
    if situation.trigger.is_confirmed:
        return passed("commands are not limited", measured=count, limit=limit)
    if count < limit:
        reason = f"{count} pairs were failed over by alarms in the last hour"
        return passed(reason, measured=count, limit=limit)
    reason = f"{count} pairs were failed over by alarms in the last hour: a person looks"
    return refused(reason, cause="too many", measured=count, limit=limit, overridable=True)


def _tried_again(situation: Situation) -> set[str]:
    """An order that started nothing is tried again: that is no other failover."""
    is_retry = situation.run is None or situation.run.never_started
    return {situation.pair.disaster_recovery_id} if is_retry else set()


def armed(situation: Situation) -> GateResult:
    """Disaster recovery has been at work since the roles last changed."""
    pair_state = situation.pair_state
    if pair_state.armed:
        return passed(f"synchronised since {_since(pair_state.roles_since)}")
    if pair_state.roles is None:
        progress = situation.observations.progress
        reason = f"{UNLEARNED} ({progress}); the first synchronisation after that arms the pair"
        return refused(reason, cause="unlearned", overridable=True)
    may_override = pair_state.roles_changed_by in ("learned", "acknowledged")
    reason = "; ".join([_waits_for(situation), *map(may_come, situation.unsettled)])
    return refused(reason, cause=_unarmed_by(situation), overridable=may_override)


def _unarmed_by(situation: Situation) -> str:
    """By which change it is not armed, and what may still come: not what it waits for."""
    pair_state = situation.pair_state
    change = f"{pair_state.roles_changed_by} {_since(pair_state.roles_since)}"
    return ", ".join([change, *(run.run_id for run in situation.unsettled)])


def may_come(run: Run) -> str:
    """That a run which a person is done with may not be over."""
    until = isoformat(run.may_show_until)
    return f"the order of run {run.run_id} may still be executed until {until}"


# Whose doing the present roles are, as what a synchronisation must follow.
_AFTER: Final = {
    "learned": "the roles were learned",
    "acknowledged": "a person acknowledged the roles",
    "succeeded": "the failover's roles were confirmed",
}


def _waits_for(situation: Situation) -> str:
    """What a pair that is not armed waits for, after what, and when it was there last."""
    pair_state, shown = situation.pair_state, situation.evidence.shown
    change = _AFTER.get(pair_state.roles_changed_by, "the roles changed")
    after = f"after {change} ({_since(pair_state.roles_since)})"
    if shown and shown.status != "running":
        status = word(shown.status or "not shown")
        return f"disaster recovery is {status}: it must run, and finish a synchronisation {after}"
    sync, period_s = last_sync(situation), shown.sync_period_s if shown else None
    since = pair_state.roles_since
    if sync and since and since < sync:
        return (
            f"synchronised at {isoformat(sync)}, {after}: the next check that finds it running with"
            " these roles arms the pair"
        )
    last = f"; the last one was finished at {isoformat(sync)}" if sync else ""
    due = f", one is due every {period_s} s" if last and period_s else ""
    return f"waiting for the standby's next synchronisation {after}{last}{due}"


def _paused(who: str, found: Pause) -> GateResult:
    until = isoformat(found.ends_at)
    by, why = quoted(found.requested_by), quoted(found.reason)
    reason = f"{who} is paused until {until} by {by}: {why}"
    return refused(reason, cause=who, measured=until)


def _since(time: datetime | None) -> str:
    return isoformat(time) if time else "never"
