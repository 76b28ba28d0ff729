"""The template is code: what the embedded AWS does not check is checked on its text."""

import json
import re
import tomllib

import pytest
from places import ROOT
from template import EVERYWHERE, FUNCTION, PARAMETERS, RESOURCES, SMN_TEMPLATE, TEMPLATE, policies

from handler.events import cloudwatch


def of_type(kind):
    return {name: one["Properties"] for name, one in EVERYWHERE.items() if one["Type"] == kind}


def test_every_parameter_and_output_is_described():
    described = [*PARAMETERS.items(), *TEMPLATE["Outputs"].items()]
    described += [*SMN_TEMPLATE["Parameters"].items(), *SMN_TEMPLATE["Outputs"].items()]
    assert [name for name, one in described if not one.get("Description")] == []


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("CredentialsSecretName", "dws-failover/credentials"),
        ("CredentialsSecretPrefix", "dws-failover/"),
        ("Mode", "observe"),
        ("AlarmNamePrefix", "dws-outage-"),
        ("MaxFailoversPerHour", "5"),
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


# EC2 and the delivery of logs know no resources: Service Authorization Reference; Step Functions
# Developer Guide, "Using CloudWatch Logs to log execution history". The second denies.
NETWORK = ("LetLambdaConnect", "KeepTheCodeFromTheNetwork")
# Who may not see all alarms sees no composite ones: CloudWatch API reference, DescribeAlarms.
FOR_EVERYTHING = (*NETWORK, "DeliverLogs", "ExamineAlarms")


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
    allow, deny = (one for one in statements() if one["Sid"] in NETWORK)
    assert (allow["Effect"], deny["Effect"]) == ("Allow", "Deny")
    assert actions(allow) == actions(deny)
    only_code = {"lambda:SourceFunctionArn": {"GetAtt": "FailoverFunction.Arn"}}
    assert deny["Condition"] == {"ArnEquals": only_code}


def test_a_condition_on_every_value_of_a_key_wants_one():
    for statement in statements():
        if any(name.startswith("ForAllValues") for name in statement.get("Condition", ())):
            assert statement["Condition"]["Null"] == {"dynamodb:LeadingKeys": "false"}


@pytest.mark.parametrize("name", of_type("AWS::IAM::Role"))
def test_no_role_is_taken_for_another_account(name):
    (trust,) = EVERYWHERE[name]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"]["StringEquals"]["aws:SourceAccount"] == {"Ref": "AWS::AccountId"}


@pytest.mark.parametrize("kind", ["Queue", "Topic"])
def test_nobody_speaks_to_a_queue_or_a_topic_without_tls(kind):
    service = {"Queue": "SQS", "Topic": "SNS"}[kind]
    own = [*of_type(f"AWS::{service}::{kind}Policy").values()]
    denied = [
        one for policy in own for statement in policy["PolicyDocument"]["Statement"]
        if (statement["Effect"], statement.get("Condition")) == ("Deny", WITHOUT_TLS)
        for one in listed(statement["Resource"])
    ]  # fmt: skip
    there = of_type(f"AWS::{service}::{kind}")
    assert sorted(next(iter(one.values())).partition(".")[0] for one in denied) == sorted(there)


WITHOUT_TLS = {"Bool": {"aws:SecureTransport": "false"}}


def test_a_key_of_ones_own_encrypts_all_that_is_kept():
    places = {"AWS::SQS::Queue": "KmsMasterKeyId", "AWS::SNS::Topic": "KmsMasterKeyId"}
    places["AWS::Logs::LogGroup"] = "KmsKeyId"
    key = {"If": ["HasKmsKey", {"Ref": "KmsKeyArn"}, {"Ref": "AWS::NoValue"}]}
    for kind, field in places.items():
        for name, one in of_type(kind).items():
            assert one[field] == key, name
    sse = RESOURCES["RunsTable"]["Properties"]["SSESpecification"]["If"]
    assert (sse[0], sse[1]["KMSMasterKeyId"]) == ("HasKmsKey", {"Ref": "KmsKeyArn"})


def test_only_what_step_functions_alone_can_be_delivers_logs():
    delivering = {
        name: role["AssumeRolePolicyDocument"]["Statement"]
        for name, role in of_type("AWS::IAM::Role").items()
        if any(one["PolicyName"] == "deliver-logs" for one in policies(role))
    }
    assert set(delivering) == {"FailoverStateMachineRole", "FleetStateMachineRole"}
    for (trust,) in delivering.values():
        assert trust["Principal"] == {"Service": "states.amazonaws.com"}


