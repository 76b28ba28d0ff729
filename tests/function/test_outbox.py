"""What is decided and what is told are one write: told within the next minutes, and once."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import boto3
import pytest
from botocore.exceptions import ClientError
from crowd import at_once, damage, muted, ok, taking
from envelopes import queue
from interruptions import LOST, Down, Killed, Wrapped, after, interrupted, unsent, with_table
from meddling import closer_step_of
from parts import bus_alarm, command, now
from steps import acknowledged, pass_time, reconciled

from handler import app
from handler.aws.ledger import Ledger
from handler.aws.table import CALL_TAKES_S, Table
from handler.aws.telemetry import metrics
from handler.aws.topic import Publisher
from handler.errors import FailoverError, LedgerUnavailable
from handler.events import parse
from handler.model.notice import Notice
from handler.model.run import RunState
from local.aws.proxy import Proxy
from local.aws.troubles import Drop

RECONCILE = {"command": "reconcile"}
ASKED = {"pair": "analytics", "reason": "works", "requested_by": "ada"}


# What befalls a write


def lost_answer(call, kwargs):
    """The answer does not arrive: the SDK makes the same call once more."""
    call(**kwargs)
    return call(**kwargs)


def lost_at_last(call, kwargs):
    """No answer arrives, however often the SDK tries; but it has taken effect."""
    call(**kwargs)
    raise LOST


def lost_for_good(_call, _kwargs):
    raise LOST


def killed_before(_call, _kwargs):
    raise Killed


def killed_after(call, kwargs):
    call(**kwargs)
    raise Killed


TROUBLES = [lost_answer, lost_at_last, lost_for_good, killed_before, killed_after]


def troubled(step, trouble, left):
    """Let trouble befall the first call of a step, which is then taken from `left`."""

    def interrupt(name, call):
        def troubled_call(**kwargs):
            if closer_step_of(name, kwargs) != step or not left:
                return call(**kwargs)
            left.pop()
            return trouble(call, kwargs)

        return troubled_call

    return interrupt


# What is news


@dataclass(frozen=True)
class News:
    """What makes something happen that people must hear of, and in which write it is decided.

    `begin` sets the scene and returns the event that brings it about.
    """

    code: str
    step: str
    begin: Callable


def refusal(parts):
    parts.arm()
    return bus_alarm("dws-outage-analytics")


def trouble_with_credentials(parts):
    parts.arm()
    parts.put_secret(f"{parts.name}/credentials", access_key_id="only half")
    return bus_alarm("dws-outage-analytics")


def end_by_ok(parts):
    parts.arm()
    parts.alarm()
    return ok("dws-outage-analytics")


def end_by_production(parts):
    parts.arm()
    parts.alarm()
    for _ in range(4):
        reconciled(parts)
    pass_time(parts, seconds=60)
    return RECONCILE


def end_by_time(parts):
    parts.arm()
    parts.alarm()
    pass_time(parts, hours=2)
    return RECONCILE


def readiness_lost(parts):
    parts.arm()
    reconciled(parts)
    parts.emulator.set_pair(status="stopped")
    return RECONCILE


def readiness_regained(parts):
    parts.send(readiness_lost(parts))
    pass_time(parts, seconds=601)
    parts.emulator.set_pair(status="running")
    return RECONCILE


def finding(parts):
    parts.arm()
    parts.emulator.pair.change(parts.emulator.clock.now(), is_exchanged=True)
    return RECONCILE


def pause(parts):
    parts.arm()
    return {"command": "pause", "until": now(hours=2).isoformat(), **ASKED}


def pause_of_all(parts):
    return {**pause(parts), "pair": "*"}


def resume(parts):
    parts.send(pause(parts))
    return {"command": "resume", **ASKED}


def resume_of_all(parts):
    parts.send(pause_of_all(parts))
    return {"command": "resume", **ASKED, "pair": "*"}


def acknowledgement(parts):
    parts.arm()
    parts.alarm()
    other = {"production_cluster_id": parts.roles.standby_cluster_id, "override": ["roles"]}
    return {"command": "acknowledge", **other, **ASKED}


def broken(parts):
    parts.arm()
    parts.emulator.break_production()
    return bus_alarm("dws-outage-analytics")


def rejected(parts):
    parts.emulator.fault("failover", "respond", status=403)
    return broken(parts)


def doubtful(parts):
    parts.emulator.fault("failover", "cut", at="request")
    return broken(parts)


def success(parts):
    parts.emulator.vary(switching_s=0)
    parts.send(broken(parts))
    reconciled(parts)
    pass_time(parts, seconds=60)
    return RECONCILE


def muted_alarm(parts):
    parts.arm()
    return muted()


def alarm_of_a_bad_document(parts):
    parts.arm()
    parts.put_pair(mode="auto")
    return bus_alarm("dws-outage-analytics")


def too_late_an_alarm(parts):
    parts.arm()
    return queue(bus_alarm("dws-outage-analytics", at=now(minutes=-20)), received=2)


NEWS = {
    "a refusal": News("production_down", "decision", refusal),
    "what blocks": News("invalid_credentials", "decision", trouble_with_credentials),
    "an end by OK": News("alarms_ok", "end", end_by_ok),
    "an end by production": News("production_up", "end", end_by_production),
    "an end by time": News("retry_time_over", "end", end_by_time),
    "readiness lost": News("readiness_lost", "notice", readiness_lost),
    "readiness regained": News("readiness_regained", "notice", readiness_regained),
    "a finding": News("roles_changed", "notice", finding),
    "a pause": News("paused", "notice", pause),
    "a pause of all": News("paused", "notice", pause_of_all),
    "a resumption": News("resumed", "notice", resume),
    "a resumption of all": News("resumed", "notice", resume_of_all),
    "an acknowledgement": News("roles_overridden", "end", acknowledgement),
    "an order": News("accepted", "outcome", broken),
    "a rejection": News("http_403", "outcome", rejected),
    "a doubt": News("answer_lost", "outcome", doubtful),
    "a success": News("seen_exchanged", "outcome", success),
    "a mute": News("muted", "notice", muted_alarm),
    "a bad document": News("invalid_pair", "notice", alarm_of_a_bad_document),
    "what came too late": News("too_old", "notice", too_late_an_alarm),
}


def heard(parts, code):
    """How often each notice of a reason has come since people heard last."""
    return Counter(
        one.attributes["notice_id"]
        for one in parts.notices()
        if one.attributes["reason_code"] == code
    )


def happens(parts, news, step, trouble):
    """Let it happen with trouble, and be asked for again where that is what its caller does.

    Whoever calls is told where a call ends: a bus and a queue send again, a person asks again, the
    next minute reconciles.
    """
    event = news.begin(parts)
    parts.notices()
    left = [trouble]
    try:
        answer = app.respond(
            parse(event), with_table(parts, troubled(step, trouble, left)), parts.context
        )
    except (Killed, FailoverError):
        answer = None
    assert left == []
    if answer is None or answer.get("batchItemFailures"):
        parts.let_pass(61)
        parts.send(event)
        return 2
    return 1


def minutes(parts, number=3):
    for _ in range(number):
        parts.let_pass(61)
        parts.send(RECONCILE)


# An order whose invocation ends before its answer is stored is told as another thing, below.
UNANSWERED = ("an order", "a rejection", "a doubt")
BEFALLEN = [
    (what, trouble)
    for what in NEWS
    for trouble in TROUBLES
    if trouble is not killed_before or what not in UNANSWERED
]


@pytest.mark.parametrize(("what", "trouble"), BEFALLEN)
def test_whatever_befalls_the_write_of_a_decision_people_hear_of_it(parts, what, trouble):
    news = NEWS[what]
    asked = happens(parts, news, news.step, trouble)
    minutes(parts)
    told = heard(parts, news.code)
    # Only a person who asks for it twice is told twice.
    is_command = news.code in ("paused", "resumed", "roles_overridden")
    assert 1 <= len(told) <= (asked if is_command else 1)
    # A copy can follow where nobody knows that it was published.
    assert max(told.values()) <= (1 if trouble is lost_answer else 2)
    assert unsent(parts) == []


@pytest.mark.parametrize("trouble", TROUBLES)
def test_whatever_befalls_the_mark_of_a_publication_it_is_a_copy_that_follows_at_most(
    parts, trouble
):
    news = NEWS["an end by OK"]
    happens(parts, news, "mark", trouble)
    minutes(parts)
    (copies,) = heard(parts, news.code).values()
    is_known = trouble in (lost_answer, lost_at_last, killed_after)
    assert copies == (1 if is_known else 2)
    assert unsent(parts) == []


@pytest.mark.parametrize("trouble", TROUBLES)
def test_whatever_befalls_the_write_of_the_incident_its_refusal_is_told(parts, trouble):
    happens(parts, NEWS["a refusal"], "incident", trouble)
    minutes(parts)
    assert list(heard(parts, "production_down").values()) == [1]
    assert parts.record.open_incident is not None


@pytest.mark.parametrize("what", UNANSWERED)
def test_an_order_whose_invocation_was_killed_before_its_answer_was_stored_is_told(parts, what):
    """As soon as its invocation must have ended: a minute after its deadline."""
    happens(parts, NEWS[what], "outcome", killed_before)
    minutes(parts, 7)
    told = [one for one in parts.notices() if one.result["run_id"] == parts.record.run.run_id]
    assert told[0].attributes["reason_code"] == "abandoned"
    assert told[0].attributes["severity"] == "critical"
    assert parts.posts == 1


def test_the_sdk_repeats_a_write_whose_answer_was_lost_and_it_is_known_again(parts):
    """The same with the SDK's own tries, over HTTP."""
    event = end_by_ok(parts)
    parts.notices()
    with Proxy() as proxy:
        proxy.forward_to(parts.aws.port)
        proxy.spoil("TransactWriteItems", Drop(), moment="after", containing="/ended")
        client = boto3.client(
            "dynamodb", endpoint_url=proxy.endpoint, region_name="us-east-1",
            aws_access_key_id="test", aws_secret_access_key="test",
        )  # fmt: skip
        adapters = replace(parts.adapters, ledger=Ledger(Table(client, parts.table)))
        (result,) = app.respond(parse(event), adapters, parts.context)["results"]
        ended = [call for call in proxy.calls if b"/ended" in call.body]
    assert (result["reason_code"], result["notified"]) == ("alarms_ok", True)
    assert [call.operation for call in ended][:2] == ["TransactWriteItems"] * 2
    assert list(heard(parts, "alarms_ok").values()) == [1]


