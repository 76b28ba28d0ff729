"""The inbox: every mail of a topic on one page, as a mail client shows it."""

import json
import os
import re
import subprocess
import sys
import time
import uuid
from datetime import UTC, datetime

import httpx
import pytest
from browser import browser
from places import ROOT

from local.inbox import Mail, Mailbox
from local.inbox.page import page

HOSTILE = '</pre><script>document.title="x"</script>'
NOW = datetime(2026, 1, 15, 8, 30, tzinfo=UTC)


def mail(**changes):
    given = {"subject": "[INFO] a: b", "text": "What happened: x.\n\n  two  spaces\n", "at": NOW}
    return Mail(**{**given, "attributes": {"severity": "info"}, "topic": "t", **changes})


@pytest.fixture
def topic(aws):
    return aws.client("sns").create_topic(Name=f"inbox-{uuid.uuid4().hex[:8]}")["TopicArn"]


def publish(aws, topic, subject="[WARNING] a: b", text="for people"):
    message = {"default": text, "email": text, "sqs": "{}", "https": "{}"}
    value = {"DataType": "String", "StringValue": "warning"}
    aws.client("sns").publish(
        TopicArn=topic, Subject=subject, MessageStructure="json", Message=json.dumps(message),
        MessageAttributes={"severity": value},
    )  # fmt: skip


def test_a_mail_is_the_text_for_people_and_stands_on_the_page(aws, topic):
    with Mailbox(aws.client("sns")) as mailbox:
        mailbox.subscribe(topic)
        publish(aws, topic, text="for <people>\n  aws lambda invoke --x 'y'")
        got = mailbox.next(20)
        shown = httpx.get(mailbox.url).text
    assert (got.subject, got.text) == (
        "[WARNING] a: b", "for <people>\n  aws lambda invoke --x 'y'",
    )  # fmt: skip
    assert got.attributes["severity"] == "warning"
    assert "for &lt;people&gt;\n  aws lambda invoke" in shown


def test_mails_of_all_topics_come_in_their_order(aws, topic):
    other = aws.client("sns").create_topic(Name=f"inbox-{uuid.uuid4().hex[:8]}")["TopicArn"]
    with Mailbox(aws.client("sns")) as mailbox:
        for one in (topic, other):
            mailbox.subscribe(one)
        for number, one in enumerate((topic, other, topic)):
            publish(aws, one, subject=str(number))
            mailbox.next(20)
        assert [one.subject for one in mailbox.mails] == ["0", "1", "2"]
        assert mailbox.mails[1].topic == other.rpartition(":")[2]


def test_where_no_mail_comes_it_says_so(aws):
    with (
        Mailbox(aws.client("sns")) as mailbox,
        pytest.raises(TimeoutError, match="no notification"),
    ):
        mailbox.next(0.1)


def test_the_newest_mail_stands_first():
    old, new = mail(subject="old"), mail(subject="new", at=NOW.replace(hour=9))
    shown = page([old, new])
    assert shown.index("new") < shown.index(">old<")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_shows_a_mail_as_it_was_written_and_runs_nothing(scheme):
    odd = mail(subject=HOSTILE, text=f"{HOSTILE}\n\n  two  spaces\n" + "x" * 500)
    with browser() as chromium:
        opened = chromium.new_page(viewport={"width": 390, "height": 800}, color_scheme=scheme)
        opened.set_content(page([odd, mail()]))
        assert opened.title() == "Inbox (2)"
        assert "  two  spaces" in opened.locator("pre").first.inner_text()
        assert opened.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_empty_inbox_says_that_nothing_has_come():
    assert "Nothing has come yet" in page([])


def a_program(*words):
    return subprocess.Popen(
        [sys.executable, "-u", "-m", "local.inbox", *words], cwd=ROOT, env=dict(os.environ),
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_the_program_hears_topics_that_are_made_while_it_runs(aws):
    with a_program("--endpoint", aws.endpoint) as program:
        url = re.search(r"http://\S+", program.stdout.readline())[0]
        topic = aws.client("sns").create_topic(Name=f"inbox-{uuid.uuid4().hex[:8]}")["TopicArn"]
        until = time.monotonic() + 30
        while "made later" not in httpx.get(url).text:
            assert time.monotonic() < until
            publish(aws, topic, text="made later")
            time.sleep(1)
        program.terminate()


def test_without_an_aws_the_program_says_what_to_start():
    with a_program("--endpoint", "http://127.0.0.1:9") as program:
        said, _ = program.communicate(timeout=60)
    assert program.returncode == 1
    assert "start `make aws`" in said
