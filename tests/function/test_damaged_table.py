"""An item that this code cannot have written is its pair's trouble alone; no time overflows."""

import dataclasses
import json
import types
import typing
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from interruptions import Refusing
from neighbours import TROUBLED, assert_the_other_goes_on, put_troubled, rows
from parts import command, now
from situations import NOW, pair, situation
from stored import TIME, items

from handler import app
from handler.aws.ledger import Ledger
from handler.aws.table import Table
from handler.aws.topic import Publisher
from handler.commands.status import describe
from handler.errors import FailoverError, LedgerUnavailable
from handler.failover.remind import reminder
from handler.failover.settle import is_watched, mark_overdue
from handler.gates.assess import assess
from handler.model.alarm_history import LastTransition, PendingAlarm
from handler.model.codec import from_plain, to_plain
from handler.model.incident import Incident, next_try
from handler.model.notice import Notice
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, Observations, PairRecord, PairState, Pause
from handler.model.run import Run, RunState
from handler.model.times import isoformat

ALARM = "dws-accounts-outage"
REQUEST = "3f0c9a1e-request"


@pytest.fixture
def full(two):
    """Of `accounts` there is everything in the table: an outage, an incident, a run that failed."""
    put_troubled(two, alarms=["dws-accounts-*"], mode="observe")
    two.troubled.vary(TROUBLED, switching_s=5, fails=True)
    two.troubled.break_production(TROUBLED)
    assert two.alarm(ALARM)[0]["reason_code"] == "mode"
    assert fail_over(two)["decision"] == "submitted"
    for _ in range(2):
        two.let_pass(60)
        two.send({"command": "reconcile"})
    record = two.ledger.read(TROUBLED)
    assert (record.run.state, record.open_incident is None) == (RunState.FAILED, False)
    two.notices()
    return two


def fail_over(parts, **changes):
    at = (now() + parts.ahead).isoformat()
    whom = {"pair": "accounts", "confirm": "accounts", "request_id": REQUEST, "requested_at": at}
    return parts.send(command(**{**whom, **changes}))


def change(parts, sk, changed, pk=TROUBLED):
    """Change all items whose key begins like this, as no code of ours would."""
    client, found = parts.aws.client("dynamodb"), 0
    for item in items(parts):
        if item["pk"]["S"] == pk and item["sk"]["S"].startswith(sk):
            keys = {name: item.pop(name) for name in ("pk", "sk")}
            client.put_item(TableName=parts.table, Item={**changed(item), **keys})
            found += 1
    assert found, f"there is no {sk}"


def each(kinds, value):
    """All fields of these kinds become this; of any kind, if none is named."""

    def changed(one):
        ((kind, inner),) = one.items()
        if not kinds or kind in kinds:
            return value
        return {kind: every(inner)} if kind == "M" else one

    def every(fields):
        return {name: changed(one) for name, one in fields.items()}

    return every


DAMAGES = {
    "every field a list": each((), {"L": [{"N": "1"}]}),
    "every field empty": each((), {"NULL": True}),
    "every text another": each(("S",), {"S": "teleported"}),
    "every number huge": each(("N",), {"N": "1E+125"}),
    "a newer schema": lambda item: {**item, "schema": {"N": "2"}},
    "a schema that is none": lambda item: {**item, "schema": {"S": "1"}},
}
DAMAGE = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
OF_THE_PAIR = ("state#pair", "state#incident", "state#health", "run#")


@DAMAGE
@pytest.mark.parametrize("sk", OF_THE_PAIR)
def test_an_item_of_a_pair_that_cannot_be_read_is_its_trouble_alone(full, sk, damage):
    change(full, sk, damage)
    assert rows(full)["accounts"]["reason_code"] == "unavailable"
    found = rows(full, "reconcile")["accounts"]
    assert (found["decision"], found["reason_code"]) == ("blocked", "unavailable")
    for asked in ("status", "rehearse", "verify"):
        with pytest.raises(LedgerUnavailable, match=sk):
            full.send({"command": asked, "pair": "accounts"})
    with pytest.raises(LedgerUnavailable):
        fail_over(full, request_id="another-request")
    with pytest.raises(LedgerUnavailable):
        full.alarm("dws-accounts-b")
    assert len(full.troubled.failover_posts) == 1
    assert_the_other_goes_on(full)


