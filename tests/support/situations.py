"""Situations for the gates' tables: a healthy armed pair, and what a test changes about it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from handler.model.disaster_recovery import Cluster, DisasterRecovery, Member, Roles
from handler.model.evidence import Evidence, Fault, Situation
from handler.model.incident import Incident, IncidentState
from handler.model.pair import Pair
from handler.model.pair_state import Fleet, Observations, PairState
from handler.model.run import Run, RunState
from handler.model.signals import Trigger

NOW = datetime(2026, 1, 15, 8, 30, tzinfo=UTC)
DR = "e59d6b86-9072-46eb-a996-13f8b44994c1"
PROJECT = "89cd04f168b84af6be287f71730fdb4b"
PRODUCTION = "3ef5daaa-d017-4354-80b3-8a69caf2e09f"
STANDBY = "e7fed7fe-f4a7-499a-afed-1fdb5c1978cb"
ROLES = Roles(PRODUCTION, STANDBY)
FAULT = Fault("unavailable", "no answer", is_transient=True)


def ago(**span) -> datetime:
    return NOW - timedelta(**span)


def member(id_: str, **changes) -> Member:
    defaults = {
        "id": id_,
        "status": "waiting",
        "version": "8.1.3.320",
        "edition": "dws",
        "project_id": PROJECT,
        "last_sync": ago(minutes=5) if id_ == STANDBY else None,
    }
    return Member(**{**defaults, **changes})


def shown(primary=None, standby=None, **changes) -> DisasterRecovery:
    defaults = {"id": DR, "status": "abnormal", "dr_type": "az"}
    return DisasterRecovery(
        **{**defaults, **changes},
        primary=primary or member(PRODUCTION),
        standby=standby or member(STANDBY),
    )


def cluster(id_: str, status="AVAILABLE", *sub_statuses) -> Cluster:
    return Cluster(id_, status, frozenset(sub_statuses or ("NORMAL",)), None)


def evidence(**changes) -> Evidence:
    """Production FAILED, all else well."""
    one = shown()
    defaults = {
        "read_at": NOW,
        "production_id": PRODUCTION,
        "detail": one,
        "item": one,
        "production": cluster(PRODUCTION, "FAILED"),
        "standby": cluster(STANDBY),
    }
    return Evidence(**{**defaults, **changes})


def pair(**changes) -> Pair:
    defaults = {
        "name": "analytics",
        "disaster_recovery_id": DR,
        "project_id": PROJECT,
        "endpoint": "https://dws.example.com",
        "credentials_secret": "dws-failover/credentials",
        "max_data_loss_s": 3600,
        "mode": "automatic",
        "production_down_for_s": 120,
    }
    return Pair(**{**defaults, **changes})


def a_run(state=RunState.SUBMITTED, **changes) -> Run:
    """A run that was claimed an hour ago; its order left at once."""
    defaults = {
        "run_id": "20260115T073000000Z-1f2e3d4c",
        "pair": "analytics",
        "disaster_recovery_id": DR,
        "state": state,
        "claimed_at": ago(hours=1),
        "requested_at": ago(hours=1),
        "deadline_at": ago(minutes=55),
        "roles": ROLES,
        "configuration": {"name": "analytics", "max_data_loss_s": 3600},
        "trigger": {"kind": "sns"},
        "evidence": "0" * 16,
    }
    return Run(**{**defaults, **changes})


def situation(**changes) -> Situation:
    """A situation in which every gate passes for an alarm."""
    defaults = {
        "now": NOW,
        "pair": pair(),
        "evidence": evidence(),
        "pair_state": PairState(revision=4, roles=ROLES, roles_since=ago(hours=9), armed=True),
        "observations": Observations(down_since=ago(minutes=3), down_seen_at=ago(seconds=60)),
        "fleet": Fleet(),
        "run": None,
        "trigger": Trigger("eventbridge", "dws-outage-analytics", ago(minutes=2)),
        "max_failovers_per_hour": 5,
    }
    given = {**defaults, **changes}
    run = given["run"]
    return Situation(**{"held": (run,) if run and run.holds_pair else (), **given})


def with_detail(given: Situation, **changes) -> Situation:
    """The situation with another detail (and no list item to disagree with)."""
    detail = replace(given.evidence.detail, **changes)
    return replace(given, evidence=replace(given.evidence, detail=detail, item=None))


INCIDENT = Incident(
    "20260115T083000Z-00000000",
    "analytics",
    DR,
    IncidentState.OPEN,
    "sns",
    "dws-outage-analytics",
    NOW,
    NOW,
    NOW + timedelta(hours=1),
    revision=1,
    alarms=frozenset({"dws-outage-analytics"}),
)
