"""From stored items back to what they hold; an item that cannot be read is never guessed at."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

from handler.aws.items import HEALTH, INCIDENT, PAIR, run_key
from handler.aws.telemetry import logger
from handler.aws.writes import SCHEMA, Key
from handler.errors import LedgerUnavailable
from handler.model.codec import from_plain
from handler.model.incident import Incident
from handler.model.pair_state import Observations, PairRecord, PairState
from handler.model.run import Run

T = TypeVar("T")
Item = Mapping[str, Any]
_LONGEST_ID: Final = 100  # of a run; DynamoDB refuses a whole batch for one key that is too long


def decoded(kind: type[T], item: Item) -> T:
    """What an item holds; one that this code did not write is no reason to act on a guess.

    Raises:
        LedgerUnavailable: it is nothing that this code can have written.
    """
    check_schema(item)
    try:
        return from_plain(kind, item)
    except (ValueError, TypeError, AttributeError, KeyError) as err:
        raise _damaged(item, str(err)) from err


def check_schema(item: Item) -> None:
    """Refuse an item that a later version has written: what it means is known to that alone.

    Raises:
        LedgerUnavailable: it has another schema than this version's.
    """
    if has_other_schema(item):
        raise _damaged(item, f"schema {item['schema']}, and this version knows {SCHEMA}")


def has_other_schema(item: Item) -> bool:
    """Whether another version has written an item."""
    return bool(item.get("schema", SCHEMA) != SCHEMA)


def _damaged(item: Item, why: str) -> LedgerUnavailable:
    where = f"{item.get('pk')} {item.get('sk')}"
    text = f"the runs table has an item that cannot be read: {where}: {why}"
    return LedgerUnavailable(text, is_damaged=True)


def decoded_if_good(kind: type[T], item: Item) -> T | None:
    """One of many: a damaged one must not hide the others."""
    try:
        return decoded(kind, item)
    except LedgerUnavailable as err:
        logger.error("item not read", error=str(err))
        return None


def set_in(item: Item, name: str) -> Iterable[Any]:
    """The members of a field; none where it is damaged."""
    found = item.get(name, ())
    return found if isinstance(found, set | frozenset | list) else ()


def named_runs(pair: Item) -> set[Key]:
    """The runs that a pair names: its last one, and those that hold it."""
    last = [str(pair["run_id"])] if "run_id" in pair else []
    return {*run_keys(pair["pk"], last), *holding_runs(pair["pk"], pair)}


def holding_runs(disaster_recovery_id: str, pair: Item) -> list[Key]:
    """The runs that hold a pair, by its own word."""
    return run_keys(disaster_recovery_id, sorted(map(str, set_in(pair, "holding"))))


def run_keys(disaster_recovery_id: str, run_ids: Iterable[str]) -> list[Key]:
    """The keys of runs; what is too long for an id names none."""
    return [run_key(disaster_recovery_id, id_) for id_ in run_ids if len(id_) <= _LONGEST_ID]


def record_or_why(items: Iterable[Item]) -> PairRecord | LedgerUnavailable:
    """One pair of many: what cannot be read of it must not hide the others."""
    try:
        return record_of(items)
    except LedgerUnavailable as err:
        return err


def record_of(items: Iterable[Item]) -> PairRecord:
    """Put together what is current about a pair.

    Raises:
        LedgerUnavailable: one of the items cannot be read.
    """
    by_key = {item["sk"]: item for item in items}
    pair_state = decoded(PairState, by_key.get(PAIR, {}))
    # The runs themselves tell which is the last: the pair's item may be of before it, restored.
    names = sorted((sk for sk in by_key if sk.startswith("run#")), reverse=True)
    runs = tuple(decoded(Run, by_key[sk]) for sk in names)
    incident = by_key.get(INCIDENT)
    return PairRecord(
        pair_state,
        decoded(Incident, incident) if incident else None,
        decoded(Observations, by_key.get(HEALTH, {})),
        runs,
        tuple(run for run in runs if run.run_id in pair_state.holding or run.holds_pair),
    )
