"""The pair documents that are played: as they are given, checked as the function checks them."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from failoverctl.pair_files import read_folder
from handler.model.documents import parse_pairs
from handler.model.hosts import PROVIDER_HOSTS, AllowedHosts
from handler.model.pair import Pair
from handler.model.printable import one_line

_LONGEST: Final = 4000  # characters of a line
USUAL_HOSTS: Final = PROVIDER_HOSTS


class BadDocuments(Exception):
    """What is wrong with the documents, a line for each fault."""


@dataclass(frozen=True)
class Document:
    """One pair's document.

    Attributes:
        pair: as the function reads it, defaults filled in.
        given: what its file holds.
    """

    pair: Pair
    given: dict[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of the document, whatever its spaces and the order of its fields."""
        plain = json.dumps(self.given, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()


def read_documents(folder: Path, hosts: str = USUAL_HOSTS) -> list[Document]:
    """All documents of a folder, one JSON file for each pair, named after it.

    Raises:
        BadDocuments: there is none, or one of them is bad.
    """
    if not folder.is_dir():
        raise BadDocuments(f"{folder}: found no such folder, allowed: one with <pair's name>.json")
    texts, unread = read_folder(folder)
    if not texts and not unread:
        raise BadDocuments(f"{folder}: found no .json file, allowed: one for each pair")
    pairs = parse_pairs(texts, _parsed(hosts))
    faults = [(name, fault) for name, fault in unread.items()]
    faults += [(bad.name, fault) for bad in pairs.bad for fault in bad.faults]
    if faults:
        raise BadDocuments("\n".join(_fault(folder, *one) for one in faults))
    return [Document(pair, json.loads(texts[pair.name])) for pair in pairs.good]


def _fault(folder: Path, name: str, fault: str) -> str:
    """A line: a file may be named like one of ours, or like an order to the terminal."""
    return one_line(f"{folder}/{name}.json: {fault}", _LONGEST)


def _parsed(hosts: str) -> AllowedHosts:
    try:
        return AllowedHosts.parse(hosts)
    except ValueError as err:
        allowed = "host names or *.<domain>, separated by commas"
        raise BadDocuments(f"--allowed-hosts: found {str(err)!r}, allowed: {allowed}") from err
