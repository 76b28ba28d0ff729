"""Both state machines through every end, on the embedded AWS with the real function."""

import itertools
import json
import re
import time

import pytest
from deployment import Deployment, is_true_within, kill_function, package_again
from executions import FAILOVER, FLEET, WHO, Execution, most_at_once, nested
from parts import command, now, signed
from places import ROOT
from stored import arm, let_pass

from handler.aws.ledger import Ledger
from handler.aws.table import Table
from handler.model.disaster_recovery import Roles
from handler.model.pair_state import PairState
from local.aws import EmbeddedAws

PAGE = (ROOT / "docs/statemachines.md").read_text()
LOOK_S = 40  # more than lies between the two looks that prove a success
STALLED_S = 60


@pytest.fixture(scope="module")
def own_aws(aws, packaged):  # noqa: ARG001 - it has been packaged there
    with EmbeddedAws(wait_scale=0.01, concurrency=24) as own:
        package_again(aws, own)
        yield own


@pytest.fixture
def chain(own_aws, built, packaged, emulator):
    """A deployment whose pair is armed; switching takes a moment."""
    emulator.vary(switching_s=0.2)
    with Deployment(own_aws, built, packaged, emulator) as deployment:
        deployment.put_pair(production_down_for_s=0)
        arm(deployment)
        yield deployment


@pytest.fixture
def outage(chain):
    chain.emulator.break_production()
    return chain


def fail_over(deployment, **request):
    return Execution(deployment, **{"pair": "analytics", "confirm": "analytics", **request})


def accepted(deployment):
    return sum(post.effect for post in deployment.emulator.failover_posts)


# One pair: done


def test_an_outage_is_failed_over_and_proved(outage):
    end, output = fail_over(outage).end(LOOK_S)
    assert (end, output["outcome"], accepted(outage)) == ("Succeeded", "Succeeded", 1)
    assert output["answer"]["decision"] == "succeeded"


def test_the_input_is_not_lost(outage):
    _, output = fail_over(outage).end(LOOK_S)
    assert {name: output[name] for name in WHO} == WHO


def test_an_order_of_unknown_fate_is_settled_and_not_sent_again(outage):
    outage.emulator.fault("failover", "cut")
    execution = fail_over(outage)
    assert execution.end(LOOK_S)[0] == "Succeeded"
    assert accepted(outage) == len(outage.emulator.failover_posts) == 1


def test_a_run_that_is_there_already_is_followed(outage):
    outage.invoke(command())
    assert fail_over(outage).end(LOOK_S)[0] == "Succeeded"
    assert accepted(outage) == 1


def test_the_same_request_again_finds_its_run(outage):
    fail_over(outage, request_id="change-7").end(LOOK_S)
    assert fail_over(outage, request_id="change-7").end(LOOK_S)[0] == "Succeeded"
    assert accepted(outage) == 1


def test_a_provider_that_is_down_for_a_while_is_asked_again(outage):
    outage.emulator.fault("any", "respond", status=503, times=None)
    execution = fail_over(outage)
    execution.wait_for("Rehearse")
    time.sleep(0.5)
    outage.emulator.clear_faults()
    assert execution.end(LOOK_S)[0] == "Succeeded"
    assert accepted(outage) == 1


# One pair: killed


def test_killed_before_the_claim_the_order_is_sent_by_the_next_try(outage):
    outage.emulator.fault("detail", "stall", after=1, seconds=STALLED_S)
    execution = fail_over(outage)
    assert is_true_within(20, lambda: any(call.fault for call in outage.emulator.journal))
    kill_function(outage)
    outage.emulator.clear_faults()
    assert execution.end(LOOK_S)[0] == "Succeeded"
    assert execution.states().count("FailOver") == 2
    assert accepted(outage) == 1


