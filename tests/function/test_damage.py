"""Careless hands: documents that are bad for a while, and items that nobody can have written."""

import json
import os
import socket
import threading
import time
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from parts import arn_of, now
from stored import items

from handler import app
from handler.aws.open_items import commit
from handler.errors import Conflict, FailoverError
from handler.failover.results import Subject
from handler.model.alarm_history import key_of
from handler.model.disaster_recovery import Roles
from handler.model.incident import Ending
from handler.model.pair_state import Observations, PairState
from handler.model.result import Decision, Reason
from local.dws.api import responses

YEAR_9999 = "9999-12-31T23:59:59+00:00"
ID = "aaaaaaaa-0000-4000-8000-000000000000"


def reconcile(parts, times=1, apart_s=60):
    for _ in range(times):
        try:
            results = parts.send({"command": "reconcile"})["results"]
        except FailoverError as err:
            results = [err]
        parts.let_pass(apart_s)
    return results


def damage(parts, sk, field, value, pk=None):
    """Change one field of one item by hand."""
    parts.aws.client("dynamodb").update_item(
        TableName=parts.table,
        Key={"pk": {"S": pk or parts.emulator.pair.id}, "sk": {"S": sk}},
        UpdateExpression="SET #f = :v",
        ExpressionAttributeNames={"#f": field},
        ExpressionAttributeValues={":v": value},
    )


def told(parts):
    return [(one.result["decision"], one.result["reason_code"]) for one in parts.notices()]


def document(parts, **changes):
    found = {
        "disaster_recovery_id": parts.emulator.pair.id,
        "project_id": parts.emulator.project_id,
        "endpoint": parts.emulator.url,
        "credentials_secret": f"{parts.name}/credentials",
        "max_data_loss_s": 3600,
        "mode": "automatic",
        "alarms": ["dws-outage-*"],
        "production_down_for_s": 0,
        **changes,
    }
    return json.dumps(found)


def second_pair(parts, **changes):
    other = parts.emulator.add_pair(sync_every_s=1)
    parts.put_pair("other", disaster_recovery_id=other.id, **changes)
    parts.ledger.save_pair_state(
        other.id,
        PairState(
            roles=Roles(other.production_id, other.standby_id),
            roles_since=now(hours=-1),
            armed=True,
        ),
    )
    parts.ledger.save_observations(other.id, Observations())
    return other


# --- a careless operator: bad documents ---------------------------------------------------------


def test_two_alarms_of_one_second_both_wait_for_a_bad_document(parts):
    """Events: "A listed alarm is stored before anything else is asked, ... also while its pair's
    document is bad." The notice's id is of whole seconds: the second alarm's transaction fails with
    it, and the alarm is answered as if it were kept."""
    parts.arm()
    parts.put_document("analytics", document(parts, mode="auto"))
    at = now(seconds=-1)
    parts.alarm("dws-outage-a", at=at)
    parts.alarm("dws-outage-b", at=at)
    assert len(parts.ledger.alarms.pending()) == 2


def test_the_second_of_two_alarms_still_stands_when_the_first_is_ok(parts):
    """The consequence: Events "OK ends its part of an incident": here it ends all of it."""
    parts.arm()
    parts.put_document("analytics", document(parts, mode="auto"))
    at = now(seconds=-1)
    parts.alarm("dws-outage-a", at=at)
    parts.alarm("dws-outage-b", at=at)
    parts.put_pair()
    reconcile(parts)
    assert parts.record.open_incident
    parts.alarm("dws-outage-a", at=parts.adapters.clock(), state="OK", previous="ALARM")
    assert parts.record.open_incident, "dws-outage-b is still in ALARM"