def test_a_resumption_whose_answer_was_lost_does_not_say_that_it_was_not_paused(parts):
    event = resume(parts)
    adapters = with_table(parts, troubled("notice", lost_answer, [1]))
    result = app.respond(parse(event), adapters, parts.context)
    assert "is lifted" in result["reason"]


def test_alarms_that_are_refused_at_once_are_told_once(parts):
    parts.arm()
    at_once(*(taking(parts, bus_alarm(f"dws-outage-{number}")) for number in range(10)))
    minutes(parts)
    assert list(heard(parts, "production_down").values()) == [1]


# The answer to the order


def test_an_outcome_is_stored_as_soon_as_the_table_can_be_used_again(outage):
    failing = with_table(outage, interrupted("outcome", LOST, times=5))
    (result,) = app.respond(parse(bus_alarm("dws-outage-a")), failing, outage.context)["results"]
    assert (result["decision"], result["notified"]) == ("submitted", True)
    assert (outage.record.run.state, outage.record.run.has_2xx) == (RunState.SUBMITTED, True)
    minutes(outage)
    assert list(heard(outage, "accepted").values()) == [1]


def test_an_outcome_is_tried_for_as_long_as_the_invocation_lasts(outage):
    """Its last seconds are left for the answer."""
    waits = []

    def wait(seconds):
        waits.append(seconds)
        outage.remaining_s -= seconds

    outage.remaining_s = 60.0
    failing = replace(with_table(outage, after("claim", LOST)), wait=wait)
    app.respond(parse(bus_alarm("dws-outage-a")), failing, outage.context)
    assert outage.remaining_s < CALL_TAKES_S + 13  # a pause of 8 s and another call are too much
    assert outage.record.run.state is RunState.SUBMITTING


