"""Troubles around one pair: at the provider, at calls of AWS, to the function in their midst."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Final

from local.aws.callers import Freezer, Kill
from local.aws.troubles import Drop, Error, Hold, Noted, Trouble
from local.chaos.plan import Act, Outage
from local.chaos.stage import Stage
from local.dws import Call

_STATUS: Final = {"InternalServerError": 500, "InternalError": 500}
_CLAIM: Final = ("TransactWriteItems", "state#fleet")

Do = Callable[[Outage, Act], None]
Note = Callable[[], None]


class Spoiling:
    """Sets them, and counts those of the emulator; all others note when they are met."""

    def __init__(self, stage: Stage, freezer: Freezer) -> None:
        self._stage, self._freezer = stage, freezer
        self._faults: dict[int, tuple[str, int | None]] = {}  # by the emulator's id
        self._counted: Counter[int] = Counter()
        self._killed_at_order: dict[str, Note] = {}  # by the pair's id
        self.acts: dict[str, Do] = {
            "fault": self._fault,
            "spoil": lambda outage, act: self._set(outage, act, trouble_of(act.how["trouble"])),
            "kill": lambda outage, act: self._set(outage, act, Kill()),
            "freeze": self._freeze,
            "kill at order": self._kill_at_order,
        }
        stage.emulator.watch_faults(self._befallen)

    def begin(self, act: Act) -> int:
        """Set a fault of the emulator for all pairs; its id."""
        return self._script(act, None, **act.how)

    def end(self, fault_id: int) -> None:
        """Count it once more, and take it out."""
        self._count(fault_id)
        self._stage.emulator.clear_faults(fault_id)

    def count(self) -> None:
        """Count how often the emulator's faults have befallen a call since they were last."""
        for fault_id in list(self._faults):
            self._count(fault_id)

    def _count(self, fault_id: int) -> None:
        name, outage = self._faults[fault_id]
        for entry in self._stage.emulator.faults:
            if entry.id == fault_id:
                befallen = max(0, entry.seen - entry.fault.after)
                self._stage.tally.note(name, outage, befallen - self._counted[fault_id])
                self._counted[fault_id] = befallen

    def _fault(self, outage: Outage, act: Act) -> None:
        self._script(act, outage.number, **act.how, pair=outage.id)

    def _script(self, act: Act, outage: int | None, **fields: object) -> int:
        scripted = self._stage.emulator.fault(**fields)  # type: ignore[arg-type]
        self._faults[scripted.id] = (act.fault, outage)
        return scripted.id

    def _freeze(self, outage: Outage, act: Act) -> None:
        self._set(outage, act, self._freezer.freeze(act.how["seconds"]))

    def _set(self, outage: Outage, act: Act, trouble: Trouble) -> None:
        operation, containing = act.how["operation"], [outage.id]
        if operation == "claim":
            operation, more = _CLAIM
            containing.append(more)
        if also := act.how.get("also"):
            containing.append(also)
        self._stage.proxy.spoil(
            operation,
            Noted(trouble, partial(self._stage.tally.note, act.fault, outage.number)),
            moment=act.how["moment"],
            nth=act.how["nth"],
            containing=containing,
        )

    def _kill_at_order(self, outage: Outage, act: Act) -> None:
        """The order has reached the provider, which takes it; its answer finds nobody."""
        note = partial(self._stage.tally.note, act.fault, outage.number)
        self._killed_at_order[outage.id] = note
        self._stage.emulator.fault("failover", "stall", seconds=0, pair=outage.id)

    def _befallen(self, call: Call) -> None:
        note = self._killed_at_order.get(call.path.split("/")[-2])
        is_meant = call.operation == "failover" and call.fault == "stall:answer"
        if note and is_meant and Kill.caller(call.peer):
            note()


def trouble_of(name: str) -> Trouble:
    """What befalls a call: no answer, a call that hangs, or an error of AWS by its code."""
    if name == "drop":
        return Drop()
    if name == "hold":
        return Hold()
    return Error(name, _STATUS.get(name, 400))
