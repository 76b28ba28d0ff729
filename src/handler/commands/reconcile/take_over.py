"""What a name had under its former disaster-recovery id, once its document has a new one.

Disaster recovery that is created anew has a new id, and its state begins empty. But a pause is a
person's word about the name, and a run that was or may have been accepted for one of the same
clusters is no less so. A new id is armed only after a synchronisation: until then there is time.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from handler.commands.reconcile.one_pair import TRIGGER
from handler.errors import Conflict, LedgerUnavailable
from handler.failover.ports import Ports
from handler.failover.results import about
from handler.model.disaster_recovery import Roles
from handler.model.known_document import KnownDocument
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord, PairState, Pause
from handler.model.quoting import quoted
from handler.model.result import Decision, Reason, Result
from handler.model.times import isoformat
from handler.notifications.next_steps import acknowledge_former_command, resume_command


def take_over(
    ports: Ports, pair: Pair, was: KnownDocument | None, document: KnownDocument
) -> KnownDocument:
    """Take over what a pair's name had under its former ids, as far as it is known by now.

    Returns:
        the document without the ids of which nothing is left to be taken over.

    Raises:
        LedgerUnavailable: it cannot be read or stored.
    """
    before = set(was.former_ids) if was else set()
    try:
        # Once: whoever lifts it under the new id has lifted it.
        for id_ in set(document.former_ids) - before:
            _take_pause(ports, pair, id_)
        left = tuple(id_ for id_ in document.former_ids if not _is_settled(ports, pair, id_))
    except Conflict as err:
        raise LedgerUnavailable(f"{pair.name} was changed by someone else") from err
    return replace(document, former_ids=left)


def _take_pause(ports: Ports, pair: Pair, former_id: str) -> None:
    pause = ports.ledger.read(former_id).pair_state.pause
    pair_state = ports.ledger.read(pair.disaster_recovery_id).pair_state
    if pause is None or not pause.holds(ports.clock()) or _is_longer(pair_state.pause, pause):
        return
    told = _paused(pair, former_id, pause)
    _store(ports, replace(pair_state, pause=pause), told, f"paused-like-{former_id}")


def _is_longer(own: Pause | None, other: Pause) -> bool:
    return own is not None and own.ends_at >= other.ends_at


def _is_settled(ports: Ports, pair: Pair, former_id: str) -> bool:
    """Take over what holds; False while nobody knows whether it is about the same clusters.

    Nothing is ordered before the roles are known (gate `roles`), nor armed before the next look.
    """
    former = ports.ledger.read(former_id)
    if not former.holding:
        return True
    pair_state = ports.ledger.read(pair.disaster_recovery_id).pair_state
    if pair_state.roles is None:
        return False
    held = frozenset(_about(former, pair_state.roles)) - pair_state.holding
    if held:
        told = _held(pair, former_id, former, held, pair_state.roles)
        kept = replace(pair_state, holding=pair_state.holding | held)
        _store(ports, kept, told, f"held-like-{former_id}")
    return True


def _about(former: PairRecord, roles: Roles) -> Iterator[str]:
    """The runs that hold, of one of these clusters or nobody knows of which."""
    mine = {roles.production_cluster_id, roles.standby_cluster_id}
    of_run = {run.run_id: run.roles for run in former.held}
    for run_id in former.holding:
        its = of_run.get(run_id)
        if its is None or mine & {its.production_cluster_id, its.standby_cluster_id}:
            yield run_id


def _store(ports: Ports, pair_state: PairState, told: Result, what: str) -> None:
    id_ = str(told.disaster_recovery_id)
    notice_id = f"{id_}/{what}-{ports.clock().isoformat()}"
    ports.outbox.record_and_notify(
        told, notice_id, partial(ports.ledger.save_pair_state, id_, pair_state)
    )


def _paused(pair: Pair, former_id: str, pause: Pause) -> Result:
    why = (
        f"{_anew(pair, former_id)}; the pause until {isoformat(pause.ends_at)} by"
        f" {quoted(pause.requested_by)} holds for it as well: {quoted(pause.reason)}"
    )
    steps = resume_command(pair.name, pause)
    reason = Reason("paused_before", why)
    return about(pair, TRIGGER).result(Decision.RECONCILED, reason, next_steps=steps)


def _held(
    pair: Pair, former_id: str, former: PairRecord, held: frozenset[str], roles: Roles
) -> Result:
    states = {run.run_id: f" ({run.state})" for run in former.held}
    runs = ", ".join(f"{run_id}{states.get(run_id, '')}" for run_id in sorted(held))
    why = (
        f"{_anew(pair, former_id)}; nobody has acknowledged run {runs} of before, which holds the"
        " pair under its new id as well"
    )
    steps = [
        step
        for run_id in sorted(held)
        for step in acknowledge_former_command(pair.name, run_id, roles)
    ]
    reason = Reason("held_before", why)
    return about(pair, TRIGGER).result(
        Decision.RECONCILED, reason, roles=roles, next_steps=tuple(steps)
    )


def _anew(pair: Pair, former_id: str) -> str:
    return (
        f"the document names disaster recovery {pair.disaster_recovery_id} now, {former_id} before"
    )
