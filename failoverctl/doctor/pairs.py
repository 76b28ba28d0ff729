"""What the function says of its pairs, and what their documents say of themselves. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from failoverctl.doctor.report import Kind, Line
from failoverctl.pair_check import Checked
from failoverctl.words import command_in, line_of, sentence_of
from handler.model.pair import Pair

_BUSY: Final = ("held", "incident")
_MOST_STEPS: Final = 3
# As the function says them of a new pair: what health teaches, and what follows from it.
_LEARNING: Final = "roles: nothing, "
_TO_COME: Final = "armed: wait "


def of_status(results: Iterable[Mapping[str, Any]], options: Sequence[str] = ()) -> Iterator[Line]:
    """A line for each pair: could it be failed over now, and if not, why.

    Args:
        results: of `status`.
        options: which deployment is meant, for the commands that are printed.
    """
    for one in results:
        first, _, _ = str(one.get("reason")).partition(". ")
        steps = [str(step) for step in one.get("next_steps") or []]
        shown = tuple(_with_commands(steps, options))
        yield Line(_kind(one, steps), f"{one.get('pair')}: {first}", shown)


def _kind(result: Mapping[str, Any], steps: list[str]) -> Kind:
    """A pair that is only learning has nothing that a person could correct."""
    if result.get("reason_code") == "ready":
        return Kind.GOOD
    is_learning = any(step.startswith(_LEARNING) for step in steps)
    is_all = all(step.startswith((_LEARNING, _TO_COME)) for step in steps)
    return Kind.NOTE if is_learning and is_all else Kind.BAD


def _with_commands(steps: list[str], options: Sequence[str]) -> Iterator[str]:
    """The first steps; a command stands behind the sentence that says what it does."""
    sentences = 0
    for step in steps:
        if command := command_in(step):
            yield line_of(command, list(options))
            continue
        sentences += 1
        if sentences > _MOST_STEPS:
            return
        yield sentence_of(step)


def without_probe(results: Iterable[Mapping[str, Any]], pairs: Iterable[Pair]) -> Iterator[Line]:
    """Pairs with probes, none of which speaks for the cluster that is production now."""
    probes = {pair.name: pair.probes for pair in pairs if pair.probes}
    for one in results:
        name, roles = str(one.get("pair")), one.get("roles") or {}
        now = roles.get("production_cluster_id")
        if name in probes and now and now not in probes[name]:
            steps = (f"put the address of {now} into probes: after a failover it is the new one",)
            said = f"{name}: no probe is of the cluster that is production now"
            yield Line(Kind.NOTE, said, steps)


def waiting_in(results: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The pairs that an incident is open for, or that a run holds."""
    return frozenset(str(one.get("pair")) for one in results if one.get("reason_code") in _BUSY)


def bad_in(results: Iterable[Mapping[str, Any]]) -> set[str]:
    """The pairs whose document is bad: the function has said all its faults."""
    return {str(one.get("pair")) for one in results if one.get("reason_code") == "invalid_pair"}


def of_documents(checked: Checked, names: Iterable[str]) -> Iterator[Line]:
    """What is wrong with documents, though the function may take them."""
    for name in names:
        for sentence in checked.faults.get(name, []):
            yield Line(Kind.BAD, f"{name}: {sentence}")
        for sentence in (*checked.warnings.get(name, []), *checked.remarks.get(name, [])):
            yield Line(Kind.NOTE, f"{name}: {sentence}")
