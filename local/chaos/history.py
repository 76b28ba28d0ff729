"""One outage's history as it was: what was done to it, ordered, shown and told, for a timeline."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from local.chaos.facts import Facts, Item, OfPair
from local.chaos.passing import Passing
from local.chaos.stage import Stage
from local.drill.facts import Moment, Span
from local.dws import Pair

_KEPT: Final = timedelta(days=365)  # so long the function keeps what is over


@dataclass(frozen=True)
class History:
    """What `local.drill.timeline` draws, and the list below it."""

    pair: str
    title: str
    came_to: str
    moments: tuple[Moment, ...]
    clusters: dict[str, tuple[Span, ...]]
    shown: tuple[Span, ...]


def history(stage: Stage, facts: Facts, one: OfPair, zero_s: float) -> History:
    """The history of an outage, from a moment on."""
    pair, passing = stage.emulator.find_pair(one.outage.id), stage.passing
    moments = [
        *_alarms(facts, one),
        *_faults(facts, one),
        *_orders(stage, one),
        *_notices(facts, one, passing),
        *_changes(pair, passing),
    ]
    found = [
        Moment(each.at_s - zero_s, each.kind, each.text, each.severity)
        for each in moments
        if each.at_s >= zero_s
    ]
    end_s = max((each.at_s for each in found), default=0.0) + 60
    orders = "1 order" if one.accepted == 1 else f"{one.accepted} orders"
    states = ", ".join(run["state"] for run in one.runs) or "none"
    return History(
        pair=one.outage.name,
        title=f"{one.outage.kind}: {', '.join(one.outage.faults) or 'no fault'}",
        came_to=f"expected: {one.outage.expected}; accepted: {orders}; its runs: {states}",
        moments=tuple(sorted(found, key=lambda each: each.at_s)),
        clusters={letter: _spans(_states(pair, letter), passing, zero_s, end_s) for letter in "AB"},
        shown=_spans([(at, state.status) for at, state in pair.history], passing, zero_s, end_s),
    )


def _alarms(facts: Facts, one: OfPair) -> Iterator[Moment]:
    for sent in facts.sent:
        if sent.outage == one.outage.number:
            age = f", {sent.age_s:.0f} s old" if sent.age_s else ""
            yield Moment(
                sent.at_s + sent.age_s, "alarm", f"{sent.state} of …{sent.part[-24:]}{age}"
            )


def _faults(facts: Facts, one: OfPair) -> Iterator[Moment]:
    for met in facts.met:
        if met.outage == one.outage.number and not met.fault.startswith("alarm"):
            yield Moment(met.at_s, "fault", met.fault)


def _orders(stage: Stage, one: OfPair) -> Iterator[Moment]:
    for post in stage.emulator.failover_posts:
        if one.outage.id in post.path:
            taken = "taken" if post.effect else "not taken"
            answer = f"answered {post.status}" if post.status else "no answer"
            yield Moment(stage.passing.then_s(post.at), "order", f"order: {taken}, {answer}")


def _notices(facts: Facts, one: OfPair, passing: Passing) -> Iterator[Moment]:
    for notice in facts.notices:
        if notice["disaster_recovery_id"] == one.outage.id and "published_at" in notice:
            said: dict[str, Any] = json.loads(notice["body"])
            severity = str(notice["attributes"]["severity"])
            text = f"{said['decision']} ({said['reason_code']})"
            yield Moment(passing.then_s(_published(notice)), "notice", text, severity)


def _published(notice: Item) -> datetime:
    """When SNS had taken it: what of it does not grow older is when it may go."""
    return datetime.fromtimestamp(int(notice["expires_at"]), UTC) - _KEPT


def _changes(pair: Pair, passing: Passing) -> Iterator[Moment]:
    for (_, before), (at, state) in zip(pair.history, pair.history[1:], strict=False):
        at_s = passing.at_s(at)
        for letter, was, is_ in (
            ("A", before.first, state.first),
            ("B", before.second, state.second),
        ):
            if was.status != is_.status:
                yield Moment(at_s, "provider", f"cluster {letter} is {is_.status}")
        if before.status != state.status:
            yield Moment(at_s, "provider", f"disaster recovery is {state.status}")
        if before.is_exchanged != state.is_exchanged:
            yield Moment(at_s, "end", f"cluster {'B' if state.is_exchanged else 'A'} is production")


def _states(pair: Pair, letter: str) -> list[tuple[datetime, str]]:
    def of(state: Any) -> str:
        cluster = state.first if letter == "A" else state.second
        if not cluster.is_alive:
            return "dead"
        return "production" if cluster.id == state.production.id else "standby"

    return [(at, of(state)) for at, state in pair.history]


def _spans(
    states: list[tuple[datetime, str]], passing: Passing, zero_s: float, end_s: float
) -> tuple[Span, ...]:
    """The states one after the other, those that are the same as one; from zero on."""
    starts = [(max(passing.at_s(at) - zero_s, 0.0), state) for at, state in states]
    ends = [at_s for at_s, _ in starts[1:]] + [end_s]
    spans: list[Span] = []
    for (from_s, state), to_s in zip(starts, ends, strict=True):
        if spans and spans[-1].state == state:
            spans[-1] = Span(spans[-1].from_s, to_s, state)
        elif to_s > from_s:
            spans.append(Span(from_s, to_s, state))
    return tuple(spans)
