"""The claim: one transaction before the order; whatever has changed since it was read voids it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from botocore.exceptions import ClientError
from interruptions import LOST, Killed, interrupted, step_of, take, with_table
from meddling import before_the
from parts import now
from situations import DR, INCIDENT, NOW, ROLES, a_run, ago
from steps import acknowledged, infer, reconciled

from handler import app
from handler.aws.writes import revised
from handler.errors import Conflict, LedgerUnavailable
from handler.events import parse
from handler.failover.attempt import new_id
from handler.model.alarm_history import LastTransition, key_of
from handler.model.incident import Ending
from handler.model.notice import Notice
from handler.model.pair_state import Fleet, PairState, Pause
from handler.model.run import RunEvent, RunState

THROTTLED = ClientError({"Error": {"Code": "ThrottlingException", "Message": "x"}}, "x")
KNOWN = PairState(roles=ROLES, roles_since=ago(hours=9), armed=True)
ANOTHER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def ledger(parts):
    """A pair with an open incident."""
    parts.ledger.save_pair_state(DR, KNOWN)
    parts.ledger.incidents.open(INCIDENT, parts.ledger.read(DR).pair_state)
    return parts.ledger


def a_claim(**changes):
    """A run to be claimed; its id is the token, which DynamoDB knows again from another test."""
    given = {"run_id": new_id(NOW), "claimed_at": NOW, "incident_id": INCIDENT.incident_id}
    return a_run(RunState.SUBMITTING, **{**given, **changes})


class Read:
    """What a claim rests on, as it was read."""

    def __init__(self, ledger):
        record = ledger.read(DR)
        self.pair_state, self.incident = record.pair_state, record.incident
        self.fleet = ledger.fleet()

    def claim(self, ledger, run, *, is_counted=True):
        ledger.claim(run, self.pair_state, self.fleet, self.incident, is_counted=is_counted)


# What it writes


def test_from_the_claim_on_the_pair_names_its_run_which_holds_it(ledger):
    run = a_claim()
    Read(ledger).claim(ledger, run)
    record = ledger.read(DR)
    assert (record.run, record.in_flight) == (run, run)
    assert (record.pair_state.run_id, record.holding) == (run.run_id, {run.run_id})
    (open_,) = ledger.open_items()
    assert (open_.runs, open_.held) == ({run.run_id}, {run.run_id})


@pytest.mark.parametrize("is_counted", [True, False], ids=["an alarm", "a command"])
def test_the_claims_of_alarms_count_for_the_rate_limit_and_those_of_commands_do_not(
    ledger, is_counted
):
    Read(ledger).claim(ledger, a_claim(), is_counted=is_counted)
    assert ledger.fleet().claims == ({DR: NOW} if is_counted else {})


def test_claims_of_more_than_an_hour_ago_are_forgotten(ledger):
    ledger.save_fleet(Fleet(claims={ANOTHER: ago(minutes=61), DR: ago(minutes=59)}))
    Read(ledger).claim(ledger, a_claim(), is_counted=False)
    assert ledger.fleet().claims == {DR: ago(minutes=59)}


def test_what_shows_that_a_claim_can_be_made_makes_none(ledger):
    read = Read(ledger)
    ledger.check_claim(a_claim(), read.pair_state, read.fleet)
    assert ledger.read(DR).run is None


# What voids it


def another_pairs_claim(ledger):
    run = a_claim(disaster_recovery_id=ANOTHER)
    ledger.claim(run, PairState(), ledger.fleet(), is_counted=True)


def a_pause_of_all(ledger):
    pause = Pause(NOW + timedelta(hours=1), "works", "ada", NOW)
    ledger.save_fleet(replace(ledger.fleet(), pause=pause))


def a_pause_of_the_pair(ledger):
    pause = Pause(NOW + timedelta(hours=1), "works", "ada", NOW)
    ledger.save_pair_state(DR, replace(ledger.read(DR).pair_state, pause=pause))


def the_incidents_end(ledger):
    record = ledger.read(DR)
    ended = record.incident.ended(Ending.ALARMS_OK, NOW)
    ledger.incidents.end(ended, record.pair_state, None)


def another_incident(ledger):
    the_incidents_end(ledger)
    record = ledger.read(DR)
    another = replace(INCIDENT, incident_id="another", revision=record.incident.revision + 1)
    ledger.incidents.open(another, record.pair_state)


def mute(ledger, incident=None):
    heard = LastTransition("an alarm", "outage", "ALARM", NOW, muted_by="a rule")
    notice = Notice(f"{DR}/muted", DR, NOW, NOW, "subject", "text", "{}", {})
    ledger.alarms.mute(DR, heard, ledger.read(DR).pair_state, incident, notice)


def a_mute_of_its_last_alarm(ledger):
    mute(ledger, ledger.read(DR).incident.ended(Ending.ALARMS_OK, NOW))


def a_claim_that_ended(ledger):
    Read(ledger).claim(ledger, a_claim())
    run = ledger.read(DR).run
    ledger.save_run(run, run.after(RunEvent.REJECTED, NOW))


VOIDING = (
    another_pairs_claim, a_pause_of_all, a_pause_of_the_pair, the_incidents_end, another_incident,
    a_mute_of_its_last_alarm, a_claim_that_ended,
)  # fmt: skip


@pytest.mark.parametrize("change", VOIDING, ids=lambda one: one.__name__)
def test_what_has_changed_since_it_was_read_voids_a_claim(ledger, change):
    read, run = Read(ledger), a_claim()
    change(ledger)
    with pytest.raises(Conflict):
        read.claim(ledger, run)
    assert ledger.run(DR, run.run_id) is None


def a_mute_of_another_alarm(ledger):
    mute(ledger)


def an_end_of_a_mute(ledger):
    ledger.alarms.forget_muted(DR, "a key")


@pytest.mark.parametrize(
    "change", [a_mute_of_another_alarm, an_end_of_a_mute], ids=lambda one: one.__name__
)
def test_what_is_muted_beside_its_incident_voids_no_claim(ledger, change):
    """Else whoever sends one after the other keeps every order out, a person's as well."""
    read, run = Read(ledger), a_claim()
    change(ledger)
    read.claim(ledger, run)
    assert ledger.read(DR).in_flight == run


