"""The ledger on a real table: what it stores is read as it was, and what each condition refuses."""

from dataclasses import replace
from datetime import timedelta

import pytest
from situations import DR, INCIDENT, NOW, PRODUCTION, ROLES, STANDBY, a_run, ago

from handler.aws.table import Table
from handler.aws.writes import IS_NEW, changed, removed, revised
from handler.errors import Conflict, LedgerUnavailable
from handler.failover.attempt import new_id
from handler.model.alarm_history import LastTransition, PendingAlarm, key_of
from handler.model.disaster_recovery import Roles
from handler.model.incident import ASSESSING_FOR, MOST_ALARMS, WATCH, Ending, LastIncident
from handler.model.notice import Notice
from handler.model.pair_state import Fleet, Observations, OpenItems, PairState, Pause
from handler.model.run import RunEvent, RunState
from handler.model.signals import Alarm

LATER = NOW + timedelta(hours=1)
ARN = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:dws-outage-analytics"
KEY = key_of(ARN)
HEARD = LastTransition(ARN, "dws-outage-analytics", "ALARM", NOW, ARN)
OTHER = replace(HEARD, part=f"{ARN}-b", arn=f"{ARN}-b")
KNOWN = PairState(roles=ROLES, roles_since=ago(hours=9), armed=True)
NEW = replace(INCIDENT, revision=1, disaster_recovery_id=DR, alarms=frozenset({KEY}))


@pytest.fixture
def ledger(parts):
    return parts.ledger


@pytest.fixture
def opened(ledger):
    """There is a pair, and an alarm that has opened an incident."""
    ledger.save_pair_state(DR, KNOWN)
    ledger.incidents.open(NEW, pair_state(ledger), HEARD)
    return ledger


@pytest.fixture
def claimed(opened):
    """A run has been claimed for it and was submitted."""
    # A claim's token is its run's id, and DynamoDB knows one again from another test.
    changes = {"run_id": new_id(NOW), "incident_id": NEW.incident_id, "request_id": "a-request"}
    run = a_run(RunState.SUBMITTING, **changes)
    opened.claim(run, pair_state(opened), Fleet(), NEW, is_counted=True)
    return opened


def pair_state(ledger):
    return ledger.read(DR).pair_state


def incident(ledger):
    return ledger.read(DR).incident


def run(ledger):
    return ledger.read(DR).run


def change_pair(ledger):
    """Somebody else changes the pair, as each transition of a run does."""
    ledger.save_pair_state(DR, pair_state(ledger))


def end(ledger):
    ended = incident(ledger).ended(Ending.ALARMS_OK, NOW)
    ledger.incidents.end(ended, pair_state(ledger), None)


def a_notice(id_="n", **changes):
    given = Notice(f"{DR}/{id_}", DR, NOW, NOW, "subject", "text", "{}", {"pair": "analytics"})
    return replace(given, **changes)


def items_of(ledger, id_=DR):
    return next(one for one in ledger.open_items() if one.disaster_recovery_id == id_)


# Pairs


def test_a_pair_of_which_nothing_is_known_is_read_as_empty(ledger):
    record = ledger.read(DR)
    assert (record.pair_state, record.incident, record.runs) == (PairState(), None, ())


def test_what_is_stored_of_a_pair_is_read_as_it_was(claimed):
    seen = Observations(checked_at=NOW, versions={PRODUCTION: "8.1.3"})
    claimed.save_observations(DR, seen)
    record = claimed.read(DR)
    assert record.observations == replace(seen, revision=1)
    assert record.run.trigger == {"kind": "sns"}
    assert (record.pair_state.roles, record.incident.alarms) == (ROLES, {KEY})
    assert record.holding == {record.run.run_id}


def test_many_pairs_are_read_at_once_as_each_by_itself(claimed):
    found = claimed.read_all([DR, "another"])
    assert found == {DR: claimed.read(DR), "another": claimed.read("another")}


SAVES = {
    "a pair's state": (lambda ledger: ledger.save_pair_state(DR, KNOWN)),
    "observations": (lambda ledger: ledger.save_observations(DR, Observations())),
    "the brakes": (lambda ledger: ledger.save_fleet(Fleet())),
}


