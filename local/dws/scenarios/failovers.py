"""How a failover may look from outside, once it is taken."""

from collections.abc import Mapping

from local.dws.api.faults import Fault
from local.dws.scenarios.scenario import Scenario

FAILOVERS: Mapping[str, Scenario] = {
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
}
