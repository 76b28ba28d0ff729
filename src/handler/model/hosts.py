"""Hosts that can be: what a schema's pattern cannot say, and what would fail only when used."""

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Final

_ADDRESS: Final = re.compile(r"(\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9.-]{1,253})(:[0-9]{1,5})?")
_LABEL: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_NUMBERS: Final = re.compile(r"[0-9.]+")
_ENCODED: Final = re.compile(r"(\A|[/.])xn--", re.IGNORECASE)
_PORTS: Final = range(1, 65536)


def is_endpoint(url: str) -> bool:
    """Whether a URL's host and port can be.

    An encoded international name (xn--) is not taken: the provider has none, many cannot be
    decoded, and nobody could read in a message which host it is.
    """
    host, port = _split(url.partition("://")[2].removesuffix("/"))
    return _is_host(host) and _is_port(port or ":443") and not _ENCODED.search(url)


def is_address(address: str) -> bool:
    """Whether `host:port` can be."""
    host, port = _split(address)
    return _is_host(host) and _is_port(port)


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


FORMATS: Final[Mapping[str, Callable[[str], bool]]] = {
    "endpoint": is_endpoint,
    "address": is_address,
}
