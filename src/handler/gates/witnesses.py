"""Is production down, and since when. Witnesses speak; nobody concludes it from silence.

The cluster's own lifecycle and a TCP probe may say up or down; the disaster-recovery side only
corroborates, since a broken standby makes it abnormal just as well.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from handler.gates.verdict import UNLEARNED, GateResult, passed, refused, unknown
from handler.model.disaster_recovery import UP
from handler.model.evidence import Evidence, Situation
from handler.model.incident import Ending, Incident
from handler.model.pair import Pair
from handler.model.pair_state import Observations
from handler.model.quoting import word
from handler.model.times import isoformat, seconds

NO_WITNESS: Final = "no witness says that production is down"
# An address that never answered, or was closed off last week, says nothing about production.
PROBE_MEMORY: Final = timedelta(hours=24)


class Word(StrEnum):
    """What a witness says about production."""

    UP = "up"
    DOWN = "down"
    SILENT = "silent"


@dataclass(frozen=True)
class Testimony:
    """What each witness said at `at`."""

    cluster: Word
    probe: Word
    corroborates: bool
    at: datetime
    cluster_text: str
    probe_text: str
    dr_text: str

    @property
    def says_down(self) -> bool:
        """Cluster down and probe not up; or probe down, cluster silent and DR corroborating."""
        if self.cluster is Word.DOWN:
            return self.probe is not Word.UP
        return self.probe is Word.DOWN and self.cluster is Word.SILENT and self.corroborates

    @property
    def has_two_words(self) -> bool:
        """Whether two of the three say down, and none says up: enough without any alarm."""
        words = (self.cluster, self.probe)
        return words.count(Word.DOWN) + self.corroborates >= 2 and Word.UP not in words  # noqa: PLR2004

    @property
    def hints_down(self) -> bool:
        """Whether at least one of the two says down, and none says up."""
        words = (self.cluster, self.probe)
        return Word.DOWN in words and Word.UP not in words

    @property
    def says_up(self) -> bool:
        """Someone says up and no one says down."""
        words = (self.cluster, self.probe)
        return Word.UP in words and Word.DOWN not in words

    @property
    def hears_up(self) -> bool:
        """Whether someone says up, whatever another one says."""
        return Word.UP in (self.cluster, self.probe)

    @property
    def sentence(self) -> str:
        """What each said, and when."""
        at = isoformat(self.at)
        return f"at {at}: {self.cluster_text}; {self.probe_text}; {self.dr_text}"


def hear(evidence: Evidence, observations: Observations) -> Testimony:
    """Hear all witnesses about the cluster that was read as production."""
    cluster, cluster_text = _cluster(evidence)
    probe, probe_text = _probe(evidence, observations)
    corroborates, dr_text = _dr_side(evidence)
    return Testimony(
        cluster, probe, corroborates, evidence.read_at, cluster_text, probe_text, dr_text
    )


def production_down(situation: Situation) -> GateResult:
    """Production is down, and has been for long enough (a confirmed command needs no wait)."""
    testimony = hear(situation.evidence, situation.observations)
    limit = 0 if situation.trigger.is_confirmed else situation.pair.production_down_for_s
    said = testimony.sentence
    if situation.pair_state.roles is None:
        reason = f"{UNLEARNED}; {said}"
        return unknown(reason, cause="unlearned", limit=limit, overridable=True)
    if testimony.says_up:
        reason = f"{_if_up(situation)}; {said}"
        return refused(reason, cause="up", measured="up", limit=limit, overridable=True)
    if not testimony.says_down:
        reason, cause = f"{_unclear(testimony)}; {said}", _as_read(situation)
        return unknown(reason, cause=cause, measured="unclear", limit=limit, overridable=True)
    if situation.trigger.needs_two_words and not testimony.has_two_words:
        # No alarm speaks: a single witness may be wrong, and a failover loses data for good.
        reason = f"one witness alone, and no alarm, says that production is down; {said}"
        cause = "one witness"
        return unknown(reason, cause=cause, measured=cause, limit=limit, overridable=True)
    held_s = max(0, seconds(situation.now - (situation.observations.down_since or situation.now)))
    if held_s < limit:
        reason = f"production has been down for {held_s} s of {limit} s; {said}"
        return refused(reason, cause="too short", measured=held_s, limit=limit, overridable=True)
    reason = f"production has been down for {held_s} s; {said}"
    return passed(reason, measured=held_s, limit=limit)


def _if_up(situation: Situation) -> str:
    """Once the roles are exchanged it is another one's turn: nothing leads back without loss."""
    if situation.is_exchanged:
        return "it is up"
    return "production is up: use the planned switchover, which loses nothing"


