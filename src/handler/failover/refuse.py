"""Why an assessment does not lead to a claim, and the notice that says so."""

from dataclasses import replace

from handler.errors import Conflict
from handler.failover.attempt import Attempt
from handler.failover.claim import CLAIM_NEEDS_S
from handler.failover.ports import Ports
from handler.failover.results import answer_of, no_evidence
from handler.gates.assess import Assessment
from handler.gates.witnesses import is_waiting
from handler.model.incident import DECIDE, WAITING, Incident
from handler.model.pair_state import PairRecord
from handler.model.result import Decision, Reason, Result
from handler.notifications.headline import needs_a_person
from handler.notifications.text import refusal


def refusal_of(ports: Ports, assessment: Assessment, attempt: Attempt) -> Result | None:
    """Why this assessment does not lead to a claim, if it does not."""
    if blocked := no_evidence(assessment):
        return blocked
    # Before the gates: a person has approved another picture, whether or not this one would pass.
    if not attempt.is_approved_on(assessment.evidence):
        why = (
            "the refusals, witnesses, roles, last synchronisation or last run are not what was seen"
        )
        return answer_of(assessment, Decision.REFUSED, Reason("evidence_changed", why))
    if not assessment.may_act:
        return answer_of(assessment, Decision.REFUSED, refusal(assessment))
    if ports.remaining_s() < CLAIM_NEEDS_S:
        why = f"fewer than {CLAIM_NEEDS_S:.0f} s of this invocation are left"
        return answer_of(assessment, Decision.BLOCKED, Reason("no_time_left", why))
    return None


def contended(ports: Ports, assessment: Assessment, record: PairRecord, attempt: Attempt) -> Result:
    """Blocked, since this invocation kept losing the claim."""
    why = Reason("contended", "the pair's state kept changing during the claim")
    incident = attempt.incident_in(record)
    return tell_refusal(
        ports, answer_of(assessment, Decision.BLOCKED, why), ("claim",), record, incident
    )


def tell_refusal(
    ports: Ports,
    refused: Result,
    refusing: tuple[str, ...],
    record: PairRecord,
    incident: Incident | None,
) -> Result:
    """What someone else has decided or begun meanwhile is told by them."""
    try:
        return store_refusal(ports, refused, refusing, record, incident)
    except Conflict:
        return refused


def store_refusal(
    ports: Ports,
    refused: Result,
    refusing: tuple[str, ...],
    record: PairRecord,
    incident: Incident | None,
) -> Result:
    """Store a refusal and tell it, if it is news.

    Raises:
        Conflict: someone else has decided or begun something meanwhile.
        LedgerUnavailable: neither the table nor the topic takes what is news.
    """
    # Also a command's refusal says that an incident goes on, if one is open.
    if goes_on := record.open_incident:
        refused = replace(refused, incident_id=goes_on.incident_id)
    return ports.outbox.record_refusal(refused, refusing, record, incident)


def news_of(assessment: Assessment, refused: Result) -> tuple[str, ...]:
    """What a refusal is for, as far as another one would be news.

    The gates, that it only waits, and that a person must decide now.
    """
    refusing = tuple(result.gate for result in assessment.refusing)
    if needs_a_person(refused):
        return (*refusing, DECIDE)
    if not is_waiting(assessment.refusing):
        return refusing
    return tuple(WAITING if gate == "production_down" else gate for gate in refusing)
