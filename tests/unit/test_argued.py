"""docs/security.md: each of its lines names where it is held, and a test; and what is counted is."""

import re

import pytest
from attacks.alarms import ALARMS
from attacks.answers import ANSWERS
from attacks.bodies import BODIES
from attacks.calls import CALLS, MAY
from attacks.certificates import CERTIFICATES
from attacks.chains import CHAINS
from attacks.orders import ORDERS
from attacks.signatures import SIGNATURES
from attacks.urls import CERTIFICATE_URLS, SUBSCRIBE_URLS, TOPICS
from places import ROOT

from local.drill.scenarios import DRILLS
from local.dws.scenarios import SCENARIOS

TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
DEFINED = set(re.findall(r"^\s*def (test_\w+)", TESTS, re.MULTILINE))
COUNTED = "How many of each are tried"


def rows(page):
    """The cells of each row of a page's tables, with the heading above it."""
    lines, heading, found = (ROOT / "docs" / page).read_text().splitlines(), "", []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        is_rule = set(line) <= set("|-") or (set(following) <= set("|-") and following)
        if line.startswith("| ") and not is_rule:
            found.append((heading, [cell.strip() for cell in line.strip("|").split(" | ")]))
    return found


EACH = rows("security.md")


@pytest.mark.parametrize(("heading", "cells"), EACH, ids=[cells[0][:60] for _, cells in EACH])
def test_each_line_names_a_test(heading, cells):
    said, *_, tests = cells
    named = re.findall(r"`(test_\w+)`", tests)
    assert named, f"{heading}: {said}"
    assert set(named) <= DEFINED


@pytest.mark.parametrize(
    ("heading", "cells"),
    [one for one in rows("security.md") if one[0] != COUNTED],
    ids=[cells[0][:60] for heading, cells in rows("security.md") if heading != COUNTED],
)
def test_each_line_about_an_attacker_names_the_place_that_stops_it(heading, cells):
    assert len(cells) == 3, heading
    assert re.search(r"\]\([^)]+\)", cells[1]), cells[0]


TRIED = {
    "places of a certificate": len(CERTIFICATE_URLS),
    "places of a confirmation": len(SUBSCRIBE_URLS),
    "topics": len(TOPICS),
    "certificates that are served": len(CERTIFICATES),
    "signatures": len(SIGNATURES),
    "hosts that say to be SMN's": len(CHAINS),
    "bodies": len(BODIES),
    "made-up orders": len(ORDERS),
    "made-up alarms": len(ALARMS),
    "answers to the order": len(ANSWERS),
    "calls with a stolen role": len(CALLS) * len(MAY),
    "scenarios with marked secrets": len(SCENARIOS) + len(DRILLS),
}


def test_the_page_says_how_many_of_each_are_tried():
    counted = [cells for heading, cells in rows("security.md") if heading == COUNTED]
    assert {what: int(number.replace(",", "")) for what, number, _ in counted} == TRIED
