"""Every notice, told by the real code in a situation that leads to it.

Each function makes one happen on a table and a topic in memory, at one fixed moment; what reached
the topic last is the notice. They are read by people: as golden files, and in the documentation.
"""

import json
import re
from dataclasses import dataclass, replace
from functools import partial
from random import Random
from types import SimpleNamespace

from definitions import definition
from interpreter import Failed
from interpreter import Machine as StateMachine
from simulated import Clock
from situations import (
    FAULT,
    INCIDENT,
    NOW,
    PRODUCTION,
    ROLES,
    STANDBY,
    a_run,
    ago,
    cluster,
    evidence,
    member,
    pair,
    shown,
    situation,
    with_detail,
)

from handler.aws.ledger import Ledger
from handler.aws.table import Table
from handler.aws.topic import Chat, Publisher, Subscriptions
from handler.aws.writes import kept, pack
from handler.commands.acknowledge import acknowledge
from handler.commands.pause import pause, resume
from handler.commands.reconcile.documents import follow_documents, tell_gone
from handler.commands.reconcile.endings import end_late, end_up
from handler.commands.reconcile.findings import findings
from handler.commands.reconcile.introduction import introduce
from handler.commands.reconcile.one_pair import TRIGGER, _found
from handler.commands.reconcile.readiness import remember_readiness
from handler.commands.reconcile.subscriptions import check_subscriptions
from handler.commands.reconcile.take_over import take_over
from handler.commands.reconcile.troubles import in_trouble, tell_bad, unreadable
from handler.commands.report import TRIGGER as REPORT
from handler.commands.sample_notice import send_test_notice
from handler.errors import InvalidSettings, LedgerUnavailable
from handler.failover.act import _before_next_try
from handler.failover.alarms import answer_alarms
from handler.failover.attempt import Attempt
from handler.failover.guard import Guard
from handler.failover.memory import last_heard
from handler.failover.pursue import tell_blocked
from handler.failover.refuse import contended, refusal_of
from handler.failover.results import Subject, about, about_run, outcome_of, reminded
from handler.failover.seen import DOUBT
from handler.failover.waiting import take_up
from handler.gates.assess import NAMES, assess
from handler.model.alarm_history import PendingAlarm, key_of
from handler.model.documents import BadPair, Pairs
from handler.model.evidence import Cause
from handler.model.evidence import Fault as Unread
from handler.model.known_document import KnownDocument
from handler.model.pair_state import Fleet, Observations, PairRecord, PairState, Pause
from handler.model.result import Decision
from handler.model.run import RunEvent, RunState
from handler.model.signals import Alarm, Command, Trigger
from handler.notifications.command_lines import Address
from handler.notifications.next_steps import rehearse_command
from handler.notifications.outbox import Outbox
from handler.notifications.report import Row, reported, verdict_on
from local.simulation.faults import Faults
from local.simulation.machine import Machine
from local.simulation.services import TableClient, Topic
from local.simulation.table import MemoryTable

SALES = pair(name="sales", max_data_loss_s=1800)
HERE = Address("dws-failover-FailoverFunction", "eu-central-1")
ALARM = Trigger("eventbridge", "dws-outage-sales", ago(minutes=2))
OUTAGE = replace(
    INCIDENT, pair="sales", kind="eventbridge", name="dws-outage-sales", occurred_at=ago(minutes=2),
    opened_at=ago(minutes=2), alarms=frozenset({"dws-outage-sales"}),
)  # fmt: skip
ASKED = {"kind": "eventbridge", "name": "dws-outage-sales", "occurred_at": "2026-01-15T07:28:00Z"}
ADA = {"reason": "OPS-17: the zone is lost", "requested_by": "ada"}
ARN = "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:dws-outage-sales"
# Ids are drawn by chance; a golden file must be the same tomorrow.
_EXECUTION = re.compile(r"execution:fleet:[0-9a-f-]{36}")
_CHANCE = re.compile(r"(?<=Z-)[0-9a-f]{8}\b")


@dataclass(frozen=True)
class Told:
    """A notice as its readers get it."""

    subject: str
    text: str
    attributes: dict
    body: dict
    chat: dict


class Barred:
    """A provider whose secret is bad: that is found out when it is read."""

    def open_ahead(self, *_, **__):
        """Connect, which needs no secret."""

    def check_credentials(self):
        raise InvalidSettings("the secret is bad")


class Shows:
    """A provider that shows the pair with these clusters in its detail and in its list."""

    def __init__(self, seen):
        self.seen = seen

    def check_credentials(self):
        """They are good."""

    def detail(self, *_):
        return self.seen

    def listed(self, *_):
        return (self.seen,)


