"""The brake that a person sets: it holds from the next claim on, for one pair or for all."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from handler.dws.auth import Clock
from handler.errors import InvalidEvent, LedgerUnavailable
from handler.ledger import Ledger
from handler.outcome import Decision, Result, trigger_fields
from handler.pair import Pair
from handler.signals import Command
from handler.situation import Trigger
from handler.standing import Fleet, Pause, Standing
from handler.table import Conflict
from handler.telling import Teller
from handler.times import isoformat

AT_MOST: Final = timedelta(days=30)
_TRIES: Final = 5


@dataclass(frozen=True)
class Pausing:
    """Pauses and resumes."""

    ledger: Ledger
    teller: Teller
    clock: Clock

    def pause(self, command: Command, pair: Pair | None) -> Result:
        """Set the brake of a pair, or of all pairs if it is None.

        Raises:
            InvalidEvent: its end is not in the next 30 days.
            LedgerUnavailable: nothing was changed.
        """
        until, now = command.until, self.clock()
        if until is None or not now < until <= now + AT_MOST:
            found = isoformat(until) if until else "nothing"
            raise InvalidEvent(
                f"$.until: found {found}, allowed: a time of the next 30 days"
                f" (until {isoformat(now + AT_MOST)})"
            )
        pause = Pause(until, command.reason or "", command.requested_by or "")
        self._store(pair, pause)
        what = f"no failover until {isoformat(until)}: {pause.reason}"
        return self._tell(command, pair, Decision.PAUSED, what, now)

    def resume(self, command: Command, pair: Pair | None) -> Result:
        """Lift the brake of a pair, or of all pairs if it is None.

        Raises:
            LedgerUnavailable: nothing was changed.
        """
        was = self._store(pair, None)
        now = self.clock()
        if was is None or was.until <= now:
            return self._result(command, pair, Decision.RESUMED, "it was not paused")
        what = f"the pause until {isoformat(was.until)} is lifted: {command.reason}"
        return self._tell(command, pair, Decision.RESUMED, what, now)

    def _store(self, pair: Pair | None, pause: Pause | None) -> Pause | None:
        for _ in range(_TRIES):
            try:
                if pair is None:
                    return self._of_all(self.ledger.fleet(), pause)
                id_ = pair.disaster_recovery_id
                return self._of_one(id_, self.ledger.read(id_).standing, pause)
            except Conflict:
                continue
        raise LedgerUnavailable("the brakes kept changing: send the command again")

    def _of_all(self, fleet: Fleet, pause: Pause | None) -> Pause | None:
        self.ledger.save_fleet(replace(fleet, pause=pause))
        return fleet.pause

    def _of_one(self, id_: str, standing: Standing, pause: Pause | None) -> Pause | None:
        self.ledger.save_standing(id_, replace(standing, pause=pause))
        return standing.pause

    def _tell(
        self, command: Command, pair: Pair | None, decision: Decision, what: str, now: datetime
    ) -> Result:
        result = self._result(command, pair, decision, what)
        whom = pair.disaster_recovery_id if pair else "*"
        return self.teller.tell(result, f"{whom}/{decision.value}-{now.isoformat()}")

    def _result(self, command: Command, pair: Pair | None, decision: Decision, what: str) -> Result:
        trigger = Trigger(
            kind="command",
            name=command.command,
            requested_by=command.requested_by,
            reason=command.reason,
        )
        whom: dict[str, Any] = {
            "command": command.command,
            "pair": pair.name if pair else "*",
            "disaster_recovery_id": pair.disaster_recovery_id if pair else None,
            "trigger": trigger_fields(trigger),
        }
        return Result(decision, decision.value, what, **whom)