def test_an_alarm_that_waits_is_not_lost_with_a_rename(parts):
    """Pairs: "All state is keyed by the DR id; the name is a label." Events: an alarm is stored also while
    its document is bad. Notice: "The alarm is kept. It is taken up once the document is good"."""
    parts.arm()
    parts.put_document("analytics", document(parts, mode="auto"))
    parts.alarm()
    assert len(parts.ledger.alarms.pending()) == 1
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
    parts.put_pair("warehouse")  # the same disaster recovery, corrected
    parts.notices()
    reconcile(parts)
    assert parts.record.open_incident or told(parts), "the alarm is gone, and nobody is told"


def test_an_alarm_that_waits_survives_a_minute_without_its_document(parts):
    """The same with a document that is deleted and written again (CloudFormation replaces so)."""
    parts.arm()
    parts.put_document("analytics", document(parts, mode="auto"))
    parts.alarm()
    parts.notices()
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
    parts.put_pair("unrelated", disaster_recovery_id=ID)
    reconcile(parts)
    parts.put_pair()
    reconcile(parts)
    assert parts.record.open_incident or told(parts)


def test_an_alarm_for_a_document_with_a_trailing_comma_is_told(outage):
    """Promise 2: "Every event meant for a pair ends in a stored decision with a reason; what a
    person must know is notified". A document with {"mode": "auto"} tells `blocked` at once; one with
    a trailing comma tells nobody for an hour."""
    outage.put_document("analytics", document(outage)[:-1] + ",}")
    reconcile(outage)  # its daily word is said
    outage.notices()
    outage.alarm()
    reconcile(outage, times=20)
    assert told(outage), "20 minutes of outage and of silence"


def test_one_waiting_alarm_in_trouble_keeps_no_other_waiting(parts):
    """Pairs: "A bad pair never stops the others"; Reconcile: "one pair's trouble, of whatever kind, never ends
    the others' turn"."""
    parts.arm()
    other = second_pair(parts, alarms=["other-*"])
    parts.put_document("analytics", document(parts, mode="auto"))
    parts.put_document(
        "other", document(parts, mode="auto", disaster_recovery_id=other.id, alarms=["other-*"])
    )
    parts.alarm(at=now(seconds=-20))
    parts.alarm("other-outage", at=now(seconds=-10))
    damage(parts, "state#pair", "armed", {"S": "yes"})
    parts.put_pair()
    parts.put_pair("other", disaster_recovery_id=other.id, alarms=["other-*"])
    reconcile(parts, times=3)
    assert parts.ledger.read(other.id).open_incident


