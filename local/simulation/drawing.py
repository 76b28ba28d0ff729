"""Plans, drawn by hypothesis, so that one of a failing history shrinks."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from local.simulation.choices import (
    DAMAGED,
    DOCUMENTS,
    NEIGHBOURS,
    PEOPLE,
    PLAIN,
    TROUBLES,
    VARIANTS,
)
from local.simulation.ending import ending, listed_again, over_when_due
from local.simulation.faults import Fault, Garbage, Window
from local.simulation.happenings import (
    ALARMED_S,
    ALARMS,
    NO_EVENTS,
    SEEDS,
    alarm_signals,
    faults,
    garbage,
    groups,
    signals,
    windows,
)
from local.simulation.insisting import correcting, insisting
from local.simulation.last_moments import held_back, seen_late
from local.simulation.looks import blinking, overtaken
from local.simulation.misleading import garbled, lagging, mistaken, passed_on
from local.simulation.plan import MINUTE, TROUBLE_AT_S, Plan, Signal
from local.simulation.provider import GARBAGE
from local.simulation.relapses import relapses, returns
from local.simulation.rereading import rereading, unknown_secret
from local.simulation.unsaid import braked, cut_short, too_late, unready, unsaid, unstored


def plans() -> st.SearchStrategy[Plan]:
    """All histories worth looking at."""
    return st.sampled_from(_KINDS).flatmap(lambda kind: kind())


def _ordinary() -> st.SearchStrategy[Plan]:
    return st.builds(
        Plan,
        seed=SEEDS,
        variants=st.sampled_from(VARIANTS),
        trouble=st.sampled_from(TROUBLES[:1] * 7 + TROUBLES),
        has_probe=st.booleans(),
        mode=st.sampled_from(("automatic",) * 7 + ("observe",)),
        max_data_loss_s=st.sampled_from((300, 90, 3600)),
        down_for_s=st.sampled_from((120, 0, 300)),
        signals=st.lists(signals(), min_size=1, max_size=5).map(tuple),
        faults=st.lists(faults(), max_size=4).map(tuple),
        windows=st.lists(windows(), max_size=2).map(tuple),
        garbage=st.lists(garbage(), max_size=1).map(tuple),
        missed_reconciles=st.frozensets(st.integers(6, 40), max_size=3),
        recovers=st.sampled_from((False, False, False, True)),
        repeats=st.sampled_from((False, False, False, True)),
    )


def _of_alarms() -> st.SearchStrategy[Plan]:
    """Alarms and little else: at once, again, out of order, muted, while documents are bad."""
    return st.builds(
        Plan,
        seed=SEEDS,
        variants=st.sampled_from(VARIANTS[:1] * 3 + VARIANTS),
        trouble=st.sampled_from(("nothing", "production dies", "production dies for a moment")),
        has_probe=st.booleans(),
        mode=st.sampled_from(("automatic", "automatic", "observe")),
        signals=st.lists(groups(), min_size=2, max_size=6).map(lambda all_: sum(all_, ())),
        faults=st.lists(faults(), max_size=2).map(tuple),
        repeats=st.sampled_from((False, False, False, True)),
    )


def _crossing() -> st.SearchStrategy[Plan]:
    """One alarm ends in the very moment in which another begins, or ends, and again.

    The other has another name, or the same one in another region.
    """

    def built(seed: int, mode: str, trouble: str, other: Signal, turns: Any) -> Plan:
        def one(at_s: int, what: str, by: Signal) -> Signal:
            return replace(by, at_s=at_s, what=what)

        mine = Signal(ALARMED_S, "ALARM", "a")
        crossed, at_s = [mine], ALARMED_S
        for wait_s, how in turns:
            at_s += wait_s
            if how == "exchange":  # one goes, the other comes; then the other way round
                crossed += [one(at_s, "OK", mine), one(at_s, "ALARM", other)]
                at_s += wait_s
                crossed += [one(at_s, "OK", other), one(at_s, "ALARM", mine)]
                continue
            crossed += [one(at_s - wait_s // 2, "ALARM", other), one(at_s, "OK", other)]
            # Both go, or one stays; for long enough to be noticed, if it is held by nothing.
            crossed += [one(at_s, "OK", mine)] if how == "both go" else []
            at_s += 4 * MINUTE
            crossed += [one(at_s, "ALARM", mine)] if how == "both go" else []
        return Plan(seed, trouble=trouble, mode=mode, signals=tuple(crossed))

    how = st.sampled_from(("exchange", "exchange", "both go", "one stays"))
    turn = st.tuples(st.integers(40, 70), how)
    others = (Signal(0, "ALARM", "b"), Signal(0, "ALARM", "a", is_elsewhere=True))
    return st.builds(
        built,
        SEEDS,
        st.sampled_from(("observe", "automatic")),
        st.sampled_from(("nothing", "production dies")),
        st.sampled_from(others),
        st.lists(turn, min_size=2, max_size=5),
    )


def _beside() -> st.SearchStrategy[Plan]:
    """Alarms come while a person's order is on its way, which the provider then rejects."""
    return st.builds(
        lambda seed, at_s, after_s, more, what: Plan(
            seed,
            max_data_loss_s=3600,
            signals=(
                Signal(at_s, "fail over, overriding"),
                *(Signal(at_s + one, "ALARM", "b") for one in after_s),
                *more,
            ),
            faults=(Fault("provider failover", 1, what),),
        ),
        SEEDS,
        st.integers(1, 10 * MINUTE),
        st.lists(st.integers(0, 7), min_size=1, max_size=2),
        st.lists(alarm_signals(), max_size=1),
        st.sampled_from(("late answer 429", "late answer 429", "slow", "fail", "hang")),
    )


