"""Pictures of the state machines, drawn from their definitions into docs/statemachines.md."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "statemachines.md"
_PLACE: Final = "<!-- picture of statemachine/{name} -->"
_FENCED: Final = r"\A```mermaid\n.*?\n```\n"


def main() -> None:
    """Draw both pictures anew."""
    PAGE.write_text(drawn(PAGE.read_text()))


def drawn(page: str) -> str:
    """A page whose pictures are those of the definitions."""
    for path in sorted((ROOT / "statemachine").glob("*.asl.json")):
        place = _PLACE.format(name=path.name)
        picture = f"{place}\n```mermaid\n{picture_of(json.loads(path.read_text()))}\n```\n"
        before, _, after = page.partition(place + "\n")
        page = before + picture + re.sub(_FENCED, "", after, count=1, flags=re.DOTALL)
    return page


def picture_of(machine: Mapping[str, Any]) -> str:
    """A definition as a Mermaid state diagram."""
    return "\n".join(["stateDiagram-v2", *_lines(machine, "  ")])


def _lines(machine: Mapping[str, Any], indent: str) -> Iterator[str]:
    yield f"{indent}[*] --> {machine['StartAt']}"
    for name, state in machine["States"].items():
        if state["Type"] == "Choice":
            yield f"{indent}state {name} <<choice>>"
        if inner := state.get("ItemProcessor"):
            yield f"{indent}state {name} {{"
            yield from _lines(inner, indent + "  ")
            yield f"{indent}}}"
        for target, why in _ways(state):
            # The end that an error is named after would be led to from everywhere.
            if target != why:
                yield f"{indent}{name} --> {target}{f': {why}' if why else ''}"


def _ways(state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where a state leads, and when."""
    for rule in state.get("Choices", ()):
        yield rule["Next"], rule["Comment"]
    for catcher in state.get("Catch", ()):
        errors = ", ".join(catcher["ErrorEquals"])
        yield catcher["Next"], "any other error" if errors == "States.ALL" else errors
    for field, why in (("Default", "else"), ("Next", "")):
        if field in state:
            yield state[field], why
    if state.get("End") or state["Type"] in ("Succeed", "Fail"):
        yield "[*]", ""


if __name__ == "__main__":
    main()
