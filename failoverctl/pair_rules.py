"""What of a single pair's document cannot be meant, though each field by itself is allowed. Pure.

The function takes such a document, as it must: to refuse it would disarm the pair.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from handler.model.alarm_patterns import can_match
from handler.model.pair import Pair
from handler.model.schema import shown

_PROVIDER: Final = (".myhuaweicloud.com", ".myhuaweicloud.eu", ".myhuaweicloud.cn")
# Regions whose hosts are not under .com (`DwsRegion` of the provider's SDK 3.1.219).
_DOMAINS: Final = {
    "eu-west-101": ".myhuaweicloud.eu",
    "cn-south-4": ".myhuaweicloud.cn",
    "cn-north-12": ".myhuaweicloud.cn",
    "cn-east-4": ".myhuaweicloud.cn",
    "tr-west-1": ".myhuaweicloud.cn",
    "ap-southeast-4": ".myhuaweicloud.cn",
}
_ALARM: Final = "an alarm's name, or arn:aws:cloudwatch:<region>:<account>:alarm:<name>"
_LOOPBACK: Final = ("localhost", "127.", "[::1]")
_OWN_FIGURE_S: Final = 3600  # how long a switchover takes by the provider's documents


@dataclass(frozen=True)
class Surroundings:
    """What a document is checked against.

    Attributes:
        secret_prefix: what names of secrets begin with, or the function may not read them.
        sync_period_s: between two synchronisations, if it is known.
    """

    secret_prefix: str
    sync_period_s: int | None = None


def faults_of(pair: Pair, around: Surroundings) -> Iterator[str]:
    """What of a document cannot work, as `$.path: found …, allowed: …`."""
    for rule in _RULES:
        yield from rule(pair)
    if not pair.credentials_secret.startswith(around.secret_prefix):
        yield (
            f"$.credentials_secret: found {shown(pair.credentials_secret)}, allowed: a name that"
            f" begins with {around.secret_prefix} (CredentialsSecretPrefix: the function may read"
            " no other)"
        )
    if around.sync_period_s and pair.max_data_loss_s <= around.sync_period_s:
        yield (
            f"$.max_data_loss_s: found {pair.max_data_loss_s}, allowed: more than the"
            f" {around.sync_period_s} s between two synchronisations, or most failovers are refused"
        )


def remarks_on(pair: Pair) -> Iterator[str]:
    """What of a document is allowed, and may still surprise."""
    if pair.mode == "automatic" and not pair.alarms and not pair.probes:
        yield (
            "$.alarms: no alarm and no probe: it is failed over only when the cluster and its"
            " disaster-recovery side both show the outage"
        )
    elif not pair.alarms:
        yield "$.alarms: no alarm: only two witnesses that agree open an incident"
    if pair.mode == "automatic" and pair.production_down_for_s == 0:
        yield "$.production_down_for_s: 0 s: the first look that finds it down fails it over"
    if "*" in pair.alarms:
        yield '$.alarms: "*" speaks for every alarm that the function hears'
    for pattern, count in Counter(pair.alarms).items():
        if count > 1:
            yield f"$.alarms: {shown(pattern)} stands there {count} times"
    if pair.completion_deadline_s < _OWN_FIGURE_S:
        yield (
            f"$.completion_deadline_s: {pair.completion_deadline_s} s is less than the provider's"
            f" own figure for a switchover, {_OWN_FIGURE_S} s: good runs are told as overdue"
        )


def _of_alarms(pair: Pair) -> Iterator[str]:
    for place, pattern in enumerate(pair.alarms):
        if not can_match(pattern):
            yield f"$.alarms[{place}]: found {shown(pattern)}, allowed: {_ALARM}"


def _of_endpoint(pair: Pair) -> Iterator[str]:
    host = _host(pair.endpoint)
    if not host.endswith(_PROVIDER):
        return
    service, _, rest = host.partition(".")
    region, _, _ = rest.partition(".")
    domain = _DOMAINS.get(region)
    if service != "dws" or rest.count(".") != 2:  # noqa: PLR2004 - region.domain.com
        found, allowed = shown(pair.endpoint), "https://dws.<region>.myhuaweicloud.<domain>"
        yield f"$.endpoint: found {found}, allowed: {allowed}"
    elif domain and not host.endswith(domain):
        yield f"$.endpoint: found {shown(pair.endpoint)}, allowed: https://dws.{region}{domain}"


def _of_probes(pair: Pair) -> Iterator[str]:
    for cluster, address in pair.probes.items():
        path, host = f"$.probes.{cluster}", address.rpartition(":")[0].lower()
        if cluster == pair.disaster_recovery_id:
            yield f"{path}: found the disaster recovery's id, allowed: a cluster's id"
        if _is_of_provider(address.lower(), pair.endpoint):
            yield f"{path}: found the provider's endpoint, allowed: an address of the cluster"
        elif host.startswith(_LOOPBACK) and not _host(pair.endpoint).startswith(_LOOPBACK):
            found = shown(address)
            yield f"{path}: found {found}, allowed: another machine than the function's own"
    for address, count in Counter(map(str.lower, pair.probes.values())).items():
        if count > 1:
            yield (
                f"$.probes: found {shown(address)} for {count} clusters, allowed: an address for"
                " each, or it speaks for both"
            )


def _is_of_provider(address: str, endpoint: str) -> bool:
    """Whether a probe's address is the provider's; loopback is everybody's host, not its port."""
    host = address.rpartition(":")[0]
    if host.startswith(_LOOPBACK):
        return address == _authority(endpoint)
    return host == _host(endpoint)


def _host(url: str) -> str:
    authority = _authority(url)
    head, colon, port = authority.rpartition(":")
    return head if colon and port.isdigit() else authority


def _authority(url: str) -> str:
    return url.partition("://")[2].removesuffix("/").lower()


_RULES: Final[tuple[Callable[[Pair], Iterator[str]], ...]] = (
    _of_endpoint,
    _of_alarms,
    _of_probes,
)
