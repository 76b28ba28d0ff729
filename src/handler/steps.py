"""What a person does next: a sentence that says what a command does, then the command as JSON.

A command that is pasted as it is printed orders and changes nothing: an order lacks its `confirm`,
which makes it a rehearsal, and the placeholders are refused in every command.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from handler.dws.models import Roles
from handler.quoting import quoted
from handler.run import Run, RunState
from handler.standing import Pause
from handler.times import isoformat

GOOD_FOR: Final = timedelta(minutes=30)  # an order, after its `requested_at`
NOT_BEFORE: Final = timedelta(minutes=10)  # an acknowledgement after the request: it may show late
SIGNED: Final = {"reason": "<why>", "requested_by": "<who>"}
UNMUTE: Final = "lift the mute if this is an outage: its release counts as a new alarm"
_OR_ORDER: Final = (
    '; to order once more instead: failover with "override": ["hold"] and this run_id'
)
_TO_SIGN: Final = "replace <why> and <who>"

Steps = tuple[str, ...]


def is_command(step: str) -> bool:
    """Whether a step is a command; the one before it says what it does."""
    return step.startswith("{")


def ordering(pair: str, now: datetime, cost: str, **fields: Any) -> Steps:
    """Order the failover.

    Args:
        pair: its name.
        now: from which the command is good for half an hour.
        cost: what is lost.
        fields: the command's further ones; those that are empty are left out.
    """
    given = {name: value for name, value in fields.items() if value}
    aside = f", setting aside {', '.join(given['override'])}" if "override" in given else ""
    sentence = (
        f"orders the failover now{aside}; {cost}; valid until {clock(now + GOOD_FOR)}."
        f' As it stands it orders nothing: add "confirm": "<the pair\'s name>" and {_TO_SIGN}'
    )
    return _steps(sentence, "failover", pair, **SIGNED, requested_at=isoformat(now), **given)


def verifying(run: Run) -> Steps:
    """Look at a run that is open."""
    sentence = f"looks at once what has become of run {run.run_id}; orders nothing"
    return _steps(sentence, "verify", run.pair, run_id=run.run_id)


def acknowledging(run: Run, now: datetime | None = None, shown: Roles | None = None) -> Steps:
    """End a run's hold.

    Args:
        run: the one that holds.
        now: if it is not when people were last told of the run.
        shown: the roles that the provider shows by now, if they are others than the run made.
    """
    is_exchanged = run.state is RunState.SUCCEEDED or run.exchanged_since is not None
    roles = shown or (run.roles.exchanged if is_exchanged else run.roles)
    good_from = run.began_at + NOT_BEFORE
    # Refused before that: the order may still show. Whoever reads this later need not know.
    is_early = (now or run.told_at or run.began_at) < good_from
    when = f"from {clock(good_from)} on: " if is_early else ""
    sentence = f"{when}ends the hold of run {run.run_id}; {_says(roles)}"
    if run.state is RunState.NOT_STARTED:  # inferred: nothing came of it, as far as reads show
        sentence += _OR_ORDER
    fields = {"run_id": run.run_id, "production_cluster_id": roles.production_cluster_id}
    return _steps(sentence, "acknowledge", run.pair, **fields, **SIGNED)


def acknowledging_roles(pair: str, roles: Roles) -> Steps:
    """Expect the roles that the provider shows."""
    fields = {"production_cluster_id": roles.production_cluster_id}
    return _steps(_says(roles), "acknowledge", pair, **fields, **SIGNED)


def resuming(pair: str, pause: Pause) -> Steps:
    """Lift a pause, of a pair or of `*`."""
    sentence = f"lifts the pause of {pair} that {quoted(pause.requested_by)} has set; {_TO_SIGN}"
    return _steps(sentence, "resume", pair, **SIGNED)


def looking(pair: str) -> Steps:
    """See how the pair stands."""
    return _steps("shows how the pair stands, gate by gate; orders nothing", "status", pair)


def rehearsing(pair: str) -> Steps:
    """See whether there is a reason to order, and with which command."""
    sentence = "asks every gate now, and gives the command where one is needed; orders nothing"
    return _steps(sentence, "rehearse", pair)


def correcting(pair: str) -> Steps:
    """Mend a pair's document."""
    return (f"correct the SSM parameter of pair {pair}",)


def clock(time: datetime) -> str:
    """A time of these hours: `13:24Z`."""
    return f"{time.astimezone(UTC):%H:%M}Z"


def _says(roles: Roles) -> str:
    return (
        f"says that {roles.production_cluster_id} is production and {roles.standby_cluster_id} the"
        f" standby (if not, name the other one), and never arms; {_TO_SIGN}"
    )


def _steps(sentence: str, command: str, pair: str, **fields: Any) -> Steps:
    return (sentence, json.dumps({"command": command, "pair": pair, **fields}))
