"""Who hears of what the function tells, and whether it arrives."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from failoverctl.doctor.report import Kind, Line

_PENDING: Final = ("PendingConfirmation", "Deleted")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that looks like another


def of_topic(what: str, subscriptions: Iterable[Mapping[str, str]]) -> Iterator[Line]:
    """Who has not confirmed, and whether anybody has."""
    found = list(subscriptions)
    waiting = [one for one in found if one["SubscriptionArn"] in _PENDING]
    confirmed = len(found) - len(waiting)
    for one in waiting:
        who = f"{one.get('Protocol')} {one.get('Endpoint')}"
        steps = ("open the mail of SNS and confirm it: after two days SNS deletes it",)
        yield Line(Kind.BAD, f"{what}: {who} has not confirmed the subscription", steps)
    if confirmed:
        yield Line(Kind.GOOD, f"{what}: {confirmed} confirmed")
    else:
        steps = ("subscribe somebody: failoverctl explain nobody-to-tell",)
        yield Line(Kind.BAD, f"{what}: nobody has a confirmed subscription", steps)


def new_code() -> str:
    """A code that nobody can have read before it arrives."""
    drawn = [secrets.choice(_LETTERS) for _ in range(8)]
    return f"{''.join(drawn[:4])}-{''.join(drawn[4:])}"


def of_test_notice(
    answer: Mapping[str, Any], code: str, typed: Callable[[], str] | None
) -> Iterator[Line]:
    """Whether SNS took the notice; and, where somebody can be asked, whether it has arrived."""
    if not answer.get("notified"):
        steps = ("see undelivered-notices in the runbook; it is sent again every minute",)
        yield Line(Kind.BAD, "SNS did not take the test notice", steps)
        return
    yield Line(Kind.GOOD, "SNS took the test notice")
    if typed is None:
        yield Line(Kind.NOTE, f"not waited for: look for the code {code}")
        return
    found = typed().strip().upper()
    if found == code:
        yield Line(Kind.GOOD, "it has arrived: you have read its code")
    elif found:
        yield Line(Kind.BAD, f"another code than this notice's ({code}): an older one, perhaps")
    else:
        steps = ("the subscriptions above; the spam folder; a filter policy of the subscription",)
        yield Line(Kind.BAD, "it has not arrived", steps)
