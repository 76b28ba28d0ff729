"""A service of AWS is down for the function: what it still does, what is told, what comes later.

Each class is a row of the README's table; the services that no emulator can take down are in
tests/deployed/test_service_off.py.
"""

import boto3
import pytest
from outages import (
    CLAIM,
    HOWS,
    MINUTES,
    PartsBehind,
    end_when_waiting,
    is_over_in_the_end,
    minute,
)
from parts import bus_alarm, scheduled
from smn_url import Url

from handler.aws.queue import Queue
from handler.aws.telemetry import metrics
from handler.errors import FailoverError, LedgerUnavailable
from handler.model.run import RunState
from local.aws.troubles import Drop, Error
from local.smn import Smn

RECONCILE = {"command": "reconcile"}
STATUS = {"command": "status", "pair": "analytics"}


@pytest.fixture
def outage(aws, emulator, proxy):
    """An armed automatic pair whose production has just failed; switching takes a moment."""
    emulator.vary(switching_s=0)
    with PartsBehind(aws, emulator, proxy) as made:
        made.arm()
        emulator.break_production()
        yield made


@pytest.fixture
def smn(tmp_path, monkeypatch):
    with Smn(tmp_path) as serving:
        for name, value in serving.environment.items():
            monkeypatch.setenv(name, value)
        yield serving


@pytest.fixture
def alarm():
    """What a bus sends, and sends again where the function raises."""
    return bus_alarm("dws-outage-analytics")


def decided(parts, event):
    (result,) = parts.send(event)["results"]
    return result["decision"], result["reason_code"]


def told(parts):
    return [notice.attributes["reason_code"] for notice in parts.notices()]


def answered_and_counted(parts, why):
    """What could not be done is an answer, and no event for the failure queue."""
    metrics.clear_metrics()
    (answer,) = parts.send(scheduled())["results"]
    counted = metrics.metric_set.keys() & {"ReconcileFailed", "ReconcileCompleted"}
    metrics.clear_metrics()
    assert (answer["decision"], answer["reason_code"]) == ("blocked", "unavailable")
    assert why in answer["reason"]
    assert counted == {"ReconcileFailed"}


# Whatever is down, and however

SERVICES = ["DynamoDB", "SNS", "SSM", "SecretsManager", "SQS", "Lambda"]


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("service", SERVICES)
def test_down_when_the_alarm_comes_there_is_one_order_in_the_end_and_it_is_told(
    outage, alarm, service, how
):
    outage.take_down(service.lower(), how)
    try:
        outage.send(alarm)
    except FailoverError:
        assert outage.posts == 0
    outage.bring_back(service.lower())
    outage.send(alarm)
    is_over_in_the_end(outage)


@pytest.mark.parametrize("how", ["503", "no answer"])
@pytest.mark.parametrize("service", SERVICES)
def test_down_from_the_claim_on_there_is_one_order_and_it_is_told(outage, alarm, service, how):
    outage.take_down(service.lower(), how, **CLAIM)
    end_when_waiting(outage)
    assert decided(outage, alarm)[0] == "submitted"
    assert outage.posts == 1
    outage.remaining_s = 300.0
    outage.bring_back(service.lower())
    is_over_in_the_end(outage)


