"""Every edge of a run's and an incident's life, with every fault while it is stored and told."""

import json
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from situations import INCIDENT, NOW, a_run, ago

from handler.aws.ledger import Ledger
from handler.aws.table import Table
from handler.aws.topic import Publisher
from handler.aws.writes import revised
from handler.errors import Conflict
from handler.failover.results import about_run
from handler.gates.assess import NAMES
from handler.model.incident import TRANSITIONS as INCIDENT_TRANSITIONS
from handler.model.incident import Ending, IncidentState
from handler.model.pair_state import PairState
from handler.model.result import Decision, Result, is_command
from handler.model.run import TRANSITIONS, Run, RunEvent, RunState
from handler.model.schema import validate
from handler.notifications.command_lines import Address
from handler.notifications.headline import subject
from handler.notifications.outbox import Outbox
from handler.notifications.phrases import REMEDIES
from handler.notifications.resend import resend
from handler.notifications.text import text
from local.simulation.faults import Fault, Faults
from local.simulation.machine import Machine
from local.simulation.services import TableClient, Topic
from local.simulation.strands import Killed
from local.simulation.table import MemoryTable

HERE = Address("failover", "eu-central-1")
EDGES = [(state, event) for state, follow in TRANSITIONS.items() for event in follow]
FAULTS = {
    "nothing": None,
    "killed before it is stored": Fault("table outcome", 1, "kill before"),
    "killed after it is stored": Fault("table outcome", 1, "kill after"),
    "the table is down": Fault("table outcome", 1, "fail"),
    "the table is throttled": Fault("table outcome", 1, "throttle"),
    "another transaction is in the way": Fault("table outcome", 1, "conflict"),
    "the table's answer is lost": Fault("table outcome", 1, "lose the answer"),
    "killed before it is published": Fault("topic publish", 1, "kill before"),
    "the topic is down": Fault("topic publish", 1, "fail"),
    "the topic's answer is lost": Fault("topic publish", 1, "lose the answer"),
    "killed after it is published": Fault("topic publish", 1, "kill after"),
    "the mark is lost": Fault("table mark", 1, "fail"),
    "killed before it is marked": Fault("table mark", 1, "kill before"),
}
MAY_COPY = {
    "the topic's answer is lost", "killed after it is published", "the mark is lost",
    "killed before it is marked",
}  # fmt: skip


class Stage:
    """A table and a topic that a fault befalls once; time passes as it is told."""

    def __init__(self, fault):
        self.machine = Machine(NOW, Random(0))
        faults = Faults(self.machine, (fault,) if fault else (), ())
        faults.is_quiet = False
        self.told = []
        client = TableClient(MemoryTable(), faults, self.machine, lambda *_: None)
        self.ledger = Ledger(Table(client, "runs", self.machine.pause))
        topic = Topic(faults, lambda call: self.told.append(_notice_id(call)))
        publisher, clock = Publisher(topic, "topic"), self.machine.clock
        self.outbox = Outbox(self.ledger, publisher, clock, HERE)

    def store(self, run):
        """What was there before: the pair's run, as claimed or later."""
        table = self.ledger._table
        key = (run.disaster_recovery_id, f"run#{run.run_id}")
        table.write(revised(key, run, 1))

    def drain(self):
        """A reconcile two minutes later."""
        self.machine.pause(120)
        resend(self.outbox, None, self.ledger.open_items())


def _notice_id(call):
    return call["MessageAttributes"]["notice_id"]["StringValue"]


def tell_edge(stage, event):
    """One invocation that finds the run as it is stored and makes it go on, if it can."""
    run = stage.ledger.run(a_run().disaster_recovery_id, a_run().run_id)
    if event not in TRANSITIONS[run.state] or run.transitions:
        return
    after = run.after(event, stage.machine.now)
    stage.outbox.record_run(run, after, about_run(after, Decision(after.state.value)))


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("state", "event"), EDGES, ids=lambda value: value.value)
def test_each_edge_of_a_run_is_told_once_whatever_happens(state, event, fault):
    from handler.errors import LedgerUnavailable

    stage = Stage(FAULTS[fault])
    stage.store(a_run(state))
    for _ in range(3):  # the invocation that is befallen, and those that come after it
        try:
            tell_edge(stage, event)
        except (Killed, LedgerUnavailable, Conflict):
            pass
        try:
            stage.drain()
        except Killed:
            pass
    ((notice_id, count),) = Counter(stage.told).items()
    assert notice_id == f"{a_run().run_id}/1-{TRANSITIONS[state][event]}"
    assert count == 1 or fault in MAY_COPY


