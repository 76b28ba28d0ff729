"""Ready-made situations: what a provider may do that its documentation does not tell.

All but `region-outage` begin with production alive, so that an observer can see health first;
`break-production` starts the outage.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from local.dws.faults import Fault
from local.dws.scenario import Scenario


def _respond(status: int, body: Any, **headers: str) -> Fault:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault("failover", "respond", status=status, body=body, headers=named)


def _gateway(status: int, code: str, message: str, **headers: str) -> Fault:
    body = {"error_code": code, "error_msg": message, "request_id": "0" * 32}
    return _respond(status, body, **headers)


SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "healthy": Scenario("The ready pair, running; nothing special happens."),
        # The answer to the failover request
        "accept-then-timeout": Scenario(
            "The failover is taken, but its answer does not come within two minutes.",
            faults=(Fault("failover", "stall", seconds=120),),
        ),
        "accept-then-500": Scenario(
            "The failover is taken, but answered with 500.",
            faults=(
                Fault(
                    "failover",
                    "respond",
                    status=500,
                    effect=True,
                    body={"error_code": "DWS.5000", "error_msg": "Internal error"},
                ),
            ),
        ),
        "accept-then-reset": Scenario(
            "The failover is taken, then the connection is reset before any answer.",
            faults=(Fault("failover", "cut"),),
        ),
        "accept-then-half-an-answer": Scenario(
            "The failover is taken, then the connection ends in the middle of the answer's body.",
            faults=(Fault("failover", "cut", at="body", how="fin"),),
        ),
        "accept-then-html": Scenario(
            "The failover is taken, but the answer is a proxy's HTML page.",
            faults=(Fault("failover", "garble", garble="html"),),
        ),
        "accept-then-garbage": Scenario(
            "The failover is taken, but what comes back is not HTTP.",
            faults=(Fault("failover", "garble"),),
        ),
        "accept-then-drip": Scenario(
            "The failover is taken, but its answer comes a byte every two seconds.",
            faults=(Fault("failover", "drip", interval_ms=2000),),
        ),
        "reset-after-send": Scenario(
            "The connection is reset after the failover request; the failover is not taken.",
            faults=(Fault("failover", "cut", at="request"),),
        ),
        "refused-after-detail": Scenario(
            "After the next detail has been read, connecting is refused for 30 seconds.",
            faults=(Fault("detail", "refuse", seconds=30),),
        ),
        "unavailable": Scenario(
            "The failover is answered with 503 and not taken, once.",
            faults=(
                _respond(503, {"error_code": "APIGW.0613", "error_msg": "Service unavailable"}),
            ),
        ),
        "redirected": Scenario(
            "The failover is answered with a redirect and not taken.",
            faults=(_respond(302, None, Location="/elsewhere"),),
        ),
        "missing-pair": Scenario(
            "The pair does not exist: 400 with DWS.10101.",
            is_missing=True,
        ),
        "token-expired-mid-run": Scenario(
            "The failover is answered with 401, the token must be updated, once.",
            faults=(_gateway(401, "APIGW.0307", "The token must be updated"),),
        ),
        "forbidden": Scenario(
            "The failover is answered with 403, every time.",
            faults=(
                Fault(
                    "failover",
                    "respond",
                    times=None,
                    status=403,
                    body={"error_code": "APIGW.0302", "error_msg": "No permission"},
                ),
            ),
        ),
        "not-found": Scenario(
            "The failover is answered with 404.",
            faults=(_gateway(404, "APIGW.0101", "The API does not exist"),),
        ),
        "throttled": Scenario(
            "The failover is answered with 429 and Retry-After: 5, once.",
            faults=(
                _gateway(
                    429,
                    "APIGW.0308",
                    "The throttling threshold has been reached: policy user over ratelimit,"
                    "limit:10,time:1 minute",
                    Retry_After="5",
                ),
            ),
        ),
        # How a failover shows
        "status-flips-after-12s": Scenario(
            "The status becomes switchovering 12 seconds after the order.",
            variants={"order_delay_s": 12},
        ),
        "status-flips-after-90s": Scenario(
            "The status becomes switchovering 90 seconds after the order.",
            variants={"order_delay_s": 90},
        ),
        "executed-after-20-minutes": Scenario(
            "The failover's answer is lost; it is executed 20 minutes later.",
            variants={"order_delay_s": 1200},
            faults=(Fault("failover", "cut"),),
        ),
        "executed-after-70-minutes": Scenario(
            "The failover's answer is lost; it is executed 70 minutes later.",
            variants={"order_delay_s": 4200},
            faults=(Fault("failover", "cut"),),
        ),
        "roles-swap-after-1-minute": Scenario(
            "The clusters change places one minute after the status left switchovering.",
            variants={"exchange_after_s": 60},
        ),
        "roles-swap-after-60-minutes": Scenario(
            "The clusters change places an hour after the status left switchovering.",
            variants={"exchange_after_s": 3600},
        ),
        "running-throughout": Scenario(
            "The status shows running from production's death to the end of the failover.",
            variants={
                "abnormal_after_s": None,
                "shows_switching": False,
                "resting_status": "running",
            },
        ),
        "flip-without-swap": Scenario(
            "The failover goes through switchovering to abnormal, but nothing is exchanged.",
            variants={"exchange": "never"},
        ),
        "switching-then-back": Scenario(
            "The failover fails: switchovering, then the status before, nothing exchanged.",
            variants={"fails": True},
        ),
        "role-words-only": Scenario(
            "A failover exchanges the clusters' role words; their places stay.",
            variants={"exchange": "role-words"},
        ),
        "swap-then-revert": Scenario(
            "The clusters change places, and a minute later change back.",
            variants={"reverts_after_s": 60},
        ),
        "both-primary": Scenario(
            "Both clusters bear the primary's role word.",
            variants={"both_primary": True},
        ),
        "switchover-degrades": Scenario(
            "A planned switchover turns into an exception switchover.",
            variants={"switchover_degrades": True},
        ),
        "rival-order": Scenario(
            "Someone at the console orders the failover just before ours arrives: ours gets 400.",
            variants={"rival_orders_first": True},
        ),
        "rival-order-accepted": Scenario(
            "Someone at the console orders the failover just before ours arrives: both get 200.",
            variants={"rival_orders_first": True, "second_order": "accepted"},
        ),
        "deleted-mid-run": Scenario(
            "The pair is deleted two seconds after the failover was ordered.",
            variants={"deleted_after_order_s": 2},
        ),
        # How an outage shows
        "running-for-30-minutes": Scenario(
            "After production's death the status stays running for half an hour.",
            variants={"abnormal_after_s": 1800},
        ),
        "refused-while-running": Scenario(
            "A failover is refused until the status is abnormal, 30 seconds after the death.",
            variants={"requires_abnormal": True, "abnormal_after_s": 30},
        ),
        "abnormal-transient": Scenario(
            "The status is abnormal for 45 seconds though both clusters live, then running.",
            variants={"heals_after_s": 45},
            pair={"status": "abnormal"},
        ),
        "abnormal-lasting": Scenario(
            "The status is abnormal and stays so though both clusters live.",
            variants={"heals_after_s": None},
            pair={"status": "abnormal"},
        ),
        "undocumented-status": Scenario(
            "The status is a word that no documentation has.",
            variants={"shown_status": "dr_migrating"},
        ),
        "stopped": Scenario("Disaster recovery is stopped.", pair={"status": "stopped"}),
        "dark-production-region": Scenario(
            "Production's cluster detail cannot be read (504), and no list has it.",
            variants={"production_dark": True},
        ),
        "broken-standby": Scenario(
            "The standby cluster is dead, production lives; the status becomes abnormal.",
            standby={"status": "FAILED"},
        ),
        "readonly-standby": Scenario(
            "The standby is read-only for want of space.",
            standby={"sub_status": "READONLY"},
        ),
        "old-production-returns": Scenario(
            "Production lives again 30 seconds after its death, whatever its role is then.",
            variants={"old_production_returns_after_s": 30},
        ),
        "region-outage": Scenario(
            "40 pairs, the ready one among them, have lost production just now.",
            is_region_outage=True,
        ),
        # What is shown
        "last-sync-absent": Scenario(
            "The time of the last sync is left out.", variants={"last_sync": "absent"}
        ),
        "last-sync-empty": Scenario(
            "The time of the last sync is an empty text.", variants={"last_sync": "empty"}
        ),
        "last-sync-local": Scenario(
            "The pair's times are wall time of +08:00 and do not say so.",
            variants={"time_format": "space", "utc_offset": "+08:00"},
        ),
        "last-sync-future": Scenario(
            "The time of the last sync is an hour ahead.", variants={"last_sync": "future"}
        ),
        "last-sync-frozen": Scenario(
            "The time of the last sync never changes.", variants={"last_sync": "frozen"}
        ),
        "progress-missing": Scenario(
            "The progress endpoint answers 404.", variants={"progress": "missing"}
        ),
        "progress-stale": Scenario(
            "The progress endpoint is a day behind.", variants={"progress": "stale"}
        ),
        "progress-disagreeing": Scenario(
            "The progress endpoint has the last sync an hour before the detail's.",
            variants={"progress": "disagreeing"},
        ),
        "list-behind-detail": Scenario(
            "The list shows what was true a minute ago.", variants={"list_lag_s": 60}
        ),
        "list-ahead-of-detail": Scenario(
            "The detail shows what was true a minute ago.", variants={"detail_lag_s": 60}
        ),
        "fields-absent": Scenario(
            "Versions, editions, role words and project ids are left out.",
            variants={
                "absent": (
                    "datastore_version",
                    "datastore_type",
                    "role",
                    "primary_cluster_role",
                    "standby_cluster_role",
                    "primary_cluster_project_id",
                    "standby_cluster_project_id",
                )
            },
        ),
        "old-version": Scenario(
            "Both clusters have version 8.1.1.300, too old for a failover.",
            production={"version": "8.1.1.300"},
            standby={"version": "8.1.1.300"},
        ),
        "decoupled-edition": Scenario(
            "Both clusters are DWS 3.0, which has no disaster recovery.",
            production={"datastore_type": "dws3.0"},
            standby={"datastore_type": "dws3.0"},
        ),
        "clock-5-minutes-ahead": Scenario(
            "The provider's clock is five minutes ahead of real time.", clock_ahead_s=300
        ),
        "clock-5-minutes-behind": Scenario(
            "The provider's clock is five minutes behind real time.", clock_ahead_s=-300
        ),
        "clock-16-minutes-ahead": Scenario(
            "The provider's clock is so far ahead that every signature is expired.",
            clock_ahead_s=960,
        ),
    }
)
