"""Whom the provider's hosts are believed by: certifi's authorities, each read when it is named."""

import ssl
from pathlib import Path
from typing import Final

# Written by `make generated` from the certifi that is installed; OpenSSL finds one by its name.
_BY_HASH: Final = Path(__file__).parent / "roots"


def tls() -> ssl.SSLContext:
    """Make httpx's own context, without reading all authorities first, which takes 20 ms."""
    return ssl.create_default_context(capath=str(_BY_HASH))