def test_killed_after_the_claim_the_order_is_followed_and_not_sent_again(outage):
    outage.emulator.fault("failover", "stall", seconds=STALLED_S)
    execution = fail_over(outage)
    assert is_true_within(20, lambda: any(call.fault for call in outage.emulator.journal))
    kill_function(outage)
    outage.emulator.clear_faults()
    assert execution.end(LOOK_S)[0] == "Succeeded"
    assert execution.states().count("FailOver") == 1
    assert accepted(outage) == 1


def test_an_execution_that_is_stopped_leaves_a_run_that_reconcile_settles(outage):
    outage.emulator.vary(switching_s=2)
    execution = fail_over(outage)
    execution.wait_for("Verify")
    execution.stop()
    time.sleep(2)
    decisions = []
    for _ in range(4):
        let_pass(outage, LOOK_S)
        outage.invoke({"command": "reconcile"})
        decisions += [notice.result["decision"] for notice in outage.notices(within_s=0)]
    assert decisions.count("succeeded") == 1


# One pair: a person decides


def approve(deployment):
    """Send the command of the refusal's notification, as a person would."""
    (notice,) = deployment.notices()
    assert notice.result["decision"] == "refused"
    approval = signed(notice.result, confirm="analytics")
    assert len(approval["evidence"]) == 16
    return deployment.invoke(approval)


@pytest.fixture
def alive(chain):
    """Production is up, and its next synchronisation far away: what was seen stays so."""
    chain.emulator.set_pair(sync_every_s=3600)
    return chain


@pytest.fixture
def costly(alive):
    """Production is down, and more data than allowed would be lost: a person decides."""
    alive.emulator.set_pair(last_sync=now(hours=-2))
    alive.emulator.break_production()
    return alive


def test_a_persons_command_is_the_approval(costly):
    execution = fail_over(costly)
    execution.wait_for("WaitForAPerson")
    assert approve(costly)["decision"] == "submitted"
    assert execution.end(LOOK_S)[0] == "Succeeded"
    assert accepted(costly) == 1


def test_an_approval_holds_only_for_what_was_seen(costly):
    execution = fail_over(costly, approval_time_s=4)
    execution.wait_for("WaitForAPerson")
    costly.emulator.restore_production()
    assert approve(costly)["reason_code"] == "evidence_changed"
    assert execution.end()[0] == "ApprovalTimeOver"
    assert accepted(costly) == 0


def test_where_production_is_up_no_approval_is_asked_for(alive):
    execution = fail_over(alive, approval_time_s=1)
    execution.wait_for("WaitForAPerson")
    (notice,) = alive.notices()
    assert "planned switchover" in notice.result["next_steps"][0]
    assert execution.end()[0] == "ApprovalTimeOver"


def test_the_approval_time_ends(alive):
    error, cause = fail_over(alive, approval_time_s=1).end()
    assert (error, json.loads(cause)["reason_code"]) == ("ApprovalTimeOver", "production_down")
    assert accepted(alive) == 0


def test_a_command_on_other_evidence_ends_at_once(outage):
    assert fail_over(outage, evidence="0" * 16).end()[0] == "EvidenceChanged"
    assert accepted(outage) == 0


def test_what_nobody_may_override_is_refused_for_good(outage):
    outage.invoke({
        "command": "pause", "pair": "analytics", "until": now(hours=1).isoformat(), **WHO,
    })  # fmt: skip
    error, cause = fail_over(outage).end()
    assert (error, json.loads(cause)["reason_code"]) == ("RefusedForGood", "pause")
    assert accepted(outage) == 0


# One pair: other ends


@pytest.mark.parametrize("request_", [{"confirm": "other"}, {"confirm": None}], ids=str)
def test_an_order_that_nobody_has_confirmed_is_none(outage, request_):
    request = {"pair": "analytics", "confirm": "analytics", **request_}
    given = {name: value for name, value in request.items() if value is not None}
    assert Execution(outage, **given).end()[0] == "NotConfirmed"
    assert accepted(outage) == 0


def test_an_execution_that_is_started_again_with_an_old_input_orders_nothing(outage):
    old = fail_over(outage, requested_at=now(minutes=-31).isoformat())
    error, cause = old.end()
    assert (error, json.loads(cause)["reason_code"]) == ("NotConfirmed", "stale_request")
    assert accepted(outage) == 0


