"""How old evidence is counts from the first thing that was read of what an order rests on.

Secrets Manager may take its time, between what the table says and what the provider says.
"""

import json

import pytest
from parts import now

from handler import app


class Slow:
    """Secrets of which the next one takes a while, in which other things happen."""

    def __init__(self, parts, meanwhile):
        self._secrets, self._left = app.adapters().secrets, [meanwhile]
        parts.instead["secrets"] = self

    def get(self, *args, **options):
        if self._left:
            self._left.pop()()
        return self._secrets.get(*args, **options)


@pytest.fixture
def outage(parts):
    """An armed pair whose production is FAILED, by its cluster's word alone."""
    parts.arm()
    parts.emulator.vary(abnormal_after_s=None)
    parts.emulator.break_production()
    return parts


def at(parts):
    return now() + parts.ahead


def alarmed(parts):
    (result,) = parts.alarm(at=at(parts))
    return result


def test_since_when_production_is_down_is_read_again_before_an_order(outage):
    """It was up, and seen up, while the secret was waited for."""
    outage.put_pair(production_down_for_s=60)
    for after_s in (0, 61):
        outage.let_pass(after_s)
        outage.send({"command": "reconcile"})

    def meanwhile():
        outage.let_pass(1)
        outage.emulator.restore_production()
        outage.send({"command": "reconcile", "pair": "analytics"})
        outage.let_pass(13)
        outage.emulator.break_production()
        outage.let_pass(1)

    Slow(outage, meanwhile)
    result = alarmed(outage)
    assert (result["decision"], outage.posts) == ("not_started", 0)
    assert "production has been down for 0 s of 60 s" in result["reason"]


def test_a_pair_that_is_turned_to_observe_meanwhile_is_not_failed_over(outage):
    outage.send({"command": "status"})  # this environment has read the documents
    observed = json.loads(document(outage)) | {"mode": "observe"}
    outage.aws.client("ssm").put_parameter(
        Name=f"{outage.path}/analytics", Value=json.dumps(observed), Overwrite=True
    )
    outage.let_pass(28)
    Slow(outage, lambda: outage.let_pass(9))
    result = alarmed(outage)
    assert (result["decision"], result["reason_code"], outage.posts) == ("refused", "mode", 0)


def document(parts):
    name = f"{parts.path}/analytics"
    return parts.aws.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]


def test_where_nothing_has_changed_the_order_leaves_on_what_is_read_anew(outage):
    Slow(outage, lambda: outage.let_pass(15))
    outage.emulator.clear_journal()
    assert alarmed(outage)["decision"] == "submitted"
    reads = [call.operation for call in outage.emulator.journal]
    assert (reads.count("detail"), outage.posts) == (2, 1)
