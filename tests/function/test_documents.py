"""What becomes of a pair's document: gone, renamed, retired, bad again, or with another id."""

import json
import uuid
from datetime import timedelta

import pytest
from parts import now, scheduled

from handler import app


def reconciled(parts, minutes=1):
    for _ in range(minutes):
        parts.let_pass(60)
        parts.send(scheduled(at=now() + parts.ahead))


def told(parts, *codes):
    every = [(one.attributes["reason_code"], one) for one in parts.notices()]
    return [one for code, one in every if not codes or code in codes]


def codes(parts, *wanted):
    return [one.attributes["reason_code"] for one in told(parts, *wanted)]


def document(parts, name="analytics"):
    return parts.aws.client("ssm").get_parameter(Name=f"{parts.path}/{name}")["Parameter"]["Value"]


def remove(parts, name="analytics"):
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/{name}")
    app.adapters.cache_clear()


@pytest.fixture
def watched(parts):
    """An armed pair in mode automatic, which reconcile has looked at."""
    parts.arm(is_ready=True)
    reconciled(parts)
    parts.notices()
    return parts


# Gone


GONE = ("document_gone", "document_gone_down")


def test_a_watched_pair_whose_document_is_gone_is_told_as_a_warning_with_both_ways_out(watched):
    remove(watched)
    reconciled(watched, 5)
    (notice,) = told(watched)
    assert notice.attributes["reason_code"] == "document_gone"
    assert notice.attributes["severity"] == "warning"
    assert notice.result["reason"].endswith(
        "(mode automatic): nobody looks at the pair, and its alarms open nothing"
    )
    assert "SSM parameter of pair analytics back" in notice.result["next_steps"][0]
    assert notice.result["next_steps"][1].startswith("to retire the pair instead: ")


def test_it_is_told_once_a_day_for_a_week(watched):
    remove(watched)
    reconciled(watched, 5)
    days = []
    for _ in range(10):
        days.append(len(told(watched, *GONE)))
        watched.let_pass(24 * 3600)
        reconciled(watched, 2)
    assert days == [1, 1, 1, 1, 1, 1, 1, 0, 0, 0]


def test_a_document_that_is_only_replaced_is_told_to_nobody(watched):
    text = document(watched)
    remove(watched)
    reconciled(watched)
    watched.put_document("analytics", text)
    reconciled(watched, 5)
    assert codes(watched, *GONE) == []


def test_a_document_that_is_back_is_reminded_of_no_more(watched):
    text = document(watched)
    remove(watched)
    reconciled(watched, 5)
    watched.put_document("analytics", text)
    watched.notices()
    reconciled(watched)
    watched.let_pass(24 * 3600)
    reconciled(watched, 2)
    assert codes(watched, *GONE) == []


@pytest.mark.parametrize("is_first", [False, True], ids=["removed, put", "put, removed"])
def test_a_document_that_only_has_another_name_is_told_to_nobody(watched, is_first):
    text = document(watched)
    if not is_first:
        remove(watched)
    watched.put_document("sales", text)
    if is_first:
        remove(watched)
    reconciled(watched, 5)
    assert codes(watched, *GONE) == []
    assert {row["pair"] for row in watched.send({"command": "status"})["results"]} == {"sales"}


def test_it_is_critical_if_production_was_down_when_it_was_looked_at_last(watched):
    watched.put_pair(mode="observe")
    watched.emulator.break_production()
    reconciled(watched)
    incident = watched.record.open_incident
    assert incident is None or incident.kind == "watch"
    remove(watched)
    reconciled(watched, 5)
    (notice,) = told(watched, *GONE)
    assert notice.attributes["severity"] == "critical"
    assert notice.attributes["reason_code"] == "document_gone_down"


def test_what_is_gone_is_a_row_of_status(watched):
    remove(watched)
    (row,) = watched.send({"command": "status"})["results"]
    assert (row["pair"], row["reason_code"]) == ("analytics", "invalid_pair")
    assert row["reason"].startswith("NOT READY because its document is gone")
    named = watched.send({"command": "status", "pair": "analytics"})
    assert named["disaster_recovery_id"] == watched.emulator.pair.id