@pytest.mark.parametrize("save", SAVES.values(), ids=SAVES)
def test_what_was_changed_since_it_was_read_is_not_written_over(ledger, save):
    save(ledger)
    with pytest.raises(Conflict):
        save(ledger)


@pytest.mark.parametrize("what", ["save_observations", "save_pair_state"])
def test_what_is_not_written_is_not_told(ledger, what):
    value = Observations() if what == "save_observations" else KNOWN
    save = getattr(ledger, what)
    save(DR, value)
    told = (a_notice(),) if what == "save_observations" else a_notice()
    with pytest.raises(Conflict):
        save(DR, value, told)
    assert ledger.notices.get(a_notice().notice_id) is None


# Runs


def test_a_run_is_found_by_its_request(claimed):
    assert claimed.run_of_request(DR, "a-request") == run(claimed)
    assert claimed.run_of_request(DR, "another") is None


def test_a_request_whose_run_is_gone_is_no_new_request(claimed):
    claimed._table.write(removed((DR, f"run#{run(claimed).run_id}")))
    with pytest.raises(LedgerUnavailable, match="request a-request"):
        claimed.run_of_request(DR, "a-request")


def test_a_run_that_was_changed_since_it_was_read_is_not_written_over(claimed):
    before = run(claimed)
    claimed.save_run(before, before.told("overdue", NOW))
    with pytest.raises(Conflict):
        claimed.save_run(before, before.after(RunEvent.ACCEPTED, NOW))


def test_a_transition_of_a_run_changes_its_pair_and_a_reminder_does_not(claimed):
    first = pair_state(claimed).revision
    told = claimed.save_run(run(claimed), run(claimed).told("overdue", NOW))
    assert pair_state(claimed).revision == first
    claimed.save_run(told, told.after(RunEvent.ACCEPTED, NOW))
    assert pair_state(claimed).revision == first + 1


def test_a_run_that_started_nothing_ends_its_hold_and_one_that_may_have_does_not(claimed):
    doubtful = claimed.save_run(run(claimed), run(claimed).after(RunEvent.DOUBTFUL, NOW))
    assert pair_state(claimed).holding == {doubtful.run_id}
    assert items_of(claimed).held == {doubtful.run_id}


def test_a_rejected_run_holds_no_more(claimed):
    claimed.save_run(run(claimed), run(claimed).after(RunEvent.REJECTED, NOW))
    assert pair_state(claimed).holding == frozenset()
    assert (items_of(claimed).runs, items_of(claimed).held) == (frozenset(), frozenset())


def test_a_run_does_not_end_the_incident_that_an_alarm_has_joined(claimed):
    ended = incident(claimed).ended(Ending.FAILED_OVER, NOW)
    claimed.incidents.join(incident(claimed), pair_state(claimed), OTHER, NOW, LATER)
    with pytest.raises(Conflict):
        claimed.save_run(run(claimed), run(claimed).after(RunEvent.ACCEPTED, NOW), ended=ended)
    assert (run(claimed).state, incident(claimed).is_open) == (RunState.SUBMITTING, True)


def test_a_run_is_not_settled_beside_an_incident_that_it_has_not_read(claimed):
    end(claimed)
    record = claimed.read(DR)
    another = replace(NEW, incident_id="another", revision=record.incident.revision + 1)
    claimed.incidents.open(another, record.pair_state, OTHER)
    settled = record.run.after(RunEvent.ACCEPTED, NOW)
    with pytest.raises(Conflict):
        claimed.save_run(record.run, settled, last=LastIncident(record.incident))


def test_an_acknowledgement_is_stored_as_a_whole_or_not_at_all(claimed):
    read, known = run(claimed), pair_state(claimed)
    claimed.save_run(read, read.told("overdue", NOW))
    ended = incident(claimed).ended(Ending.ACKNOWLEDGED, NOW)
    with pytest.raises(Conflict):
        claimed.acknowledge(known, DR, read.acknowledged(NOW), ended, a_notice())
    assert pair_state(claimed).holding == {read.run_id}
    assert (incident(claimed).is_open, claimed.notices.get(a_notice().notice_id)) == (True, None)


