"""What has been: runs and incidents with who, why, when and at what cost, the newest first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from handler.aws.past import Unread
from handler.commands.history_rows import Row, incident_row, run_row
from handler.errors import LedgerUnavailable
from handler.failover.ports import Ports
from handler.model.documents import Pairs
from handler.model.incident import Incident
from handler.model.pair_state import PairRecord
from handler.model.result import Decision, Reason, Result
from handler.model.signals import Command
from handler.model.wildcard import matches

Records = Mapping[str, PairRecord | LedgerUnavailable]


@dataclass(frozen=True)
class History(Result):
    """A result that also has rows; a stored item that cannot be read is one with `unreadable`."""

    runs: tuple[Row, ...] = ()
    incidents: tuple[Row, ...] = ()


def history(ports: Ports, command: Command) -> History:
    """The newest runs and incidents of the pairs that are meant, also of those that are gone.

    Raises:
        InvalidEvent, InvalidSettings: the one pair that is named is nowhere known.
        LedgerUnavailable: the table cannot be read.
    """
    records = _records(ports, command)
    count, past = command.limit, ports.ledger.past
    begun = _newest(records, count, lambda one: one.pair_state.run_id)
    called = _newest(records, count, lambda one: one.incident.incident_id if one.incident else None)
    runs = [run_row(id_, run) for id_, most in begun for run in past.runs(id_, most)]
    incidents = {
        row["incident_id"]: row
        for id_, most in called
        for row in _incidents(records[id_], id_, past.incidents(id_, most))
    }
    return _told(command, _first(runs, "run_id", count), incidents.values())


def _told(command: Command, runs: tuple[Row, ...], incidents: Iterable[Row]) -> History:
    shown = _first(incidents, "incident_id", command.limit)
    told = _sentence(command, len(runs), len(shown))
    return History(
        Decision.STATUS,
        told.code,
        told.sentence,
        command=command.command,
        pair=command.pair,
        disaster_recovery_id=command.disaster_recovery_id,
        runs=runs,
        incidents=shown,
    )


def _sentence(command: Command, runs: int, incidents: int) -> Reason:
    whom = command.disaster_recovery_id or command.pair or "*"
    more = "; there may be older ones: ask with a higher limit"
    return Reason(
        "history",
        f"{_counted(runs, 'run')} and {_counted(incidents, 'incident')} of"
        f" {'all pairs' if whom == '*' else whom}, the newest first"
        f"{more if command.limit in (runs, incidents) else ''}",
    )


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def _first(rows: Iterable[Row], by: str, count: int) -> tuple[Row, ...]:
    """The newest: ids begin with their time."""
    return tuple(sorted(rows, key=lambda row: str(row[by]), reverse=True)[:count])


def _records(ports: Ports, command: Command) -> Records:
    """What is current of the pairs that are meant: those with a document, and those without."""
    pairs, pattern, id_ = ports.pairs(), command.pair or "*", command.disaster_recovery_id
    names = _names(pairs)
    gone = {one.disaster_recovery_id for one in ports.ledger.open_items()} - {*names, "-"}
    meant = {one for one, called in names.items() if any(matches(pattern, it) for it in called)}
    asked = [one for one in sorted({*meant, *gone}) if id_ in (None, one)]
    read = ports.ledger.read_all(asked)
    found = {
        one: record
        for one, record in read.items()
        if one in meant or matches(pattern, _name_in(record))
    }
    if not found and (id_ or "*" not in pattern):
        pairs.find(command.pair, id_)
    return found


def _names(pairs: Pairs) -> Mapping[str, set[str]]:
    """What pairs are called, by id: one id may be in two documents, which are bad then."""
    names: dict[str, set[str]] = {}
    good = [(one.disaster_recovery_id, one.name) for one in pairs.good]
    for id_, name in (*good, *((one.disaster_recovery_id, one.name) for one in pairs.bad)):
        if id_:
            names.setdefault(id_, set()).add(name)
    return names


def _name_in(record: PairRecord | LedgerUnavailable) -> str:
    """What a pair without a document was last called; nothing, if that cannot be read."""
    if isinstance(record, LedgerUnavailable):
        return ""
    last = record.run or record.incident
    return last.pair if last else ""


def _newest(
    records: Records, count: int, id_in: Callable[[PairRecord], str | None]
) -> list[tuple[str, int]]:
    """The pairs that can have some of the newest, and how many each.

    Each pair before another in this order has a newer one than that has. What cannot be read comes
    first: it must be looked at.
    """
    newest = {
        id_: "~" if isinstance(one, LedgerUnavailable) else id_in(one)
        for id_, one in records.items()
    }
    ranked = sorted((last, id_) for id_, last in newest.items() if last)[::-1][:count]
    return [(id_, count - rank) for rank, (_, id_) in enumerate(ranked)]


def _incidents(
    record: PairRecord | LedgerUnavailable, id_: str, past: Iterable[Incident | Unread]
) -> list[Row]:
    """Those that have ended, and the open one; also one that ended before any was kept."""
    last = [record.incident] if isinstance(record, PairRecord) and record.incident else []
    return [incident_row(id_, one) for one in (*past, *last)]