def _unclear(testimony: Testimony) -> str:
    """Why it is not known: whoever sets this aside must read that nobody has seen an outage."""
    if Word.DOWN in (testimony.cluster, testimony.probe):
        return "whether production is down is unknown"
    return NO_WITNESS


def _as_read(situation: Situation) -> str:
    """What production's cluster is where nobody knows: "restoring" is another silence than none."""
    production = situation.evidence.production
    return (production and production.status) or "not read"


def is_waiting(refusing: tuple[GateResult, ...]) -> bool:
    """Whether production only has to be down for longer (in observe, the mode refuses besides)."""
    others = {one.gate for one in refusing} - {"production_down", "mode"}
    return not others and any(map(only_has_to_last, refusing))


def only_has_to_last(gate: GateResult) -> bool:
    """Whether all that this gate lacks is time: production is down, for a while already."""
    return gate.gate == "production_down" and isinstance(gate.measured, int)


def lasts_until(observations: Observations, pair: Pair) -> datetime | None:
    """When production will have been down for long enough, in whole seconds, rounded up.

    None if it is not down.
    """
    if observations.down_since is None:
        return None
    due = observations.down_since + timedelta(seconds=pair.production_down_for_s)
    return due.replace(microsecond=0) + timedelta(seconds=1 if due.microsecond else 0)


def _cluster(evidence: Evidence) -> tuple[Word, str]:
    production = evidence.production
    if production is None or production.status is None:
        fault = evidence.faults.get("production")
        why = f" ({fault.sentence})" if fault else ""
        return Word.SILENT, f"the cluster's status cannot be read{why}"
    text = f"the cluster is {word(production.status)}"
    if production.status == "FAILED":
        return Word.DOWN, text
    if production.status in UP:
        return Word.UP, text
    return Word.SILENT, f"{text}, which says neither up nor down"


def _probe(evidence: Evidence, observations: Observations) -> tuple[Word, str]:
    if evidence.probe is None:
        fault = evidence.faults.get("probe")
        return Word.SILENT, f"the probe says nothing ({fault.sentence})" if fault else "no probe"
    if evidence.probe:
        return Word.UP, "the probe connects"
    seen = observations.probe_up_at.get(evidence.production_id or "")
    if _is_moved(evidence, observations):
        return Word.SILENT, "the probe fails, and its address was never seen up"
    if seen is None or not -PROBE_MEMORY < evidence.read_at - seen <= PROBE_MEMORY:
        return Word.SILENT, "the probe fails, but was not seen up in the 24 h before"
    return Word.DOWN, f"the probe fails twice (last up {isoformat(seen)})"


def _is_moved(evidence: Evidence, observations: Observations) -> bool:
    """Whether another address was seen up: that a mistyped one fails says nothing."""
    known = observations.probe_addresses.get(evidence.production_id or "")
    return None not in (known, evidence.probe_address) and known != evidence.probe_address


def _dr_side(evidence: Evidence) -> tuple[bool, str]:
    shown = evidence.shown
    if shown is None:
        return False, "disaster recovery cannot be read"
    whole, side = (word(one or "not shown") for one in (shown.status, shown.primary.status))
    text = f"disaster recovery is {whole}, its production side {side}"
    return "abnormal" in (shown.status, shown.primary.status), text


