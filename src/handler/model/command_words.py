"""A command as the words of `failoverctl`: notices print them, as the tool itself does. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

OPTIONS: Final[Mapping[str, str]] = {
    "run_id": "--run-id",
    "production_cluster_id": "--production",
    "override": "--override",
    "evidence": "--evidence",
    "outage_began_at": "--outage-began-at",
    "until": "--until",
    "paused_at": "--paused-at",
    "request_id": "--request-id",
    "limit": "--limit",
}


def words_of(command: Mapping[str, Any], options: Sequence[str]) -> list[str]:
    """The words that send a command; who and why are asked when it is run."""
    pair = str(command.get("pair") or command.get("disaster_recovery_id") or "")
    name, given = str(command.get("command")), [*_given(command), *options]
    if pair.startswith("-"):  # a pair may be called so
        return ["failoverctl", name, *given, "--", pair]
    return ["failoverctl", name, *([pair] if pair else []), *given]


def _given(command: Mapping[str, Any]) -> Iterator[str]:
    for name, option in OPTIONS.items():
        value = command.get(name)
        for one in value if isinstance(value, list) else [value] if value else []:
            yield from (option, str(one))
