"""What may come back to the order, as bytes; and what each must be taken for.

A meaning is written here a second time, from docs/reference.md, "The answer to the order".
"""

import gzip
import json

ID = "e59d6b86-9072-46eb-a996-13f8b44994c1"
SUBMITTED, REJECTED, UNKNOWN = "submitted", "provider_rejected", "unknown"

OURS = json.dumps({"disaster_recovery": {"id": ID}}).encode()
OTHERS = json.dumps({"disaster_recovery": {"id": "0" * 8 + ID[8:]}}).encode()
NO_SUCH = b'{"error_code": "DWS.10101", "error_msg": "no"}'
IN_OUR_NAME = b'{"error_code": "stale", "error_msg": "nothing was sent"}'
PAGE = b"<html><body>200 OK: the failover was not started</body></html>"
BODIES = {
    "ours": OURS,
    "another's": OTHERS,
    "no such pair": NO_SUCH,
    "in our name": IN_OUR_NAME,
    "a page": PAGE,
}

# 1xx is no answer yet.
STATUSES = (
    *range(200, 209), 226, *range(300, 309), *range(400, 419), *range(421, 427), 428, 429, 431, 451, *range(500, 509), 510,
    511, 520, 599, 600, 999,
)  # fmt: skip
NO_BODY = (204, 304)
_REFUSED = (401, 403, 404, 413, 414, 429)


def answer(status, body=b"", *headers, line=None, length=True):
    """A whole answer."""
    first = line if line is not None else b"HTTP/1.1 %d Said" % status
    counted = [b"Content-Length: %d" % len(body)] if length else []
    return b"\r\n".join([first, *counted, *headers, b"", body])


def meaning(status, body):
    if status == 200 and body == "ours":
        return SUBMITTED
    if status in _REFUSED or (status == 400 and body == "no such pair"):
        return REJECTED
    return UNKNOWN


def chunked(*chunks, end=b"0\r\n\r\n"):
    coded = b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in chunks)
    head = answer(200, b"", b"Transfer-Encoding: chunked", length=False)
    return head + coded + end


def ok(body, *headers, **how):
    return answer(200, body, *headers, **how)


def of_id(id_):
    return ok(json.dumps({"disaster_recovery": {"id": id_}}).encode())


BY_STATUS = {
    f"{status} with {what}": (
        answer(status, b"" if status in NO_BODY else body, b"Location: https://evil.example/"),
        meaning(status, what),
    )
    for status in STATUSES
    for what, body in BODIES.items()
}