@pytest.mark.parametrize("name", of_type("AWS::Serverless::StateMachine"))
def test_a_state_machine_logs_its_errors_and_never_what_it_was_given(name):
    logging = RESOURCES[name]["Properties"]["Logging"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
    (destination,) = logging["Destinations"]
    arn = {"GetAtt": "StateMachineLogGroup.Arn"}
    assert destination == {"CloudWatchLogsLogGroup": {"LogGroupArn": arn}}


def test_every_log_group_is_kept_as_long_as_the_deployment_says():
    groups = of_type("AWS::Logs::LogGroup")
    assert groups
    assert {str(one["RetentionInDays"]) for one in groups.values()} == {
        "{'Ref': 'LogRetentionInDays'}"
    }


def test_the_state_machines_logs_do_not_grow_the_accounts_resource_policy():
    """Step Functions Developer Guide, "Avoiding Amazon CloudWatch Logs resource policy size
    restrictions": the prefix is what does not.
    """
    name = RESOURCES["StateMachineLogGroup"]["Properties"]["LogGroupName"]["Sub"]
    assert name == "/aws/vendedlogs/states/${AWS::StackName}"


def test_what_a_stack_counts_is_told_apart_by_its_name():
    for function in of_type("AWS::Serverless::Function").values():
        assert function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"] in STACK
    own = [one for one in of_type("AWS::CloudWatch::Alarm").values() if is_of_own_metric(one)]
    assert len(own) > 1
    assert all(one["Dimensions"][0]["Value"] in STACK for one in own)


STACK = ({"Ref": "AWS::StackName"}, {"Ref": "MainStackName"})


def is_of_own_metric(alarm):
    return alarm["Namespace"] == "DwsFailover"


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
        assert alarm["AlarmActions"] in (
            [{"Ref": "OperationsTopic"}],
            [{"Ref": "OperationsTopicArn"}],
        )
        assert alarm["TreatMissingData"] in ("notBreaching", "breaching")


def test_that_a_state_has_ended_which_lasts_is_told_as_that_it_began():
    """Of what happens once, in one period, nothing ends."""
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        lasts = alarm["EvaluationPeriods"] > 1
        assert alarm.get("OKActions") == (alarm["AlarmActions"] if lasts else None)


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
    when = {"scheduled_at": "<aws.scheduler.scheduled-time>"}
    assert json.loads(schedule["Target"]["Input"]) == {"command": "reconcile", **when}
    assert schedule["Target"]["RetryPolicy"] == {"MaximumRetryAttempts": 0}


def test_a_second_schedule_has_every_pair_rehearsed_unless_there_shall_be_none():
    schedule = RESOURCES["RehearsalReportSchedule"]
    assert schedule["Condition"] == "HasRehearsalSchedule"
    assert json.loads(schedule["Properties"]["Target"]["Input"]) == {"command": "report"}


@pytest.mark.parametrize(
    ("value", "is_good"),
    [
        ("", True),
        ("rate(7 days)", True),
        ("rate(1 hour)", True),
        ("cron(0 8 ? * MON *)", True),
        ("cron(30 6 ? * MON-FRI *)", True),
        ("rate(1 minute)", False),
        ("rate(0 days)", False),
        ("cron(0 8 * *)", False),
        ("every monday", False),
        ("at(2026-12-01T08:00:00)", False),
    ],
)
def test_a_rehearsal_comes_by_rate_or_cron(value, is_good):
    pattern = PARAMETERS["RehearsalSchedule"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, value)) is is_good


# A stack's name has 128 characters at most; these names have 255 and 1,011.
NAMED = {
    ("AWS::CloudWatch::Alarm", "AlarmName"),
    ("AWS::CloudWatch::Dashboard", "DashboardName"),
    ("AWS::SSM::Parameter", "Name"),
    ("AWS::Logs::LogGroup", "LogGroupName"),
    ("AWS::Logs::QueryDefinition", "Name"),
}
WITHIN_A_ROLE = "AWS::IAM::Policy"


def test_nothing_has_a_name_that_two_stacks_would_share_or_a_long_stacks_name_would_break():
    """CloudFormation makes the others from the stack's name, and cuts them to what is allowed."""
    given = {
        (one["Type"], field): one["Properties"][field]["Sub"]
        for one in EVERYWHERE.values()
        for field in one.get("Properties", ())
        if one["Type"] != WITHIN_A_ROLE and field in ("Name", f"{one['Type'].split('::')[-1]}Name")
    }
    assert set(given) == NAMED
    assert [name for name in given.values() if "StackName}" not in name] == []


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


