"""Careless hands: documents that are bad for a while, and items that nobody can have written."""

import json

import pytest
from parts import arn_of, now

from handler.dws.models import Roles
from handler.errors import FailoverError
from handler.heard import key_of
from handler.standing import Health, Standing

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
    parts.ledger.save_standing(
        other.id,
        Standing(
            roles=Roles(other.production_id, other.standby_id),
            roles_since=now(hours=-1),
            armed=True,
        ),
    )
    parts.ledger.save_health(other.id, Health())
    return other


# --- a careless operator: bad documents ---------------------------------------------------------


def test_two_alarms_of_one_second_both_wait_for_a_bad_document(parts):
    """§4: "A listed alarm is stored before anything else is asked, ... also while its pair's
    document is bad." The notice's id is of whole seconds: the second alarm's transaction fails with
    it, and the alarm is answered as if it were kept."""
    parts.arm()
    parts.put_document("analytics", document(parts, mode="auto"))
    at = now(seconds=-1)
    parts.alarm("dws-outage-a", at=at)
    parts.alarm("dws-outage-b", at=at)
    assert len(parts.ledger.waiting()) == 2


def test_the_second_of_two_alarms_still_stands_when_the_first_is_ok(parts):
    """The consequence: §4 "OK ends its part of an incident": here it ends all of it."""
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
    """§2: "All state is keyed by the DR id; the name is a label." §4: an alarm is stored also while
    its document is bad. Notice: "The alarm is kept. It is taken up once the document is good"."""
    parts.arm()
    parts.put_document("analytics", document(parts, mode="auto"))
    parts.alarm()
    assert len(parts.ledger.waiting()) == 1
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
    """§2: "A bad pair never stops the others"; §8: "one pair's trouble, of whatever kind, never ends
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
    """§8: "readiness: could this pair be failed over now? Lost and regained are notified".
    Promise 2, "Never silent ... even if ... a table ... fails on the way"."""
    parts.arm(is_ready=True, first_looked_at=now(hours=-5))
    reconcile(parts)
    damage(parts, sk, field, value, pk)
    parts.notices()
    reconcile(parts, times=70)
    assert told(parts), "for an hour every look has failed, and nobody is told"


def test_a_damaged_record_of_another_pair_does_not_keep_a_hold_from_being_ended(outage):
    """§6 hold: "acknowledge it"; Promise 3: "Every refusal names its way out". The way out of a run
    whose document is gone goes through the records of all pairs that hold."""
    (result,) = outage.alarm()
    assert result["decision"] == "submitted"
    run = outage.record.run
    outage.ledger._commit(ID, [], add={"held": {"x"}})  # another pair that holds ...
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
    """§8: "Every minute: open runs ... from the table first"; Promise 2."""
    (result,) = outage.alarm()
    assert result["decision"] == "submitted"
    outage.notices()
    damage(outage, f"work#{outage.emulator.pair.id}", "notices", {"N": "5"}, pk="*")
    reconcile(outage, times=150)
    assert told(outage), "the run is submitted for 2.5 h, and nobody hears of it again"


def test_a_probe_that_was_last_up_in_the_year_9999_was_not_seen_up_in_the_last_24_h(parts):
    """§6: two refused connections say down, "but only if it was seen up in the 24 h before"."""
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
    """§6: "it has held for production_down_for_s"; rpo: "outage start = start of the present stretch
    of down". One that was seen in the future is none of now: here the wait is skipped, and 50 hours
    of data count as none."""
    parts.arm(down_of=parts.emulator.pair.production_id, down_since=now(hours=-50))
    damage(parts, "state#health", "down_seen_at", {"S": YEAR_9999})
    parts.put_pair(production_down_for_s=600)
    parts.emulator.break_production()
    (result,) = parts.alarm()
    assert parts.posts == 0, result["reason"]


def test_claims_of_the_year_9999_do_not_brake_all_pairs_for_ever(outage):
    """§6 rate_limit: "fewer than MaxFailoversPerHour runs began by alarms in the last hour". Nothing
    that a person can do ends it: each claim keeps them."""
    claims = {f"{n:08}-0000-4000-8000-000000000000": {"S": YEAR_9999} for n in range(5)}
    damage(outage, "state#fleet", "claims", {"M": claims}, pk="*")
    damage(outage, "state#fleet", "revision", {"N": "1"}, pk="*")
    (result,) = outage.alarm()
    assert result["decision"] == "submitted", result["reason"]


def test_an_alarm_heard_in_the_year_9999_can_still_call(outage):
    """Promise 4; §4 "older ones and copies change nothing": here every later transition of the alarm
    is an older one, answered `repeated`, and nobody is told."""
    outage.alarm(state="OK", previous="ALARM", at=now(seconds=-30))
    damage(outage, f"alarm#{key_of(arn_of('dws-outage-analytics'))}", "at", {"S": YEAR_9999})
    (result,) = outage.alarm()
    assert result["decision"] == "submitted", result["reason"]


def test_an_incident_told_in_the_year_9999_is_told_again(parts):
    """§9: "`refused` and `blocked` are notified ... when the set changes and hourly"."""
    parts.put_pair(retry_for_s=14400)
    parts.arm()
    (result,) = parts.alarm()
    assert result["decision"] == "refused"
    damage(parts, "state#incident", "told_at", {"S": YEAR_9999})
    parts.notices()
    reconcile(parts, times=4)  # production is up: five would end it
    parts.emulator.vary(production_dark=True)
    reconcile(parts, times=130)
    assert told(parts)


def test_a_run_that_ended_in_the_year_9999_takes_no_alarm(outage):
    """§4: "An alarm from before the end of the pair's last run + 30 min belongs to that run"."""
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
    """§8: "Lost and regained are notified"."""
    parts.arm(is_ready=True, first_looked_at=now(hours=-5))
    damage(parts, "state#health", "ready_told_at", {"S": YEAR_9999})
    parts.emulator.set_cluster(parts.emulator.pair.standby_id, status="FROZEN")
    reconcile(parts, times=30)
    assert told(parts)