def test_an_acknowledgement_ends_the_hold_and_the_incident(claimed):
    ended, exchanged = incident(claimed).ended(Ending.ACKNOWLEDGED, NOW), Roles(STANDBY, PRODUCTION)
    known = replace(pair_state(claimed), roles=exchanged)
    claimed.acknowledge(known, DR, run(claimed).acknowledged(NOW), ended, a_notice())
    record = claimed.read(DR)
    assert (record.holding, record.open_incident) == (frozenset(), None)
    assert record.pair_state.roles == exchanged
    notices = frozenset({a_notice().notice_id})
    assert items_of(claimed) == OpenItems(DR, notices=notices)


# Opening an incident


def test_an_incident_that_another_has_opened_is_not_opened_again(opened):
    with pytest.raises(Conflict):
        opened.incidents.open(NEW, pair_state(opened), OTHER)


def test_an_incident_is_not_opened_beside_a_run_that_has_changed(ledger):
    read = pair_state(ledger)
    change_pair(ledger)
    with pytest.raises(Conflict):
        ledger.incidents.open(NEW, read, HEARD)


def test_an_incident_is_not_opened_for_a_transition_that_is_no_longer_the_newest(ledger):
    ledger.alarms.note(DR, replace(HEARD, state="OK"), pair_state(ledger))
    with pytest.raises(Conflict):
        ledger.incidents.open(NEW, pair_state(ledger), HEARD)


def test_an_alarm_that_opens_an_incident_is_muted_no_more(ledger):
    ledger.alarms.mute(DR, HEARD, pair_state(ledger), None, a_notice())
    assert pair_state(ledger).muted == {KEY}
    ledger.incidents.open(NEW, pair_state(ledger), replace(HEARD, revision=1))
    assert pair_state(ledger).muted == frozenset()


def test_an_alarm_that_was_muted_opens_nothing_beside_a_run_that_has_changed(ledger):
    ledger.alarms.mute(DR, HEARD, pair_state(ledger), None, a_notice())
    read = pair_state(ledger)
    change_pair(ledger)
    with pytest.raises(Conflict):
        ledger.incidents.open(NEW, read, replace(HEARD, revision=1))


# Joining and leaving it


def test_any_number_of_alarms_join_what_they_have_read_once(opened):
    read, known = incident(opened), pair_state(opened)
    change_pair(opened)
    for number in range(3):
        another = replace(HEARD, part=f"{ARN}-{number}")
        opened.incidents.join(read, known, another, NOW, LATER)
    assert (len(incident(opened).alarms), incident(opened).joins) == (4, 3)
    assert incident(opened).retry_until == LATER


def test_an_alarm_beyond_the_most_is_counted_as_a_crowd(opened):
    full = replace(incident(opened), alarms=frozenset(map(str, range(MOST_ALARMS))))
    opened.incidents.join(full, pair_state(opened), OTHER, NOW, LATER)
    assert (incident(opened).alarms, incident(opened).is_crowded) == ({KEY}, True)


def test_an_alarm_does_not_join_an_incident_that_has_ended(opened):
    read = incident(opened)
    end(opened)
    with pytest.raises(Conflict):
        opened.incidents.join(read, pair_state(opened), OTHER, NOW, LATER)


def test_an_alarm_does_not_join_another_incident_than_it_has_read(opened):
    another = replace(incident(opened), incident_id="another")
    with pytest.raises(Conflict):
        opened.incidents.join(another, pair_state(opened), OTHER, NOW, LATER)


def test_an_alarm_does_not_join_that_another_has_heard_of_since(opened):
    with pytest.raises(Conflict):
        opened.incidents.join(incident(opened), pair_state(opened), HEARD, NOW, LATER)


def test_an_alarm_leaves_while_another_is_left(opened):
    opened.incidents.join(incident(opened), pair_state(opened), OTHER, NOW, LATER)
    opened.incidents.leave(incident(opened), replace(HEARD, state="OK", revision=1))
    assert incident(opened).alarms == {key_of(OTHER.part)}


def test_the_last_alarm_does_not_leave(opened):
    with pytest.raises(Conflict):
        opened.incidents.leave(incident(opened), replace(HEARD, state="OK", revision=1))