def test_every_queue_is_encrypted_and_kept_for_as_long_as_aws_keeps():
    for queue in of_type("AWS::SQS::Queue").values():
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


# What `failoverctl doctor` reads besides.
EXAMINED = {
    "lambda:GetFunctionConfiguration", "lambda:GetPolicy", "cloudformation:DescribeStacks",
    "ssm:GetParametersByPath", "events:DescribeRule", "cloudwatch:DescribeAlarms",
}  # fmt: skip


def test_a_viewer_may_start_nothing_but_the_machine_that_looks():
    given = {
        action: one["Resource"] for one in statements_of("ViewerPolicy") for action in actions(one)
    }
    assert given["states:StartSyncExecution"] == {"Ref": "ViewStateMachine"}
    assert given["lambda:InvokeFunction"] == {"GetAtt": "DashboardFunction.Arn"}
    reads = {"states:ListExecutions", "states:DescribeExecution", "states:GetExecutionHistory"}
    assert set(given) == {"states:StartSyncExecution", "lambda:InvokeFunction", *reads, *EXAMINED}


def test_an_operator_orders_by_the_machines_and_may_send_every_command():
    given = {
        action: one["Resource"]
        for one in statements_of("OperatorPolicy")
        for action in actions(one)
        if one["Sid"] != "Dashboard"
    }
    machines = [{"Ref": "FailoverStateMachine"}, {"Ref": "FleetStateMachine"}]
    assert given["states:StartExecution"] == machines
    viewers = {action for one in statements_of("ViewerPolicy") for action in actions(one)}
    assert viewers <= set(given)  # who starts one wants to see its end
    assert given["lambda:InvokeFunction"] == {"GetAtt": "FailoverFunction.Arn"}


def test_the_application_that_would_be_published_is_this_version_with_files_that_exist():
    published = TEMPLATE["Metadata"]["AWS::ServerlessRepo::Application"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert published["SemanticVersion"] == project["version"]
    assert published["SpdxLicenseId"] == project["license"]
    assert (ROOT / published["LicenseUrl"]).exists()
    assert (ROOT / published["ReadmeUrl"]).exists()
    assert {"Name", "Description", "Author"} <= set(published)


def test_a_deployment_keeps_its_settings_in_a_file_that_build_and_deploy_both_read():
    default = tomllib.loads((ROOT / "samconfig.toml").read_text())["default"]
    given = [
        one.partition("=")[0] for one in default["global"]["parameters"]["parameter_overrides"]
    ]
    asked = [name for name, one in PARAMETERS.items() if "Default" not in one]
    assert {*asked, "PairName", "Mode", "PythonRuntime", "Architecture"} <= set(given)
    assert not [name for name in default if "parameter_overrides" in default[name]["parameters"]][
        1:
    ]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (
            "MaxDataLossSeconds",
            ("60", "99", "100", "3600"),
            ("59", "60.5", "+60", "060", "1e3", ""),
        ),
        ("MaxFailoversPerHour", ("1", "5", "1000"), ("0", "1.5", "1001", "5.0", "")),
    ],
)
def test_a_number_is_whole_before_anything_is_deployed(name, good, bad):
    pattern = re.compile(PARAMETERS[name]["AllowedPattern"])
    assert all(pattern.fullmatch(one) for one in good)
    assert not any(pattern.fullmatch(one) for one in bad)


@pytest.mark.parametrize("value", ['{"alarms": []}', '{"a": 1, "mode" : "automatic"}', "{}x", "[]"])
def test_options_are_no_fields_that_are_made_from_parameters(value):
    assert not re.fullmatch(PARAMETERS["FirstPairOptions"]["AllowedPattern"], value)


def test_each_function_is_built_by_the_makefile_of_the_runtime_that_it_has():
    functions = [one for one in EVERYWHERE.values() if one["Type"] == "AWS::Serverless::Function"]
    how = {"BuildMethod": "makefile", "ContextPath": {"Sub": "src/builds/${PythonRuntime}"}}
    assert [one["Metadata"] for one in functions] == [how] * 3
    for runtime in PARAMETERS["PythonRuntime"]["AllowedValues"]:
        makefile = (ROOT / "src" / "builds" / runtime / "Makefile").read_text()
        assert makefile == f"PYTHON = {runtime}\ninclude builds/package.mk\n"
