"""An order, sent once and followed; what fails after it has left never reads as "not ordered"."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NoReturn

from failoverctl.answers import Result, text
from failoverctl.deployment import Deployment
from failoverctl.failures import AnswerLost, ExitCode, Failure
from failoverctl.following import ENDS, followed
from failoverctl.screen import printable, say
from failoverctl.sending import send
from failoverctl.words import line_of
from handler.model.quoting import quoted

Order = Mapping[str, Any]
# There is nothing to follow.
_SETTLED: Final = (*ENDS, "refused", "blocked")


class NothingOrdered(Failure):
    """The run that is there is not this order's."""


def carried_out(deployment: Deployment, order: Order, every: int) -> Result:
    """What became of an order: its answer, if it has begun nothing, else its run's end.

    Raises:
        Failure: nothing was ordered; or it was sent, and can no longer be watched, which it says.
    """
    answer = _answer_to(deployment, order)
    if answer is not None and text(answer, "decision") in _SETTLED:
        return answer
    run_id = text(answer, "run_id") if answer else ""
    try:
        return _end_of(deployment, order, answer, every)
    except NothingOrdered:
        raise
    except Failure as failure:
        if failure.code is ExitCode.INTERRUPTED:
            raise
        _tell_sent(deployment, order, run_id, failure.what)
    except KeyboardInterrupt:
        _tell_sent(deployment, order, run_id, "you have stopped it")
    except Exception as err:  # noqa: BLE001 - a bug here must not read as "nothing was ordered"
        _tell_sent(deployment, order, run_id, f"{type(err).__name__}: {printable(err)}")


def _answer_to(deployment: Deployment, order: Order) -> Result | None:
    """The answer to the order, which is sent once; None if it was lost.

    Raises:
        Failure: nothing was ordered, or nobody waits for the answer.
    """
    try:
        return send(deployment, order)
    except AnswerLost as lost:
        say(f"{lost.sentence}. Looking for what it has begun; it is not sent again.", "red")
        return None
    except KeyboardInterrupt:
        raise Failure(
            "Stopped while the order was on its way: it may have been given. Look:"
            f" {_line(deployment, order)}",
            ExitCode.UNCERTAIN,
        ) from None


def _end_of(deployment: Deployment, order: Order, answer: Result | None, every: int) -> Result:
    """The end of the run that an order has begun."""
    if answer is None:
        return followed(deployment, _look(order), every, _mine(deployment, order), may_come=True)
    if text(answer, "decision") == "duplicate":
        return followed(deployment, _look(order, answer), every, _mine(deployment, order))
    say(f"{text(answer, 'decision')}: {text(answer, 'reason')}")
    result = followed(deployment, _look(order, answer), every)
    if text(result, "decision") == "no_run":
        raise Failure(text(result, "reason"))
    return result


def _mine(deployment: Deployment, order: Order) -> Callable[[Result], None]:
    """Whether a run is this order's: it was begun by a command that was given when this one was.

    No clock is compared with another. Whatever else has begun it, this order began nothing.
    """

    def check(run: Result) -> None:
        found = run.get("trigger")
        if not isinstance(found, Mapping):
            return
        is_command = text(found, "kind") == "command"
        if is_command and _time(found.get("occurred_at")) == _time(order["requested_at"]):
            return
        run_id = text(run, "run_id")
        who = quoted(text(found, "requested_by") or text(found, "name"))
        by = f"{who}, {text(found, 'occurred_at')}"
        look = {"command": "follow", **_pair(order), "run_id": run_id}
        raise NothingOrdered(
            f"Nothing was ordered now: run {run_id} is there already, which this order did not"
            f" begin ({by}). It is {text(run, 'decision').replace('_', ' ')}:"
            f" {text(run, 'reason')}. To watch it: {line_of(look, deployment.options)}"
        )

    return check


def _time(said: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(said))
    except ValueError:
        return None


def _look(order: Order, answer: Result | None = None) -> dict[str, Any]:
    """The look at its run: by the run's id, where that is known."""
    run_id = answer.get("run_id") if answer else None
    by = {"run_id": run_id} if run_id else {"request_id": order["request_id"]}
    return {"command": "verify", **_pair(order), **by}


def _pair(order: Order) -> dict[str, Any]:
    return {name: order[name] for name in ("pair", "disaster_recovery_id") if name in order}


def _tell_sent(deployment: Deployment, order: Order, run_id: str, why: str) -> NoReturn:
    run = f", run {run_id}" if run_id else ""
    raise Failure(
        f"The order was sent (request {printable(order['request_id'])}{run}) and can no longer be"
        f" watched: {why}. Nothing of it is stopped. To go on watching: {_line(deployment, order)}",
        ExitCode.UNCERTAIN,
    ) from None


def _line(deployment: Deployment, order: Order) -> str:
    """The line that follows what an order has begun."""
    look = {"command": "follow", **_pair(order), "request_id": order["request_id"]}
    return line_of(look, deployment.options)
