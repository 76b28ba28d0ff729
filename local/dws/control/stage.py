"""Journal, clock, faults and scenarios by the control API."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from local.dws.api.faults import Fault
from local.dws.control.route import Route
from local.dws.control.shapes import BadInput, Mistake, describe, read
from local.dws.provider import Provider
from local.dws.scenarios import SCENARIOS, play


@dataclass(frozen=True)
class ClockSetting:
    """What may be said to the clock."""

    now: datetime | None = None
    advance_s: float = 0
    is_frozen: bool | None = None


def _journal(provider: Provider, _name: str, _body: Any) -> Any:
    return {
        "calls": [call.to_json() for call in provider.journal],
        "failover_posts": len(provider.failover_posts),
    }


def _clear_journal(provider: Provider, _name: str, _body: Any) -> Any:
    provider.clear_journal()
    return _journal(provider, "", None)


def _clock(provider: Provider, _name: str, _body: Any) -> Any:
    return {"now": provider.clock.now(), "is_frozen": provider.clock.is_frozen}


def _set_clock(provider: Provider, _name: str, body: Any) -> Any:
    setting = read(ClockSetting, body)
    clock = provider.clock
    if setting.now is not None:
        clock.set(setting.now)
    clock.advance(setting.advance_s)
    if setting.is_frozen is not None:
        (clock.freeze if setting.is_frozen else clock.unfreeze)()
    return _clock(provider, "", None)


def _faults(provider: Provider, _name: str, _body: Any) -> Any:
    return {"faults": [asdict(entry) for entry in provider.faults]}


def _add_fault(provider: Provider, _name: str, body: Any) -> Any:
    return asdict(provider.add_fault(read(Fault, body)))


def _clear_faults(provider: Provider, fault_id: str, _body: Any) -> Any:
    if fault_id and not fault_id.isdigit():
        raise BadInput(Mistake("the path", fault_id, "a whole number"))
    provider.clear_faults(int(fault_id) if fault_id else None)
    return _faults(provider, "", None)


def _scenarios(_provider: Provider, _name: str, _body: Any) -> Any:
    return {"scenarios": {name: scenario.says for name, scenario in SCENARIOS.items()}}


def _play(provider: Provider, name: str, _body: Any) -> Any:
    play(provider, name)
    return {
        "scenario": name,
        "says": SCENARIOS[name].says,
        "pairs": [pair.id for pair in provider.pairs],
    }


def _reset(provider: Provider, _name: str, _body: Any) -> Any:
    provider.reset()
    return {"pairs": [pair.id for pair in provider.pairs]}


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