class Newsroom:
    """A table and a topic in memory, and what reaches the topic."""

    def __init__(self):
        self.calls, self.chats = [], []
        machine = Machine(NOW, Random(0))
        faults = Faults(machine, (), ())
        client = TableClient(MemoryTable(), faults, machine, lambda *_: None)
        self.ledger = Ledger(Table(client, "runs", machine.pause))
        chat_client = SimpleNamespace(publish=lambda **call: self.chats.append(call))
        publisher = Publisher(
            Topic(faults, self.calls.append), "topic", Chat(lambda: chat_client, "chat")
        )
        self.outbox = Outbox(self.ledger, publisher, machine.clock, HERE)
        self.clock, self.wait = machine.clock, machine.pause
        self.guard = Guard(self.outbox)
        self.account, self.region = "111122223333", "eu-central-1"
        self.seconds_left, self.good, self.bad = 300.0, (self.sales,), ()
        self.provider = Barred()

    sales = replace(SALES, alarms=("dws-outage-sales",))

    def pairs(self):
        return Pairs(self.good, self.bad)

    def some_pairs(self, choose):
        return choose(self.pairs())

    def remaining_s(self):
        return self.seconds_left

    def subscriptions(self):
        return Subscriptions(confirmed=1, pending=2)

    def heard_since(self):
        return None

    def connect(self, _):
        return self.provider

    def tell(self, result, incident=OUTAGE):
        """Publish a result, as part of an incident unless that is None."""
        incident_id = incident.incident_id if incident else None
        self.outbox.notify(replace(result, incident_id=incident_id), "golden")

    @property
    def told(self):
        call, chat = self.calls[-1], self.chats[-1]
        message = json.loads(call["Message"])
        found = {name: one["StringValue"] for name, one in call["MessageAttributes"].items()}
        texts = (
            call["Subject"],
            message["email"],
            json.dumps(found),
            message["lambda"],
            chat["Message"],
        )
        subject, text, *machines = (_CHANCE.sub("1f2e3d4c", one) for one in texts)
        return Told(subject, text, *map(json.loads, machines))


def about_sales(**changes):
    """A situation of the pair `sales`: production FAILED, all else well."""
    given = {"pair": SALES, "trigger": ALARM, **changes}
    return situation(**given)


def refused(given, room=None, relies_on=None):
    """What a refusal of this situation comes to."""
    attempt = Attempt(given.pair, given.trigger, relies_on=relies_on)
    return refusal_of(room or Newsroom(), assess(given), attempt)


SOON = Observations(down_since=ago(seconds=20), down_seen_at=NOW)
OBSERVED = replace(SALES, mode="observe")


def lagging(**changes):
    """The standby has last synchronised an hour ago."""
    return with_detail(about_sales(**changes), standby=member(STANDBY, last_sync=ago(hours=1)))


def seen(**changes):
    return about_sales(evidence=evidence(**changes))


def paused():
    until = Pause(ago(hours=-2), "OPS-3: resize of the standby", "ada", ago(hours=1))
    return about_sales(pair_state=PairState(roles=ROLES, armed=True, pause=until))


def held(run):
    return about_sales(run=run, held=(run,))


def unread(**shown_changes):
    return with_detail(about_sales(), **shown_changes)


