"""Whether an order that was turned away has started nothing: it may be sent again only then."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from handler.dws.answers import Answer, Meaning
from handler.dws.client import Dws, Unreadable
from handler.dws.departure import Deadline
from handler.dws.side_by_side import Read
from handler.failover.gather import item_of
from handler.failover.ports import Ports
from handler.failover.settle import RolesSeen, Sighting, has_begun, look
from handler.model.run import Run

# All of it; with an order's own time it fits what a claim leaves.
CONFIRM_WITHIN_S: Final = 10.0
# One try: it leaves time for another one.
_READ_WITHIN_S: Final = 5.0
# Who turns orders away for being too many turns reads away as well, for a moment.
_AGAIN_AFTER_S: Final = (1.0, 2.0, 4.0)


def confirm_rejection(ports: Ports, answer: Answer, run: Run, dws: Dws) -> Answer:
    """A rejection is one only if a read shows that nothing is switched, and none shows else.

    Args:
        ports: the time, and reads at once.
        answer: a rejection, as far as its status and code tell.
        run: whose order it answers.
        dws: who was asked.

    Returns:
        the answer, or the same as a doubt.
    """
    deadline = Deadline(CONFIRM_WITHIN_S)
    seen = _read(ports, run, dws, deadline)
    for pause_s in _AGAIN_AFTER_S:
        if not isinstance(seen["detail"], Unreadable) or deadline.left_s <= pause_s:
            break
        ports.wait(pause_s)
        seen = _read(ports, run, dws, deadline)
    doubt = _doubt(ports, run, seen)
    if doubt is None:
        return answer
    return replace(answer, meaning=Meaning.UNKNOWN, sentence=f"{answer.sentence}, but {doubt}")


def _read(ports: Ports, run: Run, dws: Dws, deadline: Deadline) -> Mapping[str, Any]:
    within_s = deadline.within_s(_READ_WITHIN_S)
    return ports.side_by_side(_reads(dws, run.disaster_recovery_id, within_s), within_s)


def _reads(dws: Dws, id_: str, within_s: float) -> Mapping[str, Read]:
    return {
        "detail": lambda: dws.detail(id_, within_s),
        "item": lambda: item_of(dws.listed(within_s, id_), id_),
        "events": lambda: dws.events(id_, within_s),
    }


def _doubt(ports: Ports, run: Run, seen: Mapping[str, Any]) -> str | None:
    """Why it may have been taken all the same; None if nothing says so."""
    now, detail = ports.clock(), seen["detail"]
    if isinstance(detail, Unreadable):
        return f"whether the pair is switching cannot be read: {detail}"
    # The right to read events may be missing: that they cannot be read says nothing.
    events = () if isinstance(seen["events"], Unreadable) else seen["events"]
    if has_begun(run, Sighting(now, events=events)):
        return "the provider's events tell that a failover has begun"
    item = detail if isinstance(seen["item"], Unreadable) else seen["item"]
    # Each picture by itself: one that lags behind must not hide what the other shows.
    looks = [look(run, Sighting(now, picture)) for picture in (detail, item)]
    if any(one is not RolesSeen.UNTOUCHED for one in looks):
        return "the pair is not shown as it was: it may be switched"
    return None
