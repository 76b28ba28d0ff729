"""The gates: pure functions from a situation to verdicts. All are asked, every time.

An assessment is their answers in order; it lets act only if every one passes or is overridden by
name.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from handler.gates.brakes import armed, hold, mode, pause, rate_limit
from handler.gates.data_loss import (
    at_most_data_loss_s,
    estimated_data_loss_s,
    last_sync,
    outage_start,
    rpo,
    standby_ready,
)
from handler.gates.eligibility import edition, pair_state, roles, site, version
from handler.gates.verdict import GateResult, Verdict
from handler.gates.witnesses import Testimony, Word, hear, production_down
from handler.model.evidence import Situation
from handler.model.signals import Trigger
from handler.model.times import isoformat

Gate = Callable[[Situation], GateResult]
GATES: Final[tuple[Gate, ...]] = (
    mode,
    pause,
    hold,
    rate_limit,
    armed,
    pair_state,
    roles,
    site,
    version,
    edition,
    production_down,
    standby_ready,
    rpo,
)
NAMES: Final = tuple(gate.__name__ for gate in GATES)
# Setting them aside would act against a person's word, or on other clusters than were meant.
NEVER_OVERRIDABLE: Final = frozenset({"mode", "pause", "roles"})
ABOUT_AN_OUTAGE: Final = frozenset({"production_down"})
_TOLD_BY_THEMSELVES: Final = ABOUT_AN_OUTAGE | {"pause", "hold"}
__all__ = [
    "ABOUT_AN_OUTAGE",
    "GATES",
    "NAMES",
    "NEVER_OVERRIDABLE",
    "Assessment",
    "GateResult",
    "Verdict",
    "assess",
    "last_sync",
    "outage_start",
]


@dataclass(frozen=True)
class Assessment:
    """All verdicts about one situation."""

    situation: Situation
    verdicts: tuple[GateResult, ...]

    @property
    def may_act(self) -> bool:
        """Whether nothing stands in the way."""
        return all(verdict.lets_pass for verdict in self.verdicts)

    @property
    def refusing(self) -> tuple[GateResult, ...]:
        """The verdicts that stand in the way."""
        return tuple(verdict for verdict in self.verdicts if not verdict.lets_pass)

    @property
    def is_ready(self) -> bool:
        """Whether only the absence of an outage stands in the way."""
        return not self.stuck

    @property
    def stuck(self) -> tuple[GateResult, ...]:
        """What would stand in the way in an outage, too."""
        return tuple(one for one in self.refusing if one.gate not in ABOUT_AN_OUTAGE)

    @property
    def unready(self) -> tuple[GateResult, ...]:
        """The same without a pause and a hold, which are told by themselves."""
        return tuple(one for one in self.refusing if one.gate not in _TOLD_BY_THEMSELVES)

    @cached_property
    def testimony(self) -> Testimony:
        """What each witness says about production."""
        return hear(self.situation.evidence, self.situation.observations)

    @property
    def has_word_of_life(self) -> bool:
        """Whether any witness says that production is up, whatever the others say."""
        return Word.UP in (self.testimony.cluster, self.testimony.probe)

    @property
    def is_called_down(self) -> bool:
        """Whether at least one witness says that production is down, and none that it is up."""
        return self.testimony.hints_down

    @property
    def blocking_a_confirmed_command(self) -> tuple[GateResult, ...]:
        """What would stand in the way of a confirmed command that overrides nothing."""
        return tuple(verdict for verdict in self._of_a_command if not verdict.lets_pass)

    @cached_property
    def evidence(self) -> str:
        """A hash of what a person's command relies on.

        Roles, every verdict and its cause, every witness's word, the data point, the last run; no
        figure that changes by the second. It is that of a confirmed command, whoever asked, so that
        a refusal's hash can be sent back.
        """
        shown, sync = self.situation.evidence.shown, last_sync(self.situation)
        said = self.testimony
        relied_on = [
            repr(shown.roles if shown else None),
            # The same gate may refuse for something else: "read-only" is no "FAILED".
            [(one.gate, one.verdict, one.cause) for one in self._of_a_command],
            # A dead cluster is down whatever the disaster-recovery side says, and that side follows
            # seconds later: an approval that was printed in between must not be void by it.
            [said.cluster, said.probe, said.cluster is Word.DOWN or said.corroborates],
            isoformat(sync) if sync else None,
            # What was printed before an order is not for after it, whatever has become of the
            # order: it may still be executed, and then a second one would be another failover.
            self.situation.pair_state.run_id,
        ]
        return hashlib.sha256(json.dumps(relied_on).encode()).hexdigest()[:16]

    @cached_property
    def _of_a_command(self) -> tuple[GateResult, ...]:
        """The verdicts on a confirmed command that overrides nothing."""
        return _ask(replace(self.situation, trigger=_confirmed(self.situation.trigger)))

    @property
    def estimated_data_loss_s(self) -> int | None:
        """Seconds of data that a failover now would lose, by the best estimate."""
        return estimated_data_loss_s(self.situation)

    @property
    def at_most_data_loss_s(self) -> int | None:
        """Seconds of data that a failover now can lose at most.

        None while production may take writes: nobody knows of the last one then.
        """
        return at_most_data_loss_s(self.situation) if self.is_called_down else None


def assess(situation: Situation) -> Assessment:
    """Ask every gate; set aside the overridable refusals that the command names."""
    override = situation.trigger.override
    return Assessment(
        situation,
        tuple(
            verdict.overridden()
            if not verdict.lets_pass and verdict.overridable and verdict.gate in override
            else verdict
            for verdict in _ask(situation)
        ),
    )


def _confirmed(trigger: Trigger) -> Trigger:
    """The confirmed command that could follow: of what an alarm brings it has nothing."""
    began_at = trigger.outage_began_at
    return Trigger("command", "failover", is_confirmed=True, outage_began_at=began_at)


def _ask(situation: Situation) -> tuple[GateResult, ...]:
    return tuple(_named(replace(gate(situation), gate=gate.__name__), situation) for gate in GATES)


def _named(one: GateResult, situation: Situation) -> GateResult:
    """Once the roles are exchanged, each cluster by its id: gates speak of the expected ones."""
    expected = situation.pair_state.roles
    if expected is None or not situation.is_exchanged:
        return one
    if one.gate == "production_down":
        old = expected.production_cluster_id
        return replace(one, reason=f"of {old}, which was production before: {one.reason}")
    if one.gate == "standby_ready":
        new, found = expected.standby_cluster_id, one.measured or "how it is cannot be read"
        return replace(one, reason=f"{new} is production by now, and no standby: {found}")
    return one