def test_what_was_muted_as_it_was_claimed_stays_muted(ledger):
    read = Read(ledger)
    mute(ledger)
    read.claim(ledger, a_claim())
    assert ledger.read(DR).pair_state.muted == {key_of("an alarm")}


def test_a_request_that_has_made_a_run_makes_no_other(ledger):
    first = a_claim(request_id="a-request")
    Read(ledger).claim(ledger, first)
    with pytest.raises(Conflict):
        Read(ledger).claim(ledger, a_claim(request_id="a-request"))
    assert ledger.run_of_request(DR, "a-request") == first


def test_a_run_is_claimed_once(ledger):
    """The same id with other contents: what is stored is not written over."""
    run = a_claim()
    ledger._table.write(revised((DR, f"run#{run.run_id}"), run, 1))
    with pytest.raises(Conflict):
        Read(ledger).claim(ledger, run)


def test_what_is_not_a_condition_voids_no_claim(ledger):
    """Others read the evidence, or decide about the incident: it is a reason to act all the same."""
    read = Read(ledger)
    ledger.incidents.begin_assessing(read.incident, NOW, NOW)
    ledger.incidents.decide(read.incident.decided("refused", "up", NOW), read.pair_state)
    read.claim(ledger, a_claim())
    assert ledger.read(DR).in_flight


def test_a_command_needs_no_incident(ledger):
    read = Read(ledger)
    the_incidents_end(ledger)
    ledger.claim(a_claim(), read.pair_state, read.fleet, None, is_counted=False)
    assert ledger.read(DR).in_flight


def test_of_any_number_of_claims_on_what_was_read_once_one_comes_through(ledger):
    read, runs = Read(ledger), [a_claim() for _ in range(8)]
    start = Barrier(len(runs))

    def claim(run):
        start.wait()
        try:
            read.claim(ledger, run)
        except Conflict:
            return None
        return run

    with ThreadPoolExecutor(len(runs)) as pool:
        (claimed,) = filter(None, pool.map(claim, runs))
    assert ledger.read(DR).runs == (claimed,)


# An answer that is lost


def test_a_claim_that_is_repeated_finds_itself(ledger):
    """As the SDK does, and whoever calls again with the same run."""
    read, run = Read(ledger), a_claim()
    read.claim(ledger, run)
    read.claim(ledger, run)
    assert ledger.read(DR).runs == (run,)


