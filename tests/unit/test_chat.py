"""What a chat channel gets of a notice: the schema, one thread, and nobody else's markup."""

import json
import re
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from hypothesis import given
from hypothesis import strategies as st
from newsroom import HERE, Newsroom, lagging, of_a_run, refused
from situations import NOW

from handler.aws.topic import Chat, Publisher
from handler.model.notice import Notice
from handler.model.run import RunEvent, RunState
from handler.notifications.chat import LONGEST, MOST_STEPS, chat_message
from handler.notifications.command_lines import command_lines

IN_THE_MAIL = "The command for it stands in the mail: chat would change its characters."
REFUSED = ClientError({"Error": {"Code": "AuthorizationError", "Message": "no"}}, "Publish")


def a_notice(**changes):
    said = {"incident_id": "i", "run_id": "r", "next_steps": ["look", '{"command": "status"}']}
    defaults = {
        "notice_id": "n",
        "disaster_recovery_id": "d",
        "created_at": NOW,
        "leased_until": NOW,
        "subject": "[WARNING] sales: look",
        "text": "What happened: it.\n\nWhat happens next: nothing.\n\nGates: 13 of 13 pass.\n",
        "body": json.dumps(said),
        "attributes": {"severity": "warning", "pair": "sales"},
    }
    return Notice(**{**defaults, **changes})


def message(**changes):
    return json.loads(chat_message(a_notice(**changes), HERE))


class Failing:
    """A topic that takes nothing."""

    def __init__(self, error):
        self.error, self.calls = error, 0

    def publish(self, **_):
        self.calls += 1
        raise self.error


def with_chat(client, topic=None):
    """A newsroom whose chat, and whose topic if given, is another."""
    room = Newsroom()
    first = topic or room.outbox.publisher._client
    publisher = Publisher(first, "topic", Chat(lambda: client, "chat"))
    room.outbox = replace(room.outbox, publisher=publisher)
    return room


def test_it_says_what_happened_and_what_happens_next_and_not_why():
    content = message()["content"]
    assert content["description"] == "What happened: it.\n\nWhat happens next: nothing."
    assert content["keywords"] == ["warning", "sales"]


def test_a_step_is_a_sentence_and_a_command_is_the_line_for_the_tool():
    look, command = message()["content"]["nextSteps"]
    assert look == "look"
    assert command.startswith("`failoverctl status --function ")


def test_what_is_told_late_says_so():
    told = message(
        text="Late: written at 08:19Z, it could not be sent before.\n\nWhat happened: it.\n"
    )
    assert told["content"]["description"].startswith("Late: ")


def test_an_incident_and_its_run_are_one_thread():
    refusal, run = Newsroom(), Newsroom()
    refusal.tell(refused(lagging()))
    of_a_run(run, RunState.SUBMITTED, RunEvent.SEEN_EXCHANGED)
    threads = {room.told.chat["metadata"]["threadId"] for room in (refusal, run)}
    assert threads == {refusal.told.body["incident_id"]}


@pytest.mark.parametrize(
    ("said", "thread"),
    [({"incident_id": "i", "run_id": "r"}, "i"), ({"run_id": "r"}, "r"), ({}, "n")],
    ids=["incident", "run", "neither"],
)
def test_a_thread_is_the_incidents_else_the_runs(said, thread):
    assert message(body=json.dumps(said))["metadata"]["threadId"] == thread


@pytest.mark.parametrize(
    "body", ["", "no JSON", "[]", "null", '{"next_steps": 3, "run_id": []}', "[" * 90_000]
)
def test_a_damaged_notice_is_told_without_what_cannot_be_understood(body):
    told = message(body=body)
    assert told["content"]["nextSteps"] == []
    assert told["metadata"]["threadId"] == "n"


@given(st.text(alphabet="<>@`[]|!#*:/\n ab"))
def test_nothing_from_outside_calls_people_or_links(foreign):
    told = message(
        subject=f"x{foreign}", text=f"What happened: {foreign}", attributes={"pair": foreign},
        body=json.dumps({"next_steps": [foreign, json.dumps({"command": "status", "pair": foreign})]}),
    )  # fmt: skip
    assert not any(mark in text for text in shown(told) for mark in "<>@`[]|")


def shown(told):
    """All texts that a channel shows, a command without the marks around it."""
    content = told["content"]
    steps = [step[1:-1] if step.startswith("`") else step for step in content["nextSteps"]]
    context = told["metadata"]["additionalContext"].values()
    return [content["title"], content["description"], *content["keywords"], *context, *steps]