ODD = {
    # the right answer, written in a way that HTTP and JSON allow
    "in chunks": (chunked(OURS[:5], OURS[5:]), SUBMITTED),
    "after a status that is none yet": (b"HTTP/1.1 103 Early Hints\r\n\r\n" + ok(OURS), SUBMITTED),
    "an id in capitals": (of_id(ID.upper()), SUBMITTED),
    "without a reason": (ok(OURS, line=b"HTTP/1.1 200 "), SUBMITTED),
    "until it hangs up": (ok(OURS, length=False), SUBMITTED),
    "of HTTP 1.0": (ok(OURS, line=b"HTTP/1.0 200 OK"), SUBMITTED),
    "of an HTTP that is written otherwise": (ok(OURS, line=b"HTTP/3.0 200 OK"), SUBMITTED),
    "with fields that nobody knows": (ok(OURS[:-1] + b', "error_code": null}'), SUBMITTED),
    # an answer that says less than it seems to
    "nothing": (b"", UNKNOWN),
    "a line's end": (b"\r\n\r\n", UNKNOWN),
    "a zero byte": (b"\0", UNKNOWN),
    "half a status line": (b"HTTP/1.1 20", UNKNOWN),
    "no header": (b"HTTP/1.1 200 OK\r\n", UNKNOWN),
    "HTTP 0.9": (OURS, UNKNOWN),
    "HTTP 2": (b"\0\0\x12\x04\0\0\0\0\0" + OURS, UNKNOWN),
    "another protocol": (b"SSH-2.0-OpenSSH_9.9\r\n", UNKNOWN),
    "TLS": (b"\x15\x03\x01\0\x02\x02\x46", UNKNOWN),
    "a status of two digits": (ok(OURS, line=b"HTTP/1.1 20 OK"), UNKNOWN),
    "a status of four digits": (ok(OURS, line=b"HTTP/1.1 2000 OK"), UNKNOWN),
    "a negative status": (ok(OURS, line=b"HTTP/1.1 -200 OK"), UNKNOWN),
    "a status in words": (ok(OURS, line=b"HTTP/1.1 OK 200"), UNKNOWN),
    "other figures": (ok(OURS, line="HTTP/1.1 ٢٠٠ OK".encode()), UNKNOWN),
    "another protocol's switch": (answer(101, OURS, b"Upgrade: h2c"), UNKNOWN),
    "statuses without an end": (b"HTTP/1.1 102 Processing\r\n\r\n" * 200, UNKNOWN),
    "a zero byte in a header": (ok(OURS, b"X: a\0b"), UNKNOWN),
    "a header without a colon": (ok(OURS, b"hello"), UNKNOWN),
    "a blank before a colon": (ok(OURS, b"X : y"), UNKNOWN),
    "a header of 200 kB": (ok(OURS, b"X: " + b"y" * 200_000), UNKNOWN),
    "two lengths": (ok(OURS, b"Content-Length: 5"), UNKNOWN),
    "a negative length": (ok(OURS, b"Content-Length: -1", length=False), UNKNOWN),
    "a length in words": (ok(OURS, b"Content-Length: many", length=False), UNKNOWN),
    "a length too long": (ok(OURS, b"Content-Length: %d" % (len(OURS) + 1), length=False), UNKNOWN),
    "a length too short": (
        ok(OURS, b"Content-Length: %d" % (len(OURS) - 1), length=False),
        UNKNOWN,
    ),
    "a length of a petabyte": (ok(OURS, b"Content-Length: 999999999999999", length=False), UNKNOWN),
    "chunks without an end": (chunked(OURS, end=b""), UNKNOWN),
    "a chunk of no length": (chunked(end=b"zz\r\n" + OURS), UNKNOWN),
    "a chunk of a petabyte": (chunked(OURS, end=b"fffffffffffff\r\n"), UNKNOWN),
    "chunks and a length": (ok(OURS, b"Transfer-Encoding: chunked"), UNKNOWN),
    "another coding": (ok(OURS, b"Transfer-Encoding: gzip", length=False), UNKNOWN),
    "packed": (ok(gzip.compress(OURS), b"Content-Encoding: gzip"), UNKNOWN),
    "an empty body": (ok(b""), UNKNOWN),
    "a cut body": (ok(OURS[:-2]), UNKNOWN),
    "two bodies": (ok(OURS + OURS), UNKNOWN),
    "a body of other bytes": (ok(OURS.replace(b"disaster", b"\xff\xfe")), UNKNOWN),
    "JSON in JSON": (ok(json.dumps(OURS.decode()).encode()), UNKNOWN),
    "a list": (ok(b"[" + OURS + b"]"), UNKNOWN),
    "something before it": (ok(b")]}'\n" + OURS), UNKNOWN),
    "something behind it": (ok(OURS + b"x"), UNKNOWN),
    "within a function's call": (ok(b"f(" + OURS + b")"), UNKNOWN),
    "ten thousand brackets": (ok(b"[" * 10_000), UNKNOWN),
    "five megabytes": (ok(OURS[:-1] + b" " * 5_000_000 + b"}"), UNKNOWN),
    "without an id": (ok(b'{"disaster_recovery": {}}'), UNKNOWN),
    "an id somewhere else": (ok(b'{"id": "%s"}' % ID.encode()), UNKNOWN),
    "an id in another's place": (ok(b'{"disaster_recovery": "%s"}' % ID.encode()), UNKNOWN),
    "an id under a name in capitals": (
        ok(b'{"Disaster_Recovery": {"id": "%s"}}' % ID.encode()),
        UNKNOWN,
    ),
    "a list of ids": (of_id([ID]), UNKNOWN),
    "an object for an id": (of_id({"id": ID}), UNKNOWN),
    "true for an id": (of_id(True), UNKNOWN),
    "null for an id": (of_id(None), UNKNOWN),
    "a blank behind the id": (of_id(f"{ID} "), UNKNOWN),
    "a line behind the id": (of_id(f"{ID}\n"), UNKNOWN),
    "the beginning of the id": (of_id(ID[:-1]), UNKNOWN),
    "more than the id": (of_id(f"{ID}0"), UNKNOWN),
    "the id without its strokes": (of_id(ID.replace("-", "")), UNKNOWN),
    "the id in brackets": (of_id(f"{{{ID}}}"), UNKNOWN),
    "a look-alike of the id": (of_id(ID.replace("e", "\N{CYRILLIC SMALL LETTER IE}")), UNKNOWN),
    "a listed code with 500": (answer(500, NO_SUCH), UNKNOWN),
    "a listed code in other letters": (answer(400, NO_SUCH.replace(b"DWS", b"dws")), UNKNOWN),
    "a listed code with a blank": (answer(400, NO_SUCH.replace(b"10101", b"10101 ")), UNKNOWN),
    "a listed code in a list": (answer(400, b'[{"error_code": "DWS.10101"}]'), UNKNOWN),
    "a listed code too deep": (answer(400, b'{"a": {"b": {"error_code": "DWS.10101"}}}'), UNKNOWN),
    "a code that is nearly listed": (answer(400, NO_SUCH.replace(b"10101", b"101010")), UNKNOWN),
    "a code for people": (answer(400, b'{"error_msg": "DWS.10101"}'), UNKNOWN),
}

ANSWERS = {**BY_STATUS, **ODD}

# After these alone it may be inferred later that nothing has started: a status that is no success, or not a byte.
NO_SUCCESS = {
    *(f"{status} with {what}" for status in STATUSES if status >= 300 for what in BODIES),
    *(name for name in ODD if name.startswith(("a listed code", "a code"))),
    "nothing",
}
