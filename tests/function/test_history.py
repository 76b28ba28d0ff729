"""What has been: asked of the function, on a real table."""

import json
from dataclasses import replace

import pytest
from parts import now, signed
from situations import a_run
from steps import pass_time

from handler.aws.items import run_key
from handler.aws.writes import kept, pack
from handler.errors import InvalidEvent, InvalidSettings
from handler.failover.attempt import new_id
from handler.model.incident import Ending
from handler.model.run import RunEvent, RunState

GONE = "f7a2c1d0-0000-4d4d-8d8d-0000000000d1"


def history(parts, **fields):
    return parts.send({"command": "history", **fields})


def failed_over(parts):
    """An alarm's failover, proved, and acknowledged by a person."""
    parts.emulator.vary(switching_s=0)
    parts.alarm()
    for _ in range(2):
        pass_time(parts, seconds=60)
        parts.send({"command": "reconcile"})
    pass_time(parts, minutes=10)
    return parts.send(signed(parts.send({"command": "status", "pair": "analytics"})))


def store_runs(parts, count, id_=None, **changes):
    """Runs of long ago, the newest last."""
    ids = []
    for nth in range(count):
        at = now(days=-count + nth)
        run = a_run(
            RunState.SUCCEEDED, run_id=new_id(at), claimed_at=at, acknowledged_at=at,
            disaster_recovery_id=id_ or parts.emulator.pair.id, **changes,
        )  # fmt: skip
        parts.ledger._table.write(kept(run_key(run.disaster_recovery_id, run.run_id), run))
        ids.append(run.run_id)
    name_last(parts, ids[-1], id_ or parts.emulator.pair.id)
    return ids


def damage(parts, sk, field, value):
    """Change one field of one item by hand."""
    parts.aws.client("dynamodb").update_item(
        TableName=parts.table,
        Key=pack({"pk": parts.emulator.pair.id, "sk": sk}),
        UpdateExpression="SET #f = :v",
        ExpressionAttributeNames={"#f": field},
        ExpressionAttributeValues={":v": value},
    )


def name_last(parts, run_id, id_):
    parts.aws.client("dynamodb").update_item(
        TableName=parts.table,
        Key=pack({"pk": id_, "sk": "state#pair"}),
        UpdateExpression="SET run_id = :run",
        ExpressionAttributeValues=pack({":run": run_id}),
    )


def test_a_failover_says_who_why_when_and_what_it_cost(outage):
    old = outage.emulator.pair.production_id
    failed_over(outage)
    found = history(outage, pair="analytics")
    (run,) = found["runs"]
    assert (found["decision"], found["reason_code"]) == ("status", "history")
    assert found["reason"] == "1 run and 1 incident of analytics, the newest first"
    assert (run["pair"], run["decision"], run["attribution"]) == ("analytics", "succeeded", "ours")
    assert run["trigger"]["name"] == "dws-outage-analytics"
    assert run["roles"]["standby_cluster_id"] == old
    assert run["recovery_time_s"] >= 60
    assert run["estimated_data_loss_s"] <= run["at_most_data_loss_s"]
    assert run["timings"]["requested_at"] > run["timings"]["claimed_at"]
    assert (run["holds_pair"], run["acknowledged_by"]) == (False, "ada")
    assert run["acknowledged_because"] == "seen in the console"


def test_a_command_says_who_ordered_and_why(outage):
    outage.fail_over(requested_by="ada", reason="seen in the console")
    (run,) = history(outage)["runs"]
    assert run["trigger"]["requested_by"] == "ada"
    assert run["ordered_because"] == "seen in the console"
    assert run["holds_pair"]


def test_an_incident_stays_known_once_the_next_one_is_open(parts):
    parts.arm()
    parts.alarm()
    parts.alarm(state="OK", previous="ALARM", at=now(seconds=1))
    parts.let_pass(60)
    parts.alarm(at=parts.adapters.clock())
    newest, past = history(parts, pair="analytics")["incidents"]
    assert (newest["state"], newest["ended_because"]) == ("open", None)
    assert (past["state"], past["ended_because"]) == ("ended", "alarms_ok")
    assert past["decision"] == "refused"
    assert "production is up" in past["reason"]
    assert past["opened_at"] <= past["ended_at"] < newest["opened_at"]


def test_an_incident_says_who_has_ended_it(parts):
    parts.arm()
    parts.alarm()
    other = {"production_cluster_id": parts.roles.standby_cluster_id, "override": ["roles"]}
    who = {"reason": "a test", "requested_by": "ada"}
    parts.send({"command": "acknowledge", "pair": "analytics", **other, **who})
    (incident,) = history(parts)["incidents"]
    assert incident["ended_because"] == Ending.ACKNOWLEDGED
    assert (incident["acknowledged_by"], incident["acknowledged_because"]) == ("ada", "a test")


def test_an_order_that_started_nothing_has_lost_nothing(outage):
    at = now(hours=-1)
    run = replace(
        a_run(RunState.PROVIDER_REJECTED, claimed_at=at, run_id=new_id(at)),
        disaster_recovery_id=outage.emulator.pair.id,
        answer=RunEvent.REJECTED,
    )
    outage.ledger._table.write(kept(run_key(run.disaster_recovery_id, run.run_id), run))
    name_last(outage, run.run_id, run.disaster_recovery_id)
    (row,) = history(outage)["runs"]
    assert row["decision"] == "provider_rejected"
    assert (row["estimated_data_loss_s"], row["at_most_data_loss_s"]) == (None, None)


