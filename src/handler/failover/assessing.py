"""What alarms have opened or joined is assessed: each incident once, of many some elsewhere."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from handler.failover.heard import take_in
from handler.failover.meant import Found
from handler.failover.ports import Ports
from handler.failover.pursue import IN_TURN, Opened, assess_incident, decided_just_now
from handler.failover.results import about
from handler.model.result import Decision, Reason, Result

_INVOKED_WITHIN_S: Final = 5.0  # one try of connecting and reading, and a little more
Answer = Result | Exception


def assess_each(ports: Ports, found: Iterable[Found], seen: set[str]) -> list[Answer]:
    """The answers, in their order, or what was raised instead; an incident is assessed once.

    Args:
        ports: what it is done with.
        found: the answers that are there, and what is to be assessed.
        seen: the incidents that have been assessed with this event; these are added.
    """
    answers: list[Answer | Opened] = [_known(ports, one, seen) for one in found]
    sent = _sent_away(ports, [one for one in answers if isinstance(one, Opened)][IN_TURN:])
    return [_answer(ports, one, sent) if isinstance(one, Opened) else one for one in answers]


def _known(ports: Ports, found: Found, seen: set[str]) -> Answer | Opened:
    """The answer, where no assessment is needed for it."""
    if isinstance(found, Result):
        return found
    id_ = found.incident.incident_id
    if id_ in seen:
        why = "its incident was assessed with the alarms before it"
        subject = about(found.pair, found.trigger, found.incident)
        return subject.result(Decision.DUPLICATE, Reason("assessed", why))
    seen.add(id_)
    return decided_just_now(found, ports.clock()) or found


def _sent_away(ports: Ports, many: list[Opened]) -> frozenset[str]:
    """The incidents that get an invocation of their own, of those that nobody is reading for."""
    now = ports.clock()
    idle = [one for one in many if one.is_new or not one.incident.is_assessed_at(now)]
    return invoked(ports, {one.incident.incident_id: one.pair.name for one in idle})


def invoked(ports: Ports, names: Mapping[str, str]) -> frozenset[str]:
    """Have pairs pursued, each in an invocation of its own; the keys of those that Lambda took."""
    if not names:
        return frozenset()
    asks = {key: partial(ports.invoke, name) for key, name in names.items()}
    # An invocation that is asked for late only looks at a pair once more: no thread orders here.
    asked = ports.guard.outcome("-", lambda: ports.side_by_side(asks, _INVOKED_WITHIN_S))
    taken: Mapping[str, object] = {} if isinstance(asked, Exception) else asked
    return frozenset(id_ for id_, is_taken in taken.items() if is_taken is True)


def _assess(ports: Ports, opened: Opened) -> Result:
    if opened.is_again:
        take_in(ports, opened.pair, opened.incident)
    return assess_incident(ports, opened)


def _answer(ports: Ports, opened: Opened, sent: frozenset[str]) -> Answer:
    if opened.incident.incident_id not in sent:
        return ports.guard.outcome(opened.pair.name, partial(_assess, ports, opened))
    why = "its incident is pursued in an invocation of its own"
    subject = about(opened.pair, opened.trigger, opened.incident)
    return subject.result(Decision.DUPLICATE, Reason("pursued", why))