SUCCEEDED = a_run(
    RunState.SUCCEEDED, pair="sales", trigger=ASKED, reason_code="seen_exchanged", outage_began_at=ago(hours=1),
    last_sync=ago(minutes=65), exchanged_since=ago(minutes=48), switching_at=ago(minutes=58),
    ended_at=ago(minutes=47), estimate_at_decision_s=300, notified_at=NOW,
    answer=RunEvent.ACCEPTED, reason="two reads show the roles exchanged",
)  # fmt: skip
# Each refusal by the gate that is named, as far as a gate can refuse an alarm.
REFUSALS = {
    "mode": about_sales(pair=OBSERVED),
    "pause": paused(),
    "hold": held(SUCCEEDED),
    "rate_limit": about_sales(
        fleet=Fleet(claims={f"{n}": ago(minutes=n) for n in range(1, 6)}), max_failovers_per_hour=5
    ),
    "armed": about_sales(
        pair_state=PairState(roles=ROLES, roles_since=ago(hours=1), roles_changed_by="learned")
    ),
    "pair_state": unread(status="starting"),
    "roles": about_sales(pair_state=PairState(roles=ROLES.exchanged, armed=True)),
    "site": with_detail(
        about_sales(
            observations=replace(situation().observations, project_ids={STANDBY: "0" * 32})
        ),
        dr_type="region",
    ),
    "version": unread(primary=member(PRODUCTION, version="8.1.1")),
    "edition": unread(primary=member(PRODUCTION, edition="dws3.0")),
    "production_down": seen(production=cluster(PRODUCTION)),
    "standby_ready": seen(standby=cluster(STANDBY, "AVAILABLE", "READONLY")),
    "rpo": lagging(),
    "pair_state-unknown": unread(status=None),
    "roles-unknown": about_sales(pair_state=PairState(armed=True)),
    "site-unknown": unread(dr_type=None),
    "version-unknown": unread(primary=member(PRODUCTION, version=None)),
    "edition-unknown": unread(primary=member(PRODUCTION, edition=None)),
    "production_down-unknown": seen(production=None, faults={"production": FAULT}),
    "standby_ready-unknown": seen(standby=None, faults={"standby": FAULT}),
    "rpo-unknown": unread(standby=member(STANDBY, last_sync=None)),
    "production_down-waiting": about_sales(observations=SOON),
    "production_down-waiting-observed": about_sales(pair=OBSERVED, observations=SOON),
    "rpo-observed": lagging(pair=OBSERVED),
    "several": replace(lagging(), pair_state=PairState(roles=ROLES, roles_since=ago(hours=1))),
    "production_down-early": with_detail(
        about_sales(observations=SOON), standby=member(STANDBY, last_sync=ago(hours=1))
    ),
}
RUNS = {
    "submitted": (RunEvent.ACCEPTED, "accepted", "the provider accepted the exception switchover"),
    "unknown": (RunEvent.DOUBTFUL, "answer_lost", "the answer was lost (read timed out)"),
    "provider_rejected": (RunEvent.REJECTED, "DWS.5095", "the provider answered HTTP 400 DWS.5095"),
    "provider_rejected-denied": (
        RunEvent.REJECTED, "APIGW.0301", "the provider answered HTTP 401 APIGW.0301",
    ),
    "not_started": (RunEvent.NOT_SENT, "not_sent", "the request could not be sent (connect refused)"),
}  # fmt: skip


def after_order(room, event, code, sentence):
    """What became of an order a moment ago."""
    claimed = a_run(
        RunState.SUBMITTING, pair="sales", trigger=ASKED, claimed_at=ago(seconds=3), requested_at=ago(seconds=2),
        incident_id=OUTAGE.incident_id, outage_began_at=ago(minutes=3), last_sync=ago(minutes=8),
        estimate_at_decision_s=300, provider_request_id="4a7c2f6e9b1d",
    )  # fmt: skip
    run = claimed.after(event, NOW, answer=event, reason_code=code, reason=sentence)
    room.tell(outcome_of(run, assess(about_sales())))


def of_a_run(room, state, event, given=None, answer=RunEvent.ACCEPTED, **changes):
    """A run that goes on from a state by what is seen, or that people are reminded of."""
    run = a_run(
        state, pair="sales", trigger=ASKED, outage_began_at=ago(minutes=62), last_sync=ago(minutes=66),
        incident_id=OUTAGE.incident_id, answer=answer, reason_code="accepted",
        reason="the provider accepted the exception switchover", notified_at=NOW, **changes,
    )  # fmt: skip
    if event:
        run = run.after(event, NOW, reason=given or run.reason)
    decision = Decision(run.state.value) if event else None
    room.tell(about_run(run, decision), OUTAGE)


def of_an_open_run(room, kind, **changes):
    """What people are reminded of an accepted order, by its own name."""
    run = a_run(
        pair="sales", trigger=ASKED, outage_began_at=ago(minutes=62), last_sync=ago(minutes=66),
        incident_id=OUTAGE.incident_id, answer=RunEvent.ACCEPTED, reason_code="accepted",
        reason="the provider accepted the exception switchover", seen_at=ago(seconds=9), **changes,
    )  # fmt: skip
    room.tell(reminded(run, kind), OUTAGE)


def blocked_by(room, code):
    """Neither detail nor list can be read."""
    words = {
        "denied": "HTTP 401 APIGW.0301 «Incorrect IAM authentication information»",
        "not_found": "HTTP 404 DWS.10101 «The disaster recovery does not exist»",
        "throttled": "HTTP 429 APIGW.0308",
        "garbled": "the answer is no JSON",
        "unavailable": "no connection",
    }
    causes = {
        "denied": Cause.NOT_AUTHENTICATED,
        "not_found": Cause.NO_SUCH_ID,
        "garbled": Cause.NO_SENSE,
        "unavailable": Cause.NO_CONNECTION,
    }
    is_transient = code in ("throttled", "unavailable")
    fault = Unread(code, words[code], is_transient, causes.get(code, Cause.OTHER))
    given = seen(detail=None, item=None, faults={"detail": fault})
    room.tell(refused(given, room))


def blocked_for_a_reason(room, err):
    room.ledger.incidents.open(OUTAGE, PairState())
    incident = room.ledger.read(SALES.disaster_recovery_id).open_incident
    tell_blocked(room, about(SALES, ALARM, incident), incident, SALES, err)