def test_a_time_that_is_given_is_good_for_half_an_hour(outage):
    young = fail_over(outage, requested_at=now(minutes=-29).isoformat())
    assert young.end(LOOK_S)[0] == "Succeeded"


def test_a_run_that_takes_too_long_is_overdue(outage):
    outage.emulator.vary(switching_s=100_000)
    execution = fail_over(outage)
    execution.wait_for("Verify")
    error, cause = execution.end(passing_s=6000)
    assert (error, json.loads(cause)["decision"]) == ("Overdue", "overdue")


def test_an_order_that_the_provider_rejects_ends_so(outage):
    outage.emulator.fault("failover", "respond", status=403, body={"error_code": "APIG.0302"})
    assert fail_over(outage).end()[0] == "ProviderRejected"


def test_an_order_that_came_to_nothing_ends_so(outage):
    outage.emulator.fault("failover", "cut", at="request", effect=False)
    assert fail_over(outage).end(250)[0] == "NotStarted"


def test_a_failover_that_fails_ends_so(outage):
    outage.emulator.vary(fails=True)
    assert fail_over(outage).end(LOOK_S)[0] == "Failed"


def test_a_run_that_a_person_closes_ends_so(outage):
    outage.emulator.vary(exchange="never")
    execution = fail_over(outage)
    execution.wait_for("Verify")
    time.sleep(0.5)
    (run,) = {one.result["run_id"] for one in outage.notices()}
    acknowledge_command = {
        "command": "acknowledge", "pair": "analytics", "run_id": run,
        "production_cluster_id": outage.emulator.pair.production_id, **WHO,
    }  # fmt: skip

    def is_acknowledged():
        # Each time anew: a look that had read the run before writes the old times back.
        let_pass(outage, 700)
        return outage.invoke(acknowledge_command)["decision"] == "acknowledged"

    # Refused while the last look still shows the switching.
    assert is_true_within(20, is_acknowledged)
    assert execution.end()[0] == "Closed"


def test_an_invocation_without_time_is_tried_again_and_then_blocked(outage):
    function = outage.physical_id("FailoverFunction")
    outage.aws.client("lambda").update_function_configuration(FunctionName=function, Timeout=25)
    execution = fail_over(outage)
    assert execution.end()[0] == "Blocked"
    assert execution.states().count("FailOver") == 6


@pytest.mark.parametrize(
    "request_", [{"pair": "nobody"}, {"pair": "an*"}, {"force": True}], ids=str
)
def test_a_wrong_input_is_an_invalid_event(outage, request_):
    error, cause = fail_over(outage, **request_).end()
    assert (error, cause[:2]) == ("InvalidEvent", "$.")


def test_a_bad_secret_is_invalid_settings(outage):
    outage.aws.client("secretsmanager").put_secret_value(SecretId=outage.secret, SecretString="{}")
    assert fail_over(outage).end()[0] == "InvalidSettings"


def test_a_provider_that_stays_down_ends_so_and_nothing_is_ordered(outage):
    outage.emulator.fault("any", "respond", status=503, times=None)
    assert fail_over(outage).end()[0] == "ProviderUnavailable"
    assert accepted(outage) == 0


def without_table(deployment):
    table = deployment.outputs["RunsTableName"]
    dynamodb = deployment.aws.client("dynamodb")
    dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=table)


def without_function(deployment):
    function = deployment.physical_id("FailoverFunction")
    deployment.aws.client("lambda").delete_function(FunctionName=function)


def without_pairs(deployment):
    client, name = deployment.aws.client("lambda"), deployment.physical_id("FailoverFunction")
    set_ = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    there = {**set_, "PAIRS_PARAMETER_PATH": "/somewhere/else"}
    client.update_function_configuration(FunctionName=name, Environment={"Variables": there})


