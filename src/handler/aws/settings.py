"""The function's environment, read once and complete, or refused with every fault named."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from handler.errors import InvalidSettings
from handler.model.hosts import PROVIDER_HOSTS, AllowedHosts
from handler.model.schema import shown


@dataclass(frozen=True)
class Settings:
    """What the deployment decides; see `Environment` in template.yaml."""

    pairs_parameter_path: str
    runs_table_name: str
    notification_topic_arn: str
    failed_events_queue_url: str
    max_failovers_per_hour: int
    allowed_provider_hosts: AllowedHosts
    chat_topic_arn: str | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """Read the settings.

        Raises:
            InvalidSettings: with every missing or bad variable in one message.
        """
        names = (
            "PAIRS_PARAMETER_PATH", "RUNS_TABLE_NAME", "NOTIFICATION_TOPIC_ARN",
            "FAILED_EVENTS_QUEUE_URL",
        )  # fmt: skip
        faults = [f"{name} is not set" for name in names if not environ.get(name)]
        per_hour = environ.get("MAX_FAILOVERS_PER_HOUR", "5")
        if not per_hour.isascii() or not per_hour.isdigit():
            faults.append(f"MAX_FAILOVERS_PER_HOUR: found {per_hour!r}, allowed: a whole number")
        hosts = parse_hosts(environ.get("ALLOWED_PROVIDER_HOSTS", PROVIDER_HOSTS), faults)
        if faults:
            raise InvalidSettings("; ".join(faults))
        path, table, topic, queue = (environ[name] for name in names)
        chat = environ.get("CHAT_TOPIC_ARN") or None
        return cls(path, table, topic, queue, int(per_hour), hosts, chat)


def parse_hosts(text: str, faults: list[str]) -> AllowedHosts:
    """Read `ALLOWED_PROVIDER_HOSTS`; what is wrong with it is added to the faults."""
    try:
        return AllowedHosts.parse(text)
    except ValueError as err:
        allowed = "host names or *.<domain>, separated by commas"
        faults.append(f"ALLOWED_PROVIDER_HOSTS: found {shown(str(err))}, allowed: {allowed}")
        return AllowedHosts(())
