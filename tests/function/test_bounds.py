"""Whoever may send alarms may send any number of them, of any time: that stays bounded."""

from collections import Counter
from datetime import timedelta

from envelopes import queue
from parts import bus_alarm, now


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
