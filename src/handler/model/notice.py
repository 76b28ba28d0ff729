"""A notice: what will be published, stored before it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Severity(StrEnum):
    """How much a notice is worth waking someone up for."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True)
class Notice:
    """Subject, text for people, JSON for machines; copies share the `notice_id`.

    Until `leased_until`, whoever has stored or taken it is the one that publishes it.
    `disaster_recovery_id` is `-` where a notice is about no pair. `refused_times` counts how often
    SNS has refused it for what it is.
    """

    notice_id: str
    disaster_recovery_id: str
    created_at: datetime
    leased_until: datetime
    subject: str
    text: str
    body: str
    attributes: Mapping[str, str]
    published_at: datetime | None = None
    refused_times: int = 0
