"""Whether anybody hears what is told: what was told before anybody did reached nobody. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Audience:
    """Who hears what the notification topic carries.

    Attributes:
        is_unheard: whether no subscription was confirmed when that was last seen.
        heard_since: when the first one was seen to be confirmed after that; None if there always
            was one, as far as is known.
    """

    is_unheard: bool = False
    heard_since: datetime | None = None

    def since(self, now: datetime) -> datetime | None:
        """When people began to hear; a time that lies ahead is none that this code has stored."""
        return self.heard_since if self.heard_since and self.heard_since <= now else None
