"""What storms have cost, as a table; and what is out of bounds. Pure."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from rich.table import Table

from local.load.playing import Cost, Played

# From the middle of a process's time to its end. What a process learns it has learned by then.
_MOST_GROWTH: Final = 1.10
# Calls for one alarm, with and without a past. The bound is for what retries add.
_MOST_MORE: Final = 1.20

Row = tuple[str, Callable[[Played], str]]


def table(played: Sequence[Played]) -> Table:
    """A column for each storm."""
    found = Table(box=None, pad_edge=False)
    found.add_column("")
    for one in played:
        found.add_column(f"{one.history:,} runs before", justify="right")
    for name, value in _ROWS:
        found.add_row(name, *map(value, played))
    return found


def markdown(played: Sequence[Played]) -> str:
    """The same for a page."""
    heads = " | ".join(f"{one.history:,} runs before" for one in played)
    lines = [f"| | {heads} |", "|---|" + "--:|" * len(played)]
    lines += [f"| {name} | {' | '.join(map(value, played))} |" for name, value in _ROWS]
    return "\n".join(lines) + "\n"


def out_of_bounds(played: Sequence[Played]) -> Iterator[str]:
    """What grows: memory with time, or an alarm's calls with the number of runs before it."""
    for one in played:
        if one.memory.growth > _MOST_GROWTH:
            yield f"a process grew to {one.memory.growth:.2f} of what it had in its middle"
    before, after = _calls(played[0].copies), _calls(played[-1].copies)
    if after > before * _MOST_MORE:
        yield f"a copy takes {after:.2f} calls of AWS, without a past {before:.2f}"


def _calls(cost: Cost) -> float:
    return cost.aws_calls / cost.alarms


def _of(cost: Callable[[Played], Cost], name: str) -> tuple[Row, ...]:
    def each(what: Callable[[Cost], float]) -> Callable[[Played], str]:
        return lambda one: f"{what(cost(one)) / cost(one).alarms:.2f}"

    return (
        (f"{name}: alarms", lambda one: f"{cost(one).alarms:,}"),
        (f"{name}: alarms a second", lambda one: f"{cost(one).alarms / cost(one).seconds:.1f}"),
        (f"{name}: calls of AWS for each", each(lambda found: found.aws_calls)),
        (f"{name}: calls of the provider for each", each(lambda found: found.provider_calls)),
        (f"{name}: CPU for each, ms", each(lambda found: found.cpu_s * 1000)),
    )


_ROWS: Final[tuple[Row, ...]] = (
    *_of(lambda one: one.storm, "the storm"),
    ("orders accepted", lambda one: str(one.orders)),
    *_of(lambda one: one.copies, "copies afterwards"),
    ("processes of the function", lambda one: str(one.memory.processes)),
    ("most memory of one, MB", lambda one: f"{one.memory.peak_mb:.1f}"),
    ("end ÷ middle of its memory, the most", lambda one: f"{one.memory.growth:.2f}"),
)
