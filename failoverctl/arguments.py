"""The arguments that several commands have, with the names that notices print."""

from typing import Annotated, Final

import typer

from failoverctl.screen import printable
from failoverctl.until import A_TIME, says_moment

# The `override` of command.json; of an acknowledgement `roles`, too. A wrong one sends nothing.
OVERRIDABLE: Final = (
    "roles", "hold", "rate_limit", "armed", "pair_state", "site", "version", "edition",
    "production_down", "standby_ready", "rpo",
)  # fmt: skip


def _gates(typed: list[str] | None) -> list[str] | None:
    for gate in typed or ():
        if gate not in OVERRIDABLE:
            found = printable(gate) or "nothing"
            raise typer.BadParameter(f"found {found}, allowed: {', '.join(OVERRIDABLE)}")
    return typed


def moment(typed: str | None) -> str | None:
    """A time with its zone, as typed.

    Raises:
        BadParameter: it is none.
    """
    if typed and not says_moment(typed):
        raise typer.BadParameter(f"found {printable(typed)}, allowed: {A_TIME}")
    return typed


PairName = Annotated[str, typer.Argument(help="The pair's name or disaster-recovery id.")]
PairOrAll = Annotated[str, typer.Argument(help="The pair's name or id, or '*' for all.")]
Override = Annotated[
    list[str] | None,
    typer.Option(
        "--override",
        help="A gate that you set aside; may be repeated.",
        metavar="GATE",
        callback=_gates,
    ),
]
RunId = Annotated[str | None, typer.Option("--run-id", help="The run that is meant.")]
RequestId = Annotated[
    str | None, typer.Option("--request-id", help="The request whose run is meant.")
]
OutageBeganAt = Annotated[
    str | None,
    typer.Option(
        "--outage-began-at",
        help="When it began (ISO 8601), to estimate the loss.",
        callback=moment,
    ),
]
Evidence = Annotated[
    str | None, typer.Option("--evidence", help="The hash of what you have seen, from a notice.")
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why; else it is asked for.")]
RequestedBy = Annotated[
    str | None, typer.Option("--requested-by", help="Who asks; else whom AWS takes you for.")
]
AsJson = Annotated[bool, typer.Option("--json", help="The answer as JSON.")]
Every = Annotated[int, typer.Option(min=1, help="Seconds between two looks.")]
