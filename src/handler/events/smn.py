"""A message of SMN that its own function has verified and passed on."""

from collections.abc import Mapping
from typing import Any

from handler.events import huawei
from handler.events.checks import check, time_at
from handler.model.signals import Alarm


def knows(event: Mapping[str, Any]) -> bool:
    """Whether this is a verified message."""
    return "smn" in event


def read(event: dict[str, Any], where: str = "$") -> tuple[Alarm, ...]:
    """Read what a verified message says.

    Raises:
        InvalidEvent: it is none.
    """
    check(event, "smn-verified", where)
    smn = event["smn"]
    sent_at = time_at(event, "smn.timestamp", where)
    subject, topic = smn.get("subject") or "", smn["topic_urn"]
    return (huawei.read(smn["message"], subject, sent_at, topic, smn["message_id"]),)
