"""Runs a state machine by AWS's documents: the second judge of the definitions.

It knows what the definitions of this project use, and refuses any other field (definitions.py).
Waits cost no time but the clock's. Step Functions Developer Guide:
"Transforming data with JSONata in Step Functions", "Passing data between states with variables",
"Handling errors in Step Functions workflows", "Map workflow state", "Service quotas".
"""

import json
import re
import uuid
from collections import Counter
from datetime import timedelta

from definitions import Unsupported, check_definition
from query import QueryFailed, the_query

ARN = "arn:aws:states:us-east-1:000000000000"
MOST_BYTES = 262_144  # of a state's input or output, and of the variables that it sets
MOST_CHARACTERS = 32_768  # of a cause
# What States.ALL does not match: "Handling errors in Step Functions workflows".
TERMINAL = {"States.DataLimitExceeded", "States.Runtime"}
EXPRESSION = re.compile(r"\{%(.*)%\}", re.DOTALL)


class Failed(Exception):
    """A state has failed, or the whole execution."""

    def __init__(self, error, cause=None):
        super().__init__(f"{error}: {cause}")
        self.error, self.cause = error, cause

    @property
    def output(self):
        """What a catcher sees of it."""
        told = {"Error": self.error, "Cause": self.cause}
        return {name: value for name, value in told.items() if value is not None}


class Machine:
    """A definition whose tasks are done by `tasks`, by the end of their resource.

    Args:
        definition: as it is deployed.
        tasks: functions of the arguments and the execution.
        clock: says and lets pass the time.
        entered: is told each state's name as it is entered.
    """

    def __init__(self, name, definition, tasks, clock, entered=lambda _: None):
        self.name, self.tasks, self.clock, self.entered = name, tasks, clock, entered
        self.query = the_query()
        self.timeout_s = definition.get("TimeoutSeconds", 99_999_999)
        self.definition = definition
        check_definition(definition)

    def begin(self, given):
        """The execution of an input, not yet run."""
        return Execution(self, str(uuid.uuid4()), given)


class Execution:
    """One run through a machine, with its variables and the states that it has entered."""

    def __init__(self, machine, name, given):
        self.machine, self.name, self.given = machine, name, given
        self.started = machine.clock.now()
        self.id = f"{ARN}:execution:{machine.name}:{name}"
        self.states, self.nested = [], []
        self.output, self.variables = None, {}

    @property
    def end(self):
        return self.states[-1]

    def run(self):
        """Go through it to its end; `Failed` where it does not succeed."""
        self.output = self._through(self.machine.definition, self.given, self.variables)

    def _through(self, machine, value, variables, item=None):
        """The output of the last of some states, which see and set the same variables."""
        name = machine["StartAt"]
        while name:
            state = machine["States"][name]
            self._check_time()
            self.states.append(name)
            self.machine.entered(name)
            visit = Visit(self, name, state, limited(value), variables, item)
            name, value = getattr(visit, f"_{state['Type'].lower()}")()
        return value

    def _check_time(self):
        if self.machine.clock.now() - self.started > timedelta(seconds=self.machine.timeout_s):
            raise Failed("States.Timeout")


