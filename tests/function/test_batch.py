"""What a queue hands on, record by record, on real parts."""

import json

from envelopes import NAME, message, notification, queue
from interruptions import LOST, with_table
from parts import arn_of, now

from handler import app
from handler.events import parse


def alarm_of_now(name=NAME):
    return {**message(), "AlarmName": name, "AlarmArn": arn_of(name),
            "StateChangeTime": now(seconds=-1).isoformat()}  # fmt: skip


def failures(answer):
    assert set(answer) == {"batchItemFailures"}
    return [one["itemIdentifier"] for one in answer["batchItemFailures"]]


def test_alarms_from_a_queue_open_their_incident_and_act(outage):
    assert failures(outage.send(queue(alarm_of_now(), notification(alarm_of_now())))) == []
    assert outage.posts == 1


def test_a_batch_reports_exactly_the_records_that_failed(parts):
    """Ten records: two are malformed, and for one alarm the table is down."""

    def interrupt(name, call):
        def failing(**kwargs):
            is_write = name in ("update_item", "put_item", "transact_write_items")
            if is_write and "dws-outage-5" in json.dumps(kwargs, default=str):
                raise LOST
            return call(**kwargs)

        return failing

    parts.arm()
    bodies = [alarm_of_now(f"dws-outage-{number}") for number in range(10)]
    bodies[2], bodies[7] = "{", {"hello": "world"}
    answer = app.respond(parse(queue(*bodies)), with_table(parts, interrupt), parts.context)
    assert failures(answer) == ["q-2", "q-5", "q-7"]
    assert len(parts.record.open_incident.alarms) == 7


def test_a_redelivered_record_does_not_act_twice(outage):
    batch = queue(*[alarm_of_now() for _ in range(3)])
    outage.send(batch)
    outage.send(batch)
    assert outage.posts == 1


def test_a_batch_in_which_all_records_fail_is_answered_and_not_raised(parts):
    assert failures(parts.send(queue("{", "[]", "7"))) == ["q-0", "q-1", "q-2"]


def test_a_command_does_not_come_through_a_queue(parts):
    assert failures(parts.send(queue({"command": "status"}))) == ["q-0"]