# The schema


def test_every_item_that_is_written_says_its_schema(full):
    pause(full, "accounts", hours=1)
    full.ledger.reconcile_lock.take(now(), now(seconds=55))
    kinds = {item["sk"]["S"].partition("#")[0] for item in items(full)}
    assert kinds >= {"state", "run", "request", "alarm", "work", "notice"}
    assert [item for item in items(full) if item.get("schema") != {"N": "1"}] == []


def test_an_item_without_a_schema_reads_as_one_of_the_first(full):
    read = full.ledger.read(TROUBLED)
    for sk in OF_THE_PAIR:
        change(full, sk, lambda item: {name: item[name] for name in item if name != "schema"})
    assert full.ledger.read(TROUBLED) == read


def test_an_item_of_a_newer_schema_says_so(full):
    change(full, "state#pair", DAMAGES["a newer schema"])
    with pytest.raises(LedgerUnavailable, match="schema 2, and this version knows 1") as caught:
        full.ledger.read(TROUBLED)
    assert caught.value.is_damaged


def test_a_change_of_an_item_of_a_newer_schema_does_not_make_it_an_older_one(full):
    """During a deployment the version before goes on for a while."""
    change(full, "state#pair", DAMAGES["a newer schema"])
    full.ledger.alarms.forget_muted(TROUBLED, "a key")
    (pair,) = (item for item in items(full) if item["pk"]["S"] == TROUBLED and "armed" in item)
    assert pair["schema"] == {"N": "2"}


def test_open_items_of_a_newer_schema_are_not_mended(full):
    """What is damaged to this version is how the newer one stores it."""
    lists = {"schema": {"N": "2"}, "held": {"L": [{"S": "a run"}]}}
    change(full, f"work#{TROUBLED}", lambda item: {**item, **lists}, pk="*")
    full.ledger.open_items()
    (stored,) = (item for item in items(full) if item["sk"]["S"] == f"work#{TROUBLED}")
    assert stored["held"] == lists["held"]


def test_a_request_of_a_newer_schema_is_not_ordered_again(full):
    change(full, "request#", DAMAGES["a newer schema"])
    with pytest.raises(LedgerUnavailable, match="schema 2"):
        fail_over(full)
    assert len(full.troubled.failover_posts) == 1


# What is of no pair


@DAMAGE
def test_brakes_that_cannot_be_read_let_nothing_pass_and_are_told(full, damage):
    full.emulator.break_production()
    pause = Pause(now(hours=1), "works", "ada", now())
    full.ledger.save_fleet(replace(full.ledger.fleet(), pause=pause))
    change(full, "state#fleet", damage, pk="*")
    (result,) = full.alarm(at=now() + full.ahead)
    assert (result["decision"], result["reason_code"]) == ("blocked", "ledger_unavailable")
    assert full.posts == 0
    assert full.notices()


def spoilt(parts, spoil):
    if spoil == "bad":
        parts.put_document("analytics", "{")
    if spoil == "deleted":
        parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
        app.adapters.cache_clear()


@pytest.mark.parametrize("document", ["good", "bad", "deleted"])
def test_an_order_comes_to_its_end_though_something_else_of_its_pair_is_damaged(outage, document):
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    run = outage.record.run
    change(outage, "state#health", DAMAGES["every text another"], pk=run.disaster_recovery_id)
    spoilt(outage, document)
    outage.notices()
    for _ in range(3):
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    stored = outage.ledger.run(run.disaster_recovery_id, run.run_id)
    assert stored.state is RunState.SUCCEEDED
    codes = [one.attributes["reason_code"] for one in outage.notices()]
    assert {"seen_exchanged", "unreadable"} <= set(codes)


