"""What may have been accepted holds its pair, all of it, until a person has acknowledged it."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from parts import bus_alarm, now
from steps import acknowledged, infer, pass_time, reconciled

from handler import app
from handler.errors import InvalidEvent, InvalidSettings, ProviderUnavailable
from handler.events import parse
from handler.model.pair_state import PairState


def reject(parts, **changes):
    """Let a person order, and the provider refuse."""
    parts.emulator.fault("failover", "respond", status=429)
    result = parts.fail_over(**changes)
    assert result["decision"] == "provider_rejected"
    return result["run_id"]


@pytest.fixture
def held(outage):
    """A pair whose first run is held; a person has overridden that once, to no effect."""
    outage.run_id = infer(outage)
    reject(outage, override=["hold"], run_id=outage.run_id)
    outage.orders = outage.posts
    return outage


def gate(result, name):
    return next(one for one in result["gates"] if one["gate"] == name)


# The gate


def test_a_run_behind_a_rejected_one_keeps_the_incident_from_ordering_by_itself(held):
    for _ in range(3):
        reconciled(held, after_s=130)
    assert held.record.open_incident is not None
    assert held.posts == held.orders


def test_a_run_behind_a_rejected_one_keeps_a_new_alarm_from_ordering(held):
    pass_time(held, minutes=40)
    (result,) = held.alarm("dws-outage-new")
    assert (result["decision"], held.posts) == ("refused", held.orders)
    assert held.run_id in gate(result, "hold")["reason"]


def test_a_run_behind_a_rejected_one_keeps_a_command_from_ordering(held):
    result = held.fail_over()
    assert (result["decision"], result["reason_code"]) == ("refused", "hold")
    assert held.posts == held.orders


def test_what_was_overridden_once_is_overridden_again_only_by_its_name(held):
    last = held.record.run.run_id
    assert held.fail_over(override=["hold"], run_id=last)["decision"] == "refused"
    assert held.fail_over(override=["hold"], run_id=held.run_id)["decision"] == "submitted"


def test_an_override_names_one_run_and_does_not_lift_the_hold_of_another(held):
    """Two are held: whoever has looked at the one has not looked at the other."""
    held.emulator.fault("failover", "cut", at="request")
    second = held.fail_over(override=["hold"], run_id=held.run_id)["run_id"]
    for _ in range(5):
        reconciled(held, after_s=230)
    for run_id in (held.run_id, second):
        assert held.fail_over(override=["hold"], run_id=run_id)["reason_code"] == "hold"
    assert held.posts == held.orders + 1


def test_a_run_older_than_all_that_one_query_reads_holds(held):
    for _ in range(11):
        reject(held, override=["hold"], run_id=held.run_id)
    assert held.run_id in [run.run_id for run in held.record.held]
    assert held.fail_over()["reason_code"] == "hold"


def test_the_status_names_the_run_that_holds_and_not_the_last_one(held):
    result = held.send({"command": "status", "pair": "analytics"})
    assert result["reason"].startswith(f"HELD by run {held.run_id}")


def test_an_acknowledged_run_holds_no_more(held):
    pass_time(held, minutes=10)
    acknowledged(held, run_id=held.run_id)
    held.send({"command": "verify", "pair": "analytics"})
    assert held.record.holding == frozenset()
    assert held.fail_over(override=["armed"])["decision"] == "submitted"


# Many pairs at once


@pytest.fixture
def fleet(parts, monkeypatch, request):
    """So many armed automatic pairs whose region has just failed; each has an alarm of its own."""
    monkeypatch.setenv("MAX_FAILOVERS_PER_HOUR", "1000")
    parts.put_document("analytics", "{}")
    names = [f"pair-{number}" for number in range(request.param)]
    for name in names:
        pair = parts.emulator.add_pair()
        parts.put_pair(name, disaster_recovery_id=pair.id, alarms=[f"dws-outage-{name}"])
        roles = replace(parts.roles, production_cluster_id=pair.production_id)
        roles = replace(roles, standby_cluster_id=pair.standby_id)
        armed = PairState(roles=roles, roles_since=now(hours=-1), armed=True)
        parts.ledger.save_pair_state(pair.id, armed)
        parts.emulator.break_production(pair.id)
    parts.names = names
    return parts


@pytest.mark.parametrize("fleet", [20, 60], indirect=True)
def test_all_pairs_of_a_region_are_ordered_at_once_and_none_is_contended(fleet):
    patient = replace(fleet.adapters, wait=time.sleep)

    def take(name):
        (alarm,) = parse(bus_alarm(f"dws-outage-{name}"))
        (result,) = app.Invocation(patient, fleet.context).answer((alarm,))
        return result.reason_code, result.decision.value

    with ThreadPoolExecutor(len(fleet.names)) as pool:
        answers = list(pool.map(take, fleet.names))
    assert set(answers) == {("accepted", "submitted")}
    accepted = [call.path for call in fleet.emulator.failover_posts if call.effect]
    assert len(set(accepted)) == len(accepted) == len(fleet.names)


# Acknowledging


@pytest.fixture
def twice_held(held):
    """Two runs are held, and a third that was rejected is the last one."""
    held.emulator.fault("failover", "cut", at="request")
    second = held.fail_over(override=["hold"], run_id=held.run_id)["run_id"]
    for _ in range(5):
        reconciled(held, after_s=230)
    held.run_ids = sorted([held.run_id, second])
    assert held.record.holding == set(held.run_ids)
    held.notices()
    return held


def listed(result):
    """The runs that a person may acknowledge next."""
    steps = [json.loads(step) for step in result["next_steps"] if step.startswith("{")]
    return sorted(step["run_id"] for step in steps if step["command"] == "acknowledge")


def test_without_a_run_the_held_ones_are_listed_each_with_its_command(twice_held):
    result = acknowledged(twice_held)
    assert (result["decision"], result["reason_code"]) == ("refused", "run_id_missing")
    assert listed(result) == twice_held.run_ids
    assert twice_held.record.holding == set(twice_held.run_ids)


@pytest.mark.parametrize("number", [0, 1], ids=["older", "newer"])
def test_the_hold_of_the_run_that_is_named_ends_and_no_other(twice_held, number):
    named, other = twice_held.run_ids[number], twice_held.run_ids[1 - number]
    result = acknowledged(twice_held, run_id=named)
    assert (result["decision"], listed(result)) == ("acknowledged", [other])
    assert twice_held.record.holding == {other}
    assert twice_held.fail_over(override=["armed"])["reason_code"] == "hold"


def test_roles_do_not_change_under_an_order_that_is_on_its_way(held):
    """What it does would be told as somebody else's doing."""
    held.emulator.fault("failover", "cut", at="request")
    second = held.fail_over(override=["hold"], run_id=held.run_id)["run_id"]
    before = held.record.pair_state
    standby = held.emulator.pair.standby_id
    insisting = {"production_cluster_id": standby, "override": ["roles"]}
    result = acknowledged(held, run_id=held.run_id, **insisting)
    assert (result["decision"], result["reason_code"]) == ("refused", "run_in_flight")
    assert second in result["reason"]
    assert held.record.pair_state == before
    assert acknowledged(held, run_id=held.run_id)["decision"] == "acknowledged"


