"""Ready-made situations: what a provider may do that its documentation does not tell.

All but `region-outage` begin with production alive, so that an observer can see health first;
`break-production` starts the outage.
"""

from collections.abc import Mapping
from types import MappingProxyType

from local.dws.provider import Provider
from local.dws.scenarios.answers import ANSWERS
from local.dws.scenarios.failovers import FAILOVERS
from local.dws.scenarios.outages import OUTAGES
from local.dws.scenarios.readings import READINGS
from local.dws.scenarios.scenario import Scenario

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "healthy": Scenario("The ready pair, running; nothing special happens."),
        **ANSWERS,
        **FAILOVERS,
        **OUTAGES,
        **READINGS,
    }
)


def play(provider: Provider, name: str) -> None:
    """Let a provider begin anew with a scenario.

    Raises:
        KeyError: there is no such scenario.
    """
    scenario = SCENARIOS[name]
    with provider.lock:
        provider.reset()
        scenario.set_up(provider)


__all__ = ["SCENARIOS", "Scenario", "play"]
