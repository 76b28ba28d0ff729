"""A person says how a pair stands: that ends its hold, and never arms it."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from handler.commands.word import Word
from handler.dws.client import Dws, Unreadable
from handler.errors import Conflict, InvalidSettings, LedgerUnavailable, ProviderUnavailable
from handler.failover.gather import item_of
from handler.failover.ports import Ports
from handler.failover.results import about, of_run
from handler.model.disaster_recovery import DisasterRecovery, Roles
from handler.model.pair import Pair
from handler.model.pair_state import PairRecord, PairState
from handler.model.quoting import quoted
from handler.model.result import Decision, Reason, Result, Steps
from handler.model.run import Run
from handler.model.signals import Command
from handler.model.times import isoformat
from handler.notifications.next_steps import (
    NOT_BEFORE,
    pause_command,
    rehearse_command,
    status_command,
    steps_of,
)

# How the clusters are is not looked at here: what may be wiped for it is status's to say.
_ARM: Final = (
    "it is armed once disaster recovery is seen running and the standby has synchronised; status"
    " says what is to be done for that, and what not"
)
_INSISTING: Final = 'add --override roles (in JSON: "override": ["roles"])'
_WITHIN_S: Final = 8.0
_TRIES: Final = 3


def acknowledge(ports: Ports, command: Command, pair: Pair) -> Result:
    """Set the expected roles, and end the hold of the run that is named.

    The incident ends with it where the word settles what that is about.

    Raises:
        ProviderUnavailable: what the provider shows cannot be read now.
        LedgerUnavailable: nothing was changed.
    """
    for _ in range(_TRIES):
        record = ports.ledger.read(pair.disaster_recovery_id)
        if why := _wrong_run(command, record, ports.clock()):
            return _refused(command, pair, why, record, ports.clock())
        shown = _shown(ports, command, pair)
        roles = _roles_meant(command, record, shown)
        why = _under_an_order(command, record, roles) or _other_roles(command, roles, shown)
        if roles is None or why:
            return _refused(command, pair, why or _NO_ROLES, record, ports.clock())
        try:
            word = Word(roles, _held(command, record), record, shown, ports.clock())
            return _store(ports, command, pair, word)
        except Conflict:
            continue
    raise LedgerUnavailable(f"{pair.name} kept changing: send the command again")


def _shown(ports: Ports, command: Command, pair: Pair) -> DisasterRecovery | None:
    """What the provider shows; a person who insists on the roles may go without it.

    That must work with credentials that no longer do: else nobody could ever end the hold.
    """
    is_insisting = "roles" in command.override
    try:
        dws = ports.connect(pair)
        dws.check_credentials()
        detail = dws.detail(pair.disaster_recovery_id, _WITHIN_S)
        return _either(dws, pair.disaster_recovery_id, detail)
    except (InvalidSettings, LedgerUnavailable):
        if is_insisting:
            return None
        raise
    except Unreadable as err:
        if is_insisting:
            return None
        raise ProviderUnavailable(
            f"which cluster is production cannot be compared with what the provider shows"
            f" ({err}); to go without, {_INSISTING}"
        ) from err


def _either(dws: Dws, id_: str, detail: DisasterRecovery) -> DisasterRecovery:
    """The detail, unless the list shows that the pair is being switched: one may lag."""
    try:
        item = item_of(dws.listed(_WITHIN_S, id_), id_)
    except Unreadable:
        return detail
    return item if item.is_switching else detail


def _store(ports: Ports, command: Command, pair: Pair, word: Word) -> Result:
    record, held, id_ = word.record, word.held, pair.disaster_recovery_id
    by, because = command.requested_by, command.reason
    pair_state, ended = word.pair_state(), word.ended(by, because)
    done = held.acknowledged(word.now, by, because) if isinstance(held, Run) else held
    observations = word.observations()
    said = [*word.doubts(pair_state, done), *word.of_outage(pair, ended)]
    result = _result(command, pair, pair_state, word, said)
    return ports.outbox.record_and_notify(
        result,
        f"{id_}/acknowledged-{word.now.isoformat()}",
        lambda told: ports.ledger.acknowledge(
            pair_state,
            id_,
            done,
            ended,
            told,
            observations if observations != record.observations else None,
        ),
    )


_NO_ROLES: Final = Reason(
    "roles_unknown",
    "the two clusters of the pair are not known: the provider does not show them",
)


def _held(command: Command, record: PairRecord) -> Run | str | None:
    """The run whose hold is to end; only its id, where the run itself is gone from the table."""
    run_id = command.run_id
    if run_id is None or run_id not in record.holding:
        return None
    return next((run for run in record.held if run.run_id == run_id), run_id)


def _wrong_run(command: Command, record: PairRecord, now: datetime) -> Reason | None:
    """Why the command does not name a run that is held, if it does not."""
    holding, run = sorted(record.holding), record.run
    if not holding:
        is_last = run is not None and command.run_id in (None, run.run_id)
        if is_last or command.run_id is None:
            return None
        last = f"the last run is {run.run_id}" if run else "the pair has no run"
        return Reason("other_run", f"run_id is {command.run_id}, but {last}, and nothing is held")
    named = f"held are: {', '.join(holding)}" if len(holding) > 1 else f"run {holding[0]} is held"
    if command.run_id is None:
        return Reason("run_id_missing", f"{named}: name one as run_id")
    if command.run_id not in holding:
        return Reason("other_run", f"run_id is {command.run_id}, but {named}")
    held = _held(command, record)
    good_from = held.began_at + NOT_BEFORE if isinstance(held, Run) else now
    if now < good_from:
        return Reason(
            "too_early", f"the order may still show: acknowledge from {isoformat(good_from)} on"
        )
    return None


def _roles_meant(
    command: Command, record: PairRecord, shown: DisasterRecovery | None
) -> Roles | None:
    """The pair's two clusters, in the order that the person says."""
    known = [shown.roles if shown else None, record.pair_state.roles]
    found = next((roles for roles in known if roles), None)
    typed = (command.production_cluster_id or "").lower()
    if found is None or typed not in (found.production_cluster_id, found.standby_cluster_id):
        return None
    return found if typed == found.production_cluster_id else found.exchanged


