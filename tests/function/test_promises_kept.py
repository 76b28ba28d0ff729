"""Promises that were broken once: orders, alarms, words and ways out, beside all that may happen."""

import contextlib
import json
import time
from dataclasses import replace

import pytest
from crowd import damage_snapshot, kept, muted, ok
from interruptions import with_table
from meddling import before_the
from neighbours import TROUBLED, rows
from parts import bus_alarm, now
from steps import fail_alone, reconciled, second_word

from handler import app
from handler.aws.topic import Delivery
from handler.errors import InvalidSettings
from handler.events import parse
from handler.model.disaster_recovery import Roles
from handler.model.pair_state import PairState
from handler.model.run import RunState


def by_code(parts, code):
    return [one for one in parts.notices() if one.attributes["reason_code"] == code]


def text_of(parts, notice_id):
    return parts.ledger.notices.get(notice_id).text


def told_as(parts, code):
    (one,) = by_code(parts, code)
    return one, text_of(parts, one.attributes["notice_id"])


def test_a_mute_during_an_order_does_not_say_that_nothing_is_ordered(outage):
    assert outage.alarm()[0]["decision"] == "submitted"
    run = outage.record.in_flight
    outage.notices()
    outage.send(muted(at=now()))
    notice, text = told_as(outage, "muted")
    assert run.run_id in text, f"{notice.subject}\n{text}"


def test_an_alarm_of_many_pairs_reads_old_documents_again_before_it_orders(outage):
    hanging, last = [outage.emulator.pair], outage.emulator.add_pair(sync_every_s=1)
    hanging += [outage.emulator.add_pair(sync_every_s=1) for _ in range(4)]
    names = dict(zip("abcde", hanging, strict=True)) | {"z": last}
    ssm = outage.aws.client("ssm")
    ssm.delete_parameter(Name=f"{outage.path}/analytics")
    for name, pair in names.items():
        changes = {"probes": {pair.production_id: "127.0.0.1:1"}} if pair is not last else {}
        outage.put_pair(name, disaster_recovery_id=pair.id, alarms=["all"], **changes)
        roles = Roles(pair.production_id, pair.standby_id)
        if name != "a":
            pair_state = PairState(roles=roles, roles_since=now(hours=-1), armed=True)
            outage.ledger.save_pair_state(pair.id, pair_state)
    changed = []

    def hangs(_):
        if not changed:
            text = ssm.get_parameter(Name=f"{outage.path}/z")["Parameter"]["Value"]
            text = json.dumps({**json.loads(text), "mode": "observe"})
            ssm.put_parameter(Name=f"{outage.path}/z", Type="String", Overwrite=True, Value=text)
            changed.append(now())
        time.sleep(9)
        return False

    outage.emulator.break_production(last.id)
    outage.probe = hangs
    outage.alarm("all")
    posts = [post for post in outage.emulator.failover_posts if last.id in post.path]
    assert posts == [], f"{(posts[0].at - changed[0]).total_seconds():.0f} s after it was changed"


@pytest.mark.parametrize("is_denied", [False, True])
def test_a_neighbours_denied_credentials_keep_no_pair_from_being_armed(parts, is_denied):
    parts.arm()
    record = parts.record
    unarmed = replace(record.pair_state, armed=False)
    parts.ledger.save_pair_state(parts.emulator.pair.id, unarmed)
    other = parts.emulator.add_pair(sync_every_s=1)
    key = {"access_key_id": "AKNOBODY", "secret_access_key": "x" * 40}
    parts.put_secret(f"{parts.name}/accounts", **key)
    credentials = "accounts" if is_denied else "credentials"
    parts.put_pair("accounts", disaster_recovery_id=other.id, alarms=["b"],
                   credentials_secret=f"{parts.name}/{credentials}")  # fmt: skip
    for _ in range(15):
        parts.let_pass(60)
        parts.send({"command": "reconcile"})
    assert parts.record.pair_state.armed


