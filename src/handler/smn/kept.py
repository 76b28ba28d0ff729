"""What has been found at a URL, kept for a time: the newest so many."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

Found = TypeVar("Found")


@dataclass(frozen=True)
class Kept(Generic[Found]):
    """By URL; whoever posts can bring any number of them, so the oldest of `most` goes."""

    most: int
    _by_url: dict[str, tuple[Found, datetime]] = field(default_factory=dict)

    def get(self, url: str, now: datetime) -> Found | None:
        """What was found there, if that still holds."""
        if url not in self._by_url:
            return None
        found, until = self._by_url[url]
        return found if now < until else None

    def put(self, url: str, found: Found, until: datetime) -> None:
        """Keep what was found there."""
        self._by_url.pop(url, None)
        while len(self._by_url) >= self.most:
            self._by_url.pop(next(iter(self._by_url)))
        self._by_url[url] = (found, until)
