"""The state machines on whatever the function may answer: by the reference implementation of
JSONata, where what is missing is an error, and in simulated time.
"""

import itertools

import pytest
from definitions import Unsupported, definition
from interpreter import Failed, Machine, stamp
from simulated import Clock
from situations import NOW

from handler.model.result import Decision, Result

NAMED = {"pair": "analytics", "confirm": "analytics", "approval_time_s": 0}
# What the first answer leads to, and what one of `verify`; any other is followed to its end.
ORDERED = {
    "succeeded": "Succeeded",
    "rehearsed": "NotConfirmed",
    "refused": "ApprovalTimeOver",
    "blocked": "Blocked",
    "provider_rejected": "ProviderRejected",
    "not_started": "NotStarted",
}
VERIFIED = {
    "succeeded": "Succeeded",
    "failed": "Failed",
    "overdue": "Overdue",
    "not_started": "NotStarted",
    "provider_rejected": "ProviderRejected",
    "closed": "Closed",
}


def answering(answers):
    """A function that gives a command's answers in turn, the last one ever again."""
    left = {name: [*some] for name, some in answers.items()}

    def invoke(arguments, _execution):
        some = left[arguments["Payload"]["command"]]
        return {"Payload": some.pop(0) if len(some) > 1 else some[0]}

    return invoke


def ended(tasks, given, **changes):
    text = {**definition("failover"), **changes}
    begun = Machine("failover", text, tasks, Clock()).begin(given)
    try:
        begun.run()
    except Failed as err:
        return err.error
    return begun.end


def failed_over(order, verify, **changes):
    answers = {"status": [{"results": []}], "rehearse": [{}], "failover": order, "verify": verify}
    return ended({"lambda:invoke": answering(answers)}, NAMED, **changes)


def complete(decision):
    return Result(Decision(decision), "code", "reason").as_json()


def brief(decision):
    return Result(Decision(decision), "code", "reason").as_brief_json()


def bare(decision):
    return {"decision": decision}


SHAPES = pytest.mark.parametrize("answer", [complete, brief, bare])


@SHAPES
@pytest.mark.parametrize("decision", [*Decision])
def test_every_answer_to_the_order_leads_to_its_end(answer, decision):
    end = failed_over([answer(decision)], [answer("succeeded")])
    assert end == ORDERED.get(decision, "Succeeded")


@SHAPES
@pytest.mark.parametrize("decision", [*Decision])
def test_every_answer_of_verify_leads_to_its_end(answer, decision):
    order, verify = [answer("submitted")], [answer(decision), answer("succeeded")]
    assert failed_over(order, verify) == VERIFIED.get(decision, "Succeeded")


def test_a_run_that_is_never_settled_ends_with_the_machines_time():
    never = [bare("submitted")], [bare("in_progress")]
    assert failed_over(*never, TimeoutSeconds=300) == "States.Timeout"


STATUSES = [
    {"results": []},
    {"results": [{"pair": "analytics"}]},
    {"results": [{"pair": "analytics", "run_id": None}]},
    {"results": [{"pair": "analytics", "run_id": "r1"}]},
]


@pytest.mark.parametrize("status", STATUSES, ids=str)
def test_a_run_is_told_from_the_last_one_whatever_the_status_leaves_out(status):
    refused = {"decision": "refused", "gates": [{"verdict": "refuse", "overridable": True}]}
    answers = {
        "status": [status, status, {"results": [{"pair": "analytics", "run_id": "r2"}]}],
        "rehearse": [{}],
        "failover": [refused],
        "verify": [bare("succeeded")],
    }
    tasks = {"lambda:invoke": answering(answers)}
    assert ended(tasks, {**NAMED, "approval_time_s": 60}) == "Succeeded"


