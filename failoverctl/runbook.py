"""The runbook's sections, by the codes that their headings name: `like this`.

A section ends where the next heading of the same or a higher level begins.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from failoverctl.failures import Failure

_HERE: Final = Path(__file__).parent
# Shipped inside the package; in the repository it is where people read it.
_PLACES: Final = (_HERE / "runbook.md", _HERE.parent / "docs" / "runbook.md")
_HEADING: Final = re.compile(r"(#{1,6}) +(.+)")
_CODE: Final = re.compile(r"`([^`]+)`")

# One section is about many codes: each HTTP status, and the same error of either gateway.
_ALIASES: Final = (
    (re.compile(r"http_\d{3}", re.IGNORECASE), "http_<status>"),
    (re.compile(r"APIGW\.(\d{4})", re.IGNORECASE), r"APIG.\1"),
    (re.compile(r"/[^/]+/([a-z-]+)"), r"\1"),  # an alarm by its whole name
)
# What `status` and the dashboard call a pair, where that is not the code of a section.
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "TWO WRITERS POSSIBLE": ("old_production_back",),
    "OUTCOME UNKNOWN": ("unknown",),
    "FAILING OVER": ("in_progress",),
    "PRODUCTION DOWN": ("watch",),
    "OTHER ROLES": ("roles_changed",),
    "UNREADABLE": ("unreadable", "unavailable"),  # the dashboard's; that of `status`
    "BAD DOCUMENT": ("invalid_pair",),
    "NO DOCUMENT": ("invalid_pair",),
    "NO ACCESS": ("invalid_credentials",),
    "FAILED OVER": ("succeeded",),
    "NOT READY": ("not_ready",),
    "NOT CHECKED": ("reconcile-missing", "invalid_credentials"),
    "NOT SEEN YET": ("reconcile-missing",),
    "ONE WITNESS": ("lone_witness",),
    "UNHEARD": ("nobody_to_tell",),
    "NO NEWS": ("brief",),
    "BUG": ("internal_error",),
}


def in_headings(code: str) -> str:
    """A code as a notice, an answer or an alarm has it, as headings name it."""
    found = code.strip().strip("`")
    for alias, name in _ALIASES:
        if alias.fullmatch(found):
            return alias.sub(name, found)
    return found


def read_runbook() -> str:
    """The runbook's text.

    Raises:
        Failure: it is not there.
    """
    for place in _PLACES:
        if place.is_file():
            return place.read_text(encoding="utf-8")
    raise Failure("the runbook was not installed with failoverctl: read docs/runbook.md instead")


def sections_about(code: str, sections: Mapping[str, str]) -> list[str]:
    """The sections about a code or a word, in whatever case it was typed; none, if nothing is."""
    name = in_headings(code)
    if name in sections:
        return [sections[name]]
    if codes := WORDS.get(" ".join(name.upper().split())):
        return [sections[one] for one in codes]
    return [text for known, text in sections.items() if known.lower() == name.lower()][:1]


def sections_of(text: str) -> Mapping[str, str]:
    """Each code's section, in the runbook's order; one that has none by its link: `maintenance`."""
    lines = text.splitlines()
    headings = list(_headings(lines))
    found: dict[str, str] = {}
    for place, (at, level, title) in enumerate(headings):
        codes = _CODE.findall(title)
        later = headings[place + 1 :]
        ends = (line for line, other, _ in later if other <= level or not codes)
        section = "\n".join(lines[at : next(ends, len(lines))]).strip()
        has_link = level > 1 and "\n" in section
        for code in codes or ([_link(title)] if has_link else []):
            found.setdefault(code, section)
    return found


def _link(title: str) -> str:
    """A heading as links have it."""
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def _headings(lines: list[str]) -> list[tuple[int, int, str]]:
    """Line, level and title of each heading; a comment in a block of code is none."""
    found, is_code = [], False
    for at, line in enumerate(lines):
        if line.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code and (heading := _HEADING.fullmatch(line)):
            found.append((at, len(heading[1]), heading[2]))
    return found
