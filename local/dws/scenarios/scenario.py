"""A situation as data, and how a fresh provider is brought into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from local.dws.api.faults import Fault
from local.dws.provider import Provider

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

    def set_up(self, provider: Provider) -> None:
        """Bring a fresh provider into this situation."""
        provider.vary(**self.variants)
        pair = provider.pair
        provider.set_cluster(pair.production_id, **self.production)
        provider.set_cluster(pair.standby_id, **self.standby)
        if self.pair:
            provider.set_pair(**self.pair)
        for fault in self.faults:
            provider.add_fault(fault)
        if self.clock_ahead_s:
            provider.clock.set(datetime.now(UTC) + timedelta(seconds=self.clock_ahead_s))
        if self.is_missing:
            provider.remove_pair()
        if self.is_region_outage:
            _break_region(provider)


def _break_region(provider: Provider) -> None:
    for number in range(1, PAIRS_OF_A_REGION):
        provider.add_pair(name=f"orders-{number:02}")
    for pair in provider.pairs:
        provider.break_production(pair.id)
