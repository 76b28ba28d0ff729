"""A pair's first minutes: what people are told of it, and told again if nobody could hear it."""

import pytest
from parts import now, subscribe_queue

from handler.model.pair_state import Observations, PairState


def reconciled(parts, times=1):
    for _ in range(times):
        parts.send({"command": "reconcile"})
        parts.let_pass(60)


def codes(parts):
    return [one.attributes["reason_code"] for one in parts.notices()]


def test_the_first_check_of_a_pair_says_what_it_listens_to_and_what_it_cannot_see(parts):
    parts.put_pair(alarms=["dws-outage-analytics", "dws-outage-analytics-*"])
    reconciled(parts)
    (notice,) = parts.notices()
    assert notice.attributes["reason_code"] == "new_pair"
    assert notice.attributes["severity"] == "info"
    assert notice.result["reason"] == (
        "the pair is watched from now on, in mode automatic; it listens to the alarms"
        " «dws-outage-analytics», «dws-outage-analytics-*»; an alarm that is in ALARM already"
        " makes no transition, and is not seen"
    )
    assert notice.result["next_steps"][0].endswith(": failoverctl doctor analytics")


def test_it_is_said_once(parts):
    reconciled(parts, 4)
    assert codes(parts) == ["new_pair"]


def test_a_pair_without_alarms_is_told_that_only_witnesses_speak_for_it(parts):
    parts.put_pair(alarms=[])
    reconciled(parts)
    (notice,) = parts.notices()
    assert "it listens to no alarm, so only witnesses" in notice.result["reason"]


def test_many_patterns_are_named_in_part(parts):
    parts.put_pair(alarms=[f"dws-outage-{number}" for number in range(40)])
    reconciled(parts)
    (notice,) = parts.notices()
    assert "«dws-outage-4» and 35 more; " in notice.result["reason"]


def test_a_pair_that_an_earlier_version_has_watched_is_not_introduced(parts):
    """It stored no word of an introduction, as it knew none."""
    id_ = parts.emulator.pair.id
    parts.ledger.save_pair_state(id_, PairState(roles=parts.roles, roles_since=now(hours=-1)))
    parts.ledger.save_observations(id_, Observations(first_checked_at=now(days=-9)))
    reconciled(parts, 2)
    assert "new_pair" not in codes(parts)


@pytest.fixture
def unheard(parts):
    """A topic to which nobody has confirmed a subscription yet."""
    sns = parts.aws.client("sns")
    (one,) = sns.list_subscriptions_by_topic(TopicArn=parts.topic)["Subscriptions"]
    sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
    return parts


def confirm(parts):
    """The first subscription is confirmed."""
    sns, sqs = parts.aws.client("sns"), parts.aws.client("sqs")
    parts.queue = subscribe_queue(sns, sqs, parts.topic, f"{parts.name}-late")


def test_what_nobody_could_hear_is_told_again_to_the_first_who_does(unheard):
    unheard.put_pair(alarms=["arn:aws:sns:nonsense"])
    unheard.put_document("broken", "{")
    reconciled(unheard, 2)
    confirm(unheard)
    reconciled(unheard, 2)
    assert sorted(codes(unheard)) == ["misconfigured", "misconfigured", "new_pair"]


def test_that_is_told_once(unheard):
    unheard.put_pair(alarms=["arn:aws:sns:nonsense"])
    reconciled(unheard)
    confirm(unheard)
    reconciled(unheard)
    assert sorted(codes(unheard)) == ["misconfigured", "new_pair"]
    reconciled(unheard, 12)
    assert codes(unheard) == []


def test_a_readiness_that_was_lost_unheard_is_told_again(unheard):
    unheard.arm(is_ready=True)
    unheard.emulator.set_pair(status="stopped")
    reconciled(unheard)
    assert unheard.record.observations.is_ready is False
    confirm(unheard)
    reconciled(unheard, 2)
    assert codes(unheard) == ["readiness_lost"]


def test_where_somebody_always_heard_nothing_is_told_twice(parts):
    parts.put_pair(alarms=["arn:aws:sns:nonsense"])
    reconciled(parts, 14)
    assert sorted(codes(parts)) == ["misconfigured", "new_pair"]


def test_what_else_is_in_the_way_since_is_told_and_what_goes_and_comes_is_not(parts):
    parts.arm(is_ready=True)
    standby = parts.emulator.pair.standby_id
    parts.emulator.set_cluster(standby, status="FAILED")
    reconciled(parts, 11)
    assert codes(parts) == ["readiness_lost"]
    parts.emulator.set_pair(status="stopped")
    reconciled(parts, 2)
    (more,) = parts.notices()
    assert more.attributes["reason_code"] == "readiness_lost"
    assert "pair_state: disaster recovery is stopped" in more.result["reason"]
    for status in ("abnormal", "stopped"):
        parts.emulator.set_pair(status=status)
        reconciled(parts, 11)
    assert codes(parts) == []
