"""An item that this code cannot have written is its pair's trouble alone; no time overflows."""

import pytest
from neighbours import TROUBLED, assert_the_other_goes_on, put_troubled, rows
from parts import command, now
from stored import items

from handler.errors import LedgerUnavailable

ALARM = "dws-accounts-outage"
REQUEST = "3f0c9a1e-request"


@pytest.fixture
def full(two):
    """Of `accounts` there is everything in the table: an outage, an incident and a run."""
    put_troubled(two, alarms=["dws-accounts-*"], mode="observe")
    two.troubled.vary(TROUBLED, switching_s=600)
    two.troubled.break_production(TROUBLED)
    two.send({"command": "reconcile"})
    assert two.alarm(ALARM)[0]["reason_code"] == "mode"
    assert fail_over(two)["decision"] == "submitted"
    two.notices()
    return two


def fail_over(parts, **changes):
    at = (now() + parts.ahead).isoformat()
    whom = {"pair": "accounts", "confirm": "accounts", "request_id": REQUEST, "requested_at": at}
    return parts.send(command(**{**whom, **changes}))


def change(parts, sk, changed, pk=TROUBLED):
    """Change all items whose key begins like this, as no code of ours would."""
    client, found = parts.aws.client("dynamodb"), 0
    for item in items(parts):
        if item["pk"]["S"] == pk and item["sk"]["S"].startswith(sk):
            keys = {name: item.pop(name) for name in ("pk", "sk")}
            client.put_item(TableName=parts.table, Item={**changed(item), **keys})
            found += 1
    assert found, f"there is no {sk}"


def each(kinds, value):
    """All fields of these kinds become this."""
    return lambda item: {
        name: value if not kinds or set(one) & set(kinds) else one for name, one in item.items()
    }


DAMAGES = {
    "every field a list": each((), {"L": [{"N": "1"}]}),
    "every field empty": each((), {"NULL": True}),
    "every field an object": each((), {"M": {"from": {"S": "the future"}}}),
    "every text another": each(("S",), {"S": "teleported"}),
    "every number huge": each(("N",), {"N": "1E+125"}),
    "every number a fraction": each(("N",), {"N": "0.5"}),
}
DAMAGE = pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
OF_THE_PAIR = ("state#pair", "state#incident", "state#health", "run#")


@DAMAGE
@pytest.mark.parametrize("sk", OF_THE_PAIR)
def test_an_item_of_a_pair_that_cannot_be_read_is_its_trouble_alone(full, sk, damage):
    change(full, sk, damage)
    assert rows(full)["accounts"]["reason_code"] == "unavailable"
    found = rows(full, "reconcile")["accounts"]
    assert (found["decision"], found["reason_code"]) == ("blocked", "unavailable")
    for asked in ("status", "rehearse", "verify"):
        with pytest.raises(LedgerUnavailable, match="holds what cannot be read"):
            full.send({"command": asked, "pair": "accounts"})
    with pytest.raises(LedgerUnavailable):
        fail_over(full, request_id="another-request")
    with pytest.raises(LedgerUnavailable):
        full.alarm("dws-accounts-b")
    assert len(full.troubled.failover_posts) == 1
    assert_the_other_goes_on(full)