def test_without_its_table_nothing_is_ordered(outage):
    without_table(outage)
    assert fail_over(outage).end()[0] == "LedgerUnavailable"
    assert accepted(outage) == 0


def test_without_its_function_it_says_so(outage):
    without_function(outage)
    error, cause = fail_over(outage).end()
    assert (error, cause.partition(": ")[0]) == (
        "FunctionFailed",
        "Lambda.ResourceNotFoundException",
    )


def ended_before_an_order(outage, **request):
    """Why an input is wrong, found before anything could be ordered."""
    execution = fail_over(outage, **request)
    error, cause = execution.end(LOOK_S)
    assert (error, accepted(outage)) == ("InvalidEvent", 0)
    assert "FailOver" not in execution.states()
    return cause


@pytest.mark.parametrize("name", WHO)
def test_an_order_that_nobody_answers_for_is_not_begun(outage, name):
    assert f"$.{name}: found nothing" in ended_before_an_order(outage, without=name)


@pytest.mark.parametrize(("name", "placeholder"), [("reason", "<why>"), ("requested_by", "<who>")])
def test_an_order_that_a_placeholder_answers_for_is_not_begun(outage, name, placeholder):
    assert f"$.{name}" in ended_before_an_order(outage, **{name: placeholder})


TIMES = [18_001, -1, "900", None, True, [900, 900], {"x": 1}]


def test_a_time_that_no_execution_can_last_is_refused_before_anything_is_asked(chain):
    request = {"pair": "analytics", "confirm": "analytics"}
    for machine, time_ in itertools.product((FAILOVER, FLEET), TIMES):
        execution = Execution(chain, machine, **request, approval_time_s=time_)
        error, cause = execution.end()
        assert error == "WrongApprovalTime", (machine, time_, cause)
        found = time_ if isinstance(time_, str) else json.dumps(time_, separators=(",", ":"))
        assert cause == f"$.approval_time_s: found {found}, allowed: a number from 0 to 18000"
        assert execution.states() == ["Begin", "IsTheTimeAllowed", "WrongApprovalTime"]


# A chain of one's own


@pytest.fixture
def chain_of_ones_own(outage):
    """The page's definition, deployed."""
    (text,) = re.findall(r'```json\n(\{"QueryLanguage".*?)```', PAGE, re.DOTALL)
    definition = text.replace("<FailoverFunctionArn>", outage.outputs["FailoverFunctionArn"])
    client = outage.aws.client("stepfunctions")
    role = f"arn:aws:iam::000000000000:role/{outage.physical_id('FailoverStateMachineRole')}"
    made = client.create_state_machine(name=outage.stack, definition=definition, roleArn=role)
    outage.outputs["Own"] = made["stateMachineArn"]
    return outage


def test_a_chain_as_on_the_page_fails_over(chain_of_ones_own):
    request = {"pair": "analytics", "confirm": "analytics"}
    assert Execution(chain_of_ones_own, "Own", **request).end(LOOK_S)[0] == "FailedOver"
    assert accepted(chain_of_ones_own) == 1


def test_a_chain_as_on_the_page_follows_what_it_does_not_know(chain_of_ones_own):
    chain_of_ones_own.emulator.fault("failover", "stall", seconds=STALLED_S)
    execution = Execution(chain_of_ones_own, "Own", pair="analytics", confirm="analytics")
    assert is_true_within(20, lambda: any(c.fault for c in chain_of_ones_own.emulator.journal))
    kill_function(chain_of_ones_own)
    chain_of_ones_own.emulator.clear_faults()
    assert execution.end(LOOK_S)[0] == "FailedOver"
    assert accepted(chain_of_ones_own) == 1


def test_a_chain_as_on_the_page_ends_where_a_person_must_look(chain_of_ones_own):
    chain_of_ones_own.emulator.restore_production()
    request = {"pair": "analytics", "confirm": "analytics"}
    assert Execution(chain_of_ones_own, "Own", **request).end()[0] == "NotProved"


# A fleet


