"""What is played: outages and near misses that a disaster-recovery pair must come through."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from local.dws import SCENARIOS, Fault

# What becomes of the pair: its clusters exchange places, or nothing is ordered; `either` is right
# where the document decides; `failed` is an order that the provider takes and cannot carry out.
Expected = Literal["exchanged", "nothing", "either", "failed"]


@dataclass(frozen=True)
class Scenario:
    """One thing to come through.

    Attributes:
        title: a few words.
        says: what happens, for people.
        expects: what must become of it.
        dies: whether production dies, at second 0.
        alarms_at: when the document's alarm goes off, in seconds.
        variants: how the emulated provider behaves (`local.dws.Variants`).
        faults: how the emulated provider answers.
        standby: what is forced on the standby's cluster.
        is_behind: whether the standby has not synchronised for longer than the document allows.
        minutes: how long it is played at most, after what the document waits for.
    """

    title: str
    says: str
    expects: Expected = "exchanged"
    dies: bool = True
    alarms_at: tuple[float, ...] = (30.0,)
    variants: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    standby: Mapping[str, Any] = field(default_factory=dict)
    is_behind: bool = False
    minutes: int = 8


DRILLS: Final[Mapping[str, Scenario]] = {
    "production-dies": Scenario(
        "Production dies, the alarm goes off",
        "The production cluster fails at 0:00, the alarm follows after 30 s.",
    ),
    "nobody-calls": Scenario(
        "Production dies, no alarm comes",
        "The production cluster fails at 0:00. The alarm is lost on its way: only what reconcile"
        " sees every minute can open an incident.",
        alarms_at=(),
    ),
    "false-alarm": Scenario(
        "A false alarm",
        "The alarm goes off while production is well.",
        expects="nothing",
        dies=False,
    ),
    "many-alarms": Scenario(
        "Twelve alarms in six minutes",
        "Production fails, and the alarm flaps: it goes off every 30 s. One order is right.",
        alarms_at=tuple(30.0 * number for number in range(1, 13)),
    ),
    "answer-lost": Scenario(
        "The answer to the order is lost",
        "The provider takes the order, then the connection breaks. Nobody knows; sending it again"
        " could lose data for good.",
        faults=SCENARIOS["accept-then-reset"].faults,
    ),
    "order-throttled": Scenario(
        "The order is refused once",
        "The provider's gateway answers the order with 429, once. Nothing was started.",
        faults=SCENARIOS["throttled"].faults,
    ),
    "standby-read-only": Scenario(
        "The standby cannot take over",
        "Production fails while the standby is read-only for want of space.",
        expects="nothing",
        standby=SCENARIOS["readonly-standby"].standby,
    ),
    "standby-behind": Scenario(
        "The standby's data is too old",
        "Production fails; the standby has not synchronised for ten minutes longer than"
        " max_data_loss_s allows.",
        expects="nothing",
        is_behind=True,
    ),
    "region-dark": Scenario(
        "Production's region is dark",
        "Production fails, and its cluster's API does not answer either. A probe of the document"
        " can still tell; without one the function must not guess.",
        expects="either",
        variants=SCENARIOS["dark-production-region"].variants,
    ),
    "failover-fails": Scenario(
        "The provider cannot carry it out",
        "The provider takes the order, tries, and goes back to the state before.",
        expects="failed",
        variants=SCENARIOS["switching-then-back"].variants,
    ),
    "old-production-returns": Scenario(
        "The old production comes back",
        "Twenty minutes after its death the old production answers again: two writers are"
        " possible.",
        variants={"old_production_returns_after_s": 1200},
        minutes=16,
    ),
}
