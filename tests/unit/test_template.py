"""The template is code: what the embedded AWS does not check is checked on its text."""

import json
import re

import pytest
from places import ROOT
from template import FUNCTION, PARAMETERS, RESOURCES, TEMPLATE, policies

from handler.events import cloudwatch


def of_type(kind):
    return {name: one["Properties"] for name, one in RESOURCES.items() if one["Type"] == kind}


def mine(kind):
    return {name: one for name, one in of_type(kind).items() if not name.startswith("Smn")}


def test_every_parameter_and_output_is_described():
    described = {**PARAMETERS, **TEMPLATE["Outputs"]}
    assert [name for name, one in described.items() if not one.get("Description")] == []


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("CredentialsSecretName", "dws-failover/credentials"),
        ("CredentialsSecretPrefix", "dws-failover/"),
        ("Mode", "observe"),
        ("AlarmNamePrefix", "dws-outage-"),
        ("MaxFailoversPerHour", 5),
        ("SmnReservedConcurrency", 0),
        ("FirstPairOptions", "{}"),
        ("SubnetIds", ""),
        ("SecurityGroupIds", ""),
        ("KmsKeyArn", ""),
        ("CredentialsKeyArn", ""),
        ("PythonRuntime", "python3.13"),
        ("Architecture", "arm64"),
    ],
)
def test_the_defaults_are_those_of_the_contract(name, default):
    assert PARAMETERS[name]["Default"] == default


def test_how_much_may_be_lost_is_asked():
    assert "Default" not in PARAMETERS["MaxDataLossSeconds"]


# EC2 knows no resources for them: Service Authorization Reference. The second denies.
FOR_EVERYTHING = ("LetLambdaConnect", "KeepTheCodeFromTheNetwork")


