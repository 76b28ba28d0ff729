"""What keeps an alarm from acting: a mute rule, or a composite alarm's suppressor.

Both silence the actions only: the bus hears of each change of state all the same.

Facts: CloudWatch User Guide, "Alarm events and EventBridge" (`muteDetail`, `actionsSuppressedBy`)
and "How alarm mute rules work"; an alarm that has waited for its suppressor acts with a
`previousState` of ALARM that was suppressed ("Invoke a Lambda function from an alarm").
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from handler.model.printable import one_line
from handler.model.times import isoformat, parse_time

_LONGEST_NAME: Final = 255


def read_muting(detail: Mapping[str, Any]) -> dict[str, Any]:
    """What an alarm's `detail` or `alarmData` says of being muted, as fields of the signal.

    Whatever stands there mutes: a shape that is not known must not let a muted alarm order.
    """
    until = parse_time(_text(detail.get("muteDetail"), "muteWindowEnd"))
    return {
        "muted_by": _by_rule(detail, until) or _by_suppressor(detail),
        "muted_until": until,
        "was_muted": bool(detail.get("previousState", {}).get("actionsSuppressedBy")),
    }


def _by_rule(detail: Mapping[str, Any], until: datetime | None) -> str | None:
    mute = detail.get("muteDetail")
    if not mute:
        return None
    name = _text(mute, "mutedByArn").rpartition(":")[2] or "that is not named"
    return f"the mute rule {name}" + (f" until {isoformat(until)}" if until else "")


def _by_suppressor(detail: Mapping[str, Any]) -> str | None:
    phase = detail["state"].get("actionsSuppressedBy")
    if not phase:
        return None
    suppressor = _text(detail.get("configuration"), "actionsSuppressor") or "that is not named"
    return f"its suppressor {suppressor} ({one_line(str(phase), _LONGEST_NAME)})"


def _text(value: Any, key: str) -> str:
    """The line at a key, if there is one."""
    found = value.get(key) if isinstance(value, dict) else None
    return one_line(found, _LONGEST_NAME) if isinstance(found, str) else ""
