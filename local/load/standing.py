"""Whether each alarm of a pair that lives is where it belongs, once the queue is empty. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import sha256

from local.chaos.facts import Item
from local.chaos.judging import Wrong
from local.load.storm import Turned


def misplaced(items: Sequence[Item], newest: Sequence[tuple[Turned, str]]) -> Iterator[Wrong]:
    """Where the alarms in ALARM are not exactly those of the pair's open incident.

    Args:
        items: of the table.
        newest: what each alarm did last, and what the table knows it by.
    """
    open_ = {
        item["pk"]: set(item["alarms"])
        for item in items
        if item["sk"] == "state#incident" and item["state"] == "open"
    }
    calling: dict[str, set[str]] = defaultdict(set)
    numbers = {}
    for turned, part in newest:
        if turned.outage.kind == "false alarm":
            numbers[turned.outage.id] = turned.outage.number
            if turned.state == "ALARM":
                calling[turned.outage.id].add(sha256(part.encode()).hexdigest()[:16])
    for id_, number in numbers.items():
        if (found := open_.get(id_, set())) != calling[id_]:
            yield Wrong(
                number,
                f"{len(calling[id_])} alarms are in ALARM, {len(calling[id_] & found)} of them and "
                f"{len(found - calling[id_])} others are in its open incident",
            )
