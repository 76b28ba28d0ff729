"""The story: health, an outage, a failover, and what a person is told."""

import argparse
import signal
import sys
import time
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from local.aws.processes import Failed
from local.demo.screen import Screen
from local.demo.stage import ALARM, DOWN_FOR_S, PAIR, Stage, staged
from local.demo.subscriber import Message

MS = timedelta(milliseconds=1)
_HEALTHY_WITHIN_S = 30.0
_TOLD_WITHIN_S = 20.0


def main() -> int:
    """Play it; 0 if it ended with exactly one order, validly signed, and its notification."""
    parser = argparse.ArgumentParser(
        prog="make demo",
        description="Deploy dws-failover to an embedded AWS on this machine, break the production"
        " cluster of an emulated DWS pair, and watch the failover. Needs no account anywhere.",
    )
    parser.parse_args()
    # Ctrl-C and kill alike unwind the `with` blocks that stop what was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    screen = Screen()
    screen.chapter("dws-failover: from an alarm to a failover, on this machine")
    try:
        with staged(screen) as stage:
            return _play(stage, screen)
    except KeyboardInterrupt:
        screen.say("Stopped. Everything that was started has been stopped.")
        return 130
    except (Failed, TimeoutError, RuntimeError) as err:
        screen.say(f"The demo failed: {err}")
        return 1


def _play(stage: Stage, screen: Screen) -> int:
    _see_health(stage, screen)
    _break_production(stage, screen)
    _refuse_first(stage, screen)
    result, message = _fail_over(stage, screen)
    return _conclude(stage, screen, result, message)


def _see_health(stage: Stage, screen: Screen) -> None:
    screen.chapter("1. Health (reconcile runs every minute; here it is invoked by hand)")
    until = time.monotonic() + _HEALTHY_WITHIN_S
    while (seen := stage.reconcile())["reason_code"] != "armed":
        screen.say(f"reconcile: {seen['reason']}")
        if time.monotonic() > until:
            raise TimeoutError("the pair did not get armed")
        time.sleep(0.5)
    screen.say(f"reconcile: {seen['reason']}")
    screen.say(f"status:    {stage.invoke({'command': 'status', 'pair': PAIR})['reason']}")


def _break_production(stage: Stage, screen: Screen) -> None:
    screen.chapter("2. The outage")
    stage.emulator.break_production()
    screen.say(f"Production {stage.emulator.pair.production_id} is FAILED and refuses connections")
    stage.set_alarm()
    screen.say(f"CloudWatch alarm {ALARM} is in ALARM; the EventBridge rule hears it")


def _refuse_first(stage: Stage, screen: Screen) -> None:
    told = stage.subscriber.next(_TOLD_WITHIN_S)
    screen.say(f"Notification: {told.subject}")
    screen.say(told.text.splitlines()[0])
    screen.let_pass(DOWN_FOR_S, "production_down_for_s has to pass (120 s by default)")


def _fail_over(stage: Stage, screen: Screen) -> tuple[dict[str, Any], Message]:
    screen.chapter("3. The failover (the next reconcile pursues the incident)")
    result = stage.reconcile()
    screen.say(f"Decision: {result['decision']}: {result['reason']}")
    screen.gates(result["gates"])
    for post in stage.emulator.failover_posts:
        signed = f"signature {'valid' if post.auth_valid else 'INVALID'}"
        screen.say(f"{post.method} {post.path}")
        screen.say(f"answered {post.status}, {signed}, request id {post.request_id}")
    return result, stage.subscriber.next(_TOLD_WITHIN_S)


def _conclude(stage: Stage, screen: Screen, result: dict[str, Any], message: Message) -> int:
    screen.chapter("4. What a person is told")
    screen.message(message.subject, message.text)
    posts = stage.emulator.failover_posts
    screen.chapter("Done")
    screen.facts({
        "decision": result["decision"],
        "run": result["run_id"],
        "orders": f"{len(posts)}, validly signed: {sum(post.auth_valid for post in posts)}",
        "in time": _in_time(result["timings"]),
        "notification": f"{message.subject} (notice {message.attributes['notice_id']})",
    })  # fmt: skip
    is_right = [post.auth_valid and post.status == HTTPStatus.OK for post in posts] == [True]
    return 0 if is_right and result["decision"] == "submitted" else 1


def _in_time(timings: dict[str, str]) -> str:
    """How long the last steps took, from the times in the result."""
    times = {name: datetime.fromisoformat(text) for name, text in timings.items()}
    down = times["claimed_at"] - times["outage_began_at"]
    sent = times["requested_at"] - times["claimed_at"]
    answered = times["answered_at"] - times["requested_at"]
    return (
        f"claimed {down.total_seconds():.0f} s after the outage was seen,"
        f" sent {sent / MS:.0f} ms later, answered after {answered / MS:.0f} ms"
    )


if __name__ == "__main__":
    sys.exit(main())
