"""What comes back over the wire: a whole answer, or none and what that leaves open."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from handler.model.evidence import Cause
from handler.model.printable import one_line, without_in

_REASON_LIMIT: Final = 300


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

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is none.
        """
        try:
            return without_in(self.keys, json.loads(self.body))
        except (RecursionError, MemoryError) as err:
            raise ValueError("nested too deep") from err


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
