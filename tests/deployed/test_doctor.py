"""The doctor at a real stack, with the rights of the people whom the stack's policies are for."""

import json
import os
import re
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from deployment import armed
from places import ROOT

DOCTOR = [sys.executable, "-m", "failoverctl", "doctor"]


@pytest.fixture
def environment_of(deployment):
    """What a person who has one policy of the deployment has in the environment."""

    def environment(policy):
        iam, name = deployment.aws.client("iam"), f"person-{uuid.uuid4().hex[:8]}"
        trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        iam.attach_role_policy(RoleName=name, PolicyArn=deployment.outputs[policy])
        keys = deployment.aws.client("sts").assume_role(RoleArn=role, RoleSessionName="doctor")
        return {
            **deployment.aws.environment,
            "AWS_ACCESS_KEY_ID": keys["Credentials"]["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": keys["Credentials"]["SecretAccessKey"],
            "AWS_SESSION_TOKEN": keys["Credentials"]["SessionToken"],
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }

    return environment


@pytest.fixture
def doctor(deployment, environment_of):
    """Run the program as somebody with a policy; what it wrote, and its exit code."""

    def run(*options, policy="OperatorPolicyArn", zone="UTC"):
        ran = subprocess.run(
            [*DOCTOR, "--stack", deployment.stack, *options],
            env=environment_of(policy) | {"TZ": zone}, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        return ran.returncode, ran.stdout + ran.stderr

    return run


@pytest.fixture
def healthy(deployment):
    """A pair that could be failed over, and its alarm."""
    deployment.put_pair()
    armed(deployment)
    put_alarm(deployment, f"{deployment.stack}-outage-analytics")
    return deployment


def a_notice(deployment, within_s=120):
    """The test notice: the program has to look at everything before it sends one."""
    latest = time.monotonic() + within_s
    while time.monotonic() < latest:
        for told in deployment.notices():
            if told.result["reason_code"] == "test_notice":
                return told
    raise AssertionError(f"no test notice within {within_s} s")


def put_alarm(deployment, name, state="OK"):
    cloudwatch = deployment.aws.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=name, Namespace="Warehouse", MetricName="ConnectionTaken", Statistic="Minimum",
        Period=60, EvaluationPeriods=1, Threshold=1, ComparisonOperator="LessThanThreshold",
    )  # fmt: skip
    cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="test")


def test_the_doctor_finds_a_healthy_pair_and_sends_a_notice_that_arrives(healthy, doctor):
    _, said = doctor("--no-wait")
    assert re.search(r"ok +analytics: READY", said)
    assert re.search(r"ok +analytics: \S+-outage-analytics: there, heard, not in ALARM", said)
    assert "Not looked at" not in said
    code = re.search(r"look for the code (\S+)", said)[1]
    assert code in a_notice(healthy).result["reason"]


def test_whoever_types_the_code_that_came_is_told_that_it_arrived(healthy, environment_of):
    keyboard, terminal = os.openpty()
    command = [*DOCTOR, "--stack", healthy.stack]
    with subprocess.Popen(
        command, env=environment_of("OperatorPolicyArn"), stdin=terminal, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    ) as running:  # fmt: skip
        told = a_notice(healthy)
        code = re.search(r"its code is (\S+)", told.result["reason"])[1]
        os.write(keyboard, f"{code}\n".encode())
        said, _ = running.communicate(timeout=120)
    assert "it has arrived: you have read its code" in said


def test_an_alarm_that_was_in_alarm_before_anybody_listened_is_found(healthy, doctor):
    # Of a name that the rule does not let through: nothing of it comes to the function.
    name = f"warehouse-{healthy.stack}"
    put_alarm(healthy, name, "ALARM")
    healthy.put_pair(alarms=[name])
    code, said = doctor("--no-notice", zone="Asia/Tokyo")
    assert code == 1
    (since,) = re.findall(rf"{name} is in ALARM since (.*?) UTC", said)
    assert abs(datetime.fromisoformat(f"{since}Z") - datetime.now(UTC)) < timedelta(minutes=10)
    assert f"{name} is not heard: no rule lets its name through" in said


def test_a_pair_whose_alarm_does_not_exist_is_found(healthy, doctor):
    healthy.put_pair(alarms=[f"{healthy.stack}-outage-analytic"])
    code, said = doctor("analytics", "--no-notice")
    assert code == 1
    assert "no such alarm exists" in said


@pytest.mark.usefixtures("healthy")
def test_a_viewer_hears_which_rights_are_missing_and_the_rest_goes_on(doctor):
    code, said = doctor(policy="ViewerPolicyArn")
    assert code == 1
    assert re.search(
        r"skip +subscriptions: not looked at: you lack sns:ListSubscriptionsByTopic", said
    )
    assert re.search(r"ok +analytics: \S+-outage-analytics: there", said)


def test_a_stack_that_is_not_there_is_one_plain_sentence(environment_of):
    ran = subprocess.run(
        [*DOCTOR, "--stack", "no-such-stack", "--no-notice"],
        env=environment_of("OperatorPolicyArn"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode != 0
    assert "Traceback" not in ran.stderr