@pytest.mark.parametrize("how", ["ok", "muted"])
def test_an_alarm_that_ends_while_a_watch_is_assessed_leaves_one_lone_witness(parts, how):
    parts.arm()
    parts.put_pair(production_down_for_s=3600)
    fail_alone(parts)
    second_word(parts)
    reconciled(parts)
    assert parts.record.open_incident.kind == "watch"
    second_word(parts, "running")
    parts.put_pair(mode="observe")
    parts.alarm(at=now(seconds=-5))
    parts.put_pair(production_down_for_s=60)
    parts.put_pair(production_down_for_s=0)
    assert (len(kept(parts)), parts.posts) == (1, 0)

    def end():
        event = ok("dws-outage-analytics") if how == "ok" else muted(at=now())
        parts.send(event)

    adapters = with_table(parts, before_the("claim", end))
    app.Invocation(adapters, parts.context).answer(parse({"command": "reconcile"}))
    assert kept(parts) == set()
    assert parts.posts == 0


def test_an_alarm_that_waits_is_not_lost_where_its_name_is_given_to_another_pair(outage):
    id_ = outage.emulator.pair.id
    other = outage.emulator.add_pair(sync_every_s=1)
    outage.put_pair(max_data_loss_s="much")
    (result,) = outage.alarm()
    assert result["reason_code"] == "invalid_pair"
    outage.put_pair(disaster_recovery_id=other.id, alarms=["something-else"])
    outage.put_pair("warehouse", disaster_recovery_id=id_)
    reconciled(outage)
    assert kept(outage)


def test_a_status_says_that_a_run_holds_though_the_bad_document_has_another_id(outage):
    assert outage.alarm()[0]["decision"] == "submitted"
    outage.put_pair(disaster_recovery_id="00000000-0000-4000-8000-00000000000x")
    result = outage.send({"command": "status", "pair": "analytics"})
    assert result["reason"].startswith("HELD"), result["reason"]


def test_a_status_says_that_a_run_holds_though_the_bad_document_has_another_uuid(outage):
    assert outage.alarm()[0]["decision"] == "submitted"
    outage.put_pair(disaster_recovery_id=TROUBLED, max_data_loss_s="much")
    result = outage.send({"command": "status", "pair": "analytics"})
    assert result["reason"].startswith("HELD"), result["reason"]


@pytest.mark.parametrize("text", ["{", '{"alarms": ["dws-outage-*"]}'])
def test_that_nothing_was_ordered_is_not_told_while_an_order_is_on_its_way(outage, text):
    assert outage.alarm()[0]["decision"] == "submitted"
    outage.notices()
    outage.put_document("analytics", text)
    outage.alarm("dws-outage-second")
    assert outage.record.in_flight
    subjects = [one.subject for one in outage.notices()]
    assert not [one for one in subjects if "not failed over" in one], subjects


def test_what_is_told_of_a_lone_witness_does_not_deny_what_is_told_of_a_mute(parts):
    parts.arm()
    parts.send(muted())
    fail_alone(parts)
    parts.notices()
    reconciled(parts)
    _, text = told_as(parts, "lone_witness")
    second_word(parts)
    reconciled(parts, after_s=601)
    opened = parts.record.incident
    assert opened or "a second one opens an incident" not in text, text


@pytest.mark.parametrize("is_bad", [False, True])
def test_what_is_executed_late_after_a_rejection_is_told_though_its_document_is_bad(outage, is_bad):
    outage.emulator.fault("failover", "respond", status=403)
    (result,) = outage.alarm()
    assert result["decision"] == "provider_rejected"
    if is_bad:
        outage.put_pair(max_data_loss_s="much")
    outage.notices()
    outage.emulator.vary(switching_s=0)
    outage.emulator.clear_faults()
    outage.emulator.pair.order("failover", outage.emulator.clock.now())
    for _ in range(3):
        reconciled(outage)
    assert outage.record.run.state is RunState.SUCCEEDED


