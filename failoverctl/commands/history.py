"""What has been: past runs and incidents, the newest first."""

import json
from collections.abc import Mapping
from typing import Annotated, Final

import typer

from failoverctl.answers import Result, objects, span, text
from failoverctl.arguments import AsJson
from failoverctl.deployment import Deployment, on_deployment
from failoverctl.screen import out, plain
from failoverctl.sending import look
from failoverctl.table import Row, drawn
from failoverctl.words import fields, whom
from handler.model.quoting import quoted, word

_TITLES: Final = ("WHEN (UTC)", "PAIR", "WHAT", "RTO", "LOST", "WHO AND WHY")
_MINUTES: Final = 16  # characters of a time as far as its minutes


@on_deployment
def history(
    deployment: Deployment,
    pair: Annotated[
        str | None, typer.Argument(help="A pair's name or id, or a pattern with *; none: all.")
    ] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many of each.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show past runs and incidents.

    The newest first, with who, why, recovery time and loss. Changes nothing.
    """
    answer = look(deployment, {"command": "history", **whom(pair), **fields(limit=limit)})
    if as_json:
        out.print(json.dumps(answer, indent=2))
        return
    newest = rows_of(answer)
    for line in drawn(_TITLES, newest, out.width) if newest else ():
        out.print(line)
    out.print(plain(text(answer, "reason"), "bold"))


def rows_of(answer: Result) -> list[Row]:
    """A row for each run and each incident of an answer, the newest first."""
    rows = [(text(one, "run_id"), _run(one)) for one in objects(answer, "runs")]
    rows += [(text(one, "incident_id"), _incident(one)) for one in objects(answer, "incidents")]
    return [row for _, row in sorted(rows, key=lambda row: row[0], reverse=True)]


def _run(run: Result) -> Row:
    if "unreadable" in run:
        return _unreadable(run, "run")
    timings = run.get("timings")
    at = text(timings, "claimed_at") if isinstance(timings, Mapping) else ""
    state = text(run, "decision")
    lost = span(run.get("estimated_data_loss_s")) if state == "succeeded" else ""
    cells = (_minute(at), text(run, "pair"), f"run {state}", span(run.get("recovery_time_s")), lost)
    style = {"succeeded": "green", "failed": "red", "unknown": "red"}.get(state, "yellow")
    return Row(cells, "; ".join(_story(run)), style)


def _story(run: Result) -> list[str]:
    """Who and why, in what is known of it."""
    overridden = run.get("overridden")
    gates = ", ".join(map(str, overridden)) if isinstance(overridden, list) else ""
    because = text(run, "ordered_because")
    said = (
        _caller(run),
        quoted(because) if because else "",
        f"set aside {gates}" if gates else "",
        _acknowledged(run),
        "holds the pair" if run.get("holds_pair") else "",
        f"run {text(run, 'run_id')}",
        text(run, "reason"),
    )
    return [one for one in said if one]


def _incident(incident: Result) -> Row:
    if "unreadable" in incident:
        return _unreadable(incident, "incident")
    ended = text(incident, "ended_because")
    what = f"incident, {ended.replace('_', ' ') if ended else 'open'}"
    said = (_caller(incident), text(incident, "reason"), _acknowledged(incident))
    long = "; ".join(filter(None, said))
    cells = (_minute(text(incident, "opened_at")), text(incident, "pair"), what, "", "")
    return Row(cells, long, "" if ended else "bold red")


def _unreadable(row: Result, what: str) -> Row:
    cells = ("?", text(row, "disaster_recovery_id"), f"{what} unreadable", "", "")
    return Row(cells, text(row, "unreadable"), "red")


def _caller(row: Result) -> str:
    trigger = row.get("trigger")
    if not isinstance(trigger, Mapping):
        return ""
    person = text(trigger, "requested_by")
    if person:
        return f"{quoted(person)} by {word(text(trigger, 'name'))}"
    is_watch = text(trigger, "kind") == "watch"
    return "two witnesses" if is_watch else f"alarm {quoted(text(trigger, 'name'))}"


def _acknowledged(row: Result) -> str:
    by, because = text(row, "acknowledged_by"), text(row, "acknowledged_because")
    return f"acknowledged by {quoted(by)}: {quoted(because)}" if by else ""


def _minute(time: str) -> str:
    return time[:_MINUTES].replace("T", " ")
