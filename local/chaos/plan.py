"""What will be done to the stack: plain values, drawn before anything runs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

MINUTES: Final = 6  # of chaos, before it calms down

Kind = Literal[
    "dies", "returns", "false alarm", "observed", "paused", "muted", "console", "acknowledged"
]
Expected = Literal["one", "at most one", "none"]
# What must come of each kind of outage. "At most one" is a race: who is first is nobody's promise.
EXPECTED: Final[Mapping[Kind, Expected]] = {
    "dies": "one",  # and stays dead; nobody is in the way
    "returns": "at most one",  # production answers again, before or after the order
    "false alarm": "none",  # production is well all along
    "observed": "none",  # mode observe
    "paused": "none",  # from before the outage until the end
    "muted": "none",  # the only alarm is muted, far beyond the end
    "console": "at most one",  # a person orders in the provider's console meanwhile
    "acknowledged": "at most one",  # a person ends the incident meanwhile
}


@dataclass(frozen=True)
class Act:
    """Something that is done, in a minute of the wave and a second of that minute.

    Attributes:
        minute: of the wave.
        at_s: seconds into that minute.
        what: which act, of `acts.ACTS`.
        fault: its row in the report; empty, where it is no fault.
        how: the act's own fields.
    """

    minute: int
    at_s: float
    what: str
    fault: str = ""
    how: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Outage:
    """One pair, what happens to it, and what must come of it.

    Attributes:
        number: within its wave.
        kind: what it is at bottom.
        ids: of the pair, its production and its standby.
        document: the fields of its document that are not the stage's.
        secret: whether its requests are signed, or sent with a token.
        has_probe: whether its production has a TCP witness.
        variants: how its provider behaves, from the beginning.
        acts: what is done, in order.
    """

    number: int
    kind: Kind
    ids: tuple[str, str, str]
    document: Mapping[str, Any]
    secret: Literal["key", "user"]
    has_probe: bool
    variants: Mapping[str, Any]
    acts: tuple[Act, ...]

    @property
    def id(self) -> str:
        """The disaster-recovery id."""
        return self.ids[0]

    @property
    def name(self) -> str:
        """The pair's, until somebody renames its document."""
        return f"pair-{self.number:02}"

    @property
    def expected(self) -> Expected:
        """How many orders of ours must have been accepted in the end."""
        return EXPECTED[self.kind]

    @property
    def faults(self) -> tuple[str, ...]:
        """The rows of the report that it may meet."""
        return tuple(dict.fromkeys(act.fault for act in self.acts if act.fault))


@dataclass(frozen=True)
class Wave:
    """Outages that run side by side on one stack, and what befalls all of them.

    Attributes:
        seed: draws this very wave again.
        outages: side by side.
        acts: what is done to all of them, in order.
        timeout_s: of the function, where some invocation is to meet it; None: the template's.
        minutes: of chaos.
    """

    seed: int
    outages: tuple[Outage, ...]
    acts: tuple[Act, ...]
    timeout_s: int | None = None
    minutes: int = MINUTES
