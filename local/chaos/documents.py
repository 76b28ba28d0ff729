"""The pairs' documents in the parameter store, as their owners put, break, rename and mend them."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from local.chaos.plan import Act, Outage
from local.chaos.stage import Stage


class Documents:
    """Where each pair's document is by now, and whether somebody has read it while it was odd."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._ssm = stage.aws.client("ssm")
        self._names: dict[int, str] = {}
        self._odd: dict[int, tuple[str, int]] = {}  # the fault, and how often all were read before

    def name_of(self, outage: Outage) -> str:
        """What a pair is called at the moment."""
        return self._names.get(outage.number, outage.name)

    def put(self, outage: Outage, _: Act | None = None) -> None:
        """Put the good document, whatever was there."""
        self._write(self.name_of(outage), json.dumps(self.document(outage)))
        self.note_read(outage)

    def break_(self, outage: Outage, act: Act) -> None:
        """Make it one that no schema takes, or no JSON at all."""
        text = json.dumps({**self.document(outage), "mode": "auto"})
        self._write(self.name_of(outage), text if outage.number % 2 else text[:-9])
        self._begin(outage, act)

    def delete(self, outage: Outage, act: Act) -> None:
        """Take it away."""
        self._remove(self.name_of(outage))
        self._begin(outage, act)

    def rename(self, outage: Outage, act: Act) -> None:
        """Give it another name: some put the new one first, others take the old one away first."""
        old, new = self.name_of(outage), f"{outage.name}-renamed"
        if outage.number % 2:
            self._remove(old)
        self._names[outage.number] = new
        self._write(new, json.dumps(self.document(outage)))
        if outage.number % 2 == 0:
            self._remove(old)
        self._begin(outage, act)

    def note_read(self, outage: Outage) -> None:
        """Count what was odd about it as met, if the function has read documents meanwhile."""
        fault, before = self._odd.pop(outage.number, ("", 0))
        if fault and self._reads() > before:
            self._stage.tally.note(fault, outage.number)

    def document(self, outage: Outage) -> Mapping[str, Any]:
        """The good one."""
        stage, production = self._stage, outage.ids[1]
        probes = {production: stage.emulator.probe_address(production)} if outage.has_probe else {}
        return {
            "disaster_recovery_id": outage.id,
            "project_id": stage.emulator.project_id,
            "endpoint": stage.emulator.url,
            "credentials_secret": f"{stage.stack}/{outage.secret}",
            "alarms": [stage.alarm_name(outage.name), stage.alarm_name(outage.name, "-*")],
            "probes": probes,
            **outage.document,
        }

    def _begin(self, outage: Outage, act: Act) -> None:
        self._odd[outage.number] = (act.fault, self._reads())

    def _reads(self) -> int:
        return self._stage.proxy.count("GetParametersByPath")

    def _write(self, name: str, text: str) -> None:
        where = f"{self._stage.outputs['PairsParameterPath']}/{name}"
        self._ssm.put_parameter(Name=where, Value=text, Type="String", Overwrite=True)

    def _remove(self, name: str) -> None:
        with suppress(self._ssm.exceptions.ParameterNotFound):
            self._ssm.delete_parameter(Name=f"{self._stage.outputs['PairsParameterPath']}/{name}")
