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
    rows = [(text(one, "run_id"), _run(one)) for one in objects(answer, "runs")]
    rows += [(text(one, "incident_id"), _incident(one)) for one in objects(answer, "incidents")]
    newest = [row for _, row in sorted(rows, key=lambda row: row[0], reverse=True)]
    for line in drawn(_TITLES, newest, out.width) if newest else ():
        out.print(line)
    out.print(plain(text(answer, "reason"), "bold"))


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
    acknowledged = text(run, "acknowledged_by")
    because = text(run, "acknowledged_because")
    said = (
        _caller(run),
        text(run, "ordered_because"),
        f"set aside {gates}" if gates else "",
        f"acknowledged by {acknowledged}: {because}" if acknowledged else "",
        "holds the pair" if run.get("holds_pair") else "",
        f"run {text(run, 'run_id')}",
        text(run, "reason"),
    )
    return [one for one in said if one]


def _incident(incident: Result) -> Row:
    if "unreadable" in incident:
        return _unreadable(incident, "incident")
    ended, by = text(incident, "ended_because"), text(incident, "acknowledged_by")
    what = f"incident, {ended.replace('_', ' ') if ended else 'open'}"
    who = f"acknowledged by {by}: {text(incident, 'acknowledged_because')}" if by else ""
    long = "; ".join(filter(None, (_caller(incident), text(incident, "reason"), who)))
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
        return f"{person} by {text(trigger, 'name')}"
    is_watch = text(trigger, "kind") == "watch"
    return "two witnesses" if is_watch else f"alarm {text(trigger, 'name')}"


def _minute(time: str) -> str:
    return time[:_MINUTES].replace("T", " ")
