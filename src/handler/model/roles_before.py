"""What was known of a pair's roles before a person said otherwise: a correction brings it back."""

from dataclasses import dataclass
from datetime import datetime

from handler.model.disaster_recovery import Roles


@dataclass(frozen=True)
class RolesBefore:
    """What a person's word has replaced, while the provider is not seen to bear the word out.

    Attributes: each as the pair's state has it.
    """

    roles: Roles
    roles_changed_by: str
    armed: bool
    roles_since: datetime | None = None
    armed_since: datetime | None = None