def test_a_pause_during_an_order_does_not_say_that_nothing_is_failed_over(outage):
    assert outage.alarm()[0]["decision"] == "submitted"
    run = outage.record.in_flight
    outage.notices()
    outage.send({"command": "pause", "pair": "analytics", "until": now(hours=1).isoformat(),
                 "reason": "work", "requested_by": "ada"})  # fmt: skip
    _, text = told_as(outage, "paused")
    assert run.run_id in text or "Nothing is failed over until then" not in text, text


@pytest.mark.parametrize("are_bad", [False, True])
def test_an_incident_whose_credentials_are_bad_ends_in_its_time_and_that_is_told(outage, are_bad):
    outage.put_pair(mode="observe", retry_for_s=7200)
    outage.notices()
    if are_bad:
        outage.put_secret(f"{outage.name}/credentials", access_key_id="only half")
    outage.alarm()
    assert outage.record.open_incident
    codes = []
    for _ in range(130):
        reconciled(outage)
        codes += [one.attributes["reason_code"] for one in outage.notices()]
    assert outage.record.open_incident is None
    assert "retry_time_over" in codes


@pytest.mark.parametrize("are_bad", [False, True])
def test_an_incident_whose_credentials_are_bad_is_told_of_hourly(outage, are_bad):
    outage.put_pair(mode="observe", retry_for_s=14400)
    if are_bad:
        outage.put_secret(f"{outage.name}/credentials", access_key_id="only half")
    outage.alarm()
    outage.notices()
    for _ in range(65):
        reconciled(outage)
    told = [one for one in outage.notices() if one.result["decision"] in ("blocked", "refused")]
    assert told


def test_a_damaged_snapshot_of_a_rejected_run_does_not_end_the_pursuit_in_silence(outage):
    outage.emulator.fault("failover", "respond", status=403)
    assert outage.alarm()[0]["decision"] == "provider_rejected"
    damage_snapshot(outage)
    outage.notices()
    for _ in range(65):
        reconciled(outage)
    assert outage.posts > 1 or outage.notices()


def test_one_switch_is_the_doing_of_one_run(outage):
    outage.emulator.fault("failover", "cut", at="request")
    assert outage.alarm()[0]["decision"] == "unknown"
    for _ in range(16):
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    first = outage.record.run
    assert first.state is RunState.NOT_STARTED
    outage.emulator.fault("failover", "respond", status=403)
    at = (now() + outage.ahead).isoformat()
    result = outage.fail_over(override=["hold"], run_id=first.run_id, requested_at=at)
    assert result["decision"] == "provider_rejected"
    outage.emulator.vary(switching_s=0)
    outage.notices()
    outage.emulator.pair.order("failover", outage.emulator.clock.now())
    for _ in range(6):
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    late = [one.result["run_id"] for one in outage.notices()
            if one.attributes["reason_code"] == "executed_late"]  # fmt: skip
    assert late == [first.run_id]


def test_one_unreadable_pair_does_not_hide_the_rows_of_all_others(two):
    two.put_pair("accounts", disaster_recovery_id=TROUBLED, max_data_loss_s="much")
    two.aws.client("dynamodb").update_item(
        TableName=two.table,
        Key={"pk": {"S": two.emulator.pair.id}, "sk": {"S": "state#pair"}},
        UpdateExpression="SET armed = :x",
        ExpressionAttributeValues={":x": {"S": "yes, please"}},
    )
    assert set(rows(two)) == {"accounts", "analytics"}


def test_the_command_that_ends_a_hold_works_though_the_old_name_is_anothers(outage):
    id_, other = outage.emulator.pair.id, outage.emulator.add_pair(sync_every_s=1)
    assert outage.alarm()[0]["decision"] == "submitted"
    for _ in range(11):
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    outage.let_pass(3600)
    outage.send({"command": "reconcile"})
    assert outage.record.holding
    outage.put_pair("warehouse", disaster_recovery_id=id_)
    outage.put_pair(disaster_recovery_id=other.id, alarms=["something-else"])
    status = outage.send({"command": "status", "pair": "warehouse"})
    assert status["reason"].startswith("HELD")
    step = next(one for one in status["next_steps"] if one.startswith('{"command": "acknowledge"'))
    command = {**json.loads(step), "reason": "seen in the console", "requested_by": "ada"}
    result = outage.send(command)
    assert result["decision"] == "acknowledged", result["reason"]


