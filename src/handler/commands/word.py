"""What a person's word about a pair's roles changes, and what speaks against it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from handler.commands.held_back import outages_in
from handler.failover.unsettled import is_unsettled
from handler.gates.brakes import may_come
from handler.gates.witnesses import down_of_now
from handler.model.disaster_recovery import DisasterRecovery, Roles, words_of
from handler.model.incident import Ending, Incident
from handler.model.pair import Pair
from handler.model.pair_state import Observations, PairRecord, PairState
from handler.model.result import Reason
from handler.model.roles_before import RolesBefore
from handler.model.run import Run, RunState
from handler.model.times import isoformat


@dataclass(frozen=True)
class Word:
    """A person's word, and what was known when it was given.

    Attributes:
        roles: as the person says.
        held: the run whose hold ends with it; only its id, where the run itself is gone.
        record: of the pair, as read.
        shown: what the provider shows; None where the person has gone without it.
        now: when.
    """

    roles: Roles
    held: Run | str | None
    record: PairRecord
    shown: DisasterRecovery | None
    now: datetime

    @property
    def is_about_outage(self) -> bool:
        """Whether it settles what an incident is about: its run, or which cluster is production.

        Who confirms the roles that are expected, says them for the first time, or corrects a word
        has said nothing of the outage: what is in ALARM is still a reason to act.
        """
        is_other = self.record.pair_state.roles not in (None, self.roles)
        return self.held is not None or (is_other and not self.is_correction)

    @property
    def is_correction(self) -> bool:
        """Whether it leads back to the roles of before a word that was wrong."""
        return self.held is None and _corrected(self.record.pair_state, self.roles) is not None

    @property
    def is_borne_out(self) -> bool:
        """Whether the provider shows the same roles."""
        return self.shown is not None and self.shown.roles == self.roles

    @property
    def down_since(self) -> datetime | None:
        """Since when production looks down, by the person's word or by the provider's."""
        observations, shown = self.record.observations, self.shown.roles if self.shown else None
        if self._is_of_new:
            return observations.new_down_since
        known = [one.production_cluster_id for one in (self.roles, shown) if one]
        return down_of_now(observations, self.now) if observations.down_of in known else None

    @property
    def down_of(self) -> str | None:
        """Which cluster that is."""
        of_witnesses = self.record.observations.down_of
        return self.roles.production_cluster_id if self._is_of_new else of_witnesses

    @property
    def _is_of_new(self) -> bool:
        """Whether it names what a failover has made production: the witnesses speak of the old."""
        run = self.record.proved
        return run is not None and run.roles.exchanged == self.roles

    def ended(self, by: str | None, because: str | None) -> Incident | None:
        """The incident that ends with it, if one does."""
        incident = self.record.open_incident
        if incident is None or not self.is_about_outage:
            return None
        ended = incident.ended(Ending.ACKNOWLEDGED, self.now)
        return replace(ended, acknowledged_by=by, acknowledged_because=because)

    def pair_state(self) -> PairState:
        """How the pair stands by it: what was or may have been accepted disarms."""
        known = self.record.pair_state
        if self.held is None and self.roles == known.roles:
            return known
        as_before = _corrected(known, self.roles)
        if as_before and self.held is None and self.is_borne_out:
            return as_before
        return replace(
            known,
            roles=self.roles,
            roles_since=self.now,
            roles_changed_by=_changed_by(known, self.roles, self.held),
            armed=False,
            before_word=self._before(),
        )

    def _before(self) -> RolesBefore | None:
        """What a correction brings back; nothing, where the provider shows a change, too."""
        known = self.record.pair_state
        if self.held is not None or known.roles is None:
            return None
        # A second word on top of one that was wrong: what was known before the first one counts.
        before = known.before_word or RolesBefore(
            known.roles, known.roles_changed_by, known.armed, known.roles_since, known.armed_since
        )
        was_shown = self.shown is None or self.shown.roles == before.roles
        return before if was_shown else None

    def observations(self) -> Observations:
        """What was learned in health may be wrong: at a person's word learning begins again.

        The role words are those that the provider shows beside the roles that the person confirms.
        """
        words = words_of(self.shown) if self.shown and self.is_borne_out else None
        observations = self.record.observations
        return replace(
            observations,
            alike_times=0,
            role_words=words or observations.role_words,
            versions={},
            editions={},
            project_ids={},
        )

    def doubts(self, pair_state: PairState, done: Run | str | None) -> Iterator[Reason]:
        """What speaks against it, which is taken all the same; the worst first."""
        if isinstance(done, Run) and is_unsettled(done, pair_state, self.now):
            told = "only an event says that it failed, and not of whose order"
            so = told if done.state is RunState.FAILED else "nothing has settled that run"
            yield Reason("unsettled", f"{so}: {may_come(done)}, do not order again by then")
        if self.shown and self.shown.roles not in (None, pair_state.roles):
            why = f"the provider shows {self.shown.primary.id} as production"
            yield Reason("roles_overridden", why)

    def of_outage(self, pair: Pair, ended: Incident | None) -> Iterator[Reason]:
        """What becomes of the outage that was or is there, if any; what to act on first."""
        goes_on = self.record.open_incident if ended is None else None
        if goes_on:
            (outage,) = outages_in(((pair, self.record),), self.now)
            yield Reason("incident_goes_on", outage.sentence)
        elif since := self.down_since:
            why = f"{self.down_of} looks down since {isoformat(since)}, and no incident is open"
            yield Reason("still_down", why)
        if ended:
            at = isoformat(ended.opened_at)
            why = f"the incident that was open since {at} has ended with this word"
            yield Reason("incident_ended", why)
        elif lost := self._ended_by_mistake():
            at = isoformat(lost.opened_at)
            why = (
                f"the incident that was open since {at} has ended with the word that this corrects"
            )
            yield Reason("incident_ended", why)

    def _ended_by_mistake(self) -> Incident | None:
        """The incident that a wrong word has ended, where this one corrects it."""
        last = self.record.incident
        if last is None or last.ended_because is not Ending.ACKNOWLEDGED or not self.is_correction:
            return None
        return last if last.ended_at == self.record.pair_state.roles_since else None


def _corrected(known: PairState, roles: Roles) -> PairState | None:
    """As it was before a person's word, if these are the roles of then."""
    before = known.before_word
    if before is None or before.roles != roles:
        return None
    return replace(
        known,
        roles=before.roles,
        roles_since=before.roles_since,
        roles_changed_by=before.roles_changed_by,
        armed=before.armed,
        armed_since=before.armed_since,
        before_word=None,
    )


def _changed_by(known: PairState, roles: Roles, held: Run | str | None) -> str:
    """Whose doing the last change was; what nobody may override stays so until it is armed.

    A person's two words that lead back to where they began are no change at all.
    """
    if isinstance(held, Run) and held.state is RunState.SUCCEEDED:
        return "succeeded"
    before = (_corrected(known, roles) if held is None else None) or known
    if before.roles not in (None, roles):
        is_ours = isinstance(held, Run) and held.roles.exchanged == roles
        return "succeeded" if is_ours else "other"
    is_settled = before.armed or before.roles_changed_by not in ("succeeded", "other")
    return "acknowledged" if is_settled else before.roles_changed_by
