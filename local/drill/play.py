"""Plays a scenario for one pair, and judges by the provider's own state what became of it."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from handler.model.pair import Pair
from local.aws import EmbeddedAws
from local.aws.processes import Failed
from local.drill.documents import Document
from local.drill.facts import Moment, Played, Span
from local.drill.scenarios import Scenario
from local.drill.stage import Assumed, Stage, staged

_FIRST_LOOK_S: Final = 40.0  # reconcile comes every minute, and not just when production dies
_MINUTE_S: Final = 60.0
_GOES_ON_S: Final = 120.0  # after the end, to see that nothing follows
_BEHIND_S: Final = 600
_WORDS: Final = {
    "exchanged": "one order; the roles are exchanged, and that is proved and told",
    "nothing": "nothing is ordered; a person is told why",
    "failed": "one order; that it failed is told, and the pair is held for a person",
    "either": "the roles are exchanged if the evidence suffices; else nothing is ordered, and told",
}
# An observed pair shows what it would do once it is automatic: else its rehearsal proves nothing.
_OBSERVED: Final = {
    **dict.fromkeys(
        ("exchanged", "failed"),
        "nothing is ordered, as the mode is observe; no other gate refuses: it would have failed"
        " over; a person is told",
    ),
    "either": "nothing is ordered, as the mode is observe; a person is told",
    "nothing": _WORDS["nothing"],
}
_NOT_PLAYED: Final = "it could not be played"
_ENDED: Final = ("succeeded", "failed", "not_started", "closed")


def play(
    aws: EmbeddedAws, document: Document, key: str, scenario: Scenario, assumed: Assumed
) -> Played:
    """Play one scenario for one pair, in simulated time."""
    began = time.monotonic()
    with staged(aws, document, scenario, assumed) as stage:
        sync = _begin(stage, scenario)
        _go_through(stage, scenario, assumed)
        return _judged(stage, key, scenario, sync, time.monotonic() - began)


def played_or_why(
    aws: EmbeddedAws, document: Document, key: str, scenario: Scenario, assumed: Assumed
) -> Played:
    """The same; what cannot be played is not as it must be, and the others' report is not lost.

    Raises:
        Failed: the embedded AWS is gone: nothing else can be played either.
    """
    began = time.monotonic()
    try:
        return play(aws, document, key, scenario, assumed)
    except Failed:
        raise
    except Exception as err:  # noqa: BLE001 - whatever it was: an hour's report must not go with it
        why = str(err) if isinstance(err, RuntimeError) else f"{type(err).__name__}: {err}"
        return _not_played(document.pair, key, scenario, why, time.monotonic() - began)


def _not_played(pair: Pair, key: str, scenario: Scenario, why: str, took_s: float) -> Played:
    return Played(
        pair=pair.name, mode=pair.mode, scenario=key, title=scenario.title, says=scenario.says,
        expects=_expected(pair, scenario), came_to=f"{_NOT_PLAYED}: {why}", is_met=False, orders=0,
        recovery_s=None, proved_s=None, loss_s=None, estimated_loss_s=None, gates=(), moments=(),
        clusters={"A": (), "B": ()}, shown=(), took_s=round(took_s, 1),
    )  # fmt: skip


def _expected(pair: Pair, scenario: Scenario) -> str:
    return (_OBSERVED if pair.mode == "observe" else _WORDS)[scenario.expects]


def _begin(stage: Stage, scenario: Scenario) -> float | None:
    """Second 0; returns how old the standby's data is then."""
    emulator, pair = stage.emulator, stage.pair
    if scenario.is_behind:
        late = timedelta(seconds=stage.document.pair.max_data_loss_s + _BEHIND_S)
        past = emulator.clock.now() - late
        emulator.set_pair(pair.id, last_sync=past, sync_every_s=10.0 * 365 * 86_400)
    emulator.set_cluster(pair.standby_id, **scenario.standby)
    for fault in scenario.faults:
        emulator.add_fault(fault)
    emulator.clear_journal()
    stage.zero = stage.function.now()
    synced = pair.last_sync(emulator.clock.now())
    if not scenario.dies:
        return None
    emulator.break_production(pair.id)
    return None if synced is None else -stage.at_s(synced)