@pytest.mark.parametrize("is_gone", [False, True])
def test_what_is_told_at_the_end_of_an_incident_without_its_document_is_so(outage, is_gone):
    outage.put_pair(mode="observe")
    outage.alarm()
    if is_gone:
        outage.aws.client("ssm").delete_parameter(Name=f"{outage.path}/analytics")
        app.adapters.cache_clear()
    else:
        outage.put_pair(max_data_loss_s="much")
    outage.notices()
    reconciled(outage, after_s=3700)
    _, text = told_as(outage, "retry_time_over")
    outage.alarm("dws-outage-another")
    opened = outage.record.open_incident
    assert opened or "a new alarm opens one" not in text, text


def test_to_verify_an_older_run_does_not_make_one_switch_the_doing_of_two(outage):
    outage.emulator.vary(switching_s=0)
    outage.emulator.fault("failover", "respond", status=403)
    assert outage.alarm()[0]["decision"] == "provider_rejected"
    first = outage.record.run
    for _ in range(4):
        outage.let_pass(61)
        outage.send({"command": "reconcile"})
    assert outage.record.run.run_id != first.run_id
    assert outage.record.run.state is RunState.SUCCEEDED
    assert len(outage.record.holding) == 1
    outage.notices()
    for _ in range(2):
        outage.let_pass(60)
        outage.send({"command": "verify", "pair": "analytics", "run_id": first.run_id})
    subjects = [one.subject for one in outage.notices()]
    assert (subjects, len(outage.record.holding)) == ([], 1)


def test_to_verify_an_older_run_while_another_is_switching_says_nothing_of_the_older(outage):
    outage.emulator.vary(switching_s=600)
    outage.emulator.fault("failover", "respond", status=403)
    assert outage.alarm()[0]["decision"] == "provider_rejected"
    first = outage.record.run
    for _ in range(2):
        outage.let_pass(61)
        outage.send({"command": "reconcile"})
    assert outage.record.run.run_id != first.run_id
    assert outage.record.run.state is RunState.SUBMITTED
    outage.notices()
    outage.send({"command": "verify", "pair": "analytics", "run_id": first.run_id})
    subjects = [one.subject for one in outage.notices()]
    assert (subjects, len(outage.record.holding)) == ([], 1)


class Down:
    """A topic that takes nothing."""

    def publish(self, _):
        return Delivery.FAILED

    def subscriptions(self):
        return None


@pytest.mark.parametrize("is_lost", [False, True])
def test_after_its_success_nobody_is_told_that_the_outcome_is_open(outage, is_lost):
    outage.emulator.vary(switching_s=0)
    if is_lost:
        outage.emulator.fault("failover", "cut", at="answer")
    outage.instead["publisher"] = Down()
    outage.alarm()
    outage.let_pass(60)
    outage.send({"command": "reconcile"})
    outage.instead.clear()
    for _ in range(3):
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    assert outage.record.run.state is RunState.SUCCEEDED
    subjects = [one.subject for one in outage.notices()]
    done = next(number for number, one in enumerate(subjects) if "now runs on its standby" in one)
    late = [one for one in subjects[done:] if "switching to" in one or "order sent" in one]
    assert not late, subjects


def test_a_status_says_that_a_run_holds_though_its_credentials_are_bad(outage):
    assert outage.alarm()[0]["decision"] == "submitted"
    run = outage.record.in_flight
    outage.put_secret(f"{outage.name}/credentials", access_key_id="only half")
    (row,) = outage.send({"command": "status"})["results"]
    assert run.run_id in row["reason"], row["reason"]


