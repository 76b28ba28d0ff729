"""A notice: what will be published, stored before it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a notice is worth waking someone up for."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


@dataclass(frozen=True)
class Notice:
    """Subject, text for people, JSON for machines; copies share the `notice_id`.

    Attributes:
        notice_id: the same for what must be told once; subscribers know copies by it.
        disaster_recovery_id: the pair's id; `-` where a notice is about no pair.
        created_at: when it was decided what it says.
        leased_until: until then, whoever has stored or leased it publishes it.
        subject: at most 99 ASCII characters.
        text: for people.
        body: the result as JSON, for machines.
        attributes: of the message, by which subscribers filter.
        published_at: when SNS took it, or it was given up; None while it must still be sent.
        refused_times: how often SNS has refused it for what it is.
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

    @property
    def said(self) -> dict[str, Any]:
        """What it says to machines; nothing, where the stored text is not what this code wrote."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):  # nested too deeply, it is neither
            return {}
        return found if isinstance(found, dict) else {}
