"""What the dashboard's widget shows of what is stored, on real parts."""

import pytest
from parts import now
from steps import pass_time

from handler import app
from handler.aws.ledger import Ledger
from handler.aws.table import Table
from handler.aws.view import View
from handler.errors import InvalidSettings
from handler.widget.app import Settings, Widget, respond
from handler.widget.reading import Source, read_standings


def source(parts, table=None):
    ledger = Ledger(Table(parts.aws.client("dynamodb"), table or parts.table))
    return Source(ledger, parts.adapters.pairs, parts.adapters.clock)


def words(parts, pattern="*"):
    found = read_standings(source(parts), pattern)
    return {one.name: [finding.word for finding in one.findings] for one in found}


def damage(parts, pk, sk, **fields):
    client, key = parts.aws.client("dynamodb"), {"pk": {"S": pk}, "sk": {"S": sk}}
    item = client.get_item(TableName=parts.table, Key=key).get("Item", key)
    client.put_item(TableName=parts.table, Item={**item, **fields})


def reconciled(parts):
    return parts.send({"command": "reconcile"})["results"]


def test_a_new_pair_was_not_seen_yet(parts):
    assert words(parts) == {"analytics": ["NOT SEEN YET"]}


def test_after_reconcile_has_looked_an_armed_pair_is_ready(parts):
    parts.arm()
    reconciled(parts)
    assert words(parts) == {"analytics": ["READY"]}


def test_why_a_pair_is_not_ready_is_what_reconcile_has_found(parts):
    reconciled(parts)
    (one,) = read_standings(source(parts), "*")
    assert {finding.word for finding in one.findings} == {"NOT READY"}
    assert any(finding.sentence.startswith("armed: ") for finding in one.findings)


def test_what_reconcile_has_seen_grows_old(parts):
    parts.arm()
    reconciled(parts)
    parts.let_pass(16 * 60)
    assert words(parts) == {"analytics": ["NOT CHECKED"]}


def test_an_outage_is_told_as_what_it_has_come_to(outage):
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    assert words(outage) == {"analytics": ["FAILING OVER"]}
    for _ in range(2):
        pass_time(outage, seconds=60)
        reconciled(outage)
    assert words(outage) == {"analytics": ["FAILED OVER"]}


def test_a_paused_pair_says_so(parts):
    parts.arm()
    reconciled(parts)
    who = {"reason": "works", "requested_by": "ada"}
    parts.send({"command": "pause", "pair": "*", "until": now(hours=1).isoformat(), **who})
    assert words(parts) == {"analytics": ["PAUSED"]}


def test_a_bad_document_is_a_row_beside_the_others(parts):
    parts.arm()
    reconciled(parts)
    parts.put_document("broken", "{")
    assert words(parts) == {"analytics": ["READY"], "broken": ["BAD DOCUMENT"]}


def test_a_damaged_item_is_its_own_pairs_trouble(two):
    reconciled(two)
    damaged = next(one for one in two.adapters.pairs().good if one.name == "accounts")
    two.aws.client("dynamodb").put_item(
        TableName=two.table,
        Item={
            "pk": {"S": damaged.disaster_recovery_id},
            "sk": {"S": "state#incident"},
            "state": {"N": "7"},
        },
    )
    found = words(two)
    assert found["accounts"] == ["UNREADABLE"]
    assert found["analytics"] != ["UNREADABLE"]


def test_a_pair_that_a_run_holds_is_shown_without_its_document(outage):
    outage.alarm()
    name = f"{outage.path}/analytics"
    outage.aws.client("ssm").delete_parameter(Name=name)
    outage.put_pair("other", disaster_recovery_id="f7a2c1d0-0000-4d4d-8d8d-0000000000d1")
    assert words(outage) == {
        "analytics": ["FAILING OVER", "NO DOCUMENT"],
        "other": ["NOT SEEN YET"],
    }


def deleted(parts):
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
    app.adapters.cache_clear()


