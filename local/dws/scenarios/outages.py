"""How an outage may look from outside."""

from collections.abc import Mapping

from local.dws.scenarios.scenario import Scenario

OUTAGES: Mapping[str, Scenario] = {
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
}
