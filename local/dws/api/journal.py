"""What was asked of the emulator and what it answered, for tests and for the curious."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Call:
    """One request to the provider's API; never a secret, never a token."""

    at: datetime
    method: str
    path: str
    query: str
    operation: str
    auth: str
    auth_valid: bool
    access_key: str | None
    request_id: str
    body_length: int
    fault: str | None = None
    status: int | None = None
    effect: bool = False
    peer: int = 0  # the port that it came from

    def to_json(self) -> dict[str, Any]:
        """The call for the control API."""
        return asdict(self) | {"at": self.at.isoformat(timespec="milliseconds")}


class Journal:
    """Calls in the order of their arrival; one is there before it is answered."""

    def __init__(self) -> None:
        self._calls: dict[str, Call] = {}

    @property
    def calls(self) -> list[Call]:
        """All calls since the last clearing."""
        return list(self._calls.values())

    @property
    def failover_posts(self) -> list[Call]:
        """Every POST …/failover, taken or not."""
        return [call for call in self.calls if call.operation == "failover"]

    def add(self, call: Call) -> None:
        """Note a call that has arrived."""
        self._calls[call.request_id] = call

    def amend(self, request_id: str, **fields: Any) -> None:
        """Note what became of a call, unless it has been cleared away."""
        if request_id in self._calls:
            self._calls[request_id] = replace(self._calls[request_id], **fields)

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()
