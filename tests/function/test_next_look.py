"""What only has to last is looked at when it has: one invocation waits, and all is read anew."""

from datetime import timedelta

import pytest
from neighbours import TROUBLED, beside, put_troubled
from parts import now, scheduled
from steps import second_word

from handler.failover.next_look import AWAKE_FOR, REACH
from handler.model.times import parse_time

DOWN_FOR_S = 120  # as shipped


class Lambda:
    """Takes events that the function sends itself, and gives them to it when a test says so."""

    def __init__(self, parts):
        self._parts = parts
        self.asked, self.slept_s, self.is_down = [], [], False
        parts.instead |= {"invoker": self, "wait": self.wait}

    def reconcile(self, _, pair, at):
        return self._take(at, pair=pair)

    def look(self, _, pair, until, at):
        named = {"pair": pair} if pair else {}
        return self._take(at, **named, until=until.isoformat())

    def wait(self, seconds):
        self.slept_s.append(seconds)
        self._parts.let_pass(seconds)

    @property
    def waiting(self):
        """The events by which an invocation is to wait."""
        return [event for event in self.asked if "pair" not in event]

    def deliver(self):
        """Give the function what it has sent itself, and what comes of that; the results."""
        results = []
        while self.asked:
            answer = self._parts.send(self.asked.pop(0))
            results += answer.get("results", [answer])
        return results

    def _take(self, at, **fields):
        if not self.is_down:
            self.asked.append(scheduled(at, **fields))
        return not self.is_down


@pytest.fixture
def outage(parts):
    """An armed pair whose production has just failed."""
    parts.arm()
    parts.put_pair(production_down_for_s=DOWN_FOR_S)
    parts.emulator.break_production()
    return parts


@pytest.fixture
def aws_lambda(parts):
    return Lambda(parts)


@pytest.fixture
def two(parts):
    """Two pairs that have lost their production; an alarm each, and waits of their own."""
    with beside(parts):
        parts.put_pair(production_down_for_s=DOWN_FOR_S)
        put_troubled(parts, alarms=["dws-lost"], production_down_for_s=DOWN_FOR_S)
        parts.emulator.break_production()
        parts.troubled.break_production(TROUBLED)
        yield parts


def orders(two):
    return two.posts, len(two.troubled.failover_posts)


def alarm(parts, name="dws-outage-analytics", **changes):
    (result,) = parts.alarm(name, at=parts.adapters.clock(), **changes)
    return result


def reconcile(parts):
    return parts.send(scheduled(parts.adapters.clock()))["results"]


def since_the_first_word_s(parts):
    (order,) = parts.emulator.failover_posts
    return (order.at - parts.record.run.outage_began_at).total_seconds()


# When


def test_the_order_comes_when_production_has_been_down_for_long_enough(outage, aws_lambda):
    result = alarm(outage)
    assert (result["decision"], outage.posts) == ("refused", 0)
    looked, ordered = aws_lambda.deliver()
    assert (looked["reason_code"], ordered["decision"]) == ("due", "submitted")
    assert DOWN_FOR_S <= since_the_first_word_s(outage) <= DOWN_FOR_S + 10


def test_so_it_does_without_any_alarm(outage, aws_lambda):
    second_word(outage)
    reconcile(outage)
    assert outage.record.open_incident.kind == "watch"
    *_, ordered = aws_lambda.deliver()
    assert ordered["decision"] == "submitted"
    assert DOWN_FOR_S <= since_the_first_word_s(outage) <= DOWN_FOR_S + 10


def test_it_waits_until_the_second_that_the_notice_names(outage, aws_lambda):
    result = alarm(outage)
    (wait,) = aws_lambda.waiting
    assert parse_time(wait["until"]) == parse_time(result["timings"]["acts_at"])
    (told,) = outage.notices()
    assert f"{parse_time(wait['until']):%H:%M:%SZ}" in told.subject


@pytest.mark.parametrize("down_for_s", [30, 125], ids=["shorter", "as far as it reaches"])
def test_whatever_the_wait_is_it_is_met(outage, aws_lambda, down_for_s):
    outage.put_pair(production_down_for_s=down_for_s)
    alarm(outage)
    aws_lambda.deliver()
    assert down_for_s <= since_the_first_word_s(outage) <= down_for_s + 10


def test_a_long_wait_is_arranged_by_the_reconcile_that_is_near_enough(outage, aws_lambda):
    outage.put_pair(production_down_for_s=300)
    alarm(outage)
    assert aws_lambda.waiting == []
    for _ in range(3):
        outage.let_pass(60)
        reconcile(outage)
        aws_lambda.deliver()
    assert 300 <= since_the_first_word_s(outage) <= 310