def out_of_time(room):
    room.seconds_left = 12.0
    room.tell(refused(about_sales(), room))


def always_contended(room):
    room.ledger.incidents.open(OUTAGE, PairState())
    record = room.ledger.read(SALES.disaster_recovery_id)
    contended(room, assess(about_sales()), record, Attempt(SALES, ALARM, OUTAGE.incident_id))


def tried_seven_times(room):
    def failed(n):
        return a_run(
            RunState.PROVIDER_REJECTED, run_id=f"20260115T0{n}0000000Z-1f2e3d4c", pair="sales", trigger=ASKED,
            answer=RunEvent.REJECTED, incident_id=OUTAGE.incident_id, claimed_at=ago(minutes=9 - n),
            ended_at=ago(minutes=9 - n), reason="the provider answered HTTP 429 APIGW.0308",
        )  # fmt: skip

    runs = tuple(failed(n) for n in range(7, 0, -1))
    room.ledger.incidents.open(OUTAGE, PairState())
    record = replace(room.ledger.read(SALES.disaster_recovery_id), runs=runs)
    attempt = Attempt(SALES, ALARM, OUTAGE.incident_id)
    _before_next_try(room, attempt, record.open_incident, record)


def found(room, code, given, record=None, old_probe=None):
    """What reconcile finds of a pair, of which this is one thing."""
    record = record or PairRecord(given.pair_state, None, given.observations, ())
    all_found = findings(given.pair, record, given.observations, assess(given), old_probe)
    (finding,) = (one for one in all_found if one.code == code)
    room.tell(_found(finding, given.pair, assess(given)), None)


def readiness(room, given, observations):
    record = PairRecord(given.pair_state, None, observations, ())
    _, finding = remember_readiness(record, observations, assess(given), None)
    room.tell(_found(finding, given.pair, assess(given)), None)


def a_new_pair(room):
    given = about_sales(pair=room.sales)
    record = PairRecord(PairState(), None, Observations(), ())
    _, finding = introduce(room.sales, record, given.observations, NOW, None)
    room.tell(_found(finding, room.sales, assess(given)), None)


FORMER = "7b0e4d5c-1111-4222-8333-944455556666"


def gone(room, since=None):
    """The document of `sales` was removed."""
    known = KnownDocument("sales", SALES.disaster_recovery_id, "automatic", has_alarms=True)
    tell_gone(room, known, since or ago(minutes=3))


def gone_in_an_outage(room):
    seen_down = Observations(down_of=PRODUCTION, down_since=ago(minutes=9), down_seen_at=NOW)
    room.ledger.save_observations(SALES.disaster_recovery_id, seen_down)
    gone(room)


def turned_to_observe(room):
    id_ = SALES.disaster_recovery_id
    was = KnownDocument("sales", id_, "automatic", has_alarms=True)
    room.ledger.documents.save(was)
    room.good = (replace(SALES, mode="observe", alarms=()),)
    follow_documents(room, room.pairs())


def under_a_new_id(room, **before):
    """The document of `sales` has a new id, and what the former one had is taken over."""
    room.ledger.save_pair_state(FORMER, PairState(roles=ROLES, **before))
    room.ledger.save_pair_state(SALES.disaster_recovery_id, PairState(roles=ROLES))
    document = KnownDocument("sales", SALES.disaster_recovery_id, former_ids=(FORMER,))
    take_over(room, room.sales, None, document)


def a_damaged_memory(room):
    """What was heard of the alarm is of a later version."""
    alarm = an_alarm()
    heard = {"part": alarm.part, "at": NOW.isoformat()}
    key = (SALES.disaster_recovery_id, f"alarm#{key_of(alarm.part)}")
    write = kept(key, heard)
    write["Put"]["Item"] |= pack({"schema": 2})
    room.ledger._table.write(write)
    last_heard(room, alarm, room.sales)


def unread(cause, said, *, roles=ROLES, is_transient=False, **observations):
    """A pair that cannot be read, for a cause that the wire tells."""
    fault = Unread("denied", said, is_transient, cause)
    nothing = {"detail": None, "item": None, "production": None, "standby": None}
    seen_so = evidence(**nothing, faults={"detail": fault, "list": fault})
    given = about_sales(evidence=seen_so, pair_state=PairState(roles=roles, armed=True))
    return replace(given, observations=Observations(**observations))


def misread_times():
    """The provider writes +08:00 and does not say so."""
    text = "2026-01-15 16:25:00"
    ahead = member(STANDBY, last_sync=ago(hours=-7, minutes=-55), last_sync_text=text)
    one = shown(standby=ahead, status="running")
    return about_sales(evidence=evidence(detail=one, item=one))