def add_pairs(deployment, count, **changes):
    """More armed pairs of the same provider; the first keeps its name."""
    ssm, path = deployment.aws.client("ssm"), deployment.outputs["PairsParameterPath"]
    text = ssm.get_parameter(Name=f"{path}/analytics")["Parameter"]["Value"]
    table = Table(deployment.aws.client("dynamodb"), deployment.outputs["RunsTableName"])
    added = []
    for number in range(1, count):
        pair = deployment.emulator.add_pair(sync_every_s=1)
        document = {**json.loads(text), "disaster_recovery_id": pair.id, **changes}
        name = f"p{number:02}"
        ssm.put_parameter(Name=f"{path}/{name}", Value=json.dumps(document), Type="String")
        roles = Roles(pair.production_id, pair.standby_id)
        pair_state = PairState(roles=roles, roles_since=now(hours=-1), armed=True)
        Ledger(table).save_pair_state(pair.id, pair_state)
        added.append(name)
    return ["analytics", *added]


def fail_all_over(deployment, **request):
    return Execution(deployment, FLEET, **{"approval_time_s": 0, **request})


def outcomes(output):
    return [one["outcome"] for one in output["results"]]


def test_a_fleet_of_forty_goes_three_at_a_time_and_wave_by_wave(chain):
    names = add_pairs(chain, 40)
    waves = {name: number % 2 + 1 for number, name in enumerate(names)}
    end, output = fail_all_over(
        chain,
        pairs=[{"name": name, "priority": waves[name]} for name in names],
        confirm_count=40,
        max_concurrency=3,
        stop_after_failures=100,
    ).end(within_s=240)
    executions = nested(chain)
    assert (end, len(executions)) == ("SomeFailed", 40)
    assert {one["pair"] for one in output["results"]} == set(names)
    assert most_at_once(executions) == 3
    first_ended = max(stop for pair, _, stop in executions if waves[pair] == 1)
    assert first_ended <= min(start for pair, start, _ in executions if waves[pair] == 2)


def test_the_third_failure_stops_the_rest(chain):
    names = add_pairs(chain, 8)
    end, output = fail_all_over(
        chain, pairs=names, confirm_count=8, max_concurrency=1, stop_after_failures=3
    ).end()
    assert end == "StoppedAfterFailures"
    assert outcomes(output) == ["Failed"] * 3 + ["Skipped"] * 5
    assert len(nested(chain)) == 3