def test_a_pair_that_was_retired_as_documented_is_told_and_shown_no_more(watched):
    watched.put_pair(mode="observe", alarms=[])
    reconciled(watched, 2)
    (notice,) = told(watched)
    assert notice.attributes["reason_code"] == "watched_less"
    assert "its document can be removed now" in notice.result["reason"]
    remove(watched)
    reconciled(watched, 5)
    assert codes(watched) == []
    assert watched.send({"command": "status"}) == {"results": []}


def test_a_pair_is_retired_after_its_document_was_removed(watched):
    remove(watched)
    reconciled(watched, 5)
    watched.put_pair(mode="observe", alarms=[])
    reconciled(watched, 2)
    watched.notices()
    remove(watched)
    watched.let_pass(24 * 3600)
    reconciled(watched, 5)
    assert codes(watched) == []


# Less than before


def test_a_pair_that_is_turned_to_observe_is_told_once_as_information(watched):
    watched.put_pair(mode="observe")
    reconciled(watched, 5)
    (notice,) = told(watched)
    assert (notice.attributes["reason_code"], notice.attributes["severity"]) == (
        "watched_less",
        "info",
    )
    assert notice.result["reason"].startswith("its mode is observe now, automatic before")


def test_a_pair_that_lists_no_alarm_any_more_is_told_once_as_information(watched):
    watched.put_pair(alarms=[])
    reconciled(watched, 5)
    assert codes(watched) == ["watched_less"]


# Bad again


def test_a_bad_document_that_was_good_in_between_is_told_again_the_same_day(watched):
    good = document(watched)
    for text in (good[:-1], good, good[:-1]):
        watched.put_document("analytics", text)
        reconciled(watched, 12)
    assert codes(watched, "misconfigured") == ["misconfigured"] * 2


def test_an_id_that_another_document_takes_twice_is_told_twice_for_both(watched):
    taken = json.dumps({**json.loads(document(watched)), "alarms": []})
    for _ in range(2):
        watched.put_document("mine", taken)
        reconciled(watched, 12)
        remove(watched, "mine")
        reconciled(watched, 2)
    names = [one.result["pair"] for one in told(watched, "misconfigured")]
    assert sorted(names) == ["analytics", "analytics", "mine", "mine"]


def test_a_document_that_is_bad_every_other_minute_is_told_at_most_each_ten_minutes(watched):
    good = document(watched)
    for _ in range(15):
        for text in (good[:-1], good):
            watched.put_document("analytics", text)
            reconciled(watched)
    assert 2 <= len(codes(watched, "misconfigured")) <= 4


# Another id


def anew(parts, *, is_exchanged=False, **changes):
    """Disaster recovery is removed and created anew; its new id is put into the same document."""
    production, standby = parts.emulator.pair.production_id, parts.emulator.pair.standby_id
    if is_exchanged:
        production, standby = standby, production
    new = str(uuid.uuid4())
    clusters = {"production_id": production, "standby_id": standby, **changes}
    before = document(parts)
    project = parts.emulator.project_id
    parts.emulator.remove_pair()
    parts.emulator.add_pair(
        id=new, name="analytics", project_id=project, sync_every_s=60.0, **clusters
    )
    text = json.dumps({**json.loads(before), "disaster_recovery_id": new})
    parts.put_document("analytics", text)
    return new


def pause(parts, **span):
    until = now() + parts.ahead + timedelta(**span)
    answer = parts.send({
        "command": "pause", "pair": "analytics", "until": until.isoformat(timespec="seconds"),
        "reason": "hands off", "requested_by": "ada",
    })  # fmt: skip
    assert answer["decision"] == "paused"


def status(parts):
    return parts.send({"command": "status", "pair": "analytics"})


OTHERS = {"production_id": str(uuid.uuid4()), "standby_id": str(uuid.uuid4())}


@pytest.mark.parametrize("clusters", [{}, OTHERS], ids=["its clusters", "others"])
def test_a_pause_goes_on_under_a_new_id_and_that_is_told(watched, clusters):
    pause(watched, hours=20)
    watched.notices()
    new = anew(watched, **clusters)
    reconciled(watched, 8)
    assert status(watched)["reason_code"] == "paused"
    (notice,) = told(watched, "paused_before")
    assert new in notice.result["reason"]
    assert watched.ledger.read(new).pair_state.armed