@pytest.mark.parametrize("document", ["bad", "deleted"])
@pytest.mark.parametrize("sk", ["state#incident", "run#"])
def test_what_is_damaged_of_an_order_without_a_document_is_told_hourly(outage, document, sk):
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    id_ = outage.emulator.pair.id
    change(outage, sk, DAMAGES["every text another"], pk=id_)
    spoilt(outage, document)
    outage.notices()
    for _ in range(4):
        outage.let_pass(1800)
        outage.send({"command": "reconcile"})
    told = [one for one in outage.notices() if one.attributes["reason_code"] == "unreadable"]
    assert len(told) >= 2
    assert {one.attributes["severity"] for one in told} == {"critical"}
    assert {one.result["disaster_recovery_id"] for one in told} == {id_}


def test_brakes_that_cannot_be_read_do_not_keep_open_runs_open(outage):
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    change(outage, "state#fleet", DAMAGES["every field a list"], pk="*")
    for _ in range(2):
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    assert outage.record.run.state is RunState.SUCCEEDED


@pytest.mark.parametrize(
    "until",
    [
        {"S": "9999-12-31T23:59:59+00:00"},
        {"S": "0001-01-01T00:00:00+00:00"},
        {"S": "teleported"},
        {"N": "5"},
        {"L": []},
        None,
    ],
    ids=str,
)
def test_a_lease_that_nobody_can_have_written_is_nobodys(parts, until):
    parts.arm()
    lease = {"leased_until": until} if until else {"owner": {"S": "the future"}}
    keys = {"pk": {"S": "*"}, "sk": {"S": "state#lease"}}
    parts.aws.client("dynamodb").put_item(TableName=parts.table, Item={**keys, **lease})
    (result,) = parts.send({"command": "reconcile"})["results"]
    assert (result["decision"], result["pair"]) == ("reconciled", "analytics")


def test_while_that_lease_is_taken_it_is_the_takers(parts):
    change_lease = parts.aws.client("dynamodb").put_item
    item = {"pk": {"S": "*"}, "sk": {"S": "state#lease"}, "leased_until": {"N": "5"}}
    change_lease(TableName=parts.table, Item=item)
    assert parts.ledger.reconcile_lock.take(now(), now(seconds=55))
    assert not parts.ledger.reconcile_lock.take(now(), now(seconds=55))


# Notices, work, alarms, requests


def unsent(parts, id_, text="a text"):
    attributes = {"pair": "x", "reason_code": "unsent"}
    told = Notice(f"{id_}/n", id_, now(), now(minutes=-1), "s", text, "{}", attributes)
    parts.ledger.notices.save(told)


def sent(parts):
    parts.send({"command": "reconcile"})
    return [one for one in parts.notices() if one.attributes["reason_code"] == "unsent"]


@DAMAGE
def test_a_notice_that_cannot_be_read_keeps_no_other_back(parts, damage):
    parts.arm()
    for id_ in ("0" * 36, parts.emulator.pair.id, "f" * 36):
        unsent(parts, id_)
    change(parts, f"notice#{parts.emulator.pair.id}", damage, pk="*")
    assert len(sent(parts)) == 2


@pytest.mark.parametrize(
    "until", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", "2026-01-01T00:00:00Z"]
)
def test_a_notice_whose_lease_nobody_can_have_written_is_sent(parts, until):
    parts.arm()
    unsent(parts, parts.emulator.pair.id)
    change(parts, "notice#", lambda item: {**item, "leased_until": {"S": until}}, pk="*")
    assert len(sent(parts)) == 1
    assert sent(parts) == []


