"""What must be so once it is calm, by the provider, the table, the queues and the subscriber. Pure.

Never by what the function says of itself: a result or a log line is no fact here.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from local.chaos.explained import claim_is_explained, copies_are_explained, is_explained
from local.chaos.facts import OPEN, Facts, Item, OfPair, Told
from local.chaos.plan import Expected

ONCE: Final = (
    "submitted", "unknown", "provider_rejected", "not_started", "succeeded", "failed", "closed",
)  # fmt: skip
# An alarm that was older when it was sent may be too old to open anything when it is heard.
_SURELY_HEARD_S: Final = 300


@dataclass(frozen=True)
class Wrong:
    """Something that must not be; `outage` is None where it is nobody's."""

    outage: int | None
    why: str


def judge(facts: Facts) -> list[Wrong]:
    """All that is wrong."""
    return [
        *(wrong for one in facts.pairs for wrong in _of_pair(one, facts)),
        *_of_alarms(facts),
        *_of_notices(facts),
        *_of_everybody(facts),
    ]


def is_held(pair: OfPair) -> bool:
    """Whether a run that started nothing, as far as anyone can see, waits for a person."""
    return any(run["state"] == "not_started" and run["holds"] for run in pair.runs)


def _of_pair(pair: OfPair, facts: Facts) -> Iterator[Wrong]:
    for why in (*_orders(pair, facts), *_runs(pair), *_words(pair, facts)):
        yield Wrong(pair.outage.number, why)


def _orders(pair: OfPair, facts: Facts) -> Iterator[str]:
    accepted, expected = pair.accepted, _expected(pair, facts)
    if accepted > 1:
        yield f"{accepted} orders were accepted in one outage"
    if expected == "none" and accepted:
        yield "an order was accepted, and there must be none"
    if expected != "one" or accepted:
        return
    if not is_held(pair):
        yield "no order was accepted, and nothing holds the pair"
    elif not claim_is_explained(pair, facts.met):
        yield "no order was accepted: the pair is held, and nothing that was met explains it"


def _expected(pair: OfPair, facts: Facts) -> Expected:
    """A mute that nobody could store silences nothing."""
    is_unheard = pair.outage.kind == "muted" and _is_left(pair, facts)
    return "at most one" if is_unheard else pair.outage.expected


def _is_left(pair: OfPair, facts: Facts) -> bool:
    """Whether an event of this pair was given up, which an alarm about the function tells."""
    return any(pair.outage.name in left.body for left in facts.left)


def _runs(pair: OfPair) -> Iterator[str]:
    for run in pair.runs:
        if run["state"] in OPEN:
            yield f"run {run['run_id']} is still {run['state']}"
    taken = [run for run in pair.runs if run["state"] in ("succeeded", "failed", "closed")]
    if pair.accepted and not taken:
        states = ", ".join(run["state"] for run in pair.runs) or "none"
        yield f"an order was accepted, and its run says otherwise: {states}"
    if any(run["state"] == "succeeded" for run in pair.runs) and not pair.is_exchanged:
        yield "a run has succeeded, and the provider has not exchanged the roles"
    if pair.accepted and pair.is_exchanged and any(run["state"] == "failed" for run in taken):
        yield "a run has failed, and the provider has exchanged the roles"


def _words(pair: OfPair, facts: Facts) -> Iterator[str]:
    """Each edge of a run is told, once; so is that there was an outage, if it could be stored."""
    edges = {(one.run_id, one.decision, one.notice_id) for one in pair.told if one.run_id}
    counts = Counter((run_id, decision) for run_id, decision, _ in edges if decision in ONCE)
    for (run_id, decision), count in counts.items():
        if count > 1:
            yield f"of run {run_id} it was told {count} times that it is {decision}"
    for run in pair.runs:
        if run["state"] not in OPEN and not _is_told(run, pair.told):
            yield f"that run {run['run_id']} is {run['state']} was not told"
    is_heard = any(one.reason_code != "new_pair" for one in pair.told)
    if not is_heard and not _is_left(pair, facts):
        yield "nothing was told about it at all"


def _is_told(run: Item, told: tuple[Told, ...]) -> bool:
    return any(one.run_id == run["run_id"] and one.decision == run["state"] for one in told)


def _of_alarms(facts: Facts) -> Iterator[Wrong]:
    """Every alarm that somebody took is in the table, waits for a document, or lies in a queue."""
    for sent in facts.sent:
        name = sent.part.partition(" (")[0]
        is_stored = facts.heard.get(sent.part, float("-inf")) >= sent.at_s - 1
        is_left = any(name in one.body for one in facts.left)
        if not (is_stored or sent.part in facts.waiting or is_left or sent.age_s > _SURELY_HEARD_S):
            yield Wrong(sent.outage, f"the {sent.state} of {sent.part} is nowhere")


def _of_notices(facts: Facts) -> Iterator[Wrong]:
    copies = Counter(one.notice_id for one in facts.told)
    for notice in facts.notices:
        id_ = notice["notice_id"]
        if not notice.get("published_at"):
            yield Wrong(None, f"notice {id_} was never published")
        elif not copies[id_]:
            yield Wrong(None, f"notice {id_} is marked as published, and nobody has received it")
    extra = sum(copies.values()) - len(copies)
    if not copies_are_explained(extra, facts.met):
        yield Wrong(None, f"{extra} copies of notices were received, more than answers were lost")


def _of_everybody(facts: Facts) -> Iterator[Wrong]:
    if facts.control_orders:
        yield Wrong(None, f"{facts.control_orders} orders for the pair that was well all along")
    for id_ in facts.open:
        yield Wrong(None, f"{id_} is still open")
    for one in facts.left:
        if not is_explained(one, facts.met):
            yield Wrong(
                None, f"in the queue {one.queue} lies what nothing explains: {one.body[:300]}"
            )
