"""What a further alarm of the same outage costs, before the claim and after it."""

from typing import Any

from benchmarks.ground import Ground
from benchmarks.packages import Package
from benchmarks.runtime import Environment
from benchmarks.stage import ALARMS, Stage, alarm, decisions

# Until production has been down for so long, the incident is open and nothing is claimed.
_WAITS: dict[str, Any] = {"production_down_for_s": 3600, "retry_for_s": 7200}


def measure(ground: Ground) -> dict[str, Any]:
    """For our packages: of each further alarm, the calls, CPU in ms, and what was decided."""
    return {
        package.name: {
            "before the claim": _further(ground, package, "refused", _WAITS),
            "after the claim": _further(ground, package, "submitted", {}),
        }
        for package in ground.packages
        if package.is_ours
    }


def _further(
    ground: Ground, package: Package, first: str, document: dict[str, Any]
) -> list[dict[str, Any]]:
    with ground.stage() as stage:
        stage.grow_to(2, **document)
        stage.reconcile(package)
        with stage.environment(package) as environment:
            # The first pair makes it warm: whatever is imported late is there then.
            for _ in range(2):
                pair = stage.break_one(package)
                found = [_one(stage, environment, alarm(pair, number)) for number in range(ALARMS)]
                if found[0]["decision"] != first:
                    raise RuntimeError(f"the first alarm is {found[0]}")
    return found[1:]


def _one(stage: Stage, environment: Environment, event: Any) -> dict[str, Any]:
    stage.watch(environment)
    answer = environment.invoke(event)
    (decision,) = decisions(answer.value)
    return {
        "decision": decision,
        "aws_calls": len(stage.aws.exchanges),
        "provider_calls": len(stage.provider.exchanges),
        "cpu_ms": answer.cpu_s * 1000,
    }
