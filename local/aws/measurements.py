"""Gaps of ministack in what is measured: metrics in logs, alarms by the minute, and schedules.

A minute of schedules and of alarms' periods may last for less here (`--minute`): a test of five
silent minutes then takes seconds.
"""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

MINUTE: Final = "EMBEDDED_AWS_MINUTE_S"
_IS_BREACHING: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def minute_s() -> float:
    """How long a minute of schedules and alarms lasts here."""
    return float(os.environ.get(MINUTE, "60"))


def embedded_metrics() -> None:
    """What a function logs in the embedded metric format becomes metrics.

    AWS: CloudWatch User Guide, "Specification: Embedded metric format". ministack: log lines only.
    """
    from ministack.services import cloudwatch, lambda_svc

    log = lambda_svc._emit_lambda_logs

    def log_and_measure(what: Any, request_id: str, text: str, *args: Any, **named: Any) -> None:
        log(what, request_id, text, *args, **named)
        for line in (text or "").splitlines():
            for namespace, name, value, unit, dimensions in metrics_in(line):
                cloudwatch.record_metric(namespace, name, value, unit, dimensions)

    lambda_svc._emit_lambda_logs = log_and_measure


def metrics_in(line: str) -> Iterator[tuple[str, str, float, str, dict[str, str]]]:
    """Namespace, name, value, unit and dimensions of each figure that a line of a log embeds."""
    try:
        found = json.loads(line)
    except ValueError:
        return
    if not isinstance(found, dict) or "_aws" not in found:
        return
    for directive in found["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = {name: str(found[name]) for name in names}
            for metric in directive["Metrics"]:
                values = found[metric["Name"]]
                for value in values if isinstance(values, list) else [values]:
                    unit = metric.get("Unit", "None")
                    yield directive["Namespace"], metric["Name"], float(value), unit, dimensions


def alarms_by_the_minute() -> None:
    """Each minute alarms are evaluated: M of N periods of their own dimensions, missing ones too.

    AWS: CloudWatch User Guide, "Alarm evaluation" and "Configuring how CloudWatch alarms treat
    missing data". ministack: only when metrics are put, over all dimensions of a name together,
    without M of N, and never because data is missing. An alarm that nobody has ever measured
    anything for keeps the state that it was set to, which on AWS it would not for long.
    """
    from ministack.core.responses import set_request_account_id, set_request_region
    from ministack.services import cloudwatch

    def evaluate(alarm: dict[str, Any]) -> None:
        if not alarm.get("MetricName"):
            return
        new = state_of(alarm, _points(alarm), time.time())
        old = alarm["StateValue"]
        if new == old:
            return
        reason = f"Threshold Crossed: evaluated over {alarm['EvaluationPeriods']} periods"
        alarm.update(StateValue=new, StateReason=reason, StateUpdatedTimestamp=int(time.time()))
        cloudwatch._record_history(alarm["AlarmName"], old, new, reason)
        cloudwatch._dispatch_alarm_actions(alarm, old, new, reason)
        cloudwatch._evaluate_parent_alarms(alarm)

    def every_minute() -> None:
        while True:
            time.sleep(minute_s())
            for (account, region, _name), alarm in list(cloudwatch._alarms._data.items()):
                set_request_account_id(account)
                set_request_region(region)
                evaluate(alarm)

    cloudwatch._evaluate_alarm = lambda _alarm: None
    threading.Thread(target=every_minute, daemon=True).start()


def _points(alarm: Mapping[str, Any]) -> list[dict[str, Any]]:
    from ministack.services import cloudwatch

    dimensions = {one["Name"]: one["Value"] for one in alarm.get("Dimensions") or ()}
    key = alarm["Namespace"], alarm["MetricName"], cloudwatch._dims_key(dimensions)
    return list(cloudwatch._metrics.get(key) or ())


def state_of(alarm: Mapping[str, Any], points: list[dict[str, Any]], now: float) -> str:
    """The state of an alarm by the last whole periods; a missing one counts as the alarm says."""
    # Alarms on DynamoDB's metrics ignore missing data, whatever they say (API, PutMetricAlarm).
    treat = alarm.get("TreatMissingData") or "missing"
    if alarm["Namespace"] == "AWS/DynamoDB":
        treat = "ignore"
    if not points and treat in ("missing", "ignore"):
        return str(alarm["StateValue"])
    wanted = alarm.get("DatapointsToAlarm") or alarm["EvaluationPeriods"]
    said = [_said(alarm, inside) for inside in _periods(alarm, points, now)]
    known = [treat == "breaching" if one is None else one for one in said]
    if treat in ("missing", "ignore"):
        known = [one for one in said if one is not None]
        if not known:
            return "INSUFFICIENT_DATA" if treat == "missing" else str(alarm["StateValue"])
    return "ALARM" if sum(known) >= wanted else "OK"


def _periods(
    alarm: Mapping[str, Any], points: list[dict[str, Any]], now: float
) -> Iterator[list[dict[str, Any]]]:
    """The points of each period, the newest whole one first."""
    period_s = alarm["Period"] / 60 * minute_s()
    end = now - now % period_s
    for number in range(alarm["EvaluationPeriods"]):
        until = end - number * period_s
        yield [one for one in points if until - period_s <= one["Timestamp"] < until]


def _said(alarm: Mapping[str, Any], points: list[dict[str, Any]]) -> bool | None:
    """Whether a period breaches; None where nothing was measured in it."""
    from ministack.services import cloudwatch

    if not points:
        return None
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")
    value = cloudwatch._stat_value(cloudwatch._calc_stats(points), statistic, points)
    return _IS_BREACHING[alarm["ComparisonOperator"]](value, alarm["Threshold"])


def schedules() -> None:
    """A schedule's input may name the time that it is for; and its minute may be a short one.

    AWS: EventBridge Scheduler User Guide, "Adding context attributes". ministack: passed on as it
    is written.
    """
    from ministack.services import eventbridge, scheduler

    invoke, rate_s = eventbridge._invoke_target, eventbridge._parse_rate_seconds

    def with_time(target: dict[str, Any], event: Any, rule: Any, *args: Any) -> Any:
        given = target.get("Input") or ""
        if event.get("Source") == "aws.scheduler" and "<aws.scheduler." in given:
            at = f"{datetime.fromtimestamp(event['Time'], UTC):%Y-%m-%dT%H:%M:%SZ}"
            target = {**target, "Input": given.replace("<aws.scheduler.scheduled-time>", at)}
        return invoke(target, event, rule, *args)

    def scaled(expression: str) -> float | None:
        seconds = rate_s(expression)
        return None if seconds is None else seconds / 60 * minute_s()

    eventbridge._invoke_target = with_time
    eventbridge._parse_rate_seconds = scaled
    scheduler._SCHEDULE_TICK_INTERVAL = min(scheduler._SCHEDULE_TICK_INTERVAL, minute_s() / 4)
