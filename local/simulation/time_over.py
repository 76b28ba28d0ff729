"""Until when an incident is pursued: never over in a pause, nor just before it may act.

An incident that ends then closes the watch for as long as production stays down.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from local.simulation.facts import Body, Brake, Facts, time_of
from local.simulation.sites import RETRY_S

READ_FOR = timedelta(seconds=30)  # what has changed since may not have been read
STRETCH_GAP = timedelta(minutes=5)  # two looks of one stretch of down are no further apart


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
