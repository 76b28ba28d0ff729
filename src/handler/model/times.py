"""Times as the provider and the buses write them, read into aware datetimes or not at all."""

import contextlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

_WRITTEN: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}([.,]\d+)?(Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
# Cloud Eye's, by language: 2025/06/02 22:56:15 GMT+08:00, 01 12, 2024 13:51:16 GMT-03:00
_DISPLAYED: Final = ("%Y/%m/%d %H:%M:%S GMT%z", "%m %d, %Y %H:%M:%S GMT%z")
_ZONED: Final = re.compile(r".*(Z|[+-]\d{2}:?\d{2})|\d{12,13}", re.ASCII | re.DOTALL)
_TO_THE_MINUTE: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2})(Z|[+-]\d{2}:?\d{2})", re.ASCII
)
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 9000
_LONGEST: Final = 64
_MILLISECONDS: Final = re.compile(r"\d{12,13}", re.ASCII)
_SMALLEST: Final = timedelta(microseconds=1)
_PERIOD: Final = re.compile(r"(\d{1,4})([mHd])", re.ASCII)
_UNITS_S: Final = {"m": 60, "H": 3600, "d": 86_400}


def parse_time(raw: object, zone: timezone = UTC) -> datetime | None:
    """Read ISO 8601, `YYYY-MM-DD HH:MM:SS` or milliseconds since 1970; None for anything else.

    A time without a zone is taken to be in `zone`.
    """
    with contextlib.suppress(ValueError, OverflowError):
        text = _text(raw)
        if _MILLISECONDS.fullmatch(text):
            return _countable(datetime.fromtimestamp(int(text) / 1000, UTC))
        if _WRITTEN.fullmatch(text):
            time = datetime.fromisoformat(text.replace(",", "."))
            return _countable(time if time.tzinfo else time.replace(tzinfo=zone))
    return None


def parse_period_s(text: str | None) -> int | None:
    """Seconds of a period as the provider writes it: `30m`, `2H`, `1d`; None for anything else."""
    found = _PERIOD.fullmatch(text or "")
    return int(found[1]) * _UNITS_S[found[2]] if found else None


def parse_zoned_time(raw: object) -> datetime | None:
    """Read a time that says its zone, as above or as Cloud Eye displays it; None for another."""
    with contextlib.suppress(ValueError, OverflowError):
        text = _text(raw)
        for shape in _DISPLAYED:
            with contextlib.suppress(ValueError):
                return _countable(datetime.strptime(text, shape).astimezone(UTC))
        return parse_time(text) if _ZONED.fullmatch(text) else None
    return None


def parse_typed_time(raw: object) -> datetime | None:
    """Read a time as people type it: it may leave out the seconds, but says its zone.

    Whoever leaves out the zone means that of the clock on the wall, and would be hours off in UTC.
    """
    text = _text(raw)
    if minutes := _TO_THE_MINUTE.fullmatch(text):
        text = f"{minutes[1]}:00{minutes[2]}"
    return parse_time(text) if says_zone(text) else None


def _text(raw: object) -> str:
    is_text = isinstance(raw, str | int) and not isinstance(raw, bool)
    text = str(raw).strip() if is_text else ""
    return text if len(text) <= _LONGEST else ""


def _countable(time: datetime) -> datetime | None:
    """A time that can be counted with: near either end of the calendar one day more overflows."""
    time = time.astimezone(UTC)
    return time if _FIRST_YEAR <= time.year <= _LAST_YEAR else None


def parse_offset(offset: str) -> timezone:
    """Read a UTC offset such as `+08:00`."""
    hours, minutes = offset[1:].split(":")
    size = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-size if offset[0] == "-" else size)


def offset_of(span: timedelta) -> str:
    """Write a UTC offset as it is configured: `+08:00`."""
    minutes = seconds(abs(span)) // 60
    return f"{'-' if span < timedelta() else '+'}{minutes // 60:02}:{minutes % 60:02}"


def says_zone(text: str) -> bool:
    """Whether a time says by itself in which zone it is."""
    return _ZONED.fullmatch(text) is not None


def isoformat(time: datetime) -> str:
    """Write a time as people and machines read it: UTC, whole seconds, `Z`."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(span: timedelta) -> int:
    """Whole seconds of a span, towards zero."""
    return int(span.total_seconds())


def clock(time: datetime) -> str:
    """A time of these hours: `13:24Z`."""
    return f"{time.astimezone(UTC):%H:%M}Z"


def clock_of(time: datetime) -> str:
    """The same to the second, of what happens just then: `13:24:07Z`."""
    return f"{time.astimezone(UTC):%H:%M:%S}Z"


def ten_minutes_of(time: datetime) -> str:
    """The ten minutes that a time is in, where each is worth one word: `2026-01-15T08:30`."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H}:{time.minute // 10}0"


def clock_from(time: datetime) -> str:
    """The first minute from which a time has come, whoever looks at a clock without seconds."""
    return clock(time + timedelta(minutes=1) - _SMALLEST)


CLOCK_TOLERANCE: Final = timedelta(seconds=300)
Clock = Callable[[], datetime]
