"""One pair of the emulated provider, made from a document, and the function that looks after it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from handler.model.alarm_patterns import can_match, speaks_for
from handler.model.printable import one_line
from local.aws import EmbeddedAws
from local.aws.embedded import ACCOUNT, REGION, ROOT
from local.drill.documents import Document
from local.drill.facts import Moment
from local.drill.function import Function
from local.drill.scenarios import Scenario
from local.dws import Emulator, Pair

SECRET: Final = "dws-failover/drill"  # noqa: S105 - a secret's name
_HEALTHY_LOOKS: Final = 3
_MOST_LOOKS: Final = 6
_MINUTE_S: Final = 60.0
_LONGEST_NAME: Final = 255  # of an alarm: CloudWatch API reference, PutMetricAlarm
_SHARE_OF_PERIOD: Final = 1 / 3  # how far into it production dies


@dataclass(frozen=True)
class Assumed:
    """What no document says, and the emulated provider must be told.

    Attributes:
        sync_s: from one synchronisation to the next.
        switching_s: that the provider needs to switch.
    """

    sync_s: int = 1800
    switching_s: int = 600


@dataclass
class Stage:
    """Provider and function in one time of their own, and what was noted of it."""

    emulator: Emulator
    function: Function
    document: Document
    zero: datetime
    moments: list[Moment] = field(default_factory=list)
    results: list[dict[str, Any]] = field(default_factory=list)

    @property
    def pair(self) -> Pair:
        """The provider's model of the pair, as of now."""
        return self.emulator.find_pair(self.document.pair.disaster_recovery_id)

    def at_s(self, at: datetime) -> float:
        """A time as seconds since zero."""
        return round((at - self.zero).total_seconds(), 1)

    def let_pass(self, seconds: float) -> None:
        """Let time pass for both."""
        self.function.advance(seconds)
        self.emulator.clock.advance(seconds)

    def let_pass_until(self, at_s: float) -> None:
        """Let time pass until so many seconds after zero, unless they are over."""
        now_s = (self.function.now() - self.zero).total_seconds()
        if at_s > now_s:
            self.let_pass(at_s - now_s)

    def send(self, event: dict[str, Any]) -> None:
        """Have the function answer an event, and note what it has told."""
        self.results += self.function.send(event)
        now = self.at_s(self.function.now())
        for told in self.function.told():
            self.moments.append(Moment(now, "notice", told.subject, told.severity))

    def reconcile(self) -> None:
        """What the schedule does every minute."""
        self.send({"command": "reconcile"})

    def alarm(self) -> bool:
        """The first alarm that the document lists goes off; whether there is one."""
        arn = _an_alarm(self.document.pair.alarms)
        if arn is None:
            return False
        name = one_line(arn.rpartition(":")[2], _LONGEST_NAME)
        self.moments.append(Moment(self.at_s(self.function.now()), "alarm", f"alarm {name}"))
        self.send(_event(arn, self.function.now()))
        return True


@contextmanager
def staged(
    aws: EmbeddedAws, document: Document, scenario: Scenario, assumed: Assumed
) -> Iterator[Stage]:
    """A healthy, armed pair, a third of a period after its last synchronisation."""
    with Emulator() as emulator:
        pair = _make_pair(emulator, document, scenario, assumed)
        played = _played(document, emulator, pair)
        function = Function(aws, document.pair.name, played, emulator.clock.advance)
        stage = Stage(emulator, function, document, function.now())
        try:
            _arm(stage, assumed)
            yield stage
        finally:
            function.close()


def make_secret(aws: EmbeddedAws) -> None:
    """The emulator's access key, in the place of the document's secret."""
    key = Emulator().credentials
    text = {"access_key_id": key.access_key, "secret_access_key": key.secret_key}
    aws.client("secretsmanager").create_secret(Name=SECRET, SecretString=json.dumps(text))


def _make_pair(
    emulator: Emulator, document: Document, scenario: Scenario, assumed: Assumed
) -> Pair:
    given, ids = document.pair, list(document.pair.probes)
    named: dict[str, Any] = dict(zip(("production_id", "standby_id"), ids, strict=False))
    emulator.remove_pair()  # the ready one, first: a document may have its id
    pair = emulator.add_pair(
        id=given.disaster_recovery_id,
        name=given.name,
        project_id=given.project_id,
        sync_period=f"{max(assumed.sync_s // 60, 1)}m",
        sync_every_s=float(assumed.sync_s),
        **named,
    )
    emulator.vary(pair.id, switching_s=assumed.switching_s, **scenario.variants)
    return pair


def _played(document: Document, emulator: Emulator, pair: Pair) -> dict[str, Any]:
    """The document with what leads to a real provider replaced."""
    known = {cluster.id for cluster in pair.clusters}
    probes = {id_: emulator.probe_address(id_) for id_ in document.pair.probes if id_ in known}
    replaced = {"endpoint": emulator.url, "credentials_secret": SECRET}
    return {**document.given, **replaced, **({"probes": probes} if probes else {})}


def _arm(stage: Stage, assumed: Assumed) -> None:
    """Be healthy until the function has learned the roles and seen a synchronisation.

    Raises:
        RuntimeError: it does not get armed.
    """
    for _ in range(_HEALTHY_LOOKS):
        stage.reconcile()
        stage.let_pass(_MINUTE_S)
    stage.let_pass(assumed.sync_s)
    for _ in range(_MOST_LOOKS):
        stage.reconcile()
        if stage.results[-1]["reason_code"] == "armed":
            break
        stage.let_pass(_MINUTE_S)
    else:
        said = stage.results[-1]["reason"]
        raise RuntimeError(f"{stage.document.pair.name} did not get ready: {said}")
    last_sync = stage.pair.last_sync(stage.emulator.clock.now())
    if last_sync is None:
        raise RuntimeError("the emulated standby has never synchronised")
    to_come = timedelta(seconds=assumed.sync_s * (1 + _SHARE_OF_PERIOD))
    stage.let_pass_until(stage.at_s(last_sync + to_come))
    stage.reconcile()
    stage.moments.clear()
    stage.results.clear()


def _an_alarm(patterns: tuple[str, ...]) -> str | None:
    """An alarm's ARN that a pattern of the document means."""
    usual = ("arn", "aws", "cloudwatch", REGION, ACCOUNT, "alarm", "x")
    for pattern in filter(can_match, patterns):
        made = pattern.split(":", 6) if pattern.startswith("arn:") else [*usual[:-1], pattern]
        filled = [
            instead if part == "*" else _filled(part)
            for part, instead in zip(made, usual, strict=True)
        ]
        arn = ":".join(filled)
        if can_match(arn) and speaks_for((pattern,), arn, ACCOUNT, REGION):
            return arn
    return None


def _filled(part: str) -> str:
    """A part of a pattern, something in place of each `*`, if there is room for it."""
    filled = part.replace("*", "x")
    return filled if len(filled) <= _LONGEST_NAME else part.replace("*", "")


def _event(arn: str, now: datetime) -> dict[str, Any]:
    """The event of the bus that the alarm's transition makes."""
    event: dict[str, Any] = json.loads((ROOT / "events" / "bus-alarm.json").read_text())
    stamp = now.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    _, _, _, region, account, _, name = arn.split(":", 6)
    event |= {"account": account, "region": region, "time": stamp, "resources": [arn]}
    event["detail"] |= {"alarmName": name}
    event["detail"]["state"]["timestamp"] = stamp
    return event