@pytest.mark.parametrize(
    ("gates", "end"),
    [
        ([], "ApprovalTimeOver"),
        ([{"verdict": "refuse", "overridable": True}], "ApprovalTimeOver"),
        ([{"verdict": "refuse", "overridable": False}], "RefusedForGood"),
        ([{"verdict": "unknown", "overridable": False}], "RefusedForGood"),
        ([{"verdict": "pass", "overridable": False}], "ApprovalTimeOver"),
    ],
    ids=str,
)
def test_who_may_override_a_refusal_is_read_from_its_gates(gates, end):
    assert failed_over([{"decision": "refused", "gates": gates}], [bare("succeeded")]) == end


def asked_by_verify(answer):
    """What the function is asked that has given an answer to the order."""
    asked = []

    def invoke(arguments, _execution):
        asked.append(arguments["Payload"])
        answers = {"failover": answer, "verify": bare("succeeded"), "status": {"results": []}}
        return {"Payload": answers.get(asked[-1]["command"], {})}

    assert ended({"lambda:invoke": invoke}, {**NAMED, "request_id": "change-7"}) == "Succeeded"
    return asked[-1]


def test_a_run_is_followed_by_its_id_and_without_one_by_its_request_since_the_execution_began():
    run = {"decision": "submitted", "run_id": "r1"}
    verify = {"command": "verify", "pair": "analytics"}
    assert asked_by_verify(run) == {**verify, "run_id": "r1"}
    by_request = {**verify, "request_id": "change-7", "requested_at": stamp(NOW)}
    assert asked_by_verify({"decision": "unknown"}) == by_request


# A fleet


class Fleet:
    """A fleet whose pairs' executions end as `fails` says; what it has asked and told."""

    failure = ("States.TaskFailed", '{"Error":"Overdue","Status":"FAILED"}')

    def __init__(self, found, fails=()):
        self.found, self.fails, self.failures, self.told = found, fails, 0, []

    @property
    def tasks(self):
        return {
            "lambda:invoke": lambda *_: {"Payload": {"results": self.found}},
            "dynamodb:getItem": lambda *_: (
                {"Item": {"failures": {"N": str(self.failures)}}} if self.failures else {}
            ),
            "dynamodb:updateItem": self._count,
            "states:startExecution.sync:2": self._execute,
            "sns:publish": lambda arguments, _: self.told.append(arguments) or {},
        }

    def _count(self, _arguments, _execution):
        self.failures += 1
        return {}

    def _execute(self, arguments, _execution):
        pair = arguments["Input"]["pair"]
        if pair in self.fails:
            raise Failed(*self.failure)
        return {"Output": {"answer": {"run_id": f"run-of-{pair}"}}}

    def run(self, **request):
        machine = Machine("fleet", definition("fleet"), self.tasks, Clock())
        self.execution = machine.begin({"reason": "lost", "requested_by": "ada", **request})
        self.execution.run()
        return self.execution.end


NAMES = ["a", "b", "c"]


def found(names):
    return [{"pair": name} for name in names]


@pytest.mark.parametrize("count", range(1, 4))
@pytest.mark.parametrize("fails", [(), NAMES])
def test_a_fleet_of_few_is_told_as_one_of_many(count, fails):
    fleet = Fleet(found(NAMES[:count]), fails)
    end = fleet.run(confirm_count=count, stop_after_failures=9)
    assert end == ("SomeFailed" if fails else "AllSucceeded")
    (told,) = fleet.told
    assert told["Subject"] == (
        f"[CRITICAL] fleet: 0 of {count} pairs failed over, {count} not, 0 not begun; look"
        if fails
        else f"[WARNING] fleet: {count} of {count} pairs now run on their standby; move clients"
    )
    assert [one["pair"] for one in fleet.execution.output["results"]] == NAMES[:count]


