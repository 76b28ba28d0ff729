"""What the provider answers, parsed once into types that cannot be misread.

Every field may be absent or of an undocumented value: then it is None or kept as text, one line of
it, and the gates treat it as unknown. What is no UUID is no id: ids go into paths and commands.
Shapes: API reference of DWS, ListDisasterRecover, ShowDisasterDetail, ListClusterDetails (cluster
status, sub_status), ListEvents (event names: user guide, DR events).
"""

import re
from collections.abc import Mapping
from datetime import timezone
from typing import Any, Final

from handler.model.disaster_recovery import Cluster, DisasterRecovery, Event, Member
from handler.model.printable import one_line
from handler.model.times import parse_period_s, parse_time

TEXT_LIMIT: Final = 64
# No page is documented for the list, and a cluster has one disaster recovery: this is the most that
# a project can have, many times over. What a body can hold of `{}` is a thousand times more.
MOST_ITEMS: Final = 1000
_SUB_STATUSES: Final = 16
_PARTED: Final = re.compile(r"\s*[|,;/]\s*|\s+")  # by ` | `, as far as is documented
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def parse_detail(body: Any, zone: timezone) -> DisasterRecovery:
    """Read the answer of ShowDisasterDetail.

    Raises:
        ValueError: it has no such shape.
    """
    found = _object(_object(body, "the body").get("disaster_recovery"), "disaster_recovery")
    return DisasterRecovery(
        id=_id(found.get("id")),
        status=_text(found.get("status")),
        dr_type=_text(found.get("dr_type")),
        primary=_member(found.get("primary_cluster"), zone),
        standby=_member(found.get("standby_cluster"), zone),
        sync_period_s=parse_period_s(_text(found.get("dr_sync_period"))),
    )


def parse_list(body: Any, zone: timezone) -> tuple[DisasterRecovery, ...]:
    """Read the answer of ListDisasterRecover: an array under a singular key.

    Raises:
        ValueError: it has no such shape.
    """
    return tuple(_list_item(item, zone) for item in _items(body, "disaster_recovery"))


def parse_cluster(body: Any) -> Cluster:
    """Read the answer of ListClusterDetails, which shows one cluster.

    Raises:
        ValueError: it has no such shape.
    """
    found = _object(_object(body, "the body").get("cluster"), "cluster")
    return Cluster(
        id=_id(found.get("id")),
        status=_text(found.get("status")),
        sub_statuses=_sub_statuses(found.get("sub_status")),
        version=_text(found.get("version")),
    )


def parse_events(body: Any, disaster_recovery_id: str) -> tuple[Event, ...]:
    """Read the answer of ListEvents: what it tells about one disaster recovery, oldest first.

    Raises:
        ValueError: it has no such shape.
    """
    events = [
        Event(name, at)
        for item in _items(body, "events")
        if _id(item.get("source_id")) == disaster_recovery_id
        and (name := _text(item.get("name")))
        and (at := parse_time(item.get("occur_time")))
    ]
    return tuple(sorted(events, key=lambda event: event.at))


def _sub_statuses(value: Any) -> frozenset[str]:
    """All of them, or none can be believed: the one that refuses may stand at the end."""
    parts = [] if value is None else _PARTED.split(value) if isinstance(value, str) else None
    if parts is None or len(parts) > _SUB_STATUSES:
        raise ValueError("sub_status is no list of words")
    return frozenset(word for part in parts if (word := _text(part)))


def _list_item(item: Mapping[str, Any], zone: timezone) -> DisasterRecovery:
    def member(side: str, last_sync: Any = None) -> Member:
        return Member(
            id=_id(item.get(f"{side}_cluster_id")),
            role=_text(item.get(f"{side}_cluster_role")),
            status=_text(item.get(f"{side}_cluster_status")),
            project_id=_text(item.get(f"{side}_cluster_project_id")),
            last_sync=parse_time(last_sync, zone),
            last_sync_text=_text(last_sync),
        )

    return DisasterRecovery(
        id=_id(item.get("id")),
        status=_text(item.get("status")),
        dr_type=_text(item.get("dr_type")),
        primary=member("primary"),
        standby=member("standby", item.get("last_disaster_time")),
    )


def _member(body: Any, zone: timezone) -> Member:
    found = body if isinstance(body, dict) else {}
    return Member(
        id=_id(found.get("id")),
        role=_text(found.get("role")),
        status=_text(found.get("status")),
        version=_text(found.get("datastore_version")),
        edition=_text(found.get("datastore_type")),
        last_sync=parse_time(found.get("last_success_time"), zone),
        last_sync_text=_text(found.get("last_success_time")),
    )


def _items(body: Any, key: str) -> list[Mapping[str, Any]]:
    items = _object(body, "the body").get(key)
    if not isinstance(items, list):
        raise ValueError(f"{key} is not an array")
    if len(items) > MOST_ITEMS:
        raise ValueError(f"{key} has more than {MOST_ITEMS} items")
    return [_object(item, "an item") for item in items]


def _object(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{what} is not an object")
    return value


def _id(value: Any) -> str | None:
    text = value.strip().lower() if isinstance(value, str) else ""
    return text if _UUID.fullmatch(text) else None


def _text(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return one_line(str(value), TEXT_LIMIT) or None