def test_a_notice_whose_body_is_none_is_given_up_as_it_stands(two):
    """SNS does not take it either."""
    two.instead["publisher"] = Publisher(Refusing(two.aws.client("sns"), "bad"), two.topic)
    unsent(two, TROUBLED, "bad")
    unsent(two, "f" * 36)
    change(two, f"notice#{TROUBLED}", lambda item: {**item, "body": {"S": "{"}}, pk="*")
    assert len(sent(two)) == 1
    for _ in range(6):
        two.let_pass(60)
        two.send({"command": "reconcile"})
    (message,) = two.aws.client("sqs").receive_message(QueueUrl=two.failed_events)["Messages"]
    assert json.loads(message["Body"])["result"] == "{"


@DAMAGE
def test_work_that_cannot_be_read_hides_no_others(two, damage):
    two.emulator.vary(switching_s=0)
    two.emulator.break_production()
    put_troubled(two, alarms=[])
    two.alarm()
    unsent(two, TROUBLED)
    change(two, f"work#{TROUBLED}", damage, pk="*")
    for _ in range(2):
        two.let_pass(60)
        two.send({"command": "reconcile"})
    assert two.record.run.state is RunState.SUCCEEDED


@DAMAGE
def test_an_alarm_of_which_nothing_can_be_read_is_heard_anew_and_told(full, damage):
    """A transition must not be lost because what came before it is damaged."""
    change(full, "alarm#", damage)
    (result,) = full.alarm(ALARM, at=now() + full.ahead)
    assert result["decision"] == "refused"
    (notice,) = (one for one in full.notices() if one.result["reason_code"] == "alarm_unreadable")
    assert notice.attributes["severity"] == "critical"
    assert "alarm#" in notice.result["reason"]
    assert any(item["sk"]["S"].startswith("aside#alarm#") for item in items(full))
    assert_the_other_goes_on(full)


@DAMAGE
def test_its_copy_changes_nothing_and_is_told_no_more(full, damage):
    change(full, "alarm#", damage)
    at = now() + full.ahead
    full.alarm(ALARM, at=at)
    full.notices()
    full.alarm(ALARM, at=at)
    assert "alarm_unreadable" not in [one.result["reason_code"] for one in full.notices()]


@DAMAGE
def test_an_alarm_that_waits_and_cannot_be_read_keeps_no_other_waiting(two, damage):
    put_troubled(two, alarms=["dws-accounts-*"])
    for name in ("analytics", "accounts"):
        two.put_document(name, '{"alarms": ["dws-*"], "mode": "auto"}')
    two.alarm(ALARM)
    change(two, "waiting#accounts", damage, pk="*")
    put_troubled(two, alarms=[])
    two.put_pair(alarms=["dws-*"])
    two.send({"command": "reconcile"})
    assert two.record.open_incident is not None


REQUESTS = {
    "no run": lambda _: {},
    "a run that is not there": each(("S",), {"S": "20200101T000000000Z-00000000"}),
    "a list": each((), {"L": []}),
}


@pytest.mark.parametrize("damage", REQUESTS.values(), ids=REQUESTS)
def test_a_request_whose_run_cannot_be_told_is_not_ordered_again(full, damage):
    """Whoever sends it again may mean the run that it has made."""
    change(full, "request#", damage)
    with pytest.raises(LedgerUnavailable, match=f"request[ #]{REQUEST}"):
        fail_over(full)
    with pytest.raises(LedgerUnavailable, match=f"request[ #]{REQUEST}"):
        full.send({"command": "verify", "pair": "accounts", "request_id": REQUEST})
    assert len(full.troubled.failover_posts) == 1


def test_a_run_named_by_what_is_no_id_is_its_pairs_trouble_alone(two):
    """DynamoDB refuses a whole batch for one key that is too long."""
    named = {"holding": {"SS": ["x" * 2000, ""]}, "run_id": {"S": "y" * 2000}}
    change(two, "state#pair", lambda item: {**item, **named})
    asked = []

    class Client:
        def __getattr__(self, name):
            return getattr(given, name)

        def batch_get_item(self, **call):
            asked.extend(key for one in call["RequestItems"].values() for key in one["Keys"])
            return given.batch_get_item(**call)

    given = two.aws.client("dynamodb")
    two.instead["ledger"] = Ledger(Table(Client(), two.table))
    found = rows(two, "reconcile")
    assert found["analytics"]["decision"] == "reconciled"
    assert all(len(key["sk"]["S"]) <= 1024 for key in asked)
    put_troubled(two, alarms=["dws-accounts-*"])
    two.troubled.break_production(TROUBLED)
    (result,) = two.alarm(ALARM)
    assert (result["decision"], result["reason_code"]) == ("refused", "hold")