def test_a_table_that_stalls_does_not_outlast_the_invocation_that_has_an_outcome_to_store(outage):
    """A call that stalls takes all its tries, and must end before the deadline all the same."""

    def spend(seconds):
        outage.remaining_s -= seconds

    lost = after("claim", LOST)

    def stalling(name, call):
        failing = lost(name, call)

        def slow(**kwargs):
            try:
                return failing(**kwargs)
            except type(LOST):
                spend(CALL_TAKES_S)
                raise

        return slow

    stalled = replace(with_table(outage, stalling), wait=spend)
    (result,) = app.respond(parse(bus_alarm("dws-outage-a")), stalled, outage.context)["results"]
    assert result["decision"] == "submitted"
    assert outage.remaining_s > 0


@pytest.mark.parametrize("status", [200, 202])
def test_after_a_2xx_it_is_never_inferred_that_nothing_started_though_a_write_failed(
    outage, status
):
    id_ = outage.emulator.pair.id
    body = {"disaster_recovery": {"id": id_}}
    outage.emulator.fault("failover", "respond", status=status, body=body)
    failing = with_table(outage, interrupted("outcome", LOST))
    app.respond(parse(bus_alarm("dws-outage-a")), failing, outage.context)
    for _ in range(8):
        reconciled(outage, after_s=230)
    assert outage.record.run.has_2xx
    assert outage.record.run.is_in_flight


