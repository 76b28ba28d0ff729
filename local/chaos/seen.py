"""Gathers, once it is calm, what there is: at the provider, in the table, in the queues."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from local.chaos.events import Sent
from local.chaos.facts import OPEN, Facts, Left, OfPair, Told
from local.chaos.plan import Outage, Wave
from local.chaos.queues import taken
from local.chaos.stage import Stage
from local.chaos.table import Item, Table, of_kind, time_of
from local.chaos.wave import Play


class Witness:
    """Sees a wave; what it has taken out of a queue, it keeps."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._table = Table(stage)
        self._told: list[Told] = []
        self._left: list[Left] = []

    def is_settled(self, play: Play) -> bool:
        """Whether nothing is open, and each outage has what must come of it or a hold."""
        facts = self.facts(play.wave, play.ringing.sent)
        return not facts.open and not play.freezer.frozen and all(map(is_over, facts.pairs))

    def facts(self, wave: Wave, sent: Sequence[Sent]) -> Facts:
        """What there is by now, of these outages and the alarms that were sent for them."""
        stage, items = self._stage, self._table.items()
        self._told += [
            one for body in taken(stage.aws, stage.queues["subscriber"]) for one in _told(body)
        ]
        self._left += [
            _left(name, body)
            for name in ("failed", "dead")
            for body in taken(stage.aws, stage.queues[name])
        ]
        control = stage.emulator.pair.id
        return Facts(
            pairs=tuple(self._of_pair(outage, items) for outage in wave.outages),
            control_orders=self._accepted(control),
            notices=tuple(of_kind(items, "notice#")),
            told=tuple(self._told),
            heard={
                one["part"]: stage.passing.at_s(time_of(one, "at"))
                for one in of_kind(items, "alarm#")
            },
            waiting=frozenset(map(_part, of_kind(items, "waiting#"))),
            open=tuple(_open(items)),
            sent=tuple(sent),
            left=tuple(self._left),
            met=stage.tally.met,
        )  # fmt: skip

    def _of_pair(self, outage: Outage, items: list[Item]) -> OfPair:
        state: Item = next(of_kind(items, "state#pair", outage.id), {})
        runs = [
            {
                **run,
                "claimed_s": self._stage.passing.then_s(_claimed_at(run)),
                "holds": run["run_id"] in state.get("holding", ()),
            }
            for run in of_kind(items, "run#", outage.id)
        ]
        return OfPair(
            outage=outage,
            accepted=self._accepted(outage.id),
            is_exchanged=self._stage.emulator.find_pair(outage.id).state.is_exchanged,
            runs=tuple(runs),
            told=tuple(one for one in self._told if one.pair_id == outage.id),
        )

    def _accepted(self, id_: str) -> int:
        return sum(post.effect and id_ in post.path for post in self._stage.emulator.failover_posts)


def _open(items: list[Item]) -> Iterator[str]:
    for one in of_kind(items, "work#"):
        yield from (*one.get("runs", ()), *one.get("notices", ()))


def _claimed_at(run: Item) -> datetime:
    """What a run's id begins with, which grows no older."""
    text = run["run_id"].partition("-")[0]
    return datetime.strptime(text, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)


def is_over(pair: OfPair) -> bool:
    """Whether an outage has what must come of it, or a hold."""
    if any(run["state"] in OPEN for run in pair.runs):
        return False
    return pair.outage.expected != "one" or bool(
        pair.accepted or any(run["holds"] for run in pair.runs)
    )


def _told(body: str) -> list[Told]:
    envelope = json.loads(body)
    said = json.loads(envelope["Message"])
    if "decision" not in said:
        return []
    attributes = {name: one["Value"] for name, one in envelope.get("MessageAttributes", {}).items()}
    return [
        Told(
            notice_id=attributes.get("notice_id", ""),
            pair_id=said.get("disaster_recovery_id") or "",
            decision=said["decision"],
            reason_code=said["reason_code"],
            run_id=said.get("run_id"),
        )
    ]


def _left(queue: str, body: str) -> Left:
    """A message; Lambda's own tell why an event was given up."""
    try:
        error: Any = json.loads(body).get("responsePayload", {}).get("errorType", "")
    except (ValueError, AttributeError):
        error = ""
    return Left(queue, body, str(error))


def _part(pending: Item) -> str:
    alarm = pending["alarm"]
    return f"{alarm['arn']} ({alarm['resource']})" if alarm.get("resource") else str(alarm["arn"])
