"""The order leaves on fresh evidence, and from the thread that judged it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest
from hosts import HOSTS
from parts import bus_alarm, command, now
from situations import a_run
from stored import items

from handler import app
from handler.aws.items import run_key
from handler.aws.ledger import Ledger
from handler.aws.table import Table
from handler.aws.writes import revised
from handler.dws.client import Unreadable
from handler.dws.http import Transport
from handler.dws.side_by_side import side_by_side
from handler.events import parse
from handler.failover.claim import CLAIM_NEEDS_S
from handler.failover.order import POST_WITHIN_S
from handler.failover.rejection import CONFIRM_WITHIN_S
from handler.model.pair_state import Pause
from handler.model.result import is_command
from handler.model.run import RunEvent, RunState
from handler.model.signals import Command

STALE_S = 11  # more than evidence may be old when an order leaves


class Connecting(httpx.HTTPTransport):
    """httpx's own transport, at which something happens while an order's connection is made."""

    def __init__(self, happening):
        super().__init__(trust_env=False)
        self.happening = happening

    def handle_request(self, request):
        if request.method == "POST" and request.url.path.endswith("/failover"):
            request.extensions["trace"] = self._slow(request.extensions["trace"])
        return super().handle_request(request)

    def _slow(self, trace):
        def watch(event, info):
            if event == "connection.connect_tcp.complete":
                self.happening()
            trace(event, info)

        return watch


def once(*happenings):
    """All of it happens at the first call, and nothing at a later one."""
    left = list(happenings)

    def happen():
        while left:
            left.pop(0)()

    return happen


@contextmanager
def connecting(parts, happening):
    """While an order's connection is made, something happens."""
    wire = Transport(HOSTS, Connecting(happening))
    parts.instead["wire"] = wire
    yield
    wire.close()


def slow(parts):
    return lambda: parts.let_pass(STALE_S)


# What has changed meanwhile


def stop(parts):
    parts.emulator.set_pair(status="stopped")


def begin_a_switchover(parts):
    parts.emulator.set_pair(status="switchovering")


def bring_production_up(parts):
    parts.emulator.restore_production()


def exchange_the_roles(parts):
    parts.emulator.pair.change(parts.emulator.clock.now(), is_exchanged=True)


def fill_the_standby(parts):
    parts.emulator.set_cluster(parts.roles.standby_cluster_id, sub_status="READONLY")


def lose_the_last_syncs(parts):
    parts.emulator.set_pair(last_sync=now(hours=-2), sync_every_s=10**6)


def pause_the_pair(parts):
    pair_state = parts.record.pair_state
    until = now() + parts.ahead + 10 * (now(minutes=1) - now())
    paused = replace(pair_state, pause=Pause(until, "works", "ada", now() + parts.ahead))
    parts.ledger.save_pair_state(parts.emulator.pair.id, paused)


def pause_all(parts):
    fleet = parts.ledger.fleet()
    until = now() + parts.ahead + 10 * (now(minutes=1) - now())
    paused = replace(fleet, pause=Pause(until, "works", "ada", now() + parts.ahead))
    parts.ledger.save_fleet(paused)


def hide_the_provider(parts):
    parts.emulator.fault("detail", "cut", times=None)
    parts.emulator.fault("list", "cut", times=None)


CHANGES = [
    (stop, "pair_state"),
    (begin_a_switchover, "pair_state"),
    (bring_production_up, "production_down"),
    (exchange_the_roles, "roles"),
    (fill_the_standby, "standby_ready"),
    (lose_the_last_syncs, "rpo"),
    (pause_the_pair, "pause"),
    (pause_all, "pause"),
    (hide_the_provider, "cannot be read"),
]


