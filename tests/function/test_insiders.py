"""Who may write a document, the table, or the alarms of a pair: what that cannot bring about."""

import json
import socket
import threading
from datetime import timedelta

import pytest
from crowd import WINDOW, muted
from parts import now
from stored import items

from handler.aws.writes import pack
from handler.model.pair_state import Observations

MINUTE = 60


def reconciled(parts, times=1):
    for _ in range(times):
        parts.let_pass(MINUTE)
        parts.send({"command": "reconcile"})


def codes(parts):
    return [notice.attributes["reason_code"] for notice in parts.notices()]


# The table


def test_a_table_that_says_that_all_is_lost_orders_nothing_while_production_is_up(parts):
    """Armed, down for an hour, an incident open, no run that holds: all but what is read now."""
    parts.arm(
        down_of=parts.roles.production_cluster_id,
        down_since=now(hours=-1),
        down_seen_at=now(seconds=-5),
        lone_witness_since=now(hours=-1),
    )
    parts.alarm()
    assert parts.record.open_incident
    parts.ledger.save_observations(
        parts.emulator.pair.id,
        Observations(
            revision=parts.record.observations.revision,
            down_of=parts.roles.production_cluster_id,
            down_since=now(hours=-1),
            down_seen_at=now(seconds=-5),
        ),
    )
    reconciled(parts, 3)
    assert parts.posts == 0


def test_a_run_that_somebody_stored_leads_to_no_other_host(parts, listener):
    """What is settled is settled with the run's own copy of its document."""
    parts.arm()
    parts.emulator.break_production()
    parts.emulator.fault("failover", "cut", at="request")
    parts.alarm()
    run = parts.record.run
    where = f"http://127.0.0.2:{listener.port}"
    changed = {**run.configuration, "endpoint": where}
    parts.aws.client("dynamodb").update_item(
        TableName=parts.table,
        Key=pack({"pk": parts.emulator.pair.id, "sk": f"run#{run.run_id}"}),
        UpdateExpression="SET configuration = :c",
        ExpressionAttributeValues=pack({":c": changed}),
    )
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
    reconciled(parts, 2)
    assert listener.heard == b""
    assert listener.connections == 0


# A pair's document


class Listener:
    """Takes connections, and keeps what is said on them."""

    def __init__(self):
        self.heard, self.connections = b"", 0
        self._server = socket.create_server(("0.0.0.0", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            with connection:
                connection.sendall(b"220 hush-banner\r\n")
                connection.settimeout(5)
                try:
                    self.heard += connection.recv(1024)
                except OSError:
                    pass

    def close(self):
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def listener():
    made = Listener()
    yield made
    made.close()


def test_a_probe_says_nothing_to_whom_it_connects_and_tells_nothing_of_what_it_hears(
    parts, listener
):
    parts.arm()
    where = f"127.0.0.1:{listener.port}"
    parts.put_pair(probes={parts.roles.production_cluster_id: where})
    answer = parts.send({"command": "rehearse", "pair": "analytics"})
    assert listener.connections > 0
    assert listener.heard == b""
    assert "hush-banner" not in json.dumps([answer, items(parts)])


# An alarm


def in_turn(parts):
    """An OK says that production is up."""
    at = now() + parts.ahead
    parts.alarm(at=at)
    parts.alarm(at=at + timedelta(milliseconds=5), state="OK", previous="ALARM")


def ahead_of_time(parts):
    """An OK of a moment that is to come makes the alarm's own transition an old one."""
    at = now() + parts.ahead
    parts.alarm(at=at + timedelta(seconds=290), state="OK", previous="ALARM")
    (result,) = parts.alarm(at=at)
    assert result["reason_code"] == "repeated"


@pytest.mark.parametrize("say", [in_turn, ahead_of_time])
def test_whoever_keeps_saying_ok_does_not_keep_two_witnesses_from_being_acted_on(parts, say):
    parts.arm()
    parts.put_pair(production_down_for_s=120)
    parts.emulator.break_production()
    for _ in range(5):
        say(parts)
        reconciled(parts)
    assert parts.posts == 1


def test_what_a_mute_keeps_from_being_ordered_is_told(parts):
    """At once, and again when the witnesses say that production is down."""
    parts.arm()
    parts.send(muted())
    parts.emulator.break_production()
    reconciled(parts, 4)
    assert parts.posts == 0
    told = codes(parts)
    assert (told.count("muted"), told.count("down_while_muted")) == (1, 1)


@pytest.fixture
def silenced(parts):
    """Production is down, and a mute is all that keeps it from being failed over."""
    parts.arm()
    parts.alarm(muteDetail=WINDOW)
    parts.notices()
    parts.emulator.break_production()
    reconciled(parts, 2)
    return parts


def test_that_a_mute_alone_keeps_an_outage_from_being_failed_over_wakes_somebody(silenced):
    (notice,) = silenced.notices()
    assert notice.attributes["severity"] == "critical"
    assert notice.subject.endswith("production is down, a mute stops the failover; decide now")


def test_it_is_told_every_hour(silenced):
    silenced.notices()
    for _ in range(15):
        silenced.let_pass(4 * MINUTE)
        silenced.send({"command": "reconcile"})
    assert codes(silenced) == ["down_while_muted"]


def test_its_way_out_needs_no_alarm_that_could_be_released(silenced):
    """The alarm may have been deleted since: the command that is printed orders, once it is signed."""
    (notice,) = silenced.notices()
    order = json.loads(notice.result["next_steps"][1])
    signed = order | {"confirm": "analytics", "reason": "it is down", "requested_by": "ada"}
    assert silenced.send(signed)["decision"] == "submitted"