# Pauses


def paused(parts, until, paused_at):
    pause = {"until": {"S": until}, "reason": {"S": "works"}, "requested_by": {"S": "ada"}}
    pause |= {"paused_at": {"S": paused_at}} if paused_at else {}
    change(
        parts,
        "state#pair",
        lambda item: {**item, "pause": {"M": pause}},
        pk=parts.emulator.pair.id,
    )


def test_a_pause_of_the_year_9999_ends_after_as_long_as_a_person_can_ask_for(parts):
    parts.arm()
    paused(parts, "9999-12-31T23:59:59+00:00", now().isoformat())
    status = parts.send({"command": "status", "pair": "analytics"})["reason"]
    assert f"PAUSED until {isoformat(now(days=30))[:10]}" in status
    parts.let_pass(30 * 86_400 + 60)
    parts.emulator.break_production()
    assert parts.alarm(at=now() + parts.ahead)[0]["decision"] == "submitted"


@pytest.mark.parametrize("paused_at", [None, "9999-12-31T23:59:59+00:00"])
def test_a_pause_that_does_not_say_when_it_began_holds_until_it_is_lifted(outage, paused_at):
    """Nobody knows how old it is: a brake is not let go on a guess."""
    paused(outage, "9999-12-31T23:59:59+00:00", paused_at)
    assert outage.alarm()[0]["reason_code"] == "pause"
    who = {"reason": "a damaged item", "requested_by": "ada"}
    assert outage.send({"command": "resume", "pair": "analytics", **who})["decision"] == "resumed"
    outage.send({"command": "reconcile"})
    assert outage.posts == 1


def pause(parts, pair="analytics", **span):
    until = now(**span).isoformat()
    who = {"reason": "works", "requested_by": "bob"}
    return parts.send({"command": "pause", "pair": pair, "until": until, **who})


@pytest.mark.parametrize("pair", ["analytics", "*"])
def test_a_short_pause_does_not_silently_replace_a_long_one(parts, pair):
    parts.arm()
    assert pause(parts, pair, days=20)["decision"] == "paused"
    parts.notices()
    result = pause(parts, pair, seconds=5)
    assert (result["decision"], result["reason_code"]) == ("refused", "paused_longer")
    assert "resume first" in result["reason"]
    parts.let_pass(6)
    parts.emulator.break_production()
    assert parts.alarm(at=now() + parts.ahead)[0]["reason_code"] == "pause"


def test_a_longer_pause_takes_the_place_of_a_shorter_one(parts):
    pause(parts, seconds=5)
    assert pause(parts, days=20)["decision"] == "paused"
    assert parts.record.pair_state.pause.until > now(days=19)


# Times


ENDS = ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00")
END = pytest.mark.parametrize("time", ENDS, ids=lambda one: one[:4])


def at_an_end(time):
    """All times become this one."""

    def changed(one):
        ((kind, inner),) = one.items()
        if kind == "M":
            return {kind: every(inner)}
        return {kind: time} if kind == "S" and TIME.fullmatch(inner) else one

    def every(fields):
        return {name: changed(one) for name, one in fields.items()}

    return every


WHO = {"reason": "a damaged item", "requested_by": "ada"}
EVENTS = (
    {"command": "status"},
    {"command": "status", "brief": True},
    {"command": "rehearse"},
    {"command": "verify"},
    {"command": "verify", "request_id": REQUEST},
    {"command": "reconcile"},
    {"command": "pause", "until": now(days=2).isoformat(), **WHO},
    {"command": "resume", **WHO},
)


