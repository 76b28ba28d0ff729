"""Whether anybody hears what is told."""

import pytest

from handler.aws.telemetry import metrics


@pytest.fixture
def unheard(parts):
    """A healthy pair of whose topic the only subscriber has gone."""
    sns = parts.aws.client("sns")
    (one,) = sns.list_subscriptions_by_topic(TopicArn=parts.topic)["Subscriptions"]
    sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
    parts.arm()
    return parts


def subscribe(parts):
    """Somebody who does not confirm; the embedded AWS confirms an e-mail by itself."""
    sns = parts.aws.client("sns")
    sns.subscribe(TopicArn=parts.topic, Protocol="http", Endpoint="http://127.0.0.1:9/")


def rings(parts):
    metrics.clear_metrics()
    parts.send({"command": "reconcile"})
    rung = "NobodyToTell" in metrics.metric_set
    metrics.clear_metrics()
    return rung


def test_a_pair_of_which_nobody_would_be_told_is_not_ready(unheard):
    found = unheard.send({"command": "status", "pair": "analytics"})
    assert found["reason_code"] == "nobody_to_tell"
    assert found["reason"].startswith("NOT READY because nobody would be told")
    assert found["next_steps"][-1].startswith("subscribe somebody to the notification topic")


def test_a_subscription_that_waits_for_its_confirmation_hears_nothing(unheard):
    subscribe(unheard)
    found = unheard.send({"command": "status", "pair": "analytics"})
    assert found["reason_code"] == "nobody_to_tell"


def test_nobody_to_tell_rings_on_another_topic(unheard):
    assert rings(unheard)


def test_one_confirmed_subscription_is_enough(parts):
    parts.arm()
    assert parts.send({"command": "status", "pair": "analytics"})["reason_code"] == "ready"
    assert not rings(parts)


def test_who_has_not_confirmed_is_told_to_those_who_have(parts):
    parts.arm()
    subscribe(parts)
    assert not rings(parts)
    rings(parts)
    codes = [one.result["reason_code"] for one in parts.notices()]
    assert codes == ["unconfirmed_subscriptions"]


def test_a_topic_that_cannot_be_read_says_nothing_about_its_subscribers(parts):
    class Unread:
        def subscriptions(self):
            return None

    parts.arm()
    parts.instead["publisher"] = Unread()
    assert parts.send({"command": "status", "pair": "analytics"})["reason_code"] == "ready"
    assert not rings(parts)


def test_a_topic_that_is_gone_rings_on_another_topic(parts):
    """SNS counts no failure of its own, and no notice reaches anybody."""
    parts.aws.client("sns").delete_topic(TopicArn=parts.topic)
    parts.arm()
    metrics.clear_metrics()
    parts.alarm()
    rung = "NoticeFailed" in metrics.metric_set
    metrics.clear_metrics()
    assert rung
