"""Something that reconcile tells about a pair. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from handler.model.times import isoformat, ten_minutes_of


@dataclass(frozen=True)
class Finding:
    """Something to tell: its code, its sentence, and what makes it the same as the last time.

    `since` is when what it tells began, or the day for which it is told once.
    """

    code: str
    sentence: str
    dedup_key: str
    next_steps: tuple[str, ...] = ()
    since: datetime | None = None

    def once(self, heard_since: datetime | None) -> str:
        """The notice's id: another one, once somebody hears of what was told to nobody."""
        return once(self.dedup_key, self.since, heard_since)


def once(key: str, since: datetime | None, heard_since: datetime | None) -> str:
    """An id for what is told once since then, and once more if nobody can have heard it."""
    is_unheard = since is not None and heard_since is not None and since < heard_since
    return f"{key}/heard-{isoformat(heard_since)}" if is_unheard and heard_since else key


def begin_of_day(now: datetime) -> datetime:
    """Since when something is told once, where that is daily."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def still(
    before: Mapping[str, datetime], found: Iterable[str], now: datetime
) -> dict[str, datetime]:
    """Since when each fault is there: what was mended and comes back begins anew."""
    return {key: before.get(key, now) for key in sorted(found)}


def daily(key: str, since: datetime, now: datetime) -> str:
    """What a fault is told by: once a day as long as it lasts, and when it has come back.

    One that comes and goes all the time is a word in ten minutes.
    """
    return f"{key}-{now:%Y-%m-%d}/{ten_minutes_of(since)}"
