"""What a look at the provider means for a run. Pure: a run and a sighting become a run.

A status never proves success: after an exception switchover a pair rests in `abnormal` (user guide,
DR management). Only the run's own two clusters with their roles exchanged do, seen twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from handler.failover.seen import reason_of
from handler.gates.eligibility import READY_STATES
from handler.model.disaster_recovery import DEAD, UP, Cluster, DisasterRecovery, Event
from handler.model.evidence import Evidence
from handler.model.pair_state import PairRecord, PairState
from handler.model.run import TRANSITIONS, Run, RunEvent, RunState
from handler.model.times import CLOCK_TOLERANCE, isoformat

# Past its invocation's deadline, for clocks that differ: a run that is still being sent must not be
# settled by anyone else.
ABANDONED_AFTER: Final = timedelta(seconds=60)
# One read may be of a moment in between, or of a picture that lags: two agree on what lasts.
PROVED_AFTER: Final = timedelta(seconds=30)
# That nothing happened is never proved, only inferred: long enough for an order that was queued to
# show, and often enough that no single stale answer decides it. It holds the pair all the same.
UNTOUCHED_FOR: Final = timedelta(seconds=900)
UNTOUCHED_READS: Final = 5
# The provider writes the times of its events in whole milliseconds.
_EVENTS_ARE_CUT: Final = timedelta(milliseconds=1)
_BEGUN: Final = "beginFailoverDisasterRecovery"
_FAILED: Final = "failoverDisasterRecoveryFail"


@dataclass(frozen=True)
class Sighting:
    """What one look at the provider showed; what could not be read is None or empty.

    `item` is the pair in the list. Only the detail proves anything, either one can raise a doubt.
    How the `production` of before is, and whether its `probe` connects, says nothing of the run.
    """

    at: datetime
    detail: DisasterRecovery | None = None
    item: DisasterRecovery | None = None
    new_production: Cluster | None = None
    events: tuple[Event, ...] = ()
    production: Cluster | None = None
    probe: bool | None = None

    def evidence(self, run: Run, probe_address: str | None) -> Evidence:
        """The same as evidence about the production that the run was claimed for."""
        return Evidence(
            self.at,
            run.roles.production_cluster_id,
            detail=self.detail,
            item=self.item,
            production=self.production,
            probe=self.probe,
            probe_address=probe_address,
        )


class RolesSeen(Enum):
    """How a detail looks from a run's point of view; `DOWN`: exchanged, and down all the same."""

    NOTHING = auto()
    SWITCHING = auto()
    EXCHANGED = auto()
    DOWN = auto()
    UNTOUCHED = auto()
    OTHER = auto()


def is_watched(run: Run, pair_state: PairState, now: datetime) -> bool:
    """Whether a look at the provider may still change this run.

    One that has ended is watched for a late order for a day, unless it was proved, or a person has
    set other roles since, or disaster recovery has been at work again since it was acknowledged.
    """
    if run.is_in_flight or run.state is RunState.SUCCEEDED:
        return run.is_in_flight
    if run.answer is RunEvent.NOT_SENT:
        return False  # no byte of it has left: whatever is seen is somebody else's doing
    is_past = now > run.may_show_until or pair_state.roles != run.roles
    return not is_past and not (run.acknowledged_at and pair_state.armed)


def watched(record: PairRecord, now: datetime) -> tuple[Run, ...]:
    """The run that is over, but may still be executed late: none while another is in flight.

    What is seen late is one order's doing: rather that of one that may have been accepted than of
    one that was refused, and of those the newest one's. What one was proved to have done is that of
    no other that was claimed before it was seen.
    """
    runs = {run.run_id: run for run in (*record.runs, *record.held)}
    done = [run for run in runs.values() if run.state is RunState.SUCCEEDED]
    proved = [run.ended_at or run.claimed_at for run in done]
    late = [
        run
        for run in runs.values()
        if is_watched(run, record.pair_state, now) and all(run.claimed_at > at for at in proved)
    ]
    if record.in_flight or not late:
        return ()
    return (max(late, key=lambda run: (not run.never_started, run.claimed_at)),)


def new_production_down(record: PairRecord, evidence: Evidence) -> Run | None:
    """The run whose new production is down, while nobody has acknowledged it.

    The old one may be the only live copy until disaster recovery has run again; after that, another
    outage is an ordinary one.
    """
    proved_first = sorted(record.held, key=lambda run: run is not record.proved)
    return next((run for run in proved_first if _has_lost_both(run, record, evidence)), None)


def _has_lost_both(run: Run, record: PairRecord, evidence: Evidence) -> bool:
    """Whether a run has exchanged the roles, by proof or as is shown, and that is down, too."""
    if record.has_recovered_since(run):
        return False
    new = evidence.cluster(run.roles.standby_cluster_id)
    if run is record.proved:
        return new is not None and new.status == DEAD
    seen = Sighting(evidence.read_at, evidence.detail, evidence.item, new_production=new)
    return look(run, seen) is RolesSeen.DOWN


def settle(run: Run, seen: Sighting) -> Run:
    """The run after a look: what it showed, and at most one transition of the table."""
    if run.state is RunState.SUBMITTING:
        return _abandoned(run, seen.at)
    shows = look(run, seen)
    noted = _noted(run, seen, shows)
    event = _event(noted, seen, shows)
    if event is None or event not in TRANSITIONS[run.state]:
        return noted
    return noted.after(event, seen.at, reason=reason_of(noted, event))