def test_the_newest_come_first_and_no_more_than_asked_for(parts):
    ids = store_runs(parts, 5)
    found = history(parts, pair="analytics", limit=3)
    assert [row["run_id"] for row in found["runs"]] == ids[:-4:-1]
    assert found["reason"].endswith("there may be older ones: ask with a higher limit")


def test_no_number_of_incidents_pushes_a_run_out(parts):
    """Whoever can ring an alarm can open and end as many as they like."""
    parts.arm()
    for second in range(3):
        parts.alarm(at=now(seconds=2 * second))
        parts.alarm(state="OK", previous="ALARM", at=now(seconds=2 * second + 1))
    ids = store_runs(parts, 1)
    found = history(parts, pair="analytics", limit=2)
    assert [row["run_id"] for row in found["runs"]] == ids
    assert len(found["incidents"]) == 2


def test_a_long_past_is_not_read(parts):
    store_runs(parts, 40)
    read, events = [], parts.adapters.ledger._table._client.meta.events
    note = lambda parsed, **_: read.extend(parsed["Items"])  # noqa: E731
    events.register("after-call.dynamodb.Query", note)
    history(parts, limit=2)
    events.unregister("after-call.dynamodb.Query", note)
    assert len([one for one in read if one["sk"]["S"].startswith("run#")]) == 2


def test_of_several_pairs_the_newest_are_shown_whosever_they_are(two):
    mine = store_runs(two, 3)
    (other,) = [one for one in two.adapters.pairs().good if one.name != "analytics"]
    theirs = store_runs(two, 3, id_=other.disaster_recovery_id)
    found = history(two, limit=4)
    assert [row["run_id"] for row in found["runs"]] == sorted(mine + theirs, reverse=True)[:4]
    assert found["pair"] is None
    assert "of all pairs" in found["reason"]


def test_a_pattern_shows_the_pairs_that_it_means(two):
    store_runs(two, 1)
    assert len(history(two, pair="ana*")["runs"]) == 1
    assert history(two, pair="acc*")["runs"] == []
    assert history(two, pair="nobody*")["runs"] == []


def test_a_damaged_run_is_a_row_that_says_so(parts):
    first, second, third = store_runs(parts, 3)
    damage(parts, f"run#{second}", "claimed_at", {"S": "tomorrow\x1b[2J"})
    rows = history(parts, pair="analytics")["runs"]
    assert [row["run_id"] for row in rows] == [third, second, first]
    assert [bool(row.get("unreadable")) for row in rows] == [False, True, False]
    assert rows[1]["unreadable"].isprintable()


def test_a_damaged_state_hides_no_run(two):
    ids = store_runs(two, 2)
    damage(two, "state#health", "role_words", {"S": "none"})
    assert [row["run_id"] for row in history(two)["runs"]] == ids[::-1]


def test_a_pair_whose_document_is_gone_is_found_by_name_and_id(outage):
    outage.alarm()
    id_ = outage.emulator.pair.id
    outage.aws.client("ssm").delete_parameter(Name=f"{outage.path}/analytics")
    outage.put_pair("other", disaster_recovery_id=GONE)
    for asked in ({"pair": "analytics"}, {"disaster_recovery_id": id_}, {"pair": "*"}, {}):
        (run,) = history(outage, **asked)["runs"]
        assert (run["pair"], run["disaster_recovery_id"]) == ("analytics", id_)
    assert history(outage, pair="other")["runs"] == []


def test_a_pair_whose_document_is_bad_has_its_past(outage):
    outage.alarm()
    outage.put_pair(mode="auto")
    assert len(history(outage, pair="analytics")["runs"]) == 1


def test_a_pair_that_nobody_knows_is_refused(parts):
    with pytest.raises(InvalidEvent):
        history(parts, pair="nobody")
    with pytest.raises(InvalidEvent):
        history(parts, disaster_recovery_id=GONE)
    parts.put_document("broken", "{")
    with pytest.raises(InvalidSettings):
        history(parts, pair="broken")


@pytest.mark.parametrize("limit", [0, 101, -1, "20", 2.5, True, None])
def test_a_limit_that_is_none_is_refused(parts, limit):
    with pytest.raises(InvalidEvent, match=r"\$\.limit"):
        history(parts, limit=limit)


def test_what_people_and_the_table_say_is_one_printable_line(parts):
    store_runs(
        parts, 1, pair="a\nb", ordered_because="x\u202e" * 900,
        trigger={"kind": "command", "name": "failover", "requested_by": "\x1b[31m", "more": {1, 2}},
    )  # fmt: skip
    (row,) = history(parts, pair="analytics")["runs"]
    assert row["pair"] == "a b"
    assert row["trigger"]["requested_by"].isprintable()
    assert row["ordered_because"].isprintable()
    assert len(row["ordered_because"]) == 300


def test_a_hundred_long_rows_fit_an_answer_of_step_functions(parts):
    text = "w" * 1000
    store_runs(parts, 100, reason=text, ordered_because=text, acknowledged_because=text,
               trigger={"kind": "command", "name": "failover", "requested_by": text})  # fmt: skip
    found = history(parts, limit=100)
    assert len(found["runs"]) == 100
    assert len(json.dumps(found)) <= 256 * 1024


def test_it_changes_nothing_and_asks_no_provider(outage):
    outage.alarm()
    before, journal = outage.record, len(outage.emulator.journal)
    history(outage)
    assert outage.record == before
    assert len(outage.emulator.journal) == journal
