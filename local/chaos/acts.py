"""Does to a pair what a wave's plan says, each act by its name."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from local.chaos import events
from local.chaos.documents import Documents
from local.chaos.plan import Act, Outage
from local.chaos.ringing import Ringing
from local.chaos.spoiling import Spoiling
from local.chaos.stage import Stage
from local.dws.model.orders import OrderRefused

Do = Callable[[Outage, Act], None]


class Acts:
    """The acts on one pair."""

    def __init__(
        self, stage: Stage, documents: Documents, ringing: Ringing, spoiling: Spoiling
    ) -> None:
        self._stage, self._documents = stage, documents
        self._acts: Mapping[str, Do] = {
            **spoiling.acts,
            **dict.fromkeys(events.COMMANDS, self._command),
            "dies": lambda outage, _: stage.emulator.break_production(outage.id),
            "returns": self._return,
            "note": lambda _outage, _act: None,  # of how the provider was made from the beginning
            "vary": lambda outage, act: stage.emulator.vary(outage.id, **act.how),
            "standby": self._standby,
            "alarm": ringing.ring,
            "console": self._console,
            "break document": documents.break_,
            "delete document": documents.delete,
            "rename document": documents.rename,
            "put document": documents.put,
        }

    def do(self, outage: Outage, act: Act) -> None:
        """Do it; what it waits for, it waits for in the caller's thread."""
        self._acts[act.what](outage, act)

    def _return(self, outage: Outage, act: Act) -> None:
        self._stage.emulator.restore_production(outage.id)
        self._stage.tally.note(act.fault, outage.number)

    def _standby(self, outage: Outage, act: Act) -> None:
        self._stage.emulator.set_cluster(outage.ids[2], **act.how)
        self._stage.tally.note(act.fault, outage.number)

    def _command(self, outage: Outage, act: Act) -> None:
        asked = events.command(act.what, outage, self._documents.name_of(outage))
        if self._stage.ask({**asked, **act.how}):
            self._stage.tally.note(act.fault, outage.number)

    def _console(self, outage: Outage, act: Act) -> None:
        with suppress(OrderRefused):
            self._stage.emulator.order_in_console(act.how["order"], outage.id)
            self._stage.tally.note(act.fault, outage.number)