class TestDynamoDB:
    def test_an_alarm_orders_nothing_and_the_bus_gets_an_error_that_names_the_table(
        self, outage, alarm
    ):
        outage.take_down("dynamodb")
        with pytest.raises(LedgerUnavailable, match="the runs table cannot be used"):
            outage.send(alarm)
        assert (outage.posts, outage.notices()) == (0, [])

    def test_the_schedules_reconcile_answers_and_counts_so_that_its_alarm_rings(self, outage):
        outage.take_down("dynamodb")
        answered_and_counted(outage, "the runs table cannot be used")

    def test_down_once_the_alarm_is_stored_it_is_told_and_acted_on_when_the_table_is_back(
        self, outage, alarm
    ):
        incident = {"after": "TransactWriteItems", "containing": "state#incident"}
        outage.take_down("dynamodb", **incident)
        assert decided(outage, alarm) == ("blocked", "ledger_unavailable")
        assert (told(outage), outage.posts) == (["ledger_unavailable"], 0)
        outage.bring_back("dynamodb")
        minute(outage)
        assert (told(outage), outage.posts) == (["accepted"], 1)

    def test_down_once_the_order_is_claimed_it_goes_out_once_and_the_word_says_what_is_not_stored(
        self, outage, alarm
    ):
        outage.take_down("dynamodb", **CLAIM)
        end_when_waiting(outage)
        assert decided(outage, alarm) == ("submitted", "accepted")
        (notice,) = outage.notices()
        assert "could not be recorded" in notice.result["reason"]
        outage.bring_back("dynamodb")
        assert decided(outage, alarm) == ("duplicate", "submitting")
        assert outage.posts == 1

    def test_a_claim_whose_answer_is_lost_for_good_orders_nothing_and_holds_for_a_person(
        self, outage, alarm
    ):
        """The one case that does not catch up by itself: nobody may order what may be claimed."""
        for nth in (1, 2, 3):
            outage.proxy.spoil(
                "TransactWriteItems", Drop(), moment="after", nth=nth, containing="state#fleet"
            )
        outage.take_down("dynamodb", **CLAIM)
        assert decided(outage, alarm) == ("blocked", "ledger_unavailable")
        outage.bring_back("dynamodb")
        for _ in range(MINUTES):
            minute(outage)
        assert (outage.record.run.state, outage.posts) == (RunState.NOT_STARTED, 0)
        assert outage.record.run.holds_pair
        assert told(outage)[0] == "ledger_unavailable"
        assert outage.send(STATUS)["reason_code"] == "held"


class TestSNS:
    def test_an_order_goes_out_though_nobody_hears_of_it(self, outage, alarm):
        outage.take_down("sns")
        (result,) = outage.send(alarm)["results"]
        assert (result["decision"], result["notified"], outage.posts) == ("submitted", False, 1)

    def test_status_says_what_nobody_has_heard(self, outage, alarm):
        outage.take_down("sns")
        outage.send(alarm)
        assert outage.send(STATUS)["reason"].startswith("HELD by run")

    def test_reconcile_goes_on_without_it(self, outage, alarm):
        outage.take_down("sns")
        outage.send(alarm)
        minute(outage)
        minute(outage)
        assert outage.record.run.state is RunState.SUCCEEDED

    def test_what_was_not_heard_comes_in_the_minute_after_and_says_that_it_is_late(
        self, outage, alarm
    ):
        outage.take_down("sns")
        outage.send(alarm)
        minute(outage)
        outage.bring_back("sns")
        minute(outage)
        late = [notice.subject for notice in outage.notices()]
        assert any("sent late" in subject for subject in late)

    def test_with_the_table_down_as_well_the_bus_gets_its_error_back(self, outage, alarm):
        incident = {"after": "TransactWriteItems", "containing": "state#incident"}
        outage.take_down("sns", **incident)
        outage.take_down("dynamodb", **incident)
        with pytest.raises(LedgerUnavailable):
            outage.send(alarm)
        assert outage.posts == 0


class TestSSMParameterStore:
    def test_with_documents_of_the_last_30_s_an_alarm_is_acted_on(self, outage, alarm):
        outage.send(STATUS)
        outage.take_down("ssm")
        assert decided(outage, alarm) == ("submitted", "accepted")

    def test_without_them_the_bus_gets_an_error_that_names_the_path(self, outage, alarm):
        outage.take_down("ssm")
        with pytest.raises(LedgerUnavailable, match=f"the pairs below {outage.path}"):
            outage.send(alarm)
        assert outage.posts == 0

    def test_the_schedules_reconcile_answers_and_counts_so_that_its_alarm_rings(self, outage):
        outage.take_down("ssm")
        answered_and_counted(outage, "the pairs below")

    def test_once_it_is_back_reconcile_acts_on_the_witnesses_though_the_alarm_was_lost(
        self, outage, alarm
    ):
        outage.take_down("ssm")
        with pytest.raises(LedgerUnavailable):
            outage.send(alarm)
        outage.bring_back("ssm")
        for _ in range(2):
            minute(outage)
        assert outage.posts == 1

    def test_an_order_that_was_sent_is_followed_to_its_end_and_told(self, outage, alarm):
        outage.send(alarm)
        outage.take_down("ssm")
        outage.forget()
        for _ in range(2):
            with pytest.raises(LedgerUnavailable):
                minute(outage)
        assert outage.record.run.state is RunState.SUCCEEDED
        assert "seen_exchanged" in told(outage)


