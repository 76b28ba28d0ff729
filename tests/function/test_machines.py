"""Both state machines through every end, by the second judges: our interpreter on the reference
implementation of JSONata, and moto's table, topic and parameters.

The function is the real one, in this process; machine, function and provider live in one simulated
time. `tests/deployed/test_executions.py` runs the same definitions as the first judge has them.
"""

import json
import re

import pytest
from definitions import definition
from integrations import Machines
from interpreter import Failed
from neighbours import armed
from parts import Parts, now, signed
from places import ROOT
from steps import acknowledged

WHO = {"reason": "production is lost", "requested_by": "on-call"}


@pytest.fixture
def parts(moto, emulator):
    with Parts(moto, emulator) as made:
        yield made


@pytest.fixture
def outage(parts):
    parts.emulator.vary(switching_s=30)
    parts.emulator.set_pair(sync_every_s=3600)  # none changes what was seen
    parts.arm()
    parts.emulator.break_production()
    return parts


def ended(parts, machine, tasks=(), entered=lambda _: None, **request):
    """The execution of a request: its end and what it says, and the states on the way."""
    machines = Machines(parts, entered)
    machines.tasks.update(tasks)
    return end_of(machines.begin(machine, {**WHO, **request}))


def end_of(execution):
    try:
        execution.run()
    except Failed as err:
        return err.error, err.cause, execution.states
    return execution.end, execution.output, execution.states


def failed_over(parts, tasks=(), entered=lambda _: None, **request):
    given = {"pair": "analytics", "confirm": "analytics", **request}
    return ended(parts, "failover", tasks, entered, **given)


def ends_of(machine):
    states = definition(machine)["States"]
    return {name for name, state in states.items() if state["Type"] in ("Fail", "Succeed")}


# One pair


def a_success(outage):
    pass


def a_failure(outage):
    outage.emulator.vary(fails=True)


def a_switch_that_does_not_end(outage):
    outage.emulator.vary(switching_s=100_000)
    outage.put_pair(completion_deadline_s=1800)


def an_order_that_is_lost(outage):
    outage.emulator.fault("failover", "cut", at="request", effect=False)


def an_order_that_is_rejected(outage):
    outage.emulator.fault("failover", "respond", status=403, body={"error_code": "APIG.0302"})


def a_pause(outage):
    until = now(hours=1).isoformat()
    outage.send({"command": "pause", "pair": "analytics", "until": until, **WHO})


def no_outage(outage):
    outage.emulator.restore_production()


def no_time(outage):
    outage.remaining_s = 25


def a_bad_secret(outage):
    outage.put_secret(f"{outage.name}/credentials", nothing="")


def a_provider_that_is_down(outage):
    outage.emulator.fault("any", "respond", status=503, times=None)


def no_table(outage):
    outage.aws.client("dynamodb").delete_table(TableName=outage.table)


ENDS = {
    "Succeeded": (a_success, {}),
    "Failed": (a_failure, {}),
    "Overdue": (a_switch_that_does_not_end, {}),
    "NotStarted": (an_order_that_is_lost, {}),
    "ProviderRejected": (an_order_that_is_rejected, {}),
    "NotConfirmed": (a_success, {"confirm": "other"}),
    "EvidenceChanged": (a_success, {"evidence": "0" * 16}),
    "RefusedForGood": (a_pause, {}),
    "ApprovalTimeOver": (no_outage, {"approval_time_s": 30}),
    "Blocked": (no_time, {}),
    "WrongApprovalTime": (a_success, {"approval_time_s": "900"}),
    "InvalidEvent": (a_success, {"force": True}),
    "InvalidSettings": (a_bad_secret, {}),
    "ProviderUnavailable": (a_provider_that_is_down, {}),
    "LedgerUnavailable": (no_table, {}),
}
TAKE_LONG = {"Overdue", "NotStarted"}
OF_ITS_OWN = {"Closed", "FunctionFailed"}


def test_every_end_of_a_failover_has_its_test():
    assert ENDS.keys() | OF_ITS_OWN == ends_of("failover")


