"""One pair's trouble stays its own: where a turn's failure ends, of whatever kind it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from handler.aws.telemetry import MetricUnit, logger, metrics
from handler.dws.client import Unreadable
from handler.errors import FailoverError
from handler.failover.results import Subject
from handler.model.result import Decision, Reason
from handler.notifications.outbox import Outbox

T = TypeVar("T")


@dataclass(frozen=True)
class Failed:
    """A read in a thread of its own came to nothing; its turn hears why."""

    error: Exception


@dataclass(frozen=True)
class Guard:
    """Takes turns.

    Attributes:
        outbox: tells of bugs.
        bugs: what should never have been raised, to be raised again at the end.
        missed: whose turn did not come, as no time was left for it.
    """

    outbox: Outbox
    bugs: list[Exception] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def turn(self, what: str, subject: str, work: Callable[[], T]) -> T | None:
        """Take a turn; None if it fails.

        Args:
            what: the log's event, if it does.
            subject: the pair's name or id.
            work: the turn.
        """
        found = self.outcome(subject, work)
        if isinstance(found, FailoverError):
            logger.warning(what, subject=subject, error=str(found))
        return None if isinstance(found, Exception) else found

    def outcome(self, subject: str, work: Callable[[], T]) -> T | Exception:
        """What a turn has come to: its answer, or what was raised, a bug noted."""
        try:
            return work()
        except FailoverError as err:
            return err
        except Exception as err:  # noqa: BLE001 - the one place; raised again at the end
            if err not in self.bugs:  # else it has been noted in its own turn
                self._note(subject, err)
            return err

    def raise_bugs(self) -> None:
        """Make the invocation fail, once all others had their turns: the alarm on errors rings.

        Raises:
            Exception: the first bug that was met.
        """
        if self.bugs:
            raise self.bugs[0]

    def _note(self, subject: str, err: Exception) -> None:
        """A bug is logged in full, counted and told once an hour, whichever pair it concerns."""
        logger.exception("internal error", subject=subject)
        metrics.add_metric(name="InternalError", unit=MetricUnit.Count, value=1)
        self.bugs.append(err)
        why = f"a bug was met at {subject}: {type(err).__name__}, see the function's log"
        step = "read the function's log: the error is there, with where it was met"
        reason = Reason("internal_error", why)
        result = Subject(subject).result(Decision.RECONCILED, reason, next_steps=(step,))
        hour = f"{self.outbox.clock():%Y-%m-%dT%H}"
        try:
            self.outbox.notify(result, f"internal-error/{subject}/{hour}", can_wait=True)
        except FailoverError as untold:
            logger.error("bug not told", subject=subject, error=str(untold))


def attempted(read: Callable[[], Any]) -> Callable[[], Any]:
    """A read that is done in a thread: whatever it raises is given to its pair's turn."""

    def attempt() -> Any:
        try:
            return read()
        except Unreadable:
            raise
        except Exception as err:  # noqa: BLE001 - `found` raises it again
            return Failed(err)

    return attempt


def found(result: Any) -> Any:
    """What an attempted read has given.

    Raises:
        Exception: whatever it has raised.
    """
    if isinstance(result, Failed):
        raise result.error
    return result
