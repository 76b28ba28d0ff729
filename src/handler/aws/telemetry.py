"""The one Logger and Metrics, and the names that they use."""

import logging
from typing import Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE: Final = "DwsFailover"
SERVICE: Final = "dws-failover"
logger: Final = Logger(service=SERVICE)
metrics: Final = Metrics(namespace=NAMESPACE, service=SERVICE)
# These print whole requests and answers at DEBUG, secrets and tokens among them, and httpx a URL at
# INFO: whatever level an operator gives to this function's own log, or Lambda to the root logger.
for talkative in ("boto3", "botocore", "urllib3", "httpx", "httpcore"):
    logging.getLogger(talkative).setLevel(logging.WARNING)
__all__ = ["MetricUnit", "logger", "metrics"]
