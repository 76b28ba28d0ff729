"""What the tasks of the state machines do, on the function and the services of a test's parts."""

import json
from datetime import UTC

from definitions import definition
from interpreter import MOST_CHARACTERS, Failed, Machine

from handler.errors import FailoverError

STATES = "arn:aws:states:us-east-1:000000000000:stateMachine"


class Clock:
    """The time of the function and of the provider."""

    def __init__(self, parts):
        self._parts = parts

    def now(self):
        return self._parts.adapters.clock().astimezone(UTC)

    def wait(self, seconds):
        self._parts.let_pass(seconds)


class Machines:
    """Both state machines of one deployment.

    Args:
        parts: the function, called in this process, the table and the topic.
        entered: is told each state's name as it is entered.
    """

    def __init__(self, parts, entered=lambda _: None):
        self._parts, self._entered, self._clock = parts, entered, Clock(parts)
        self.tasks = {
            "lambda:invoke": self._invoke,
            "dynamodb:getItem": self._call("dynamodb", "get_item"),
            "dynamodb:updateItem": self._call("dynamodb", "update_item"),
            "sns:publish": self._call("sns", "publish"),
            "states:startExecution.sync:2": self._execute,
        }

    def begin(self, name, given):
        """An execution, not yet run, of the machine `failover` or `fleet`."""
        text = definition(
            name,
            Partition="aws",
            FailoverFunctionArn=self._parts.context.invoked_function_arn,
            FailoverStateMachineArn=f"{STATES}:failover",
            RunsTableName=self._parts.table,
            NotificationTopicArn=self._parts.topic,
            FunctionName=self._parts.name,
            Region="us-east-1",
        )
        return self.begin_own(name, text, given)

    def begin_own(self, name, text, given):
        """The same of a definition of one's own."""
        return Machine(name, text, self.tasks, self._clock, self._entered).begin(given)

    def _invoke(self, arguments, _execution):
        """An exception as Lambda's runtime tells it: class, text and stack."""
        try:
            answer = self._parts.send(arguments["Payload"])
        except FailoverError as err:
            name = type(err).__name__
            said = {"errorMessage": str(err), "errorType": name, "requestId": "", "stackTrace": []}
            raise Failed(name, json.dumps(said)) from err
        return {"ExecutedVersion": "$LATEST", "Payload": as_json(answer), "StatusCode": 200}

    def _call(self, service, method):
        def call(arguments, _execution):
            client = self._parts.aws.client(service)
            try:
                answer = getattr(client, method)(**arguments)
            except client.exceptions.ClientError as err:
                kind = err.response["Error"]["Code"]
                raise Failed(f"{service.capitalize()}.{kind}", str(err)) from err
            return {name: one for name, one in answer.items() if name != "ResponseMetadata"}

        return call

    def _execute(self, arguments, execution):
        """A nested execution that fails is a failed task: its own error stands in the cause."""
        assert arguments["StateMachineArn"] == f"{STATES}:failover"
        nested = self.begin("failover", arguments["Input"])
        execution.nested.append(nested)
        try:
            nested.run()
        except Failed as err:
            # By name, and cut: what is long ends it before it is whole.
            told = {**err.output, "Input": json.dumps(arguments["Input"]), "Status": "FAILED"}
            cause = json.dumps(dict(sorted(told.items())), separators=(",", ":"))
            raise Failed("States.TaskFailed", cause[:MOST_CHARACTERS]) from err
        return {"ExecutionArn": nested.id, "Output": nested.output, "Status": "SUCCEEDED"}


def as_json(value):
    return json.loads(json.dumps(value))
