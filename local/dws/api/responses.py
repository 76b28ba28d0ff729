"""What the disaster-recovery API shows of a pair, in its own field names.

Reference: DisasterRecovery (list item), DisasterRecoveryQueryResp (detail) and
ClusterDisasterRecovery (progress) of the DWS API.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from local.dws.api import timestamps
from local.dws.model.cluster import Cluster
from local.dws.model.pair import Pair
from local.dws.model.state import State

AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


def detail(pair: Pair, now: datetime) -> dict[str, Any]:
    """The answer of ShowDisasterDetail."""
    lag_s = pair.variants.detail_lag_s
    state, at = pair.state_at(now, lag_s), now - timedelta(seconds=lag_s)
    primary, standby = _places(pair, state)
    shown = _common(pair, state) | {
        "dr_sync_period": pair.relation.sync_period,
        "primary_cluster": _member(pair, state, primary, at),
        "standby_cluster": _member(pair, state, standby, at),
    }
    said = _said(shown, pair.variants.detail_says)
    return _without_absent(pair, {"disaster_recovery": said})


def list_item(pair: Pair, now: datetime) -> dict[str, Any]:
    """The pair's item in the answer of ListDisasterRecover."""
    lag_s = pair.variants.list_lag_s
    state, at = pair.state_at(now, lag_s), now - timedelta(seconds=lag_s)
    shown = _common(pair, state) | _last_sync(pair, state, at, "last_disaster_time")
    for place, cluster in zip(("primary", "standby"), _places(pair, state), strict=True):
        shown |= {
            f"{place}_cluster_id": cluster.id,
            f"{place}_cluster_name": cluster.name,
            f"{place}_cluster_role": _role(pair, state, cluster),
            f"{place}_cluster_status": _dr_status(state, cluster, at),
            f"{place}_cluster_region": cluster.region,
            f"{place}_cluster_project_id": cluster.project_id,
        }
    return _without_absent(pair, _said(shown, pair.variants.list_says))


def progress(pair: Pair, now: datetime) -> dict[str, Any]:
    """The answer of ShowDisasterProgress."""
    now -= A_DAY if pair.variants.progress == "stale" else timedelta()
    last = pair.last_sync(now) or now
    if pair.variants.progress == "disagreeing":
        last -= AN_HOUR
    shown = {
        "primary_cluster": _action("Backup", last - timedelta(seconds=90)),
        "standby_cluster": _action("Restore", last - timedelta(seconds=45)),
        "latest_barrier_time": _progress_time(last),
        "last_recovery_spend": 45,
        "recovery_point_object": max(0, int((now - last).total_seconds())),
        "recovery_time_object": int(pair.variants.switching_s),
    }
    return _without_absent(pair, {"disaster_recovery_progress": shown})


def _common(pair: Pair, state: State) -> dict[str, Any]:
    created = timestamps.writer(pair.variants)(pair.relation.created)
    return {
        "id": pair.id,
        "name": pair.relation.name,
        "dr_type": pair.relation.dr_type,
        "status": _status(pair, state),
        "start_time": created,
        "create_time": created,
    }


def _status(pair: Pair, state: State) -> str:
    if pair.variants.shown_status is not None:
        return pair.variants.shown_status
    if state.status == "switchovering" and not pair.variants.shows_switching:
        return state.status_before
    return state.status


def _places(pair: Pair, state: State) -> tuple[Cluster, Cluster]:
    """Which cluster stands at the primary's place, and which at the standby's."""
    if pair.variants.exchange == "role-words":
        return state.first, state.second
    return state.production, state.standby


def _role(pair: Pair, state: State, cluster: Cluster) -> str:
    is_primary = cluster is state.production or pair.variants.both_primary
    return pair.variants.primary_word if is_primary else pair.variants.standby_word


def _dr_status(state: State, cluster: Cluster, now: datetime) -> str:
    production, standby = state.dr_statuses(now)
    return production if cluster is state.production else standby


def _member(pair: Pair, state: State, cluster: Cluster, now: datetime) -> dict[str, Any]:
    return {
        "id": cluster.id,
        "name": cluster.name,
        "cluster_az": cluster.availability_zone,
        "role": _role(pair, state, cluster),
        "region": cluster.region,
        "status": _dr_status(state, cluster, now),
        "progress": "100%" if state.status == "running" else "",
        "obs_bucket_name": f"dws-dr-{cluster.id[:8]}",
        "datastore_version": cluster.version,
        "datastore_type": cluster.datastore_type,
        "disk_capacity": "1200",
        "disk_used": "310",
    } | _last_sync(pair, state, now, "last_success_time")


def _last_sync(pair: Pair, state: State, now: datetime, field: str) -> dict[str, str]:
    how = pair.variants.last_sync
    at = pair.first_sync if how == "frozen" else state.last_sync_at(now)
    if how == "absent":
        return {}
    if how == "na":
        return {field: "N/A"}
    if how == "empty" or at is None:
        return {field: ""}
    return {field: timestamps.writer(pair.variants)(now + AN_HOUR if how == "future" else at)}


def _action(kind: str, began: datetime) -> dict[str, str]:
    return {
        "key": f"{began:%Y%m%d_%H%M%S}",
        "action_type": kind,
        "unrestore_keys": "N/A",
        "action_start_time": _progress_time(began),
        "action_end_time": _progress_time(began + timedelta(seconds=45)),
    }


def _progress_time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _said(shown: dict[str, Any], says: Mapping[str, str]) -> dict[str, Any]:
    """What is shown, with fields that are not true; a dot stands between object and field."""
    for name, text in says.items():
        *objects, field = name.split(".")
        place = shown
        for one in objects:
            place = place[one]
        place[field] = text
    return shown


def _without_absent(pair: Pair, found: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _without_absent(pair, value) if isinstance(value, dict) else value
        for name, value in found.items()
        if name not in pair.variants.absent
    }