@pytest.mark.parametrize(("change", "why"), CHANGES, ids=lambda one: getattr(one, "__name__", ""))
def test_what_no_longer_passes_once_connecting_took_long_is_not_ordered(outage, change, why):
    with connecting(outage, once(slow(outage), lambda: change(outage))):
        (result,) = outage.alarm()
    assert (result["decision"], result["reason_code"]) == ("not_started", "evidence_changed")
    assert why in result["reason"]
    assert outage.posts == 0


def test_that_nothing_was_sent_is_proved_so_the_incident_goes_on(outage):
    with connecting(outage, once(slow(outage), lambda: stop(outage))):
        outage.alarm()
    run = outage.record.run
    assert (run.state, run.answer, run.holds_pair) == (
        RunState.NOT_STARTED,
        RunEvent.NOT_SENT,
        False,
    )
    assert outage.record.open_incident is not None
    outage.emulator.set_pair(status="running")
    outage.let_pass(61)
    outage.send({"command": "reconcile"})
    assert (outage.record.run.state, outage.posts) == (RunState.SUBMITTED, 1)


def test_what_others_switch_after_an_order_that_never_left_is_their_doing(outage):
    """Reconcile: "roles changed by someone else → roles_changed"."""
    with connecting(outage, once(slow(outage), lambda: stop(outage))):
        outage.alarm()
    outage.emulator.set_pair(status="running")
    outage.emulator.restore_production()
    at = now() + outage.ahead
    outage.alarm(state="OK", previous="ALARM", at=at)
    outage.emulator.vary(switching_s=0)
    outage.emulator.pair.order("switchover", outage.emulator.clock.now())
    for _ in range(3):
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    codes = {one.attributes["reason_code"] for one in outage.notices()}
    assert ("roles_changed" in codes, "executed_late" in codes) == (True, False)
    assert (outage.record.run.state, outage.record.held) == (RunState.NOT_STARTED, ())


def test_what_still_passes_once_connecting_took_long_is_ordered_once(outage):
    with connecting(outage, once(slow(outage))):
        (result,) = outage.alarm()
    assert (result["decision"], outage.posts) == ("submitted", 1)
    assert [call.operation for call in outage.emulator.journal].count("detail") == 2


def an_older_run(outage):
    """Of months ago, acknowledged since."""
    id_ = outage.emulator.pair.id
    over = dict.fromkeys(("ended_at", "acknowledged_at"), now(days=-60))
    run = a_run(RunState.SUCCEEDED, disaster_recovery_id=id_, roles=outage.roles, **over)
    table = Table(outage.aws.client("dynamodb"), outage.table)
    table.write(revised(run_key(id_, run.run_id), run, 1))
    pair_state = outage.record.pair_state
    outage.ledger.save_pair_state(id_, replace(pair_state, run_id=run.run_id))


def test_judged_anew_its_own_claim_is_no_other_failover(outage):
    """The limit counts claims of the last hour, and the claim comes before the second judgement."""
    limited = replace(app.adapters().settings, max_failovers_per_hour=1)
    outage.instead["settings"] = limited
    an_older_run(outage)
    with connecting(outage, once(slow(outage))):
        (result,) = outage.alarm()
    assert (result["decision"], outage.posts) == ("submitted", 1)


def test_what_is_ten_seconds_old_is_fresh(outage):
    with connecting(outage, once(lambda: outage.let_pass(8))):
        (result,) = outage.alarm()
    assert result["decision"] == "submitted"
    assert [call.operation for call in outage.emulator.journal].count("detail") == 1


def test_where_each_connecting_takes_too_long_nothing_is_ever_sent(outage):
    with connecting(outage, slow(outage)):
        (result,) = outage.alarm()
    assert (result["decision"], result["reason_code"]) == ("not_started", "stale")
    assert outage.posts == 0


def test_what_was_never_sent_spends_nothing_of_the_limit_on_failovers(outage):
    with connecting(outage, slow(outage)):
        outage.alarm()
    assert outage.ledger.fleet().claims == {}


