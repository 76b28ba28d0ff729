"""Plans in which an incident's time is over in a pause, or just before it may act; and who judges.

An incident that ends then closes the watch for as long as production stays down.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from hypothesis import strategies as st

from local.simulation.facts import Body, Brake, Facts, time_of
from local.simulation.happenings import ALARMED_S, SEEDS
from local.simulation.plan import MINUTE, Plan, Signal
from local.simulation.sites import RETRY_S

READ_FOR = timedelta(seconds=30)  # what has changed since may not have been read
STRETCH_GAP = timedelta(minutes=5)  # two looks of one stretch of down are no further apart
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


def over_at(facts: Facts, incident: Body) -> datetime:
    """Until when an incident is pursued, by what is stored, while its document is good."""
    id_ = incident["disaster_recovery_id"]
    paused = [one.until + timedelta(seconds=RETRY_S) for one in _brakes(facts, incident)]
    return max([time_of(incident, "retry_until"), *paused, *_may_act_by(facts, id_)])


def ended_too_early(facts: Facts, incident: Body) -> str | None:
    """Why the time of an incident that has ended for want of time was not over, if it was not."""
    at = time_of(incident, "ended_at")
    if any(one.since < at - READ_FOR and at < one.until for one in _brakes(facts, incident)):
        return "in a pause"
    site = facts.site(incident["disaster_recovery_id"])
    if site and site.was_good_at(at) and at < over_at(facts, incident) - READ_FOR - STRETCH_GAP:
        return "before it could act"
    return None


def _brakes(facts: Facts, incident: Body) -> list[Brake]:
    ids = ("*", incident["disaster_recovery_id"])
    opened_at = time_of(incident, "opened_at")
    return [one for one in facts.brakes if one.pk in ids and one.until > opened_at]


def _may_act_by(facts: Facts, id_: str) -> Iterator[datetime]:
    """When it may act at the latest on the present stretch of down."""
    health, site = facts.items.get((id_, "state#health"), {}), facts.site(id_)
    if health.get("down_since") and site:
        down_for = timedelta(seconds=site.settings["production_down_for_s"])
        yield time_of(health, "down_since") + down_for + STRETCH_GAP
