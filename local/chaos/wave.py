"""Plays a wave: its pairs are armed, minutes of chaos go by, and then it calms down."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Final

from local.aws.callers import Freezer
from local.chaos import events, readiness
from local.chaos.acts import Acts
from local.chaos.documents import Documents
from local.chaos.everybody import Everybody
from local.chaos.passing import is_true_within
from local.chaos.plan import Wave
from local.chaos.queues import is_empty
from local.chaos.quiet import Quiet
from local.chaos.ringing import Ringing
from local.chaos.shown import Shown
from local.chaos.spoiling import Spoiling
from local.chaos.stage import Stage
from local.chaos.troubles import AT_CALM

RECONCILED_AT_S: Final = 1.0  # of each minute, in the midst of what else is done in it
CALM_MINUTE_S: Final = 100.0  # looks need not come each minute to settle what is open
_PATIENCE_S: Final = 45.0
_MOST_CALM: Final = 34
_AFTER: Final = 2  # looks, to see that nothing follows
_AT_LEAST: Final = 4

Say = Callable[[str], None]


class Play:
    """One wave on its stage."""

    def __init__(self, stage: Stage, wave: Wave) -> None:
        self.stage, self.wave = stage, wave
        self.freezer = Freezer()
        self.documents, self.ringing = Documents(stage), Ringing(stage)
        self.spoiling = Spoiling(stage, self.freezer)
        self.acts = Acts(stage, self.documents, self.ringing, self.spoiling)
        self.everybody = Everybody(stage, self.spoiling)
        self.shown = Shown(stage, wave)
        self.quiet = Quiet(stage, self.freezer)
        self.began_s = 0.0

    def run(self, is_settled: Callable[["Play"], bool], say: Say) -> None:
        """Play it to its end, which is when it is settled, or will not be."""
        readiness.make_ready(self.stage, self.documents, self.wave, say)
        self.began_s = self.stage.passing.now_s()
        with ThreadPoolExecutor(32) as pool:
            for minute in range(self.wave.minutes):
                say(f"minute {minute + 1} of {self.wave.minutes}")
                self._minute(minute, pool)
        self._calm_down()
        looks_after = 0
        for number in range(1, _MOST_CALM + 1):
            say(f"calm, look {number}")
            self._look()
            if number >= _AT_LEAST and is_settled(self):
                looks_after += 1
            if looks_after == _AFTER:
                return

    def _minute(self, minute: int, pool: ThreadPoolExecutor) -> None:
        """What is planned for a minute, each at its second; then what is left of it passes."""
        self.everybody.reconciles = 1
        began, running = time.monotonic(), list[Future[None]]()
        for at_s, do in sorted(self._planned(minute), key=lambda one: one[0]):
            time.sleep(max(0.0, began + at_s - time.monotonic()))
            running.append(pool.submit(do))
        for one in running:
            one.result()
        self.quiet.wait()
        self._collect()
        self.stage.passing.end_minute()

    def _planned(self, minute: int) -> Iterator[tuple[float, Callable[[], None]]]:
        yield RECONCILED_AT_S, self._reconcile
        for act in self.wave.acts:
            if act.minute == minute:
                # Whether a reconcile is missed is known before it would be sent.
                at_s = 0.0 if act.what.startswith("reconcile") else act.at_s
                yield at_s, partial(self.everybody.do, act)
        for outage in self.wave.outages:
            for act in outage.acts:
                if act.minute == minute:
                    yield act.at_s, partial(self.acts.do, outage, act)

    def _reconcile(self) -> None:
        for _ in range(self.everybody.reconciles):
            self.stage.send(events.scheduled())

    def _collect(self) -> None:
        self.spoiling.count()
        self.shown.note()

    def _calm_down(self) -> None:
        """All faults end and all documents are mended; who has paused a pair for good, has."""
        stage = self.stage
        self._collect()
        stage.proxy.clear_troubles()
        self.everybody.calm()
        stage.emulator.clear_faults()
        for outage in self.wave.outages:
            stage.emulator.vary(outage.id, **AT_CALM)
            stage.emulator.set_cluster(outage.ids[2], status="AVAILABLE")
            self.documents.put(outage)
            if outage.kind == "dies":
                stage.ask(events.command("resume", outage, self.documents.name_of(outage)))

    def _look(self) -> None:
        self.everybody.reconciles = 1
        self._reconcile()
        is_true_within(_PATIENCE_S, lambda: is_empty(self.stage.aws, self.stage.queues["alarms"]))
        self.quiet.wait()
        self.stage.passing.end_minute(CALM_MINUTE_S)
