"""The events that a wave sends: alarms as the bus brings them, and people's commands."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from local.aws.embedded import ACCOUNT, REGION
from local.chaos.plan import Outage

REASON, WHO = "production is lost", "on-call"
COMMANDS: Final = (
    "failover", "pause", "resume", "acknowledge", "rehearse", "verify", "status",
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """An alarm's transition that Lambda, the bus or the queue has taken.

    Attributes:
        outage: whose.
        part: what the table knows it by: its ARN, and its contributor where there is one.
        state: ALARM or OK.
        at_s: when it turned, in the wave's time.
        age_s: how long before it was sent that was.
    """

    outage: int
    part: str
    state: str
    at_s: float
    age_s: float


def alarm_arn(name: str) -> str:
    """An alarm's ARN."""
    return f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"


def part_of(name: str, contributor: str | None = None) -> str:
    """What the table knows an alarm's part by."""
    return f"{alarm_arn(name)} ({contributor})" if contributor else alarm_arn(name)


def bus_alarm(name: str, at: datetime, how: Mapping[str, Any]) -> dict[str, Any]:
    """CloudWatch User Guide, "Alarm events and EventBridge": also muted, and of a contributor."""
    state, stamp = how.get("state", "ALARM"), _written(at)
    detail: dict[str, Any] = {
        "alarmName": name,
        "state": {"value": state, "reason": "Threshold Crossed", "timestamp": stamp},
        "configuration": {"metrics": []},
    }
    kind = "CloudWatch Alarm State Change"
    if contributor := how.get("contributor"):
        kind = "CloudWatch Alarm Contributor State Change"
        detail["alarmContributor"] = {"id": contributor, "attributes": {"TargetGroup": contributor}}
    else:
        before = "ALARM" if state == "OK" else "OK"
        detail["previousState"] = {"value": before, "timestamp": stamp}
    if muted_s := how.get("muted_s"):
        detail["muteDetail"] = {
            "mutedByArn": alarm_arn("x").replace(":alarm:x", ":alarm-mute-rule:monthly-patches"),
            "muteWindowStart": _written(at - timedelta(hours=1)),
            "muteWindowEnd": _written(at + timedelta(seconds=muted_s)),
        }
    return {
        "version": "0", "id": str(uuid.uuid4()), "detail-type": kind, "source": "aws.cloudwatch",
        "account": ACCOUNT, "time": stamp, "region": REGION, "resources": [alarm_arn(name)],
        "detail": detail,
    }  # fmt: skip


def command(name: str, outage: Outage, pair: str) -> dict[str, Any]:
    """A person's command about a pair, which is called so at the moment."""
    now = datetime.now(UTC)
    asked: dict[str, Any] = {"command": name, "disaster_recovery_id": outage.id}
    if name in ("rehearse", "verify", "status"):
        return asked
    asked |= {"reason": REASON, "requested_by": WHO}
    if name == "pause":
        return {**asked, "until": (now + timedelta(hours=12)).isoformat()}
    if name == "failover":
        return {**asked, "confirm": pair, "requested_at": now.isoformat()}
    if name == "acknowledge":
        return {**asked, "production_cluster_id": outage.ids[1]}
    return asked


def scheduled() -> dict[str, Any]:
    """What the template's schedule sends each minute."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"command": "reconcile", "scheduled_at": stamp}


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}+0000"