# One waits


def test_of_many_alarms_one_invocation_waits(outage, aws_lambda):
    for number in range(20):
        alarm(outage, f"dws-outage-{number}")
    assert len(aws_lambda.waiting) == 1


def test_beside_an_alarm_reconcile_has_no_second_one_wait(outage, aws_lambda):
    alarm(outage)
    (wait,) = aws_lambda.asked
    aws_lambda.asked.clear()
    outage.let_pass(30)
    reconcile(outage)
    aws_lambda.deliver()
    assert (aws_lambda.slept_s, outage.posts) == ([], 0)
    outage.send(wait)
    aws_lambda.deliver()
    assert outage.posts == 1


def test_one_waits_for_all_pairs(two, aws_lambda):
    alarm(two)
    two.let_pass(20)
    alarm(two, "dws-lost")
    assert len(aws_lambda.waiting) == 1
    aws_lambda.deliver()
    assert (len(aws_lambda.slept_s), orders(two)) == (2, (1, 1))


def test_who_is_due_earlier_is_not_kept_waiting_for_who_is_due_later(two, aws_lambda):
    put_troubled(two, alarms=["dws-lost"], production_down_for_s=30)
    alarm(two)
    alarm(two, "dws-lost")
    _, earlier = aws_lambda.waiting
    aws_lambda.asked = [earlier]
    aws_lambda.deliver()
    first_s, second_s = aws_lambda.slept_s
    assert first_s <= 31
    assert (first_s + second_s <= DOWN_FOR_S + 1, orders(two)) == (True, (1, 1))


def test_what_it_does_not_live_to_see_another_one_waits_for(two, aws_lambda):
    put_troubled(two, alarms=["dws-lost"], production_down_for_s=30)
    alarm(two)
    aws_lambda.asked.clear()
    alarm(two, "dws-lost")
    (wait,) = aws_lambda.asked
    aws_lambda.asked.clear()
    two.remaining_s = 100.0
    two.send(wait)
    assert len(aws_lambda.waiting) == 1
    two.remaining_s = 300.0
    aws_lambda.deliver()
    assert orders(two) == (1, 1)


def test_a_look_that_is_due_has_nobody_wait_again(outage, aws_lambda):
    """Else one invocation would start the next for as long as a witness comes and goes."""
    alarm(outage)
    (wait,) = aws_lambda.asked
    aws_lambda.asked.clear()
    outage.emulator.restore_production()
    outage.send(scheduled(outage.adapters.clock(), pair="analytics", until=wait["until"]))
    outage.emulator.break_production()
    again = scheduled(outage.adapters.clock(), pair="analytics", until=wait["until"])
    assert outage.send(again)["decision"] == "refused"
    assert aws_lambda.asked == []


# Everything is read anew


def pause(parts):
    until = (parts.adapters.clock() + timedelta(hours=1)).isoformat()
    signed = {"reason": "works", "requested_by": "ada"}
    parts.send({"command": "pause", "pair": "analytics", "until": until, **signed})


MEANWHILE = {
    "it is paused": pause,
    "it only observes by now": lambda parts: parts.put_pair(
        production_down_for_s=DOWN_FOR_S, mode="observe"
    ),
    "production is up": lambda parts: parts.emulator.restore_production(),
    "its alarm is OK": lambda parts: alarm(parts, state="OK", previous="ALARM"),
    "it has to be down for longer by now": lambda parts: parts.put_pair(production_down_for_s=600),
    "its document is gone": lambda parts: parts.put_document("analytics", "{"),
}


@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_what_has_changed_while_it_waited_keeps_it_from_ordering(outage, aws_lambda, meanwhile):
    alarm(outage)
    MEANWHILE[meanwhile](outage)
    aws_lambda.deliver()
    assert outage.posts == 0


def test_what_a_person_has_ordered_meanwhile_is_not_ordered_again(outage, aws_lambda):
    alarm(outage)
    assert outage.fail_over()["decision"] == "submitted"
    aws_lambda.deliver()
    assert outage.posts == 1


def test_an_incident_whose_time_is_over_is_not_acted_upon(outage, aws_lambda):
    alarm(outage)
    (wait,) = aws_lambda.asked
    outage.let_pass(3700)
    late = scheduled(outage.adapters.clock(), pair="analytics", until=wait["until"])
    assert outage.send(late)["reason_code"] == "nothing_due"
    assert outage.posts == 0


# Whoever dies or is not there