def _go_through(stage: Stage, scenario: Scenario, assumed: Assumed) -> None:
    """Alarms, and reconcile every minute, until it is over or its time is."""
    document = stage.document.pair
    patience_s: float = document.production_down_for_s
    if scenario.expects != "nothing" and document.mode == "automatic":
        patience_s += assumed.switching_s
    over_s = scenario.minutes * _MINUTE_S + patience_s
    alarms, look_s = sorted(scenario.alarms_at), _FIRST_LOOK_S
    ended_s: float | None = None
    while look_s <= over_s and (ended_s is None or look_s <= ended_s + _GOES_ON_S):
        while alarms and alarms[0] <= look_s:
            stage.let_pass_until(alarms.pop(0))
            stage.alarm()
        stage.let_pass_until(look_s)
        stage.reconcile()
        if ended_s is None and _is_over(stage, scenario):
            ended_s = look_s
        look_s += _MINUTE_S


def _is_over(stage: Stage, scenario: Scenario) -> bool:
    """Whether nothing is left to be waited for."""
    if scenario.variants.get("old_production_returns_after_s"):
        return False
    return any(one["decision"] in _ENDED for one in stage.results)


def _judged(
    stage: Stage, key: str, scenario: Scenario, loss_s: float | None, took_s: float
) -> Played:
    document = stage.document.pair
    settled = stage.function.send({"command": "verify", "pair": document.name})[0]
    posts = [one for one in stage.emulator.failover_posts if one.effect]
    exchanged_s = _exchanged_at(stage) if scenario.dies else None
    came_to = _came_to(stage, settled, len(posts), exchanged_s)
    is_told = any(one.kind == "notice" for one in stage.moments)
    assessed = [one for one in stage.results if one["gates"]]
    return Played(
        pair=document.name,
        mode=document.mode,
        scenario=key,
        title=scenario.title,
        says=_says(stage, scenario),
        expects=_expected(document, scenario),
        came_to=came_to,
        is_met=_is_right(stage, scenario, settled, len(posts)) and is_told and len(posts) <= 1,
        orders=len(posts),
        recovery_s=exchanged_s,
        proved_s=_proved_at(stage, settled),
        loss_s=loss_s if exchanged_s is not None else None,
        estimated_loss_s=settled["estimated_data_loss_s"] if posts else None,
        gates=tuple(assessed[-1]["gates"]) if assessed else (),
        moments=tuple(sorted([*stage.moments, *_orders(stage), *_changes(stage)], key=_at)),
        clusters=_clusters(stage),
        shown=_shown(stage),
        took_s=round(took_s, 1),
    )


def _is_right(stage: Stage, scenario: Scenario, settled: dict[str, Any], orders: int) -> bool:
    is_exchanged = scenario.dies and _exchanged_at(stage) is not None
    is_nothing = not orders and settled["decision"] == "no_run"
    if stage.document.pair.mode == "observe":
        is_open = scenario.expects == "either"
        may_fail_over = scenario.expects != "nothing"
        return is_nothing and (is_open or _would_have(stage) == may_fail_over)
    ways = {
        "exchanged": is_exchanged and settled["decision"] == "succeeded",
        "nothing": is_nothing,
        "failed": orders == 1 and settled["decision"] == "failed",
    }
    ways["either"] = ways["exchanged"] or ways["nothing"]
    return ways[scenario.expects]


def _would_have(stage: Stage) -> bool:
    """Whether nothing but the mode has kept it from failing over, at any look."""
    return any(one["gates"] and not _besides_mode(one) for one in stage.results)


def _besides_mode(result: dict[str, Any]) -> list[str]:
    """The gates in the way that stay there once the mode is automatic, each with its reason."""
    return [
        f"{gate['gate']}: {gate['reason']}"
        for gate in result["gates"]
        if gate["verdict"] != "pass" and gate["gate"] != "mode"
    ]


