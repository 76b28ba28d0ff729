"""What the table knows of a pair, and what of it is open; and the brakes over all pairs. Pure.

A pair's state changes only on purpose and carries the revision that a claim depends on. What was
observed may change every minute without disturbing a claim.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from handler.model.disaster_recovery import Roles
from handler.model.incident import Incident
from handler.model.likeness import Likeness
from handler.model.roles_before import RolesBefore
from handler.model.run import Run, RunState
from handler.model.sight import Sight

RATE_WINDOW: Final = timedelta(hours=1)  # of `MaxFailoversPerHour`
# A brake that was forgotten, or whose stored end is damaged, must not hold for ever.
LONGEST_PAUSE: Final = timedelta(days=30)
# As many as one mute rule names, and as one call reads, every minute; and a pair's item stays far
# below DynamoDB's 400 KB.
MOST_MUTED: Final = 100
# What is expected decides who is failed over: a single picture in the middle of a switch must not.
HEALTHY_CHECKS: Final = 3


@dataclass(frozen=True)
class Pause:
    """A person's brake.

    Attributes:
        until: its end as asked for, or when it was lifted.
        reason: why, in that person's words.
        requested_by: who.
        paused_at: when it was set; None where the item does not say: it then holds until lifted.
    """

    until: datetime
    reason: str
    requested_by: str
    paused_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """Its end; no later than a person can have asked for, whatever the table says."""
        return min(self.until, self.paused_at + LONGEST_PAUSE) if self.paused_at else self.until

    def holds(self, now: datetime) -> bool:
        """Whether it is not over."""
        return now < self.ends_at


@dataclass(frozen=True)
class PairState:
    """A pair's expected roles, whether it is armed, its brake, and the runs that hold it.

    Attributes:
        revision: every claim depends on it, and each transition of a run changes it; 0 where
            nothing is stored yet.
        roles: the expected ones; None until they are learned or acknowledged.
        roles_since: since when; None as long as they are.
        roles_changed_by: `learned`, `acknowledged`, `succeeded` (a run of ours) or `other`.
        armed: whether disaster recovery was seen to work since the roles last changed.
        armed_since: the synchronisation that showed it; None if there was none, or before this was
            noted.
        run_id: the last run, as claims and reconcile name it; None if there was none.
        holding: the ids of all runs that were or may have been accepted and that no person has
            acknowledged.
        pause: the last brake, which may be over; None if there never was one.
        muted: the alarms in ALARM that someone has muted, by the key of their part; they change at
            any time, and no revision with them.
        more_are_muted: whether there were more than that takes, since it was empty last.
        before_word: what a person's word has replaced that the provider has not been seen to bear
            out; a correction brings it back. None if there is nothing of that kind.
    """

    revision: int = 0
    roles: Roles | None = None
    roles_since: datetime | None = None
    roles_changed_by: str = "learned"
    armed: bool = False
    armed_since: datetime | None = None
    run_id: str | None = None
    holding: frozenset[str] = frozenset()
    pause: Pause | None = None
    muted: frozenset[str] = frozenset()
    more_are_muted: bool = False
    before_word: RolesBefore | None = None

    @property
    def has_muted(self) -> bool:
        """Whether an alarm of the pair is in ALARM and muted."""
        return bool(self.muted) or self.more_are_muted

    @property
    def takes_mutes(self) -> bool:
        """Whether another alarm can be kept as muted."""
        return len(self.muted) < MOST_MUTED

    @property
    def mutes_sentence(self) -> str:
        """How many are muted, and what that means."""
        more = "more than " if self.more_are_muted else ""
        if len(self.muted) == 1 and not more:
            return "1 alarm in ALARM orders nothing"
        return f"{more}{len(self.muted)} alarms in ALARM order nothing"


@dataclass(frozen=True)
class Observations:
    """What reads have shown, by cluster id where it concerns one cluster.

    Attributes:
        revision: of the stored ones; 0 where nothing is stored yet.
        looked_at: when the newest look was made that is in them; None before the first.
        first_checked_at: the first full check ever; None before it.
        checked_at: the last full check; None before the first.
        unreadable_times: consecutive full checks in which the detail could not be read.
        up_times: consecutive checks in an incident that found production up, a minute apart.
        up_counted_at: the last of them; None if there is none.
        lone_witness_since: when one witness alone turned down; None if none has.
        odd_roles_since: when the provider began to show roles that nothing explains; None if it
            shows none.
        old_back_since: when the production of before the last failover began to answer again;
            None if it does not.
        new_down_since: when the production that the last failover made was seen to be down; None
            if it is not.
        faults: what people must correct of the pair, by its key, with since when it is so.
        introduced_at: when people were told that the pair is watched; None if they never were.
        is_ready: what people were last told about readiness; None before the first time.
        ready_notified_at: when they were told.
        unready_gates: the gates that they were told of since readiness was lost.
        down_of: the cluster of the present stretch of *down*; None if there is none.
        down_since: when that stretch began.
        down_seen_at: the last check that belongs to it.
        agreed_roles: those that list and detail agree on, DR running; None if they do not.
        agreed_since: the first of the consecutive checks that showed them.
        agreed_times: how many there were, a minute apart, counted up to as many as are needed.
        agreed_counted_at: the last one that was counted; None if there is none.
        likeness: what the last of those checks has shown besides.
        alike_times: how many in a row have shown just that, counted likewise.
        role_words: the provider's word for each role, as learned in health.
        versions: each cluster's, as learned in health.
        editions: each cluster's, as learned in health.
        project_ids: each cluster's, as learned in health.
        probe_up_at: when each cluster's probe last connected: one never seen up cannot say down.
        probe_addresses: where each of them was when it connected.
        sight: what the last close look has shown, for people; None before the first.
    """

    revision: int = 0
    looked_at: datetime | None = None
    first_checked_at: datetime | None = None
    checked_at: datetime | None = None
    unreadable_times: int = 0
    up_times: int = 0
    up_counted_at: datetime | None = None
    lone_witness_since: datetime | None = None
    odd_roles_since: datetime | None = None
    old_back_since: datetime | None = None
    new_down_since: datetime | None = None
    faults: Mapping[str, datetime] = field(default_factory=dict)
    introduced_at: datetime | None = None
    is_ready: bool | None = None
    ready_notified_at: datetime | None = None
    unready_gates: tuple[str, ...] = ()
    down_of: str | None = None
    down_since: datetime | None = None
    down_seen_at: datetime | None = None
    agreed_roles: Roles | None = None
    agreed_since: datetime | None = None
    agreed_times: int = 0
    agreed_counted_at: datetime | None = None
    likeness: Likeness = field(default_factory=Likeness)
    alike_times: int = 0
    role_words: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    editions: Mapping[str, str] = field(default_factory=dict)
    project_ids: Mapping[str, str] = field(default_factory=dict)
    probe_up_at: Mapping[str, datetime] = field(default_factory=dict)
    probe_addresses: dict[str, str] = field(default_factory=dict)
    sight: Sight | None = None

    @property
    def progress(self) -> str:
        """How far learning the roles has come."""
        if self.agreed_times == 0:
            return f"no healthy check of {HEALTHY_CHECKS} yet"
        return f"healthy check {self.agreed_times} of {HEALTHY_CHECKS}"


@dataclass(frozen=True)
class Fleet:
    """The brakes over all pairs.

    Attributes:
        revision: every claim depends on it; 0 where nothing is stored yet.
        claims: when alarms last made a claim, by disaster-recovery id.
        pause: the last one of `*`, which may be over; None if there never was one.
    """

    revision: int = 0
    claims: Mapping[str, datetime] = field(default_factory=dict)
    pause: Pause | None = None

    def is_paused(self, now: datetime) -> bool:
        """Whether the brake over all pairs holds."""
        return self.pause is not None and self.pause.holds(now)

    def recent_claims(self, now: datetime) -> Mapping[str, datetime]:
        """Claims of the last hour, one for each pair: an order tried again is no other failover."""
        window = (now - RATE_WINDOW, now + RATE_WINDOW)  # a claim of next year brakes nobody
        return {id_: at for id_, at in self.claims.items() if window[0] < at < window[1]}


@dataclass(frozen=True)
class PairRecord:
    """What the ledger holds about one pair now.

    Attributes:
        pair_state: its roles, brake and holds.
        incident: the open one, or the last; None if there was none.
        observations: what reads have shown.
        runs: its newest, the last one first.
        held: all that hold it, however old they are.
    """

    pair_state: PairState
    incident: Incident | None
    observations: Observations
    runs: tuple[Run, ...]
    held: tuple[Run, ...] = ()

    @property
    def run(self) -> Run | None:
        """The last run."""
        return self.runs[0] if self.runs else None

    @property
    def holding(self) -> frozenset[str]:
        """The ids of all runs that hold the pair: by its own word, and by theirs."""
        return self.pair_state.holding | {run.run_id for run in self.held}

    @property
    def in_flight(self) -> Run | None:
        """The run that is not settled yet; an old one that shows late may be one, too."""
        return next((run for run in (*self.runs[:1], *self.held) if run.is_in_flight), None)

    @property
    def proved(self) -> Run | None:
        """The run that made the present roles, if no person has acknowledged it yet."""
        expected = self.pair_state.roles
        proved = (run for run in self.held if run.state is RunState.SUCCEEDED)
        return next((one for one in proved if expected in (one.roles, one.roles.exchanged)), None)

    @property
    def lost_again(self) -> Run | None:
        """The run whose new production was down as well when it was last looked at."""
        run = self.in_flight
        if run:
            return run if run.new_down_since else None
        return next(iter(self.held), None) if self.observations.new_down_since else None

    @property
    def roles_now(self) -> Roles | None:
        """Who is production by now: a failover that is proved is a fact, acknowledged or not."""
        return self.proved.roles.exchanged if self.proved else self.pair_state.roles

    @property
    def expects_old_production(self) -> bool:
        """Whether the witnesses still speak of the production of before a proved failover."""
        return self.pair_state.roles != self.roles_now

    def has_recovered_since(self, run: Run) -> bool:
        """Whether disaster recovery has run again, and synchronised, since that run ended.

        Only what was seen says so. An acknowledgement disarms, but undoes no synchronisation.
        """
        pair_state, ended_at = self.pair_state, run.ended_at or run.claimed_at
        if pair_state.armed_since is None:  # armed before that was noted, or never since
            return pair_state.armed and pair_state.roles == run.roles.exchanged
        return pair_state.armed_since > ended_at

    @property
    def open_incident(self) -> Incident | None:
        """The incident, if it is still a reason to act."""
        return self.incident if self.incident and self.incident.is_open else None


@dataclass(frozen=True)
class OpenItems:
    """What is open of one pair, by id.

    Attributes:
        disaster_recovery_id: the pair's id; `-` for what is about no pair.
        runs: those in flight.
        held: the runs that hold it.
        incidents: those not ended.
        notices: those not published.
    """

    disaster_recovery_id: str
    runs: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    incidents: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()