# Nothing is withheld


def with_topic(parts, topic, table=None):
    """The handler's adapters with another topic, and another table."""
    adapters = with_table(parts, table) if table else parts.adapters
    return replace(adapters, publisher=Publisher(topic, parts.topic))


def test_a_decision_that_could_not_be_stored_is_told_though_storing_took_long(parts):
    """A lease would be over by now; but nobody else can tell it."""
    parts.arm()

    def hung(_call, _kwargs):
        parts.let_pass(25)
        raise LOST

    adapters = with_table(parts, troubled("decision", hung, [1]))
    (result,) = app.respond(parse(bus_alarm("dws-outage-a")), adapters, parts.context)["results"]
    assert (result["reason_code"], result["notified"]) == ("production_down", True)
    assert list(heard(parts, "production_down").values()) == [1]


def test_a_decision_whose_lease_is_over_is_left_to_reconcile_and_told_once(parts):
    parts.arm()

    def slow(call, kwargs):
        answer = call(**kwargs)
        parts.let_pass(25)
        return answer

    adapters = with_table(parts, troubled("decision", slow, [1]))
    (result,) = app.respond(parse(bus_alarm("dws-outage-a")), adapters, parts.context)["results"]
    assert result["notified"] is False
    minutes(parts)
    assert list(heard(parts, "production_down").values()) == [1]


@pytest.mark.parametrize("wrap", [lambda one: one, queue], ids=["a bus", "a queue"])
def test_where_neither_table_nor_topic_works_the_bus_gets_its_error_back(outage, wrap):
    event = wrap(bus_alarm("dws-outage-a"))
    adapters = with_topic(outage, Down(), after("incident", LOST))
    with pytest.raises(LedgerUnavailable):
        app.respond(parse(event), adapters, outage.context)
    pass_time(outage, seconds=20)  # Lambda sends it again after a minute, a queue after five
    outage.send(event)
    assert outage.posts == 1


def test_where_neither_works_for_a_persons_refusal_the_person_gets_the_error(parts):
    parts.arm()
    adapters = with_topic(parts, Down(), interrupted("notice", LOST))
    with pytest.raises(LedgerUnavailable):
        app.respond(parse(command()), adapters, parts.context)


def test_an_order_is_answered_though_neither_table_nor_topic_works(outage):
    """It has left: whoever would send the event again must not hear of an error."""
    adapters = with_topic(outage, Down(), after("claim", LOST))
    (result,) = app.respond(parse(bus_alarm("dws-outage-a")), adapters, outage.context)["results"]
    assert (result["decision"], result["notified"]) == ("submitted", False)


# Publishing


def a_notice(parts, notice_id, **changes):
    """A notice that is stored and that nobody publishes."""
    told = Notice(notice_id, "-", now(), now(minutes=-1), "s", "t", "{}", {"pair": "-"})
    parts.ledger.notices.save(replace(told, **changes))