def _says(stage: Stage, scenario: Scenario) -> str:
    if scenario.alarms_at and not stage.document.pair.alarms:
        return f"{scenario.says} The document lists no alarm, so none is heard."
    return scenario.says


def _came_to(stage: Stage, settled: dict[str, Any], orders: int, exchanged_s: float | None) -> str:
    if settled["decision"] != "no_run":
        count = "1 order" if orders == 1 else f"{orders} orders"
        roles = "the roles are exchanged" if exchanged_s is not None else "the roles are as before"
        return f"{count}; {roles}; the run is {settled['decision']}"
    if stage.document.pair.mode == "observe":
        return _observed(stage)
    refused = [one for one in stage.results if one["decision"] in ("refused", "blocked")]
    why = f": {refused[-1]['reason']}" if refused else ""
    return f"nothing was ordered{why}"


def _observed(stage: Stage) -> str:
    if _would_have(stage):
        return "nothing was ordered: it would have failed over, only the mode refuses"
    assessed = [one for one in stage.results if one["gates"]]
    why = "; ".join(_besides_mode(assessed[-1])) if assessed else "nothing was assessed"
    return f"nothing was ordered, nor would it be in mode automatic: {why}"


def _at(moment: Moment) -> float:
    return moment.at_s


def _orders(stage: Stage) -> Iterable[Moment]:
    for post in stage.emulator.failover_posts:
        taken = "taken" if post.effect else "not taken"
        answer = f"answered {post.status}" if post.status else "no answer"
        yield Moment(stage.at_s(post.at), "order", f"order sent: {taken}, {answer}")


def _changes(stage: Stage) -> Iterable[Moment]:
    """What the provider's side went through, from production's death on."""
    last = None
    for at, state in stage.pair.history:
        seen = (state.status, state.is_exchanged, state.first.is_alive)
        if last and stage.at_s(at) >= 0:
            if seen[2] != last[2]:
                word = "answers again" if seen[2] else "dies"
                yield Moment(stage.at_s(at), "provider", f"cluster A {word}")
            if seen[0] != last[0]:
                yield Moment(stage.at_s(at), "provider", f"disaster recovery is {seen[0]}")
            if seen[1] and not last[1]:
                yield Moment(stage.at_s(at), "end", "cluster B is production")
        last = seen


def _exchanged_at(stage: Stage) -> float | None:
    for at, state in stage.pair.history:
        if state.is_exchanged:
            return stage.at_s(at)
    return None


def _proved_at(stage: Stage, settled: dict[str, Any]) -> float | None:
    ended = settled["timings"].get("ended_at")
    if settled["decision"] != "succeeded" or ended is None:
        return None
    return stage.at_s(datetime.fromisoformat(ended))


def _clusters(stage: Stage) -> dict[str, tuple[Span, ...]]:
    def state_of(letter: str, state: Any) -> str:
        cluster = state.first if letter == "A" else state.second
        if not cluster.is_alive:
            return "dead"
        return "production" if cluster.id == state.production.id else "standby"

    return {
        letter: _spans(stage, [(at, state_of(letter, state)) for at, state in stage.pair.history])
        for letter in "AB"
    }


def _shown(stage: Stage) -> tuple[Span, ...]:
    return _spans(stage, [(at, state.status) for at, state in stage.pair.history])


def _spans(stage: Stage, states: list[tuple[datetime, str]]) -> tuple[Span, ...]:
    """The states one after the other, those that are the same as one; from zero on."""
    end_s = stage.at_s(stage.function.now())
    spans: list[Span] = []
    for (at, state), after in zip(states, [*(at for at, _ in states[1:]), None], strict=True):
        from_s = max(stage.at_s(at), 0.0)
        to_s = end_s if after is None else max(stage.at_s(after), 0.0)
        if to_s <= from_s:
            continue
        if spans and spans[-1].state == state:
            spans[-1] = Span(spans[-1].from_s, to_s, state)
        else:
            spans.append(Span(from_s, to_s, state))
    return tuple(spans)