def after_failover(**changes):
    """Production was switched; disaster recovery does not run yet."""
    pair_state = PairState(roles=ROLES, roles_since=ago(hours=9))
    given = about_sales(pair_state=pair_state, **changes)
    return given, PairRecord(pair_state, None, given.observations, (SUCCEEDED,), (SUCCEEDED,))


def old_production_back(room):
    back = evidence(
        detail=shown(primary=member(STANDBY), standby=member(PRODUCTION)), item=None,
        production_id=STANDBY, production=cluster(STANDBY), standby=cluster(PRODUCTION),
    )  # fmt: skip
    seen_back = replace(situation().observations, old_back_since=ago(minutes=1))
    given, record = after_failover(evidence=back, observations=seen_back)
    found(room, "old_production_back", given, record)


def new_production_down(room):
    lost = evidence(
        detail=shown(primary=member(STANDBY), standby=member(PRODUCTION)), item=None,
        production=cluster(PRODUCTION), standby=cluster(STANDBY, "FAILED"),
    )  # fmt: skip
    since = replace(situation().observations, new_down_since=ago(minutes=1))
    given, record = after_failover(evidence=lost, observations=since)
    found(room, "new_production_down", given, record)


def an_alarm(state="ALARM", before="OK", **changes):
    return Alarm("eventbridge", "dws-outage-sales", ARN, state, before, ago(seconds=30), **changes)


def calls(room, *alarms):
    """Alarms come in, one after the other."""
    room.ledger.save_pair_state(SALES.disaster_recovery_id, PairState(roles=ROLES, armed=True))
    for alarm in alarms:
        answer_alarms(room, (alarm,))


def alarm_over(room):
    """The incident of an alarm is open; then the alarm is OK."""
    from handler.failover.incidents import take

    take(room, an_alarm(), room.sales)
    take(room, replace(an_alarm("OK", "ALARM"), occurred_at=NOW), room.sales)


def of_bad_document(room):
    room.good, room.bad = (), (
        BadPair(
            "sales", ("$.max_data_loss_s: found 30, allowed: 60 or more",),
            SALES.disaster_recovery_id, ("dws-outage-sales",),
        ),
    )  # fmt: skip


def an_alarm_of_a_bad_document(room):
    of_bad_document(room)
    answer_alarms(room, (an_alarm(),))


def waited_too_long(room):
    of_bad_document(room)
    old = replace(an_alarm(), occurred_at=ago(days=2))
    room.bad = ()
    take_up(room, PendingAlarm("sales", old), room.pairs(), ())


def ended(room, end):
    room.ledger.incidents.open(OUTAGE, PairState())
    record = room.ledger.read(SALES.disaster_recovery_id)
    incident = replace(
        record.open_incident, decision="refused",
        reason="gate rpo: about 5400 s of data would be lost.",
    )  # fmt: skip
    end(room, SALES, incident, replace(record, incident=incident))


def commanded(room, run, **fields):
    room.ledger.save_pair_state(SALES.disaster_recovery_id, PairState(roles=ROLES, armed=True))
    run(room, Command(pair="sales", **ADA, **fields), SALES)


def resumed(room):
    commanded(room, pause, command="pause", until=ago(hours=-4))
    run = Command("resume", "sales", **ADA)
    resume(room, run, SALES)


def resumed_by_another(room):
    commanded(room, pause, command="pause", until=ago(hours=-4))
    bob = {"reason": "OPS-21: the loader is patched", "requested_by": "bob"}
    resume(room, Command("resume", "sales", **bob), SALES)


def paused_in_anothers_place(room):
    shorter = Pause(ago(hours=-1), "OPS-21: the loader is patched", "bob", NOW)
    state = PairState(roles=ROLES, armed=True, pause=shorter)
    room.ledger.save_pair_state(SALES.disaster_recovery_id, state)
    pause(room, Command("pause", "sales", until=ago(hours=-4), **ADA), SALES)


def resumed_in_an_outage(room, *, incident=None, **observations):
    id_ = SALES.disaster_recovery_id
    state = PairState(roles=ROLES, armed=True, pause=Pause(ago(hours=-2), "OPS-3", "ada", NOW))
    room.ledger.save_pair_state(id_, state)
    if observations:
        room.ledger.save_observations(id_, Observations(**observations))
    if incident:
        room.ledger.incidents.open(incident, room.ledger.read(id_).pair_state)
    resume(room, Command("resume", "sales", **ADA), SALES)


def acknowledged(room, *, armed):
    state = PairState(roles=ROLES, roles_since=ago(hours=9), armed=armed)
    room.ledger.save_pair_state(SALES.disaster_recovery_id, state)
    command = Command(
        "acknowledge", "sales", production_cluster_id=PRODUCTION, override=("roles",), **ADA
    )
    acknowledge(room, command, SALES)


