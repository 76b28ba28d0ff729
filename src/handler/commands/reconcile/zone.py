"""Whether times that the provider writes without a UTC offset are read with the wrong one. Pure.

A wrong `provider_utc_offset` makes each synchronisation look hours newer or older than it is: the
pair is never armed, or more would be lost than may be. What lies in the future cannot be true. What
lies in the past can: there only a synchronisation that was seen to come between two looks tells.
"""

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from handler.model.evidence import Evidence
from handler.model.pair import Pair
from handler.model.quoting import quoted
from handler.model.sight import Sight
from handler.model.times import CLOCK_TOLERANCE, isoformat, offset_of, says_zone, seconds

_HOUR: Final = timedelta(hours=1)
# Less than this a standby may well lag behind, or a picture may be old.
_LAGS_AT_MOST: Final = timedelta(hours=2)
_EARLIEST, _LATEST = timedelta(hours=-12), timedelta(hours=14)  # offsets that there are


def other_offset(
    pair: Pair, evidence: Evidence, before: Sight | None, now: datetime
) -> tuple[str, str] | None:
    """The UTC offset that the provider seems to write, and why; None if nothing speaks for one.

    Args:
        pair: with the offset that its times are read with.
        evidence: just read.
        before: the look before, if there was one.
        now: the present time.
    """
    if not evidence.syncs:
        return None
    sync, text = evidence.syncs[0].at, evidence.syncs[0].text
    if text is None or says_zone(text):
        return None
    found = _ahead(pair, sync, now) or _behind(pair, sync, before, now)
    if found is None:
        return None
    offset, why = found
    wrote = f"the provider wrote {quoted(text)} for the standby's last synchronisation"
    read = f"with provider_utc_offset {pair.provider_utc_offset} that is {isoformat(sync)}"
    return offset, f"{wrote}; {read}, {why}"


def _ahead(pair: Pair, sync: datetime, now: datetime) -> tuple[str, str] | None:
    """Nothing was finished in the future: the smallest whole hours that put it into the past."""
    if sync - now <= CLOCK_TOLERANCE:
        return None
    error = math.ceil((sync - now - CLOCK_TOLERANCE) / _HOUR) * _HOUR
    offset = _offset(pair.zone, error)
    age_s = max(0, seconds(now - (sync - error)))
    why = f"which lies in the future; with {offset} it was finished {age_s // 60} minutes ago"
    return (offset, why) if offset else None


def _behind(
    pair: Pair, sync: datetime, before: Sight | None, now: datetime
) -> tuple[str, str] | None:
    """It was not shown yet at the look before, though by its time it was over for hours."""
    if before is None or before.last_sync is None or not before.last_sync < sync:
        return None
    least, most = before.at - sync - CLOCK_TOLERANCE, now - sync + CLOCK_TOLERANCE
    hours = math.ceil(least / _HOUR)
    if least < _LAGS_AT_MOST or not least <= hours * _HOUR <= most:
        return None
    offset = _offset(pair.zone, -hours * _HOUR)
    why = (
        f"{hours} hours before it was first shown; with {offset} it fits, or the standby really"
        " lags so far behind"
    )
    return (offset, why) if offset else None


def _offset(zone: timezone, error: timedelta) -> str:
    """The configured offset corrected by how far the times are off; empty if there is none."""
    offset = zone.utcoffset(datetime(2000, 1, 1, tzinfo=UTC)) + error
    return offset_of(offset) if _EARLIEST <= offset <= _LATEST else ""