def test_a_claim_that_came_through_and_was_answered_by_an_error_is_ours(parts, ledger):
    lossy = with_table(parts, interrupted("claim", LOST, after=True)).ledger
    run = a_claim()
    Read(ledger).claim(lossy, run)
    assert ledger.read(DR).run == run


def test_a_claim_that_never_arrived_is_not_ours(parts, ledger):
    lossy = with_table(parts, interrupted("claim", LOST)).ledger
    with pytest.raises(LedgerUnavailable):
        Read(ledger).claim(lossy, a_claim())
    assert ledger.read(DR).run is None


def test_where_another_has_claimed_a_lost_answer_is_not_taken_for_ours(parts, ledger):
    read = Read(ledger)
    read.claim(ledger, a_claim())
    lossy = with_table(parts, interrupted("claim", LOST)).ledger
    with pytest.raises(LedgerUnavailable):
        read.claim(lossy, a_claim())


# Around it: killed, too late, against the brakes


def test_killed_before_the_claim_nothing_is_held(outage):
    with pytest.raises(Killed):
        take(outage, with_table(outage, interrupted("claim", Killed())))
    assert (outage.record.run, outage.posts) == (None, 0)
    (result,) = outage.send({"command": "reconcile"})["results"]
    assert (result["decision"], outage.posts) == ("submitted", 1)


def test_killed_after_the_claim_the_pair_is_held_and_nothing_was_sent(outage):
    killed = interrupted("claim", Killed(), after=True)
    with pytest.raises(Killed):
        take(outage, with_table(outage, killed))
    assert (outage.record.run.state, outage.posts) == (RunState.SUBMITTING, 0)
    assert outage.alarm()[0]["decision"] == "duplicate"
    outage.send({"command": "reconcile"})
    assert outage.posts == 0


def test_a_claim_whose_answer_was_lost_is_ours(outage):
    lost = interrupted("claim", LOST, after=True)
    result = take(outage, with_table(outage, lost))
    assert (result.decision, outage.posts) == ("submitted", 1)


def test_so_it_is_where_the_table_is_away_for_a_moment_after_it(outage):
    """Else a run that nobody sends would hold the pair, and an order seem to be on its way."""
    left = ["claim", "read", "read"]

    def interrupt(name, call):
        def away(**kwargs):
            if step_of(name, kwargs) == "claim" and "claim" in left:
                left.remove("claim")
                call(**kwargs)
                raise LOST
            if "claim" not in left and "read" in left:
                left.remove("read")
                raise LOST
            return call(**kwargs)

        return away

    result = take(outage, with_table(outage, interrupt))
    assert (result.decision, outage.posts) == ("submitted", 1)