class Visit:
    """One state, as it is gone through once."""

    def __init__(self, execution, name, state, given, variables, item):
        self.execution, self.name, self.state, self.given = execution, name, state, given
        self.variables, self.item = variables, item
        self.machine, self.clock = execution.machine, execution.machine.clock
        self.entered, self.retries = self.clock.now(), 0

    def _pass(self):
        return self._next(self._told(self.state, self.given))

    def _wait(self):
        self.clock.wait(self.state["Seconds"])
        return self._next(self._told(self.state, self.given))

    def _succeed(self):
        return None, self.given

    def _fail(self):
        given = {"Error", "Cause"} & self.state.keys()
        said = {field: self._said(self.state[field]) for field in given}
        if not all(isinstance(one, str) for one in said.values()):
            raise Failed("States.QueryEvaluationError", f"{self.name}: no text: {said}")
        raise Failed(said["Error"], fitting(said.get("Cause")))

    def _choice(self):
        for rule in self.state["Choices"]:
            holds = self._said(rule["Condition"])
            if not isinstance(holds, bool):
                raise Failed("States.QueryEvaluationError", f"{self.name}: {holds} is no boolean")
            if holds:
                return rule["Next"], self.given
        return self.state["Default"], self.given

    def _task(self):
        tried = Counter()
        while True:
            try:
                return self._next(self._attempt())
            except Failed as err:
                if not self._waited_to_retry(err, tried):
                    return self._caught(err)

    def _attempt(self):
        begun = self.clock.now()
        task = self.machine.tasks[self.state["Resource"].partition(":states:::")[2]]
        result = task(limited(self._said(self.state["Arguments"])), self.execution)
        if self.clock.now() - begun > timedelta(seconds=self.state["TimeoutSeconds"]):
            raise Failed("States.Timeout")
        return self._told(self.state, limited(result), result=result)

    def _waited_to_retry(self, err, tried):
        for place, retrier in enumerate(self.state.get("Retry", ())):
            if matches(retrier, err):
                if tried[place] >= retrier.get("MaxAttempts", 3):
                    return False
                # Without its jitter: the longest that it can take.
                grown = retrier["IntervalSeconds"] * retrier.get("BackoffRate", 2.0) ** tried[place]
                self.clock.wait(min(grown, retrier.get("MaxDelaySeconds", grown)))
                tried[place] += 1
                self.retries += 1
                return True
        return False

    def _caught(self, err):
        for catcher in self.state.get("Catch", ()):
            if matches(catcher, err):
                told = self._told(catcher, err.output, errorOutput=err.output)
                return catcher["Next"], told
        raise err

    def _map(self):
        """One item after the other: as good an order as any."""
        items = reference(self.state["ItemsPath"], self.given)
        limit = reference(self.state["MaxConcurrencyPath"], self.given)
        if not isinstance(items, list) or type(limit) is not int or limit < 0:
            raise Failed("States.Runtime", f"{self.name}: {items}, {limit}")
        return self._next([self._through_item(*one) for one in enumerate(items)])

    def _through_item(self, index, value):
        context = {"Map": {"Item": {"Index": index, "Value": value}}}
        given = {
            name.removesuffix(".$"): reference(path[1:], context)
            for name, path in self.state["ItemSelector"].items()
        }
        inner = dict(self.variables)  # seen inside, and not set from there
        return self.execution._through(self.state["ItemProcessor"], given, inner, context)

    def _next(self, output):
        return (None if self.state.get("End") else self.state["Next"]), limited(output)

    def _told(self, told_by, default, **known):
        """A state's output; its variables are set together: none sees another's new value."""
        output = self._said(told_by["Output"], **known) if "Output" in told_by else default
        assign = told_by.get("Assign", {})
        self.variables.update(limited({n: self._said(one, **known) for n, one in assign.items()}))
        return output

    def _said(self, template, **known):
        """A template with its expressions evaluated, wherever in it they stand."""
        if isinstance(template, dict):
            return {name: self._said(value, **known) for name, value in template.items()}
        if isinstance(template, list):
            return [self._said(value, **known) for value in template]
        if not isinstance(template, str) or not (found := EXPRESSION.fullmatch(template)):
            return template
        states = {"input": self.given, "context": self._context, **known}
        variables = {**self.variables, "states": states}
        try:
            return self.machine.query.value(found[1].strip(), variables, self.clock.now())
        except QueryFailed as err:
            raise Failed("States.QueryEvaluationError", f"{self.name}: {err}") from err

    @property
    def _context(self):
        """Step Functions Developer Guide, "Accessing execution data from the Context object"."""
        execution = self.execution
        return {
            "Execution": {
                "Id": execution.id,
                "Input": execution.given,
                "Name": execution.name,
                "RoleArn": "arn:aws:iam::000000000000:role/machine",
                "StartTime": stamp(execution.started),
                "RedriveCount": 0,
            },
            "StateMachine": {
                "Id": f"{ARN}:stateMachine:{self.machine.name}",
                "Name": self.machine.name,
            },
            "State": {
                "Name": self.name,
                "EnteredTime": stamp(self.entered),
                "RetryCount": self.retries,
            },
            **(self.item or {}),
        }


def matches(handler, err):
    names = handler["ErrorEquals"]
    return err.error in names or ("States.ALL" in names and err.error not in TERMINAL)


def reference(path, value):
    """What a reference path of plain names leads to."""
    if not re.fullmatch(r"\$(\.\w+)+", path):
        raise Unsupported(path)
    for name in path.split(".")[1:]:
        if not isinstance(value, dict) or name not in value:
            raise Failed("States.Runtime", f"{path} leads nowhere")
        value = value[name]
    return value


def limited(value):
    if len(json.dumps(value, ensure_ascii=False).encode()) > MOST_BYTES:
        raise Failed("States.DataLimitExceeded")
    return value


def fitting(cause):
    assert len(cause or "") <= MOST_CHARACTERS, cause
    return cause


def stamp(time_):
    return time_.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
