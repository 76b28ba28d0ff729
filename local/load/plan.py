"""The pairs of a storm: half of them lose their production, the others are well. Pure."""

from random import Random
from typing import Any, Final

from local.chaos.drawing import new_id
from local.chaos.plan import Act, Kind, Outage, Wave

_DOCUMENT: Final[dict[str, Any]] = {
    "mode": "automatic", "production_down_for_s": 0, "retry_for_s": 2400, "max_data_loss_s": 7200,
}  # fmt: skip


def planned(seed: int, count: int) -> Wave:
    """So many pairs, in a stack of their own."""
    rng = Random(seed)
    return Wave(seed, tuple(_outage(rng, number) for number in range(count)), ())


def _outage(rng: Random, number: int) -> Outage:
    kind: Kind = "dies" if number % 2 else "false alarm"
    acts = (Act(0, 0.0, "dies"),) if kind == "dies" else ()
    return Outage(
        number=number, kind=kind, ids=(new_id(rng), new_id(rng), new_id(rng)), document=_DOCUMENT,
        secret="key", has_probe=False, variants={"switching_s": 1}, acts=acts,  # noqa: S106
    )  # fmt: skip
