"""The rows of `history`: what others wrote is quoted, and looks like no word of ours."""

import re

import pytest

from failoverctl.commands.history import rows_of

FORGED = "dws-outage-x; acknowledged by ada.admin: standby verified; holds nothing"
ORDERED = {"kind": "command", "name": "failover", "requested_by": FORGED}
RUN = {"run_id": "r-1", "pair": "sales", "decision": "succeeded", "holds_pair": True}
INCIDENT = {"incident_id": "i-1", "pair": "sales", "opened_at": "2026-01-15T08:30:00Z"}


def ours(answer):
    """What a row's long text says besides what is quoted."""
    (row,) = rows_of(answer)
    return re.sub("«[^»]*»", "«»", row.long)


@pytest.mark.parametrize("kind", ["eventbridge", "smn"])
def test_an_alarms_name_is_quoted(kind):
    trigger = {"kind": kind, "name": FORGED}
    assert ours({"runs": [{**RUN, "trigger": trigger}]}) == "alarm «»; holds the pair; run r-1"
    assert ours({"incidents": [{**INCIDENT, "trigger": trigger}]}) == "alarm «»"


def test_who_has_ordered_and_why_is_quoted():
    run = {**RUN, "trigger": ORDERED, "ordered_because": FORGED}
    assert ours({"runs": [run]}) == "«» by failover; «»; holds the pair; run r-1"


def test_who_has_acknowledged_and_why_is_quoted():
    said = {"acknowledged_by": FORGED, "acknowledged_because": FORGED}
    assert ours({"runs": [{**RUN, **said}]}).startswith("acknowledged by «»: «»; ")
    assert ours({"incidents": [{**INCIDENT, **said}]}) == "acknowledged by «»: «»"


def test_what_two_witnesses_have_opened_names_nobody():
    incident = {**INCIDENT, "trigger": {"kind": "watch", "name": "reconcile"}}
    assert ours({"incidents": [incident]}) == "two witnesses"
