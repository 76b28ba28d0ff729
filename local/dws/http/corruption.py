"""Answers that cannot be read, each wrong in its own way, as bytes."""

import json
from dataclasses import replace
from typing import Any

from local.dws.api.faults import Fault
from local.dws.wire import Answer, render

MEGABYTE = 1_000_000
HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"


def corrupted(answer: Answer, fault: Fault) -> tuple[bytes, bytes]:
    """An answer's head and body after a fault has been at them."""
    if fault.corruption == "not-http":
        return b"\x16\x03\x01 this is not HTTP\r\n\r\n", b""
    if fault.corruption.startswith("length"):
        return _wrong_length(answer, 100 if fault.corruption == "length-too-long" else -5)
    return render(_with_other_body(answer, fault), closes=True)


def _wrong_length(answer: Answer, by: int) -> tuple[bytes, bytes]:
    length = {"Content-Length": str(max(0, len(answer.content) + by))}
    return render(replace(answer, headers={**answer.headers, **length}), closes=True)


def _with_other_body(answer: Answer, fault: Fault) -> Answer:
    content = answer.content
    if fault.corruption == "html":
        html = {"Content-Type": "text/html"}
        return replace(answer, body=HTML, headers={**answer.headers, **html})
    if fault.corruption == "wrong-types":
        return replace(answer, body=_other_types(answer.body))
    if fault.corruption == "invalid-utf8":
        return replace(answer, body=content[:-1] + b"\xc3\x28\xff" + content[-1:])
    if fault.corruption == "huge":
        padding = "x" * int(fault.size_mb * MEGABYTE)
        return replace(answer, body={**json.loads(content or b"{}"), "padding": padding})
    return replace(
        answer, body=content[: len(content) // 2] if fault.corruption != "empty" else b""
    )


def _other_types(found: Any) -> Any:
    """Each value replaced by one of another JSON type, the names kept."""
    if isinstance(found, dict):
        return {name: _other_types(value) for name, value in found.items()}
    if isinstance(found, list):
        return {"items": len(found)}
    return [7] if isinstance(found, str) else str(found)