def statements():
    roles = of_type("AWS::IAM::Role").values()
    apart = of_type("AWS::IAM::Policy").values()
    managed = of_type("AWS::IAM::ManagedPolicy").values()
    own = [policy for role in roles for policy in policies(role)]
    return [
        statement
        for policy in (*own, *apart, *managed)
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def test_no_policy_is_for_everything():
    assert statements()
    for statement in statements():
        assert "*" not in listed(statement["Resource"]) or statement["Sid"] in FOR_EVERYTHING
        assert all("*" not in action for action in actions(statement))
        assert statement["Sid"]
    assert all("ManagedPolicyArns" not in role for role in of_type("AWS::IAM::Role").values())


def test_what_lambda_may_do_to_the_network_the_functions_code_may_not():
    allow, deny = (one for one in statements() if one["Sid"] in FOR_EVERYTHING)
    assert (allow["Effect"], deny["Effect"]) == ("Allow", "Deny")
    assert actions(allow) == actions(deny)
    only_code = {"lambda:SourceFunctionArn": {"GetAtt": "FailoverFunction.Arn"}}
    assert deny["Condition"] == {"ArnEquals": only_code}


def test_a_condition_on_every_value_of_a_key_wants_one():
    for statement in statements():
        if any(name.startswith("ForAllValues") for name in statement.get("Condition", ())):
            assert statement["Condition"]["Null"] == {"dynamodb:LeadingKeys": "false"}


@pytest.mark.parametrize("name", mine("AWS::IAM::Role"))
def test_no_role_is_taken_for_another_account(name):
    (trust,) = RESOURCES[name]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"]["StringEquals"]["aws:SourceAccount"] == {"Ref": "AWS::AccountId"}


@pytest.mark.parametrize("kind", ["Queue", "Topic"])
def test_nobody_speaks_to_a_queue_or_a_topic_without_tls(kind):
    service = {"Queue": "SQS", "Topic": "SNS"}[kind]
    own = [*of_type(f"AWS::{service}::{kind}Policy").values()]
    denied = [
        one["Resource"] for policy in own for one in policy["PolicyDocument"]["Statement"]
        if (one["Effect"], one.get("Condition")) == ("Deny", WITHOUT_TLS)
    ]  # fmt: skip
    there = mine(f"AWS::{service}::{kind}")
    assert sorted(next(iter(one.values())).partition(".")[0] for one in denied) == sorted(there)


WITHOUT_TLS = {"Bool": {"aws:SecureTransport": "false"}}


def test_a_key_of_ones_own_encrypts_all_that_is_kept():
    places = {"AWS::SQS::Queue": "KmsMasterKeyId", "AWS::SNS::Topic": "KmsMasterKeyId"}
    places["AWS::Logs::LogGroup"] = "KmsKeyId"
    key = {"If": ["HasKmsKey", {"Ref": "KmsKeyArn"}, {"Ref": "AWS::NoValue"}]}
    for kind, field in places.items():
        for name, one in mine(kind).items():
            assert one[field] == key, name
    sse = RESOURCES["RunsTable"]["Properties"]["SSESpecification"]["If"]
    assert (sse[0], sse[1]["KMSMasterKeyId"]) == ("HasKmsKey", {"Ref": "KmsKeyArn"})


def actions(statement):
    return listed(statement["Action"])


def listed(found):
    return found if isinstance(found, list) else [found]


def test_the_function_has_no_policy_but_its_roles():
    assert FUNCTION["Role"] == {"GetAtt": "FailoverRole.Arn"}
    assert "Policies" not in FUNCTION


def test_no_alarm_of_the_stack_can_match_the_prefix_whatever_the_names():
    """They begin with a slash, with which no prefix can begin."""
    names = [one["AlarmName"]["Sub"] for one in of_type("AWS::CloudWatch::Alarm").values()]
    assert names
    assert all(name.startswith("/") for name in names)
    allowed = re.compile(PARAMETERS["AlarmNamePrefix"]["AllowedPattern"])
    assert allowed.fullmatch("dws-outage-")
    assert not any(allowed.fullmatch(bad) for bad in ("", "/", "/x", "*", "-"))


def test_every_alarm_says_what_to_do_and_tells_the_operations_topic():
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmDescription"]
        assert alarm["AlarmActions"] == [{"Ref": "OperationsTopic"}]
        assert alarm["TreatMissingData"] in ("notBreaching", "breaching")


def test_each_topic_has_its_own_policy():
    topics = {name for name, one in RESOURCES.items() if one["Type"] == "AWS::SNS::Topic"}
    owned = [one["Topics"][0]["Ref"] for one in of_type("AWS::SNS::TopicPolicy").values()]
    assert sorted(owned) == sorted(topics)


def test_the_table_is_kept_protected_and_recoverable():
    table = RESOURCES["RunsTable"]
    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
    properties = table["Properties"]
    assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert properties["DeletionProtectionEnabled"] is True
    assert properties["TimeToLiveSpecification"]["AttributeName"] == "expires_at"


def test_what_fails_three_times_goes_to_the_failure_queue():
    config = FUNCTION["EventInvokeConfig"]
    assert config["MaximumRetryAttempts"] == 2
    destination = config["DestinationConfig"]["OnFailure"]["Destination"]
    assert destination == {"GetAtt": "FailedEventsQueue.Arn"}


def test_the_rule_hears_whole_alarms_and_single_contributors():
    pattern = FUNCTION["Events"]["Alarm"]["Properties"]["Pattern"]
    assert pattern["detail-type"] == list(cloudwatch.ON_THE_BUS)
    assert pattern["source"] == ["aws.cloudwatch"]


def test_what_the_rule_cannot_deliver_goes_to_a_queue_of_its_own():
    rule = FUNCTION["Events"]["Alarm"]["Properties"]
    assert rule["DeadLetterConfig"]["Arn"] == {"GetAtt": "UndeliveredAlarmsQueue.Arn"}
    policy = RESOURCES["UndeliveredAlarmsQueuePolicy"]["Properties"]["PolicyDocument"]
    statement, _ = policy["Statement"]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}


def test_alarms_may_invoke_the_function_only_by_the_prefix_and_from_this_account():
    permission = RESOURCES["AlarmActionPermission"]["Properties"]
    assert permission["Principal"] == "lambda.alarms.cloudwatch.amazonaws.com"
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}
    assert permission["SourceArn"]["Sub"].endswith(":alarm:${AlarmNamePrefix}*")