class TestSecretsManager:
    def test_with_a_secret_of_the_last_five_minutes_an_alarm_is_acted_on(self, outage, alarm):
        outage.send(STATUS)
        outage.take_down("secretsmanager")
        assert decided(outage, alarm) == ("submitted", "accepted")

    def test_without_it_people_hear_that_the_secret_cannot_be_read(self, outage, alarm):
        outage.take_down("secretsmanager")
        assert decided(outage, alarm) == ("blocked", "ledger_unavailable")
        (notice,) = outage.notices()
        assert f"secret {outage.name}/credentials cannot be read" in notice.result["reason"]

    def test_in_the_minute_after_the_incident_is_acted_on(self, outage, alarm):
        outage.take_down("secretsmanager")
        outage.send(alarm)
        minute(outage)
        assert outage.posts == 0
        outage.bring_back("secretsmanager")
        minute(outage)
        assert outage.posts == 1

    def test_a_key_that_was_exchanged_meanwhile_is_no_doubt_about_the_order(self, outage, alarm):
        """The 401 cannot be answered with a new key: nothing was started, and the next try orders."""
        outage.send(STATUS)
        outage.take_down("secretsmanager")
        outage.emulator.fault("failover", "respond", status=401)
        assert decided(outage, alarm)[0] == "provider_rejected"
        outage.bring_back("secretsmanager")
        minute(outage)
        assert [post.effect for post in outage.emulator.failover_posts] == [False, True]

    def test_a_brief_status_needs_no_secret(self, outage, alarm):
        outage.take_down("secretsmanager")
        outage.send(alarm)
        (brief,) = outage.send({**STATUS, "brief": True})["results"]
        assert "INCIDENT open since" in brief["reason"]


class TestSQS:
    def test_alarms_and_notices_need_no_queue(self, outage, alarm):
        outage.take_down("sqs")
        assert decided(outage, alarm) == ("submitted", "accepted")
        assert told(outage) == ["accepted"]

    def test_smn_gets_503_and_its_message_is_taken_when_it_comes_again(self, outage, smn):
        queue = outage.aws.client("sqs").create_queue(QueueName=f"{outage.name}-smn")["QueueUrl"]
        url = Url(forward=Queue(lambda: boto3.client("sqs"), queue).send)
        message = smn.notification("production is down")
        outage.take_down("sqs")
        assert url.post(message) == (503, "failed")
        outage.bring_back("sqs")
        assert url.post(message) == (200, "forwarded")

    def test_a_notice_that_sns_never_takes_stays_open_until_the_failure_queue_is_back(
        self, outage, alarm
    ):
        refused = Error("InvalidParameter")
        outage.proxy.take_down("sns", refused)
        outage.take_down("sqs")
        outage.send(alarm)
        for _ in range(8):
            minute(outage)
        assert kept(outage) == []
        outage.bring_back("sqs")
        minute(outage)
        assert "accepted" in str(kept(outage))


def kept(parts):
    answer = parts.aws.client("sqs").receive_message(
        QueueUrl=parts.failed_events, MaxNumberOfMessages=10
    )
    return [message["Body"] for message in answer.get("Messages", [])]


class TestKMS:
    """A service whose key cannot be used answers with an error of KMS in its own words."""

    def test_a_table_whose_key_cannot_be_used_is_a_table_that_is_down(self, outage, alarm):
        outage.proxy.take_down("dynamodb", Error("AccessDeniedException", message="kms:Decrypt"))
        with pytest.raises(LedgerUnavailable, match="kms:Decrypt"):
            outage.send(alarm)
        assert outage.posts == 0

    @pytest.mark.parametrize("code", ["KMSThrottling", "KMSDisabled", "KMSAccessDenied"])
    def test_a_topic_whose_key_cannot_be_used_gets_its_notices_later(self, outage, alarm, code):
        outage.proxy.take_down("sns", Error(code))
        assert decided(outage, alarm) == ("submitted", "accepted")
        outage.bring_back("sns")
        minute(outage)
        assert told(outage)

    def test_a_secret_whose_key_cannot_be_used_is_told_and_the_incident_goes_on(
        self, outage, alarm
    ):
        outage.proxy.take_down("secretsmanager", Error("DecryptionFailure"))
        assert decided(outage, alarm) == ("blocked", "invalid_credentials")
        assert told(outage) == ["invalid_credentials"]
        outage.bring_back("secretsmanager")
        minute(outage)
        assert outage.posts == 1