def test_a_wave_that_failed_stops_the_next(chain):
    names = add_pairs(chain, 6)
    pairs = [{"name": name, "priority": 1 + number // 3} for number, name in enumerate(names)]
    end, output = fail_all_over(
        chain, pairs=pairs, confirm_count=6, max_concurrency=3, stop_after_failures=3
    ).end()
    assert (end, outcomes(output)) == ("StoppedAfterFailures", ["Failed"] * 3 + ["Skipped"] * 3)
    assert output["counts"] == {"succeeded": 0, "failed": 3, "skipped": 3}


def test_a_fleet_by_a_pattern_is_failed_over_and_told_once(outage):
    names = add_pairs(outage, 3)
    for pair in outage.emulator.pairs[1:]:
        outage.emulator.vary(pair.id, switching_s=0.2)
        outage.emulator.break_production(pair.id)
    end, output = fail_all_over(outage, pattern="p*", confirm_count=2).end(LOOK_S)
    assert (end, outcomes(output)) == ("AllSucceeded", ["Succeeded"] * 2)
    assert [one["pair"] for one in output["results"]] == names[1:]
    told = [one for one in outage.notices() if "] fleet: " in one.subject]
    (summary,) = told
    assert summary.subject == (
        "[WARNING] fleet: 2 of 2 pairs now run on their standby; move clients"
    )
    assert summary.result["results"] == output["results"]


def test_a_fleet_by_a_plain_name_is_that_pair(outage):
    add_pairs(outage, 2)
    end, output = fail_all_over(outage, pattern="analytics", confirm_count=1).end(LOOK_S)
    assert (end, outcomes(output)) == ("AllSucceeded", ["Succeeded"])


def test_a_bad_document_is_meant_by_a_pattern_and_fails(outage):
    path = outage.outputs["PairsParameterPath"]
    outage.aws.client("ssm").put_parameter(Name=f"{path}/analytics-2", Value="{", Type="String")
    end, output = fail_all_over(outage, pattern="analytics*", confirm_count=2).end(LOOK_S)
    assert (end, outcomes(output)) == ("SomeFailed", ["Succeeded", "Failed"])
    assert output["results"][1]["error"] == "InvalidSettings"


def test_a_summary_that_cannot_be_sent_costs_no_results(chain):
    chain.aws.client("sns").delete_topic(TopicArn=chain.outputs["NotificationTopicArn"])
    end, output = fail_all_over(chain, pattern="*", confirm_count=1).end()
    assert (end, outcomes(output)) == ("SomeFailed", ["Failed"])


def test_some_may_fail(outage):
    add_pairs(outage, 2)
    end, output = fail_all_over(outage, pairs=["analytics", "p01"], confirm_count=2).end(LOOK_S)
    assert (end, outcomes(output)) == ("SomeFailed", ["Succeeded", "Failed"])
    failed = output["results"][1]
    assert (failed["error"], failed["reason"][:20]) == ("ApprovalTimeOver", "gate production_down")


def test_a_pair_that_fails_is_told_by_its_own_error_however_long_its_cause(chain):
    """A cause holds the input, too, and is cut: then it is no JSON any more."""
    for unknown in ("x", "x" * 40_000):
        end, output = fail_all_over(chain, pattern="*", confirm_count=1, force=unknown).end()
        (failed,) = output["results"]
        assert (end, failed["error"]) == ("SomeFailed", "InvalidEvent")
        assert "$.force: unknown field" in failed["reason"]


def test_a_pair_whose_execution_is_stopped_is_told_so(chain):
    chain.emulator.set_pair(sync_every_s=3600)
    fleet = fail_all_over(chain, pattern="*", confirm_count=1, approval_time_s=900)
    client, arn = chain.aws.client("stepfunctions"), chain.outputs[FAILOVER]

    def running():
        return client.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]

    assert is_true_within(20, running)
    client.stop_execution(executionArn=running()[0]["executionArn"])
    end, output = fleet.end()
    (failed,) = output["results"]
    assert (end, failed["outcome"], failed["reason"]) == ("SomeFailed", "Failed", "ABORTED")


@pytest.mark.parametrize(
    ("request_", "error", "cause"),
    [
        ({"pattern": "*", "confirm_count": 3}, "WrongCount", "found 2 (analytics, p01)"),
        ({"pattern": "*"}, "WrongCount", "confirm_count is missing"),
        ({"pattern": "*", "confirm_count": "2"}, "WrongCount", "confirm_count is missing"),
        ({"pairs": ["p01", "x", "y"], "confirm_count": 3}, "UnknownPairs", "no such pairs: x, y"),
        ({"pairs": ["p01", "p01"], "confirm_count": 2}, "PairsNamedTwice", "more than once"),
        ({"pattern": "prod-*", "confirm_count": 0}, "NoPairs", "$.pattern: found 'prod-*'"),
        ({"pattern": "../*", "confirm_count": 1}, "InvalidEvent", "$.pair"),
    ],
    ids=str,
)
def test_a_fleet_that_is_not_what_was_meant_is_not_begun(chain, request_, error, cause):
    add_pairs(chain, 2)
    end = Execution(chain, FLEET, **request_).end()
    assert end[0] == error
    assert cause in end[1]
    assert nested(chain) == []


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (without_table, "LedgerUnavailable"),
        (without_pairs, "InvalidSettings"),
        (without_function, "FunctionFailed"),
    ],
)
def test_a_fleet_whose_pairs_cannot_be_found_is_not_begun(chain, broken, error):
    broken(chain)
    assert fail_all_over(chain, pattern="*", confirm_count=1).end()[0] == error
