"""What people hear again about a run that is open, and when. Pure."""

from datetime import datetime, timedelta
from typing import Final

from handler.model.run import Run, RunEvent, RunState

# While it is switching people wait for it; everything else is a reminder.
PROGRESS_EVERY: Final = timedelta(minutes=15)
REMIND_EVERY: Final = timedelta(hours=1)
# A queue may hold an order back, and a person must know that it does: nothing else is being done.
# By then the run can be acknowledged, too.
UNSEEN_FOR: Final = timedelta(minutes=10)
NEW_PRODUCTION_DOWN: Final = "new_production_down"
NOT_SWITCHING: Final = "not_switching"
_AT_ONCE: Final = ("overdue", NEW_PRODUCTION_DOWN, NOT_SWITCHING)


def reminder(run: Run, now: datetime) -> str | None:
    """What a person must hear again about an open run, by the name of it; None if nothing now.

    That it is switching is told once and every 15 minutes, everything else hourly.
    """
    if not run.is_in_flight:
        return None
    kind = _kind(run, now)
    silent_for = now - (run.notified_at or run.claimed_at)
    if run.last_notified_as != kind and (kind in _AT_ONCE or _is_first_progress(run, kind)):
        return kind
    every = PROGRESS_EVERY if kind == "in_progress" else REMIND_EVERY
    return kind if silent_for >= every else None


def _kind(run: Run, now: datetime) -> str:
    """What has come of it so far, the worst first."""
    if run.new_down_since:
        return NEW_PRODUCTION_DOWN
    if run.overdue_at:
        return "overdue"
    if run.state is not RunState.SUBMITTED:
        return "unknown"
    return NOT_SWITCHING if _is_unseen(run, now) else "in_progress"


def _is_unseen(run: Run, now: datetime) -> bool:
    """Whether an accepted order has shown nothing for long, or nothing any more."""
    since = run.untouched_since if run.switching_at else run.began_at
    if since is None or run.exchanged_since is not None:
        return False
    return now - since >= UNSEEN_FOR


def _is_first_progress(run: Run, kind: str) -> bool:
    """Whether a run that was accepted is seen switching for the first time."""
    is_told = run.reason_code == RunEvent.SEEN_SWITCHING.value
    return kind == "in_progress" and run.switching_at is not None and not is_told