def test_the_schedule_reconciles_every_minute():
    schedule = RESOURCES["ReconcileSchedule"]["Properties"]
    assert schedule["ScheduleExpression"] == "rate(1 minute)"
    assert json.loads(schedule["Target"]["Input"]) == {"command": "reconcile"}
    assert schedule["Target"]["RetryPolicy"] == {"MaximumRetryAttempts": 0}


# A stack's name has 128 characters at most; these names have 255 and 1,011.
NAMED = {("AWS::CloudWatch::Alarm", "AlarmName"), ("AWS::SSM::Parameter", "Name")}
WITHIN_A_ROLE = "AWS::IAM::Policy"


def test_nothing_has_a_name_that_two_stacks_would_share_or_a_long_stacks_name_would_break():
    """CloudFormation makes the others from the stack's name, and cuts them to what is allowed."""
    named = {
        (one["Type"], field)
        for one in RESOURCES.values()
        for field in one["Properties"]
        if one["Type"] != WITHIN_A_ROLE and field in ("Name", f"{one['Type'].split('::')[-1]}Name")
    }
    assert named == NAMED
    for one in RESOURCES.values():
        for kind, field in NAMED:
            assert one["Type"] != kind or "${AWS::StackName}" in one["Properties"][field]["Sub"]


def test_the_environment_is_what_the_settings_read():
    variables = FUNCTION["Environment"]["Variables"]
    own = {name for name in variables if not name.startswith("POWERTOOLS_")}
    source = (ROOT / "src/handler/aws/settings.py").read_text()
    assert own == set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', source))


def first_pairs_text():
    text, _ = RESOURCES["FirstPairParameter"]["Properties"]["Value"]["Sub"]
    return text


def test_the_first_pairs_document_fits_its_schema():
    schema = json.loads((ROOT / "src/handler/model/schemas/pair.json").read_text())
    text = first_pairs_text().replace("${Comma}", "").replace("${Options}", "}")
    document = json.loads(re.sub(r"\$\{(\w+)\}", "1", text))
    assert set(schema["required"]) <= set(document) <= set(schema["properties"])


def test_a_parameter_cannot_break_out_of_the_first_pairs_document():
    used = set(re.findall(r"\$\{(\w+)\}", first_pairs_text())) - {"Comma", "Options"}
    free = [
        name
        for name in used
        if PARAMETERS[name]["Type"] == "String" and "AllowedValues" not in PARAMETERS[name]
    ]
    for name in free:
        assert not re.fullmatch(PARAMETERS[name]["AllowedPattern"], 'a","mode":"automatic')


SMN = sorted(name for name in RESOURCES if name.startswith("Smn"))


def test_what_smn_needs_is_there_only_with_topics():
    assert len(SMN) == 14
    assert {RESOURCES[name]["Condition"] for name in SMN} == {"HasSmnTopics"}


def test_the_url_has_both_permissions_and_the_second_holds_by_the_url_only():
    url, invoke = (
        RESOURCES[name]["Properties"] for name in ("SmnUrlPermission", "SmnInvokePermission")
    )
    assert (url["Action"], url["FunctionUrlAuthType"]) == ("lambda:InvokeFunctionUrl", "NONE")
    assert (invoke["Action"], invoke["InvokedViaFunctionUrl"]) == ("lambda:InvokeFunction", True)
    assert [one["FunctionName"] for one in (url, invoke)] == [{"Ref": "SmnFunction"}] * 2
    assert RESOURCES["SmnUrl"]["Properties"]["TargetFunctionArn"] == {"GetAtt": "SmnFunction.Arn"}


def test_strangers_take_no_more_than_is_reserved_if_something_is():
    """And none is reserved for the failover function: a stalled reconcile would starve an alarm."""
    reserved = RESOURCES["SmnFunction"]["Properties"]["ReservedConcurrentExecutions"]
    meant, none = {"Ref": "SmnReservedConcurrency"}, {"Ref": "AWS::NoValue"}
    assert reserved == {"If": ["HasSmnReservedConcurrency", meant, none]}
    is_none = {"Equals": [meant, 0]}
    assert TEMPLATE["Conditions"]["HasSmnReservedConcurrency"] == {"Not": [is_none]}
    assert "ReservedConcurrentExecutions" not in FUNCTION


