"""What the provider may show, and leave out, of a pair."""

from collections.abc import Mapping

from local.dws.scenarios.scenario import Scenario

READINGS: Mapping[str, Scenario] = {
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
