"""Lambda's entry for the dashboard's widget: what is stored of the pairs, drawn; and a rehearsal.

It reads the table and the pairs' documents. It knows no credentials and orders nothing: see
DashboardRole in template.yaml.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final, Self

from aws_lambda_powertools.utilities.parameters import SSMProvider
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config

from handler.aws.ledger import Ledger
from handler.aws.pairs import Documents
from handler.aws.session import make_session
from handler.aws.settings import parse_hosts
from handler.aws.table import Table
from handler.aws.telemetry import logger
from handler.aws.view import View
from handler.errors import FailoverError, InvalidSettings
from handler.model.hosts import PROVIDER_HOSTS, AllowedHosts
from handler.widget.asked import read_asked
from handler.widget.description import DESCRIPTION
from handler.widget.page import framed, page
from handler.widget.reading import Source, read_standings
from handler.widget.rehearsal import failed, rehearsed
from handler.widget.trouble import trouble

_AWS: Final = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2}
)
# A rehearsal reads the provider for some seconds; asked twice it would be done twice.
_VIEW: Final = Config(connect_timeout=2, read_timeout=50, retries={"total_max_attempts": 1})


@dataclass(frozen=True)
class Settings:
    """What the deployment decides; see `Environment` of DashboardFunction in template.yaml."""

    pairs_parameter_path: str
    runs_table_name: str
    view_state_machine_arn: str
    allowed_provider_hosts: AllowedHosts

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            InvalidSettings: with every missing or bad variable in one message.
        """
        names = ("PAIRS_PARAMETER_PATH", "RUNS_TABLE_NAME", "VIEW_STATE_MACHINE_ARN")
        faults = [f"{name} is not set" for name in names if not environ.get(name)]
        hosts = parse_hosts(environ.get("ALLOWED_PROVIDER_HOSTS", PROVIDER_HOSTS), faults)
        if faults:
            raise InvalidSettings("; ".join(faults))
        path, table, view = (environ[name] for name in names)
        return cls(path, table, view, hosts)


@dataclass(frozen=True)
class Widget:
    """What it reads, and whom it asks to rehearse; made once for each environment."""

    source: Source
    view: View


def _now() -> datetime:
    return datetime.now(UTC)


@cache
def widget() -> Widget:
    """Build settings and clients.

    Raises:
        InvalidSettings: the environment is wrong.
    """
    settings = Settings.from_environment(os.environ)
    session = make_session(os.environ)
    documents = Documents(
        SSMProvider(boto3_client=session.client("ssm", config=_AWS)),
        settings.pairs_parameter_path,
        settings.allowed_provider_hosts,
    )
    source = Source(
        ledger=Ledger(Table(session.client("dynamodb", config=_AWS), settings.runs_table_name)),
        pairs=lambda: documents.all(_now()),
        clock=_now,
    )
    arn = settings.view_state_machine_arn
    return Widget(source, View(lambda: session.client("stepfunctions", config=_VIEW), arn))


@logger.inject_lambda_context(clear_state=True, log_event=False)
def lambda_handler(event: Any, context: LambdaContext) -> str:
    """Draw the pairs, or rehearse one of them: HTML; what the widget understands: Markdown.

    Raises:
        InvalidSettings: the deployment is wrong.
    """
    return respond(event, widget(), context.invoked_function_arn)


def respond(event: Any, widget: Widget, endpoint: str) -> str:
    """Answer; what cannot be read is said on the page, as the console shows no error of ours."""
    asked = read_asked(event)
    if asked.wants_description:
        return DESCRIPTION
    if asked.rehearse:
        return framed(_rehearsal(widget, asked.rehearse), is_dark=asked.is_dark)
    try:
        standings = read_standings(widget.source, asked.pattern)
    except FailoverError as err:
        logger.warning("pairs not drawn", error=str(err))
        return framed(trouble(str(err)), is_dark=asked.is_dark)
    now = widget.source.clock()
    return page(standings, now, endpoint, is_dark=asked.is_dark, pattern=asked.pattern)


def _rehearsal(widget: Widget, disaster_recovery_id: str) -> Any:
    try:
        return rehearsed(widget.view.rehearse(disaster_recovery_id))
    except FailoverError as err:
        logger.warning("not rehearsed", disaster_recovery_id=disaster_recovery_id, error=str(err))
        return failed(str(err))
