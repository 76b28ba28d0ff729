"""Alarms, on-call engineers and whoever is at the provider's console."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from local.dws.model.orders import OrderRefused
from local.simulation.facts import holds
from local.simulation.plan import Signal
from local.simulation.sites import ELSEWHERE, REGION, RETRY_S, Site
from local.simulation.stage import Stage

A_DAY, A_WHILE = timedelta(days=1), timedelta(minutes=8)
WRITTEN_BEFORE_S = (0, 0, 600, 1500)  # a command is good for 30 minutes
OVERRIDABLE = (
    "hold", "rate_limit", "armed", "pair_state", "site", "version", "edition", "production_down",
    "standby_ready", "rpo",
)  # fmt: skip


class People:
    """They do what the plan says about one pair, with what they can see at that time."""

    def __init__(self, stage: Stage, site: Site) -> None:
        self._stage, self._site = stage, site

    def act(self, signal: Signal) -> None:
        """Do one thing."""
        self._acts(signal)[signal.what]()

    def _acts(self, signal: Signal) -> dict[str, Callable[[], None]]:
        name = self._site.name
        first, second = self._site.pair.clusters
        return {
            "ALARM": lambda: self.alarm(signal, "ALARM"),
            "ALARM, muted": lambda: self.alarm(signal, "ALARM", A_DAY),
            "ALARM, muted for a while": lambda: self.alarm(signal, "ALARM", A_WHILE),
            "OK": lambda: self.alarm(signal, "OK"),
            "copy": lambda: self._copy(signal),
            "release": lambda: self._release(signal),
            "document": lambda: self._change_document(signal.name),
            "console failover": lambda: self._order("failover"),
            "console switchover": lambda: self._order("switchover"),
            "disaster recovery runs again": lambda: self._order("recovery"),
            "production returns": lambda: self._set(first.id, "AVAILABLE"),
            "production says nothing": lambda: self._set(first.id, "REPAIRING"),
            "production dies again": lambda: self._set(first.id, "FAILED"),
            "the new production dies": self._break,
            "standby dies": lambda: self._set(second.id, "FAILED"),
            "standby returns": lambda: self._set(second.id, "AVAILABLE"),
            "the second witness falls silent": self._fall_silent,
            "disaster recovery turns abnormal": self._turn_abnormal,
            "fail over": self._fail_over,
            "fail over, overriding": lambda: self._fail_over_overriding(self._held(-1)),
            "fail over, overriding the first": lambda: self._fail_over_overriding(self._held(0)),
            "acknowledge": self.acknowledge,
            "acknowledge the first": lambda: self.acknowledge(which=0),
            "acknowledge the other": lambda: self.acknowledge(is_other=True),
            "acknowledge the first, the other way round": lambda: self.acknowledge(
                which=0, is_other=True
            ),
            "verify": lambda: self._command("verify", pair=name),
            "pause": lambda: self._brake("pause", name),
            "resume": lambda: self._brake("resume", name),
            "pause all": lambda: self._brake("pause", "*"),
            "resume all": lambda: self._brake("resume", "*"),
        }

    def alarm(self, signal: Signal, state: str, muted_for: timedelta | None = None) -> None:
        """An alarm changes its state."""
        stage = self._stage
        name, region = self._named(signal)
        said = stage.alarms.turn(name, region, state, stage.machine.now, muted_for)
        until = f", muted until {said.muted_until:%H:%M:%S}" if said.muted_until else ""
        stage.machine.tell(f"{name} is {state}{until}")
        stage.bring(said, signal.via)

    def acknowledge(self, *, is_other: bool = False, which: int = -1) -> None:
        """Take what the provider shows for true, or insist on the contrary."""
        pair = self._site.pair
        production, standby = pair.production_id, pair.standby_id
        more: dict[str, Any] = {"run_id": self._held(which)}
        if is_other:
            more["override"] = ["roles"]
        self._command(
            "acknowledge",
            pair=self._site.name,
            production_cluster_id=standby if is_other else production,
            reason="seen",
            requested_by="on-call",
            **more,
        )

    def acknowledge_all(self) -> None:
        """End every hold, one after the other."""
        for _ in range(max(1, sum(map(holds, self._stage.facts.runs(self._site.id))))):
            self.acknowledge(which=0)
            machine = self._stage.machine
            machine.run_until(machine.now + timedelta(minutes=1))

    def resume_all(self) -> None:
        """Lift every brake."""
        self._brake("resume", self._site.name)
        self._brake("resume", "*")

    def _named(self, signal: Signal) -> tuple[str, str]:
        return self._site.alarm + signal.name, ELSEWHERE if signal.is_elsewhere else REGION

    def _copy(self, signal: Signal) -> None:
        """What an alarm has said before comes once more, late: its last ALARM."""
        stage = self._stage
        name, region = self._named(signal)
        said = [one for one in stage.alarms.all_of(name, region) if one.state == "ALARM"]
        if said:
            stage.machine.tell(f"a copy of {name}'s ALARM of {said[-1].at:%H:%M:%S} comes")
            stage.bring(said[-1], signal.via)

    def _release(self, signal: Signal) -> None:
        stage = self._stage
        name, region = self._named(signal)
        said = stage.alarms.release(name, region, stage.machine.now)
        if said:
            stage.machine.tell(f"{name} is muted no more")
            stage.bring(said, "action")

    def _order(self, kind: Any) -> None:
        machine = self._stage.machine
        try:
            self._site.pair.order(kind, machine.now)
        except OrderRefused as refusal:
            machine.tell(f"console {kind}: {refusal}")
        else:
            machine.tell(f"console {kind}: taken")

    def _break(self) -> None:
        """Whatever is production by now dies."""
        machine = self._stage.machine
        machine.tell("what is production by now dies")
        self._site.pair.break_production(machine.now)

    def _fall_silent(self) -> None:
        """Disaster recovery no longer says that anything is wrong, whatever production is."""
        machine = self._stage.machine
        machine.tell("disaster recovery is shown as running")
        self._site.pair.change(machine.now, status="running")

    def _turn_abnormal(self) -> None:
        """As it does for a broken standby, or for no reason that anyone sees."""
        machine = self._stage.machine
        machine.tell("disaster recovery is shown as abnormal")
        self._site.pair.change(machine.now, status="abnormal")

    def _set(self, cluster_id: str, status: str) -> None:
        stage = self._stage
        stage.machine.tell(f"{cluster_id} is {status}")
        self._site.pair.set_cluster(cluster_id, stage.machine.now, status=status)

    def _fail_over_overriding(self, run_id: str | None) -> None:
        self._fail_over(override=list(OVERRIDABLE), run_id=run_id)

    def _fail_over(self, **more: Any) -> None:
        name, machine = self._site.name, self._stage.machine
        before = timedelta(seconds=machine.random.choice(WRITTEN_BEFORE_S))
        self._command(
            "failover",
            pair=name,
            confirm=name,
            reason="production is lost",
            requested_by="on-call",
            requested_at=(machine.now - before).isoformat(),
            **more,
        )

    def _brake(self, command: str, pair: str) -> None:
        until = self._stage.machine.now + timedelta(minutes=12)
        more = {"until": until.isoformat()} if command == "pause" else {}
        self._command(command, pair=pair, reason="works", requested_by="on-call", **more)

    def _command(self, command: str, **fields: Any) -> None:
        event = {"command": command, **{k: v for k, v in fields.items() if v is not None}}
        self._stage.machine.tell(f"command {json.dumps(event)[:160]}")
        self._stage.invoke(command, event)

    def _change_document(self, how: str) -> None:
        stage, site = self._stage, self._site
        stage.machine.tell(f"the pair's document: {how}")
        document = {
            "removed": None,
            "elsewhere": site.written(endpoint="https://elsewhere.example"),
            "broken": "{",
            "invalid": site.written(retry_for_s="an hour"),
            "observe": site.written(mode="observe"),
            "floats": site.written(retry_for_s=RETRY_S + 0.0, completion_deadline_s=1800.0),
            "back": site.written(),
        }[how]
        is_good = how in ("elsewhere", "observe", "floats", "back")
        stage.put_document(site, document, is_good=is_good)

    def _held(self, which: int) -> str | None:
        """The run that a person would name: the last or the first that holds; else the last one."""
        runs = self._stage.facts.runs(self._site.id)
        held = [run for run in runs if holds(run)] or runs[-1:]
        return held[which]["run_id"] if held else None
