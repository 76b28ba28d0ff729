"""What comes back over the wire: a whole answer, or none and what that leaves open."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from handler.model.evidence import Cause
from handler.model.printable import one_line, without_in

T = TypeVar("T")
_REASON_LIMIT: Final = 300
# A body of tiny objects becomes forty times its size. More than one at once gains nothing, as
# Python makes one object at a time anyway; what honest providers answer is small, and waits for no
# hostile one.
LARGE: Final = 32 * 1024
_TURN: Final = threading.Lock()


@dataclass(frozen=True)
class Reply:
    """An answer, whole, with those of its headers that are read; their names are lower case.

    Body and headers can hold a token. What is read of the body shows none of `keys`, and no text
    made of it any of `secrets`, which are the keys, and names that may be words of the provider's.
    """

    status: int
    body: bytes = field(repr=False)
    request_id: str | None
    headers: Mapping[str, str] = field(repr=False)
    keys: tuple[str, ...] = field(default=(), repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def read(self, parse: Callable[[Any], T], within_s: float | None = None) -> T:
        """What is made of the body as JSON; of large ones one at a time.

        Args:
            parse: makes it; nothing of the JSON may be kept in it.
            within_s: how long its turn is waited for; None: for as long as it takes.

        Raises:
            ValueError: it is no JSON, or nothing can be made of it.
            TimeoutError: its turn has not come by then.
        """
        if len(self.body) <= LARGE:
            return self._parsed(parse)
        if not _TURN.acquire(timeout=-1 if within_s is None else within_s):
            raise TimeoutError("too many large answers came at once")
        try:
            return self._parsed(parse)
        finally:
            _TURN.release()

    def _parsed(self, parse: Callable[[Any], T]) -> T:
        # A traceback would keep all that was made of the body, for as long as the error is.
        try:
            return parse(without_in(self.keys, json.loads(self.body)))
        except ValueError as err:
            raise err.with_traceback(None)  # noqa: B904 - it is the same one
        except (RecursionError, MemoryError) as err:
            raise ValueError("nested too deep") from err.with_traceback(None)


class NoReply(Exception):
    """There is no whole answer; `may_have_left` tells whether the peer may have the request.

    `status` is that of an answer whose body did not come whole; `is_garbled` tells that something
    came of which not even that can be told; `is_stale` that the request was withheld because it was
    no longer good; `cause` says what to look at.
    """

    def __init__(
        self,
        reason: str,
        *,
        may_have_left: bool,
        status: int | None = None,
        is_garbled: bool = False,
        is_stale: bool = False,
        cause: Cause = Cause.OTHER,
    ) -> None:
        super().__init__(one_line(reason, _REASON_LIMIT))
        self.may_have_left = may_have_left
        self.status = status
        self.is_garbled = is_garbled
        self.is_stale = is_stale
        self.cause = cause
