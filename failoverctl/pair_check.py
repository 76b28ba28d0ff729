"""All documents together: each one's faults, and alarms that two of them claim. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from failoverctl.pair_claims import claims_in
from failoverctl.pair_files import STANDARD_BYTES, fault_of_size
from failoverctl.pair_rules import Surroundings, faults_of, remarks_on
from handler.model.documents import parse_pairs
from handler.model.hosts import AllowedHosts


@dataclass
class Checked:
    """What was found of each document, by pair's name."""

    names: list[str]
    faults: dict[str, list[str]] = field(default_factory=dict)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    warnings: dict[str, list[str]] = field(default_factory=dict)

    @property
    def good(self) -> list[str]:
        """The pairs without a fault."""
        return [name for name in self.names if not self.faults.get(name)]


def check_documents(
    documents: Mapping[str, str],
    hosts: AllowedHosts,
    around: Surroundings,
    unread: Mapping[str, str] | None = None,
) -> Checked:
    """Check documents as the function would, and further than it may.

    Args:
        documents: by pair's name.
        hosts: where their endpoints may be.
        around: what they are checked against.
        unread: what is wrong with those that could not be read.
    """
    pairs = parse_pairs(documents, hosts)
    checked = Checked(sorted({*documents, *(unread or {})}))
    for name, fault in (unread or {}).items():
        _note(checked.faults, name, [fault])
    for bad in pairs.bad:
        _note(checked.faults, bad.name, bad.faults)
    for name, text in documents.items():
        if too_long := fault_of_size(text):
            _note(checked.faults, name, [too_long])
        elif len(text.encode()) > STANDARD_BYTES:
            _note(checked.remarks, name, ["$: longer than 4 KB: store it with --tier Advanced"])
    for pair in pairs.good:
        _note(checked.faults, pair.name, faults_of(pair, around))
        _note(checked.remarks, pair.name, remarks_on(pair))
    claims = claims_in(pair for pair in pairs.good if not fault_of_size(documents[pair.name]))
    for found, told in (
        (checked.faults, claims.faults),
        (checked.warnings, claims.warnings),
        (checked.remarks, claims.remarks),
    ):
        for name, sentences in told.items():
            _note(found, name, sentences)
    return checked


def _note(found: dict[str, list[str]], name: str, sentences: Iterable[str]) -> None:
    if texts := list(sentences):
        found.setdefault(name, []).extend(texts)
