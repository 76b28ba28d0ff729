"""A message of SMN, and what of it the topic's owner has signed.

Facts: SMN user guide, "HTTP or HTTPS Message Format" and "Message Signature Verification"; hosts
as in messages that were really sent.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

NOTIFICATION: Final = "Notification"
SUBSCRIPTION: Final = "SubscriptionConfirmation"

_SIGNED: Final = ("message", "message_id", "subject", "subscribe_url", "timestamp", "topic_urn")
_MOST: Final = 240_000  # bytes of an event; a queue takes 256 KB
_CUT: Final = 20_000  # characters of a message that is longer than that
_CERTIFICATE: Final = r"https://smn\.{region}\.myhuaweicloud\.({ending})/smn/[\w.-]+\.pem"
_SUBSCRIBE: Final = (
    r"https://(([a-z0-9-]+-)?console(-intl)?(\.[a-z0-9-]+)?\.huaweicloud\.({ending})"
    r"|smn\.{region}\.myhuaweicloud\.({ending}))/smn/subscription/confirm\?[!-~]+"
)


@dataclass(frozen=True)
class Message:
    """A message as it came: nothing in it is true before its signature has been verified."""

    type: str
    topic_urn: str
    message_id: str
    message: str
    timestamp: str
    sent_at: datetime
    signature: bytes
    signing_cert_url: str
    subject: str | None = None
    subscribe_url: str | None = field(default=None, repr=False)  # its token confirms

    @property
    def signed_text(self) -> bytes:
        """The string to sign: names and values in turn, each on a line of its own."""
        left_out = "subscribe_url" if self.type == NOTIFICATION else "subject"
        values = {name: getattr(self, name) for name in _SIGNED if name != left_out}
        there = {name: value for name, value in values.items() if value and value.strip()}
        lines = (f"{name}\n{value}\n" for name, value in {**there, "type": self.type}.items())
        return "".join(lines).encode(errors="surrogatepass")

    @property
    def has_own_certificate(self) -> bool:
        """Whether its certificate is SMN's, of the topic's region."""
        return self._is(_CERTIFICATE, self.signing_cert_url)

    @property
    def has_own_subscription(self) -> bool:
        """Whether its subscription is confirmed at SMN or at the provider's console."""
        return self._is(_SUBSCRIBE, self.subscribe_url or "")

    @property
    def verified(self) -> dict[str, Any]:
        """The event that the failover function gets; a message of unusual length is cut."""
        names = ("topic_urn", "message_id", "timestamp", "subject")
        values = {name: getattr(self, name) for name in names}
        there = {name: value for name, value in values.items() if value is not None}
        is_long = len(json.dumps(self.message)) > _MOST
        return {"smn": {**there, "message": self.message[:_CUT] if is_long else self.message}}

    def _is(self, pattern: str, url: str) -> bool:
        region = self.topic_urn.split(":")[2]
        ending = "eu|com" if region.startswith("eu-") else "com|cn"
        own = pattern.replace("{region}", re.escape(region)).replace("{ending}", ending)
        return bool(re.fullmatch(own, url, re.ASCII))