@pytest.mark.parametrize(
    "link",
    ["https://evil.example/login", "HTTP://10.0.0.1/x", "www.evil.example", "evil.example",
     "mailto:ada", "slack://channel"],
)  # fmt: skip
def test_a_link_in_any_text_leads_nowhere(link):
    told = message(
        subject=link, text=f"What happened: see {link}.\n", attributes={"pair": link},
        body=json.dumps({"next_steps": [f"open {link}"]}),
    )  # fmt: skip
    assert len(shown(told)) == 5
    assert all("(.)" in text or "(:)" in text for text in shown(told))
    assert not any(link in text or "://" in text for text in shown(told))


def test_what_looks_like_no_link_is_told_as_it_is():
    said = "What happened: DWS.5045 at 08:19Z, version 8.1.3.310; see docs/runbook, ratio 1.5."
    assert message(text=f"{said}\n")["content"]["description"] == said


@given(st.text(alphabet="~*_ a-.é«"))
def test_nothing_from_outside_strikes_out_or_emphasises_our_words(foreign):
    """A mark in one name and its like in another change how what is between them looks."""
    told = message(
        subject=foreign, text=f"What happened: {foreign}", attributes={"pair": foreign},
        body=json.dumps({"next_steps": [foreign]}),
    )  # fmt: skip
    for text in shown(told):
        assert not set("~*") & set(text)
        assert not re.search(r"(?<!\w)_|_(?!\w)", text)


def test_a_name_keeps_its_underscores_and_a_command_all_its_marks():
    """A channel emphasises no part of a word, and changes nothing in a line of code."""
    asked = json.dumps({"command": "pause", "pair": "*", "until": "2030-01-01T00:00:00Z"})
    told = message(
        text="What happened: production_down_for_s, a__b.\n",
        body=json.dumps({"next_steps": [asked]}),
    )
    assert told["content"]["description"] == "What happened: production_down_for_s, a__b."
    assert told["content"]["nextSteps"] == [f"`{command_lines(asked, HERE)[0]}`"]


@given(st.text(alphabet="`;'\"<>|@[]$(){}\\\n a"))
def test_a_command_to_paste_has_the_words_that_it_was_made_of(foreign):
    """Whatever stands in it: a shell that reads the line runs one command, with these words."""
    asked = {"command": "acknowledge", "pair": "sales", "production_cluster_id": f"x{foreign}"}
    (step,) = message(body=json.dumps({"next_steps": [json.dumps(asked)]}))["content"]["nextSteps"]
    line, _ = command_lines(json.dumps(asked), HERE)
    assert step in (f"`{line}`", IN_THE_MAIL)


def test_a_command_that_chat_would_change_is_left_to_the_mail():
    asked = {"command": "acknowledge", "pair": "sales", "production_cluster_id": "x`;touch y;`"}
    steps = message(body=json.dumps({"next_steps": [json.dumps(asked)]}))["content"]["nextSteps"]
    assert steps == [IN_THE_MAIL]


def test_it_stays_short_enough_to_be_read():
    steps = json.dumps({"next_steps": ["x" * 9000] * 99})
    told = message(text="What happened: " + "x" * 90_000, body=steps)
    assert len(told["content"]["description"]) == LONGEST
    assert len(told["content"]["nextSteps"]) == MOST_STEPS
    assert len(json.dumps(told)) < 100_000


@pytest.mark.parametrize(
    "error", [REFUSED, ConnectTimeoutError(endpoint_url="https://sns")], ids=str
)
def test_a_chat_that_takes_nothing_holds_nothing_back(error):
    chat = Failing(error)
    room = with_chat(chat)
    told = room.outbox.notify(refused(lagging()), "n")
    assert told.notified
    assert chat.calls == 1
    assert room.ledger.notices.get("n").published_at


def test_chat_is_not_told_what_the_topic_has_not_taken():
    chat = Failing(REFUSED)
    room = with_chat(chat, topic=Failing(REFUSED))
    assert not room.outbox.notify(refused(lagging()), "n").notified
    assert chat.calls == 0


def test_without_a_topic_for_chat_nothing_is_made_for_it():
    room = Newsroom()
    room.outbox = replace(room.outbox, publisher=Publisher(room.outbox.publisher._client, "topic"))
    assert room.outbox.notify(refused(lagging()), "n").notified
    assert room.chats == []
