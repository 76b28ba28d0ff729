"""Lambda's entry for SMN's HTTPS subscription: a POST to the function URL, and what it gets.

It can do nothing but verify and put into a queue: see SmnRole in template.yaml.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, Self

from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from handler.aws.queue import Queue
from handler.aws.session import make_session
from handler.aws.telemetry import MetricUnit, logger, metrics
from handler.errors import InvalidEvent, InvalidSettings
from handler.smn import web
from handler.smn.certificates import Certificates
from handler.smn.ingress import Fate, Ingress
from handler.smn.post import read_post

_AWS: Final = Config(
    connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2}
)
_URN: Final = re.compile(r"urn:smn:[a-z0-9-]+:[0-9a-f]{32}:[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """What the deployment decides; see `Environment` of SmnFunction in template.yaml."""

    topic_urns: frozenset[str]
    queue_url: str

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            InvalidSettings: with every missing or bad variable in one message.
        """
        topics = [urn.strip() for urn in environ.get("SMN_TOPIC_URNS", "").split(",")]
        url = environ.get("SMN_QUEUE_URL", "")
        faults = [
            f"SMN_TOPIC_URNS: found {urn!r}, allowed: urn:smn:<region>:<project id>:<topic>"
            for urn in topics
            if not _URN.fullmatch(urn)
        ]
        if not url:
            faults.append("SMN_QUEUE_URL is not set")
        if faults:
            raise InvalidSettings("; ".join(faults))
        return cls(frozenset(topics), url)


@cache
def ingress() -> Ingress:
    """Build settings and clients, once for each environment.

    Raises:
        InvalidSettings: the environment is wrong.
    """
    settings = Settings.from_environment(os.environ)
    queue = Queue(lambda: make_session(os.environ).client("sqs", config=_AWS), settings.queue_url)
    return Ingress(
        topics=settings.topic_urns,
        certificates=Certificates(web.fetch),
        confirm=web.confirm,
        forward=queue.send,
        clock=lambda: datetime.now(UTC),
    )


@logger.inject_lambda_context(clear_state=True, log_event=False)  # it holds a token
@metrics.log_metrics
def lambda_handler(event: Any, context: LambdaContext) -> dict[str, Any]:  # noqa: ARG001 - Lambda's
    """Answer a POST (payload format 2.0).

    Raises:
        InvalidSettings: the deployment is wrong.
    """
    return respond(event, ingress())


def respond(event: Any, ingress: Ingress) -> dict[str, Any]:
    """Answer with a status that makes SMN send again exactly what could not be handed on."""
    try:
        message = read_post(event)
    except InvalidEvent as err:
        return _answer(Fate.MALFORMED, str(err))
    logger.append_keys(topic_urn=message.topic_urn, message_id=message.message_id)
    return _answer(*ingress.take(message))


def _answer(fate: Fate, why: str) -> dict[str, Any]:
    """Who is refused learns no more than that; the log has the reason."""
    level = logger.info if fate.status == 200 else logger.warning  # noqa: PLR2004 - HTTP's OK
    level("smn message", fate=fate.value, why=why)
    metrics.add_metric(name=f"Smn{fate.value.capitalize()}", unit=MetricUnit.Count, value=1)
    return {
        "statusCode": fate.status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"result": fate.value}),
    }