def test_the_last_alarm_leaves_what_reconcile_watches(ledger):
    ledger.incidents.open(replace(NEW, kind=WATCH), pair_state(ledger), HEARD)
    ledger.incidents.leave(incident(ledger), replace(HEARD, state="OK", revision=1))
    assert (incident(ledger).is_open, incident(ledger).alarms) == (True, frozenset())


# Deciding about it and ending it


def test_one_at_a_time_reads_the_evidence_for_an_incident(opened):
    begin, read = opened.incidents.begin_assessing, incident(opened)
    assert begin(read, NOW, NOW)
    assert not begin(read, NOW, NOW)
    assert begin(read, NOW, NOW + ASSESSING_FOR)


@pytest.mark.parametrize(("ahead_s", "is_free"), [(20, False), (31, True)])
def test_a_time_that_is_too_far_ahead_keeps_nobody_waiting(opened, ahead_s, is_free):
    until = {":until": (NOW + timedelta(seconds=ahead_s)).isoformat()}
    opened._table.write(changed((DR, "state#incident"), "SET assessing_until = :until", until))
    assert opened.incidents.begin_assessing(incident(opened), NOW, NOW) is is_free


def test_nobody_assesses_what_another_has_decided_since(opened):
    read = incident(opened)
    opened.incidents.decide(read.decided("refused", "up", NOW), pair_state(opened))
    assert not opened.incidents.begin_assessing(read, ago(seconds=1), NOW)
    assert opened.incidents.begin_assessing(read, NOW + timedelta(seconds=1), NOW)


def test_nobody_assesses_what_has_ended(opened):
    read = incident(opened)
    end(opened)
    assert not opened.incidents.begin_assessing(read, NOW, NOW)


def test_a_decision_lets_others_assess_and_leaves_the_alarms_as_they_are(opened):
    read = incident(opened)
    opened.incidents.begin_assessing(read, NOW, NOW)
    opened.incidents.join(read, pair_state(opened), OTHER, NOW, LATER)
    opened.incidents.decide(read.decided("refused", "up", NOW), pair_state(opened))
    assert (incident(opened).assessing_until, incident(opened).decision) == (None, "refused")
    assert incident(opened).alarms == {KEY, key_of(OTHER.part)}


def test_a_decision_beside_another_is_neither_stored_nor_told(opened):
    read, known = incident(opened), pair_state(opened)
    opened.incidents.decide(read.decided("refused", "up", NOW), known)
    with pytest.raises(Conflict):
        opened.incidents.decide(read.decided("refused", "up", NOW), known, a_notice())
    assert opened.notices.get(a_notice().notice_id) is None


def test_a_decision_beside_a_run_that_has_changed_is_not_stored(opened):
    read, known = incident(opened), pair_state(opened)
    change_pair(opened)
    with pytest.raises(Conflict):
        opened.incidents.decide(read.decided("refused", "up", NOW), known)


def test_an_end_beside_an_alarm_that_joins_is_not_stored(opened):
    ended = incident(opened).ended(Ending.PRODUCTION_UP, NOW)
    opened.incidents.join(incident(opened), pair_state(opened), OTHER, NOW, LATER)
    with pytest.raises(Conflict):
        opened.incidents.end(ended, pair_state(opened), a_notice())
    assert incident(opened).is_open


def test_an_end_beside_a_run_that_has_changed_is_not_stored(opened):
    ended, known = incident(opened).ended(Ending.ALARMS_OK, NOW), pair_state(opened)
    change_pair(opened)
    with pytest.raises(Conflict):
        opened.incidents.end(ended, known, a_notice())


def test_an_incident_is_open_until_it_has_ended(opened):
    assert items_of(opened).incidents == {NEW.incident_id}
    end(opened)
    assert items_of(opened).incidents == frozenset()


# Alarms


def test_what_was_heard_of_an_alarm_is_read_as_it_was(ledger):
    ledger.alarms.note(DR, HEARD, pair_state(ledger))
    assert ledger.alarms.last(DR, KEY) == replace(HEARD, revision=1)
    assert ledger.alarms.last(DR, "another") is None


def test_a_transition_is_not_noted_where_another_was_heard_since(ledger):
    ledger.alarms.note(DR, HEARD, pair_state(ledger))
    with pytest.raises(Conflict):
        ledger.alarms.note(DR, HEARD, pair_state(ledger))


