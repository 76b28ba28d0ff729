"""The template of the door from the internet, which the main one has where there are topics."""

import json

from places import ROOT
from template import FUNCTION, PARAMETERS, RESOURCES, SMN_RESOURCES, SMN_TEMPLATE, policies

APPLICATION = RESOURCES["SmnApplication"]


def test_it_is_there_only_with_topics_and_no_url_is_elsewhere():
    assert APPLICATION["Condition"] == "HasSmnTopics"
    assert APPLICATION["Properties"]["Location"] == "smn/template.yaml"
    assert [name for name in RESOURCES if name.startswith("Smn")] == ["SmnApplication"]
    kinds = [one["Type"] for one in RESOURCES.values()]
    assert "AWS::Lambda::Url" not in kinds


def test_it_is_given_what_it_asks_for():
    given = APPLICATION["Properties"]["Parameters"]
    assert set(given) == set(SMN_TEMPLATE["Parameters"])
    named = {name: value["Ref"] for name, value in given.items() if name in PARAMETERS}
    assert named == {name: name for name in named}


def test_what_it_is_given_of_the_main_stack():
    given = APPLICATION["Properties"]["Parameters"]
    assert given["MainStackName"] == {"Ref": "AWS::StackName"}
    assert given["OperationsTopicArn"] == {"Ref": "OperationsTopic"}
    assert given["FailoverFunctionArn"] == {"GetAtt": "FailoverFunction.Arn"}
    assert given["FailoverRoleName"] == {"Ref": "FailoverRole"}


def test_its_alarms_have_the_main_stacks_name_for_which_its_topic_takes_them():
    alarms = [one for one in SMN_RESOURCES.values() if one["Type"] == "AWS::CloudWatch::Alarm"]
    assert len(alarms) == 4
    for alarm in alarms:
        assert alarm["Properties"]["AlarmName"]["Sub"].startswith("/${MainStackName}/smn-")
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "OperationsTopicArn"}]


def test_cryptography_is_a_layer_of_smns_function_alone_built_for_its_python_and_machine():
    layer = SMN_RESOURCES["SmnCryptographyLayer"]
    function = SMN_RESOURCES["SmnFunction"]["Properties"]
    assert function["Layers"] == [{"Ref": "SmnCryptographyLayer"}]
    assert "Layers" not in FUNCTION
    metadata, given = layer["Metadata"], layer["Properties"]
    assert metadata["ContextPath"] == {"Sub": "src/builds/${PythonRuntime}/${Architecture}"}
    assert given["CompatibleRuntimes"] == [function["Runtime"]] == [{"Ref": "PythonRuntime"}]
    assert [metadata["BuildArchitecture"]] == function["Architectures"]
    assert given["CompatibleArchitectures"] == function["Architectures"]
    assert layer["Properties"]["LayerName"] == {"Sub": "${MainStackName}-smn"}


def test_requirements_are_locked_with_hashes_and_none_is_installed_twice():
    both = locked("src/requirements.txt"), locked("src/builds/cryptography.txt")
    assert "httpx" in both[0]
    assert "cryptography" in both[1]
    assert both[0] & both[1] == set()


def locked(path):
    """Names of what a file has installed, each with its hashes."""
    entries = (ROOT / path).read_text().replace("\\\n", "").splitlines()
    installed = [line for line in entries if "==" in line]
    assert all("--hash=sha256:" in line for line in installed)
    return {line.split("==")[0] for line in installed}


def test_the_url_has_both_permissions_and_the_second_holds_by_the_url_only():
    url, invoke = (
        SMN_RESOURCES[name]["Properties"] for name in ("SmnUrlPermission", "SmnInvokePermission")
    )
    assert (url["Action"], url["FunctionUrlAuthType"]) == ("lambda:InvokeFunctionUrl", "NONE")
    assert (invoke["Action"], invoke["InvokedViaFunctionUrl"]) == ("lambda:InvokeFunction", True)
    assert [one["FunctionName"] for one in (url, invoke)] == [{"Ref": "SmnFunction"}] * 2
    assert SMN_RESOURCES["SmnUrl"]["Properties"]["TargetFunctionArn"] == {
        "GetAtt": "SmnFunction.Arn"
    }


def test_strangers_take_no_more_than_is_reserved_if_something_is():
    """And none is reserved for the failover function: a stalled reconcile would starve an alarm."""
    reserved = SMN_RESOURCES["SmnFunction"]["Properties"]["ReservedConcurrentExecutions"]
    meant, none = {"Ref": "SmnReservedConcurrency"}, {"Ref": "AWS::NoValue"}
    assert reserved == {"If": ["HasSmnReservedConcurrency", meant, none]}
    is_none = {"Equals": [meant, 0]}
    assert SMN_TEMPLATE["Conditions"]["HasSmnReservedConcurrency"] == {"Not": [is_none]}
    assert "ReservedConcurrentExecutions" not in FUNCTION


def test_smns_role_can_log_and_write_to_the_queue_and_nothing_else():
    policy, key = policies(SMN_RESOURCES["SmnRole"]["Properties"])
    assert key["PolicyName"] == "key"
    logs, hand_on = policy["PolicyDocument"]["Statement"]
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert hand_on["Action"] == "sqs:SendMessage"
    assert hand_on["Resource"] == {"GetAtt": "SmnQueue.Arn"}


def test_the_failover_function_takes_from_the_queue_what_smns_writes_there():
    mapping = SMN_RESOURCES["SmnQueueMapping"]
    properties = mapping["Properties"]
    assert properties["FunctionName"] == {"Ref": "FailoverFunctionArn"}
    assert properties["EventSourceArn"] == {"GetAtt": "SmnQueue.Arn"}
    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["DependsOn"] == "SmnQueueConsumerPolicy"
    policy = SMN_RESOURCES["SmnQueueConsumerPolicy"]["Properties"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    # AWS Lambda Developer Guide, "Using Lambda with Amazon SQS": execution role permissions
    needed = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
    assert (set(statement["Action"]), policy["Roles"]) == (needed, [{"Ref": "FailoverRoleName"}])
    assert statement["Resource"] == {"GetAtt": "SmnQueue.Arn"}


def test_a_message_can_be_taken_three_times_before_its_alarm_is_too_old():
    queue = SMN_RESOURCES["SmnQueue"]["Properties"]
    every, times = queue["VisibilityTimeout"], queue["RedrivePolicy"]["maxReceiveCount"]
    schema = json.loads((ROOT / "src/handler/model/schemas/pair.json").read_text())
    max_event_age_s = schema["properties"]["max_event_age_s"]["default"]
    assert every == FUNCTION["Timeout"]  # AWS takes no less
    assert (times - 1) * every < max_event_age_s <= times * every


def test_what_cannot_be_taken_from_the_queue_is_kept_and_rings():
    redrive = SMN_RESOURCES["SmnQueue"]["Properties"]["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == {"GetAtt": "SmnDeadLetterQueue.Arn"}
    dimensions = SMN_RESOURCES["SmnDeadLettersAlarm"]["Properties"]["Dimensions"]
    assert [one["Value"] for one in dimensions] == [{"GetAtt": "SmnDeadLetterQueue.QueueName"}]
