"""A notice goes to the topic for chat as well, on a topic of AWS's own making."""

import json

from parts import subscribe_queue

from handler import app


def test_chat_gets_a_copy_of_what_the_notification_topic_has_taken(outage, monkeypatch):
    sns, sqs = outage.aws.client("sns"), outage.aws.client("sqs")
    topic = sns.create_topic(Name=f"{outage.name}-chat")["TopicArn"]
    queue = subscribe_queue(sns, sqs, topic, f"{outage.name}-chat")
    monkeypatch.setenv("CHAT_TOPIC_ARN", topic)
    app.adapters.cache_clear()
    (result,) = outage.alarm()
    (notice,) = outage.notices()
    (got,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    chat = json.loads(json.loads(got["Body"])["Message"])
    assert (chat["version"], chat["source"]) == ("1.0", "custom")
    assert chat["id"] == notice.attributes["notice_id"]
    assert chat["metadata"]["threadId"] == result["incident_id"]
    assert "switching to the standby now" in chat["content"]["title"]
    assert result["notified"]
