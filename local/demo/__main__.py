"""The story: health, an outage, a failover, and what a person is told."""

import argparse
import signal
import sys
import time
from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from local.aws.processes import Failed
from local.demo.screen import Screen
from local.demo.stage import ALARM, DOWN_FOR_S, PAIR, Stage, staged
from local.demo.walk import kept, next_steps
from local.inbox import Mail

MS = timedelta(milliseconds=1)
_TAKES = "A few minutes: the SAM CLI builds and deploys first; then the play takes about one."
_HEALTHY_WITHIN_S = 30.0
_TOLD_WITHIN_S = 20.0
_AT_ONCE_S = 0.1
_PROVED_WITHIN_S = 120.0
_LOOKS_APART_S = 8.0


def main() -> int:
    """Play it; 0 if it ended with exactly one order, validly signed, and its notification."""
    parser = argparse.ArgumentParser(
        prog="make demo",
        description="Deploy dws-failover to an embedded AWS on this machine, break the production"
        " cluster of an emulated DWS pair, and watch the failover. Needs no account anywhere.",
    )
    parser.add_argument(
        "--keep", action="store_true", help="leave everything running afterwards, until Ctrl-C"
    )
    options = parser.parse_args()
    # Ctrl-C and kill alike unwind the `with` blocks that stop what was started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    screen = Screen()
    screen.chapter("dws-failover: from an alarm to a failover, on this machine")
    screen.say(f"{_TAKES} Ctrl-C stops it, and all that it has started.")
    try:
        with staged(screen) as stage:
            code = _play(stage, screen)
            if code == 0 and options.keep:
                with kept(stage, screen):
                    signal.pause()
            if code == 0:
                next_steps(screen)
            return code
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
    _fail_over(stage, screen)
    second = _call_again(stage, screen)
    message = _see_it_through(stage, screen)
    return _conclude(stage, screen, second, message)


def _see_health(stage: Stage, screen: Screen) -> None:
    screen.chapter("1. Health (reconcile runs every minute; here the minutes between are skipped)")
    until = time.monotonic() + _HEALTHY_WITHIN_S
    while (seen := stage.reconcile())["reason_code"] != "armed":
        screen.say_once(f"reconcile: {seen['reason']}")
        if time.monotonic() > until:
            raise TimeoutError("the pair did not get armed")
        stage.let_a_minute_pass()
        time.sleep(0.5)
    screen.say(f"reconcile: {seen['reason']}")
    screen.say(f"status:    {stage.invoke({'command': 'status', 'pair': PAIR})['reason']}")
    screen.say(f"Notification: {stage.told(_TOLD_WITHIN_S).subject}")  # of the new pair


def _break_production(stage: Stage, screen: Screen) -> None:
    screen.chapter("2. The outage")
    stage.emulator.break_production()
    screen.say(f"Production {stage.emulator.pair.production_id} is FAILED and refuses connections")
    stage.set_alarm()
    screen.say(f"CloudWatch alarm {ALARM} is in ALARM; the EventBridge rule hears it")


def _refuse_first(stage: Stage, screen: Screen) -> None:
    told = stage.told(_TOLD_WITHIN_S)
    screen.say(f"Notification: {told.subject}")
    screen.say(told.text.splitlines()[0])
    screen.let_pass(DOWN_FOR_S, "production_down_for_s has to pass (120 s by default)")


def _fail_over(stage: Stage, screen: Screen) -> None:
    screen.chapter("3. The failover (every minute reconcile pursues the incident, here at once)")
    result = stage.invoke({"command": "reconcile", "pair": PAIR})
    screen.say(f"Decision: {result['decision']}: {result['reason']}")
    screen.gates(result["gates"])
    for post in stage.emulator.failover_posts:
        signed = f"signature {'valid' if post.auth_valid else 'INVALID'}"
        screen.say(f"{post.method} …{post.path[post.path.index('/disaster-recovery') :]}")
        screen.say(f"answered {post.status}, {signed}, request id {post.request_id}")
    screen.say(f"Notification: {_told(stage, screen, 'submitted').subject}")


