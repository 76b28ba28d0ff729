"""What of a pair's document can never work. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from handler.model.disaster_recovery import DisasterRecovery
from handler.model.pair import Pair
from handler.model.quoting import quoted

_ALARM_ARN: Final = (
    re.compile(r"arn"),
    re.compile(r"aws(-[a-z-]+)?"),
    re.compile(r"cloudwatch"),
    re.compile(r"[a-z0-9-]+"),
    re.compile(r"[0-9]{12}"),
    re.compile(r"alarm"),
)


_LONGEST_NAME: Final = 255  # CloudWatch API reference, PutMetricAlarm


def impossible(pair: Pair, detail: DisasterRecovery | None) -> Iterator[str]:
    """What of a pair's document can never work."""
    for pattern in pair.alarms:
        if not _can_match(pattern):
            yield f"alarm pattern {quoted(pattern)} matches no name or ARN of a CloudWatch alarm"
    period_s = detail.sync_period_s if detail else None
    if period_s and pair.max_data_loss_s < period_s:
        yield (
            f"max_data_loss_s is {pair.max_data_loss_s}, less than the {period_s} s between two"
            " synchronisations: most failovers would be refused"
        )


def _can_match(pattern: str) -> bool:
    if not pattern.startswith("arn:"):
        return 0 < len(pattern.replace("*", "")) <= _LONGEST_NAME or "*" in pattern
    *parts, _name = pattern.split(":", 6)
    if len(parts) != len(_ALARM_ARN):  # `*` crosses no colon
        return False
    given = zip(parts, _ALARM_ARN, strict=True)
    return all("*" in part or allowed.fullmatch(part) for part, allowed in given)
