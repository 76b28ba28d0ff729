"""What is measured of a pair each time that reconcile looks at it. Pure.

docs/reference.md, "Metrics", has the names; the cluster is asked every ten minutes only, and what
was not asked has no figure.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from handler.gates.witnesses import Testimony, Word, hear
from handler.model.evidence import Evidence
from handler.model.pair import Pair
from handler.model.pair_state import Observations, PairRecord, PairState
from handler.model.times import CLOCK_TOLERANCE

_SAID: Final[Mapping[Word, int]] = {Word.UP: 1, Word.SILENT: 0, Word.DOWN: -1}
# A pair that could not be looked at, or whose run is on its way, could not be failed over now.
NOT_READY: Final[Mapping[str, float]] = {"Ready": 0}


def measured(
    pair: Pair,
    record: PairRecord,
    pair_state: PairState,
    observations: Observations,
    evidence: Evidence,
    *,
    is_fleet_stopped: bool,
) -> Mapping[str, float]:
    """The figures of a pair, after what was just seen of it.

    `is_fleet_stopped` is whether the brakes over all pairs hold, or cannot be read.
    """
    now = evidence.read_at
    return {
        "Ready": float(not is_fleet_stopped and _is_ready(record, pair_state, observations, now)),
        "Armed": float(pair_state.armed),
        "IncidentOpen": float(record.open_incident is not None),
        **_data_age(evidence),
        **_words(pair, evidence, hear(evidence, observations)),
    }


def _is_ready(
    record: PairRecord, pair_state: PairState, observations: Observations, now: datetime
) -> bool:
    """What the last full check found, unless what can be told without the provider says no."""
    is_paused = pair_state.pause is not None and pair_state.pause.holds(now)
    sight, is_armed = observations.sight, pair_state.armed
    if sight is None or is_paused or record.holding or not is_armed:
        return False
    return not sight.still_refusing(is_armed=is_armed)


def _data_age(evidence: Evidence) -> Mapping[str, float]:
    sync = evidence.shown.standby.last_sync if evidence.shown else None
    if sync is None or sync - evidence.read_at > CLOCK_TOLERANCE:
        return {}
    return {"DataAge": max(0.0, (evidence.read_at - sync).total_seconds())}


def _words(pair: Pair, evidence: Evidence, said: Testimony) -> Mapping[str, float]:
    """1 says up, -1 says down, 0 says nothing."""
    was_asked = evidence.production is not None or "production" in evidence.faults
    is_running = evidence.shown is not None and evidence.shown.status == "running"
    return {
        **({"ClusterWitness": _SAID[said.cluster]} if was_asked else {}),
        **({"ProbeWitness": _SAID[said.probe]} if pair.probes else {}),
        "DisasterRecoveryWitness": -1 if said.corroborates else int(is_running),
    }