def test_where_the_one_that_waits_has_died_reconcile_orders_in_its_minute(outage, aws_lambda):
    alarm(outage)
    aws_lambda.asked.clear()
    outage.let_pass(DOWN_FOR_S + 30)
    reconcile(outage)
    aws_lambda.deliver()
    assert outage.posts == 1


def test_one_that_could_not_be_started_keeps_nobody_from_waiting(outage, aws_lambda):
    aws_lambda.is_down = True
    alarm(outage)
    aws_lambda.is_down = False
    outage.let_pass(20)
    alarm(outage, "dws-outage-again")
    assert len(aws_lambda.waiting) == 1


def test_one_that_died_keeps_nobody_from_waiting_for_the_next_outage(outage, aws_lambda):
    outage.put_pair(production_down_for_s=30)
    alarm(outage)
    aws_lambda.asked.clear()
    outage.emulator.restore_production()
    alarm(outage, state="OK", previous="ALARM")
    outage.send({"command": "reconcile", "pair": "analytics"})
    outage.emulator.break_production()
    outage.let_pass(41)
    alarm(outage)
    assert len(aws_lambda.waiting) == 1


def test_given_twice_it_orders_once(outage, aws_lambda):
    """Lambda delivers asynchronous events at least once."""
    alarm(outage)
    (wait,) = aws_lambda.asked
    aws_lambda.asked *= 2
    aws_lambda.deliver()
    assert outage.posts == 1
    outage.send(wait)
    assert outage.posts == 1


# Nobody is held up


def test_who_brings_an_alarm_or_asks_does_not_wait(outage, aws_lambda):
    alarm(outage)
    outage.send({"command": "reconcile", "pair": "analytics"})
    outage.send({"command": "rehearse", "pair": "analytics"})
    outage.send({"command": "status", "pair": "analytics"})
    assert aws_lambda.slept_s == []


def test_a_person_who_sends_its_event_gets_an_answer_at_once(outage, aws_lambda):
    until = (now() + timedelta(days=1)).isoformat()
    (answer,) = [outage.send({"command": "reconcile", "until": until})]
    assert (answer["reason_code"], aws_lambda.slept_s) == ("due", [])


def test_whoever_makes_its_event_up_gets_an_answer_at_once(outage, aws_lambda):
    """Without a lease that was handed over, nothing is to be waited for."""
    for hours in (0, 5):
        answer = outage.send(scheduled(until=now(hours=hours, seconds=60).isoformat()))
        assert answer["reason_code"] == "due"
    assert aws_lambda.slept_s == []


def test_an_event_that_comes_twice_is_waited_for_once(outage, aws_lambda):
    """Each that waits is one of those that the account may run at once."""
    alarm(outage)
    (event,) = aws_lambda.asked
    meanwhile = [event]

    def wait(seconds):
        while meanwhile:
            outage.send(meanwhile.pop())
        aws_lambda.wait(seconds)

    outage.instead["wait"] = wait
    outage.send(event)
    assert len(aws_lambda.slept_s) == 1


def test_it_never_waits_for_longer_than_it_reaches(outage, aws_lambda):
    at, due = now(), now(days=1)
    assert outage.ledger.waiting_lock.take(at, due + AWAKE_FOR)
    outage.send(scheduled(until=due.isoformat()))
    assert aws_lambda.slept_s == [REACH.total_seconds()]


# The lease


def test_the_lease_is_theirs_who_wake_first(parts):
    lock, at = parts.ledger.waiting_lock, now()
    assert lock.take(at, at + timedelta(seconds=60))
    assert not lock.take(at, at + timedelta(seconds=60))
    assert not lock.take(at, at + timedelta(seconds=90))
    assert lock.take(at, at + timedelta(seconds=30))
    assert not lock.take(at + timedelta(seconds=29), at + timedelta(seconds=60))
    assert lock.take(at + timedelta(seconds=30), at + timedelta(seconds=60))


def test_a_lease_that_is_handed_over_is_taken_up_once(parts):
    lock, at, until = parts.ledger.waiting_lock, now(), now(seconds=60)
    assert not lock.take_up(until)
    assert lock.take(at, until)
    taken_up = lock.take_up(until)
    assert taken_up
    assert not lock.take_up(until)
    assert not lock.take(at, until)
    lock.give_back(taken_up, at)
    assert lock.take(at, until)


def test_it_is_not_reconciles(parts):
    at = now()
    assert parts.ledger.reconcile_lock.take(at, at + timedelta(seconds=55))
    assert parts.ledger.waiting_lock.take(at, at + timedelta(seconds=55))
