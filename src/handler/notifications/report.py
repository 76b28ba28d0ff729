"""The one notice that tells how all pairs stand: what it counts, and a line for each. Pure."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, TypeVar

from handler.aws.message import published_size
from handler.model.notice import Notice
from handler.model.printable import one_line
from handler.model.quoting import word
from handler.model.result import Reason, Result
from handler.notifications.headline import SUBJECT_LIMIT

T = TypeVar("T")
_WHY: Final = 240  # characters of one pair's reason
# Bytes as they are published: SNS takes 256 KiB, in which the text stands twice and the JSON three
# times, escaped once more.
_MOST_TEXT: Final = 32_000
_MOST_JSON: Final = 48_000
_NAMED: Final = 5  # of the pairs that need a look, in one sentence


@dataclass(frozen=True)
class Row:
    """How one pair stands.

    Attributes:
        pair: its name.
        mode: of its document; None where that is bad.
        reason_code: `ready`, or what else there is to say.
        reason: the same for people.
        to_do: what helps, if anything is wrong.
        data_age_s: how old the standby's data is; None where that is not known.
        max_data_loss_s: the limit of its document.
    """

    pair: str
    mode: str | None
    reason_code: str
    reason: str
    to_do: str | None = None
    data_age_s: int | None = None
    max_data_loss_s: int | None = None

    @property
    def is_ready(self) -> bool:
        """Whether it could be failed over, and need not be."""
        return self.reason_code == "ready"


def verdict_on(rows: tuple[Row, ...]) -> Reason:
    """What the rows come to."""
    troubled = [row for row in rows if not row.is_ready]
    if not rows:
        return Reason("not_all_ready", "no pair is configured, so nothing can be failed over")
    if not troubled:
        return Reason("all_ready", f"{_pairs(rows)} rehearsed: all could be failed over now")
    names = ", ".join(word(row.pair) for row in troubled[:_NAMED])
    more = f" and {len(troubled) - _NAMED} more" if len(troubled) > _NAMED else ""
    count = f"{len(rows) - len(troubled)} of {len(rows)}"
    why = f"{_pairs(rows)} rehearsed: {count} ready; to look at: {names}{more}"
    return Reason("not_all_ready", why)


def reported(told: Notice, rows: tuple[Row, ...], summary: Result) -> Notice:
    """The notice, with what it tells of each pair: those that need a look first."""
    ordered = sorted(rows, key=lambda row: (row.is_ready, row.pair))
    severity = told.attributes["severity"].upper()
    return replace(
        told,
        subject=f"[{severity}] dws-failover: {_headline(rows)}"[:SUBJECT_LIMIT],
        text=f"{told.text}\n{_text(ordered)}",
        body=_body(summary, ordered),
    )


def _headline(rows: tuple[Row, ...]) -> str:
    troubled = sum(not row.is_ready for row in rows)
    if not rows:
        return "rehearsal: no pair is configured"
    if not troubled:
        return f"rehearsal: {_pairs(rows)}, all ready to be failed over"
    return f"rehearsal: {len(rows) - troubled} of {_pairs(rows)} ready, look at {troubled}"


def _text(rows: Iterable[Row]) -> str:
    """As many lines as a mail takes."""
    lines = list(_lines(rows))
    kept = list(_within(lines, _MOST_TEXT, published_size))
    left = sum(line.startswith("  ") for line in lines[len(kept) :])
    return "\n".join([*kept, *([f"  {left} more: ask for status"] if left else [])]) + "\n"


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    title = None
    for row in rows:
        mine = "Ready:" if row.is_ready else "To look at:"
        if title != mine:
            yield f"\n{mine}" if title else mine
            title = mine
        yield f"  {_line(row)}" + (f"\n    {_sentence(row.to_do)}" if row.to_do else "")


def _line(row: Row) -> str:
    mode = f" ({row.mode})" if row.mode else ""
    why = "" if row.is_ready else f" {_sentence(row.reason)}"
    return f"{word(row.pair)}{mode}:{why}{_data(row)}"


def _data(row: Row) -> str:
    if row.max_data_loss_s is None:
        return ""
    age = "of unknown age" if row.data_age_s is None else f"{row.data_age_s} s old"
    return f" data {age}, limit {row.max_data_loss_s} s"


def _sentence(text: str) -> str:
    line = one_line(text, _WHY).rstrip(".")
    return f"{line}."


def _body(summary: Result, rows: list[Row]) -> str:
    """The result for machines, with a row for each pair, as far as there is room."""
    plain = [_plain(row) for row in rows]
    kept = [*_within(plain, _MOST_JSON, lambda one: published_size(json.dumps(one)))]
    counts = {"ready": sum(row.is_ready for row in rows), "of": len(rows)}
    said = {**replace(summary, notified=True).as_json(), **counts, "pairs": kept}
    return json.dumps(said)


def _plain(row: Row) -> dict[str, Any]:
    said = asdict(replace(row, reason=one_line(row.reason, _WHY)))
    return {name: value for name, value in said.items() if name != "to_do"}


def _within(parts: Iterable[T], most: int, size_of: Callable[[T], int]) -> Iterator[T]:
    for part in parts:
        most -= size_of(part) + 2  # and what stands between two
        if most < 0:
            return
        yield part


def _pairs(rows: tuple[Row, ...]) -> str:
    return "1 pair" if len(rows) == 1 else f"{len(rows)} pairs"
