"""A pair as configured: two clusters tied by one id, and how far the function may go for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timezone

from handler.model.times import parse_offset


@dataclass(frozen=True)
class Pair:
    """A pair's document (`schemas/pair.json`); lengths of time in seconds."""

    name: str
    disaster_recovery_id: str
    project_id: str
    endpoint: str
    credentials_secret: str
    max_data_loss_s: int
    mode: str = "observe"
    alarms: tuple[str, ...] = ()
    probes: Mapping[str, str] = field(default_factory=dict)
    provider_utc_offset: str = "+00:00"
    max_event_age_s: int = 900
    production_down_for_s: int = 120
    retry_for_s: int = 3600
    completion_deadline_s: int = 5400

    @property
    def zone(self) -> timezone:
        """UTC offset for times that the provider writes without one."""
        return parse_offset(self.provider_utc_offset)
