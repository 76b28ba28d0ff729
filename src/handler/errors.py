"""What the function raises. Step Functions matches these names: they are a contract.

FailoverError
├── InvalidEvent         the event is wrong: correct it, never retry
├── InvalidSettings      the deployment is wrong: correct it, then send the event again
├── ProviderUnavailable  the provider could not be read: nothing was ordered, retry
└── LedgerUnavailable    the runs table, the pairs or a secret could not be used: nothing was
                         ordered, retry

Nothing is raised any more once a request may have left. `Conflict` stays inside: it is answered by
reading and deciding again.
"""


class FailoverError(Exception):
    """Base of all errors that the function raises on purpose."""


class InvalidEvent(FailoverError):
    """The event is malformed or names something unknown; the same event will fail again."""


class InvalidSettings(FailoverError):
    """Environment, pair document or secret is wrong; nothing works until it is corrected."""


class ProviderUnavailable(FailoverError):
    """The provider could not be read; nothing was ordered and a retry is safe."""


class LedgerUnavailable(FailoverError):
    """Runs table, pairs or a secret did not answer; nothing was ordered and a retry is safe.

    `is_damaged` tells that an item is there which this code did not write: that does not pass.
    `is_busy`, that others have written the same items all the while; `is_refused`, that what was to
    be stored cannot be, such as an item that is too long.
    """

    def __init__(
        self, why: str, *, is_damaged: bool = False, is_busy: bool = False, is_refused: bool = False
    ) -> None:
        super().__init__(why)
        self.is_damaged = is_damaged
        self.is_busy = is_busy
        self.is_refused = is_refused


class Conflict(Exception):
    """Someone else changed what was read; read again and decide again."""
