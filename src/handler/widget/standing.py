"""How a pair stands, by what is stored: what a person must know of it first. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Final

from handler.model.incident import Incident
from handler.model.known import Known
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, PairRecord
from handler.model.printable import one_line
from handler.model.quoting import quoted
from handler.model.run import Run, RunState
from handler.model.sight import UNSEEN_AFTER
from handler.model.times import clock, isoformat
from handler.widget.spans import span

# In the order in which people should look at the pairs that have them.
WORDS: Final = (
    "TWO WRITERS POSSIBLE", "OUTCOME UNKNOWN", "OVERDUE", "FAILING OVER", "INCIDENT",
    "PRODUCTION DOWN", "OTHER ROLES", "HELD", "UNREADABLE", "BAD DOCUMENT", "NO DOCUMENT",
    "FAILED OVER", "NOT READY", "NOT CHECKED", "NOT SEEN YET", "ONE WITNESS", "PAUSED", "MUTED",
    "READY",
)  # fmt: skip
_LONGEST: Final = 400  # characters of a sentence: whatever is stored, a page stays small


class Level(IntEnum):
    """How much a pair needs somebody, the worst first."""

    ALERT = 0
    WARNING = 1
    READY = 2


@dataclass(frozen=True)
class Finding:
    """One thing to know of a pair: a word or two, and a sentence."""

    level: Level
    word: str
    sentence: str


@dataclass(frozen=True)
class Standing:
    """A pair and all that is to be known of it, what matters most first.

    Attributes:
        name: the pair's.
        findings: at least one.
        at: when all this was so.
        pair: its document; None where that is bad or gone.
        record: what is stored; None where that cannot be read.
    """

    name: str
    findings: tuple[Finding, ...]
    at: datetime
    pair: Pair | None = None
    record: PairRecord | None = None

    @property
    def level(self) -> Level:
        """That of its worst finding."""
        return self.findings[0].level


def standing_of(pair: Pair, record: PairRecord, fleet: Fleet, now: datetime) -> Standing:
    """How a pair with a good document stands."""
    found = [*_of_runs(record, now), *_of_incident(record), *_of_roles(record)]
    found += [*_of_brakes(record, fleet, now), *_of_sight(record, now)]
    found = found or [_ready(pair)]
    found.sort(key=_rank)
    return Standing(pair.name, tuple(found), now, pair, record)


def standing_of_unread(pair: Pair, why: str, now: datetime) -> Standing:
    """A pair of which what is stored cannot be read."""
    return Standing(pair.name, (_alert("UNREADABLE", why),), now, pair)


def standing_of_bad(
    name: str, faults: Iterable[str], now: datetime, known: Iterable[Known] = ()
) -> Standing:
    """A pair whose document cannot be used, with what is open of it all the same."""
    why = f"its document cannot be used: {'; '.join(faults)}"
    found = [finding for one in known for finding in _of_known(one, now)]
    return _undocumented(name, [*found, _alert("BAD DOCUMENT", why)], now)


def standing_of_gone(known: Known, now: datetime) -> Standing:
    """A pair of which something is open and of which there is no document any more."""
    runs, incident = sorted(run.run_id for run in known.runs), known.incident
    held = f"held by {', '.join(runs)}" if runs else "none of its runs could be read"
    why = f"incident {incident.incident_id} is open" if incident and not runs else held
    return _undocumented(known.names[0], [*_of_known(known, now), _alert("NO DOCUMENT", why)], now)


def _undocumented(name: str, found: list[Finding], now: datetime) -> Standing:
    return Standing(one_line(name, 128), tuple(sorted(found, key=_rank)), now)


def _of_known(known: Known, now: datetime) -> Iterator[Finding]:
    """What is open of a pair without a good document; not what nothing looks at now."""
    if known.record:
        yield from _of_runs(known.record, now)
        yield from _of_old_production(known.record)
    else:
        yield _alert("UNREADABLE", str(known.trouble))
        for run in known.runs:
            yield _in_flight(run, now) if run.is_in_flight else _holding(run.run_id, run)
    if known.incident and not any(run.is_in_flight for run in known.runs):
        yield _incident(known.incident)


def worst_first(standings: Iterable[Standing]) -> list[Standing]:
    """In the order in which a person should look at them."""
    return sorted(standings, key=lambda one: (*_rank(one.findings[0]), one.name))


def _rank(finding: Finding) -> tuple[Level, int]:
    return finding.level, WORDS.index(finding.word)


def _ready(pair: Pair) -> Finding:
    means = "" if pair.mode == "automatic" else "; in mode observe alarms order nothing"
    return Finding(Level.READY, "READY", f"could be failed over; only an outage is missing{means}")


def _alert(word: str, sentence: str) -> Finding:
    return Finding(Level.ALERT, word, one_line(sentence, _LONGEST))


def _warning(word: str, sentence: str) -> Finding:
    return Finding(Level.WARNING, word, one_line(sentence, _LONGEST))


def _of_runs(record: PairRecord, now: datetime) -> Iterator[Finding]:
    run = record.in_flight
    if run:
        yield _in_flight(run, now)
    held = {one.run_id: one for one in record.held}
    for id_ in sorted(record.holding - ({run.run_id} if run else set())):
        yield _holding(id_, held.get(id_))


def _in_flight(run: Run, now: datetime) -> Finding:
    since = f"ordered at {clock(run.began_at)}, {span(now - run.began_at)} ago"
    if run.overdue_at:
        return _alert("OVERDUE", f"{since}, and still not proved: look at the provider's console")
    if run.state is RunState.UNKNOWN:
        return _alert("OUTCOME UNKNOWN", f"{since}; the answer was lost, reads settle it")
    seen = "the provider is switching the pair" if run.switching_at else "waiting for its end"
    return _alert("FAILING OVER", f"{since}; {seen}")


def _holding(run_id: str, run: Run | None) -> Finding:
    if run is None:
        return _alert("HELD", f"by run {run_id}, which is not stored: acknowledge it")
    if run.state is RunState.SUCCEEDED:
        at = f" at {clock(run.exchanged_since)}" if run.exchanged_since else ""
        return _warning("FAILED OVER", f"roles exchanged{at}; held until it is acknowledged")
    return _alert("HELD", f"by run {run_id} ({run.state}): look at it, then acknowledge it")


def _of_incident(record: PairRecord) -> Iterator[Finding]:
    incident, observations = record.open_incident, record.observations
    if incident and not record.in_flight:
        yield _incident(incident)
    elif observations.down_since and not record.holding:
        yield _alert("PRODUCTION DOWN", f"by its witnesses since {clock(observations.down_since)}")


def _incident(incident: Incident) -> Finding:
    said = f"{incident.decision}: {incident.reason}" if incident.decision else "not judged yet"
    return _alert("INCIDENT", f"open since {clock(incident.opened_at)}; {said}")


def _of_roles(record: PairRecord) -> Iterator[Finding]:
    observations = record.observations
    yield from _of_old_production(record)
    if since := observations.odd_roles_since:
        yield _alert("OTHER ROLES", f"the provider shows roles since {isoformat(since)} that no "
                                    f"run of ours has made")  # fmt: skip
    if since := observations.lone_witness_since:
        old = "the old " if record.expects_old_production else ""
        said = f"alone says since {clock(since)} that {old}production is down"
        yield _warning("ONE WITNESS", said)


def _of_old_production(record: PairRecord) -> Iterator[Finding]:
    if run := record.lost_again:
        since = run.new_down_since or record.observations.new_down_since
        at = f", since {isoformat(since)}" if since else ""
        yield _alert("PRODUCTION DOWN", f"the new one as well{at}: decide now")
    elif since := record.observations.old_back_since:
        said = f"the old production answers again since {isoformat(since)}: cut it off"
        yield _alert("TWO WRITERS POSSIBLE", said)


def _of_brakes(record: PairRecord, fleet: Fleet, now: datetime) -> Iterator[Finding]:
    for whose, pause in (("", record.pair_state.pause), ("all pairs, ", fleet.pause)):
        if pause and pause.holds(now):
            by, why = quoted(pause.requested_by, 80), quoted(pause.reason, 160)
            yield _warning("PAUSED", f"until {isoformat(pause.ends_at)} ({whose}by {by}: {why})")
    if record.pair_state.has_muted:
        yield _warning("MUTED", record.pair_state.mutes_sentence)


def _of_sight(record: PairRecord, now: datetime) -> Iterator[Finding]:
    """Where a run or an incident says more, what was seen before says nothing."""
    sight = record.observations.sight
    if record.holding or record.open_incident:
        return
    if sight is None:
        yield _warning("NOT SEEN YET", "reconcile looks at it within a minute or two")
        return
    if now - sight.at > UNSEEN_AFTER:
        said = f"last looked at {isoformat(sight.at)}, {span(now - sight.at)} ago: ask status"
        yield _warning("NOT CHECKED", said)
    for one in sight.still_refusing(is_armed=record.pair_state.armed):
        yield _warning("NOT READY", f"{one.gate}: {one.reason}")