UNREAD = replace(HEARD, revision=None)


def test_a_call_that_nothing_was_heard_before_is_noted_unread(ledger):
    ledger.alarms.note(DR, UNREAD, PairState())
    assert ledger.alarms.last(DR, KEY) == replace(HEARD, revision=1)


@pytest.mark.parametrize(
    "before",
    [
        {"state": "OK", "at": ago(seconds=1)},
        {"state": "ALARM", "at": ago(days=2)},
        {"state": "OK", "at": NOW},
        {"state": "OK", "at": NOW - timedelta(microseconds=1)},
    ],
    ids=["an OK", "a call", "an OK of the same moment", "an OK just before"],
)
def test_a_newer_call_supersedes_what_was_heard_before_unread(ledger, before):
    ledger.alarms.note(DR, replace(HEARD, **before), PairState())
    ledger.alarms.note(DR, UNREAD, PairState())
    assert ledger.alarms.last(DR, KEY) == replace(HEARD, revision=2)


@pytest.mark.parametrize(
    "before",
    [
        {"at": NOW},
        {"state": "OK", "at": NOW + timedelta(microseconds=1)},
        {"state": "OK", "at": LATER},
        {"at": ago(hours=1), "muted_by": "a rule"},
    ],
    ids=["the same", "an OK just after", "a later OK", "a muted one"],
)
def test_what_does_not_plainly_supersede_has_to_be_read(ledger, before):
    ledger.alarms.note(DR, replace(HEARD, **before), PairState())
    with pytest.raises(Conflict):
        ledger.alarms.note(DR, UNREAD, PairState())
    assert ledger.alarms.last(DR, KEY) == replace(HEARD, **before, revision=1)


def test_what_a_later_version_has_heard_has_to_be_read(ledger):
    ledger.alarms.note(DR, replace(HEARD, state="OK", at=ago(hours=1)), PairState())
    newer = changed((DR, f"alarm#{KEY}"), "SET #s = :two", {":two": 2}, names={"#s": "schema"})
    ledger._table.write(newer)
    with pytest.raises(Conflict):
        ledger.alarms.note(DR, UNREAD, PairState())


def test_an_ok_that_has_not_seen_what_a_call_opened_is_not_noted_on_top_of_it(ledger):
    ledger.alarms.note(DR, replace(HEARD, state="OK", at=ago(hours=1)), PairState())
    before = ledger.alarms.last(DR, KEY)
    ledger.incidents.open(NEW, PairState(), UNREAD)
    with pytest.raises(Conflict):
        ledger.alarms.note(DR, replace(before, at=LATER), PairState())


def test_an_incident_is_not_opened_unread_for_a_call_that_was_overtaken(ledger):
    ledger.alarms.note(DR, replace(HEARD, state="OK", at=LATER), PairState())
    with pytest.raises(Conflict):
        ledger.incidents.open(NEW, PairState(), UNREAD)
    assert incident(ledger) is None


def test_a_run_is_stored_with_what_was_seen_before_its_order(claimed):
    seen = Observations(down_of=PRODUCTION, down_since=ago(seconds=9), down_seen_at=NOW)
    before = run(claimed)
    claimed.save_run(before, before.after(RunEvent.ACCEPTED, NOW), observations=seen)
    assert claimed.read(DR).observations == replace(seen, revision=1)
    assert run(claimed).state is RunState.SUBMITTED


@pytest.mark.parametrize("has_pair", [False, True])
def test_an_alarm_is_not_muted_beside_a_change_of_its_pair(ledger, has_pair):
    if has_pair:
        change_pair(ledger)
    read = pair_state(ledger)
    change_pair(ledger)
    with pytest.raises(Conflict):
        ledger.alarms.mute(DR, HEARD, read, None, a_notice())


def test_what_is_muted_meanwhile_is_not_lost_with_a_change_of_the_pair(ledger):
    read = pair_state(ledger)
    ledger.alarms.mute(DR, HEARD, read, None, a_notice())
    ledger.save_pair_state(DR, replace(read, armed=True))
    assert pair_state(ledger) == PairState(revision=1, armed=True, muted=frozenset({KEY}))


