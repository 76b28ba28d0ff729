"""Plans in which what an order rests on is old when it could leave: all is read once more."""

from hypothesis import strategies as st

from local.simulation.faults import Window
from local.simulation.happenings import SEEDS
from local.simulation.plan import MINUTE, TROUBLE_AT_S, Plan, Signal

_REASONS = (
    ("production dies", "ALARM"),
    ("production dies", "ALARM"),
    ("production dies", "fail over"),
    ("nothing", "fail over, overriding"),
)


def rereading() -> st.SearchStrategy[Plan]:
    """Reading is slow, and so is the order, in the moment in which somebody first asks."""

    def built(seed: int, why: tuple[str, str], at_s: int, slow_s: int, how: str) -> Plan:
        trouble, what = why
        from_s = TROUBLE_AT_S + at_s
        return Plan(
            seed,
            trouble=trouble,
            max_data_loss_s=3600,
            down_for_s=0,
            signals=(Signal(at_s, what, "a" if what == "ALARM" else ""),),
            windows=(Window("provider", from_s, from_s + slow_s, how),),
        )

    return st.builds(
        built,
        SEEDS,
        st.sampled_from(_REASONS),
        st.integers(1, 50),
        st.integers(7, 30),
        st.sampled_from(("slow", "slow", "very slow")),
    )


def unknown_secret() -> st.SearchStrategy[Plan]:
    """An alarm finds the environment at work in a slow reconcile: its own knows no secret yet."""

    def built(seed: int, after_s: float, slow_s: int, how: str) -> Plan:
        from_s = TROUBLE_AT_S + MINUTE - 1
        services = ("provider", "secrets")
        return Plan(
            seed,
            max_data_loss_s=3600,
            down_for_s=0,
            signals=(Signal(MINUTE + after_s, "ALARM", "a"),),
            windows=tuple(Window(one, from_s, from_s + slow_s, how) for one in services),
        )

    return st.builds(
        built, SEEDS, st.floats(0.5, 4), st.integers(14, 30), st.sampled_from(("slow", "very slow"))
    )