def test_a_claim_that_others_are_in_the_way_of_is_tried_until_the_time_is_up(outage):
    """When a region fails, all its pairs write one item; DynamoDB lets one through at a time."""
    codes = [{"Code": "None"}, {"Code": "TransactionConflict"}]
    busy = ClientError(
        {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": codes}, "x"
    )
    result = take(outage, with_table(outage, interrupted("claim", busy, times=9)))
    assert (result.decision, outage.posts) == ("submitted", 1)


@pytest.mark.parametrize("error", [LOST, THROTTLED], ids=["down", "throttled"])
def test_a_claim_that_was_not_made_orders_nothing(outage, error):
    failed = interrupted("claim", error)
    result = take(outage, with_table(outage, failed))
    assert (result.decision, result.reason_code) == ("blocked", "ledger_unavailable")
    assert (outage.posts, outage.record.run) == (0, None)


def test_a_claim_that_someone_else_made_void_is_tried_on_fresh_evidence(outage):
    """Another write to the pair between look and claim: the first claim fails, the second holds."""
    once = [True]

    def interrupt(name, call):
        def meddled(**kwargs):
            if step_of(name, kwargs) == "claim" and once:
                once.pop()
                pair_state = outage.record.pair_state
                outage.ledger.save_pair_state(outage.emulator.pair.id, pair_state)
            return call(**kwargs)

        return meddled

    result = take(outage, with_table(outage, interrupt))
    assert (result.decision, outage.posts) == ("submitted", 1)


def test_a_pause_between_look_and_claim_holds(outage):
    once = [True]

    def interrupt(name, call):
        def pausing(**kwargs):
            if step_of(name, kwargs) == "claim" and once:
                once.pop()
                outage.send(
                    {
                        "command": "pause", "pair": "*", "reason": "works", "requested_by": "ada",
                        "until": now(hours=1).isoformat(),
                    }
                )  # fmt: skip
            return call(**kwargs)

        return pausing

    result = take(outage, with_table(outage, interrupt))
    assert (result.decision, result.reason_code, outage.posts) == ("refused", "pause", 0)


def test_the_order_is_given_after_the_claim(outage):
    (result,) = outage.alarm()
    times = result["timings"]
    assert times["claimed_at"] <= times["requested_at"] <= times["answered_at"]


def test_an_invocation_that_is_nearly_over_leaves_the_claim_to_the_next(outage):
    outage.remaining_s = 29
    (result,) = outage.alarm()
    assert (result["decision"], result["reason_code"]) == ("blocked", "no_time_left")
    assert (outage.posts, outage.record.run) == (0, None)


def test_the_fleet_has_a_limit_an_hour(outage, monkeypatch):
    monkeypatch.setenv("MAX_FAILOVERS_PER_HOUR", "1")
    fleet = outage.ledger.fleet()
    table = outage.ledger._table
    spent = replace(fleet, revision=1, claims={"another pair": now()})
    table.write(revised(("*", "state#fleet"), spent, 1))
    (result,) = outage.alarm()
    assert (result["decision"], result["reason_code"]) == ("refused", "rate_limit")


def test_an_order_that_is_rejected_spends_nothing_of_the_limit(outage):
    outage.emulator.fault("failover", "respond", status=403)
    (result,) = outage.alarm()
    assert (result["decision"], outage.ledger.fleet().claims) == ("provider_rejected", {})


def test_an_order_whose_answer_is_lost_may_have_failed_over_and_counts(outage):
    outage.emulator.fault("failover", "cut", at="request")
    outage.alarm()
    assert outage.emulator.pair.id in outage.ledger.fleet().claims


def test_what_is_given_back_is_this_orders_alone(outage):
    earlier = now() - timedelta(minutes=5)
    outage.ledger.save_fleet(Fleet(claims={ANOTHER: earlier}))
    outage.emulator.fault("failover", "respond", status=403)
    outage.alarm()
    assert outage.ledger.fleet().claims == {ANOTHER: earlier}


# Against other runs of the pair


def override(parts, adapters, run_id):
    """What a person is answered who overrides the hold of a run."""
    event = {
        "command": "failover", "pair": "analytics", "confirm": "analytics", "reason": "lost",
        "requested_by": "ada", "requested_at": now().isoformat(), "override": ["hold"],
        "run_id": run_id,
    }  # fmt: skip
    return app.respond(parse(event), adapters, parts.context)


def test_a_run_that_shows_late_voids_a_claim_that_was_made_without_it(outage):
    """The first order is being carried out while a person orders anew: two would be accepted."""
    run_id, orders = infer(outage), outage.posts

    def execute_late():
        outage.emulator.pair.order("failover", outage.emulator.clock.now())
        outage.send({"command": "verify", "pair": "analytics", "run_id": run_id})
        assert outage.ledger.run(outage.emulator.pair.id, run_id).state is RunState.SUBMITTED

    adapters = with_table(outage, before_the("claim", execute_late))
    result = override(outage, adapters, run_id)
    assert (result["decision"], result["run_id"]) == ("duplicate", run_id)
    assert outage.posts == orders


def test_an_acknowledgement_voids_a_claim_that_was_made_before_it(outage):
    run_id, orders = infer(outage), outage.posts
    adapters = with_table(outage, before_the("claim", lambda: acknowledged(outage, run_id=run_id)))
    result = override(outage, adapters, run_id)
    assert (result["decision"], outage.posts) == ("refused", orders)


def test_each_transition_of_a_run_changes_what_a_claim_rests_on(outage):
    """Submitting, unknown, inferred, late: each is one more than the one before."""
    revisions = [outage.record.pair_state.revision]
    outage.emulator.fault("failover", "cut", at="request")
    outage.alarm()
    revisions.append(outage.record.pair_state.revision)
    for _ in range(5):
        reconciled(outage, after_s=230)
    revisions.append(outage.record.pair_state.revision)
    outage.emulator.pair.order("failover", outage.emulator.clock.now())
    reconciled(outage)
    revisions.append(outage.record.pair_state.revision)
    assert revisions == [1, 3, 4, 5]
