"""What a pair's alarm patterns mean: which alarms they speak for, which none can be, which both do.

A pattern is an alarm's name or its whole ARN; `*` stands for anything, and in an ARN it crosses no
colon before the name. Pure.
"""

import re
from typing import Final

from handler.model.wildcard import matches, matches_arn, overlap

_ALARM_ARN: Final = (
    re.compile(r"arn"),
    re.compile(r"aws(-[a-z-]+)?"),
    re.compile(r"cloudwatch"),
    re.compile(r"[a-z0-9-]+"),
    re.compile(r"[0-9]{12}"),
    re.compile(r"alarm"),
)
_ARN: Final = "arn:"
_COLONS: Final = 6  # before an alarm's name in its ARN
_LONGEST_NAME: Final = 255  # CloudWatch API reference, PutMetricAlarm


def speaks_for(patterns: tuple[str, ...], arn: str, own_account: str, own_region: str) -> bool:
    """Whether one of a pair's alarm patterns means the alarm with this ARN.

    A bare name means alarms of the deployment's own account and region, and those of SMN's topics:
    only configured ones come through.
    """
    own_name = _own_name(arn, own_account, own_region)
    return any(
        matches_arn(pattern, arn)
        if pattern.startswith(_ARN)
        else own_name is not None and matches(pattern, own_name)
        for pattern in patterns
    )


def names_of(arn: str, own_account: str, own_region: str) -> tuple[str, ...]:
    """What a pattern must be as to mean an alarm: its ARN, or its name if that may be enough."""
    own_name = _own_name(arn, own_account, own_region)
    return (arn,) if own_name is None else (arn, own_name)


def _own_name(arn: str, own_account: str, own_region: str) -> str | None:
    """An alarm's name, if a bare name may mean it."""
    partition, *_, region, account, kind, name = arn.split(
        ":", _COLONS if arn.startswith(_ARN) else 5
    )
    is_own = (region, account, kind) == (own_region, own_account, "alarm") or partition == "urn"
    return name if is_own else None


def can_match(pattern: str) -> bool:
    """Whether an alarm can have such a name or ARN."""
    if not pattern.startswith(_ARN):
        return _can_be_a_name(pattern)
    *parts, name = pattern.split(":", _COLONS)
    if len(parts) != len(_ALARM_ARN) or not _can_be_a_name(name):  # `*` crosses no colon
        return False
    given = zip(parts, _ALARM_ARN, strict=True)
    return all("*" in part or allowed.fullmatch(part) for part, allowed in given)


def _can_be_a_name(pattern: str) -> bool:
    """Whether a name can be as short as this: each `*` may stand for nothing."""
    return pattern != "" and len(pattern.replace("*", "")) <= _LONGEST_NAME


def claim_the_same(one: str, other: str) -> bool:
    """Whether an alarm can be meant by both of two patterns of one deployment.

    Of a name and an ARN it cannot be said without knowing whose account the deployment is in.
    """
    if one.startswith(_ARN) != other.startswith(_ARN):
        return False
    if not one.startswith(_ARN):
        return overlap(one, other)
    parts = zip(one.split(":", _COLONS), other.split(":", _COLONS), strict=False)
    return can_match(one) and can_match(other) and all(overlap(*both) for both in parts)


def name_in(pattern: str) -> str:
    """The part of a pattern that is about an alarm's name."""
    return pattern.split(":", _COLONS)[-1] if pattern.startswith(_ARN) else pattern
