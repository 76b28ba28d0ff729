"""What stands behind an attempt to act."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    """What stands behind an attempt to act, beside the trigger.

    `incident_id` is the reason to act, without which it is not pursued; `request_id` a command's,
    which finds the run that it made; `relies_on` the evidence hash that a command was given on.
    """

    incident_id: str | None = None
    request_id: str | None = None
    relies_on: str | None = None
