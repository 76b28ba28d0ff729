"""State machines of a deployment, run with the real function; their waits are scaled down."""

import json
import time
from datetime import datetime

from stored import let_pass

FAILOVER, FLEET = "FailoverStateMachineArn", "FleetStateMachineArn"
WHO = {"reason": "production is lost", "requested_by": "on-call"}


class Execution:
    """One execution, of a request `without` a field that all others have."""

    def __init__(self, deployment, machine=FAILOVER, without=None, **request):
        self.deployment = deployment
        self._client = deployment.aws.client("stepfunctions")
        given = {name: value for name, value in {**WHO, **request}.items() if name != without}
        started = self._client.start_execution(
            stateMachineArn=deployment.outputs[machine], input=json.dumps(given)
        )
        self.arn = started["executionArn"]

    @property
    def described(self):
        return self._client.describe_execution(executionArn=self.arn)

    def stop(self):
        self._client.stop_execution(executionArn=self.arn)

    def states(self):
        """The states that it has entered, in their order."""
        pages = self._client.get_paginator("get_execution_history")
        return [
            event["stateEnteredEventDetails"]["name"]
            for page in pages.paginate(executionArn=self.arn)
            for event in page["events"]
            if "stateEnteredEventDetails" in event
        ]

    def wait_for(self, state, within_s=30):
        until = time.monotonic() + within_s
        while state not in self.states():
            assert time.monotonic() < until, self.states()
            time.sleep(0.05)

    def end(self, passing_s=0, within_s=60):
        """Its end: the state's name and what it says.

        `passing_s` lets as much time pass at each look as nobody wants to wait. Once would not do:
        a look of the function that had read a run before writes the old times back.
        """
        until = time.monotonic() + within_s
        while self.described["status"] == "RUNNING":
            assert time.monotonic() < until, self.states()
            if passing_s:
                let_pass(self.deployment, passing_s)
            time.sleep(0.2)
        found = self.described
        if found["status"] == "SUCCEEDED":
            return self.states()[-1], json.loads(found["output"])
        return found["error"], found.get("cause")


def nested(deployment):
    """The executions of the failover machine: pair, and when they were in flight."""
    client, arn = deployment.aws.client("stepfunctions"), deployment.outputs[FAILOVER]
    pages = client.get_paginator("list_executions").paginate(stateMachineArn=arn)
    found = [client.describe_execution(executionArn=one["executionArn"])
             for page in pages for one in page["executions"]]  # fmt: skip
    return [
        (json.loads(one["input"])["pair"], _aware(one["startDate"]), _aware(one["stopDate"]))
        for one in found
    ]


def most_at_once(executions):
    """How many were in flight at the same time, at the most."""
    turns = [(start, 1) for _, start, _ in executions] + [(stop, -1) for *_, stop in executions]
    count = most = 0
    for _, change in sorted(turns):
        count += change
        most = max(most, count)
    return most


def _aware(time_):
    return time_ if isinstance(time_, datetime) else datetime.fromisoformat(time_)