def test_an_incident_that_is_pursued_with_bad_credentials_ends_and_is_told(outage):
    """As in a deployment: in an invocation of its own."""
    outage.put_pair(mode="observe", retry_for_s=3600)
    outage.put_secret(f"{outage.name}/credentials", access_key_id="only half")
    outage.alarm()
    outage.notices()
    for _ in range(65):
        outage.let_pass(60)
        with contextlib.suppress(InvalidSettings):
            outage.send({"command": "reconcile", "pair": "analytics"})
    assert [one.subject for one in outage.notices()]
    assert outage.record.open_incident is None


@pytest.mark.parametrize("hangs_s", [0, 8])
def test_pairs_that_hang_do_not_take_the_turn_of_the_last_one_for_ever(outage, hangs_s):
    """Lambda takes no invocation, and each of sixteen pairs takes 16 s."""
    last = outage.emulator.pair
    for number in range(16):
        pair = outage.emulator.add_pair(sync_every_s=1)
        outage.put_pair(f"a{number:02}", disaster_recovery_id=pair.id, alarms=["hanging"],
                        probes={pair.production_id: "127.0.0.1:1"})  # fmt: skip
        roles = Roles(pair.production_id, pair.standby_id)
        pair_state = PairState(roles=roles, roles_since=now(hours=-1), armed=True)
        outage.ledger.save_pair_state(pair.id, pair_state)
        outage.emulator.set_cluster(pair.production_id, status="UNAVAILABLE")

    outage.probe = lambda _: False
    outage.put_pair(mode="observe")
    outage.alarm("hanging")
    outage.alarm()
    assert outage.ledger.read(last.id).open_incident
    outage.put_pair()

    def hangs(_):
        outage.remaining_s -= hangs_s
        return False

    outage.probe = hangs
    for _ in range(5):
        outage.remaining_s = 300.0
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    assert outage.posts == 1


def test_what_was_answered_as_a_duplicate_is_not_told_as_too_late_afterwards(outage):
    outage.emulator.vary(switching_s=0)
    assert outage.alarm()[0]["decision"] == "submitted"
    outage.put_pair(max_data_loss_s="much")
    (result,) = outage.alarm("dws-outage-second")
    assert result["decision"] == "duplicate"
    for _ in range(17):
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    assert outage.record.run.state is RunState.SUCCEEDED
    outage.notices()
    outage.put_pair()
    outage.let_pass(60)
    outage.send({"command": "reconcile"})
    subjects = [one.subject for one in outage.notices()]
    assert not [one for one in subjects if "too late" in one], subjects


def test_that_an_alarm_waits_is_not_told_as_nothing_ordered_beside_a_claim(outage):
    """Another invocation, which has loaded the document a moment ago, claims in between."""
    good = outage.adapters

    def claims():
        (alarm,) = parse(bus_alarm("dws-outage-first"))
        app.Invocation(good, outage.context).answer((alarm,))

    good.pairs()
    outage.put_pair(max_data_loss_s="much")
    adapters = with_table(outage, before_the("notice", claims))
    (alarm,) = parse(bus_alarm("dws-outage-second"))
    app.Invocation(adapters, outage.context).answer((alarm,))
    assert outage.record.in_flight
    subjects = [one.subject for one in outage.notices()]
    assert not [one for one in subjects if "not failed over" in one], subjects


def test_a_gone_document_is_not_said_to_keep_an_alarm(outage):
    outage.put_pair(mode="observe")
    outage.alarm()
    outage.aws.client("ssm").delete_parameter(Name=f"{outage.path}/analytics")
    app.adapters.cache_clear()
    outage.notices()
    reconciled(outage, after_s=601)
    _, text = told_as(outage, "invalid_pair")
    outage.alarm("dws-outage-another")
    waits = outage.ledger.alarms.pending()
    assert waits or "The alarm is kept" not in text, text