@pytest.mark.parametrize(("state", "event"), EDGES, ids=lambda value: value.value)
def test_each_edge_has_its_words_and_a_way_on_that_exists(state, event):
    answer = event if state is RunState.SUBMITTING else RunEvent.DOUBTFUL
    run = a_run(state, answer=answer, outage_began_at=ago(hours=1), last_sync=ago(hours=2))
    after = run.after(event, NOW, answer=answer)
    result = about_run(after, Decision(after.state.value))
    told = text(result, HERE)
    assert "What happened:" in told
    assert "What happens next:" in told
    assert len(subject(result)) <= 100
    assert bool(result.next_steps) is after.holds_pair
    ways = after.holds_pair * (2 if after.state is RunState.NOT_STARTED else 1)
    assert [is_command(step) for step in result.next_steps] == [False, True] * ways
    for step in filter(is_command, result.next_steps):
        signed = step.replace("<why>", "seen in the console").replace("<who>", "ada")
        assert validate(json.loads(signed), "command") == []


@pytest.mark.parametrize("because", Ending)
@pytest.mark.parametrize("state", IncidentState)
def test_an_incident_ends_once_for_one_of_its_reasons(state, because):
    incident = replace(INCIDENT, state=state)
    if because in INCIDENT_TRANSITIONS[state]:
        ended = incident.ended(because, NOW)
        assert (ended.is_open, ended.ended_because) == (False, because)
    else:
        with pytest.raises(ValueError, match="knows no"):
            incident.ended(because, NOW)


# One decision on each state and reason; whoever adds one decides here too.
def test_every_reason_ends_an_open_incident_and_none_a_closed_one():
    assert {state: set(follow) for state, follow in INCIDENT_TRANSITIONS.items()} == {
        IncidentState.OPEN: {
            Ending.FAILED_OVER, Ending.ALARMS_OK, Ending.PRODUCTION_UP, Ending.ACKNOWLEDGED,
            Ending.RETRY_TIME_OVER,
        },
        IncidentState.ENDED: set(),
    }  # fmt: skip


@pytest.mark.parametrize("fault", [name for name in FAULTS if "topic" in name or "publish" in name])
def test_the_end_of_an_incident_is_told_whatever_happens(fault):
    stage = Stage(FAULTS[fault])
    stage.ledger.incidents.open(INCIDENT, PairState())
    over = Result(
        Decision.IGNORED, "alarms_ok", "over", pair="analytics",
        disaster_recovery_id=INCIDENT.disaster_recovery_id,
    )  # fmt: skip
    try:
        record = stage.ledger.read(INCIDENT.disaster_recovery_id)
        stage.outbox.end_incident(INCIDENT, Ending.ALARMS_OK, over, record)
    except Killed:
        pass
    stage.drain()
    assert set(stage.told) == {f"{INCIDENT.incident_id}/ended"}


def test_every_gate_that_a_command_may_not_pass_names_its_way_out():
    always = {"mode", "rate_limit"}  # a confirmed command passes them
    assert set(REMEDIES) | always == set(NAMES)


def test_a_notice_that_is_late_is_left_to_the_next_one():
    """Who has waited so long that the lease may end while it publishes does not begin."""
    stage = Stage(None)
    result = Result(Decision.IGNORED, "alarms_ok", "over")
    told = stage.outbox.notice(result, "n")
    assert stage.ledger.notices.save(told)
    stage.machine.pause(timedelta(seconds=11).total_seconds())
    assert stage.outbox.publish(told) is False
    stage.drain()
    assert stage.told == ["n"]


def test_two_at_once_publish_one_notice_once():
    stage = Stage(None)
    told = stage.outbox.notice(Result(Decision.IGNORED, "alarms_ok", "over"), "n")
    stage.ledger.notices.save(told)
    stage.machine.pause(60)
    stored = stage.ledger.notices.get("n")
    at = stage.machine.now
    later = at + timedelta(seconds=30)
    stage.ledger.notices.lease(stored, at, later)
    with pytest.raises(Conflict):
        stage.ledger.notices.lease(stored, at, later)


def test_a_run_expires_only_when_nobody_waits_for_it():
    for run, expires in [
        (a_run(), False),
        (a_run(RunState.SUCCEEDED), False),
        (a_run(RunState.SUCCEEDED, acknowledged_at=NOW, ended_at=NOW), True),
        (a_run(RunState.PROVIDER_REJECTED, ended_at=NOW), True),
        (a_run(RunState.NOT_STARTED, ended_at=NOW), False),
    ]:
        item = stored_item(run)
        assert ("expires_at" in item) is expires, run.state


def stored_item(run: Run):
    stage = Stage(None)
    stage.store(run)
    stage.ledger.save_run(run, run)
    table = stage.ledger._table
    return table.get((run.disaster_recovery_id, f"run#{run.run_id}"))
