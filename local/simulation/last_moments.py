"""Plans in which an incident's time could be over in a pause, or just before it may act."""

from hypothesis import strategies as st

from local.simulation.happenings import ALARMED_S, SEEDS
from local.simulation.plan import MINUTE, Plan, Signal
from local.simulation.sites import RETRY_S

_PAUSES_S = (0, 10 * MINUTE, 20 * MINUTE)  # each for twelve minutes


def seen_late() -> st.SearchStrategy[Plan]:
    """Nobody says whether production is down, until its incident's time is nearly over."""

    def built(seed: int, before_s: int, down_for_s: int) -> Plan:
        return Plan(
            seed,
            trouble="nothing",
            max_data_loss_s=3600,
            down_for_s=down_for_s,
            signals=(
                Signal(0, "production says nothing"),
                Signal(ALARMED_S, "ALARM", "a"),
                Signal(ALARMED_S + RETRY_S - before_s, "production dies again"),
            ),
        )

    return st.builds(built, SEEDS, st.integers(5, 120), st.sampled_from((120, 300)))


def held_back() -> st.SearchStrategy[Plan]:
    """An outage in a pause that lasts for longer than its incident is pursued."""

    def built(seed: int, what: str, resumed: tuple[int, ...]) -> Plan:
        return Plan(
            seed,
            max_data_loss_s=3600,
            signals=(
                *(Signal(at_s, f"pause{what}") for at_s in _PAUSES_S),
                Signal(ALARMED_S, "ALARM", "a"),
                *(Signal(at_s, f"resume{what}") for at_s in resumed),
            ),
        )

    resumed = st.sampled_from(((), (27 * MINUTE,)))
    return st.builds(built, SEEDS, st.sampled_from(("", " all")), resumed)