@pytest.mark.parametrize("end", ENDS)
def test_a_failover_ends(outage, end):
    make, request = ENDS[end]
    make(outage)

    def entered(state):
        if state == "Verify" and end in TAKE_LONG:
            outage.let_pass(230)

    assert failed_over(outage, entered=entered, **request)[0] == end


def once_in(wanted, act):
    """Do something when a state is entered for the first time."""
    done = []

    def entered(state):
        if state == wanted and not done:
            done.append(act())

    return entered


def test_a_run_that_a_person_closes_ends_so(outage):
    outage.emulator.vary(exchange="never")

    def close():
        outage.let_pass(700)  # the last look must not show a switching
        run = outage.record.run.run_id
        assert acknowledged(outage, run_id=run)["decision"] == "acknowledged"

    end, told, _ = failed_over(outage, entered=once_in("WaitToVerify", close))
    assert (end, json.loads(told)["decision"], outage.posts) == ("Closed", "closed", 1)


def test_a_success_keeps_the_input_and_tells_the_answer(outage):
    _, output, _ = failed_over(outage)
    assert {name: output[name] for name in WHO} == WHO
    assert (output["outcome"], output["answer"]["decision"]) == ("Succeeded", "succeeded")


def test_a_failure_tells_the_answer(parts):
    parts.arm()
    _, told, _ = failed_over(parts, approval_time_s=0)
    answer = json.loads(told)
    assert (answer["decision"], answer["reason_code"]) == ("refused", "production_down")
    assert answer["next_steps"]


def test_a_persons_command_is_the_approval(parts):
    parts.arm()
    parts.emulator.set_pair(last_sync=now(hours=-2), sync_every_s=3600)
    parts.emulator.vary(switching_s=30)
    parts.emulator.break_production()

    def approve():
        (notice,) = parts.notices()
        approval = signed(notice.result, confirm="analytics")
        assert parts.send(approval)["decision"] == "submitted"

    end, _, states = failed_over(parts, entered=once_in("WaitForAPerson", approve))
    assert (end, states.count("FailOver"), parts.posts) == ("Succeeded", 1, 1)


def invoking(parts, fails):
    """The task that invokes the function, but where `fails` says how a command's call fails."""
    invoke = Machines(parts).tasks["lambda:invoke"]

    def task(arguments, execution):
        command = arguments["Payload"]["command"]
        return (fails.pop(command, None) or invoke)(arguments, execution)

    return {"lambda:invoke": task}


def raising(*error):
    def fail(_arguments, _execution):
        raise Failed(*error)

    return fail


# Without a cause, as a task that has timed out; with one that is no JSON; with one that is.
UNEXPECTED = [
    ("States.Timeout",),
    ("Lambda.Unknown", "The cause could not be determined"),
    ("Runtime.ExitError", '{"errorType": "Runtime.ExitError", "errorMessage": "killed"}'),
]


@pytest.mark.parametrize("error", UNEXPECTED, ids=lambda error: error[0])
def test_an_order_whose_task_fails_is_verified_and_then_sent(outage, error):
    tasks = invoking(outage, {"failover": raising(*error)})
    end, _, states = failed_over(outage, tasks)
    assert (end, states.count("FailOver"), outage.posts) == ("Succeeded", 2, 1)
    assert states[states.index("FailOver") + 1] == "WaitToVerify"


@pytest.mark.parametrize("fails", [{}, {"failover": raising(*UNEXPECTED[0])}], ids=["", "lost"])
def test_a_request_of_an_outage_that_is_over_is_no_success_in_the_next_one(outage, fails):
    """Nothing is ordered; an execution that ends well would say that production is back."""
    assert failed_over(outage, request_id="INC-4711")[0] == "Succeeded"
    outage.let_pass(700)
    acknowledged(outage, run_id=outage.record.run.run_id)
    outage.let_pass(60)
    end, told, _ = failed_over(outage, invoking(outage, {**fails}), request_id="INC-4711")
    assert (end, outage.posts) == ("InvalidEvent", 1)
    assert told.endswith("allowed: a new request_id, or none")


@pytest.mark.parametrize("error", UNEXPECTED, ids=lambda error: error[0])
def test_a_function_that_cannot_be_invoked_is_told_by_its_error(outage, error):
    end, told, states = failed_over(outage, {"lambda:invoke": raising(*error)})
    assert (end, told.partition(": ")[0]) == ("FunctionFailed", error[0])
    assert (outage.posts, "FailOver" in states) == (0, False)


