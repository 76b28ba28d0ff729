"""One thing that the control API does: the table of these is the API and its description."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from local.dws.provider import Provider

Act = Callable[[Provider, str, Any], Any]


@dataclass(frozen=True)
class Route:
    """One thing to do; `fields` tells what its body may have."""

    method: str
    path: str
    does: str
    act: Act
    fields: dict[str, Any] | None = None


def jsonable(found: Any) -> Any:
    """The same with times as ISO 8601."""

    def text(value: Any) -> str:
        return value.isoformat() if isinstance(value, datetime) else str(value)

    return json.loads(json.dumps(found, default=text))
