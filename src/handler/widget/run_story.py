"""A pair's last run: what became of it, how long it took, what it lost, and its stages. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from handler.model.incident import WATCH
from handler.model.quoting import quoted
from handler.model.run import Run, RunState
from handler.model.times import clock, isoformat
from handler.widget.drawing import STAGES, stages_bar
from handler.widget.markup import Html, Part, join, tag
from handler.widget.spans import span

_WORDS = {
    RunState.SUBMITTING: "being ordered",
    RunState.SUBMITTED: "under way",
    RunState.UNKNOWN: "outcome unknown",
    RunState.PROVIDER_REJECTED: "rejected by the provider",
    RunState.NOT_STARTED: "not started",
    RunState.SUCCEEDED: "failed over",
    RunState.FAILED: "the failover failed",
    RunState.CLOSED: "closed by a person",
}


def story_of(run: Run, now: datetime) -> Html:
    """One run in a few words, and its stages as a drawing and in words; one under way until now."""
    head = tag("b", _WORDS[run.state])
    when = f" {isoformat(run.began_at)}, begun by {_who(run)}"
    stages = [*_stages(run), *([("so far", now)] if run.is_in_flight else [])]
    if len(stages) < 2:  # noqa: PLR2004 - a drawing needs two ends
        return join(head, when, _figures(run))
    drawing = stages_bar([at for _, at in stages])
    return join(head, when, _figures(run), drawing, _in_words(stages))


def _who(run: Run) -> str:
    if run.trigger.get("kind") == WATCH:
        return "two witnesses"
    called = run.trigger.get("requested_by") or run.trigger.get("name")
    return quoted(str(called), 80) if called else "an alarm"


def _figures(run: Run) -> Part:
    took = run.recovery_time_s
    # What was not proved to be switched has lost nothing that is known.
    lost = run.estimated_data_loss_s if run.state is RunState.SUCCEEDED else None
    said = [
        *([f"recovered in {span(timedelta(seconds=took))}"] if took is not None else []),
        *([f"about {span(timedelta(seconds=lost))} of data lost"] if lost is not None else []),
    ]
    return tag("div", " · ".join(said), class_="dwsf-figures") if said else ""


def _stages(run: Run) -> Iterator[tuple[str, datetime]]:
    """The points in time that are known, in their order; clocks may differ a little."""
    known = (
        ("outage", run.outage_began_at),
        ("alarm", run.alarmed_at),
        ("order", run.began_at),
        ("switching", run.switching_at),
        ("roles exchanged", run.exchanged_since),
        ("settled", run.ended_at),
        ("acknowledged", run.acknowledged_at if not run.ended_at else None),
    )
    found = [(name, at) for name, at in known if at]
    yield from sorted(found, key=lambda one: one[1])


def _in_words(stages: list[tuple[str, datetime]]) -> Html:
    (first, began), *rest = stages
    steps: list[Part] = [tag("span", f"{first} {clock(began)}")]
    before = began
    for place, (name, at) in enumerate(rest):
        dot = tag("span", class_=f"dwsf-dot dwsf-dot{place % STAGES}", aria_hidden="true")
        steps.append(tag("span", dot, f"+{span(at - before)} {name}"))
        before = at
    return tag("div", *steps, class_="dwsf-steps")