def _waning() -> st.SearchStrategy[Plan]:
    """A watch that an alarm has joined has lost its second witness; then the alarm ends as well.

    In the very minute in which production has been down for long enough, while that is read: first
    to learn from it, then for the order, which is slow itself, or is not.
    """

    def built(
        seed: int, down_for_s: int, minute: int, times: tuple[int, int], what: str, more: Any
    ) -> Plan:
        beside_s, over_s = times
        due_s = down_for_s + minute * MINUTE
        at_s, read_s = due_s + beside_s, TROUBLE_AT_S + due_s
        return Plan(
            seed,
            max_data_loss_s=3600,
            down_for_s=down_for_s,
            signals=(
                Signal(75, "the second witness falls silent"),
                Signal(90, "ALARM", "a"),
                Signal(at_s, what, "a"),
                *more,
            ),
            windows=(Window("provider", read_s - 1, read_s + over_s, "slow"),),
        )

    return st.builds(
        built,
        SEEDS,
        st.sampled_from((120, 180, 300)),
        st.sampled_from((1, 1, 1, 0, 2)),
        st.tuples(st.integers(0, 14), st.integers(8, 15)),
        st.sampled_from(("OK", "ALARM, muted")),
        st.lists(alarm_signals(), max_size=1),
    )


def _series() -> st.SearchStrategy[Plan]:
    """An order that comes to nothing, or so it seems; what people and the incident do then."""
    first = st.sampled_from(("lost on the way", "lose the answer", "odd after", "answer 307"))
    later = st.sampled_from(
        ("answer 429", "lost on the way", "lose the answer", "fail", "kill after")
    )
    alarms = st.lists(
        st.builds(Signal, st.integers(0, 24 * MINUTE), st.just("ALARM"), ALARMS), max_size=2
    )
    when = st.integers(4 * MINUTE, 34 * MINUTE)
    person = st.builds(Signal, when, st.sampled_from(PEOPLE))
    document = st.builds(Signal, when, st.just("document"), st.sampled_from(DOCUMENTS))
    late = st.one_of(person, person, document)
    overriding = st.builds(
        Signal, st.integers(17 * MINUTE, 32 * MINUTE), st.just("fail over, overriding")
    )

    def built(seed: int, variants: Any, kinds: Any, more: Any, **fields: Any) -> Plan:
        faults = tuple(Fault("provider failover", n, kind) for n, kind in enumerate(kinds, 1))
        signals = (Signal(10, "ALARM", "a"), *(one for some in more for one in some))
        return Plan(seed, variants, signals=signals, faults=faults, **fields)

    slow = (
        {"order_delay_s": 1200},
        {"order_delay_s": 4200},
        {"order_delay_s": 1200, "shows_switching": False},
        {"second_order": "accepted", "order_delay_s": 4200},
    )
    return st.builds(
        built,
        SEEDS,
        st.sampled_from(({}, *slow, *slow)),
        st.tuples(first, later, later),
        st.tuples(alarms, st.lists(overriding, min_size=1, max_size=2), st.lists(late, max_size=2)),
        has_probe=st.booleans(),
        max_data_loss_s=st.just(3600),
        down_for_s=st.sampled_from((0, 120)),
        garbage=st.sampled_from((NO_EVENTS, NO_EVENTS, ())),
        repeats=st.sampled_from((False, False, False, True)),
        forgets=st.booleans(),
    )


