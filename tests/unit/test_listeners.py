"""Whom an alarm may speak for: what is looked up is what asking each of them would find."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from handler.model.alarm_patterns import speaks_for
from handler.model.listeners import Listeners
from handler.model.signals import Alarm

OWN = ("111122223333", "eu-central-1")
HEADS = [
    "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:",
    "arn:aws:cloudwatch:us-east-1:111122223333:alarm:",
    "arn:aws:cloudwatch:eu-central-1:444455556666:alarm:",
    "urn:smn:eu-west-101:0123456789abcdef0123456789abcdef:outages:",
]
NAMES = st.text("ab:*", max_size=4) | st.sampled_from(["arn:a", *HEADS])
ALARMS = st.tuples(st.sampled_from(HEADS), NAMES.filter(lambda name: "*" not in name)).map("".join)
PATTERNS = st.one_of(
    NAMES, ALARMS, st.tuples(st.sampled_from(HEADS), NAMES).map("".join),
    NAMES.map("arn:aws:cloudwatch:*:111122223333:alarm:{}".format),
)  # fmt: skip


def alarm(arn, **changes):
    return Alarm("sns", "name", arn, "ALARM", "OK", datetime.now(UTC), **changes)


@given(st.lists(st.lists(PATTERNS, max_size=3).map(tuple), max_size=6), ALARMS)
def test_those_that_list_an_alarm_are_found(listed, arn):
    found = Listeners((patterns, None) for patterns in listed).of_alarm(alarm(arn), *OWN)
    each = {n for n, patterns in enumerate(listed) if speaks_for(patterns, arn, *OWN)}
    assert found == each


def test_an_alarm_that_names_an_id_means_no_other_whatever_they_list():
    listeners = Listeners([(("*",), "AB"), ((), "ab"), (("*",), "cd"), (("*",), None)])
    assert listeners.of_alarm(alarm(HEADS[0] + "a", disaster_recovery_id="ab"), *OWN) == {0, 1}


def test_an_alarm_that_names_several_ids_means_each_of_them_and_no_other():
    listeners = Listeners([((), "ab"), ((), "cd"), (("*",), "ef")])
    told = alarm(HEADS[0] + "a", named_ids=("cd", "xy", "ab"))
    assert listeners.of_alarm(told, *OWN) == {0, 1}


def test_a_text_that_names_nobodys_id_means_those_that_list_it():
    listeners = Listeners([((), "ab"), (("*",), "cd"), (("b",), "ef")])
    assert listeners.of_alarm(alarm(HEADS[0] + "a", named_ids=("xy",)), *OWN) == {1}
