"""What becomes of a publication: whose fault it is that SNS does not take it, and its size."""

import json
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError
from situations import NOW

from handler.aws.telemetry import metrics
from handler.aws.topic import Delivery, Publisher
from handler.model.notice import Notice

NOTICE = Notice("n", "-", NOW, NOW, "subject", "text", "{}", {"pair": "analytics"})


class Sns:
    """A topic that answers with an error."""

    def __init__(self, code, status):
        self._answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}

    def publish(self, **_):
        raise ClientError(self._answer, "Publish")


@pytest.fixture
def counted():
    """How often a failure of ours was counted."""
    metrics.clear_metrics()
    yield lambda: len(metrics.metric_set.get("NoticeFailed", {}).get("Value", []))
    metrics.clear_metrics()


def published(code, status):
    return Publisher(Sns(code, status), "topic").publish(NOTICE)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AuthorizationError", 403),
        ("InvalidSecurity", 403),
        ("KMSAccessDenied", 400),
        ("KMSDisabled", 400),
        ("KMSInvalidState", 400),
        ("KMSNotFound", 400),
        ("KMSOptInRequired", 403),
        ("NotFound", 404),
    ],
)
def test_what_only_a_person_can_correct_is_counted_and_tried_again(code, status, counted):
    assert published(code, status) is Delivery.FAILED
    assert counted() == 1


@pytest.mark.parametrize(
    ("code", "status"), [("InternalError", 500), ("Throttled", 429), ("KMSThrottling", 400)]
)
def test_what_passes_by_itself_is_not_counted_as_ours(code, status, counted):
    assert published(code, status) is Delivery.FAILED
    assert counted() == 0


def test_what_sns_will_never_take_is_that_messages_fault(counted):
    assert published("InvalidParameter", 400) is Delivery.REFUSED
    assert counted() == 0


class Heard:
    """A topic that keeps what was published last."""

    def publish(self, **given):
        self.given = given


def sent(**changes):
    """The text and the JSON of what is published, and how many bytes the message has."""
    heard = Heard()
    assert Publisher(heard, "topic").publish(replace(NOTICE, **changes)) is Delivery.TAKEN
    message = heard.given["Message"]
    found = json.loads(message)
    assert found["default"] == found["email"]
    assert found["sqs"] == found["lambda"] == found["https"]
    return found["email"], found["sqs"], len(message.encode())


def test_a_notice_of_usual_size_is_published_as_it_was_written():
    text, body = "\U0001f4a9" * 4000, json.dumps({"gates": ["计" * 200] * 20})
    assert sent(text=text, body=body)[:2] == (text, body)


@pytest.mark.parametrize("letter", ["x", "计", "\U0001f4a9", '"', "\\"])
def test_a_notice_that_sns_would_never_take_is_cut(letter):
    said = {
        "decision": "refused", "pair": "sales", "reason": letter * 90_000,
        "gates": [{"gate": "rpo", "reason": letter * 9000}] * 12, "next_steps": [letter * 9000],
    }  # fmt: skip
    text, body, size = sent(text=f"What happened: {letter * 200_000}\n", body=json.dumps(said))
    assert size < 256 * 1024 - 5000
    assert text.startswith("What happened: ")
    assert "Cut here" in text
    kept = json.loads(body)
    assert kept.keys() == said.keys()
    assert (kept["decision"], kept["pair"]) == ("refused", "sales")
    assert kept["reason"].startswith(letter * 200)


@pytest.mark.parametrize(
    "body",
    ["x" * 300_000, "[" * 200_000, json.dumps(["y" * 300_000]), json.dumps({"z" * 300_000: None}),
     json.dumps({str(number): None for number in range(40_000)})],
    ids=["no JSON", "deep", "no object", "a name", "many names"],
)  # fmt: skip
def test_a_damaged_notice_that_is_too_large_is_told_all_the_same(body):
    text, kept, size = sent(text="What happened: it.\n", body=body)
    assert (text, json.loads(kept)) == ("What happened: it.\n", {})
    assert size < 256 * 1024
