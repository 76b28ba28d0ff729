"""The one Logger and Metrics, and the names that they use."""

import json
import logging
import re
from collections.abc import Mapping
from typing import Any, Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

NAMESPACE: Final = "DwsFailover"


def _line(said: Mapping[str, Any]) -> str:
    """JSON in which what cannot be printed is escaped.

    Strangers' words are in it: a terminal would obey them, and a reader of lines find more of them.
    """
    text = json.dumps(said, default=str, separators=(",", ":"), ensure_ascii=False)
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return re.sub("....", r"\\u\g<0>", units)


# Their service is POWERTOOLS_SERVICE_NAME, the stack's name: an alarm of one stack must not hear
# another's metrics. Of a time that is not RFC 3339 Lambda makes its own, and INFO of its level.
logger: Final = Logger(use_rfc3339=True, utc=True, json_serializer=_line)
metrics: Final = Metrics(namespace=NAMESPACE)
# These print whole requests and answers at DEBUG, secrets and tokens among them, and httpx a URL at
# INFO: whatever level an operator gives to this function's own log, or Lambda to the root logger.
for talkative in ("boto3", "botocore", "urllib3", "httpx", "httpcore"):
    logging.getLogger(talkative).setLevel(logging.WARNING)
_LONGEST: Final = 250  # a dimension's value may have more, an alarm's has 255 at most
_SPANS: Final = frozenset({"DataAge"})  # in seconds; all else is a number
__all__ = ["MetricUnit", "logger", "metrics", "of_story", "put", "put_spans"]


def of_story(incident_id: str | None, run_id: str | None = None) -> Mapping[str, Any]:
    """What finds every line about one outage, whichever invocation has written it.

    Given to each line by itself: what is appended to the logger would stand in the next pair's.
    """
    known = {
        "correlation_id": incident_id or run_id,  # a command may find no incident
        "incident_id": incident_id,
        "run_id": run_id,
    }
    return {name: id_ for name, id_ in known.items() if id_}


def put_spans(spans: Mapping[str, float]) -> None:
    """Put what took so many seconds, of the whole function."""
    for name, seconds in spans.items():
        metrics.add_metric(name=name, unit=MetricUnit.Seconds, value=seconds)


def put(dimension: str, value: str, measured: Mapping[str, float]) -> None:
    """Put metrics of one pair or one gate, beside those of the whole function.

    In a line of their own: what is in one line shares its dimensions.
    """
    if not measured:
        return
    line = EphemeralMetrics(namespace=NAMESPACE)
    line.add_dimension(name=dimension, value=_allowed(value))
    for name, number in measured.items():
        unit = MetricUnit.Seconds if name in _SPANS else MetricUnit.Count
        line.add_metric(name=name, unit=unit, value=number)
    line.flush_metrics()


def _allowed(value: str) -> str:
    """What CloudWatch takes: ASCII without control characters, and no blank alone."""
    plain = "".join(one if " " <= one <= "~" else "?" for one in value[:_LONGEST])
    return plain.strip() or "?"