def acknowledged_in_an_outage(room, seen, *, says=PRODUCTION, down_since=None):
    """The incident of an outage is open, if the last look does not find production down."""
    id_ = SALES.disaster_recovery_id
    state = PairState(roles=ROLES, roles_since=ago(hours=9), armed=True)
    room.ledger.save_pair_state(id_, state)
    if down_since:
        looked = Observations(down_of=PRODUCTION, down_since=down_since, down_seen_at=NOW)
        room.ledger.save_observations(id_, looked)
    else:
        room.ledger.incidents.open(OUTAGE, room.ledger.read(id_).pair_state)
    room.provider = Shows(seen)
    acknowledge(room, Command("acknowledge", "sales", production_cluster_id=says, **ADA), SALES)


def acknowledged_beside_an_order(room):
    run = a_run(
        RunState.UNKNOWN, pair="sales", trigger=ASKED, answer=RunEvent.DOUBTFUL,
        claimed_at=ago(minutes=11), requested_at=ago(minutes=11), reason_code="answer_lost",
    )  # fmt: skip
    state = PairState(roles=ROLES, roles_since=ago(hours=9), run_id=run.run_id, armed=True)
    room.ledger.claim(run, state, Fleet(), None, is_counted=False)
    room.provider = Shows(shown())
    command = Command(
        "acknowledge", "sales", run_id=run.run_id, production_cluster_id=PRODUCTION, **ADA
    )
    acknowledge(room, command, SALES)


def acknowledged_against_the_provider(room):
    room.provider = Shows(shown(member(STANDBY), member(PRODUCTION)))
    acknowledged(room, armed=True)


def a_bug(room):
    def broken():
        raise ZeroDivisionError

    room.guard.outcome("sales", broken)


def a_report(room, *rows):
    summary = Subject(trigger=REPORT).result(
        Decision.REHEARSED,
        verdict_on(rows),
        next_steps=() if rows[0].is_ready else rehearse_command(rows[0].pair),
    )
    room.outbox.send(summary, reported(room.outbox.notice(summary, "report"), rows, summary))


READY = Row("sales", "automatic", "ready", "every gate passes", None, 310, 1800)
LAGS = Row(
    "orders", "observe", "would_refuse", "gate rpo: about 5400 s of data would be lost",
    "see in the provider's console why the standby lags behind", 5400, 1800,
)  # fmt: skip


def notices():
    """How each notice comes about, by the name of its golden file."""
    made = {f"refused-{name}": _refusal(given) for name, given in REFUSALS.items()}
    made |= {name: _order(order) for name, order in RUNS.items()}
    return made | OTHERS


def _refusal(given):
    return lambda room: room.tell(refused(given, room))


def _order(order):
    return lambda room: after_order(room, *order)


def _refused_command(room):
    trigger = Trigger("command", "failover", NOW, "ada", is_confirmed=True)
    room.tell(refused(lagging(trigger=trigger), room), None)


def _changed_since(room):
    trigger = Trigger("command", "failover", NOW, "ada", is_confirmed=True)
    room.tell(refused(lagging(trigger=trigger), room, relies_on="0123456789abcdef"), None)


