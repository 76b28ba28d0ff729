"""How a pair stands, in the words of one row. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from failoverctl.answers import Result, gate, span, text

# What a row is called by its reason code, and in which colour; the worst first, in the order of the
# dashboard (src/handler/widget/standing.py).
STATES: Final = {
    "old_production_back": ("TWO WRITERS POSSIBLE", "bold red"),
    "incident": ("INCIDENT", "bold red"),
    "new_production_down": ("PRODUCTION DOWN", "bold red"),
    "down": ("PRODUCTION DOWN", "bold red"),
    "held": ("HELD", "bold red"),
    "unavailable": ("UNREADABLE", "red"),
    "internal_error": ("BUG", "red"),
    "invalid_pair": ("BAD DOCUMENT", "red"),
    "invalid_credentials": ("NO ACCESS", "red"),
    "not_ready": ("NOT READY", "yellow"),
    "not_checked": ("NOT CHECKED", "yellow"),
    "nobody_to_tell": ("UNHEARD", "yellow"),
    "lone_witness": ("ONE WITNESS", "yellow"),
    "paused": ("PAUSED", "yellow"),
    "muted": ("MUTED", "yellow"),
    "brief": ("NO NEWS", ""),
    "ready": ("READY", "green"),
}
_PREFIXES: Final = (
    "NOT READY because ",
    "READY; ",
    "READY",
    "TWO WRITERS POSSIBLE: ",
    "INCIDENT ",
    "PRODUCTION IS DOWN, ",
    "ONE WITNESS ",
    "HELD ",
    "PAUSED ",
    "MUTED: ",
)
_WHILE_HELD: Final = ("held", "old_production_back", "new_production_down")
_OF_BRIEF: Final = (("INCIDENT open", "incident"), ("HELD by", "held"))


@dataclass(frozen=True)
class Standing:
    """One row: what a person must know first comes first."""

    code: str
    pair: str
    production: str
    would_lose: str
    why: str

    @property
    def state(self) -> str:
        """What it is called."""
        return STATES.get(self.code, (self.code.upper(), ""))[0]

    @property
    def style(self) -> str:
        """Its colour."""
        return STATES.get(self.code, ("", "yellow"))[1]

    @property
    def rank(self) -> int:
        """Its place: the worst first; what is not known here before what is good."""
        codes = [*STATES]
        return codes.index(self.code if self.code in STATES else "not_ready")


def standings_of(results: Iterable[Result]) -> list[Standing]:
    """A row for each result, the worst first."""
    rows = [_standing(one) for one in results]
    return sorted(rows, key=lambda row: (row.rank, row.pair))


def _standing(result: Result) -> Standing:
    return Standing(
        _code(result),
        text(result, "pair") or text(result, "disaster_recovery_id") or "-",
        _production(result),
        _would_lose(result),
        _why(text(result, "reason")),
    )


def _code(result: Result) -> str:
    code = text(result, "reason_code")
    if code != "brief":
        return code
    said = text(result, "reason")
    return next((known for words, known in _OF_BRIEF if words in said), code)


def _production(result: Result) -> str:
    found = gate(result, "production_down").get("measured")
    if _is_switched(result):  # the witnesses speak of the old production until it is acknowledged
        return "switched"
    if isinstance(found, int):
        return f"down {span(found)}"
    return text({"found": found}, "found") or ("unclear" if result.get("gates") else "")


def _is_switched(result: Result) -> bool:
    """Whether a run that still holds the pair has been seen to exchange the roles."""
    timings = result.get("timings")
    is_seen = isinstance(timings, Mapping) and bool(timings.get("exchanged_seen_at"))
    return is_seen and text(result, "reason_code") in _WHILE_HELD


def _would_lose(result: Result) -> str:
    if _is_switched(result):
        return ""  # that is the loss of no failover
    found = gate(result, "rpo")
    measured, limit = span(found.get("measured")), span(found.get("limit"))
    return f"{measured or '?'} of {limit}" if limit else ""


def _why(reason: str) -> str:
    """The first sentence, without what the row says anyway."""
    first = reason.partition(". ")[0].replace("; mode automatic", "")
    for prefix in _PREFIXES:
        if first.startswith(prefix):
            first = first.removeprefix(prefix)
            break
    return "" if first == "mode automatic" else first


def counted(rows: list[Standing]) -> str:
    """How many there are of each, in one line."""
    states = {row.state: 0 for row in rows}
    for row in rows:
        states[row.state] += 1
    parts = ", ".join(f"{count} {state}" for state, count in states.items())
    return f"{len(rows)} pair{'' if len(rows) == 1 else 's'}: {parts}" if rows else "no pairs"
