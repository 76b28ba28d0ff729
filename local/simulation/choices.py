"""What a plan can have: each thing that may happen, by the name that it has in a story."""

from collections.abc import Mapping
from typing import Any

TROUBLES = (
    "production dies", "standby dies", "nothing", "probe path is cut", "region goes dark",
    "names are not found", "console switches over", "production dies for a moment",
)  # fmt: skip
PEOPLE = (
    "fail over", "fail over, overriding", "fail over, overriding the first", "acknowledge",
    "acknowledge the first", "acknowledge the other", "verify", "pause", "resume", "pause all",
    "resume all", "console failover", "console switchover", "production returns",
    "production dies again", "standby returns", "disaster recovery runs again",
    "the new production dies",
)  # fmt: skip
DOCUMENTS = ("removed", "elsewhere", "broken", "invalid", "observe", "floats", "back")
NEIGHBOURS = ("document", "secret", "bug", "garbage", "garbage", "dark")
DAMAGED = ("state#lease", "state#pair", "state#incident", "state#health", "run#", "notice#")
VARIANTS: tuple[dict[str, Any], ...] = (
    {},
    {"exchange": "role-words"},
    {"exchange": "never"},
    {"fails": True},
    {"abnormal_after_s": None, "shows_switching": False, "resting_status": "running"},
    {"abnormal_after_s": None},
    {"abnormal_after_s": 600},
    {"requires_abnormal": True, "abnormal_after_s": 120},
    {"order_delay_s": 1200},
    {"order_delay_s": 4200},
    {"order_delay_s": 1200, "shows_switching": False},
    {"reverts_after_s": 60},
    {"reverts_after_s": 600},
    {"exchange_after_s": 900},
    {"switching_s": 1200},
    {"list_lag_s": 90},
    {"detail_lag_s": 90},
    {"detail_lag_s": 300, "switching_s": 600, "second_order": "accepted"},
    {"list_lag_s": 300, "switching_s": 600, "second_order": "accepted"},
    {"time_format": "space", "utc_offset": "+08:00"},
    {"rival_orders_first": True},
    {"rival_orders_first": True, "second_order": "accepted"},
    {"second_order": "accepted"},
    {"second_order": "accepted", "order_delay_s": 1200},
    {"deleted_after_order_s": 30},
    {"both_primary": True},
    {"old_production_returns_after_s": 300},
    {"last_sync": "frozen"},
    {"absent": ("datastore_version", "datastore_type", "role")},
    {"absent": ("role",), "exchange": "never"},
    {"absent": ("role",), "fails": True},
)
# What nothing in the provider's ways keeps a failover from.
PLAIN: tuple[Mapping[str, Any], ...] = (
    {},
    {"abnormal_after_s": None, "shows_switching": False, "resting_status": "running"},
    {"abnormal_after_s": 600},
    {"switching_s": 1200},
    {"second_order": "accepted"},
    {"order_delay_s": 1200},
)
TRANSACTIONS = (
    "table incident", "table claim", "table outcome", "table notice", "table mark",
    "table standing", "table other",
)  # fmt: skip
CALLS = (
    "table put_item", "table update_item", "table query", "table get_item", "table batch_get_item",
)  # fmt: skip
PROVIDER_STEPS = (
    "provider failover", "provider detail", "provider list", "provider cluster", "provider events",
)  # fmt: skip
OTHERS = (
    "parameters get", "secrets get", "lambda invoke", "topic attributes", "queue send_message",
)  # fmt: skip
EVERYWHERE = (
    "kill before", "kill after", "fail", "lose the answer", "twice", "slow", "hang", "hang after",
)  # fmt: skip
HTTP = ("odd before", "odd on the way", "odd after", "lost on the way", "very slow", "slow answer")
STATUSES = ("answer 401", "answer 302", "answer 307", "answer 429", "answer 500", "answer 503")
MUTING = ("copy", "copy", "ALARM, muted", "ALARM, muted for a while", "release")