LATE = "the roles are exchanged, though the order was thought not to have started"
UNTOUCHED = "5 reads over 15 minutes show the roles as before, and nothing is being switched"
OTHERS = {
    "refused-command": _refused_command,
    "refused-evidence_changed": _changed_since,
    "blocked-provider_unavailable": lambda room: blocked_by(room, "unavailable"),
    "blocked-provider_throttled": lambda room: blocked_by(room, "throttled"),
    "blocked-provider_garbled": lambda room: blocked_by(room, "garbled"),
    "blocked-provider_denied": lambda room: blocked_by(room, "denied"),
    "blocked-provider_not_found": lambda room: blocked_by(room, "not_found"),
    "blocked-invalid_credentials": lambda room: blocked_for_a_reason(
        room, InvalidSettings("secret dws-failover/credentials: $.access_key_id: is missing")
    ),
    "blocked-ledger_unavailable": lambda room: blocked_for_a_reason(
        room, LedgerUnavailable("secret dws-failover/credentials cannot be read: timed out")
    ),
    "blocked-no_time_left": out_of_time,
    "blocked-contended": always_contended,
    "tried_too_often": tried_seven_times,
    "in_progress": lambda room: of_a_run(
        room, RunState.SUBMITTED, None, switching_at=ago(minutes=59), seen_at=ago(seconds=9)
    ),
    "not_switching": lambda room: of_an_open_run(
        room, "not_switching", untouched_since=ago(minutes=9)
    ),
    "overdue": lambda room: of_a_run(
        room, RunState.SUBMITTED, None, overdue_at=NOW, switching_at=ago(minutes=59),
        seen_at=ago(seconds=9),
    ),
    "succeeded": lambda room: of_a_run(
        room, RunState.SUBMITTED, RunEvent.SEEN_EXCHANGED,
        "two reads 30 s apart show the roles exchanged", switching_at=ago(minutes=59),
        exchanged_since=ago(minutes=2), estimate_at_decision_s=180,
    ),
    "failed": lambda room: of_a_run(
        room, RunState.SUBMITTED, RunEvent.TOLD_FAILED,
        "the provider's events say that the failover failed, and the roles are as before",
    ),
    "seen_untouched": lambda room: of_a_run(
        room, RunState.UNKNOWN, RunEvent.SEEN_UNTOUCHED, UNTOUCHED
    ),
    "closed": lambda room: of_a_run(
        room, RunState.UNKNOWN, RunEvent.ACKNOWLEDGED, "a person has acknowledged it"
    ),
    "executed_late": lambda room: of_a_run(
        room, RunState.NOT_STARTED, RunEvent.SEEN_EXCHANGED, LATE, exchanged_since=ago(minutes=2)
    ),
    "executed_late-switching": lambda room: of_a_run(
        room, RunState.CLOSED, RunEvent.SEEN_SWITCHING, "the provider is switching the pair"
    ),
    "executed_late-rejected": lambda room: of_a_run(
        room, RunState.PROVIDER_REJECTED, RunEvent.SEEN_EXCHANGED, f"the roles are exchanged; {DOUBT}",
        answer=RunEvent.REJECTED, exchanged_since=ago(minutes=2),
    ),
    "resumed-incident": lambda room: resumed_in_an_outage(room, incident=OUTAGE),
    "resumed-down": lambda room: resumed_in_an_outage(
        room, down_since=ago(minutes=3), down_seen_at=ago(minutes=1)
    ),
    "acknowledged-armed": lambda room: acknowledged(room, armed=True),
    "acknowledged-not_armed": lambda room: acknowledged(room, armed=False),
    "acknowledged-unsettled": acknowledged_beside_an_order,
    "acknowledged-roles_overridden": acknowledged_against_the_provider,
    "acknowledged-incident_goes_on": lambda room: acknowledged_in_an_outage(room, shown()),
    "acknowledged-incident_ended": lambda room: acknowledged_in_an_outage(
        room, shown(member(STANDBY), member(PRODUCTION)), says=STANDBY
    ),
    "acknowledged-still_down": lambda room: acknowledged_in_an_outage(
        room, shown(), down_since=ago(minutes=3)
    ),
    "paused": lambda room: commanded(room, pause, command="pause", until=ago(hours=-4)),
    "paused-in_anothers_place": paused_in_anothers_place,
    "resumed": resumed,
    "resumed-anothers_pause": resumed_by_another,
    "insufficient_data": lambda room: calls(room, an_alarm("INSUFFICIENT_DATA")),
    "too_old": lambda room: calls(
        room, replace(an_alarm(is_redelivered=True), occurred_at=ago(hours=1))
    ),
    "muted": lambda room: calls(room, an_alarm(muted_by="mute rule «patch night»")),
    "down_while_muted": lambda room: found(
        room, "down_while_muted",
        about_sales(
            trigger=TRIGGER,
            pair_state=replace(situation().pair_state, muted=frozenset({"a"})),
            observations=replace(situation().observations, down_since=ago(minutes=1)),
        ),
    ),
    "not_listed": lambda room: calls(room, replace(an_alarm(), arn=f"{ARN}-2")),
    "alarms_ok": alarm_over,
    "invalid_pair": an_alarm_of_a_bad_document,
    "waiting_too_old": waited_too_long,
    "production_up": lambda room: ended(room, end_up),
    "retry_time_over": lambda room: ended(room, partial(end_late, until=ago(minutes=1))),
    "lone_witness": lambda room: found(
        room, "lone_witness",
        about_sales(
            observations=replace(situation().observations, lone_witness_since=ago(minutes=1))
        ),
    ),
    "new_pair": a_new_pair,
    "readiness_lost": lambda room: readiness(
        room, seen(standby=cluster(STANDBY, "CREATING")), Observations(is_ready=True)
    ),
    "readiness_lost-unread": lambda room: readiness(
        room,
        unread(Cause.NO_CONNECTION, "no answer (ConnectTimeout)", is_transient=True,
               unreadable_times=3, is_ready=True),
        Observations(is_ready=True, unreadable_times=3),
    ),
    "readiness_regained": lambda room: readiness(
        room, about_sales(), Observations(is_ready=False, first_checked_at=ago(days=1))
    ),
    "old_production_back": old_production_back,
    "new_production_down": new_production_down,
    "new_production_down-not_proved": lambda room: of_an_open_run(
        room, "new_production_down", new_down_since=ago(seconds=9)
    ),
    "roles_changed": lambda room: found(
        room, "roles_changed",
        about_sales(
            pair_state=PairState(roles=ROLES.exchanged, roles_since=ago(hours=9), armed=True),
            observations=Observations(odd_roles_since=ago(minutes=1)),
        ),
    ),
    "misconfigured": lambda room: found(
        room, "misconfigured", about_sales(pair=replace(SALES, alarms=("arn:aws:sns:*",)))
    ),
    "misconfigured-endpoint": lambda room: found(
        room, "misconfigured",
        unread(Cause.NO_SUCH_HOST, "no answer (ConnectError: Name or service not known)",
               roles=None, is_transient=True, unreadable_times=2),
    ),
    "misconfigured-credentials": lambda room: found(
        room, "misconfigured",
        unread(Cause.NOT_AUTHENTICATED, "the provider answered HTTP 401 APIG.0301 «Incorrect IAM"
               " authentication information»"),
    ),
    "misconfigured-project": lambda room: found(
        room, "misconfigured", unread(Cause.NOT_PERMITTED, "the provider answered HTTP 403"),
    ),
    "misconfigured-id": lambda room: found(
        room, "misconfigured",
        unread(Cause.NO_SUCH_ID, "the provider answered HTTP 400 DWS.10101"),
    ),
    "misconfigured-utc_offset": lambda room: found(room, "misconfigured", misread_times()),
    "misconfigured-document": lambda room: (of_bad_document(room), tell_bad(room, room.bad[0], NOW)),
    "misconfigured-secret": lambda room: in_trouble(
        room, SALES, InvalidSettings("secret dws-failover/credentials: $.access_key_id: is missing")
    ),
    "document_gone": gone,
    "document_gone_down": gone_in_an_outage,
    "watched_less": turned_to_observe,
    "paused_before": lambda room: under_a_new_id(
        room, pause=Pause(ago(hours=-2), "OPS-3: resize of the standby", "ada", ago(hours=1))
    ),
    "held_before": lambda room: under_a_new_id(room, holding=frozenset({SUCCEEDED.run_id})),
    "alarm_unreadable": a_damaged_memory,
    "unreadable": lambda room: unreadable(
        room, SALES, LedgerUnavailable("run#1 of the table is damaged", is_damaged=True)
    ),
    "unconfirmed_subscriptions": check_subscriptions,
    "internal_error": a_bug,
    "test_notice": lambda room: send_test_notice(
        room, Command("test_notice", "sales", code="4711"), SALES
    ),
    "report-all_ready": lambda room: a_report(room, READY),
    "report-not_all_ready": lambda room: a_report(room, LAGS, READY),
}  # fmt: skip
assert set(NAMES) <= set(REFUSALS)


