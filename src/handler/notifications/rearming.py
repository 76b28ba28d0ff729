"""What arms a pair again after its roles have changed, and what must not be wiped for it. Pure.

DR Recovery of the provider's console copies the new production over the old one. Where the new one
is not seen up, the old one may be all that is left.
"""

from handler.gates.witnesses import hear
from handler.model.disaster_recovery import UP
from handler.model.evidence import Situation
from handler.notifications.phrases import REMEDIES


def to_arm(situation: Situation) -> str:
    """What a person does about a pair that is not armed."""
    shown, roles = situation.evidence.shown, situation.pair_state.roles
    if shown is None or shown.status == "running" or roles is None or not _is_switched(situation):
        return REMEDIES["armed"]
    new, old = roles.production_cluster_id, roles.standby_cluster_id
    if not hear(situation.evidence, situation.observations).says_up:
        return (
            f"leave disaster recovery as it is: production {new} is not seen up, and {old}, which"
            " was production before, may be the only live copy of the data"
        )
    standby = situation.evidence.standby
    if standby is None or standby.status is None or standby.status in UP:
        seen = "cannot be read" if standby is None or standby.status is None else "answers as well"
        return (
            f"cut {old}, which was production before, off from clients: it {seen}, and two writers"
            " are possible. Let the owners of its data save what they need, before anybody"
            " re-establishes disaster recovery"
        )
    return (
        f"once {old} is healthy and the owners of its data have saved what they need, re-establish"
        f" disaster recovery in the provider's console (DR Recovery): it wipes {old}"
    )


def _is_switched(situation: Situation) -> bool:
    """Whether the standby that is expected and shown was production before."""
    shown, state = situation.evidence.shown, situation.pair_state
    is_shown = shown is not None and shown.roles == state.roles
    return is_shown and state.roles_changed_by in ("succeeded", "other")