def look(run: Run, seen: Sighting) -> RolesSeen:
    """Compare the pair with the clusters that the run was claimed for."""
    detail, item = seen.detail, seen.item
    if any(shown.is_switching for shown in (detail, item) if shown):
        return RolesSeen.SWITCHING
    if detail is None:
        return RolesSeen.NOTHING
    words = _words(run.role_words, detail)
    if detail.roles == run.roles.exchanged:
        return RolesSeen.OTHER if words is RolesSeen.UNTOUCHED else _exchanged(seen)
    if detail.roles != run.roles:
        return RolesSeen.OTHER
    if words is RolesSeen.EXCHANGED:
        return _exchanged(seen)
    # A list that shows something else is reason enough not to say that nothing has happened.
    agrees = item is None or item.roles in (None, run.roles)
    return (
        RolesSeen.UNTOUCHED if agrees and words in (None, RolesSeen.UNTOUCHED) else RolesSeen.OTHER
    )


def has_begun(run: Run, seen: Sighting) -> bool:
    """Whether the provider's events tell that a failover has begun since this run's order."""
    return _told(run, seen) is RunEvent.TOLD_BEGUN


def mark_overdue(run: Run, now: datetime, deadline_s: int) -> Run:
    """The run, flagged once it has been open for longer than its pair allows."""
    is_late = run.is_in_flight and now - run.began_at > timedelta(seconds=deadline_s)
    return replace(run, overdue_at=now) if is_late and run.overdue_at is None else run


def _abandoned(run: Run, now: datetime) -> Run:
    if now <= run.deadline_at + ABANDONED_AFTER:
        return run
    reason = (
        f"its invocation ended by {isoformat(run.deadline_at)} without an outcome:"
        " the request may have left"
    )
    return run.after(RunEvent.ABANDONED, now, reason=reason)


def _noted(run: Run, seen: Sighting, shows: RolesSeen) -> Run:
    """Begin, continue or end the stretches; a look that shows nothing leaves them as they are."""
    if shows is RolesSeen.NOTHING:
        return run
    is_untouched = shows is RolesSeen.UNTOUCHED and _is_quiet(seen)
    is_exchanged = shows is RolesSeen.EXCHANGED
    return replace(
        run,
        seen_at=seen.at,
        switching_at=run.switching_at or (seen.at if shows is RolesSeen.SWITCHING else None),
        exchanged_since=(run.exchanged_since or seen.at) if is_exchanged else None,
        new_down_since=(run.new_down_since or seen.at) if shows is RolesSeen.DOWN else None,
        untouched_since=(run.untouched_since or seen.at) if is_untouched else None,
        untouched_reads=run.untouched_reads + 1 if is_untouched else 0,
        last_sync=_newest_sync(run, seen) if is_untouched else run.last_sync,
    )


def _is_quiet(seen: Sighting) -> bool:
    """Whether nothing can be under way: a word that is not documented may be one for a switch."""
    return all(one.status in READY_STATES for one in (seen.detail, seen.item) if one)


def _newest_sync(run: Run, seen: Sighting) -> datetime | None:
    """A synchronisation that was finished before the switch is not lost."""
    shown = seen.detail.standby.last_sync if seen.detail else None
    if shown is None or shown - seen.at > CLOCK_TOLERANCE:
        return run.last_sync
    return max(shown, run.last_sync or shown)


def _event(run: Run, seen: Sighting, shows: RolesSeen) -> RunEvent | None:
    if shows is RolesSeen.SWITCHING:
        return RunEvent.SEEN_SWITCHING
    if shows is RolesSeen.EXCHANGED:
        is_proved = run.exchanged_since and seen.at - run.exchanged_since >= PROVED_AFTER
        return RunEvent.SEEN_EXCHANGED if is_proved else None
    told = _told(run, seen)
    if told is RunEvent.TOLD_FAILED and shows is not RolesSeen.UNTOUCHED:
        return None
    return told or (RunEvent.SEEN_UNTOUCHED if _is_untouched_for_long(run, seen, shows) else None)


def _is_untouched_for_long(run: Run, seen: Sighting, shows: RolesSeen) -> bool:
    if shows is not RolesSeen.UNTOUCHED or run.has_2xx or run.untouched_since is None:
        return False
    is_long = seen.at - run.untouched_since >= UNTOUCHED_FOR
    return is_long and run.untouched_reads >= UNTOUCHED_READS


def _told(run: Run, seen: Sighting) -> RunEvent | None:
    """What the provider's own events say became of an order since this one left, or has ended."""
    since = run.ended_at or run.began_at
    names = [event.name for event in seen.events if event.at > since - _EVENTS_ARE_CUT]
    about = [name for name in names if name in (_BEGUN, _FAILED)]
    if not about:
        return None
    return RunEvent.TOLD_FAILED if _have_all_failed(about) else RunEvent.TOLD_BEGUN


def _have_all_failed(names: list[str]) -> bool:
    """Whether no failover that has begun is left: no event says whose order it is about."""
    return names[-1] == _FAILED and names.count(_FAILED) >= names.count(_BEGUN)


def _words(before: Mapping[str, str], detail: DisasterRecovery) -> RolesSeen | None:
    """What the role words say about it by themselves; None if they say nothing."""
    now = {one.id: one.role for one in (detail.primary, detail.standby) if one.id and one.role}
    if len(set(before.values())) < len(before) or not before or set(now) != set(before):
        return None
    if now == before:
        return RolesSeen.UNTOUCHED
    first, second = before
    is_exchanged = (now[first], now[second]) == (before[second], before[first])
    return RolesSeen.EXCHANGED if is_exchanged else RolesSeen.OTHER


def _exchanged(seen: Sighting) -> RolesSeen:
    """What exchanged roles are worth: the new production serves, or cannot be read, or is down."""
    status = seen.new_production.status if seen.new_production else None
    if status == DEAD:
        return RolesSeen.DOWN
    return RolesSeen.EXCHANGED if status in (None, *UP) else RolesSeen.OTHER
