"""Whoever may send alarms may send any number of them, of any time: that stays bounded."""

from collections import Counter
from datetime import timedelta
from itertools import count

from crowd import muted
from envelopes import queue
from interruptions import step_of, with_table
from parts import bus_alarm, command, now

from handler import app
from handler.events import parse


def contributors(number, name="dws-outage-analytics", **changes):
    """One alarm's time series, each with an alarm of its own."""
    return [bus_alarm(name, alarmContributor={"id": str(n)}, **changes) for n in range(number)]


def told(parts):
    """How often people have heard which code, and what the first of each said."""
    return Counter(one.result["reason_code"] for one in parts.notices())


# Too old


def test_what_comes_too_late_is_told_once_in_ten_minutes(parts):
    parts.arm()
    parts.send(queue(*contributors(20, at=now(minutes=-20)), received=2))
    (notice,) = parts.notices()
    assert notice.result["reason"].endswith("further ones of these ten minutes are in the log only")
    parts.let_pass(600)
    parts.send(queue(*contributors(20, "dws-outage-late", at=now(minutes=-20)), received=2))
    assert told(parts) == {"too_old": 1}


# Bad documents


def test_alarms_of_other_times_do_not_use_up_what_is_told_of_a_bad_document(parts):
    """It is told of the ten minutes in which it comes, whatever time an alarm says."""
    parts.arm()
    parts.put_pair(mode="auto")
    parts.send(queue(*(bus_alarm(f"dws-outage-{n}", at=now(minutes=n)) for n in range(-60, 5, 5))))
    assert told(parts)["invalid_pair"] == 1
    parts.let_pass(1800)
    (result,) = parts.alarm(at=now() + timedelta(minutes=30))
    assert (result["decision"], told(parts)["invalid_pair"]) == ("blocked", 1)


# Muted


def muting_before_each_claim(parts):
    """Another alarm of the pair is muted just before each claim is written; for `with_table`."""
    numbers = count()

    def interrupt(name, call):
        def meddled(**kwargs):
            if step_of(name, kwargs) == "claim":
                parts.take(muted(f"dws-outage-{next(numbers)}"))
            return call(**kwargs)

        return meddled

    return interrupt


def test_what_is_muted_before_each_try_of_a_claim_keeps_no_order_out(outage):
    adapters = with_table(outage, muting_before_each_claim(outage))
    result = app.respond(parse(command()), adapters, outage.context)
    assert (result["decision"], outage.posts) == ("submitted", 1)
