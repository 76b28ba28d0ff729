"""A message comes in: is it from a configured topic, of now, new, and really signed?"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

from handler.smn.certificates import Certificates, Forged
from handler.smn.message import NOTIFICATION, SUBSCRIPTION, Message
from handler.smn.web import Unavailable

OLDEST: Final = timedelta(hours=1)  # no pair takes an older alarm
MAX_AHEAD: Final = timedelta(seconds=300)
_REMEMBERED: Final = 1000


class Fate(Enum):
    """What became of a message."""

    FORWARDED = "forwarded"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"
    REPEATED = "repeated"
    MALFORMED = "malformed"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def status(self) -> int:
        """The HTTP status to answer with.

        SMN sends again, six times, what gets a 5xx or no answer in 5 s, and drops what gets another
        one (SMN FAQ, "Does SMN Ensure That Messages Are Received by Subscription Endpoints?").
        """
        return {Fate.MALFORMED: 400, Fate.REFUSED: 403, Fate.FAILED: 503}.get(self, 200)


@dataclass(frozen=True)
class Ingress:
    """Takes messages; `forward` hands on what is verified, False if that could not be done."""

    topics: frozenset[str]
    certificates: Certificates
    confirm: Callable[[str], None]
    forward: Callable[[dict[str, Any]], bool]
    clock: Callable[[], datetime]
    _known: dict[str, None] = field(default_factory=dict)

    def take(self, message: Message) -> tuple[Fate, str]:
        """What becomes of a message, and why."""
        if why := self._not_ours(message):
            return Fate.REFUSED, why
        url, now = message.signing_cert_url, self.clock()
        try:
            self.certificates.verify(message.signature, message.signed_text, url, now)
            if message.message_id in self._known:
                return Fate.REPEATED, "it has come before"
            fate, why = self._follow(message)
        except Forged as err:
            return Fate.REFUSED, str(err)
        except Unavailable as err:
            return Fate.FAILED, str(err)
        if fate is not Fate.FAILED:
            self._remember(message.message_id)
        return fate, why

    def _not_ours(self, message: Message) -> str | None:
        """Why it cannot be for us, from what costs nothing to see."""
        age = self.clock() - message.sent_at
        if message.topic_urn not in self.topics:
            return "its topic is not configured"
        if not -MAX_AHEAD <= age <= OLDEST:
            return "it is not of now"
        if not message.has_own_certificate:
            return "its certificate is not at SMN in the topic's region"
        return None

    def _follow(self, message: Message) -> tuple[Fate, str]:
        if message.type == NOTIFICATION:
            if self.forward(message.verified):
                return Fate.FORWARDED, "it is verified"
            return Fate.FAILED, "it could not be put into the queue"
        if message.type != SUBSCRIPTION:
            return Fate.UNSUBSCRIBED, "the topic sends here no more"
        if not message.has_own_subscription:
            return Fate.REFUSED, "its subscription is not confirmed at SMN"
        self.confirm(message.subscribe_url or "")
        return Fate.CONFIRMED, "the subscription is confirmed"

    def _remember(self, message_id: str) -> None:
        while len(self._known) >= _REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[message_id] = None
