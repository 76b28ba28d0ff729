"""A gate's answer: a value with its measure, its limit and a sentence for a person."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

# Said by each gate that needs to know it.
UNLEARNED: Final = "which cluster is production is not known yet"


class Verdict(StrEnum):
    """What a gate says."""

    PASS = "pass"  # noqa: S105 - no password
    REFUSE = "refuse"
    UNKNOWN = "unknown"
    OVERRIDDEN = "overridden"


Figure = str | int | None


@dataclass(frozen=True)
class GateResult:
    """One gate's verdict.

    Attributes:
        verdict: what the gate says.
        reason: why, as a sentence for a person.
        measured: what was found.
        limit: what is allowed.
        overridable: whether a person may name this refusal and go on.
        cause: what a refusal is about, in a word: the same as long as it is the same refusal, so
            without figures that move by themselves. An approval holds for this one alone.
        gate: the gate's name; who asks the gates adds it.
    """

    verdict: Verdict
    reason: str
    measured: Figure = None
    limit: Figure = None
    overridable: bool = False
    cause: str = ""
    gate: str = ""

    @property
    def lets_pass(self) -> bool:
        """Whether this gate does not stand in the way."""
        return self.verdict in (Verdict.PASS, Verdict.OVERRIDDEN)

    def overridden(self) -> "GateResult":
        """The same verdict, set aside by name."""
        return replace(self, verdict=Verdict.OVERRIDDEN, reason=f"overridden: {self.reason}")


def passed(reason: str, *, measured: Figure = None, limit: Figure = None) -> GateResult:
    """The gate does not stand in the way."""
    return GateResult(Verdict.PASS, reason, measured, limit)


def refused(
    reason: str,
    *,
    cause: str,
    measured: Figure = None,
    limit: Figure = None,
    overridable: bool = False,
) -> GateResult:
    """What was found speaks against acting."""
    return GateResult(Verdict.REFUSE, reason, measured, limit, overridable, cause)


def unknown(
    reason: str,
    *,
    cause: str,
    measured: Figure = None,
    limit: Figure = None,
    overridable: bool = False,
) -> GateResult:
    """It cannot be found out, which refuses as well: nothing is concluded from silence."""
    return GateResult(Verdict.UNKNOWN, reason, measured, limit, overridable, cause)