def _races() -> st.SearchStrategy[Plan]:
    """An order is executed late in the very moment in which a person orders anew.

    The order leaves as soon as its alarm comes, and is executed just before one of reconcile's
    looks, while the person's evidence, read a moment before, is still on its way.
    """

    def built(seed: int, minute: int, before_s: int, executed_s: float, first: str) -> Plan:
        look_s = minute * MINUTE
        return Plan(
            seed,
            {"order_delay_s": look_s - ALARMED_S - executed_s, "switching_s": 40},
            max_data_loss_s=3600,
            down_for_s=0,
            signals=(
                Signal(ALARMED_S, "ALARM", "a"),
                Signal(14 * MINUTE, "ALARM", "b"),
                Signal(look_s - before_s, "fail over, overriding"),
            ),
            faults=(Fault("provider failover", 1, first),),
            garbage=NO_EVENTS,
            windows=(
                Window(
                    "provider",
                    TROUBLE_AT_S + look_s - before_s,
                    TROUBLE_AT_S + look_s,
                    "slow answer",
                ),
            ),
        )

    return st.builds(
        built,
        SEEDS,
        st.integers(18, 24),
        st.integers(1, 6),
        st.floats(1, 7),
        st.sampled_from(("lose the answer", "odd after", "answer 307")),
    )


def _forgetful() -> st.SearchStrategy[Plan]:
    """Nobody acknowledges before the next outage."""
    return st.builds(
        Plan,
        seed=SEEDS,
        variants=st.sampled_from(VARIANTS),
        has_probe=st.booleans(),
        signals=st.lists(signals(), min_size=1, max_size=2).map(tuple),
        faults=st.lists(faults(), max_size=2).map(tuple),
        forgets=st.just(value=True),
    )


def _neighbours() -> st.SearchStrategy[Plan]:
    """One pair has its own trouble, and its neighbour must not mind."""
    garbage = st.builds(
        Garbage, st.sampled_from(("detail", "list", "cluster")), st.sampled_from((*GARBAGE,)),
        st.just(0), st.just(3600),
    )  # fmt: skip
    return st.builds(
        Plan,
        seed=SEEDS,
        trouble=st.sampled_from(("nothing", "production dies")),
        neighbour=st.one_of(
            st.sampled_from(NEIGHBOURS), st.sampled_from(DAMAGED).map("item {}".format)
        ),
        garbage=st.lists(garbage, min_size=1, max_size=2).map(tuple),
        signals=st.lists(signals(), max_size=2).map(tuple),
    )


def _crowds() -> st.SearchStrategy[Plan]:
    """A region's outage: many pairs in the same moment."""
    return st.builds(
        Plan, seed=SEEDS, crowd=st.integers(10, 20), signals=st.just((Signal(5, "ALARM", "a"),))
    )


def _waiting() -> st.SearchStrategy[Plan]:
    """Alarms in any moment of the minute, or none, and little that is in the way."""
    parts_s = st.sampled_from((0.0, 0.3, 0.6, 0.7, 0.8, 0.9))  # of the second
    at = st.builds(float.__add__, st.integers(0, 2 * MINUTE).map(float), parts_s)
    return st.builds(
        Plan,
        seed=SEEDS,
        variants=st.sampled_from(PLAIN),
        has_probe=st.booleans(),
        max_data_loss_s=st.just(3600),
        down_for_s=st.sampled_from((120, 120, 30, 300)),
        signals=st.lists(st.builds(Signal, at, st.just("ALARM"), ALARMS), max_size=3).map(tuple),
        faults=st.lists(faults(), max_size=1).map(tuple),
        repeats=st.booleans(),
    )


_KINDS = (
    *(_ordinary,) * 22, *(_of_alarms,) * 12, *(_series,) * 12, *(_races,) * 3, *(_beside,) * 3,
    *(_forgetful,) * 3, *(relapses,) * 3, *(_neighbours,) * 5, *(_waning,) * 3, *(_crossing,) * 3,
    *(_waiting,) * 6, *(insisting,) * 2, *(ending,) * 2, *(listed_again,) * 2,
    *(unsaid,) * 2, *(cut_short,) * 3, *(unready,) * 2, *(braked,) * 2, *(too_late,) * 2,
    *(unstored,) * 2, *(rereading,) * 2, *(unknown_secret,) * 2, *(lagging,) * 2, *(mistaken,) * 3,
    *(passed_on,) * 2, *(returns,) * 3, *(garbled,) * 3, *(overtaken,) * 3, *(blinking,) * 2,
    *(over_when_due,) * 2, *(seen_late,) * 2, *(held_back,) * 2, *(correcting,) * 3, _crowds,
)  # fmt: skip