def test_the_repeat_after_a_401_asks_again_too(outage):
    """The first order is answered 401 after a while; by then its evidence is old."""
    outage.emulator.fault("failover", "respond", status=401, times=None)
    connected = []

    def happening():
        connected.append(1)
        if len(connected) == 2:
            outage.let_pass(STALE_S)

    with connecting(outage, happening):
        (result,) = outage.alarm()
    assert (result["decision"], outage.posts) == ("provider_rejected", 1)


# Slow before that


def with_probe(parts, probe):
    """A probe that was up before, and that takes its own way now."""
    production = parts.emulator.pair.production_id
    parts.put_pair(probes={production: "127.0.0.1:9"})
    observations = replace(parts.record.observations, probe_up_at={production: now(minutes=-5)})
    parts.ledger.save_observations(parts.emulator.pair.id, observations)
    parts.probe = probe


def look_for_long(outage):
    """The first look takes eleven seconds, and says that production takes no connections."""

    def probe(_):
        outage.let_pass(STALE_S)
        outage.probe = None
        return False

    with_probe(outage, probe)


def wait_for(condition):
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_what_the_order_rests_on_is_read_anew_once_it_is_older_than_ten_seconds(outage):
    """Reading takes eleven seconds; then the pair is stopped."""

    def probe(_):
        wait_for(lambda: {"detail", "list"} <= {one.operation for one in outage.emulator.journal})
        outage.let_pass(STALE_S)
        outage.emulator.set_pair(status="stopped")
        outage.probe = None
        return False

    with_probe(outage, probe)
    (result,) = outage.alarm()
    assert (result["decision"], result["reason_code"]) == ("not_started", "evidence_changed")
    assert "pair_state" in result["reason"]
    assert outage.posts == 0


def test_what_still_passes_when_it_is_read_anew_is_ordered(outage):
    look_for_long(outage)
    (result,) = outage.alarm()
    assert (result["decision"], outage.posts) == ("submitted", 1)


def test_the_outage_goes_on_counting_from_the_first_look_when_it_is_read_anew(outage):
    """Else it would seem to lose eleven seconds more, and to have begun after the claim."""

    look_for_long(outage)
    (result,) = outage.alarm()
    (rpo,) = (one for one in result["gates"] if one["gate"] == "rpo")
    assert rpo["measured"] == result["estimated_data_loss_s"]
    assert result["timings"]["outage_began_at"] < result["timings"]["claimed_at"]


def test_while_production_is_up_the_loss_that_is_told_is_that_of_the_last_look(outage):
    outage.emulator.restore_production()

    look_for_long(outage)
    result = outage.fail_over(override=["production_down", "pair_state", "armed"])
    (rpo,) = (one for one in result["gates"] if one["gate"] == "rpo")
    assert (result["decision"], outage.posts) == ("submitted", 1)
    assert rpo["measured"] == result["estimated_data_loss_s"]


def test_a_probe_that_connects_when_it_is_asked_anew_keeps_the_order_here(outage):
    def probe(_):
        outage.let_pass(STALE_S)
        outage.probe = lambda _: True
        return False

    with_probe(outage, probe)
    (result,) = outage.alarm()
    assert (result["decision"], result["reason_code"]) == ("not_started", "evidence_changed")
    assert "the probe connects" in result["reason"]
    assert outage.posts == 0
    # The first look said that it is down: the order it would have offered is not offered now.
    assert not any(map(is_command, result["next_steps"]))


def test_a_token_that_is_long_in_coming_makes_the_evidence_old(outage):
    """IAM gives a token whose end cannot be told, so that the order needs one of its own."""
    login = outage.emulator.credentials.login
    outage.put_secret(
        f"{outage.name}/credentials",
        username=login.username,
        password=login.password,
        domain=login.domain,
        iam_endpoint=outage.emulator.url,
    )
    outage.emulator.set_token_lifetime(60)  # shorter than what is left of one that is kept
    outage.emulator.fault("token", "stall", after=READS, seconds=1)

    def stop_meanwhile():
        wait_for(lambda: tokens_asked(outage) > READS)
        outage.let_pass(STALE_S)
        stop(outage)

    watching = threading.Thread(target=stop_meanwhile)
    watching.start()
    (result,) = outage.alarm()
    watching.join()
    assert (result["decision"], result["reason_code"]) == ("not_started", "evidence_changed")
    assert outage.posts == 0


