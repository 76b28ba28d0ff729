"""Text from outside, as it may be stored and shown: one printable line, and no secret in it."""

import base64
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final
from urllib.parse import quote, quote_plus

_RECOGNISABLE: Final = 3  # a shorter secret stands in every other word
_CERTAIN: Final = 8  # nobody sends so much of a secret by chance
_MOST_MARKS: Final = 3  # on one letter: Tibetan, and Hebrew with its points, need so many
_DRAWN_OVER: Final = ("Mn", "Me")
_ESCAPE: Final = re.compile(r"\\u([0-9a-f]{4})")
_PERCENT: Final = re.compile(r"%[0-9A-F]{2}")


def one_line(text: str, at_most: int) -> str:
    """A text as one line of at most so many characters.

    What cannot be printed becomes `�`, so that no word from outside turns into a known one.
    """
    line = " ".join(text.split())[: at_most + 1]
    line = visible(line)
    return line if len(line) <= at_most else f"{line[: at_most - 1]}…"


def visible(text: str) -> str:
    """A text in which what cannot be printed is `�`: it could turn around what stands behind it.

    So is a mark that belongs to no letter, or too many to one: they are drawn over other lines.
    """
    shown, marks = [], _MOST_MARKS  # before its first letter there is room for none
    for one in text:
        if unicodedata.category(one) in _DRAWN_OVER:
            marks += 1
        else:
            marks = _MOST_MARKS if one == " " else 0
        shown.append(one if one.isprintable() and marks <= _MOST_MARKS else "\ufffd")
    return "".join(shown)


def without(secrets: Iterable[str], text: str) -> str:
    """A text in which secrets are blotted out: providers repeat in errors what they were sent."""
    for form in _forms(tuple(secrets), _RECOGNISABLE):
        text = text.replace(form, "***")
    return text


def without_in(secrets: Iterable[str], found: Any) -> Any:
    """What was read of JSON, long secrets blotted out of its texts; fields keep their names.

    Short secrets may stand in any answer. It was decoded before, so no escape hides one.
    """
    texts = "\0".join(_texts(found))
    shown = [form for form in _forms(tuple(secrets), _CERTAIN) if form in texts]
    return _blotted(shown, found) if shown else found


def _texts(found: Any) -> Iterator[str]:
    left = [found]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, list | dict):
            left += one.values() if isinstance(one, dict) else one


def _blotted(forms: list[str], found: Any) -> Any:
    if isinstance(found, dict):
        return {name: _blotted(forms, value) for name, value in found.items()}
    if isinstance(found, list):
        return [_blotted(forms, one) for one in found]
    if isinstance(found, str):
        for form in forms:
            found = found.replace(form, "***")
    return found


@lru_cache(maxsize=16)  # asked twice for each answer: of a few pairs it is worked out once
def _forms(secrets: tuple[str, ...], shortest: int) -> list[str]:
    """What secrets that are long enough can look like, the longest first."""
    known = {secret for secret in secrets if len(secret) >= shortest}
    return sorted({form for one in known for form in _spellings(one)}, key=len, reverse=True)


def _spellings(secret: str) -> Iterator[str]:
    """A secret as it is, and as it stands in JSON, HTML, an address, Python, Base64, hex."""
    raw = secret.encode()
    yield from (secret, repr(secret)[1:-1], ascii(secret)[1:-1])
    yield from (repr(raw)[2:-1], repr(bytearray(raw))[len("bytearray(b'") : -2])
    for in_json in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        for once in (in_json, in_json.replace("/", "\\/")):
            yield from (once, _ESCAPE.sub(_upper, once), json.dumps(once)[1:-1])
    for in_html in (html.escape(secret), html.escape(secret, quote=False)):
        numbered = in_html.encode("ascii", "xmlcharrefreplace").decode()
        yield from (in_html, numbered, in_html.replace("&#x27;", "&#39;"))
    for in_address in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        yield from (in_address, _PERCENT.sub(_lower, in_address))
    if len(raw) >= _CERTAIN:  # of a short one little is left that nothing else has
        yield from (raw.hex(), raw.hex().upper(), *_in_base64(raw))


def _in_base64(raw: bytes) -> Iterator[str]:
    """What of it stands in Base64 wherever it begins: three bytes are four signs there.

    The signs at either end are also of what stands beside it.
    """
    for before in range(3):
        for coded in (base64.b64encode, base64.urlsafe_b64encode):
            signs = coded(bytes(before) + raw).decode().rstrip("=")
            yield signs[-(-before * 8 // 6) : -1]


def _upper(found: re.Match[str]) -> str:
    return f"\\u{found[1].upper()}"


def _lower(found: re.Match[str]) -> str:
    return found[0].lower()