def _call_again(stage: Stage, screen: Screen) -> dict[str, Any]:
    screen.chapter("4. A second alarm of the same outage")
    alarm = stage.alarm_event("dws-outage-analytics-dashboards")
    second: dict[str, Any] = stage.invoke(alarm)["results"][0]
    screen.say(f"Decision: {second['decision']}: {second['reason']}")
    return second


def _see_it_through(stage: Stage, screen: Screen) -> Mail:
    screen.chapter("5. Until it is proved (two looks, 30 s apart, at the run's own two clusters)")
    until, message = time.monotonic() + _PROVED_WITHIN_S, None
    while (seen := stage.invoke({"command": "verify", "pair": PAIR}))["decision"] != "succeeded":
        message = _show_what_came(stage, screen) or message
        told = seen["reason"].partition("; at ")[0]  # the time of the look is no news
        screen.say_once(f"verify: {seen['decision']}: {told}; it is looked at every 8 s")
        if time.monotonic() > until:
            raise TimeoutError("the failover was not proved")
        screen.let_pass(_LOOKS_APART_S)
    message = _show_what_came(stage, screen) or message
    screen.say(f"verify: {seen['decision']}: {seen['reason']}")
    return message or _told(stage, screen, "succeeded")


def _show_what_came(stage: Stage, screen: Screen) -> Mail | None:
    """What people were told meanwhile; that it has succeeded is returned, and shown at the end."""
    with suppress(TimeoutError):
        while (message := stage.told(_AT_ONCE_S)).attributes["decision"] != "succeeded":
            screen.say(f"Notification: {message.subject}")
        return message
    return None


def _told(stage: Stage, screen: Screen, decision: str) -> Mail:
    """The notification of a decision; those before it are shown by their subjects."""
    while True:
        message = stage.told(_TOLD_WITHIN_S)
        if message.attributes["decision"] == decision:
            return message
        screen.say(f"Notification: {message.subject}")


def _conclude(stage: Stage, screen: Screen, second: dict[str, Any], message: Mail) -> int:
    screen.chapter("6. What a person is told")
    screen.message(message.subject, message.text)
    posts = stage.emulator.failover_posts
    run = stage.invoke({"command": "verify", "pair": PAIR})
    screen.chapter("Done")
    screen.facts({
        "decision": run["decision"],
        "run": run["run_id"],
        "orders": f"{len(posts)}, validly signed: {sum(post.auth_valid for post in posts)}",
        "second alarm": f"{second['decision']} of {second['run_id']}",
        "in time": _in_time(run["timings"]),
        "data loss": f"{run['estimated_data_loss_s']} s, at most {run['at_most_data_loss_s']} s",
        "notification": f"{message.subject} (notice {message.attributes['notice_id']})",
    })  # fmt: skip
    is_right = [post.auth_valid and post.status == HTTPStatus.OK for post in posts] == [True]
    is_one = (second["decision"], second["run_id"]) == ("duplicate", run["run_id"])
    return 0 if is_right and is_one and run["decision"] == "succeeded" else 1


def _in_time(timings: dict[str, Any]) -> str:
    """How long the steps took, from the times in the result."""
    texts = {name: text for name, text in timings.items() if isinstance(text, str)}
    times = {name: datetime.fromisoformat(text) for name, text in texts.items()}
    down = times["claimed_at"] - times["outage_began_at"]
    sent = times["requested_at"] - times["claimed_at"]
    answered = times["answered_at"] - times["requested_at"]
    return (
        f"claimed {down.total_seconds():.0f} s after the outage was seen,"
        f" sent {sent / MS:.0f} ms later, answered after {answered / MS:.0f} ms;"
        f" roles exchanged {timings['recovery_time_s']} s after the outage was seen"
    )


if __name__ == "__main__":
    sys.exit(main())