# Two looks that say down, further apart than this, do not prove that it was down between them.
STRETCH_GAP: Final = timedelta(minutes=5)
# Often enough for a memory of 24 h, and not a write a minute.
PROBE_NOTED_EVERY: Final = timedelta(minutes=10)


def is_newer(at: datetime | None, look: datetime) -> bool:
    """Whether something is of after a look, by no more than a look can be old: its invocation ends.

    Further ahead is only what a clock that was wrong, or a damaged item, says.
    """
    return at is not None and timedelta(0) < at - look <= STRETCH_GAP


def down_of_now(observations: Observations, now: datetime) -> datetime | None:
    """Since when production looks down, as long as the last look that said so is of now."""
    seen_at = observations.down_seen_at
    return observations.down_since if seen_at and abs(now - seen_at) <= STRETCH_GAP else None


def remember_outage(observations: Observations, evidence: Evidence) -> Observations:
    """Begin, continue or end the stretch in which the evidence says that production is down.

    A look that was made before what is stored says nothing of now: it may have been held up.
    """
    if is_newer(observations.looked_at, evidence.read_at):
        return _broken_by(observations, evidence)
    return replace(_with_stretch(observations, evidence), looked_at=evidence.read_at)


def _broken_by(observations: Observations, late: Evidence) -> Observations:
    """But if someone said up, a stretch that had begun before is counted from after it."""
    since, seen_at, id_ = observations.down_since, observations.down_seen_at, late.production_id
    is_of_it = since is not None and since <= late.read_at and observations.down_of == id_
    if not is_of_it or not hear(late, observations).hears_up:
        return observations
    is_seen_since = seen_at is not None and seen_at > late.read_at
    return replace(observations, down_since=seen_at) if is_seen_since else _ended(observations)


def _ended(observations: Observations) -> Observations:
    return replace(observations, down_of=None, down_since=None, down_seen_at=None)


def _with_stretch(observations: Observations, evidence: Evidence) -> Observations:
    now, id_ = evidence.read_at, evidence.production_id
    if observations.down_of not in (None, id_):
        # A stretch is one cluster's: after the roles have changed, another one is production.
        observations = _ended(observations)
    observations = _with_probe(observations, evidence)
    testimony, seen_at = hear(evidence, observations), observations.down_seen_at
    # Silence is no word: in an outage reads are lost as well. But it proves nothing for long, and
    # whether an order may leave is asked of a look that says down itself.
    is_lasting = seen_at is not None and abs(now - seen_at) <= STRETCH_GAP
    known = observations if is_lasting and not testimony.hears_up else _ended(observations)
    if not testimony.says_down:
        return known
    return replace(known, down_of=id_, down_since=known.down_since or now, down_seen_at=now)


def _with_probe(observations: Observations, evidence: Evidence) -> Observations:
    """Where and when the probe has connected."""
    now, id_, address = evidence.read_at, evidence.production_id, evidence.probe_address
    if not evidence.probe or not id_:
        return observations
    noted = observations.probe_up_at.get(id_)
    is_due = noted is None or now - noted >= PROBE_NOTED_EVERY
    if not is_due and address == observations.probe_addresses.get(id_):
        return observations
    return replace(
        observations,
        probe_up_at={**observations.probe_up_at, id_: now},
        probe_addresses=observations.probe_addresses | ({id_: address} if address else {}),
    )


def counted_anew(observations: Observations, incident: Incident | None) -> Observations:
    """Someone has said meanwhile that production is up: what was down before is not counted on."""
    if incident is None or incident.ended_at is None or observations.down_since is None:
        return observations
    is_up = incident.ended_because in (Ending.ALARMS_OK, Ending.PRODUCTION_UP)
    if not is_up or incident.ended_at < observations.down_since:
        return observations
    return _ended(observations)