def fleet_summaries():
    """The mails that sum up a fleet's execution, as its state machine makes them, by their names."""
    return {"fleet-all": _fleet(()), "fleet-stopped": _fleet(("orders",))}


def _fleet(failing):
    told, failures = [], []

    def fail_over(arguments, _):
        name = arguments["Input"]["pair"]
        if name in failing:
            failures.append(name)
            cause = {"reason": "gate rpo: about 5400 s of data would be lost", "run_id": None}
            ended = {"Error": "ApprovalTimeOver", "Cause": json.dumps(cause)}
            raise Failed("States.TaskFailed", json.dumps(ended, separators=(",", ":")))
        return {"Output": {"answer": {"run_id": f"20260115T083000000Z-{name}"}}}

    tasks = {
        "lambda:invoke": lambda *_: {
            "Payload": {"results": [{"pair": name} for name in ("sales", "orders", "stock")]}
        },
        "dynamodb:getItem": lambda *_: {"Item": {"failures": {"N": str(len(failures))}}},
        "dynamodb:updateItem": lambda *_: {},
        "states:startExecution.sync:2": fail_over,
        "sns:publish": lambda arguments, _: told.append(arguments) or {},
    }
    values = {"FunctionName": HERE.function, "Region": HERE.region}
    machine = StateMachine("fleet", definition("fleet", **values), tasks, Clock())
    request = {
        "confirm_count": 3,
        "stop_after_failures": 1,
        "reason": "lost",
        "requested_by": "ada",
    }
    machine.begin(request).run()
    ((subject, message),) = [(one["Subject"], json.loads(one["Message"])) for one in told]
    return (
        f"Subject: {subject}\n\n{_EXECUTION.sub('execution:fleet:region-lost', message['email'])}"
    )


def all_told():
    """Every notice by its name."""
    found_ = {}
    for name, make in sorted(notices().items()):
        room = Newsroom()
        make(room)
        found_[name] = room.told
    return found_
