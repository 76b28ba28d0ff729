"""The token that confirms a subscription: whatever becomes of the message, nobody reads it in a log."""

import base64
import json
import logging

import pytest
from marks import Mark, shown
from overheard import representations, written_down
from smn_url import Url

from local.smn import HOST, TOPIC, Signer

TOKEN = "mark-Tk0+a/Zz%2F'q&uT\"x~7=="
PATH = f"/smn/subscription/confirm?token={TOKEN}"
WHERE = f"https://console.huaweicloud.com{PATH}"
KEY = WHERE.partition('"')[0]
MARK = Mark("token", TOKEN)


def asking(url=WHERE, **other):
    """A confirmation whose URL stands first, where what is shown of a fault would show it."""
    return lambda smn: {"subscribe_url": url, **smn.confirmation(subscribe_url=url, **other)}


def posted(body, **more):
    return {"version": "2.0", "body": body, "isBase64Encoded": False, **more}


def as_it_is(message):
    return posted(json.dumps(message))


def changed(**fields):
    return lambda smn: {**asking()(smn), **fields}


# What is posted, and how
POSTED = {
    "confirmed": (asking(), as_it_is),
    "at SMN's own host": (asking(f"https://{HOST}{PATH}"), as_it_is),
    "at another host": (asking(f"https://evil.example{PATH}"), as_it_is),
    "of another topic": (asking(topic_urn=TOPIC.replace("alarms", "x")), as_it_is),
    "of yesterday": (asking(timestamp="2025-01-15T08:30:00Z"), as_it_is),
    "signed by another": (asking(signer=Signer("another")), as_it_is),
    "with another certificate": (asking(signing_cert_url=f"https://{HOST}/smn/none.pem"), as_it_is),
    "with a blank in its URL": (changed(subscribe_url=f"{WHERE} "), as_it_is),
    "with a list of URLs": (changed(subscribe_url=[WHERE]), as_it_is),
    "with an object for a URL": (changed(subscribe_url={WHERE: WHERE}), as_it_is),
    "with its URL for its type": (changed(type=WHERE), as_it_is),
    "with its URL for its certificate's": (changed(signing_cert_url=WHERE), as_it_is),
    "with its URL for a signature": (changed(signature=WHERE), as_it_is),
    "with its URL for a time": (changed(timestamp=WHERE), as_it_is),
    "in a list": (asking(), lambda it: posted(json.dumps([it]))),
    "as text": (asking(), lambda it: posted(json.dumps(json.dumps(it)))),
    "its URL alone": (asking(), lambda it: posted(json.dumps(it["subscribe_url"]))),
    "cut": (asking(), lambda it: posted(json.dumps(it)[:-1])),
    "its URL twice": (asking(), lambda _: posted(f'{{"{KEY}": 1, "{KEY}": 2}}')),
    "no text but an object": (asking(), posted),
    "in Base64 that nobody says": (asking(), lambda it: posted(in_base64(it))),
    "in Base64 that is cut": (asking(), lambda it: posted(in_base64(it)[:-3], isBase64Encoded=True)),
    "in Base64 of other bytes": (
        asking(), lambda _: posted(base64.b64encode(b"\xff" + WHERE.encode()).decode(), isBase64Encoded=True),
    ),
    "said to be Base64": (asking(), lambda it: posted(json.dumps(it), isBase64Encoded=True)),
}  # fmt: skip


def in_base64(message):
    return base64.b64encode(json.dumps(message).encode()).decode()


def said(text):
    return lambda out: out.write(text)


PAGE = f"HTTP/1.1 500 Error\r\nX: {PATH}\r\nContent-Length: {len(PATH)}\r\n\r\n{PATH}".encode()
# What SMN's host answers to who confirms
ANSWERS = {
    "an error that repeats it": said(PAGE),
    "no HTTP but what was asked": said(f"GET {PATH} HTTP/1.1\r\n\r\n".encode()),
    "a status with what was asked": said(f"HTTP/1.1 {PATH}\r\n\r\n".encode()),
    "a header with what was asked": said(f"HTTP/1.1 200 OK\r\n{PATH}\r\n\r\n".encode()),
    "a redirect to what was asked": said(f"HTTP/1.1 302 Found\r\nLocation: {WHERE}\r\n\r\n".encode()),
    "no JSON but what was asked": said(f"HTTP/1.1 200 OK\r\n\r\n{PATH}".encode()),
    "nothing": said(b""),
}  # fmt: skip


@pytest.fixture
def heard(capsys):
    """All that is logged and printed at DEBUG, and what objects say of themselves."""
    with written_down(logging.DEBUG) as written:

        def text():
            captured = capsys.readouterr()
            return "\n".join([written.getvalue(), captured.out, captured.err, *representations()])

        yield text


@pytest.mark.parametrize("what", POSTED)
def test_nothing_of_a_confirmations_token_shows_whatever_becomes_of_it(smn, heard, what):
    message, post = POSTED[what]
    Url().answer(post(message(smn)))
    text = heard()
    assert "smn message" in text
    assert shown([MARK], text) == []


@pytest.mark.parametrize("what", ANSWERS)
def test_nor_whatever_smns_host_answers(smn, heard, what):
    where = f"https://{HOST}{PATH}"
    asked = []

    class Odd(dict):
        """By path, as it is sent."""

        def get(self, path, default=None):
            asked.append(path)
            return ANSWERS[what] if "confirm" in path else default

    smn.odd, before = Odd(), smn.odd
    assert Url().answer(as_it_is(asking(where)(smn))) == (503, "failed")
    smn.odd = before
    assert any("confirm" in path for path in asked)
    assert shown([MARK], heard()) == []
