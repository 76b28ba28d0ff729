"""How the provider may write a time: the documentation does not say for a pair's times."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

from local.dws.model.variants import Variants

Writer = Callable[[datetime], str]

_FORMATS: dict[str, Writer] = {
    "iso-offset": lambda at: at.isoformat(timespec="seconds"),
    "iso-local": lambda at: at.strftime("%Y-%m-%dT%H:%M:%S"),
    "space": lambda at: at.strftime("%Y-%m-%d %H:%M:%S"),
    "ms": lambda at: str(epoch_ms(at)),
}


def iso_z(at: datetime) -> str:
    """The form of the cluster API, `YYYY-MM-DDThh:mm:ssZ`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch_ms(at: datetime) -> int:
    """The form of the events API."""
    return int(at.timestamp() * 1000)


def writer(variants: Variants) -> Writer:
    """The form of a pair's times under these variants."""
    if variants.time_format == "iso-z":
        return iso_z
    zone = zone_of(variants.utc_offset)
    write = _FORMATS[variants.time_format]
    return lambda at: write(at.astimezone(zone))


def zone_of(utc_offset: str) -> timezone:
    """The zone of an offset like `+08:00`.

    Raises:
        ValueError: it is no such offset.
    """
    offset = datetime.strptime(utc_offset, "%z").utcoffset()
    return timezone(offset or timedelta())
