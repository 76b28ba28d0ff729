"""Two pairs of one deployment: `analytics` is well, and `accounts`, before it, in trouble."""

from contextlib import contextmanager

from parts import access_key, now

from handler.model.disaster_recovery import Roles
from handler.model.pair_state import PairState
from local.dws import Emulator

TROUBLED = "f7a2c1d0-0000-4d4d-8d8d-0000000000d1"


@contextmanager
def beside(parts):
    """The second pair, ready to be failed over, with a provider of its own: `parts.troubled`."""
    parts.arm()
    with Emulator(sync_every_s=1) as provider:
        pair = provider.pair
        provider.add_pair(id=TROUBLED, production_id=pair.standby_id, standby_id=pair.production_id)
        provider.remove_pair()
        parts.troubled = provider
        parts.providers.append(provider)
        parts.ledger.save_pair_state(TROUBLED, armed(provider.find_pair(TROUBLED)))
        parts.put_secret(f"{parts.name}/accounts", **access_key(provider))
        put_troubled(parts)
        yield parts


def armed(pair):
    roles = Roles(pair.production_id, pair.standby_id)
    return PairState(roles=roles, roles_since=now(hours=-1), armed=True)


def put_troubled(parts, **changes):
    parts.put_pair("accounts", **{
        "disaster_recovery_id": TROUBLED,
        "project_id": parts.troubled.project_id,
        "endpoint": parts.troubled.url,
        "credentials_secret": f"{parts.name}/accounts",
        **changes,
    })  # fmt: skip


def rows(parts, command="status", **fields):
    """The results of a command about all pairs, by pair."""
    results = parts.send({"command": command, **fields})["results"]
    return {one["pair"]: one for one in results}


def assert_the_other_goes_on(parts):
    """`analytics` is looked at, is ready, and is failed over when it has to be."""
    before = parts.record.observations.checked_at
    parts.let_pass(601)
    assert rows(parts, "reconcile")["analytics"]["reason_code"] == "armed"
    assert parts.record.observations.checked_at != before
    assert rows(parts)["analytics"]["reason"].startswith("READY")
    parts.emulator.break_production()
    results = {one["pair"]: one for one in parts.alarm(at=now() + parts.ahead)}
    assert (results["analytics"]["decision"], parts.posts) == ("submitted", 1)
