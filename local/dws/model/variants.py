"""What the provider leaves undocumented, as switches.

Its documentation is silent on how an exception switchover looks from outside. Code that must work
whatever the truth is can be tried against each possibility, one field here per open question.
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal

Exchange = Literal["ids", "role-words", "never"]
TimeFormat = Literal["iso-z", "iso-offset", "iso-local", "space", "ms"]


@dataclass(frozen=True)
class Variants:
    """One answer to each open question; the defaults are the likeliest."""

    abnormal_after_s: Annotated[
        float | None,
        "seconds from a cluster's death until the status leaves running; null: it stays running",
    ] = 10
    heals_after_s: Annotated[
        float | None,
        "seconds until an abnormal status returns to running once both clusters live; null: never",
    ] = 5
    requires_abnormal: Annotated[bool, "whether a failover is refused while running"] = False
    wrong_state_code: Annotated[str, "error code of an order in a wrong state"] = "DWS.5204"
    second_order: Annotated[
        Literal["refused", "accepted"], "what becomes of a failover ordered while one is under way"
    ] = "refused"
    rival_orders_first: Annotated[
        bool, "whether someone at the console orders a failover just before ours arrives"
    ] = False
    refuses_wrong_site: Annotated[
        bool, "whether a cross-region failover outside the standby's project is refused"
    ] = True
    order_delay_s: Annotated[float, "seconds from an accepted failover to its execution"] = 0
    switching_s: Annotated[float, "seconds that a switchover takes"] = 5
    shows_switching: Annotated[bool, "whether the status says switchovering meanwhile"] = True
    fails: Annotated[bool, "whether a failover fails: back to the status before, no exchange"] = (
        False
    )
    resting_status: Annotated[str, "status after a failover"] = "abnormal"
    exchange: Annotated[
        Exchange,
        "what a switchover exchanges: the two clusters' places, only their role words, or nothing",
    ] = "ids"
    exchange_after_s: Annotated[
        float, "seconds from leaving switchovering until the exchange shows"
    ] = 0
    reverts_after_s: Annotated[
        float | None, "seconds after an exchange until it is undone; null: never"
    ] = None
    deleted_after_order_s: Annotated[
        float | None, "seconds after a failover order until the pair is deleted; null: never"
    ] = None
    old_production_returns_after_s: Annotated[
        float | None, "seconds after its death until production lives again; null: never"
    ] = None
    switchover_degrades: Annotated[
        bool, "whether a planned switchover turns into an exception switchover"
    ] = False
    action_s: Annotated[float, "seconds that start, pause and recovery take"] = 5
    recovering_status: Annotated[str, "status while a recovery runs"] = "recovering"
    shown_status: Annotated[str | None, "status shown whatever the true one is"] = None
    list_lag_s: Annotated[float, "how many seconds ago the list's picture was true"] = 0
    detail_lag_s: Annotated[float, "how many seconds ago the detail's picture was true"] = 0
    production_dark: Annotated[
        bool, "whether the first production's cluster cannot be read, nor is in the cluster list"
    ] = False
    both_primary: Annotated[bool, "whether both clusters bear the primary's role word"] = False
    primary_word: Annotated[str, "role word of the production cluster"] = "primary"
    standby_word: Annotated[str, "role word of the standby cluster"] = "standby"
    absent: Annotated[
        tuple[str, ...], "fields left out of every disaster-recovery answer, by name"
    ] = ()
    detail_says: Annotated[
        dict[str, str],
        "what the detail says whatever is true, such as primary_cluster.role: leader",
    ] = field(default_factory=dict)
    list_says: Annotated[
        dict[str, str], "what the list says of the pair whatever is true, by field"
    ] = field(default_factory=dict)
    last_sync: Annotated[
        Literal["true", "absent", "empty", "na", "future", "frozen"],
        "how the last sync is shown; frozen: as it was when the pair was made",
    ] = "true"
    time_format: Annotated[TimeFormat, "how the pair's times are written"] = "iso-z"
    utc_offset: Annotated[str, "zone of the pair's times, but for iso-z and ms"] = "+00:00"
    progress: Annotated[
        Literal["true", "missing", "stale", "disagreeing"],
        "the progress endpoint: missing, a day behind, or contradicting the detail",
    ] = "true"
