"""Makes a wave's pairs: at the provider, in their documents, with their alarms, and armed."""

import time
from collections.abc import Callable
from typing import Final

from local.chaos.documents import Documents
from local.chaos.plan import Outage, Wave
from local.chaos.stage import Stage
from local.chaos.table import Table
from local.dws import Variants

_MOST_LOOKS: Final = 12  # three that agree, and one after a synchronisation, would be enough


def make_ready(stage: Stage, documents: Documents, wave: Wave, say: Callable[[str], None]) -> None:
    """Let the function learn all pairs by itself, by reconcile, until each is armed.

    Raises:
        RuntimeError: it does not.
    """
    for outage in wave.outages:
        _make_pair(stage, outage)
        documents.put(outage)
    table = Table(stage)
    for number in range(_MOST_LOOKS):
        say(f"arming, look {number + 1}")
        stage.invoke({"command": "reconcile"})
        stage.passing.end_minute()
        missing = [one for one in wave.outages if not table.is_armed(one.id)]
        if not missing:
            return
        time.sleep(0.5)  # a synchronisation a second
    raise RuntimeError(f"{len(missing)} pairs are not armed after {_MOST_LOOKS} looks")


def _make_pair(stage: Stage, outage: Outage) -> None:
    id_, production, standby = outage.ids
    stage.emulator.add_pair(
        id=id_, name=outage.name, production_id=production, standby_id=standby, sync_every_s=1,
        variants=Variants(**outage.variants),
    )  # fmt: skip
    if any(act.how.get("way") == "cloudwatch" for act in outage.acts):
        stage.aws.client("cloudwatch").put_metric_alarm(
            AlarmName=stage.alarm_name(outage.name), Namespace="Warehouse", Statistic="Minimum",
            MetricName="ConnectionTaken", Period=60, EvaluationPeriods=3, Threshold=1,
            ComparisonOperator="LessThanThreshold",
        )  # fmt: skip