READS = 4  # detail, list and two clusters, a token each


def tokens_asked(parts):
    return [call.operation for call in parts.emulator.journal].count("token")


class Between:
    """The table's client; something happens after one of its answers, and before it is used."""

    def __init__(self, client, operation, happening):
        self._client, self._operation, self._happening = client, operation, happening

    def __getattr__(self, name):
        call = getattr(self._client, name)
        if name != self._operation:
            return call

        def answered(**asked):
            answer = call(**asked)
            self._happening()
            return answer

        return answered


def test_a_pause_is_seen_though_reading_anew_takes_long_again(outage):
    """The ledger has just been read anew when eleven seconds pass and someone pauses the pair."""
    is_connected = []

    def happening():
        if is_connected:
            is_connected.clear()
            outage.let_pass(STALE_S)
            pause_the_pair(outage)

    table = Between(outage.aws.client("dynamodb"), "query", happening)
    outage.instead["ledger"] = Ledger(Table(table, outage.table))
    with connecting(outage, once(slow(outage), lambda: is_connected.append(1))):
        (result,) = outage.alarm()
    assert (result["decision"], result["reason_code"]) == ("not_started", "evidence_changed")
    assert "pause" in result["reason"]
    assert outage.posts == 0


# What a person has approved


def test_a_commands_evidence_is_compared_again(outage):
    """It still passes, but not as it was when the command was given."""
    override = ["production_down"]
    seen = outage.send({"command": "rehearse", "pair": "analytics"})

    def go_dark():
        outage.emulator.set_cluster(outage.roles.production_cluster_id, status="UNKNOWN")

    with connecting(outage, once(slow(outage), go_dark)):
        result = outage.fail_over(evidence=seen["evidence"], override=override)
    assert (result["decision"], result["reason_code"]) == ("not_started", "evidence_changed")
    assert "no longer what the command was given on" in result["reason"]
    assert outage.posts == 0


@pytest.mark.parametrize("has_run", [False, True], ids=["its first order", "a further order"])
def test_a_commands_evidence_that_is_still_the_same_is_ordered(parts, has_run):
    """The run that has just been claimed for it is none that came between."""
    parts.arm()
    if has_run:
        an_older_run(parts)
    parts.emulator.vary(abnormal_after_s=None)
    parts.emulator.break_production()
    seen = parts.send({"command": "rehearse", "pair": "analytics"})
    with connecting(parts, once(slow(parts))):
        result = parts.fail_over(evidence=seen["evidence"])
    assert (result["decision"], parts.posts) == ("submitted", 1)


# The thread


def take(invocation):
    (alarm,) = parse(bus_alarm("dws-outage-analytics"))
    (result,) = invocation.answer((alarm,))
    return result


def in_another_thread(work, *args):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, *args).result()


def test_no_order_leaves_from_another_thread_than_the_invocations_own(outage):
    result = in_another_thread(take, app.Invocation(outage.adapters, outage.context))
    assert (result.decision, result.reason_code) == ("not_started", "stale")
    assert "its invocation is over" in result.reason
    assert outage.posts == 0


def test_nor_does_the_order_of_a_command(outage):
    invocation = app.Invocation(outage.adapters, outage.context)
    result = in_another_thread(invocation.answer, parse(command()))
    assert (result.decision, outage.posts) == ("not_started", 0)


def test_an_invocation_that_began_in_its_thread_orders_from_it(outage):
    result = in_another_thread(
        lambda: take(app.Invocation(outage.adapters, outage.context)),
    )
    assert (result.decision, outage.posts) == ("submitted", 1)