def test_what_a_pair_has_no_more_is_forgotten(ledger):
    pause = Pause(NOW + timedelta(hours=1), "works", "ada", NOW)
    ledger.save_pair_state(DR, PairState(pause=pause))
    ledger.save_pair_state(DR, replace(pair_state(ledger), pause=None))
    assert pair_state(ledger) == PairState(revision=2)


def test_an_alarm_for_a_bad_document_is_kept_once(ledger):
    alarm = Alarm("eventbridge", "a", ARN, "ALARM", "OK", NOW)
    pending = PendingAlarm("analytics", alarm)
    ledger.alarms.keep_pending(pending, None)
    with pytest.raises(Conflict):
        ledger.alarms.keep_pending(pending, a_notice())
    assert ledger.alarms.pending() == (pending,)
    ledger.alarms.end_pending(pending)
    assert ledger.alarms.pending() == ()


def test_the_message_that_brought_an_alarms_last_transition_is_known_again(ledger):
    ledger.alarms.note(DR, replace(HEARD, message_id="a message"), PairState())
    assert ledger.alarms.last(DR, KEY).message_id == "a message"


# Notices


def test_a_notice_is_stored_once_and_open_until_it_is_published(ledger):
    assert ledger.notices.save(a_notice())
    assert not ledger.notices.save(a_notice(text="another"))
    assert ledger.notices.get(a_notice().notice_id) == a_notice()
    assert items_of(ledger).notices == {a_notice().notice_id}
    ledger.notices.mark_published(a_notice(), LATER)
    assert ledger.notices.get(a_notice().notice_id).published_at == LATER
    assert items_of(ledger).notices == frozenset()


def test_a_refusal_is_not_told_beside_a_run_that_has_changed(ledger):
    read = pair_state(ledger)
    change_pair(ledger)
    with pytest.raises(Conflict):
        ledger.notices.save_refusal(DR, read, a_notice())
    assert ledger.notices.get(a_notice().notice_id) is None


@pytest.mark.parametrize(
    ("leased_s", "is_free"),
    [(-1, True), (0, True), (1, False), (59, False), (61, True)],
)
def test_a_notice_is_leased_unless_another_may_be_publishing_it(ledger, leased_s, is_free):
    """Twice as far ahead as any lease lasts is a time that nobody can have written."""
    told = a_notice(leased_until=NOW + timedelta(seconds=leased_s))
    ledger.notices.save(told)
    until = NOW + timedelta(seconds=30)
    if is_free:
        assert ledger.notices.lease(told, NOW, until).leased_until == until
    else:
        with pytest.raises(Conflict):
            ledger.notices.lease(told, NOW, until)


def test_a_notice_that_was_published_is_not_leased_again(ledger):
    ledger.notices.save(a_notice())
    ledger.notices.mark_published(a_notice(), NOW)
    with pytest.raises(Conflict):
        ledger.notices.lease(a_notice(), LATER, LATER + timedelta(seconds=30))


def test_a_notice_that_is_not_stored_is_not_marked(ledger):
    with pytest.raises(Conflict):
        ledger.notices.mark_published(a_notice(), NOW)
    assert ledger.notices.get(a_notice().notice_id) is None


# One reconcile at a time


def test_the_lock_is_taken_by_one_until_it_is_over_or_given_back(ledger):
    lock, until = ledger.reconcile_lock, NOW + timedelta(seconds=55)
    assert lock.take(NOW, until)
    assert not lock.take(NOW, until)
    lock.give_back(until, NOW)
    assert lock.take(NOW, until)
    assert lock.take(until, until + timedelta(seconds=55))


def test_another_ones_lock_is_not_given_back(ledger):
    ledger.reconcile_lock.take(NOW, LATER)
    with pytest.raises(Conflict):
        ledger.reconcile_lock.give_back(NOW, NOW)


# Writes


def test_of_a_transaction_of_which_one_condition_fails_nothing_is_written(parts):
    table = Table(parts.aws.client("dynamodb"), parts.table)
    table.write(revised(("a", "1"), {"n": 1}, 1))
    with pytest.raises(Conflict):
        table.write(revised(("a", "2"), {}, 1), changed(("a", "1"), "ADD n :n", {":n": 1}, IS_NEW))
    assert (table.get(("a", "2")), table.get(("a", "1"))["n"]) == (None, 1)
