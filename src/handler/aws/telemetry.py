"""The one Logger and Metrics, and the names that they use."""

import logging
from typing import Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE: Final = "DwsFailover"
# Their service is POWERTOOLS_SERVICE_NAME, the stack's name: an alarm of one stack must not hear
# another's metrics. Of a time that is not RFC 3339 Lambda makes its own, and INFO of its level.
logger: Final = Logger(use_rfc3339=True, utc=True)
metrics: Final = Metrics(namespace=NAMESPACE)
# These print whole requests and answers at DEBUG, secrets and tokens among them, and httpx a URL at
# INFO: whatever level an operator gives to this function's own log, or Lambda to the root logger.
for talkative in ("boto3", "botocore", "urllib3", "httpx", "httpcore"):
    logging.getLogger(talkative).setLevel(logging.WARNING)
__all__ = ["MetricUnit", "logger", "metrics"]
