"""A situation as data, and how a fresh emulator is brought into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from local.dws.faults import Fault

if TYPE_CHECKING:
    from local.dws.emulator import Emulator

PAIRS_OF_A_REGION = 40


@dataclass(frozen=True)
class Scenario:
    """A situation as data, and the sentence that says what it is."""

    says: str
    variants: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    pair: Mapping[str, Any] = field(default_factory=dict)
    production: Mapping[str, Any] = field(default_factory=dict)
    standby: Mapping[str, Any] = field(default_factory=dict)
    clock_ahead_s: float = 0
    is_missing: bool = False
    is_region_outage: bool = False

    def set_up(self, emulator: "Emulator") -> None:
        """Bring a fresh emulator into this situation."""
        emulator.vary(**self.variants)
        pair = emulator.pair
        emulator.set_cluster(pair.production_id, **self.production)
        emulator.set_cluster(pair.standby_id, **self.standby)
        if self.pair:
            emulator.set_pair(**self.pair)
        for fault in self.faults:
            emulator.add_fault(fault)
        if self.clock_ahead_s:
            emulator.clock.set(datetime.now(UTC) + timedelta(seconds=self.clock_ahead_s))
        if self.is_missing:
            emulator.remove_pair()
        if self.is_region_outage:
            _break_region(emulator)


def _break_region(emulator: "Emulator") -> None:
    for number in range(1, PAIRS_OF_A_REGION):
        emulator.add_pair(name=f"orders-{number:02}")
    for pair in emulator.pairs:
        emulator.break_production(pair.id)
