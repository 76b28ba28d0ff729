"""The stack's schedule, which is switched off: once a minute."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

from local.chaos import events
from local.chaos.stage import Stage

_MINUTE_S: Final = 60.0
_LEASE: Final = {"pk": {"S": "*"}, "sk": {"S": "state#lease"}}


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


def end_minute(stage: Stage) -> None:
    """Let the next reconcile work at once, where none does: the last one's lease lasts for 55 s."""
    table = stage.outputs["RunsTableName"]
    stage.aws.client("dynamodb").delete_item(TableName=table, Key=_LEASE)
