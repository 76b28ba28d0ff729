"""The words of a notice, by decision or by the reason where that tells more."""

from collections.abc import Mapping
from typing import Final

from handler.model.notice import Severity
from handler.model.result import Decision

HEADLINES: Final[Mapping[str, str]] = {
    Decision.SUBMITTED: "failover submitted",
    Decision.REFUSED: "NOT failed over: refused",
    Decision.BLOCKED: "NOT failed over: blocked",
    Decision.PROVIDER_REJECTED: "NOT failed over: the provider rejected it",
    Decision.UNKNOWN: "failover sent, outcome unknown",
    Decision.NOT_STARTED: "NOT failed over: nothing was started",
    Decision.IN_PROGRESS: "failover in progress",
    Decision.SUCCEEDED: "failed over",
    Decision.FAILED: "the failover failed",
    Decision.OVERDUE: "the failover is overdue",
    Decision.CLOSED: "the run is closed",
    Decision.ACKNOWLEDGED: "acknowledged",
    Decision.PAUSED: "paused",
    Decision.RESUMED: "resumed",
    Decision.IGNORED: "an alarm was ignored",
    # Told for other reasons than the decision alone tells
    "executed_late": "failed over LATE: an order thought not to have started was executed",
    "tried_too_often": "NOT failed over: all tries came to nothing",
    "retry_time_over": "NOT failed over: the incident's time is over",
    "invalid_pair": "NOT failed over: the pair's document is bad",
    "not_listed": "alarms came that no pair lists",
    "muted": "an alarm is muted: nothing is ordered",
    "too_old": "an alarm came too late to act on it",
    "waiting_too_old": "an alarm waited too long for its pair's document",
    "internal_error": "a bug ended its turn",
    "unreadable": "this pair cannot be checked",
    "alarms_ok": "the incident is over: alarms are OK",
    "production_up": "the incident is over: production is up",
    "lone_witness": "one witness says that production is down",
    "readiness_lost": "can NOT be failed over now",
    "readiness_regained": "can be failed over",
    "old_production_back": "old production is back: two writers are possible",
    "roles_changed": "the roles were changed by someone else",
    "misconfigured": "cannot work as configured",
    "unconfirmed_subscriptions": "notifications may reach nobody: subscriptions are unconfirmed",
}
SEVERITIES: Final[Mapping[str, Severity]] = {
    Decision.REFUSED: Severity.WARNING,
    Decision.IN_PROGRESS: Severity.WARNING,
    Decision.SUCCEEDED: Severity.WARNING,
    Decision.ACKNOWLEDGED: Severity.INFO,
    Decision.CLOSED: Severity.INFO,
    Decision.PAUSED: Severity.WARNING,
    Decision.RESUMED: Severity.INFO,
    Decision.IGNORED: Severity.WARNING,
    "executed_late": Severity.CRITICAL,
    "muted": Severity.WARNING,
    # An outage may have been in it, and nothing pursues it.
    "too_old": Severity.CRITICAL,
    "waiting_too_old": Severity.CRITICAL,
    "internal_error": Severity.CRITICAL,
    "unreadable": Severity.CRITICAL,
    "alarms_ok": Severity.INFO,
    "production_up": Severity.INFO,
    "lone_witness": Severity.WARNING,
    "readiness_lost": Severity.WARNING,
    "readiness_regained": Severity.INFO,
    "misconfigured": Severity.WARNING,
    "unconfirmed_subscriptions": Severity.WARNING,
    "old_production_back": Severity.CRITICAL,
    "roles_changed": Severity.CRITICAL,
}
PURSUED: Final = "The incident stays open and is checked again every minute."
NOT_PURSUED: Final = (
    "Nothing. No incident is pursued; a person decides. A new alarm opens one if the pair's"
    " document is good then."
)
FOLLOWED: Final = (
    "The run is checked every minute until it is settled. Nothing more is sent for this pair"
    " until a person has acknowledged it."
)
HELD: Final = "Nothing more is sent for this pair until a person has acknowledged the run."
OBSERVED: Final = (
    "Nothing: the pair is only observed. In mode automatic it would have been ordered."
)
WAITING: Final = (
    "It fails over as soon as production has been down for long enough, if every gate passes then."
)
TRIED_AGAIN: Final = (
    "While the incident is open and the gates pass it is tried again after 60, 120, 240 and then"
    " every 300 s, six times in all; after that a person decides."
)
ARMED: Final = "Alarms of the pair count again, with every gate."
UNKNOWN_LOSS: Final = "the last synchronisation is not shown, or cannot be right"
BY_ITSELF: Final[Mapping[str, str]] = {
    Decision.SUBMITTED: (
        "The provider is switching; its own figure is up to 60 minutes. The run is checked every"
        " minute. Nothing more is sent for this pair until a person has acknowledged it."
    ),
    Decision.IN_PROGRESS: FOLLOWED,
    Decision.OVERDUE: f"{FOLLOWED} You are told again every hour.",
    Decision.UNKNOWN: (
        "Reads every minute settle it. Nothing more is sent for this pair: the request may have"
        " been taken, and a second one could lose data for good."
    ),
    Decision.SUCCEEDED: (
        f"{HELD} Clients that do not come by the pair's load balancer must be pointed to the new"
        " production; what the old one still holds is wiped when disaster recovery is"
        " re-established."
    ),
    Decision.FAILED: HELD,
    Decision.CLOSED: "Nothing.",
    Decision.ACKNOWLEDGED: (
        "The pair is not failed over again before it is armed: disaster recovery seen running with"
        " these roles, and the standby synchronised after that."
    ),
    Decision.PAUSED: (
        "No further order is given until then; one that is on its way is followed to its end."
        " Incidents are kept and checked."
    ),
    Decision.RESUMED: "Open incidents are checked again every minute, with every gate.",
    Decision.IGNORED: "Nothing. This is told once a day.",
    "tried_too_often": (
        "Nothing more is ordered for this incident, though it stays open; a person decides."
    ),
    "retry_time_over": NOT_PURSUED,
    "invalid_pair": (
        "Nothing is ordered while the pair has no good document. Alarms of a bad one are kept until"
        " it is good, unless they are too old then."
    ),
    "not_listed": "Nothing. This is told once a day, for all of them together.",
    "muted": (
        "Nothing is ordered on a muted alarm, and while it is in ALARM the witnesses open no"
        " incident for this pair either. Its release counts as a new alarm."
    ),
    "too_old": (
        "Nothing: it opens no incident. A new alarm does, and so do witnesses that agree on an"
        " outage."
    ),
    "waiting_too_old": (
        "Nothing: it opens no incident any more. A new alarm does, and so do witnesses that agree"
        " on an outage."
    ),
    "internal_error": "It is tried again every minute. You are told again every hour.",
    "unreadable": (
        "Nothing is ordered for this pair until it can be read. It is tried again every minute; you"
        " are told again every hour."
    ),
    "alarms_ok": "Nothing. The next alarm opens an incident of its own.",
    "production_up": "Nothing. The next alarm opens an incident of its own.",
    "lone_witness": (
        "Nothing on the word of one witness. Where no alarm of the pair is muted, a second one that"
        " says so opens an incident."
    ),
    "readiness_lost": "You are told when it can be failed over again.",
    "readiness_regained": "In mode automatic an alarm fails it over, if every gate passes.",
    "misconfigured": "Nothing. This is told once a day.",
    "unconfirmed_subscriptions": "Nothing. This is told once a day.",
    "old_production_back": "Nothing: what to keep of it is for a person to decide.",
    "roles_changed": (
        "Nothing is failed over until a person has acknowledged the roles, or disaster recovery is"
        " seen running with them and has synchronised."
    ),
}
LOSES: Final[Mapping[Decision, str]] = {
    Decision.SUBMITTED: "is lost",
    Decision.IN_PROGRESS: "is lost",
    Decision.SUCCEEDED: "was lost",
    Decision.UNKNOWN: "may be lost",
    Decision.OVERDUE: "may be lost",
}
# What a person does about a gate, other than to override it.
REMEDIES: Final[Mapping[str, str]] = {
    "pause": "wait for the end of the pause, or ask whoever has set it to lift it",
    "hold": "see what became of the held run (verify), then acknowledge it",
    "armed": (
        "wait until disaster recovery is seen running and the standby has synchronised; where it"
        " does not run, re-establish it in the provider's console"
    ),
    "pair_state": "wait for the provider to finish, or act in its console",
    "roles": "compare the roles in the provider's console with the pair's",
    "site": "set project_id and endpoint of the pair to the standby's region",
    "version": "fail over in the provider's console, or upgrade the cluster",
    "edition": "exception switchover is not offered for this edition",
    "production_down": (
        "a witness says that production is up, so no override is offered: use the planned"
        " switchover in the provider's console, which loses nothing"
    ),
    "standby_ready": "bring the standby back in the provider's console",
    "rpo": (
        "see in the provider's console why the standby lags behind, or let the data's owners"
        " raise max_data_loss_s"
    ),
}
# The same where the gate could not be asked: nothing is wrong yet, only unknown.
_CANNOT_TELL: Final = "unknown now, and read again every minute; if that lasts, "
IF_UNKNOWN: Final[Mapping[str, str]] = {
    "pair_state": f"{_CANNOT_TELL}see the state of disaster recovery in the provider's console",
    "roles": f"{_CANNOT_TELL}{REMEDIES['roles']}",
    "site": f"{_CANNOT_TELL}{REMEDIES['site']}",
    "version": f"{_CANNOT_TELL}see the clusters' versions in the provider's console",
    "edition": f"{_CANNOT_TELL}see the clusters' edition in the provider's console",
    "production_down": f"{_CANNOT_TELL}see in the provider's console how production is",
    "standby_ready": f"{_CANNOT_TELL}see in the provider's console how the standby is",
    "rpo": f"{_CANNOT_TELL}see in the provider's console when the standby last synchronised",
}
# What a person does where nothing of a pair can be read, by why.
UNREADABLE: Final[Mapping[str, str]] = {
    "denied": "give the pair's credentials the right to read disaster recovery, or renew them",
    "not_found": "see whether disaster_recovery_id, project_id and endpoint of the pair are right",
    "throttled": f"nothing: {_CANNOT_TELL}ask the provider for more requests",
    "garbled": f"{_CANNOT_TELL}see in the provider's console whether its API is at work",
    "unavailable": f"{_CANNOT_TELL}see in the provider's console whether its API is at work",
}
