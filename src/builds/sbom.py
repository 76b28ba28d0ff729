"""Says what a package holds, as CycloneDX 1.6: `python -m builds.sbom FOLDER REQUIREMENTS REPORT`.

The build runs it once all is installed, and lays it beside what it lists. The same package gives
the same bytes: there is no time in it, and its serial number is derived from the rest.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from email.message import Message
from email.parser import Parser
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from builds.digest import digest

NAME: Final = "sbom.cdx.json"
OURS: Final = "dws-failover"
# Licences that are told by their name in the list of SPDX; another one is told in its own words.
_KNOWN: Final = frozenset({
    "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MPL-2.0", "PSF-2.0",
})  # fmt: skip
# What stands in our own folder and is others': whose, where, under which licence.
_ADOPTED: Final = (
    ("botocore's models, cut", "handler/aws/models", "Apache-2.0"),
    ("Amazon's authorities, of certifi", "handler/aws/amazon.pem", "MPL-2.0"),
    ("certifi's authorities, one by one", "handler/dws/roots", "MPL-2.0"),
)
_NAMED: Final = re.compile(r"([A-Za-z0-9._-]+)==")


def document(folder: Path, requirements: str, report: Mapping[str, Any]) -> dict[str, Any]:
    """The bill of materials of a folder.

    Args:
        folder: where the distributions are.
        requirements: what was to be installed, with what wants each, as uv writes it.
        report: what pip says that it has installed.
    """
    archives = {_normal(name): hash_ for name, hash_ in _archives(report)}
    metadata = [_metadata(path) for path in folder.glob("*.dist-info/METADATA")]
    components = [_component(one, archives) for one in metadata]
    components.sort(key=lambda one: one["name"])
    rest = {
        "metadata": {"lifecycles": [{"phase": "build"}], "component": _ours(folder)},
        "components": components,
        "dependencies": _dependencies(components, requirements),
    }
    serial = uuid5(NAMESPACE_URL, json.dumps(rest, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}"}
    return {**head, "version": 1, **rest}


def _archives(report: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The SHA-256 of each archive that was installed; pip has found it among the locked ones."""
    for one in report["install"]:
        yield one["metadata"]["name"], one["download_info"]["archive_info"]["hashes"]["sha256"]


def _component(metadata: Message, archives: Mapping[str, str]) -> dict[str, Any]:
    name, version = _normal(metadata["Name"]), metadata["Version"]
    purl = f"pkg:pypi/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "hashes": [{"alg": "SHA-256", "content": archives[name]}],
        "licenses": _licences(metadata["License-Expression"] or metadata["License"] or "unknown"),
        "purl": purl,
    }


def _licences(told: str) -> list[dict[str, Any]]:
    """As a distribution declares it: one of SPDX's, an expression of some, or its own words."""
    declared = {"acknowledgement": "declared"}
    if set(re.split(r" (?:AND|OR) ", told)) <= _KNOWN and told not in _KNOWN:
        return [{"expression": told, **declared}]
    return [{"license": {"id" if told in _KNOWN else "name": told, **declared}}]


def _ours(folder: Path) -> dict[str, Any]:
    """The code of this repository, by its hash; a layer has none."""
    named = {"type": "application", "bom-ref": OURS, "name": OURS}
    ours = {**named, "licenses": _licences("Apache-2.0")}
    handler = folder / "handler"
    if not handler.is_dir():
        return ours
    adopted = [
        {
            "type": "data",
            "bom-ref": where,
            "name": name,
            "hashes": _hashes(folder / where),
            "licenses": _licences(licence),
        }
        for name, where, licence in _ADOPTED
    ]
    return {**ours, "hashes": _hashes(handler), "components": adopted}


def _hashes(path: Path) -> list[dict[str, str]]:
    found = sha256(path.read_bytes()).hexdigest() if path.is_file() else digest(path)
    return [{"alg": "SHA-256", "content": found}]


def _dependencies(components: list[dict[str, Any]], requirements: str) -> list[dict[str, Any]]:
    """Who wants whom."""
    refs = {OURS: OURS, **{one["name"]: one["bom-ref"] for one in components}}
    wanted = _wanted_by(requirements)
    return [
        {"ref": ref, "dependsOn": sorted(refs[one] for one in wanted if name in wanted[one])}
        for name, ref in refs.items()
    ]


def _wanted_by(requirements: str) -> Mapping[str, set[str]]:
    """Each requirement with those that want it, as uv notes below it; we do where nobody does."""
    wanted: dict[str, set[str]] = {}
    name = ""
    for line in requirements.splitlines():
        if found := _NAMED.match(line):
            name = _normal(found[1])
            wanted[name] = set()
        elif line.startswith("    #"):
            wanted[name] |= {_normal(one) for one in line.strip("# ").split() if one != "via"}
    return {name: by or {OURS} for name, by in wanted.items()}


def _metadata(path: Path) -> Message:
    return Parser().parsestr(path.read_text(encoding="utf-8"), headersonly=True)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    """Write it into the folder that is named."""
    folder, requirements, report = (Path(name) for name in sys.argv[1:])
    found = document(folder, requirements.read_text(), json.loads(report.read_text()))
    (folder / NAME).write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