INVALID = ClientError({"Error": {"Code": "InvalidParameter", "Message": "subject"}}, "Publish")


def refusing(parts, subject):
    """A topic that will never take messages with this subject."""

    def interrupt(name, call):
        def publish(**kwargs):
            if name == "publish" and kwargs["Subject"] == subject:
                raise INVALID
            return call(**kwargs)

        return publish

    return Wrapped(parts.aws.client("sns"), interrupt)


def published(parts, topic, times=1):
    """What is published in so many minutes."""
    for _ in range(times):
        parts.let_pass(61)
        app.respond(parse(RECONCILE), with_topic(parts, topic), parts.context)
    told = [one.subject for one in parts.notices()]
    return [one for one in told if "is watched from now on" not in one]  # the pair is a new one


def failures(parts):
    """What lies in the failure queue, which is then empty."""
    sqs = parts.aws.client("sqs")
    found = sqs.receive_message(QueueUrl=parts.failed_events).get("Messages", [])
    for message in found:
        sqs.delete_message(QueueUrl=parts.failed_events, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in found]


def test_a_notice_that_is_never_taken_does_not_stop_the_next(parts):
    for number, subject in enumerate(("one", "never", "two")):
        a_notice(parts, f"n-{number}", subject=subject)
    assert published(parts, refusing(parts, "never")) == ["one", "two"]


def test_a_notice_that_is_never_taken_is_counted(parts):
    a_notice(parts, "n", subject="never")
    metrics.clear_metrics()
    published(parts, refusing(parts, "never"))
    counted = metrics.metric_set["NoticeRefused"]["Value"]
    metrics.clear_metrics()
    assert counted == [1]
    assert parts.ledger.notices.get("n").refused_times == 1


def test_a_notice_that_is_never_taken_is_given_up_and_kept_in_the_failure_queue(parts):
    a_notice(parts, "n", subject="never", body='{"reason": "so"}')
    published(parts, refusing(parts, "never"), times=4)
    assert failures(parts) == []
    published(parts, refusing(parts, "never"), times=3)
    assert failures(parts) == [{"notice_id": "n", "result": {"reason": "so"}}]
    assert unsent(parts) == []


def test_a_notice_is_not_given_up_while_sns_is_down(parts):
    a_notice(parts, "n", subject="later")
    assert published(parts, Down(), times=7) == []
    assert failures(parts) == []
    assert published(parts, parts.aws.client("sns")) == ["later"]


def test_publishing_has_a_share_of_the_time_and_what_is_left_comes_a_minute_later(parts):
    """Each takes eight seconds: the pairs must not wait for all of them."""
    for number in range(7):
        a_notice(parts, f"n-{number}")

    def slow(_name, call):
        def publish(**kwargs):
            parts.let_pass(8)
            return call(**kwargs)

        return publish

    topic = Wrapped(parts.aws.client("sns"), lambda n, c: slow(n, c) if n == "publish" else c)
    assert len(published(parts, topic)) == 3
    assert len(published(parts, topic, times=2)) == 4


def test_open_runs_come_before_old_notices(outage):
    """What a run has come to is known before anybody publishes what is old."""
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    reconciled(outage)
    a_notice(outage, "old", subject="old")
    states = []

    def interrupt(_name, call):
        def publish(**kwargs):
            states.append((kwargs.get("Subject"), outage.record.run.state))
            return call(**kwargs)

        return publish

    topic = Wrapped(outage.aws.client("sns"), lambda n, c: interrupt(n, c) if n == "publish" else c)
    published(outage, topic)
    assert ("old", RunState.SUCCEEDED) in states


def test_a_notice_that_another_publishes_is_left_to_him_though_his_clock_is_ahead(parts):
    a_notice(parts, "n", leased_until=now(seconds=61 + 35))
    assert published(parts, parts.aws.client("sns")) == []
    assert len(published(parts, parts.aws.client("sns"))) == 1


# "not failed over" while it is being failed over


