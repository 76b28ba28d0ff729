"""Reads done at once: by threads that are kept, and none that hangs keeps later ones waiting."""

import threading
import time

import pytest

from handler.dws.client import Unreadable
from handler.dws.side_by_side import AT_ONCE, side_by_side


@pytest.fixture
def hanging():
    """What a read that hangs waits for, until the test is over."""
    over = threading.Event()
    yield over.wait
    over.set()


def named(read, count=AT_ONCE):
    return {str(number): read for number in range(count)}


def test_a_thread_that_was_at_work_is_at_work_again():
    side_by_side(named(_who, 4), 5)
    time.sleep(0.2)  # a thread has answered before it is free
    there = {thread.ident for thread in threading.enumerate()}
    assert set(side_by_side(named(_who, 4), 5).values()) <= there


def _who():
    time.sleep(0.05)
    return threading.get_ident()


def test_however_many_reads_hang_later_ones_are_done(hanging):
    for _ in range(12):
        given = side_by_side(named(hanging), 0.02)
        assert {one.code for one in given.values()} == {"unavailable"}
    assert side_by_side(named(lambda: "read"), 5) == named("read")


def test_what_has_not_begun_in_time_is_not_begun_later(hanging):
    begun = []

    def read():
        begun.append(1)
        hanging()

    side_by_side(named(read, AT_ONCE + 4), 0.1)
    assert len(begun) == AT_ONCE


def test_no_more_than_a_few_are_done_at_once():
    lock, counts = threading.Lock(), {"now": 0, "most": 0}

    def read():
        with lock:
            counts["now"] += 1
            counts["most"] = max(counts["most"], counts["now"])
        time.sleep(0.01)
        with lock:
            counts["now"] -= 1

    side_by_side(named(read, 3 * AT_ONCE), 10)
    assert counts == {"now": 0, "most": AT_ONCE}


def test_reads_may_have_reads_of_their_own():
    inner = named(lambda: side_by_side(named(lambda: "read", 5), 5))
    assert side_by_side(inner, 10) == named(named("read", 5))


def test_a_read_that_says_why_it_cannot_be_read_says_it_and_a_bug_is_raised():
    def unreadable():
        raise Unreadable("denied", "no permission", is_transient=False)

    assert side_by_side({"one": unreadable}, 5)["one"].code == "denied"
    with pytest.raises(ZeroDivisionError):
        side_by_side({"one": lambda: 1 / 0}, 5)