def test_an_order_that_no_run_ever_comes_of_ends_so(outage):
    lost = {"failover": raising("Lambda.Unknown", "lost")}
    invoke = Machines(outage).tasks["lambda:invoke"]

    def task(arguments, execution):
        fail = lost.get(arguments["Payload"]["command"])
        return (fail or invoke)(arguments, execution)

    end, told, states = failed_over(outage, {"lambda:invoke": task})
    assert (end, told) == ("FunctionFailed", "Lambda.Unknown: lost")
    assert states.count("FailOver") == 6


@pytest.mark.parametrize(
    "given", [{}, {"pair": None}, {"pair": 7}, {"pair": ["analytics"]}], ids=str
)
def test_an_input_without_a_pairs_name_is_an_invalid_event(outage, given):
    end, told, _ = ended(outage, "failover", **given)
    assert (end, told[:2]) == ("InvalidEvent", "$.")


# A chain of one's own


def chained(parts):
    """How the page's chain ends, without a state machine of ours."""
    page = (ROOT / "docs/statemachines.md").read_text()
    (text,) = re.findall(r'```json\n(\{"QueryLanguage".*?)```', page, re.DOTALL)
    given = {"pair": "analytics", "confirm": "analytics", **WHO}
    return end_of(Machines(parts).begin_own("own", json.loads(text), given))[0]


def test_a_chain_as_on_the_page_fails_over(outage):
    assert (chained(outage), outage.posts) == ("FailedOver", 1)


def test_a_chain_as_on_the_page_ends_where_a_person_must_look(outage):
    outage.emulator.restore_production()
    assert (chained(outage), outage.posts) == ("NotProved", 0)


# A fleet


@pytest.fixture
def fleet(outage):
    """Three armed pairs without production: `analytics`, `p1` and `p2`."""
    for number in (1, 2):
        pair = outage.emulator.add_pair(sync_every_s=3600)
        outage.put_pair(f"p{number}", disaster_recovery_id=pair.id)
        outage.ledger.save_pair_state(pair.id, armed(pair))
        outage.emulator.vary(pair.id, switching_s=30)
        outage.emulator.break_production(pair.id)
    return outage


def all_failed_over(parts, tasks=(), **request):
    return ended(parts, "fleet", tasks, **{"approval_time_s": 0, **request})


def outcomes(output):
    return [one["outcome"] for one in output["results"]]


def alive(fleet):
    for pair in fleet.emulator.pairs:
        fleet.emulator.restore_production(pair.id)


FLEETS = {
    "AllSucceeded": (a_success, {"pattern": "*", "confirm_count": 3}),
    "SomeFailed": (alive, {"pattern": "*", "confirm_count": 3, "stop_after_failures": 5}),
    "StoppedAfterFailures": (alive, {"pattern": "*", "confirm_count": 3, "stop_after_failures": 2}),
    "WrongApprovalTime": (a_success, {"approval_time_s": -1}),
    "WrongLimits": (a_success, {"pattern": "*", "confirm_count": 3, "stop_after_failures": 0}),
    "StaleRequest": (
        a_success,
        {
            "pattern": "*",
            "confirm_count": 3,
            "requested_at": now(minutes=-31).isoformat("T", "seconds"),
        },
    ),
    "UnknownPairs": (a_success, {"pairs": ["p1", "x", "y"], "confirm_count": 3}),
    "PairsNamedTwice": (a_success, {"pairs": ["p1", "p1"], "confirm_count": 2}),
    "NoPairs": (a_success, {"pattern": "prod-*", "confirm_count": 0}),
    "WrongCount": (a_success, {"pattern": "*"}),
    "InvalidEvent": (a_success, {"pattern": "../*", "confirm_count": 1}),
    "LedgerUnavailable": (no_table, {"pattern": "*", "confirm_count": 3}),
}
ITS_OWN = {"InvalidSettings", "FunctionFailed"}


def test_every_end_of_a_fleet_has_its_test():
    assert FLEETS.keys() | ITS_OWN == ends_of("fleet")


