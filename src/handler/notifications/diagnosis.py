"""Why a pair cannot be read, the cause first, and which of its settings to look at. Pure.

Of all reads that gave nothing one is told, the one that says most: eight gates that could not be
asked say nothing about a host that is misspelt.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from handler.model.evidence import Cause, Evidence, Fault
from handler.model.pair import Pair
from handler.model.quoting import word
from handler.model.result import Steps
from handler.notifications.next_steps import rehearse_command
from handler.notifications.phrases import IN_THE_LIST, UNREADABLE

_MATTERS: Final[Mapping[Cause, str]] = {
    Cause.NO_SUCH_HOST: "the host of endpoint cannot be found",
    Cause.NO_CONNECTION: "the host of endpoint takes no connection",
    Cause.NO_TLS: "the host of endpoint offers no TLS that can be trusted",
    Cause.OUR_SETTING: "a setting keeps the request from being sent",
    Cause.NO_TOKEN: "the provider's IAM refuses the user of the secret",
    Cause.NO_IAM: "the provider's IAM, iam_endpoint of the secret, gives no token",
    Cause.NOT_AUTHENTICATED: "the provider does not accept the credentials",
    Cause.NOT_PERMITTED: "the credentials may not read it in this project",
    Cause.NO_SUCH_API: "what answers at endpoint does not know the request",
    Cause.NO_SUCH_ID: "the provider knows no such disaster recovery in this project",
    Cause.NOT_LISTED: (
        "the provider's list of disaster recoveries does not show this pair, though its detail can"
        " be read: from the detail alone no roles are learned, and nothing is armed"
    ),
    Cause.NO_SENSE: "what answers at endpoint does not answer as DWS does",
}
# What a person does about it: the setting first.
_FIXES: Final[Mapping[Cause, str]] = {
    Cause.NO_SUCH_HOST: (
        "endpoint: correct {endpoint}, of which the host has no address; DWS is at"
        " https://dws.<region>.<the provider's domain>"
    ),
    Cause.NO_CONNECTION: (
        "endpoint: see whether {endpoint} is right, whether the provider's console works, and"
        " whether the function's network (SubnetIds, SecurityGroupIds) lets it out"
    ),
    Cause.NO_TLS: ("endpoint: correct {endpoint}, which is not answered by the provider"),
    Cause.OUR_SETTING: (
        "endpoint: correct what the reason names: endpoint of the pair, the secret {secret}, or"
        " the stack's AllowedProviderHosts"
    ),
    Cause.NO_TOKEN: (
        "credentials: correct username, password and domain in the secret {secret}; if they are"
        " right, project_id: is {project} a project of this user's region?"
    ),
    Cause.NO_IAM: (
        "iam_endpoint: correct it in the secret {secret}; if it is right, see whether the"
        " provider's IAM is at work, and whether the function's network (SubnetIds,"
        " SecurityGroupIds) lets it out to it"
    ),
    Cause.NOT_AUTHENTICATED: (
        "credentials: correct the access key in the secret {secret}: it is mistyped, deleted,"
        " switched off, or of another site of the provider's than {endpoint}"
    ),
    Cause.NOT_PERMITTED: (
        "project_id: is {project} the project of the pair (cross-region: of its standby)? If it"
        " is, credentials: give the user of the secret {secret} the permissions"
        " dws:cluster:getDisasterRecovery and dws:openAPICluster:getDetail"
    ),
    Cause.NO_SUCH_API: (
        "endpoint: correct {endpoint}, which is no DWS endpoint, or that of a region without the"
        " pair; then compare project_id and disaster_recovery_id with the console"
    ),
    Cause.NO_SUCH_ID: (
        "disaster_recovery_id: compare {id} with the console; if it is right, project_id and"
        " endpoint are those of another project or region (cross-region: use the standby's)"
    ),
    Cause.NOT_LISTED: IN_THE_LIST,
    Cause.NO_SENSE: (
        "endpoint: see whether {endpoint} is right; if it is, see whether the provider's API is"
        " at work in its console"
    ),
}
_DENIED: Final = frozenset(
    {Cause.OUR_SETTING, Cause.NO_TOKEN, Cause.NOT_AUTHENTICATED, Cause.NOT_PERMITTED}
)
# What is the matter with the credentials: the same list may be read with those of another pair.
_BY_CREDENTIALS: Final = _DENIED | {Cause.NO_IAM}
_OTHERWISE: Final = "the provider's state of the pair cannot be read"
_SHOWN: Final = 100  # characters of a setting in a sentence


@dataclass(frozen=True)
class Diagnosis:
    """What keeps a pair from being read.

    Attributes:
        fault: the one that says most.
        sentence: what is the matter, then what the wire said.
        next_steps: which setting to look at.
        is_lasting: whether it stays until a person corrects something.
    """

    fault: Fault
    sentence: str
    next_steps: Steps
    is_lasting: bool


def diagnose(pair: Pair, evidence: Evidence) -> Diagnosis | None:
    """Why neither the detail nor the list could be read; None if one of them could."""
    if evidence.shown is not None:
        return None
    return _diagnosis(pair, _telling(evidence), "")


def diagnose_part(pair: Pair, evidence: Evidence) -> Diagnosis | None:
    """What of a pair its credentials cannot read, or the list lacks, where the rest can be read."""
    denied = {
        name: fault
        for name, fault in evidence.faults.items()
        if name in _PARTS and fault.cause in _BY_CREDENTIALS
    }
    if evidence.shown is None:
        return None
    if not denied:
        listed = evidence.faults.get("list")
        is_missing = listed is not None and listed.cause is Cause.NOT_LISTED
        return _diagnosis(pair, listed, "") if listed and is_missing else None
    parts = " and ".join(_PARTS[name] for name in _PARTS if name in denied)
    return _diagnosis(pair, next(iter(denied.values())), f"{parts} cannot be read: ")


_PARTS: Final[Mapping[str, str]] = {
    "detail": "the detail of disaster recovery",
    "list": "the list of disaster recoveries",
    "production": "the production cluster",
    "standby": "the standby cluster",
}


def _telling(evidence: Evidence) -> Fault:
    """That a list can be read shows that endpoint, project and credentials are right."""
    detail, listed = evidence.faults["detail"], evidence.faults.get("list")
    is_listed = listed is not None and listed.cause is Cause.NOT_LISTED
    if is_listed and detail.cause is Cause.NO_SUCH_API:
        return Fault(detail.code, detail.sentence, detail.is_transient, Cause.NO_SUCH_ID)
    return detail


def _diagnosis(pair: Pair, fault: Fault, where: str) -> Diagnosis:
    matter = _MATTERS.get(fault.cause, _OTHERWISE)
    fix = _FIXES.get(fault.cause, UNREADABLE[fault.code])
    named = {
        "endpoint": word(pair.endpoint[:_SHOWN]),
        "project": pair.project_id,
        "secret": word(pair.credentials_secret[:_SHOWN]),
        "id": pair.disaster_recovery_id,
    }
    for name, value in named.items():
        fix = fix.replace(f"{{{name}}}", value)
    steps = (fix, *rehearse_command(pair.name))
    sentence = f"{where}{matter} ({fault.sentence})"
    return Diagnosis(fault, sentence, steps, not fault.is_transient)
