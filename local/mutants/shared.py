"""One embedded AWS for all processes that ask tests: each would start its own."""

import local.aws
from local.aws import EmbeddedAws


def use(running: EmbeddedAws) -> None:
    """From now on whoever starts an embedded AWS in this process, or its children, gets this one.

    What tests make there has names of its own.
    """
    local.aws.EmbeddedAws = lambda **_: _Shared(running)  # type: ignore[misc,assignment]


class _Shared:
    def __init__(self, running: EmbeddedAws) -> None:
        self._running = running

    def __enter__(self) -> EmbeddedAws:
        return self._running

    def __exit__(self, *_: object) -> None:
        """It goes on for the others."""
