"""Alarms, on-call engineers and whoever is at the provider's console."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from local.simulation.plan import Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.simulation.history import History

ACCOUNT = "000000000000"
OVERRIDABLE = (
    "hold", "rate_limit", "armed", "pair_state", "site", "version", "edition", "production_down",
    "standby_ready", "rpo",
)  # fmt: skip


class People:
    """They do what the plan says, with what they can see at that time."""

    def __init__(self, history: "History") -> None:
        self._history = history

    def act(self, signal: Signal) -> None:
        """Do one thing."""
        history, what = self._history, signal.what
        first, second = history.pair.clusters
        acts: dict[str, Callable[[], None]] = {
            "ALARM": lambda: self.alarm(signal.name, "ALARM"),
            "OK": lambda: self.alarm(signal.name, "OK"),
            "document": lambda: self._change_document(signal.name),
            "console failover": lambda: history.order("failover"),
            "console switchover": lambda: history.order("switchover"),
            "production returns": lambda: self._restore(first.id),
            "standby returns": lambda: self._restore(second.id),
            "fail over": self._fail_over,
            "fail over, overriding": self._fail_over_overriding,
            "acknowledge": self.acknowledge,
            "acknowledge the other": lambda: self.acknowledge(is_other=True),
            "verify": lambda: self._command("verify", pair="analytics"),
            "pause": lambda: self._brake("pause", "analytics"),
            "resume": lambda: self._brake("resume", "analytics"),
            "pause all": lambda: self._brake("pause", "*"),
            "resume all": lambda: self._brake("resume", "*"),
        }
        acts[what]()

    def alarm(self, name: str, state: str) -> None:
        """An alarm changes its state; the bus brings it, and again if the function fails."""
        now = self._history.machine.now
        stamp = now.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
        event = {
            "version": "0",
            "id": f"{name}-{stamp}",
            "detail-type": "CloudWatch Alarm State Change",
            "source": "aws.cloudwatch",
            "account": ACCOUNT,
            "time": stamp,
            "region": "us-east-1",
            "resources": [f"arn:aws:cloudwatch:us-east-1:{ACCOUNT}:alarm:{name}"],
            "detail": {
                "alarmName": name,
                "state": {"value": state, "timestamp": stamp},
                "previousState": {"value": "OK" if state == "ALARM" else "ALARM"},
            },
        }
        self._history.machine.tell(f"{name} is {state}")
        self._history.send(f"alarm {name[-1]}", event)

    def acknowledge(self, *, is_other: bool = False) -> None:
        """Take what the provider shows for true, or insist on the contrary."""
        pair = self._history.pair
        production, standby = pair.production_id, pair.standby_id
        more: dict[str, Any] = {"run_id": self._held()}
        if is_other:
            more["override"] = ["roles"]
        self._command(
            "acknowledge",
            pair="analytics",
            production_cluster_id=standby if is_other else production,
            reason="seen",
            requested_by="on-call",
            **more,
        )

    def resume_all(self) -> None:
        """Lift every brake."""
        self._brake("resume", "analytics")
        self._brake("resume", "*")

    def _restore(self, cluster_id: str) -> None:
        history = self._history
        history.machine.tell(f"{cluster_id} lives again")
        history.pair.set_cluster(cluster_id, history.machine.now, status="AVAILABLE")

    def _fail_over_overriding(self) -> None:
        self._fail_over(override=list(OVERRIDABLE), run_id=self._held())

    def _fail_over(self, **more: Any) -> None:
        self._command(
            "failover",
            pair="analytics",
            confirm="analytics",
            reason="production is lost",
            requested_by="on-call",
            requested_at=self._history.machine.now.isoformat(),
            **more,
        )

    def _brake(self, command: str, pair: str) -> None:
        until = self._history.machine.now + timedelta(minutes=12)
        more = {"until": until.isoformat()} if command == "pause" else {}
        self._command(command, pair=pair, reason="works", requested_by="on-call", **more)

    def _command(self, command: str, **fields: Any) -> None:
        event = {"command": command, **{k: v for k, v in fields.items() if v is not None}}
        self._history.machine.tell(f"command {json.dumps(event)[:160]}")
        self._history.invoke(command, event)

    def _change_document(self, how: str) -> None:
        history = self._history
        history.machine.tell(f"the pair's document: {how}")
        history.put_document({
            "removed": None,
            "elsewhere": history.document(endpoint="https://elsewhere.example"),
            "broken": "{",
            "observe": history.document(mode="observe"),
            "back": history.document(),
        }[how])  # fmt: skip

    def _held(self) -> str | None:
        """The run that a person would name, the last one."""
        runs = self._history.checks.runs()
        return runs[-1]["run_id"] if runs else None
