"""CloudWatch's alarms: what each has said, in what shape, and what of it the function has taken."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from local.simulation.services import ACCOUNT, REGION

MUTE_RULE = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm-mute-rule:works"


@dataclass
class Said:
    """One thing that an alarm said: a change of its state, or that it is silent no more."""

    arn: str
    state: str
    at: datetime
    muted_until: datetime | None = None
    was_muted: bool = False
    turned_at: datetime | None = None  # of a release, which tells of a change before it
    pending: int = 0  # deliveries of it that are under way
    taken_at: datetime | None = None
    was_queued: bool = False  # it was a queue that it was first taken from

    @property
    def keys(self) -> frozenset[str]:
        """What an incident may know it by."""
        return frozenset({self.arn, self.name, _key(self.arn), _key(self.name)})

    @property
    def is_muted(self) -> bool:
        """Whether it was said in silence."""
        return self.muted_until is not None

    @property
    def calls_since(self) -> datetime:
        """Since when it calls: when it turned, or when its mute was over."""
        return self.muted_until or self.at

    @property
    def name(self) -> str:
        """The alarm's name."""
        return self.arn.rpartition(":")[2]


@dataclass
class Alarms:
    """All alarms; `taken` is what of each the function has answered, newest first."""

    said: dict[str, list[Said]] = field(default_factory=dict)

    def turn(
        self, name: str, region: str, state: str, now: datetime, muted_for: timedelta | None = None
    ) -> Said:
        """An alarm changes its state."""
        last = self.last(name, region)
        # No alarm changes twice in one moment.
        at = max(now, last.at + timedelta(milliseconds=1)) if last else now
        one = Said(arn_of(name, region), state, at, at + muted_for if muted_for else None)
        self.said.setdefault(one.arn, []).append(one)
        return one

    def release(self, name: str, region: str, now: datetime) -> Said | None:
        """An alarm that was silenced in ALARM, and still is in ALARM, acts."""
        last = self.last(name, region)
        if last is None or last.state != "ALARM" or not last.is_muted:
            return None
        at = max(now, last.at + timedelta(milliseconds=1))
        one = Said(last.arn, "ALARM", at, was_muted=True, turned_at=last.at)
        self.said[one.arn].append(one)
        return one

    def last(self, name: str, region: str) -> Said | None:
        """What an alarm said last."""
        said = self.said.get(arn_of(name, region))
        return said[-1] if said else None

    def all_of(self, name: str, region: str) -> list[Said]:
        """All that an alarm has said."""
        return self.said.get(arn_of(name, region), [])

    def newest_taken(self, arn: str) -> Said | None:
        """The newest thing that an alarm said and the function has heard."""
        taken = [one for one in self.said[arn] if one.taken_at]
        return max(taken, key=lambda one: one.at) if taken else None

    def is_settled(self, arn: str, since: datetime) -> bool:
        """Whether nothing that an alarm said is on its way, or was until then."""
        return not any(
            one.pending or (one.taken_at and one.taken_at > since) for one in self.said[arn]
        )

    def all_taken(self) -> list[Said]:
        """All that the function has heard."""
        return [one for said in self.said.values() for one in said if one.taken_at]

    def newest(self) -> list[Said]:
        """Of each alarm the newest that the function has heard."""
        return [one for arn in self.said if (one := self.newest_taken(arn))]


def arn_of(name: str, region: str) -> str:
    """An alarm's ARN."""
    return f"arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:{name}"


def timestamp(at: datetime) -> str:
    """As CloudWatch writes a time."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"


def on_bus(said: Said) -> dict[str, Any]:
    """The event of EventBridge."""
    return {
        "version": "0",
        "id": f"{said.name[-40:]}-{timestamp(said.at)}",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": ACCOUNT,
        "time": timestamp(said.at),
        "region": said.arn.split(":")[3],
        "resources": [said.arn],
        "detail": _detail(said),
    }


def as_action(said: Said) -> dict[str, Any]:
    """The event of an alarm that invokes the function."""
    return {
        "source": "aws.cloudwatch",
        "alarmArn": said.arn,
        "accountId": ACCOUNT,
        "time": timestamp(said.at),
        "region": said.arn.split(":")[3],
        "alarmData": _detail(said),
    }


def as_record(said: Said, sent_at: datetime, receives: int) -> dict[str, Any]:
    """A record of a queue that the bus's event has been put into."""
    return {
        "messageId": f"{said.name[-40:]}-{timestamp(said.at)}",
        "receiptHandle": "handle",
        "body": json.dumps(on_bus(said)),
        "attributes": {
            "ApproximateReceiveCount": str(receives),
            "SentTimestamp": str(int(sent_at.timestamp() * 1000)),
        },
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:warehouse-alarms",
        "awsRegion": REGION,
    }


def _detail(said: Said) -> dict[str, Any]:
    turned_at = said.turned_at or said.at
    before: dict[str, Any] = {"value": "OK" if said.state == "ALARM" else "ALARM"}
    if said.was_muted:
        before = {"value": "ALARM", "actionsSuppressedBy": "WaitPeriod"}
    return {
        "alarmName": said.name,
        "state": {"value": said.state, "timestamp": timestamp(turned_at)},
        "previousState": {**before, "timestamp": timestamp(turned_at - timedelta(minutes=5))},
        "configuration": {"metrics": []},
        **({"muteDetail": _mute(said.muted_until)} if said.muted_until else {}),
    }


def _key(part: str) -> str:
    return sha256(part.encode()).hexdigest()[:16]


def _mute(until: datetime) -> dict[str, str]:
    return {"mutedByArn": MUTE_RULE, "muteWindowEnd": timestamp(until)}
