"""Counts what the provider has shown otherwise than it was, and whom its gateway refused."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from local.chaos.plan import Outage, Wave
from local.chaos.stage import Stage
from local.dws import Call, Pair

# Which calls show it.
_SEEN_IN: Final[Mapping[str, tuple[str, ...]]] = {
    "list_lag_s": ("list",),
    "detail_lag_s": ("detail",),
    "last_sync": ("list", "detail"),
    "production_dark": ("cluster",),
}


class Shown:
    """Looks through the provider's journal, each time from where it has come to."""

    def __init__(self, stage: Stage, wave: Wave) -> None:
        self._stage, self._wave = stage, wave
        self._calls = 0

    def note(self) -> None:
        """Count what has been asked since the last time; what was shown for long, once."""
        calls = self._stage.emulator.journal[self._calls :]
        self._calls += len(calls)
        for call in calls:
            self._note_refused(call)
        for outage in self._wave.outages:
            for act in outage.acts:
                if act.what == "vary":
                    shown = any(self._shows(outage, act.how, call) for call in calls)
                    self._stage.tally.note(act.fault, outage.number, int(shown))

    def _note_refused(self, call: Call) -> None:
        if call.auth_valid or call.auth == "none":
            return
        row = (
            "tokens are revoked"
            if call.auth == "token"
            else "the gateway's clock is 20 minutes ahead"
        )
        self._stage.tally.note(f"all pairs: {row}", None)

    def _shows(self, outage: Outage, how: Mapping[str, Any], call: Call) -> bool:
        pair = self._stage.emulator.find_pair(outage.id)
        (name,) = how
        if call.status != 200 or call.operation not in _SEEN_IN[name]:  # noqa: PLR2004 - as it should be
            return name == "production_dark" and outage.ids[1] in call.path
        if getattr(pair.variants, name) != how[name]:
            return False
        is_about_it = call.operation == "list" or outage.id in call.path
        return is_about_it and (not name.endswith("_lag_s") or _is_behind(pair, how[name], call.at))


def _is_behind(pair: Pair, lag_s: float, at: datetime) -> bool:
    now, before = pair.state_at(at), pair.state_at(at, lag_s)
    return (now.status, now.is_exchanged) != (before.status, before.is_exchanged)