class GivenUp:
    """Reads that nobody waited for, and that go on once the environment is used again."""

    def __init__(self):
        self.left = {}
        self.is_thawed = False

    def __call__(self, reads, within_s):
        if self.is_thawed:
            return side_by_side(reads, within_s)
        self.left |= reads
        none = Unreadable("unavailable", "no answer in time", is_transient=True)
        return dict.fromkeys(reads, none)

    def thaw(self):
        self.is_thawed = True
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(lambda read: read(), self.left.values()))


def reconcile_given_up(parts):
    threads = GivenUp()
    parts.instead["side_by_side"] = threads
    app.Invocation(parts.adapters, parts.context).answer(Command("reconcile"))
    return threads


def test_a_thread_that_was_given_up_opens_no_watch_and_orders_nothing(outage):
    """Both witnesses say down: whoever judges what these threads read would fail over."""
    outage.emulator.set_pair(status="abnormal")
    threads = reconcile_given_up(outage)
    assert threads.left
    before = items(outage)
    threads.thaw()
    assert items(outage) == before
    assert (outage.posts, outage.notices()) == (0, [])


def test_a_thread_that_was_given_up_settles_and_tells_no_run(outage):
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    outage.notices()
    outage.let_pass(60)
    threads = reconcile_given_up(outage)
    assert threads.left
    before = items(outage)
    threads.thaw()
    assert items(outage) == before
    assert outage.notices() == []


def test_what_it_has_not_read_is_read_a_minute_later(outage):
    outage.emulator.set_pair(status="abnormal")
    reconcile_given_up(outage)
    outage.instead.clear()
    outage.let_pass(60)
    outage.send({"command": "reconcile"})
    assert outage.posts == 1


# Now is what the clock says


def test_when_a_command_was_asked_for_does_not_shift_what_is_lost(parts):
    """Nothing tells when the outage began: data of 3,900 s would be lost, not of 2,700 s."""
    parts.arm()
    parts.emulator.set_pair(last_sync=now(seconds=-3900), sync_every_s=10**6)
    asked_at = now(minutes=-20).isoformat()
    result = parts.fail_over(override=["production_down"], requested_at=asked_at)
    (rpo,) = [one for one in result["gates"] if one["gate"] == "rpo"]
    assert (rpo["verdict"], rpo["measured"] >= 3900) == ("refuse", True)
    assert parts.posts == 0


def test_a_pause_that_ends_after_the_command_was_asked_for_is_over(outage):
    pair_state = outage.record.pair_state
    over = Pause(now(seconds=-1), "works", "ada", now(hours=-1))
    outage.ledger.save_pair_state(outage.emulator.pair.id, replace(pair_state, pause=over))
    result = outage.fail_over(requested_at=now(minutes=-20).isoformat())
    assert result["decision"] == "submitted"


@pytest.mark.parametrize(
    "sub_status", ["", "DEGRADED, READONLY", "READ_ONLY", "Readonly", "locked"]
)
def test_a_standby_that_is_not_shown_to_be_writable_takes_no_order(outage, sub_status):
    outage.emulator.set_cluster(outage.roles.standby_cluster_id, sub_status=sub_status)
    (result,) = outage.alarm()
    assert (result["reason_code"], outage.posts) == ("standby_ready", 0)


# Either picture


def picture(parts, operation, status):
    """What the provider answers to one of the two reads, but for the status."""
    dws = app.adapters().connect(app.adapters().pairs().good[0])
    with httpx.Client(trust_env=False) as client:
        request = dws.wire.request("GET", f"{dws.endpoint}{path_of(parts, operation)}")
        request.headers["X-Auth-Token"] = parts.emulator.issue_token()
        body = client.send(request).json()
    found = body["disaster_recovery"]
    (found[0] if isinstance(found, list) else found)["status"] = status
    return body


