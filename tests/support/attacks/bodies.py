"""What can be posted to the function URL and is no message of SMN: whole events, as Lambda hands them on.

`good` is a message that would be taken.
"""

import base64
import json

FIELDS = (
    "type",
    "topic_urn",
    "message_id",
    "message",
    "timestamp",
    "signature",
    "signing_cert_url",
)
VALUES = {"null": None, "a number": 7, "true": True, "a list": ["x"], "an object": {"a": "b"}}
NOTHING_HERE = "nothing"


def posted(body, **more):
    return {"version": "2.0", "body": body, "isBase64Encoded": False, **more}


def saying(**changes):
    """The good message with other fields; what is NOTHING_HERE is left out."""

    def event(good):
        fields = {**good, **changes}
        return posted(json.dumps({k: v for k, v in fields.items() if v != NOTHING_HERE}))

    return event


def text(body):
    return lambda _: posted(body)


def around(wrap):
    return lambda good: posted(wrap(json.dumps(good)))


def whole(event):
    return lambda _: event


def _coded(good):
    return base64.b64encode(json.dumps(good).encode()).decode()


BODIES = {
    # no event of a URL
    "no event": whole(None),
    "a list for an event": whole([]),
    "text for an event": whole("x"),
    "an empty event": whole({}),
    "no body": whole({"version": "2.0"}),
    "null": whole(posted(None)),
    "a number for a body": whole(posted(7)),
    "an object for a body": posted,
    "a list for a body": lambda good: posted([good]),
    # no JSON
    "an empty body": text(""),
    "a blank": text(" "),
    "a brace": text("{"),
    "a word": text("hello"),
    "a form": text("type=Notification&message=x"),
    "XML": text("<message/>"),
    "JSON's null": text("null"),
    "JSON's true": text("true"),
    "a JSON number": text("7"),
    "JSON's list": text("[]"),
    "an empty object": text("{}"),
    "no number": text('{"message": NaN}'),
    "infinity": text('{"message": 1e999}'),
    "ten thousand digits": text('{"message": ' + "9" * 10_000 + "}"),
    "ten thousand brackets": text("[" * 10_000),
    "ten thousand braces": text('{"a":' * 10_000),
    "three megabytes": text("x" * 3_000_000),
    "half a character": text('{"message": "\\ud800"}'),
    "two objects": around(lambda it: it + it),
    "something behind it": around(lambda it: it + "x"),
    "a mark of its bytes": around("\ufeff{}".format),
    "a zero byte behind it": around("{}\0".format),
    "in a list": around("[{}]".format),
    "as text": around(json.dumps),
    "in another object": around('{{"message": {}}}'.format),
    "in an alarm's record": around('{{"Records": [{{"body": {}}}]}}'.format),
    "a field twice": around(lambda it: it[:-1] + ', "message": "another"}'),
    "its topic twice": around(lambda it: '{"topic_urn": "x", ' + it[1:]),
    # Base64 that is none
    "said to be Base64": lambda good: posted(json.dumps(good), isBase64Encoded=True),
    "Base64 that nobody says": lambda good: posted(_coded(good)),
    "Base64 twice": lambda good: posted(
        base64.b64encode(_coded(good).encode()).decode(), isBase64Encoded=True
    ),
    "Base64 of no text": lambda _: posted(
        base64.b64encode(b"\xff\xfe\xfd").decode(), isBase64Encoded=True
    ),
    "cut Base64": lambda good: posted(_coded(good)[:-3], isBase64Encoded=True),
    # a message that lacks something, or has something else in its place
    **{f"no {name}": saying(**{name: NOTHING_HERE}) for name in FIELDS},
    **{
        f"{what} for its {name}": saying(**{name: value})
        for name in FIELDS
        for what, value in VALUES.items()
    },
    "another type": saying(type="Alarm"),
    "its type in small letters": saying(type="notification"),
    "a blank behind its type": saying(type="Notification "),
    "two types": saying(type=["Notification"]),
    "a confirmation without its URL": saying(type="SubscriptionConfirmation"),
    "a confirmation of no URL": saying(type="SubscriptionConfirmation", subscribe_url=""),
    "an end without its URL": saying(type="UnsubscribeConfirmation"),
    "an id of two lines": saying(message_id="a\nsubject\nb"),
    "an empty id": saying(message_id=""),
    "a long id": saying(message_id="a" * 129),
    "a path for an id": saying(message_id="../x"),
    "a subject of two lines": saying(subject="a\nmessage_id\nb"),
    "a long subject": saying(subject="x" * 1025),
    "a number for a subject": saying(subject=7),
    "no time": saying(timestamp="now"),
    "seconds since 1970": saying(timestamp="1768465815"),
    "a day": saying(timestamp="2026-01-15"),
    "the year 10000": saying(timestamp="10000-01-01T00:00:00Z"),
    "the year 0": saying(timestamp="0000-01-01T00:00:00Z"),
    "a time of two lines": saying(timestamp="2026-01-15T08:30:00Z\ntopic_urn"),
    "the 31st of February": saying(timestamp="2026-02-31T00:00:00Z"),
    "a URL with a blank": saying(type="SubscriptionConfirmation", subscribe_url="https://a b"),
    "a URL of two lines": saying(type="SubscriptionConfirmation", subscribe_url="https://a\nb"),
    "a command": text('{"command": "failover", "pair": "analytics", "confirm": "analytics"}'),
    "an alarm": text('{"alarmArn": "x", "alarmData": {}}'),
    "what the queue gets": lambda good: posted(json.dumps({"smn": good})),
}
