"""The rehearsal by schedule, with what the schedule may do."""

import json

import pytest
from botocore.exceptions import ClientError
from deployment import armed


def test_the_schedules_role_has_every_pair_rehearsed_and_one_report_sent(deployment):
    armed(deployment)
    deployment.notices(0)
    name = deployment.physical_id("RehearsalReportSchedule")
    schedule = deployment.aws.client("scheduler").get_schedule(Name=name)
    client = deployment.client_as("RehearsalScheduleRole", "lambda")
    answer = client.invoke(
        FunctionName=schedule["Target"]["Arn"], Payload=schedule["Target"]["Input"]
    )
    summary, row = json.load(answer["Payload"])["results"]
    assert (summary["reason_code"], row["reason_code"]) == ("all_ready", "ready")
    (notice,) = deployment.notices()
    assert notice.subject.startswith("[INFO] dws-failover: rehearsal: 1 pair, all ready")


def test_the_schedules_role_can_do_nothing_else(deployment):
    client = deployment.client_as("RehearsalScheduleRole", "secretsmanager")
    with pytest.raises(ClientError) as denied:
        client.get_secret_value(SecretId=deployment.secret)
    assert denied.value.response["Error"]["Code"] == "AccessDeniedException"


def test_without_a_rehearsal_schedule_there_is_none(deployment):
    deployment.change(RehearsalSchedule="")
    with pytest.raises(ClientError):
        deployment.physical_id("RehearsalReportSchedule")
