import json

import pytest

from handler.dws.answers import Meaning, read_answer
from handler.dws.reply import NoReply, Reply

DR = "e59d6b86-9072-46eb-a996-13f8b44994c1"
SUBMITTED, REJECTED, UNKNOWN = Meaning.SUBMITTED, Meaning.PROVIDER_REJECTED, Meaning.UNKNOWN


def reply(status, body=None):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Reply(status, raw, "req-1", {})


def accepted(id_):
    return {"disaster_recovery": {"id": id_}}


def said(code, message="no"):
    return {"error_code": code, "error_msg": message}


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (reply(200, accepted(DR)), SUBMITTED),
        (reply(200, accepted(DR.upper())), SUBMITTED),
        (reply(200, accepted("0" * 36)), UNKNOWN),
        (reply(200, accepted(None)), UNKNOWN),
        (reply(200, {}), UNKNOWN),
        (reply(200, []), UNKNOWN),
        (reply(200, b"<html>"), UNKNOWN),
        (reply(200, b"\xff\xfe"), UNKNOWN),
        (reply(200, b"[" * 100_000), UNKNOWN),
        (reply(201, accepted(DR)), UNKNOWN),
        (reply(202, accepted(DR)), UNKNOWN),
        (reply(204, b""), UNKNOWN),
        *((reply(status), UNKNOWN) for status in (301, 302, 303, 307, 308)),
        *((reply(status), REJECTED) for status in (401, 403, 404, 413, 414, 429)),
        *((reply(status), UNKNOWN) for status in (402, 405, 406, 408, 409, 410, 415, 422, 451)),
        *((reply(status), UNKNOWN) for status in (500, 501, 502, 503, 504, 599)),
        *(
            (reply(400, said(f"DWS.{code}")), REJECTED)
            for code in ("10101", "5045", "5064", "5095", "5206")
        ),
        (reply(400, said("APIGW.0301")), REJECTED),
        (reply(400, said("APIG.0308")), REJECTED),
        (reply(400, {"errorCode": "DWS.10101", "errorMsg": "no"}), REJECTED),
        (reply(400, {"error": {"code": "DWS.10101", "message": "no"}}), REJECTED),
        (reply(400, {"errCode": "DWS.5064", "externalMessage": "no"}), REJECTED),
        (reply(400, said("DWS.5001")), UNKNOWN),
        (reply(400, said("DWS.9999", "wrong status")), UNKNOWN),
        (reply(400, b"DWS.10101"), UNKNOWN),
        (reply(400), UNKNOWN),
        (reply(500, said("DWS.10101")), UNKNOWN),
        (NoReply("refused", may_have_left=False), Meaning.NOT_STARTED),
        (NoReply("reset", may_have_left=True), UNKNOWN),
    ],
    ids=lambda value: f"{getattr(value, 'status', value)}",
)
def test_what_an_answer_to_the_order_means(answer, meaning):
    assert read_answer(answer, DR).meaning is meaning


def test_the_providers_own_words_and_request_id_are_kept():
    answer = read_answer(reply(403, said("APIGW.0302", "not\n allowed")), DR)
    assert (answer.reason_code, answer.request_id) == ("APIGW.0302", "req-1")
    assert "HTTP 403 APIGW.0302 «not allowed»" in answer.sentence