@pytest.fixture
def unsaid(outage):
    """A refusal that could not be sent; then production fails, and a person orders."""
    outage.emulator.restore_production()
    adapters = with_topic(outage, Down())
    (result,) = app.respond(parse(bus_alarm("dws-outage-a")), adapters, outage.context)["results"]
    assert (result["decision"], result["notified"]) == ("refused", False)
    outage.emulator.break_production()
    outage.emulator.vary(switching_s=3600)
    return outage


def subjects(parts):
    return [one.subject for one in parts.notices()]


def is_said(parts):
    return any("not failed over" in subject for subject in subjects(parts))


def test_a_refusal_is_not_told_late_while_a_run_of_its_incident_is_in_flight(unsaid):
    assert unsaid.fail_over()["decision"] == "submitted"
    minutes(unsaid)
    assert not is_said(unsaid)
    assert len(unsent(unsaid)) == 1


def test_a_refusal_is_not_told_of_a_run_that_begins_after_the_work_was_listed(unsaid):
    """Reconcile has read what is open; then comes the order."""
    unsaid.let_pass(61)
    listed = []

    def interrupt(name, call):
        def query(**kwargs):
            answer = call(**kwargs)
            values = kwargs.get("ExpressionAttributeValues", {})
            if name == "query" and values.get(":prefix") == {"S": "work#"} and not listed:
                listed.append(unsaid.fail_over()["decision"])
            return answer

        return query

    app.respond(parse(RECONCILE), with_table(unsaid, interrupt), unsaid.context)
    assert listed == ["submitted"]
    assert not is_said(unsaid)


def test_a_refusal_is_told_though_the_table_holds_of_its_pair_what_nobody_can_read(unsaid):
    damage(unsaid, unsaid.emulator.pair.id)
    minutes(unsaid)
    assert is_said(unsaid)


def test_a_refusal_that_was_held_back_is_told_late_once_the_run_is_settled(unsaid):
    run_id = unsaid.fail_over()["run_id"]
    unsaid.emulator.vary(switching_s=0)
    minutes(unsaid)
    unsaid.notices()
    unsaid.let_pass(3600)
    acknowledged(unsaid, run_id=run_id, override=["roles"])
    minutes(unsaid)
    assert unsent(unsaid) == []


def test_the_end_of_an_incident_is_told_late_though_a_person_orders_after_it(parts):
    """A run that no incident stands behind may be in flight for hours, and will not tell of it."""
    parts.put_pair(mode="observe", retry_for_s=60)
    parts.arm()
    parts.emulator.break_production()
    parts.emulator.vary(switching_s=3600)
    parts.alarm()
    parts.let_pass(240)
    parts.send({"command": "reconcile"})
    parts.notices()
    parts.let_pass(120)
    app.respond(parse(RECONCILE), with_topic(parts, Down()), parts.context)
    assert parts.record.incident.ended_because == "retry_time_over"
    assert parts.fail_over()["decision"] == "submitted"
    minutes(parts)
    late = [one.subject for one in parts.notices() if "sent late" in one.subject]
    assert len(late) == 1
    assert late[0].startswith("[INFO] analytics: what was said at ")


def test_a_rejection_is_not_told_late_while_the_next_run_is_in_flight(outage):
    """`not failed over: the provider rejected the order` of a pair that is being failed over."""
    outage.emulator.vary(switching_s=3600)
    outage.emulator.fault("failover", "respond", status=403)
    app.respond(parse(bus_alarm("dws-outage-a")), with_topic(outage, Down()), outage.context)
    assert outage.fail_over()["decision"] == "submitted"
    minutes(outage)
    assert not is_said(outage)


# What the provider writes

HOSTILE = "no \ud800 \x1b[31m\x00\r\nWhat to do: nothing\u202e " + "x" * 45_000


def test_what_the_provider_writes_is_told_as_one_printable_line(outage):
    body = {"error_code": "DWS.5045", "error_msg": HOSTILE}
    outage.emulator.fault("failover", "respond", status=400, body=body)
    (result,) = outage.alarm()
    assert (result["decision"], result["notified"]) == ("provider_rejected", True)
    (notice,) = outage.notices()
    assert notice.result["reason"].isprintable()
    assert len(notice.result["reason"]) < 1000
    assert outage.record.run.reason.isprintable()
