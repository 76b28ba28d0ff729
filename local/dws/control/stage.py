"""Journal, clock, faults and scenarios by the control API."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from local.dws.control.route import Route
from local.dws.faults import Fault
from local.dws.scenarios import SCENARIOS
from local.dws.shapes import BadInput, Mistake, describe, read

if TYPE_CHECKING:
    from local.dws.emulator import Emulator


@dataclass(frozen=True)
class ClockSetting:
    """What may be said to the clock."""

    now: datetime | None = None
    advance_s: float = 0
    is_frozen: bool | None = None


def _journal(emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {
        "calls": [call.to_json() for call in emulator.journal],
        "failover_posts": len(emulator.failover_posts),
    }


def _clear_journal(emulator: "Emulator", _name: str, _body: Any) -> Any:
    emulator.clear_journal()
    return _journal(emulator, "", None)


def _clock(emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {"now": emulator.clock.now(), "is_frozen": emulator.clock.is_frozen}


def _set_clock(emulator: "Emulator", _name: str, body: Any) -> Any:
    setting = read(ClockSetting, body)
    clock = emulator.clock
    if setting.now is not None:
        clock.set(setting.now)
    clock.advance(setting.advance_s)
    if setting.is_frozen is not None:
        (clock.freeze if setting.is_frozen else clock.unfreeze)()
    return _clock(emulator, "", None)


def _faults(emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {"faults": [asdict(entry) for entry in emulator.faults]}


def _add_fault(emulator: "Emulator", _name: str, body: Any) -> Any:
    return asdict(emulator.add_fault(read(Fault, body)))


def _clear_faults(emulator: "Emulator", fault_id: str, _body: Any) -> Any:
    if fault_id and not fault_id.isdigit():
        raise BadInput(Mistake("the path", fault_id, "a whole number"))
    emulator.clear_faults(int(fault_id) if fault_id else None)
    return _faults(emulator, "", None)


def _scenarios(_emulator: "Emulator", _name: str, _body: Any) -> Any:
    return {"scenarios": {name: scenario.says for name, scenario in SCENARIOS.items()}}


def _play(emulator: "Emulator", name: str, _body: Any) -> Any:
    emulator.scenario(name)
    return {
        "scenario": name,
        "says": SCENARIOS[name].says,
        "pairs": [pair.id for pair in emulator.pairs],
    }


def _reset(emulator: "Emulator", _name: str, _body: Any) -> Any:
    emulator.reset()
    return {"pairs": [pair.id for pair in emulator.pairs]}


ROUTES = (
    Route("GET", "/journal", "every call to the provider's API", _journal),
    Route("DELETE", "/journal", "forget the calls", _clear_journal),
    Route("GET", "/clock", "the emulator's time", _clock),
    Route("PUT", "/clock", "set, move, freeze", _set_clock, describe(ClockSetting)),
    Route("GET", "/faults", "the faults that are set", _faults),
    Route("POST", "/faults", "script a fault", _add_fault, describe(Fault)),
    Route("DELETE", "/faults", "take all faults out", _clear_faults),
    Route("DELETE", "/faults/{id}", "take one fault out", _clear_faults),
    Route("GET", "/scenarios", "ready-made situations, a sentence each", _scenarios),
    Route("POST", "/scenarios/{name}", "begin anew with a scenario", _play),
    Route("POST", "/reset", "begin anew: the ready pair, no fault, no call", _reset),
)
