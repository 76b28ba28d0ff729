"""A person says how a pair stands: that ends its hold and its incident, and never arms it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from handler.dws.auth import Clock
from handler.dws.client import Dws, Unreadable
from handler.dws.models import DisasterRecovery, Roles
from handler.errors import LedgerUnavailable, ProviderUnavailable
from handler.incident import Ending
from handler.ledger import Ledger
from handler.outcome import Decision, Result, about, acknowledging, of_run
from handler.pair import Pair
from handler.record import Record
from handler.run import Run, RunState
from handler.signals import Command
from handler.situation import Trigger
from handler.standing import Standing
from handler.table import Conflict
from handler.telling import Teller
from handler.times import isoformat

NOT_BEFORE: Final = timedelta(minutes=10)  # after the request: it may show that late
_WITHIN_S: Final = 8.0
_TRIES: Final = 3

Why = tuple[str, str]  # reason code and sentence of a refusal


@dataclass(frozen=True)
class Acknowledging:
    """Takes acknowledgements."""

    ledger: Ledger
    teller: Teller
    connect: Callable[[Pair], Dws]
    clock: Clock

    def acknowledge(self, command: Command, pair: Pair) -> Result:
        """Set the expected roles, end the hold of the last run, and the incident.

        Raises:
            ProviderUnavailable: what the provider shows cannot be read now.
            LedgerUnavailable: nothing was changed.
        """
        for _ in range(_TRIES):
            record = self.ledger.read(pair.disaster_recovery_id)
            if why := _wrong_run(command, record, self.clock()):
                return _refused(command, pair, why, record.run)
            shown = self._shown(command, pair)
            roles = _roles_meant(command, record, shown)
            why = _other_roles(command, roles, shown)
            if roles is None or why:
                return _refused(command, pair, why or _NO_ROLES, record.run)
            try:
                return self._store(command, pair, record, roles)
            except Conflict:
                continue
        raise LedgerUnavailable(f"{pair.name} kept changing: send the command again")

    def _shown(self, command: Command, pair: Pair) -> DisasterRecovery | None:
        dws = self.connect(pair)
        dws.check_credentials()
        try:
            return dws.detail(pair.disaster_recovery_id, _WITHIN_S)
        except Unreadable as err:
            if "roles" in command.override:
                return None
            raise ProviderUnavailable(
                f"which cluster is production cannot be compared with what the provider shows"
                f' ({err}); to go without, add "override": ["roles"]'
            ) from err

    def _store(self, command: Command, pair: Pair, record: Record, roles: Roles) -> Result:
        now, held = self.clock(), record.run if record.run and record.run.holds else None
        standing = _standing(record.standing, roles, held, now)
        incident = record.open_incident
        result = _result(command, pair, standing, held)
        result = replace(result, incident_id=incident.incident_id if incident else None)
        told = self.teller.notice(
            result, f"{pair.disaster_recovery_id}/acknowledged-{standing.revision}"
        )
        self.ledger.acknowledge(
            standing,
            pair.disaster_recovery_id,
            held.acknowledged(now) if held else None,
            incident.ended(Ending.ACKNOWLEDGED, now) if incident else None,
            told,
        )
        return replace(result, notified=self.teller.publish(told))


_NO_ROLES: Final = (
    "roles_unknown",
    "the two clusters of the pair are not known: the provider does not show them",
)


def _wrong_run(command: Command, record: Record, now: datetime) -> Why | None:
    """Why the command does not name the run that is held, if it does not."""
    run = record.run
    held = run if run and run.holds else None
    if command.run_id and (run is None or run.run_id != command.run_id):
        last = f"the last run is {run.run_id}" if run else "the pair has no run"
        return "other_run", f"run_id is {command.run_id}, but {last}"
    if held is None:
        return None
    if command.run_id is None:
        return "run_id_missing", f"run {held.run_id} is held: name it as run_id"
    good_from = held.began_at + NOT_BEFORE
    if now < good_from:
        return "too_early", f"the order may still show: acknowledge from {isoformat(good_from)} on"
    return None


def _roles_meant(command: Command, record: Record, shown: DisasterRecovery | None) -> Roles | None:
    """The pair's two clusters, in the order that the person says."""
    known = [shown.roles if shown else None, record.standing.roles]
    found = next((roles for roles in known if roles), None)
    typed = (command.production_cluster_id or "").lower()
    if found is None or typed not in (found.production_cluster_id, found.standby_cluster_id):
        return None
    return found if typed == found.production_cluster_id else found.exchanged


def _other_roles(
    command: Command, roles: Roles | None, shown: DisasterRecovery | None
) -> Why | None:
    """Why what the provider shows is against it, if it is."""
    if shown and shown.is_switching:
        return "switching", "the provider is switching the pair: wait for its end"
    if roles is None and shown and shown.roles:
        ids = f"{shown.roles.production_cluster_id} or {shown.roles.standby_cluster_id}"
        return "unknown_cluster", f"production_cluster_id must be {ids}"
    if roles is None or shown is None or shown.roles == roles or "roles" in command.override:
        return None
    return "roles", (
        f"the provider shows {shown.primary.id} as production;"
        ' if it is wrong, add "override": ["roles"]'
    )


def _standing(standing: Standing, roles: Roles, held: Run | None, now: datetime) -> Standing:
    """What was or may have been accepted has to be followed by a healthy pair before the next."""
    if held is None and roles == standing.roles:
        return standing
    by = "acknowledged"
    if held and held.state is RunState.SUCCEEDED:
        by = "succeeded"
    elif roles != standing.roles and standing.roles is not None and held is None:
        by = "other"
    return replace(standing, roles=roles, roles_since=now, roles_changed_by=by, armed=False)


def _result(command: Command, pair: Pair, standing: Standing, held: Run | None) -> Result:
    production = standing.roles.production_cluster_id if standing.roles else "?"
    armed = "It is armed" if standing.armed else "It is not armed: acknowledging never arms"
    ended = f", and the hold of run {held.run_id} has ended" if held else ""
    result = Result(
        Decision.ACKNOWLEDGED,
        "armed" if standing.armed else "not_armed",
        f"{production} is production, says {command.requested_by}{ended}. {armed}",
        roles=standing.roles,
        next_steps=(json.dumps({"command": "status", "pair": pair.name}),),
        **about(pair, _trigger(command)),
    )
    return of_run(result, held) if held else result


def _refused(command: Command, pair: Pair, why: Why, run: Run | None) -> Result:
    steps = (json.dumps(acknowledging(run)),) if run and run.holds else ()
    result = Result(Decision.REFUSED, *why, next_steps=steps, **about(pair, _trigger(command)))
    return replace(result, run_id=run.run_id if run else None)


def _trigger(command: Command) -> Trigger:
    return Trigger(
        kind="command",
        name=command.command,
        requested_by=command.requested_by,
        reason=command.reason,
    )