# --- a damaged or restored table -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("sk", "field", "value", "pk"),
    [
        ("state#pair", "armed", {"S": "yes"}, None),
        ("state#health", "role_words", {"S": "none"}, None),
        ("run#20200101T000000000Z-00000000", "state", {"S": "from another version"}, None),
        ("state#fleet", "claims", {"S": "none"}, "*"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_pair_that_can_no_longer_be_failed_over_is_told(parts, sk, field, value, pk):
    """Reconcile: "readiness: could this pair be failed over now? Lost and regained are notified".
    Promise 2, "Never silent ... even if ... a table ... fails on the way"."""
    parts.arm(is_ready=True, first_checked_at=now(hours=-5))
    reconcile(parts)
    damage(parts, sk, field, value, pk)
    parts.notices()
    reconcile(parts, times=70)
    assert told(parts), "for an hour every look has failed, and nobody is told"


def test_a_damaged_record_of_another_pair_does_not_keep_a_hold_from_being_ended(outage):
    """Gates hold: "acknowledge it"; Promise 3: "Every refusal names its way out". The way out of a run
    whose document is gone goes through the records of all pairs that hold."""
    (result,) = outage.alarm()
    assert result["decision"] == "submitted"
    run = outage.record.run
    commit(outage.ledger._table, ID, [], add={"held": {"x"}})  # another pair that holds ...
    damage(outage, "state#pair", "armed", {"S": "yes"}, pk=ID)  # ... and is damaged
    outage.aws.client("ssm").delete_parameter(Name=f"{outage.path}/analytics")
    outage.let_pass(1200)
    outage.put_pair("unrelated", disaster_recovery_id="bbbbbbbb-0000-4000-8000-000000000000")
    answer = outage.send(
        {
            "command": "acknowledge",
            "pair": "analytics",
            "run_id": run.run_id,
            "production_cluster_id": run.roles.standby_cluster_id,
            "reason": "seen",
            "requested_by": "ada",
            "override": ["roles"],
        }
    )
    assert answer["decision"] == "acknowledged"


def test_a_damaged_list_of_work_does_not_hide_an_open_run(outage):
    """Reconcile: "Every minute: open runs ... from the table first"; Promise 2."""
    (result,) = outage.alarm()
    assert result["decision"] == "submitted"
    outage.notices()
    damage(outage, f"work#{outage.emulator.pair.id}", "notices", {"N": "5"}, pk="*")
    reconcile(outage, times=150)
    assert told(outage), "the run is submitted for 2.5 h, and nobody hears of it again"


def lose_work(parts):
    key = {"pk": {"S": "*"}, "sk": {"S": f"work#{parts.emulator.pair.id}"}}
    parts.aws.client("dynamodb").delete_item(TableName=parts.table, Key=key)


def spoil_runs(parts):
    damage(parts, f"work#{parts.emulator.pair.id}", "runs", {"S": "?"}, pk="*")


@pytest.mark.parametrize("forget", [lose_work, spoil_runs])
@pytest.mark.parametrize("is_good", [True, False], ids=["good document", "bad document"])
def test_an_order_on_its_way_that_no_list_of_work_names_is_followed(outage, forget, is_good):
    """Reconcile: "settles runs"; the pair's own items say that one is in flight."""
    outage.emulator.vary(switching_s=0)
    (result,) = outage.alarm()
    assert result["decision"] == "submitted"
    forget(outage)
    if not is_good:
        outage.put_document("analytics", document(outage, max_data_loss_s=1))
    reconcile(outage, times=4)
    assert outage.record.run.state == "succeeded"


def test_an_incident_that_no_list_of_work_names_is_named_again(parts):
    """It ends in its time though its document goes."""
    parts.arm()
    parts.alarm()
    lose_work(parts)
    reconcile(parts)
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
    parts.let_pass(3700)
    reconcile(parts)
    assert parts.record.incident.ended_because == "retry_time_over"


def test_what_has_ended_meanwhile_is_not_named_again(outage):
    """It would be followed for ever."""
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    before = outage.record
    reconcile(outage, times=3)
    assert outage.record.run.state == "succeeded"
    ids = {"runs": {before.run.run_id}}
    with pytest.raises(Conflict):
        outage.ledger.name_open(outage.emulator.pair.id, before, ids)


# --- an item is put back from a backup, and the notices of since then are there already -----------


def item_of(parts, sk):
    return next(one for one in items(parts) if one["sk"]["S"] == sk)


def put_back(parts, item):
    parts.aws.client("dynamodb").put_item(TableName=parts.table, Item=item)


def test_an_incident_that_is_put_back_after_its_end_ends_again_and_is_told(parts):
    """Reconcile: it "ends incidents: ... or retry_for_s over (notified)"."""
    parts.arm()
    parts.alarm()
    backup = item_of(parts, "state#incident")
    parts.let_pass(3700)
    reconcile(parts)
    parts.notices()
    put_back(parts, backup)
    reconcile(parts, times=2)
    assert parts.record.incident.ended_because == "retry_time_over"
    assert told(parts) == [("blocked", "retry_time_over")]


def test_so_it_does_by_the_ok_of_its_alarm(parts):
    parts.arm()
    parts.alarm()
    backup = item_of(parts, "state#incident")
    for _ in range(2):
        parts.let_pass(1)
        (result,) = parts.alarm(state="OK", previous="ALARM", at=now() + parts.ahead)
        assert (result["reason_code"], result["notified"]) == ("alarms_ok", True)
        put_back(parts, backup)
        damage(parts, f"alarm#{key_of(arn_of('dws-outage-analytics'))}", "state", {"S": "ALARM"})


def test_a_run_that_is_put_back_is_told_and_settled(outage):
    outage.emulator.vary(switching_s=45 * 60)
    outage.alarm()
    reconcile(outage)
    backup = item_of(outage, f"run#{outage.record.run.run_id}")
    reconcile(outage, times=4, apart_s=600)
    assert told(outage).count(("in_progress", "accepted")) > 1
    put_back(outage, backup)
    reconcile(outage)
    assert told(outage) == [("in_progress", "accepted")]
    reconcile(outage, times=3, apart_s=600)
    assert outage.record.run.state == "succeeded"


def test_two_writers_are_told_though_the_pairs_item_is_of_before_the_failover(outage):
    """Reconcile: "if the old production answers again → old_production_back, critical"."""
    outage.emulator.vary(switching_s=0, heals_after_s=None)
    outage.emulator.fault("failover", "respond", status=403)
    (rejected,) = outage.alarm()
    backup = item_of(outage, "state#pair")
    outage.let_pass(61)
    reconcile(outage, times=3)
    run = outage.record.run
    assert (run.state, run.run_id == rejected["run_id"]) == ("succeeded", False)
    put_back(outage, {**backup, "armed": {"BOOL": False}})
    outage.emulator.restore_production()
    outage.notices()
    reconcile(outage, times=2)
    assert outage.record.run.run_id == run.run_id
    assert outage.record.pair_state.run_id == run.run_id
    assert ("reconciled", "old_production_back") in told(outage)


def test_what_two_decide_at_once_is_told_once(parts):
    """Of the same incident: who comes second finds that it has ended."""
    parts.arm()
    parts.alarm()
    record = parts.record
    ports = app.Invocation(parts.adapters, parts.context).ports
    reason = Reason("retry_time_over", "its time is over")
    over = Subject("analytics", parts.emulator.pair.id).result(Decision.BLOCKED, reason)
    end = partial(ports.outbox.end_incident, record.incident, Ending.RETRY_TIME_OVER, over, record)
    parts.notices()
    end()
    with pytest.raises(Conflict):
        end()
    assert told(parts) == [("blocked", "retry_time_over")]


def test_a_probe_that_was_last_up_in_the_year_9999_was_not_seen_up_in_the_last_24_h(parts):
    """Gates: two refused connections say down, "but only if it was seen up in the 24 h before"."""
    parts.put_pair(probes={parts.emulator.pair.production_id: "127.0.0.1:1"})
    parts.probe = lambda _: False
    parts.arm()
    damage(
        parts,
        "state#health",
        "probe_up_at",
        {"M": {parts.emulator.pair.production_id: {"S": YEAR_9999}}},
    )
    parts.emulator.vary(production_dark=True)
    parts.emulator.set_pair(status="abnormal")
    (result,) = parts.alarm()
    assert parts.posts == 0, result["reason"]


def test_a_stretch_seen_in_the_year_9999_is_no_stretch_of_now(parts):
    """Gates: "it has held for production_down_for_s"; rpo: "outage start = start of the present stretch
    of down". One that was seen in the future is none of now: here the wait is skipped, and 50 hours
    of data count as none."""
    parts.arm(down_of=parts.emulator.pair.production_id, down_since=now(hours=-50))
    damage(parts, "state#health", "down_seen_at", {"S": YEAR_9999})
    parts.put_pair(production_down_for_s=600)
    parts.emulator.break_production()
    (result,) = parts.alarm()
    assert parts.posts == 0, result["reason"]


def test_claims_of_the_year_9999_do_not_brake_all_pairs_for_ever(outage):
    """Gates rate_limit: "fewer than MaxFailoversPerHour runs began by alarms in the last hour". Nothing
    that a person can do ends it: each claim keeps them."""
    claims = {f"{n:08}-0000-4000-8000-000000000000": {"S": YEAR_9999} for n in range(5)}
    damage(outage, "state#fleet", "claims", {"M": claims}, pk="*")
    damage(outage, "state#fleet", "revision", {"N": "1"}, pk="*")
    (result,) = outage.alarm()
    assert result["decision"] == "submitted", result["reason"]


def test_an_alarm_heard_in_the_year_9999_can_still_call(outage):
    """Promise 4; Events "older ones and copies change nothing": here every later transition of the alarm
    is an older one, answered `repeated`, and nobody is told."""
    outage.alarm(state="OK", previous="ALARM", at=now(seconds=-30))
    damage(outage, f"alarm#{key_of(arn_of('dws-outage-analytics'))}", "at", {"S": YEAR_9999})
    (result,) = outage.alarm()
    assert result["decision"] == "submitted", result["reason"]


def test_an_incident_told_in_the_year_9999_is_told_again(parts):
    """Notifications: "`refused` and `blocked` are notified ... when the set changes and hourly"."""
    parts.put_pair(retry_for_s=14400)
    parts.arm()
    (result,) = parts.alarm()
    assert result["decision"] == "refused"
    damage(parts, "state#incident", "notified_at", {"S": YEAR_9999})
    parts.notices()
    reconcile(parts, times=4)  # production is up: five would end it
    parts.emulator.vary(production_dark=True)
    reconcile(parts, times=130)
    assert told(parts)


def test_a_run_that_ended_in_the_year_9999_takes_no_alarm(outage):
    """Events: "An alarm from before the end of the pair's last run + 30 min belongs to that run"."""
    (result,) = outage.alarm()
    run = outage.record.run
    outage.let_pass(1200)
    outage.send(
        {
            "command": "acknowledge",
            "pair": "analytics",
            "run_id": run.run_id,
            "production_cluster_id": run.roles.standby_cluster_id,
            "reason": "seen",
            "requested_by": "ada",
            "override": ["roles"],
        }
    )
    damage(outage, f"run#{run.run_id}", "ended_at", {"S": YEAR_9999})
    outage.let_pass(24 * 3600 * 30)
    outage.notices()
    (result,) = outage.alarm("dws-outage-new", at=outage.adapters.clock())
    assert result["decision"] != "duplicate", result["reason"]


def test_readiness_told_in_the_year_9999_can_still_be_lost(parts):
    """Reconcile: "Lost and regained are notified"."""
    parts.arm(is_ready=True, first_checked_at=now(hours=-5))
    damage(parts, "state#health", "ready_notified_at", {"S": YEAR_9999})
    parts.emulator.set_cluster(parts.emulator.pair.standby_id, status="FROZEN")
    reconcile(parts, times=30)
    assert told(parts)


def detail_now(parts, **changes):
    found = responses.detail(parts.emulator.pair, parts.emulator.clock.now())
    found["disaster_recovery"] |= changes
    return found


def item_now(parts, **changes):
    return responses.list_item(parts.emulator.pair, parts.emulator.clock.now()) | changes


def shows_list(parts, *items):
    body = {"disaster_recovery": list(items)}
    parts.emulator.fault("list", "respond", status=200, body=body, times=None)


def test_switching_in_the_lists_second_item_of_the_pair_refuses(outage):
    """Gates pair_state: "abnormal or running in every picture that could be read; switchovering in any
    refuses". A list with two items of one id is read as its first."""
    shows_list(outage, item_now(outage), item_now(outage, status="switchovering"))
    (result,) = outage.alarm()
    assert outage.posts == 0, result["reason"]


def test_role_words_of_the_list_that_are_exchanged_refuse(outage):
    """Gates roles: "by position and, where it says so, by the role values seen in health". Where an
    exchange shows by words alone (variant `role-words`, dws-api.md Reconcile.3), a list that is ahead of a
    lagging detail is not heard: the order leaves though the list says that it was switched."""
    words = {"production": "primary", "standby": "standby"}
    outage.ledger.save_observations(
        outage.emulator.pair.id, Observations(revision=1, role_words=words)
    )
    shows_list(
        outage,
        item_now(outage, primary_cluster_role="standby", standby_cluster_role="primary"),
    )
    (result,) = outage.alarm()
    assert outage.posts == 0, result["reason"]


@pytest.mark.parametrize("status", ["abnormal", "drDeleted", "stopped"])
def test_a_standby_that_the_list_shows_unfit_refuses(outage, status):
    """Gates standby_ready: "DR-side not abnormal, drDeleted, stopped": the list's word is not heard."""
    shows_list(outage, item_now(outage, standby_cluster_status=status))
    (result,) = outage.alarm()
    assert outage.posts == 0, result["reason"]


def test_a_list_that_says_cross_region_is_not_overruled_by_a_detail_that_says_az(outage):
    """Gates site: "cross-region: the pair's project is the expected standby's"."""
    shows_list(outage, item_now(outage, dr_type="region", standby_cluster_project_id="f" * 32))
    (result,) = outage.alarm()
    assert outage.posts == 0, result["reason"]


def test_two_roles_of_one_cluster_are_no_roles(parts):
    """Reconcile "learns the expected roles": production and standby are two clusters (Promises "pair")."""
    one = parts.emulator.pair.production_id
    found = detail_now(parts, status="running")
    found["disaster_recovery"]["standby_cluster"]["id"] = one
    parts.emulator.fault("detail", "respond", status=200, body=found, times=None)
    shows_list(parts, item_now(parts, standby_cluster_id=one))
    reconcile(parts, times=4)
    assert parts.record.pair_state.roles is None


@pytest.mark.parametrize("where", ["error_code", "header", "status", "cluster", "role", "time"])
def test_nothing_of_an_access_key_that_the_provider_repeats_is_shown(outage, where):
    """Credentials: "Nothing of a secret ... ever appears in a log at any level, result, notification". Of an
    answer only error_msg is blotted out."""
    key = outage.emulator.credentials.access_key
    refused = {"status": 403, "body": {"error_code": "APIG.0306", "error_msg": "no"}}
    match where:
        case "error_code":
            refused["body"]["error_code"] = f"AUTH.{key}"
            outage.emulator.fault("failover", "respond", times=None, **refused)
        case "header":
            refused["headers"] = {"X-Request-Id": key}
            outage.emulator.fault("failover", "respond", times=None, **refused)
        case "status":
            outage.emulator.vary(shown_status=key)
        case "cluster":
            id_ = outage.emulator.pair.standby_id
            body = {"cluster": {"id": id_, "status": key}}
            outage.emulator.fault("cluster", "respond", status=200, body=body, times=None)
        case "role":
            words = {"production": "primary", "standby": "standby"}
            outage.ledger.save_observations(
                outage.emulator.pair.id, Observations(revision=1, role_words=words)
            )
            outage.emulator.vary(standby_word=key)
        case "time":
            found = detail_now(outage)
            found["disaster_recovery"]["standby_cluster"]["last_success_time"] = key
            outage.emulator.fault("detail", "respond", status=200, body=found, times=None)
    (result,) = outage.alarm()
    seen = json.dumps(result) + json.dumps([one.result for one in outage.notices()])
    assert key not in seen + json.dumps(items(outage))


def test_an_iam_that_answers_with_the_password_has_it_shown_nowhere(outage):
    """Credentials, the same: what h11 quotes of a bad status line is in Python's notation, in which a
    password with a backslash or a quote is another text than the secret."""
    password = "cor\\rect'horse"
    with socket.create_server(("127.0.0.1", 0)) as server:

        def echo():
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer:
                    peer.recv(65536)
                    peer.sendall(f"{password}\r\n\r\n".encode())

        threading.Thread(target=echo, daemon=True).start()
        outage.put_secret(
            f"{outage.name}/credentials",
            username="user-name",
            password=password,
            domain="domain-name",
            iam_endpoint=f"http://127.0.0.1:{server.getsockname()[1]}",
        )
        (result,) = outage.alarm()
    seen = json.dumps(result) + json.dumps([one.result for one in outage.notices()])
    assert "horse" not in seen, result["reason"]


def test_a_pair_with_a_long_name_can_be_commanded_as_it_is_printed(parts):
    """Promise 3: the printed command is InvalidEvent: SSM takes names that commands do not."""
    name = "n" * 129
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
    parts.put_pair(name)
    pairs = parts.adapters.pairs()
    if pairs.bad:
        return  # refused as a document: fine
    parts.send({"command": "status", "pair": name})


MUTE = {"mutedByArn": "arn:aws:cloudwatch:us-east-1:000000000000:alarm-mute-rule:patches"}


def muted_until(parts, seconds):
    end = (parts.adapters.clock() + timedelta(seconds=seconds)).isoformat()
    return {"muteDetail": {**MUTE, "muteWindowEnd": end}}


def test_a_mutes_end_does_not_call_for_an_alarm_that_is_listed_no_more(outage):
    """Events: "alarms of no pair are ignored": the operator has taken the alarm from the pair because it
    means nothing; at its mute's end it fails the pair over."""
    outage.alarm(**muted_until(outage, 90))
    assert outage.record.pair_state.muted
    outage.put_pair(alarms=["another-alarm"])
    reconcile(outage, times=4)
    incident = outage.record.incident
    assert incident is None or incident.kind == "watch"


def test_an_ok_of_just_before_a_mutes_end_ends_the_alarm(parts):
    """Events: "OK ends its part of an incident"; "of each part the newest transition is remembered". The
    release is given the time at which reconcile came by, not the mute's end: an OK from between, or
    from just before and delivered after, is "older" and the alarm stays for good."""
    parts.arm()
    parts.alarm(**muted_until(parts, 50))
    parts.let_pass(55)
    ok_at = parts.adapters.clock() - timedelta(seconds=1)  # after the mute's end, on its way
    reconcile(parts, apart_s=1)
    assert parts.record.open_incident
    parts.alarm(state="OK", previous="ALARM", at=ok_at)
    assert parts.record.open_incident is None


def test_an_alarm_that_was_muted_and_is_listed_no_more_does_not_blind_the_watch(outage):
    """Reconcile: "opens a watch incident by itself when cluster and probe both say down, or one of them with
    the DR side corroborating". A muted alarm without an end blocks that; taking it from the pair's
    document does not end it, nor does acknowledge: 30 days."""
    outage.emulator.restore_production()
    outage.alarm(muteDetail=MUTE)
    outage.put_pair(alarms=[])
    production = outage.record.pair_state.roles.production_cluster_id
    outage.send(
        {
            "command": "acknowledge",
            "pair": "analytics",
            "production_cluster_id": production,
            "reason": "the alarm is gone",
            "requested_by": "ada",
            "override": ["roles"],
        }
    )
    reconcile(outage, times=2)
    record = outage.record
    armed = replace(record.pair_state, armed=True)
    outage.ledger.save_pair_state(outage.emulator.pair.id, armed)
    outage.emulator.break_production()
    outage.emulator.set_pair(status="abnormal")
    reconcile(outage, times=5)
    assert outage.record.incident


def test_a_document_that_was_set_to_observe_half_a_minute_ago_orders_nothing(outage):
    """Credentials: "Pair documents older than 30 s ... are read again before acting". Where Lambda takes no
    invocation (a region in trouble), reconcile pursues one pair after the other with what it has
    loaded at its beginning: here three others whose probe hangs go first."""
    hanging, last = [outage.emulator.pair], outage.emulator.add_pair(sync_every_s=1)
    hanging += [outage.emulator.add_pair(sync_every_s=1) for _ in range(2)]
    names = {"analytics": hanging[0], "b": hanging[1], "c": hanging[2], "z": last}
    for name, pair in names.items():
        changes = {"probes": {pair.production_id: "127.0.0.1:1"}} if pair is not last else {}
        outage.put_pair(name, disaster_recovery_id=pair.id, alarms=[name], **changes)
        roles = Roles(pair.production_id, pair.standby_id)
        if name != "analytics":
            pair_state = PairState(roles=roles, roles_since=now(hours=-1), armed=True)
            outage.ledger.save_pair_state(pair.id, pair_state)
        outage.probe = lambda _: False
        outage.alarm(name, at=now(seconds=-1))
    changed = []

    def hangs(_):
        if not changed:
            text = document(outage, disaster_recovery_id=last.id, alarms=["z"], mode="observe")
            outage.aws.client("ssm").put_parameter(
                Name=f"{outage.path}/z", Type="String", Overwrite=True, Value=text
            )
            changed.append(now())
        time.sleep(9)
        return False

    outage.emulator.break_production(last.id)
    outage.probe = hangs
    outage.send({"command": "reconcile"})
    posts = [post for post in outage.emulator.failover_posts if last.id in post.path]
    assert posts == [], f"{(posts[0].at - changed[0]).total_seconds():.0f} s after it was changed"


def test_a_muted_alarm_without_data_is_not_released_as_one_in_alarm(outage):
    """Events: INSUFFICIENT_DATA is `ignored`, and so the alarm is remembered as in ALARM; when its mute
    ends, an incident is opened for it, though it is in ALARM no more."""
    outage.emulator.restore_production()
    outage.alarm(**muted_until(outage, 90))
    outage.let_pass(60)
    outage.alarm(state="INSUFFICIENT_DATA", previous="ALARM", at=outage.adapters.clock())
    reconcile(outage, times=3)
    assert outage.record.incident is None


def test_a_run_whose_snapshot_is_damaged_is_told_to_be_open(outage):
    """A run: "`overdue`: critical, then hourly, until settled or acknowledged"; promise 2."""
    outage.emulator.vary(exchange="never")
    outage.alarm()
    damage(outage, f"run#{outage.record.run.run_id}", "configuration", {"M": {}})
    outage.notices()
    reconcile(outage, times=150)
    assert told(outage)


def test_a_pairs_state_that_was_removed_by_hand_can_be_acknowledged_again(parts):
    """Events acknowledge. What repairs a damaged `state#pair` is to remove it; then its revision starts
    anew, and the notice's id, made of the revision, is one of last year's."""
    production = parts.emulator.pair.production_id
    command = {
        "command": "acknowledge",
        "pair": "analytics",
        "production_cluster_id": production,
        "reason": "seen",
        "requested_by": "ada",
    }
    parts.arm()
    assert parts.send(command)["decision"] == "acknowledged"
    if not os.environ.get("HUNT_CONTROL"):
        parts.aws.client("dynamodb").delete_item(
            TableName=parts.table,
            Key={"pk": {"S": parts.emulator.pair.id}, "sk": {"S": "state#pair"}},
        )
        armed = PairState(roles=parts.roles, roles_since=now(hours=-1), armed=True)
        parts.ledger.save_pair_state(parts.emulator.pair.id, armed)
    assert parts.send(command)["decision"] == "acknowledged"


def test_a_revision_that_cannot_be_written_keeps_no_other_pair_out(parts):
    """Reconcile/Events: "One alarm may speak for several pairs"; one pair's trouble, of whatever kind."""
    parts.arm()
    other = second_pair(parts)
    damage(parts, "state#pair", "revision", {"N": "1E+60"})
    parts.emulator.break_production(other.id)
    parts.emulator.break_production()
    with pytest.raises(FailoverError):
        parts.alarm()
    assert parts.ledger.read(other.id).incident


def test_a_runs_id_that_is_no_key_does_not_end_the_turn_of_all_pairs(parts):
    """Reconcile: "one pair's trouble, of whatever kind, never ends the others' turn"."""
    parts.arm()
    other = second_pair(parts)
    damage(parts, "state#pair", "run_id", {"S": "x" * 2000})
    parts.emulator.break_production(other.id)
    reconcile(parts)
    assert parts.ledger.read(other.id).observations.down_since
