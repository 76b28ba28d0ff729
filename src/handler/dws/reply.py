"""What comes back over the wire: a whole answer, or none and what that leaves open."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reply:
    """An answer, whole; header names are lower case."""

    status: int
    body: bytes
    request_id: str | None
    headers: Mapping[str, str]

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is none.
        """
        try:
            return json.loads(self.body)
        except RecursionError as err:
            raise ValueError("nested too deep") from err


class Lost(Exception):
    """There is no whole answer; `may_have_left` tells whether the peer may have the request.

    `status` is that of an answer whose body did not come whole.
    """

    def __init__(self, reason: str, *, may_have_left: bool, status: int | None = None) -> None:
        super().__init__(reason)
        self.may_have_left = may_have_left
        self.status = status
