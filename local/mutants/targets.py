"""Which modules are changed, and what must notice it: the quick tests first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SIMULATION: Final = "simulation"  # a hundred histories, instead of tests


@dataclass(frozen=True)
class Target:
    """A module, and the rounds of tests that are asked about a change of it, in turn."""

    module: str
    rounds: tuple[tuple[str, ...], ...]


def _unit(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/unit/test_{name}.py" for name in names)


def _function(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/function/test_{name}.py" for name in names)


_RULES: Final = _unit(
    "gates", "witnesses", "run", "incident", "settle", "sight", "learn", "text", "goldens"
)
_ACTING: Final = _function("act", "order", "failover_command", "claim", "holding", "promises_kept")
_SETTLING: Final = _function("follow", "meaning", "acknowledge", "unheard_run")
_ALARMS: Final = _function("alarms", "sweep", "recovered", "promises_kept", "further_alarms")
_STORED: Final = _function("ledger", "claim", "holding", "damage", "damaged_table", "long_history")
_SIMULATED: Final = (SIMULATION,)

TARGETS: Final = (
    *(
        Target(f"gates.{name}", (_RULES, _ACTING, _ALARMS, _SIMULATED))
        for name in ("assess", "brakes", "data_loss", "eligibility", "verdict", "witnesses")
    ),
    Target("model.run", (_RULES, _SETTLING, _STORED, _SIMULATED)),
    Target("model.incident", (_RULES, _ALARMS, _STORED, _SIMULATED)),
    Target("failover.settle", (_RULES, _SETTLING, _SIMULATED)),
    Target("failover.claim", (_ACTING, _SETTLING, _SIMULATED)),
    Target("failover.incidents", (_ALARMS, _SIMULATED)),
    Target("aws.claim", (_STORED, _ACTING, _SIMULATED)),
    Target("aws.ledger", (_STORED, _SETTLING, _ACTING, _SIMULATED)),
    Target("aws.incidents", (_STORED, _ALARMS, _SIMULATED)),
    Target("aws.incident_items", (_STORED, _ALARMS, _SIMULATED)),
)


def targets(only: str | None) -> Iterator[Target]:
    """All of them, or those whose module's name contains `only`."""
    return (one for one in TARGETS if only is None or only in one.module)