def answered(ask, *args, **fields):
    """An answer or a refusal by name, but no bug."""
    with suppress(FailoverError):
        ask(*args, **fields)


@END
@pytest.mark.parametrize("sk", [*OF_THE_PAIR, "alarm#"])
def test_times_at_either_end_of_the_calendar_overflow_nothing(full, sk, time):
    change(full, sk, at_an_end(time))
    for event in EVENTS:
        answered(full.send, {"pair": "accounts", **event})
    answered(fail_over, full, request_id="another-request")
    answered(full.alarm, "dws-accounts-b", at=now() + full.ahead)
    answered(full.alarm, ALARM, at=now() + full.ahead, state="OK", previous="ALARM")
    full.send({"command": "status"})
    for _ in range(2):
        full.let_pass(60)
        full.send({"command": "reconcile"})
    assert_the_other_goes_on(full)


@END
def test_brakes_from_either_end_of_the_calendar_overflow_nothing(full, time):
    until = (now(days=2) + full.ahead).isoformat()
    full.send({"command": "pause", "pair": "*", "until": until, **WHO})
    change(full, "state#fleet", at_an_end(time), pk="*")
    for event in EVENTS:
        answered(full.send, {"pair": "analytics", **event})
    full.send({"command": "resume", "pair": "*", **WHO})
    assert_the_other_goes_on(full)


# Every time that a text can say, in any zone that there is.
ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(timezones=ZONES) | st.sampled_from([*map(datetime.fromisoformat, ENDS)])


SIMPLE = {
    datetime: TIMES,
    bool: st.booleans(),
    int: st.integers(0, 9),
    str: st.sampled_from("xy"),
}


def made(kind):
    """Anything of a stored kind, as its annotations allow it."""
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{name: value_of(hint) for name, hint in hints.items()})


def value_of(hint):
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        return st.none() | value_of(args[0])
    if origin in (tuple, frozenset):
        return st.lists(value_of(args[0]), max_size=2).map(origin)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(st.sampled_from("ab"), value_of(args[1]), max_size=2)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(hint)
    return made(hint) if dataclasses.is_dataclass(hint) else SIMPLE.get(hint, st.just("any"))


def stored(kind):
    """As it comes back from the table."""
    return made(kind).map(lambda one: from_plain(kind, to_plain(one)))


def times_in(value):
    if isinstance(value, datetime):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from times_in(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from times_in(one)


@pytest.mark.parametrize(
    "kind",
    [PairState, Observations, Fleet, Run, Incident, Notice, LastTransition, PendingAlarm, Pair],
)
@given(data=st.data())
def test_every_stored_time_comes_back_as_one_that_can_be_counted_with(kind, data):
    one = data.draw(stored(kind))
    for time in times_in(one):
        assert isoformat(time)
        for years in (-100, 100):
            assert (time + timedelta(days=365 * years)).timestamp()
    assert from_plain(kind, to_plain(one)) == one


@given(stored(PairState), stored(Observations), stored(Fleet), stored(Run), stored(Incident))
def test_whatever_times_are_stored_gates_and_status_are_told(
    pair_state, observations, fleet, run, incident
):
    assessment = assess(
        situation(pair_state=pair_state, observations=observations, fleet=fleet, run=run)
    )
    assert len(assessment.verdicts) == 13
    assert describe(
        PairRecord(pair_state, incident, observations, (run,), (run,)), assessment
    ).reason


@given(stored(Run), stored(PairState), stored(Incident))
def test_whatever_times_are_stored_runs_and_incidents_go_on(run, pair_state, incident):
    is_watched(run, pair_state, NOW)
    reminder(run, NOW)
    mark_overdue(run, NOW, pair().completion_deadline_s)
    next_try(incident, (replace(run, incident_id=incident.incident_id),))
    incident.has_news(("roles",), NOW)
    assert run.at_most_data_loss_s is None or run.at_most_data_loss_s >= 0
