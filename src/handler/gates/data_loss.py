"""What a failover would cost: is the standby fit to take over, and how much data is lost."""

from datetime import datetime, timedelta
from typing import Final

from handler.gates.verdict import GateResult, passed, refused, unknown
from handler.gates.witnesses import hear
from handler.model.disaster_recovery import UP
from handler.model.evidence import Situation
from handler.model.quoting import quoted, word
from handler.model.times import CLOCK_TOLERANCE, isoformat, says_zone, seconds

# An earlier start makes the loss look smaller: a mistyped day must not let an order pass.
OUTAGE_AT_MOST: Final = timedelta(days=1)  # ago, that a person can say it began
_UNFIT_DR_STATES: Final = frozenset({"abnormal", "drDeleted", "stopped"})
# All that are documented but READONLY (API reference, ListClusterDetails), however they are spelt.
_WRITABLE: Final = frozenset({
    "NORMAL", "REDISTRIBUTING", "REDISTRIBUTIONFAILURE", "UNBALANCED", "DEGRADED",
})  # fmt: skip
_NO_DASHES: Final = str.maketrans("", "", "-_")


def standby_ready(situation: Situation) -> GateResult:
    """The standby is available, writable once promoted, and its DR side sound."""
    limit, cluster = "AVAILABLE", situation.evidence.standby
    if cluster is None or cluster.status is None:
        fault = situation.evidence.faults.get("standby")
        reason = f"the standby cannot be read ({fault.sentence if fault else 'no status'})"
        return unknown(reason, cause=_unfit(situation), limit=limit, overridable=True)
    shown = situation.evidence.shown
    sides = [one.standby.status for one in situation.evidence.pictures]
    unfit = next((side for side in sides if side in _UNFIT_DR_STATES), None)
    dr_side = unfit or (shown.standby.status if shown else None)
    measured, cause = " ".join([cluster.status, *sorted(cluster.sub_statuses)]), _unfit(situation)
    sub_statuses = set(map(_spelt_alike, cluster.sub_statuses))
    if cluster.status not in UP:
        reason = f"the standby is {word(cluster.status)}"
    elif "READONLY" in sub_statuses:
        reason = "the standby is read-only"
    elif dr_side in _UNFIT_DR_STATES:
        reason = f"the standby's disaster-recovery side is {dr_side}"
    elif dr_side is None or not sub_statuses or sub_statuses - _WRITABLE:
        found = "disaster-recovery side" if dr_side is None else "sub-status"
        reason = f"the standby's {found} is not shown or not known"
        return unknown(reason, cause=cause, measured=measured, limit=limit, overridable=True)
    else:
        return passed("the standby is available", measured=measured, limit=limit)
    return refused(reason, cause=cause, measured=measured, limit=limit, overridable=True)


def _unfit(situation: Situation) -> str:
    """All that is wrong with the standby or is not known of it; the reason names the first."""
    cluster, pictures = situation.evidence.standby, situation.evidence.pictures
    status = (cluster and cluster.status) or "not read"
    sub_statuses = set(map(_spelt_alike, cluster.sub_statuses)) if cluster else set()
    sides = {one.standby.status or "not shown" for one in pictures} or {"not shown"}
    wrong = [
        *({status} - set(UP)),
        *sorted((sub_statuses or {"no sub-status"}) - _WRITABLE),
        *sorted(sides & (_UNFIT_DR_STATES | {"not shown"})),
    ]
    return ", ".join(wrong)


def _spelt_alike(sub_status: str) -> str:
    return sub_status.upper().translate(_NO_DASHES)


def rpo(situation: Situation) -> GateResult:
    """What the standby lacks since the outage began is within what may be lost."""
    limit = situation.pair.max_data_loss_s
    sync = last_sync(situation)
    if sync is None:
        reason = "the standby's last synchronisation is not shown or cannot be read"
        text = _sync_text(situation)
        return unknown(reason, cause="not shown", measured=text, limit=limit, overridable=True)
    newest = situation.evidence.syncs[-1].at
    if newest - situation.now > CLOCK_TOLERANCE:
        reason = f"the last synchronisation lies in the future ({isoformat(newest)}): "
        reason, found = f"{reason}{_why_ahead(situation)}", isoformat(newest)
        return unknown(reason, cause="ahead", measured=found, limit=limit, overridable=True)
    loss_s = max(0, seconds(outage_start(situation) - sync))
    by = ", by the older of list and detail" if newest - sync > CLOCK_TOLERANCE else ""
    reason = f"about {loss_s} s of data would be lost (last synchronised {isoformat(sync)}{by})"
    if loss_s <= limit:
        return passed(reason, measured=loss_s, limit=limit)
    # The loss grows by the second; what it is counted to, the data point, is covered by itself.
    return refused(reason, cause="too much", measured=loss_s, limit=limit, overridable=True)


def _why_ahead(situation: Situation) -> str:
    """What to look at: a time without a zone is read with an offset that somebody has typed."""
    text = _sync_text(situation)
    if text is None or says_zone(text):
        return "check the clock"
    offset = situation.pair.provider_utc_offset
    return f"the provider wrote {quoted(text)}, read with provider_utc_offset {offset}: correct it"


def last_sync(situation: Situation) -> datetime | None:
    """When the standby last finished a synchronisation, by the picture that shows the worse."""
    return next((sync.at for sync in situation.evidence.syncs), None)


def outage_start(situation: Situation) -> datetime:
    """When the outage began, as far as it can be told: nobody writes to a dead production.

    The present stretch of down; else what the alarm or a person says; else now by the clock. When a
    command was asked for says nothing about that.
    """
    observations, trigger = situation.observations, situation.trigger
    if observations.down_since and hear(situation.evidence, observations).says_down:
        return observations.down_since
    alarmed_at = None if trigger.is_command else trigger.occurred_at
    told = (_believable(trigger.outage_began_at, situation), alarmed_at)
    return min(next((time for time in told if time), situation.now), situation.now)


def _believable(began_at: datetime | None, situation: Situation) -> datetime | None:
    """What a person says of the outage's start, unless it would make loss of data disappear.

    An outage before the last synchronisation is none of production; one of days ago is a typo.
    """
    if began_at is None or situation.now - began_at > OUTAGE_AT_MOST:
        return None
    return None if any(began_at < sync.at for sync in situation.evidence.syncs) else began_at


def estimated_data_loss_s(situation: Situation) -> int | None:
    """Seconds of data that a failover now would lose, by the best estimate."""
    return _loss_s(situation, outage_start(situation))


def at_most_data_loss_s(situation: Situation) -> int | None:
    """Seconds of data that a failover now can lose at most: production may still be written to."""
    return _loss_s(situation, situation.now)


def _loss_s(situation: Situation, until: datetime) -> int | None:
    syncs = situation.evidence.syncs
    if not syncs or syncs[-1].at - situation.now > CLOCK_TOLERANCE:
        return None
    return max(0, seconds(until - syncs[0].at))


def _sync_text(situation: Situation) -> str | None:
    """As the provider writes it; what cannot be read, as the first picture shows it."""
    evidence = situation.evidence
    if evidence.syncs:
        return evidence.syncs[-1].text
    return evidence.shown.standby.last_sync_text if evidence.shown else None
