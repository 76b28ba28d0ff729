"""Where a plan comes true: the function amid its surroundings, and all ways to call it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from handler.errors import FailoverError
from local.simulation.alarms import Said, as_action, as_record, on_bus
from local.simulation.function import Function
from local.simulation.plan import Plan
from local.simulation.strands import Invocation
from local.simulation.surroundings import Surroundings

LIFETIME = timedelta(seconds=300)  # of an invocation
BUS_RETRIES_S = (60, 120)  # what Lambda waits before it tries an asynchronous event again
VISIBLE_AFTER_S = 300  # a queue's record that was not taken
RECEIVES = 4


class Stage(Surroundings):
    """The function and all that surrounds it; events reach it as AWS delivers them."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._function = Function(self, self.send)
        self._count = 0

    def invoke(
        self,
        name: str,
        event: Mapping[str, Any],
        retries_s: tuple[int, ...] = (),
        done: Callable[[Any], object] = lambda _: None,
    ) -> None:
        """Invoke the function; Lambda sends an asynchronous event again that came to nothing.

        `done` is told what was answered, or None when it is given up.
        """
        machine = self.machine
        self._count += 1
        deadline = machine.now + LIFETIME
        invocation = Invocation(f"{self._count} {name}", deadline, event)

        def work() -> None:
            answer = None
            try:
                answer = self._function.answer(event, deadline)
            except FailoverError as err:
                machine.tell(f"raised {type(err).__name__}: {err}")
            except Exception as err:
                if self.plan.neighbour != "bug":
                    raise
                machine.tell(f"raised {type(err).__name__}: {err}")
            finally:
                if answer is None and retries_s:
                    at = machine.now + timedelta(seconds=retries_s[0])
                    machine.at(at, lambda: self.invoke(name, event, retries_s[1:], done))
                else:
                    done(answer)

        machine.spawn(invocation, work)

    def send(
        self, name: str, event: Mapping[str, Any], done: Callable[[Any], object] = lambda _: None
    ) -> None:
        """Give the function an event that nobody waits for, as buses do: at least once."""
        self.invoke(name, event, BUS_RETRIES_S, done)
        if self.plan.repeats:
            at = self.machine.now + timedelta(seconds=self.machine.random.uniform(0, 3))
            self.machine.at(at, lambda: self.invoke(f"{name} again", event, BUS_RETRIES_S))

    def bring(self, said: Said, via: str) -> None:
        """Deliver what an alarm said, by the bus, by its own action, or by a queue."""
        said.pending += 1

        def done(answer: Any) -> None:
            said.pending -= 1
            if answer is not None:
                said.taken_at = said.taken_at or self.machine.now

        name = f"alarm {said.name[-1]}"
        if via == "queue":
            self._receive(name, said, done, self.machine.now)
        else:
            self.send(name, as_action(said) if via == "action" else on_bus(said), done)

    def _receive(
        self,
        name: str,
        said: Said,
        done: Callable[[Any], object],
        sent_at: datetime,
        count: int = 1,
    ) -> None:
        """A queue gives its record; one that was not taken comes again."""

        def received(answer: Any) -> None:
            if answer is not None and not answer["batchItemFailures"]:
                said.was_queued |= said.taken_at is None  # a copy by another way tells nothing
                done(answer)
            elif count == RECEIVES:
                done(None)
            else:
                at = self.machine.now + timedelta(seconds=VISIBLE_AFTER_S)
                self.machine.at(at, lambda: self._receive(name, said, done, sent_at, count + 1))

        record = as_record(said, sent_at, count)
        self.invoke(f"{name} queued", {"Records": [record]}, done=received)
