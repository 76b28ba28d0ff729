"""Acts that befall the whole stack: a service, the provider, Lambda, the schedule."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from local.aws.callers import end_environments
from local.aws.troubles import Error, Noted
from local.chaos.events import REASON, WHO
from local.chaos.plan import Act
from local.chaos.spoiling import Spoiling, trouble_of
from local.chaos.stage import Stage

_AHEAD_S: Final = 20 * 60.0
_ALL: Final = {"pair": "*", "reason": REASON, "requested_by": WHO}


class Everybody:
    """The acts on all pairs at once."""

    def __init__(self, stage: Stage, spoiling: Spoiling) -> None:
        self._stage, self._spoiling = stage, spoiling
        self._fault: int | None = None
        self.reconciles = 1  # that the schedule sends in this minute
        self._acts: Mapping[str, Callable[[Act], None]] = {
            "take down": self._take_down,
            "bring back": lambda act: stage.proxy.bring_back(act.how["service"]),
            "fault for all": self._begin_fault,
            "no fault for all": lambda _: self._end_fault(),
            "tokens expire": self._revoke_tokens,
            "provider's clock is ahead": lambda _: stage.emulator.set_gateway_ahead(_AHEAD_S),
            "clock is right": lambda _: stage.emulator.set_gateway_ahead(0),
            "Lambda takes no further invocation": self._refuse_invocations,
            "all environments end": self._end_environments,
            "all pairs paused, then resumed": self._pause,
            "resume all": lambda _: self._command("resume"),
            "reconcile is missed": partial(self._reconcile, 0),
            "reconcile runs twice": partial(self._reconcile, 2),
        }

    def do(self, act: Act) -> None:
        """Do it."""
        self._acts[act.what](act)

    def calm(self) -> None:
        """End whatever still goes on."""
        self._end_fault()
        self._stage.emulator.set_gateway_ahead(0)
        for service in ("dynamodb", "sns", "ssm", "secretsmanager", "lambda"):
            self._stage.proxy.bring_back(service)
        self._command("resume")

    def _revoke_tokens(self, _: Act) -> None:
        self._stage.emulator.revoke_tokens()

    def _take_down(self, act: Act) -> None:
        trouble = Noted(trouble_of(act.how["trouble"]), self._noting(act))
        self._stage.proxy.take_down(act.how["service"], trouble)

    def _refuse_invocations(self, act: Act) -> None:
        trouble = Noted(Error("ServiceException", 500), self._noting(act))
        self._stage.proxy.take_down("lambda", trouble)

    def _begin_fault(self, act: Act) -> None:
        self._end_fault()
        self._fault = self._spoiling.begin(act)

    def _end_fault(self) -> None:
        if self._fault is not None:
            self._spoiling.end(self._fault)
            self._fault = None

    def _end_environments(self, act: Act) -> None:
        function = self._stage.function.rsplit(":", 1)[-1]
        ended = end_environments(self._stage.aws.session, function)
        self._stage.tally.note(act.fault, None, ended)

    def _pause(self, act: Act) -> None:
        until = datetime.now(UTC) + timedelta(hours=12)
        self._command("pause", until=until.isoformat())
        self._noting(act)()

    def _reconcile(self, times: int, act: Act) -> None:
        self.reconciles = times
        self._noting(act)()

    def _command(self, name: str, **fields: Any) -> None:
        self._stage.ask({"command": name, **_ALL, **fields})

    def _noting(self, act: Act) -> Callable[[], None]:
        return partial(self._stage.tally.note, act.fault, None)
