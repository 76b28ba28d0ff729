"""Something that reconcile tells about a pair. Pure."""

from dataclasses import dataclass
from datetime import datetime

from handler.model.times import isoformat


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