def _under_an_order(command: Command, record: PairRecord, roles: Roles | None) -> Reason | None:
    """A run is settled by the roles it was claimed for: under it they do not change.

    What it does later would be told as somebody else's doing.
    """
    run = record.in_flight
    if run is None or run.run_id == command.run_id or roles in (None, record.pair_state.roles):
        return None
    return Reason(
        "run_in_flight",
        f"run {run.run_id} is on its way, ordered for the present roles: wait until it is settled",
    )


def _other_roles(
    command: Command, roles: Roles | None, shown: DisasterRecovery | None
) -> Reason | None:
    """Why what the provider shows is against it, if it is."""
    if shown and shown.is_switching:
        return Reason("switching", "the provider is switching the pair: wait for its end")
    if roles is None and shown and shown.roles:
        ids = f"{shown.roles.production_cluster_id} or {shown.roles.standby_cluster_id}"
        return Reason("unknown_cluster", f"production_cluster_id must be {ids}")
    if roles is None or shown is None or shown.roles == roles or "roles" in command.override:
        return None
    return Reason(
        "roles",
        f"the provider shows {shown.primary.id} as production; if it is wrong, {_INSISTING}",
    )


def _result(
    command: Command, pair: Pair, pair_state: PairState, word: Word, said: list[Reason]
) -> Result:
    production = pair_state.roles.production_cluster_id if pair_state.roles else "?"
    code = said[0].code if said else "armed" if pair_state.armed else "not_armed"
    but = "".join(f". But {one.sentence}" for one in said)
    armed = "It is armed" if pair_state.armed else "It is not armed: acknowledging never arms"
    by = f"{quoted(command.requested_by)} ({quoted(command.reason)})"
    left = [run for run in word.record.held if run.run_id != command.run_id]
    ended = f", and the hold of run {command.run_id} has ended" if word.held else ""
    still = f". Still held by {', '.join(run.run_id for run in left)}" if left else ""
    incident, since = word.record.open_incident, word.down_since
    result = about(pair, command.trigger, incident).result(
        Decision.ACKNOWLEDGED,
        Reason(code, f"{production} is production, says {by}{ended}{still}{but}. {armed}"),
        roles=pair_state.roles,
        next_steps=_next_steps(pair, pair_state, word, said, left),
    )
    result = of_run(result, word.held) if isinstance(word.held, Run) else result
    down = {"down_since": isoformat(since)} if since else {}
    return replace(result, timings={**result.timings, **down})


def _next_steps(
    pair: Pair, pair_state: PairState, word: Word, said: list[Reason], left: list[Run]
) -> Steps:
    """What is most urgent first: what is held still, then the outage, if one is there."""
    codes = {one.code for one in said}
    steps = [step for run in left for step in steps_of(run)]
    if "incident_goes_on" in codes and pair.mode == "automatic":
        steps += pause_command(pair.name, word.now)
    if {"still_down", "incident_ended"} & codes:
        steps += rehearse_command(pair.name)
    return (*steps, *(() if pair_state.armed else (_ARM,)), *status_command(pair.name))


def _refused(
    command: Command, pair: Pair, why: Reason, record: PairRecord, now: datetime
) -> Result:
    """A refusal, with the command for each of the runs that are held."""
    steps = tuple(step for run in record.held for step in steps_of(run, now))
    result = about(pair, command.trigger).result(Decision.REFUSED, why, next_steps=steps)
    return replace(result, run_id=record.held[0].run_id if record.held else None)
