"""Every pair rehearsed in one go, and one notice of how all of them stand.

It reads only. One pair's trouble, of whatever kind, is its row.
"""

from dataclasses import replace
from functools import partial
from typing import Any, Final

from handler.commands.reconcile.lists import item_in, read_lists
from handler.commands.status_of_all import of_bad, unseen
from handler.dws.client import Unreadable
from handler.errors import LedgerUnavailable, ProviderUnavailable
from handler.failover.claim import check_claim
from handler.failover.gather import read_evidence, situation_of
from handler.failover.guard import attempted, found
from handler.failover.ports import Ports
from handler.failover.results import Subject, no_evidence, rehearsal
from handler.gates.assess import assess, last_sync
from handler.model.evidence import Situation
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, PairRecord
from handler.model.result import Decision, Result, Steps, is_command
from handler.model.signals import Trigger
from handler.model.times import seconds
from handler.notifications.next_steps import rehearse_command, remedy_for
from handler.notifications.report import Row, reported, verdict_on

TRIGGER: Final = Trigger(kind="command", name="report", is_confirmed=True)
_LEAVES_S: Final = 60.0  # of the invocation, to judge and to tell: what is not read then is a row
_ID: Final = "%Y%m%dT%H%M"  # an event that comes again within the minute is told once


def report(ports: Ports) -> tuple[Result, ...]:
    """Rehearse every pair and tell people once; first the summary, then a result for each.

    Raises:
        LedgerUnavailable, InvalidSettings: table or pairs cannot be read.
    """
    pairs = ports.pairs()
    seen = _read(ports, pairs.good)
    fleet = ports.ledger.fleet()
    judged = [_judged(ports, pair, *seen[pair.name], fleet) for pair in pairs.good]
    bad = [replace(of_bad(one), command="report") for one in pairs.bad]
    judged += [(result, _row_of(result)) for result in bad]
    rows = tuple(row for _, row in judged)
    return _told(ports, rows), *(result for result, _ in judged)


def _told(ports: Ports, rows: tuple[Row, ...]) -> Result:
    troubled = [row.pair for row in rows if not row.is_ready and row.mode]
    steps = rehearse_command(troubled[0]) if troubled else ()
    summary = Subject(trigger=TRIGGER).result(
        Decision.REHEARSED, verdict_on(rows), next_steps=steps
    )
    notice_id = f"report/{ports.clock():{_ID}}"
    told = ports.outbox.notice(summary, notice_id)
    return ports.outbox.send(summary, reported(told, rows, summary))


def _read(
    ports: Ports, pairs: tuple[Pair, ...]
) -> dict[str, tuple[PairRecord | LedgerUnavailable, Any]]:
    """What is stored of each pair, and what its provider shows, side by side."""
    records = ports.ledger.read_all([pair.disaster_recovery_id for pair in pairs])
    lists = read_lists(ports, [(pair, records[pair.disaster_recovery_id]) for pair in pairs])
    reads = {
        pair.name: attempted(partial(read_evidence, ports, pair, record, item_in(pair, lists)))
        for pair in pairs
        if isinstance(record := records[pair.disaster_recovery_id], PairRecord)
    }
    seen = ports.side_by_side(reads, max(ports.remaining_s() - _LEAVES_S, 1))
    return {pair.name: (records[pair.disaster_recovery_id], seen.get(pair.name)) for pair in pairs}


def _judged(
    ports: Ports, pair: Pair, record: PairRecord | LedgerUnavailable, seen: Any, fleet: Fleet
) -> tuple[Result, Row]:
    """One pair's result and its row; what is wrong with it is its own."""

    def judge() -> tuple[Result, Row]:
        if isinstance(record, LedgerUnavailable):
            raise record
        if isinstance(seen, Unreadable):
            raise ProviderUnavailable(f"it could not be read in time: {seen}")
        evidence = found(seen)
        return _rehearsed(
            ports,
            situation_of(ports, pair, TRIGGER, record, seen=evidence, fleet=fleet),
        )

    outcome = ports.guard.outcome(pair.name, judge)
    if isinstance(outcome, Exception):
        result = replace(unseen(pair, outcome), command="report")
        return result, _row_of(result, pair)
    return outcome


def _rehearsed(ports: Ports, situation: Situation) -> tuple[Result, Row]:
    """What a confirmed command would come to, and what of it is not just that all is well."""
    assessment, sync = assess(situation), last_sync(situation)
    blocked = no_evidence(assessment)
    if blocked is None:
        check_claim(ports, assessment)
    result = blocked or rehearsal(assessment)
    row = _row_of(result, situation.pair)
    stuck = assessment.stuck
    if blocked is None and stuck:
        why = "; ".join(f"{one.gate}: {one.reason}" for one in stuck)
        row = replace(row, reason=why, to_do=_sentence_of(remedy_for(stuck[0], situation)))
    age_s = max(seconds(situation.now - sync), 0) if sync else None
    return result, replace(row, data_age_s=age_s)


def _row_of(result: Result, pair: Pair | None = None) -> Row:
    is_ready = result.reason_code == "ready"
    return Row(
        pair=str(result.pair),
        mode=pair.mode if pair else None,
        reason_code=result.reason_code,
        reason=result.reason,
        to_do=None if is_ready else _sentence_of(result.next_steps),
        max_data_loss_s=pair.max_data_loss_s if pair else None,
    )


def _sentence_of(steps: Steps) -> str | None:
    return next((one for one in steps if not is_command(one)), None)