def test_smns_role_can_log_and_write_to_the_queue_and_nothing_else():
    (policy,) = RESOURCES["SmnRole"]["Properties"]["Policies"]
    logs, hand_on = policy["PolicyDocument"]["Statement"]
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert hand_on["Action"] == "sqs:SendMessage"
    assert hand_on["Resource"] == {"GetAtt": "SmnQueue.Arn"}


def test_the_failover_function_takes_from_the_queue_what_smns_writes_there():
    mapping = RESOURCES["SmnQueueMapping"]
    properties = mapping["Properties"]
    assert properties["FunctionName"] == {"GetAtt": "FailoverFunction.Arn"}
    assert properties["EventSourceArn"] == {"GetAtt": "SmnQueue.Arn"}
    assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["DependsOn"] == "SmnQueueConsumerPolicy"
    policy = RESOURCES["SmnQueueConsumerPolicy"]["Properties"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    # AWS Lambda Developer Guide, "Using Lambda with Amazon SQS": execution role permissions
    needed = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
    assert (set(statement["Action"]), policy["Roles"]) == (needed, [{"Ref": "FailoverRole"}])
    assert statement["Resource"] == {"GetAtt": "SmnQueue.Arn"}


def test_a_message_can_be_taken_three_times_before_its_alarm_is_too_old():
    queue = RESOURCES["SmnQueue"]["Properties"]
    every, times = queue["VisibilityTimeout"], queue["RedrivePolicy"]["maxReceiveCount"]
    schema = json.loads((ROOT / "src/handler/model/schemas/pair.json").read_text())
    max_event_age_s = schema["properties"]["max_event_age_s"]["default"]
    assert every == FUNCTION["Timeout"]  # AWS takes no less
    assert (times - 1) * every < max_event_age_s <= times * every


def test_what_cannot_be_taken_from_the_queue_is_kept_and_rings():
    redrive = RESOURCES["SmnQueue"]["Properties"]["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == {"GetAtt": "SmnDeadLetterQueue.Arn"}
    dimensions = RESOURCES["SmnDeadLettersAlarm"]["Properties"]["Dimensions"]
    assert [one["Value"] for one in dimensions] == [{"GetAtt": "SmnDeadLetterQueue.QueueName"}]


def test_every_queue_is_encrypted_and_kept_for_as_long_as_aws_keeps():
    for queue in mine("AWS::SQS::Queue").values():
        by_sqs = {"If": ["HasKmsKey", {"Ref": "AWS::NoValue"}, True]}
        assert queue["MessageRetentionPeriod"] == 1209600
        assert queue["SqsManagedSseEnabled"] == by_sqs


def test_nothing_can_be_deleted_but_alarms_that_wait():
    policy, *_ = policies(RESOURCES["FailoverRole"]["Properties"])
    deleting = [
        one for one in policy["PolicyDocument"]["Statement"]
        if any("Delete" in action for action in actions(one))
    ]  # fmt: skip
    only_waiting = {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["*"]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    assert [(one["Action"], one["Condition"]) for one in deleting] == [
        ("dynamodb:DeleteItem", only_waiting)
    ]


# People


def statements_of(name):
    return RESOURCES[name]["Properties"]["PolicyDocument"]["Statement"]


def test_a_viewer_may_start_nothing_but_the_machine_that_looks():
    given = {
        action: one["Resource"] for one in statements_of("ViewerPolicy") for action in actions(one)
    }
    assert given["states:StartSyncExecution"] == {"Ref": "ViewStateMachine"}
    reads = {"states:ListExecutions", "states:DescribeExecution", "states:GetExecutionHistory"}
    assert set(given) == {"states:StartSyncExecution", *reads}


def test_an_operator_orders_by_the_machines_and_may_send_every_command():
    given = {
        action: one["Resource"]
        for one in statements_of("OperatorPolicy")
        for action in actions(one)
    }
    machines = [{"Ref": "FailoverStateMachine"}, {"Ref": "FleetStateMachine"}]
    assert given["states:StartExecution"] == machines
    assert given["lambda:InvokeFunction"] == {"GetAtt": "FailoverFunction.Arn"}
