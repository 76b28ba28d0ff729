"""Hosts that can be, and of these the ones to which a deployment lets its requests go."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final, Self

from handler.model.printable import one_line

_ADDRESS: Final = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9.-]{1,253})(:[0-9]{1,5})?")
_LABEL: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NUMBERS: Final = re.compile(r"[0-9.]+")
_ENCODED: Final = re.compile(r"(\A|[/.])xn--", re.IGNORECASE)
_PORTS: Final = range(1, 65536)
_ANY: Final = "*."  # one or more labels, before a domain
_SHOWN: Final = 500

# The domains of all regions in the provider's SDKs (`DwsRegion`, 2026-11).
PROVIDER_HOSTS: Final = "*.myhuaweicloud.com, *.myhuaweicloud.eu, *.myhuaweicloud.cn"


@dataclass(frozen=True)
class AllowedHosts:
    """Where requests may go: whole host names, and `*.` for one or more labels before a domain."""

    patterns: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a list whose items are separated by commas.

        Raises:
            ValueError: with the first item that is neither a host nor a domain.
        """
        patterns = [one.strip() for one in text.split(",")]
        for one in patterns:
            if not _is_pattern(one):
                raise ValueError(one)
        return cls(tuple(one.lower() for one in patterns))

    def allow(self, url: str) -> bool:
        """Whether a URL without a path is of one of these hosts, on whatever port."""
        # What can be a host is asked first: so a lower-case name is that host's and no other's,
        # and a host that ends like a domain is under it.
        host, _ = _split(_authority(url))
        return is_endpoint(url) and any(_means(one, host.lower()) for one in self.patterns)

    def __str__(self) -> str:
        """As a message shows what is allowed."""
        return one_line(f"a host of AllowedProviderHosts ({', '.join(self.patterns)})", _SHOWN)


def is_endpoint(url: str) -> bool:
    """Whether a URL's host and port can be.

    An encoded international name (xn--) is not taken: the provider has none, many cannot be
    decoded, and nobody could read in a message which host it is.
    """
    host, port = _split(_authority(url))
    return _is_host(host) and _is_port(port or ":443") and not _ENCODED.search(url)


def is_address(address: str) -> bool:
    """Whether `host:port` can be."""
    host, port = _split(address)
    return _is_host(host) and _is_port(port)


def _authority(url: str) -> str:
    return url.partition("://")[2].removesuffix("/")


def _split(address: str) -> tuple[str, str]:
    found = _ADDRESS.fullmatch(address)
    return (found[1], found[2] or "") if found else ("", "")


def _is_port(port: str) -> bool:
    return port != "" and int(port[1:]) in _PORTS


def _is_host(host: str) -> bool:
    try:
        if host.startswith("["):
            return bool(IPv6Address(host[1:-1]))
        if _NUMBERS.fullmatch(host):
            return bool(IPv4Address(host))
    except ValueError:
        return False
    return all(map(_LABEL.fullmatch, host.split(".")))


def _is_pattern(text: str) -> bool:
    """Whether it is a host without a port, or `*.` and a domain that is not everybody's."""
    name = text.removeprefix(_ANY)
    is_domain = "." in name and name.rpartition(".")[2].isalpha()
    is_name = _split(name) == (name, "") and is_endpoint(f"https://{name}")
    return is_name and (is_domain or name == text)


def _means(pattern: str, host: str) -> bool:
    return host.endswith(pattern[1:]) if pattern.startswith(_ANY) else host == pattern


FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {
    "endpoint": is_endpoint,
    "address": is_address,
}