def path_of(parts, operation):
    project = f"/v2/{parts.emulator.project_id}"
    one = f"/disaster-recovery/{parts.emulator.pair.id}"
    return project + (one if operation == "detail" else "/disaster-recoveries")


def show(parts, operation, status):
    body = picture(parts, operation, status)
    parts.emulator.fault(operation, "respond", status=200, body=body, times=None)


PICTURES = pytest.mark.parametrize("operation", ["detail", "list"])


@PICTURES
def test_either_picture_that_is_switching_refuses(outage, operation):
    show(outage, operation, "switchovering")
    (result,) = outage.alarm()
    (state,) = [one for one in result["gates"] if one["gate"] == "pair_state"]
    assert (state["verdict"], state["measured"]) == ("refuse", "switchovering")
    assert (state["overridable"], outage.posts) == (False, 0)


@PICTURES
def test_either_picture_that_is_switching_confirms_no_rejection(outage, operation):
    outage.emulator.fault("failover", "respond", status=403)
    with connecting(outage, once(lambda: show(outage, operation, "switchovering"))):
        (result,) = outage.alarm()
    assert result["decision"] in ("unknown", "submitted")
    assert outage.record.run.holds_pair


EXCHANGED = {
    "the list's roles": lambda pair: {
        "list_says": {
            "primary_cluster_id": pair.standby_id,
            "standby_cluster_id": pair.production_id,
        }
    },
    "the list's role words": lambda _: {
        "list_says": {"primary_cluster_role": "standby", "standby_cluster_role": "primary"}
    },
    "the detail's role words": lambda _: {
        "detail_says": {"primary_cluster.role": "standby", "standby_cluster.role": "primary"}
    },
}


@pytest.mark.parametrize("exchanged", EXCHANGED.values(), ids=EXCHANGED)
def test_either_picture_that_shows_the_roles_exchanged_confirms_no_rejection(parts, exchanged):
    parts.arm(role_words={"production": "primary", "standby": "standby"})
    parts.emulator.break_production()
    parts.emulator.fault("failover", "respond", status=429)
    says = exchanged(parts.emulator.pair)
    with connecting(parts, once(lambda: parts.emulator.vary(**says))):
        (result,) = parts.alarm()
    assert result["decision"] == "unknown"
    assert parts.record.run.holds_pair


def throttled(times):
    """The order is turned away, and so is what is read of the pair after it, so many times."""
    return lambda parts: (
        parts.emulator.fault("failover", "respond", status=429, times=1),
        parts.emulator.fault("detail", "respond", status=429, after=1, times=times),
    )


@pytest.mark.parametrize(
    ("turned_away", "decision"),
    [(1, "provider_rejected"), (2, "provider_rejected"), (9, "unknown")],
)
def test_what_confirms_a_rejection_is_read_again_where_it_cannot_be_read(
    outage, turned_away, decision
):
    throttled(turned_away)(outage)
    (result,) = outage.alarm()
    assert result["decision"] == decision
    assert outage.posts == 1


def test_a_read_that_hangs_leaves_time_for_another_that_confirms_the_rejection(outage):
    outage.emulator.fault("failover", "respond", status=429, times=1)
    outage.emulator.fault("detail", "stall", after=1, times=1)
    (result,) = outage.alarm()
    assert result["decision"] == "provider_rejected"


def test_the_order_and_what_confirms_its_rejection_fit_what_a_claim_leaves():
    assert POST_WITHIN_S + CONFIRM_WITHIN_S <= CLAIM_NEEDS_S


@pytest.mark.parametrize("status", [403, 404, 429])
def test_a_failover_that_has_begun_by_the_providers_events_confirms_no_rejection(outage, status):
    """What is in the way of the answer may have let the order through."""
    outage.emulator.vary(order_delay_s=600)
    outage.emulator.fault("failover", "respond", status=status, body="<html>no</html>", effect=True)
    (result,) = outage.alarm()
    assert result["decision"] in ("unknown", "submitted")
    assert "a failover has begun" in outage.record.run.reason
    assert (outage.record.run.holds_pair, outage.posts) == (True, 1)


