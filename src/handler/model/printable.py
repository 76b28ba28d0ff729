"""Text from outside, as it may be stored and shown: one printable line, and no secret in it."""

from collections.abc import Iterable
from typing import Final

_RECOGNISABLE: Final = 3  # a shorter secret stands in every other word
_CERTAIN: Final = 8  # nobody sends so much of a secret by chance


def one_line(text: str, at_most: int) -> str:
    """A text as one line of at most so many characters.

    What cannot be printed becomes `�`, so that no word from outside turns into a known one.
    """
    line = " ".join(text.split())[: at_most + 1]
    line = "".join(character if character.isprintable() else "\ufffd" for character in line)
    return line if len(line) <= at_most else f"{line[: at_most - 1]}…"


def without(secrets: Iterable[str], text: str) -> str:
    """A text in which secrets are blotted out: providers repeat in errors what they were sent."""
    known = {form for secret in secrets for form in _forms(secret)}
    for secret in sorted(known, key=len, reverse=True):
        if len(secret) >= _RECOGNISABLE:
            text = text.replace(secret, "***")
    return text


def _forms(secret: str) -> tuple[str, ...]:
    """A secret, and as Python shows bytes that contain it."""
    raw = secret.encode()
    return secret, repr(raw)[2:-1], repr(bytearray(raw))[len("bytearray(b'") : -2]


def without_bytes(secrets: Iterable[str], body: bytes) -> bytes:
    """A body in which long secrets are blotted out; short ones may stand in any answer."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _CERTAIN:
            body = body.replace(secret.encode(), b"***")
    return body
