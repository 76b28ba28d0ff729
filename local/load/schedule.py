"""The stack's schedule, which is switched off: once a minute."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

from local.chaos import events
from local.chaos.stage import Stage

_MINUTE_S: Final = 60.0


@contextmanager
def scheduled(stage: Stage) -> Iterator[None]:
    """Let reconcile run at once and each minute."""
    over = Event()

    def run() -> None:
        stage.send(events.scheduled())
        while not over.wait(_MINUTE_S):
            stage.send(events.scheduled())

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
