"""A gate's answer: a value with its measure, its limit and a sentence for a person."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Verdict(StrEnum):
    """What a gate says."""

    PASS = "pass"  # noqa: S105 - no password
    REFUSE = "refuse"
    UNKNOWN = "unknown"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True)
class GateResult:
    """One gate's verdict; `overridable` tells whether a person may name this refusal and go on."""

    gate: str
    verdict: Verdict
    reason: str
    measured: str | int | None = None
    limit: str | int | None = None
    overridable: bool = False

    @property
    def lets_pass(self) -> bool:
        """Whether this gate does not stand in the way."""
        return self.verdict in (Verdict.PASS, Verdict.OVERRIDDEN)

    def overridden(self) -> "GateResult":
        """The same verdict, set aside by name."""
        return replace(self, verdict=Verdict.OVERRIDDEN, reason=f"overridden: {self.reason}")
