"""The provider's own events about a pair, as its events API tells them."""

from typing import Any
from uuid import UUID, uuid5

from local.dws.api import timestamps
from local.dws.model.pair import Event, Pair

WARNINGS = ("Fail", "Abnormal", "switchoverContinueAsFailoverDisasterRecovery")


def told(pair: Pair, project_id: str) -> list[dict[str, Any]]:
    """All events of a pair, oldest first."""
    return [
        _fields(pair, event) | {"project_id": project_id, "event_id": _id(pair, number)}
        for number, event in enumerate(pair.events)
    ]


def _id(pair: Pair, number: int) -> str:
    return str(uuid5(UUID(pair.id), str(number)))


def _fields(pair: Pair, event: Event) -> dict[str, Any]:
    return {
        "name": event.name,
        "display_name": event.name,
        "name_space": "dws",
        "category": "management",
        "severity": "warning" if event.name.endswith(WARNINGS) else "normal",
        "source_type": "disaster-recovery",
        "source_id": pair.id,
        "source_name": pair.relation.name,
        "occur_time": timestamps.epoch_ms(event.at),
        "status": 1,
        "subject": "DWS event notification",
        "context": f"{event.name} of {pair.relation.name}",
        "description": event.name,
    }