def test_what_is_open_of_a_bad_document_comes_before_it(outage):
    outage.alarm()
    outage.put_document("analytics", "{")
    assert words(outage) == {"analytics": ["FAILING OVER", "BAD DOCUMENT"]}


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (deleted, "NO DOCUMENT"),
        (lambda parts: parts.put_document("analytics", "{"), "BAD DOCUMENT"),
    ],
    ids=["deleted", "bad"],
)
def test_an_open_incident_is_shown_whatever_has_become_of_the_document(outage, spoil, word):
    outage.put_pair(mode="observe")
    outage.alarm()
    spoil(outage)
    assert words(outage) == {"analytics": ["INCIDENT", word]}
    (row,) = outage.send({"command": "status"})["results"]
    assert row["reason"].startswith("INCIDENT open since ")
    assert row["incident_id"] == outage.record.open_incident.incident_id


def test_a_damaged_item_of_a_pair_without_a_document_hides_no_run_of_it(outage):
    outage.alarm()
    run = outage.record.run
    damage(outage, outage.emulator.pair.id, "state#health", down_since={"S": "teleported"})
    deleted(outage)
    assert words(outage) == {"analytics": ["FAILING OVER", "UNREADABLE", "NO DOCUMENT"]}
    (row,) = outage.send({"command": "status"})["results"]
    assert row["reason"].startswith(f"HELD by run {run.run_id} (submitted)")
    assert "cannot be read" in row["reason"]


def test_a_pair_of_which_nothing_but_its_id_can_be_read_is_shown_by_that(outage):
    outage.alarm()
    id_, run = outage.emulator.pair.id, outage.record.run
    damage(outage, id_, "state#incident", state={"N": "7"})
    damage(outage, id_, f"run#{run.run_id}", state={"N": "7"})
    deleted(outage)
    assert words(outage) == {id_: ["UNREADABLE", "NO DOCUMENT"]}
    (row,) = outage.send({"command": "status"})["results"]
    assert row["pair"] == id_


def test_only_the_pairs_that_are_asked_for_are_shown(parts):
    parts.put_document("broken", "{")
    assert set(words(parts, "ana*")) == {"analytics"}
    assert words(parts, "nobody") == {}


def test_looking_writes_nothing(outage):
    outage.alarm()
    before = outage.record
    words(outage)
    assert outage.record == before


# The answer


@pytest.fixture
def widget(parts):
    def make_client():
        return parts.aws.client("stepfunctions")

    view = View(make_client, "arn:aws:states:us-east-1:000000000000:stateMachine:gone")
    return Widget(source(parts), view)


def test_a_table_that_cannot_be_read_is_said_on_the_page(parts, widget):
    nowhere = Widget(source(parts, "no-such-table"), widget.view)
    page = respond({}, nowhere, "arn")
    assert "NOT READ" in page
    assert "the runs table cannot be used" in page


def test_a_rehearsal_that_cannot_be_asked_is_said_in_its_window(parts, widget):
    page = respond({"rehearse": parts.emulator.pair.id}, widget, "arn")
    assert "It could not be rehearsed: the view state machine cannot be asked" in page
    assert "Nothing was ordered." in page


def test_the_console_is_told_what_the_widget_understands(widget):
    assert "**pair**" in respond({"describe": True}, widget, "arn")


def test_what_is_missing_or_bad_in_its_environment_is_named_at_once():
    with pytest.raises(InvalidSettings) as err:
        Settings.from_environment({"RUNS_TABLE_NAME": "x", "ALLOWED_PROVIDER_HOSTS": "a b"})
    missing = "PAIRS_PARAMETER_PATH is not set; VIEW_STATE_MACHINE_ARN is not set; "
    assert str(err.value).startswith(missing + 'ALLOWED_PROVIDER_HOSTS: found "a b"')


def test_a_page_stays_small_whatever_is_stored(parts):
    parts.arm()
    reconciled(parts)
    client, key = parts.aws.client("dynamodb"), {"sk": {"S": "state#health"}}
    key["pk"] = {"S": parts.emulator.pair.id}
    item = client.get_item(TableName=parts.table, Key=key)["Item"]
    witnesses = item["sight"]["M"]["witnesses"]["L"]
    witnesses[0]["M"]["text"]["S"] = "&" * 300_000
    witnesses += [witnesses[1]] * 500
    client.put_item(TableName=parts.table, Item=item)
    page = respond({}, Widget(source(parts), None), "arn")
    assert "&amp;&amp;" in page
    assert len(page) < 32_000
