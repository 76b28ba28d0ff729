"""Runs one wave after the other on one AWS, and judges each."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from local.aws import EmbeddedAws
from local.aws.deploy import build, package
from local.aws.proxy import Proxy
from local.chaos.drawing import drawn
from local.chaos.facts import Facts, OfPair
from local.chaos.history import History, history
from local.chaos.judging import Wrong, is_held, judge
from local.chaos.plan import Wave
from local.chaos.seen import Witness
from local.chaos.stage import Ground, Stage, staged
from local.chaos.tally import counted
from local.chaos.wave import Play

SIZE: Final = 30  # outages side by side
_AT_ONCE: Final = 128  # invocations: none is to be throttled but where that is a fault
_RETRIED_AFTER_S: Final = 0.2


@dataclass(frozen=True)
class Judged:
    """What became of a wave.

    Attributes:
        wave: as planned.
        wrong: what must not be.
        met: how often each fault was met.
        came_to: how many outages came to what.
        histories: the one that met most, and each that is wrong.
    """

    wave: Wave
    wrong: tuple[Wrong, ...]
    met: Counter[str]
    came_to: Counter[str]
    histories: tuple[History, ...]


@contextmanager
def ground(concurrency: int = _AT_ONCE) -> Iterator[Ground]:
    """Start an AWS with the template built and packaged for any number of stacks."""
    with (
        Proxy() as proxy,
        EmbeddedAws(
            functions_endpoint=proxy.endpoint,
            concurrency=concurrency,
            retry_after_s=_RETRIED_AFTER_S,
        ) as aws,
    ):
        proxy.forward_to(aws.port)
        built = build(aws.folder / "built", aws.environment)
        yield Ground(aws, proxy, built, package(aws, built))


def play(where: Ground, wave: Wave, say: Callable[[str], None]) -> Judged:
    """Play a wave on a stack of its own, and judge it."""
    with staged(where, f"chaos-{wave.seed}", wave.timeout_s) as stage:
        one, witness = Play(stage, wave), Witness(stage)
        one.run(witness.is_settled, say)
        return judged(stage, one, witness.facts(wave, one.ringing.sent))


def waves(seed: int, count: int) -> Iterator[Wave]:
    """So many outages, in waves of consecutive seeds."""
    for number, first in enumerate(range(0, count, SIZE)):
        yield drawn(seed + number, min(SIZE, count - first))


def judged(stage: Stage, one: Play, facts: Facts) -> Judged:
    """Judge what was played by what there is."""
    wrong = judge(facts)
    bad = {each.outage for each in wrong}
    richest = max(
        facts.pairs, key=lambda pair: sum(m.outage == pair.outage.number for m in facts.met)
    )
    drawn_ = [pair for pair in facts.pairs if pair is richest or pair.outage.number in bad]
    return Judged(
        wave=one.wave,
        wrong=tuple(wrong),
        met=counted(facts.met) + _executed(facts),
        came_to=Counter(map(_came_to, facts.pairs)),
        histories=tuple(history(stage, facts, pair, one.began_s) for pair in drawn_),
    )


def _executed(facts: Facts) -> Counter[str]:
    """What is odd about how the provider executes an order is met where it has taken one."""
    return Counter(
        act.fault
        for pair in facts.pairs
        if pair.accepted
        for act in pair.outage.acts
        if act.what == "note"
    )


def _came_to(pair: OfPair) -> str:
    orders = "one order" if pair.accepted == 1 else f"{pair.accepted or 'no'} order"
    held = ", held for a person" if not pair.accepted and is_held(pair) else ""
    return f"expected {pair.outage.expected}: {orders}{held}"