def test_whoever_lifts_it_under_the_new_id_has_lifted_it(watched):
    pause(watched, hours=20)
    anew(watched)
    reconciled(watched, 2)
    lift = {"command": "resume", "pair": "analytics", "reason": "done", "requested_by": "ada"}
    assert watched.send(lift)["decision"] == "resumed"
    reconciled(watched, 8)
    assert status(watched)["reason_code"] == "ready"


def test_a_pause_that_is_over_is_not_taken_over(watched):
    pause(watched, minutes=1)
    reconciled(watched, 2)
    anew(watched)
    reconciled(watched, 8)
    assert codes(watched, "paused_before") == []


def test_a_pause_stays_with_its_id_where_only_the_name_is_another(watched):
    pause(watched, hours=20)
    watched.put_document("sales", document(watched))
    remove(watched)
    reconciled(watched, 3)
    assert codes(watched, "paused_before") == []
    assert watched.send({"command": "status", "pair": "sales"})["reason_code"] == "paused"


@pytest.fixture
def unacknowledged(watched):
    """A run that succeeded and that nobody has acknowledged."""
    watched.emulator.vary(switching_s=5)
    watched.emulator.break_production()
    (result,) = watched.alarm(at=now() + watched.ahead)
    assert result["decision"] == "submitted"
    reconciled(watched, 4)
    assert status(watched)["reason_code"] == "held"
    watched.emulator.restore_production()
    watched.notices()
    watched.run_id = result["run_id"]
    return watched


def test_a_run_that_nobody_has_acknowledged_holds_the_same_clusters_under_a_new_id(unacknowledged):
    new = anew(unacknowledged, is_exchanged=True)
    reconciled(unacknowledged, 8)
    assert status(unacknowledged)["reason_code"] == "held"
    (notice,) = told(unacknowledged, "held_before")
    assert notice.attributes["severity"] == "warning"
    assert unacknowledged.run_id in notice.result["reason"]
    unacknowledged.emulator.break_production(new)
    (result,) = unacknowledged.alarm("dws-outage-2", at=now() + unacknowledged.ahead)
    assert result["decision"] == "refused"
    assert "hold" in [gate["gate"] for gate in result["gates"] if gate["verdict"] == "refuse"]
    assert unacknowledged.posts == 1


def test_the_command_of_that_notice_ends_the_hold(unacknowledged):
    new = anew(unacknowledged, is_exchanged=True)
    reconciled(unacknowledged, 8)
    (notice,) = told(unacknowledged, "held_before")
    given = json.loads(notice.result["next_steps"][1])
    answer = unacknowledged.send({**given, "reason": "seen", "requested_by": "ada"})
    assert answer["decision"] == "acknowledged"
    assert not unacknowledged.ledger.read(new).holding
    reconciled(unacknowledged, 8)
    assert status(unacknowledged)["reason_code"] == "ready"


def test_a_run_of_other_clusters_does_not_hold_what_has_its_name_anew(unacknowledged):
    anew(unacknowledged, **OTHERS)
    reconciled(unacknowledged, 8)
    assert status(unacknowledged)["reason_code"] == "ready"
    assert codes(unacknowledged, "held_before") == []


def test_a_former_id_that_cannot_be_read_keeps_the_new_one_from_being_armed_and_is_told(
    unacknowledged,
):
    unacknowledged.aws.client("dynamodb").update_item(
        TableName=unacknowledged.table,
        Key={"pk": {"S": unacknowledged.emulator.pair.id}, "sk": {"S": "state#pair"}},
        UpdateExpression="SET #schema = :newer",
        ExpressionAttributeNames={"#schema": "schema"},
        ExpressionAttributeValues={":newer": {"N": "2"}},
    )
    new = anew(unacknowledged, is_exchanged=True)
    reconciled(unacknowledged, 8)
    assert not unacknowledged.ledger.read(new).pair_state.armed
    assert "unreadable" in codes(unacknowledged)