def test_a_run_that_was_rejected_is_not_held_though_it_is_the_last(held):
    result = acknowledged(held, run_id=held.record.run.run_id)
    assert (result["decision"], result["reason_code"]) == ("refused", "other_run")
    assert listed(result) == [held.run_id]


def gone(parts):
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
    app.adapters.cache_clear()


def renamed(parts):
    gone(parts)
    parts.put_pair("warehouse")


def bad(parts):
    parts.put_pair(mode="auto")


def not_json(parts):
    parts.put_document("analytics", "{")


DOCUMENTS = {"gone": gone, "renamed": renamed, "bad": bad, "no JSON": not_json}


@pytest.mark.parametrize("by", ["name", "id"])
@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_held_run_is_reached_whatever_has_become_of_its_document(held, document, by):
    DOCUMENTS[document](held)
    id_ = held.emulator.pair.id
    whom = {"pair": "analytics"} if by == "name" else {"pair": None, "disaster_recovery_id": id_}
    assert listed(acknowledged(held, **whom)) == [held.run_id]
    assert acknowledged(held, **whom, run_id=held.run_id)["decision"] == "acknowledged"
    assert held.record.holding == set()


@pytest.mark.parametrize("document", ["gone", "bad", "no JSON"])
def test_a_status_says_that_a_run_holds_whatever_has_become_of_its_document(held, document):
    DOCUMENTS[document](held)
    row = held.send({"command": "status", "pair": "analytics"})
    assert row["reason"].startswith(f"HELD by run {held.run_id} (")
    assert "; NOT READY because its document is " in row["reason"]
    assert listed(row) == [held.run_id]
    rows = held.send({"command": "status"})["results"]
    assert row in rows


def test_a_renamed_pair_is_reached_by_its_new_name_as_well(held):
    renamed(held)
    result = acknowledged(held, pair="warehouse", run_id=held.run_id)
    assert result["decision"] == "acknowledged"


def test_nothing_but_looking_and_acknowledging_goes_by_the_snapshot_of_a_run(held):
    gone(held)
    with pytest.raises(InvalidEvent):
        held.fail_over(override=["hold"], run_id=held.run_id)


def refused_by_iam(parts):
    parts.put_secret(f"{parts.name}/credentials", access_key_id="only half")


def unknown_to_the_provider(parts):
    parts.put_secret(f"{parts.name}/credentials", access_key_id="GONE", secret_access_key="gone")


def deleted(parts):
    secrets = parts.aws.client("secretsmanager")
    secrets.delete_secret(SecretId=f"{parts.name}/credentials", ForceDeleteWithoutRecovery=True)
    app.adapters.cache_clear()


@pytest.mark.parametrize("spoil", [refused_by_iam, unknown_to_the_provider, deleted])
def test_a_held_run_is_reached_with_credentials_that_no_longer_work(held, spoil):
    """Else nobody could ever end the hold of a pair whose key has been revoked."""
    spoil(held)
    with pytest.raises((InvalidSettings, ProviderUnavailable)):
        acknowledged(held, run_id=held.run_id)
    result = acknowledged(held, run_id=held.run_id, override=["roles"])
    assert result["decision"] == "acknowledged"
    assert held.record.holding == set()
