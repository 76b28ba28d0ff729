"""Ten years of failovers cost nothing: what is asked of the table is the same as after the first."""

import pytest
from outages import PartsBehind
from parts import bus_alarm, now

MANY = 60
_BATCH = 25  # of BatchWriteItem


@pytest.fixture
def story(aws, emulator, proxy):
    """A pair whose first order was rejected and whose incident is over; it only observes now."""
    with PartsBehind(aws, emulator, proxy) as made:
        made.arm()
        made.emulator.fault("failover", "respond", status=403)
        made.emulator.break_production()
        made.alarm()
        made.send(bus_alarm("dws-outage-analytics", state="OK", previous="ALARM", at=now()))
        made.put_pair(mode="observe")
        yield made


def repeat_the_past(parts):
    """As many runs and incidents more, all older than those that are there."""
    dynamodb, id_ = parts.aws.client("dynamodb"), parts.emulator.pair.id
    items = dynamodb.query(
        TableName=parts.table,
        KeyConditionExpression="pk = :id",
        ExpressionAttributeValues={":id": {"S": id_}},
    )["Items"]
    kinds = ("run#", "incident#")
    past = [one for one in items if one["sk"]["S"].startswith(kinds)]
    assert {one["sk"]["S"].partition("#")[0] for one in past} == {"run", "incident"}
    puts = [_copy(one, number) for number, one in enumerate(past * MANY)]
    for first in range(0, len(puts), _BATCH):
        dynamodb.batch_write_item(RequestItems={parts.table: puts[first : first + _BATCH]})


def _copy(item, number):
    kind, id_field = item["sk"]["S"].split("#")[0], {"run": "run_id", "incident": "incident_id"}
    old = f"2016{number:04}T000000000Z-00000000"
    return {
        "PutRequest": {
            "Item": {**item, "sk": {"S": f"{kind}#{old}"}, id_field[kind]: {"S": old}},
        }
    }


def alarm(parts):
    parts.alarm("dws-outage-next", at=now())


def status(parts):
    parts.send({"command": "status", "pair": "analytics"})


def reconcile(parts):
    parts.send({"command": "reconcile"})


def calls_of(parts, asks):
    """What is asked of AWS, with the pair as it was before and afterwards."""
    reconcile(parts)
    parts.proxy.clear()
    asks(parts)
    calls = [call.operation for call in parts.proxy.calls]
    parts.send(bus_alarm("dws-outage-next", state="OK", previous="ALARM", at=now()))
    return calls


@pytest.mark.parametrize("asks", [alarm, status, reconcile], ids=lambda one: one.__name__)
def test_what_is_asked_does_not_grow_with_the_past(story, asks):
    before = calls_of(story, asks)
    repeat_the_past(story)
    assert calls_of(story, asks) == before


def test_history_reads_no_more_than_it_shows(story):
    asked = {"command": "history", "pair": "analytics", "limit": 5}
    repeat_the_past(story)
    story.proxy.clear()
    story.send(asked)
    queries = [call for call in story.proxy.calls if call.operation == "Query"]
    assert len(queries) <= 4
