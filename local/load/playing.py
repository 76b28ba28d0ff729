"""Plays a storm on a stack: its pairs are armed, half of them die, a minute of alarms, the end."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from local.aws.callers import Freezer
from local.chaos import events, readiness
from local.chaos.documents import Documents
from local.chaos.facts import Facts, Item
from local.chaos.judging import Wrong, judge
from local.chaos.plan import Wave
from local.chaos.quiet import Quiet
from local.chaos.seen import Witness, is_over
from local.chaos.stage import Stage
from local.chaos.table import Table
from local.load.history import a_run, is_past, write_past
from local.load.schedule import end_minute, scheduled
from local.load.sending import AHEAD, Sending
from local.load.standing import misplaced
from local.load.storm import Storm, Turned
from local.load.watching import Memory, Watch

EXECUTIONS: Final = 16  # at once, in the whole account
# The rest is for the schedule, and for pairs that an invocation hands over.
_OF_THE_QUEUE: Final = 12
_VISIBLE_AGAIN_S: Final = "60"  # a batch that Lambda has no room for comes again after it
_COPIES_FOR_S: Final = 15.0
_LOOKS: Final = 40
_APART_S: Final = 2.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Cost:
    """What so many alarms have cost the function.

    Attributes:
        alarms: how many came.
        seconds: until the last one was done with.
        cpu_s: of its processes.
        aws_calls: of theirs.
        provider_calls: of theirs, too.
    """

    alarms: int
    seconds: float
    cpu_s: float
    aws_calls: int
    provider_calls: int


@dataclass(frozen=True)
class Played:
    """What became of a storm.

    Attributes:
        history: how many runs of the past there were.
        storm: its cost.
        copies: that of copies alone, once all was decided.
        memory: of the function's processes in the storm.
        orders: that the provider has accepted.
        wrong: what must not be.
        example: a run, to make others of.
    """

    history: int
    storm: Cost
    copies: Cost
    memory: Memory
    orders: int
    wrong: tuple[Wrong, ...]
    example: Item


class Play:
    """A storm on its stage; `ahead` is how many alarms wait in the queue."""

    def __init__(self, stage: Stage, wave: Wave, say: Say, ahead: int = AHEAD) -> None:
        self._stage, self._wave, self._say = stage, wave, say
        self._sending, self._storm = Sending(stage, ahead), Storm(wave.seed, wave.outages)
        self._witness, self._quiet = Witness(stage), Quiet(stage, Freezer())
        self._table = stage.outputs["RunsTableName"]

    def run(
        self, seconds: float, example: Item | None, history: int, copies_s: float = _COPIES_FOR_S
    ) -> Played:
        """Play it to its end.

        Args:
            seconds: for how long alarms are sent.
            example: a run, of which others are made; None: there is no past.
            history: how many.
            copies_s: for how long copies are sent afterwards.
        """
        self._make_ready(example, history)
        for outage in self._wave.outages:
            if outage.acts:
                self._stage.emulator.break_production(outage.id)
        self._say("the storm")
        storm, watch = self._measured(seconds, self._storm.next)
        newest = [(one, self._sending.part_of(one)) for one in self._storm.newest]
        wrong = tuple(misplaced(Table(self._stage).items(), newest))
        self._settle()
        self._say("copies")
        copies, _ = self._measured(copies_s, lambda _: self._storm.copy())
        facts = self._settle()
        return Played(
            history=history,
            storm=storm,
            copies=copies,
            memory=watch.memory,
            orders=sum(pair.accepted for pair in facts.pairs),
            wrong=(*wrong, *judge(facts)),
            example=a_run(self._stage.aws, self._table, self._died),
        )

    def _make_ready(self, example: Item | None, history: int) -> None:
        stage, ids = self._stage, [outage.id for outage in self._wave.outages]
        _widen(stage)
        readiness.make_ready(stage, Documents(stage), self._wave, self._say)
        if example:
            self._say(f"writing {history} runs of the past")
            write_past(stage.aws, self._table, example, ids, history // len(ids))

    def _measured(self, seconds: float, draw: Callable[[datetime], Turned]) -> tuple[Cost, Watch]:
        before = self._sending.count
        with scheduled(self._stage), Watch(self._stage) as watch:
            took_s = self._sending.send_for(seconds, draw)
        count = self._sending.count - before
        return Cost(count, took_s, watch.cpu_s, watch.aws_calls, watch.provider_calls), watch

    def _settle(self) -> Facts:
        """Look until nothing is open; the facts then, or once it has taken too long."""
        for number in range(_LOOKS):
            self._say(f"calm, look {number + 1}")
            self._quiet.wait()
            end_minute(self._stage)
            self._stage.invoke(events.scheduled())
            self._quiet.wait()
            facts = self._facts()
            if not facts.open and all(map(is_over, facts.pairs)):
                break
            time.sleep(_APART_S)
        return facts

    def _facts(self) -> Facts:
        """Without the runs of the past: no one has told of them."""
        facts = self._witness.facts(self._wave, self._sending.sent)
        pairs = tuple(
            replace(pair, runs=tuple(run for run in pair.runs if not is_past(run["run_id"])))
            for pair in facts.pairs
        )
        return replace(facts, pairs=pairs)

    @property
    def _died(self) -> str:
        return next(outage.id for outage in self._wave.outages if outage.acts)


def _widen(stage: Stage) -> None:
    """Have the queue's records handled by as many invocations as there is room for."""
    client = stage.aws.client("lambda")
    mappings = client.list_event_source_mappings(FunctionName=stage.function)
    for one in mappings["EventSourceMappings"]:
        client.update_event_source_mapping(
            UUID=one["UUID"], ScalingConfig={"MaximumConcurrency": _OF_THE_QUEUE}
        )
    stage.aws.client("sqs").set_queue_attributes(
        QueueUrl=stage.queues["alarms"], Attributes={"VisibilityTimeout": _VISIBLE_AGAIN_S}
    )