@pytest.mark.parametrize("end", FLEETS)
def test_a_fleet_ends(fleet, end):
    make, request = FLEETS[end]
    make(fleet)
    assert all_failed_over(fleet, **request)[0] == end


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (("InvalidSettings", '{"errorMessage": "PAIRS_PARAMETER_PATH"}'), "InvalidSettings"),
        (("Lambda.ResourceNotFoundException", "gone"), "FunctionFailed"),
        (("States.Timeout",), "FunctionFailed"),
    ],
    ids=str,
)
def test_a_fleet_whose_pairs_cannot_be_found_is_not_begun(fleet, error, end):
    tasks = {"lambda:invoke": raising(*error)}
    assert all_failed_over(fleet, tasks, pattern="*", confirm_count=3)[0] == end


def test_a_fleet_of_nobody_names_the_pattern_that_matches_none_and_tells_nobody_to_move(fleet):
    end, told, _ = all_failed_over(fleet, pattern="prod-*", confirm_count=0)
    assert end == "NoPairs"
    assert "$.pattern: found 'prod-*'" in told
    assert [one for one in fleet.notices() if "] fleet: " in one.subject] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_concurrency": 0},
        {"max_concurrency": 41},
        {"max_concurrency": 1.5},
        {"max_concurrency": "3"},
        {"max_concurrency": None},
        {"stop_after_failures": "1"},
        {"stop_after_failures": -1},
        {"pairs": [{"name": "p1", "priority": [1]}, {"name": "p2", "priority": 1}]},
        {"pairs": [{"name": "p1", "priority": "1"}, "p2"]},
        {"pairs": [{"priority": 1}, "p2"]},
        {"pairs": [7, "p2"]},
    ],
    ids=str,
)
def test_a_fleet_whose_limits_mean_nothing_begins_nowhere(fleet, wrong):
    given = {"pairs": ["p1", "p2"], "confirm_count": 2, **wrong}
    assert (all_failed_over(fleet, **given)[0], fleet.posts) == ("WrongLimits", 0)


@pytest.mark.parametrize("at", ["yesterday", 7, None, "2026-01-01T00:00:00Z"], ids=str)
def test_a_fleet_whose_time_is_old_or_none_begins_nowhere(fleet, at):
    given = {"pairs": ["p1", "p2"], "confirm_count": 2, "requested_at": at}
    assert (all_failed_over(fleet, **given)[0], fleet.posts) == ("StaleRequest", 0)


def test_a_fleet_takes_its_time_once_and_each_pair_its_own(fleet):
    """Else the later waves of a long one would be refused for an old request."""
    given = {
        "pattern": "*",
        "confirm_count": 3,
        "requested_at": now(minutes=-29).isoformat("T", "seconds"),
    }
    end, output, _ = all_failed_over(fleet, **given)
    assert (end, outcomes(output)) == ("AllSucceeded", ["Succeeded"] * 3)


def test_a_fleet_is_told_once_with_what_became_of_each(fleet):
    fleet.emulator.restore_production()
    end, output, _ = all_failed_over(fleet, pattern="*", confirm_count=3)
    results = {one["pair"]: one for one in output["results"]}
    assert (end, [one["outcome"] for one in results.values()].count("Succeeded")) == (
        "SomeFailed",
        2,
    )
    assert results["analytics"]["error"] == "ApprovalTimeOver"
    assert results["analytics"]["reason"].startswith("gate production_down")
    assert results["p1"]["run_id"]
    (told,) = [one for one in fleet.notices() if "] fleet: " in one.subject]
    assert told.subject == ("[CRITICAL] fleet: 2 of 3 pairs failed over, 1 not, 0 not begun; look")
    assert told.result["results"] == output["results"]
    assert told.attributes["severity"] == "critical"


@pytest.mark.parametrize("length", [1, 40_000])
def test_a_pair_that_fails_is_told_by_its_own_error_however_long_its_cause(outage, length):
    """A cause holds the input, too, and is cut: then it is no JSON any more."""
    _, output, _ = all_failed_over(outage, pattern="*", confirm_count=1, force="x" * length)
    (failed,) = output["results"]
    assert failed["error"] == "InvalidEvent"
    assert "$.force: unknown field" in failed["reason"]