@pytest.mark.parametrize("fails", [*itertools.combinations(NAMES, 2)], ids=str)
def test_a_fleet_stops_after_as_many_failures_as_allowed(fails):
    fleet = Fleet(found(NAMES), fails)
    assert fleet.run(confirm_count=3, stop_after_failures=2) in (
        "StoppedAfterFailures",
        "SomeFailed",
    )
    outcomes = [one["outcome"] for one in fleet.execution.output["results"]]
    assert (
        outcomes
        == {
            ("a", "b"): ["Failed", "Failed", "Skipped"],
            ("a", "c"): ["Failed", "Succeeded", "Failed"],
            ("b", "c"): ["Succeeded", "Failed", "Failed"],
        }[fails]
    )


def test_waves_go_by_priority_and_the_rest_is_skipped_after_failures():
    fleet = Fleet(found(NAMES), fails=["b"])
    pairs = [{"name": "a", "priority": 2}, {"name": "b", "priority": 1}, "c"]
    assert fleet.run(pairs=pairs, confirm_count=3, stop_after_failures=1) == "StoppedAfterFailures"
    results = {one["pair"]: one["outcome"] for one in fleet.execution.output["results"]}
    assert results == {"c": "Succeeded", "b": "Failed", "a": "Skipped"}
    assert list(results) == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("failure", "error", "run", "reason"),
    [
        (("States.Timeout",), "States.Timeout", "", ""),
        (("States.TaskFailed", ""), "States.TaskFailed", "", ""),
        (("States.TaskFailed", "gone"), "States.TaskFailed", "", "gone"),
        (("States.TaskFailed", '{"Status":"ABORTED"}'), "States.TaskFailed", "", "ABORTED"),
        (("States.TaskFailed", '{"Cause":"why","Error":"InvalidEvent"}'), "InvalidEvent", "", "why"),
        (
            ("States.TaskFailed", r'{"Cause":"{\"run_id\":\"r1\",\"reason\":\"late\"}","Error":"Overdue"}'),
            "Overdue", "r1", "late",
        ),
        (
            ("States.TaskFailed", '{"Cause":"why","Error":"InvalidEvent","Input":"' + "x" * 32_768),
            "InvalidEvent", "", '{"Cause":"why","Error":"InvalidEvent","Input":"' + "x" * 153,
        ),
    ],
    ids=str,
)  # fmt: skip
def test_a_pair_that_fails_is_told_by_what_its_execution_says(failure, error, run, reason):
    fleet = Fleet(found(["a"]), fails=["a"])
    fleet.failure = failure
    assert fleet.run(confirm_count=1) == "SomeFailed"
    assert fleet.execution.output["results"] == [
        {"pair": "a", "outcome": "Failed", "error": error, "run_id": run, "reason": reason}
    ]


# The judge itself


def with_state(**fields):
    return {
        "QueryLanguage": "JSONata",
        "TimeoutSeconds": 60,
        "StartAt": "One",
        "States": {"One": {"Type": "Pass", "End": True, **fields}},
    }


@pytest.mark.parametrize(
    "fields",
    [{"ResultPath": None}, {"Type": "Parallel"}, {"QueryLanguage": "JSONPath"}],
    ids=str,
)
def test_what_the_interpreter_does_not_know_is_refused(fields):
    with pytest.raises(Unsupported):
        Machine("one", with_state(**fields), {}, Clock())


@pytest.mark.parametrize(
    "output",
    ["{% $states.input.nothing %}", "{% $nothing %}", {"in": ["{% $states.result %}"]},
     "{% function($v) { $v } %}", "{% 1 & %}", "{% $eval('1') %}", "{% 'a' > 1 %}"],
    ids=str,
)  # fmt: skip
def test_an_expression_without_a_value_fails_its_state(output):
    begun = Machine("one", with_state(Output=output), {}, Clock()).begin({})
    with pytest.raises(Failed) as failed:
        begun.run()
    assert failed.value.error == "States.QueryEvaluationError"


def test_variables_are_set_together():
    one = with_state(Assign={"a": 1, "b": "{% $exists($a) ? 'new' : 'old' %}"})
    begun = Machine("one", one, {}, Clock()).begin({})
    begun.run()
    assert begun.variables == {"a": 1, "b": "old"}
