"""The words of a notice, by decision or by the reason where that tells more.

A headline says how the warehouse stands and, after the last mark, what is asked of the reader. It
is short enough to be read whole in a list of mails, and in plain ASCII.
"""

from collections.abc import Mapping
from typing import Final

from handler.model.notice import Severity
from handler.model.result import Decision

HEADLINES: Final[Mapping[str, str]] = {
    Decision.SUBMITTED: "switching to the standby now; get clients ready to move",
    Decision.REFUSED: "not failed over: a gate refuses; look",
    Decision.BLOCKED: "not failed over: the pair cannot be judged; look",
    Decision.PROVIDER_REJECTED: "not failed over: the provider rejected the order; look",
    Decision.UNKNOWN: "an order may have been taken; wait, never order again by hand",
    Decision.NOT_STARTED: "not failed over: the order was never sent; look",
    Decision.IN_PROGRESS: "still switching to the standby; wait",
    "not_switching": "order accepted, nothing is seen switching; look in the console",
    Decision.SUCCEEDED: "now runs on its standby; move clients, then acknowledge",
    Decision.FAILED: "the switch failed, roles as before; look in the console",
    Decision.OVERDUE: "the switch takes too long; look in the console",
    Decision.CLOSED: "a person has closed the open run; nothing to do",
    Decision.ACKNOWLEDGED: "a person has said which cluster is production; nothing to do",
    Decision.PAUSED: "failovers are paused; resume when the work is done",
    Decision.RESUMED: "the pause is lifted; nothing to do",
    Decision.IGNORED: "an alarm has no data and would miss an outage; mend it",
    Decision.TESTED: "a test notice; nothing is wrong",
    # Told for other reasons than the decision alone tells
    "seen_untouched": "the order seems lost, nothing switched; check, then decide now",
    "executed_late": "an order thought dead was executed LATE; tell all, move clients",
    "unsettled": "a run's hold is over, its order may still come; never order again",
    "roles_overridden": "a person says other roles than the provider shows; look",
    "incident_goes_on": "production is confirmed, the incident goes on; look",
    "incident_ended": "a person's word has ended the incident; look at production",
    "still_down": "production looks down, no incident is open; decide now",
    "tried_too_often": "not failed over: all tries came to nothing; decide now",
    "retry_time_over": "not failed over, and no longer tried; decide now",
    "invalid_pair": "not failed over: the pair's document is bad; correct it now",
    "not_listed": "alarms came that no pair lists; list them or take them off",
    "anothers_pause": "somebody else's pause is lifted; tell whoever had set it",
    "incident": "the pause is lifted, an incident is open; look",
    "down": "the pause is lifted, production looks down; look",
    "muted": "an alarm is muted, so nothing is ordered; unmute it in an outage",
    "down_while_muted": "production is down, a mute stops the failover; decide now",
    "too_old": "an alarm came too late to act on; look at the pair now",
    "waiting_too_old": "an alarm waited too long for a good document; look now",
    "internal_error": "a bug keeps this pair from being checked; watch it yourself",
    "unreadable": "this pair's record cannot be read, nothing is ordered; restore it",
    "alarm_unreadable": "what is stored of an alarm cannot be read, it is heard anew; look",
    "alarms_ok": "the incident is over, its alarms are OK; nothing to do",
    "production_up": "the incident is over, production is up; nothing to do",
    "lone_witness": "one witness says that production is down; look at it",
    "new_pair": "is watched from now on; see whether an alarm rings already",
    "readiness_lost": "could not be failed over if it had to be; correct it",
    "readiness_regained": "could be failed over again; nothing to do",
    "old_production_back": "two writers are possible, the old production is back; cut it off",
    "new_production_down": "the NEW production is down as well, nothing acts; decide now",
    "roles_changed": "somebody else has switched the roles; check, then acknowledge",
    "misconfigured": "does not work as configured; correct it",
    "document_gone": "its document is gone, nobody watches it; put it back",
    "document_gone_down": "is or was down, and its document is gone; put it back now",
    "watched_less": "less is done for it than before; nothing to do if that was meant",
    "paused_before": "has a new disaster recovery id, its pause goes on; nothing to do",
    "held_before": "an earlier run holds it under its new id as well; acknowledge it",
    "unconfirmed_subscriptions": "notices do not reach everybody; confirm the subscriptions",
    # Why nothing could be decided
    "provider_unavailable": "not failed over: the provider's API does not answer; look",
    "provider_throttled": "not failed over: the provider turns requests away; look",
    "provider_garbled": "not failed over: the provider's answers make no sense; look",
    "provider_denied": "not failed over: the provider denies access; mend the secret",
    "provider_not_found": "not failed over: the provider does not know the pair; correct it",
    "invalid_credentials": "not failed over: the pair's secret is bad; correct it",
    # Where the table cannot be read, another invocation may have ordered just before.
    "ledger_unavailable": "could not act: table or secret cannot be read; look",
    "no_time_left": "not failed over: its invocation ran out of time; look",
    "contended": "not failed over: others kept changing the pair; look",
}
SWITCHED_ALL_THE_SAME: Final = "roles change, though the order was rejected; tell all, move clients"
NOT_ARMED: Final = "production is confirmed, not armed; ask status for the rest"
STILL_PAUSED: Final = "a pause is lifted, another one still holds; look"
OBSERVED_NOW: Final = "would have failed over, is only observed; order it yourself"
OBSERVED_WAITING: Final = "production looks down, the pair is only observed; look"
WAITING_UNTIL: Final = "production looks down, fails over at about {at}; stop it or wait"
NOT_FAILED_OVER: Final = "not failed over: "  # by itself, for one of the reasons below
NOT_ORDERED: Final = "command refused: "  # a person's
# The gate that refuses, as a headline says it.
WHY_NOT: Final[Mapping[str, str]] = {
    "mode": "the pair is only observed",
    "pause": "failovers are paused; resume in an outage",
    "hold": "an earlier run waits; acknowledge it",
    "rate_limit": "too many pairs in this hour; decide",
    "armed": "not synchronised since the roles changed; decide",
    "pair_state": "disaster recovery is in no state for it; look",
    "roles": "the roles are not as expected; look",
    "site": "project_id is not the standby's; correct it",
    "version": "a cluster's version is too old; use the console",
    "edition": "not possible for this edition; use the console",
    "production_down": "production is up; look",
    "standby_ready": "the standby is not ready; look",
    "rpo": "too much data would be lost; decide",
    "evidence_changed": "things have changed since you looked; look again",
}
NOT_FOR_LONG_ENOUGH: Final = "production is not down for long enough; look"
# The same where the gate could not be asked.
WHY_UNKNOWN: Final[Mapping[str, str]] = {
    "pair_state": "the state of disaster recovery is unknown; look",
    "roles": "which cluster is production is unknown; look",
    "site": "whether project_id is right is unknown; decide",
    "version": "the clusters' version is unknown; decide",
    "edition": "the clusters' edition is unknown; decide",
    "production_down": "whether production is down is unclear; look",
    "standby_ready": "how the standby is, is unknown; decide",
    "rpo": "how much data would be lost is unknown; decide",
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
    Decision.TESTED: Severity.INFO,
    "executed_late": Severity.CRITICAL,
    "unsettled": Severity.WARNING,
    "roles_overridden": Severity.WARNING,
    "incident_goes_on": Severity.WARNING,
    "incident_ended": Severity.WARNING,
    "still_down": Severity.CRITICAL,
    "anothers_pause": Severity.WARNING,
    "incident": Severity.WARNING,
    "down": Severity.WARNING,
    "muted": Severity.WARNING,
    "down_while_muted": Severity.CRITICAL,
    # An outage may have been in it, and nothing pursues it.
    "too_old": Severity.CRITICAL,
    "waiting_too_old": Severity.CRITICAL,
    "internal_error": Severity.CRITICAL,
    "unreadable": Severity.CRITICAL,
    "alarm_unreadable": Severity.CRITICAL,
    "alarms_ok": Severity.INFO,
    "production_up": Severity.INFO,
    "lone_witness": Severity.WARNING,
    "new_pair": Severity.INFO,
    "readiness_lost": Severity.WARNING,
    "readiness_regained": Severity.INFO,
    "misconfigured": Severity.WARNING,
    "document_gone": Severity.WARNING,
    # Nobody looks any more whether it is still so, and nothing is ordered.
    "document_gone_down": Severity.CRITICAL,
    "watched_less": Severity.INFO,
    "paused_before": Severity.INFO,
    "held_before": Severity.WARNING,
    "unconfirmed_subscriptions": Severity.WARNING,
    "old_production_back": Severity.CRITICAL,
    "new_production_down": Severity.CRITICAL,
    "not_switching": Severity.CRITICAL,
    "roles_changed": Severity.CRITICAL,
    "all_ready": Severity.INFO,
    "not_all_ready": Severity.WARNING,
}
PURSUED: Final = (
    "The incident stays open. All gates are asked again every minute, and the pair is failed over"
    " as soon as they pass."
)
PURSUED_OBSERVED: Final = (
    "Nothing is ordered by itself: the pair is in mode observe. The incident stays open, all gates"
    " are asked again every minute, and you are told when it would have failed over."
)
OBSERVED: Final = (
    "Nothing: the pair is in mode observe and never orders by itself. In mode automatic the"
    " failover would have been ordered now."
)
WAITING: Final = (
    "It fails over at about {at}, unless a witness says by then that production is up or another"
    " gate refuses."
)
# Of a command's refusal, where no incident is open.
NOT_PURSUED: Final = (
    "Nothing: no incident is open for this pair, so nothing more is tried. The next alarm opens"
    " one, and so do two witnesses that agree on an outage."
)
FOLLOWED: Final = (
    "The run is checked every minute until its end is proved. Nothing more is sent for this pair"
    " until a person has acknowledged the run."
)
HELD: Final = "Nothing more is sent for this pair until a person has acknowledged the run."
HELD_LOST: Final = (
    "Nothing more is sent for this pair by itself, however long the outage lasts: a person orders"
    " once more, or acknowledges the run, which ends an open incident."
)
UNWATCHED: Final = (
    "Nothing is looked at and nothing is ordered for this pair until its document is back. You are"
    " told again tomorrow, for a week."
)
TRIED_AGAIN: Final = (
    "While the incident is open and the gates pass it is tried again after 60, 120, 240 and then"
    " every 300 s, six times in all; after that a person decides."
)
STILL_BRAKED: Final = "No failover is ordered for what is still paused, until that pause ends."
ARMED: Final = "Alarms of the pair count again, with every gate."
UNKNOWN_LOSS: Final = "the last synchronisation is not shown, or cannot be right"
NOTHING_MORE: Final = "Nothing. The next alarm opens an incident of its own."
BY_ITSELF: Final[Mapping[str, str]] = {
    Decision.SUBMITTED: (
        "The provider switches the roles, which by its own figure takes up to 60 minutes. The run"
        " is checked every minute and you are told of its end. Nothing more is sent for this pair"
        " until a person has acknowledged it."
    ),
    Decision.IN_PROGRESS: f"{FOLLOWED} You are told again every 15 minutes.",
    "not_switching": f"{FOLLOWED} You are told again every hour, and at once if it switches.",
    Decision.OVERDUE: f"{FOLLOWED} You are told again every hour.",
    Decision.UNKNOWN: (
        "Reads every minute settle what became of the order, within about 15 minutes. It is not"
        " sent again: it may have been taken, and a second one could lose data for good."
    ),
    Decision.SUCCEEDED: (
        f"{HELD} Clients that do not come by the pair's load balancer must be pointed to the new"
        " production by you. What the old one still holds is wiped when disaster recovery is"
        " re-established."
    ),
    Decision.FAILED: HELD,
    Decision.CLOSED: "Nothing.",
    Decision.ACKNOWLEDGED: (
        "The pair is not failed over again before it is armed: disaster recovery seen running with"
        " these roles, and the standby synchronised after that."
    ),
    "unsettled": (
        "The run is watched for a day after its claim, and you are told if its order is executed"
        " after all. Nothing is ordered by itself before the pair is armed."
    ),
    "roles_overridden": (
        "Nothing is failed over while the provider shows other roles than these (gate roles)."
    ),
    "incident_goes_on": (
        "The incident is looked at again within a minute, with every gate. In mode automatic the"
        " pair is failed over as soon as they pass."
    ),
    "incident_ended": (
        "Nothing more is tried for the outage that the incident was about. The next alarm opens an"
        " incident of its own."
    ),
    "still_down": (
        "Nothing on the alarms so far. A new one opens an incident, and so do two witnesses that"
        " agree on an outage, unless one of this outage has ended already. A person decides."
    ),
    Decision.PAUSED: (
        "No further order is given until then; one that is on its way is followed to its end."
        " Incidents are kept and checked."
    ),
    Decision.RESUMED: "Open incidents are checked again every minute, with every gate.",
    Decision.IGNORED: "Nothing. You are told again tomorrow if it is still so.",
    Decision.TESTED: "Nothing. Whoever has asked for it waits for the code above.",
    "tried_too_often": (
        "Nothing more is ordered for this incident, though it stays open; a person decides."
    ),
    "retry_time_over": (
        "Nothing: the incident is over and nothing more is tried, though production may still be"
        " down. A new alarm opens another one, and so do two witnesses that agree on an outage."
    ),
    "invalid_pair": (
        "Nothing is ordered while the pair has no good document. Alarms of a bad one are kept until"
        " it is good, unless they are too old then."
    ),
    "not_listed": "Nothing. This is told once a day, for all of them together.",
    "incident": (
        "Each open incident is looked at again within a minute, with every gate. In mode automatic"
        " the pair is failed over as soon as they pass."
    ),
    "down": (
        "Nothing before an incident is open: an alarm opens one, and so do two witnesses that agree"
        " on an outage. Where one of this outage has ended already, a person decides."
    ),
    "muted": (
        "Nothing is ordered on a muted alarm, and while it is in ALARM the witnesses open no"
        " incident for this pair either. Its release counts as a new alarm."
    ),
    "down_while_muted": (
        "Nothing: while an alarm of the pair is muted in ALARM, for 15 days at most, the witnesses"
        " open no incident. Its release counts as a new alarm. You are told again every hour."
    ),
    "too_old": (
        "Nothing: it opens no incident. A new alarm does, and so do two witnesses that agree on an"
        " outage."
    ),
    "waiting_too_old": (
        "Nothing: it opens no incident any more. A new alarm does, and so do two witnesses that"
        " agree on an outage."
    ),
    "internal_error": "It is tried again every minute. You are told again every hour.",
    "unreadable": (
        "Nothing is ordered for this pair until it can be read. It is tried again every minute; you"
        " are told again every hour."
    ),
    "alarm_unreadable": (
        "The alarm is taken in as if nothing had been heard of it before: it opens or joins an"
        " incident, and every gate is asked. What else of the table is damaged is told where it is"
        " read."
    ),
    "alarms_ok": NOTHING_MORE,
    "production_up": NOTHING_MORE,
    "lone_witness": (
        "Nothing on the word of one witness. Where no alarm of the pair is muted, a second one that"
        " says so opens an incident."
    ),
    "new_pair": (
        "Three healthy checks, a minute apart, teach which cluster is production; the standby's"
        " first synchronisation after that arms the pair. Only an armed pair is failed over."
    ),
    "readiness_lost": "Nothing. You are told when it could be failed over again.",
    "readiness_regained": "Nothing. In mode automatic an alarm fails it over once all gates pass.",
    "misconfigured": "Nothing. You are told again tomorrow if it is still so.",
    "document_gone": UNWATCHED,
    "document_gone_down": UNWATCHED,
    "watched_less": "What the document says, from now on.",
    "paused_before": (
        "Nothing is failed over until the pause ends. Under the new id the pair learns its roles"
        " and is armed as a new one."
    ),
    "held_before": "Nothing is sent for this pair until a person has acknowledged that run.",
    "unconfirmed_subscriptions": "Nothing. You are told again tomorrow if it is still so.",
    "all_ready": "Nothing. The next rehearsal comes by its schedule.",
    "not_all_ready": (
        "Nothing by itself. Each pair that is configured is checked every minute all the same; the"
        " next rehearsal comes by its schedule."
    ),
    "old_production_back": "Nothing: this function cannot cut a cluster off from its clients.",
    "new_production_down": (
        "Nothing: no order is given while the run is held, and this function orders none back to"
        " the old production. A person decides."
    ),
    "roles_changed": (
        "Nothing is failed over until a person has acknowledged the roles, or disaster recovery is"
        " seen running with them and has synchronised."
    ),
}
MAY_BE_LOST: Final = "may be lost (none by a planned switchover)"
LOSES: Final[Mapping[str, str]] = {
    Decision.SUBMITTED: "is lost",
    Decision.IN_PROGRESS: "is lost",
    Decision.SUCCEEDED: "was lost",
    Decision.UNKNOWN: "may be lost",
    Decision.OVERDUE: "may be lost",
    "not_switching": "may be lost",
}
# Until the switch is seen, nobody knows when the old production stopped taking writes.
STILL_GROWING: Final = "more, if production still takes writes until the switch is seen"
UNBOUNDED: Final = "more, if production still takes writes"
# What a person does about a gate, other than to override it.
_FORGET: Final = "acknowledge the roles: that forgets what was learned of the clusters"
REMEDIES: Final[Mapping[str, str]] = {
    "pause": "wait for the end of the pause, or ask whoever has set it to lift it",
    "hold": "see what became of the held run (verify), then acknowledge it",
    "armed": (
        "wait until disaster recovery is seen running and the standby has synchronised; where it"
        " does not run, see in the provider's console why"
    ),
    "pair_state": "wait for the provider to finish, or act in its console",
    "roles": "compare the roles in the provider's console with the pair's",
    "site": "set project_id and endpoint of the pair to the standby's region",
    "version": (
        "fail over in the provider's console, or upgrade the cluster; if the console shows a newer"
        f" version, {_FORGET}"
    ),
    "edition": (
        "exception switchover is not offered for this edition; if the console shows DWS 2.0,"
        f" {_FORGET}"
    ),
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
    "production_down": (
        "no witness says that production is down, so no order is offered; it is read again every"
        " minute. See in the provider's console how production is: only if it is down there, order"
        " by hand, naming production_down besides what else refuses"
    ),
    "standby_ready": f"{_CANNOT_TELL}see in the provider's console how the standby is",
    "rpo": f"{_CANNOT_TELL}see in the provider's console when the standby last synchronised",
}
# Where the list alone lacks the pair: what is learned rests on both pictures.
IN_THE_LIST: Final = (
    "credentials: see in the provider's console whether the user of the pair's secret finds it in"
    " the list of disaster recoveries (its enterprise project may keep it from that), and give it"
    " the right to"
)
_IF_IT_LASTS: Final = "nothing yet, it is read again every minute; if that lasts, "
# What a person does where nothing of a pair can be read, by why.
UNREADABLE: Final[Mapping[str, str]] = {
    "denied": "give the pair's credentials the right to read disaster recovery, or renew them",
    "not_found": "see whether disaster_recovery_id, project_id and endpoint of the pair are right",
    "throttled": f"{_IF_IT_LASTS}ask the provider for more requests",
    "garbled": f"{_IF_IT_LASTS}see in the provider's console whether its API is at work",
    "unavailable": f"{_IF_IT_LASTS}see in the provider's console whether its API is at work",
}
# Where whoever decided had no step to give: a person must still not be left alone with it.
TO_DO: Final[Mapping[str, str]] = {
    "unreadable": (
        "restore the item that is named (point-in-time recovery), or deploy the version that wrote"
        " it; never delete a run that holds the pair"
    ),
    "ledger_unavailable": "see in the AWS console whether DynamoDB and Secrets Manager are at work",
}