def test_a_rejection_is_one_though_events_may_not_be_read(outage):
    outage.emulator.fault("failover", "respond", status=429, times=1)
    outage.emulator.fault("events", "respond", status=403, times=None)
    (result,) = outage.alarm()
    assert result["decision"] == "provider_rejected"


def test_role_words_that_are_not_learned_yet_are_those_of_before_the_order(outage):
    outage.emulator.fault("failover", "respond", status=429)
    says = EXCHANGED["the detail's role words"](outage.emulator.pair)
    with connecting(outage, once(lambda: outage.emulator.vary(**says))):
        (result,) = outage.alarm()
    assert result["decision"] == "unknown"


def test_an_unheard_of_status_settles_nothing_as_untouched(outage):
    outage.emulator.fault("failover", "cut", at="request")
    outage.alarm()
    outage.emulator.vary(shown_status="failovering")
    for _ in range(20):
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    assert outage.record.run.state is RunState.UNKNOWN


@PICTURES
def test_either_picture_that_is_switching_settles_nothing_as_untouched(outage, operation):
    outage.emulator.fault("failover", "cut", at="request")
    outage.alarm()
    assert outage.record.run.state is RunState.UNKNOWN
    show(outage, operation, "switchovering")
    for _ in range(20):
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    assert outage.record.run.state is RunState.SUBMITTED


def test_what_a_cluster_says_of_another_cluster_is_unreadable(parts):
    """Production is well; the answer about it is about another one, which is not."""
    parts.arm()
    body = {"cluster": {"id": "f7a2c1d0-0000-4d4d-8d8d-0000000000d1", "status": "FAILED"}}
    parts.emulator.set_pair(status="abnormal")
    parts.emulator.fault("cluster", "respond", status=200, body=body, times=None)
    (result,) = parts.alarm()
    (down,) = [one for one in result["gates"] if one["gate"] == "production_down"]
    assert down["verdict"] == "unknown"
    assert "cannot be read" in down["reason"]
    assert parts.posts == 0


def test_a_probe_that_cannot_ask_does_not_say_that_production_is_down(parts):
    """With the real probe: the cluster is silent, and disaster recovery is abnormal."""
    production = parts.roles.production_cluster_id
    parts.arm(probe_up_at={production: now(minutes=-5)})
    parts.put_pair(probes={production: "no-such-host.invalid:8000"})
    parts.emulator.set_pair(status="abnormal")
    parts.emulator.set_cluster(parts.roles.production_cluster_id, status="UNKNOWN")
    (result,) = parts.alarm()
    (down,) = [one for one in result["gates"] if one["gate"] == "production_down"]
    assert down["verdict"] == "unknown"
    assert parts.posts == 0


def test_how_long_production_has_been_down_is_counted_for_each_cluster(parts):
    """The one fails, someone fails over by hand, then the other one fails."""
    parts.put_pair(production_down_for_s=120)
    parts.arm()
    first = parts.roles
    parts.emulator.break_production()
    for _ in range(2):
        parts.send({"command": "reconcile"})
        parts.let_pass(100)
    parts.emulator.restore_production()
    exchange_the_roles(parts)
    exchanged = replace(parts.record.pair_state, roles=first.exchanged)
    parts.ledger.save_pair_state(parts.emulator.pair.id, exchanged)
    parts.emulator.set_cluster(first.standby_cluster_id, status="FAILED")
    (result,) = parts.alarm(at=now() + parts.ahead)
    (down,) = [one for one in result["gates"] if one["gate"] == "production_down"]
    assert (down["verdict"], down["measured"]) == ("refuse", 0)
    assert parts.posts == 0
