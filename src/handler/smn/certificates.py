"""The certificates that SMN signs with: fetched once, kept, and asked about each signature."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from handler.smn.web import Absent, Unavailable

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_SHORTEST_KEY: Final = 2048
_HASHES: Final = ("sha256", "sha384", "sha512")
_KEPT: Final = 16


class Forged(Exception):
    """The signature is not by the certificate, or the certificate is no good."""


@dataclass(frozen=True)
class Certificates:
    """Verifies signatures; `fetch` gets a certificate's PEM text by its URL."""

    fetch: Callable[[str], bytes]
    _kept: dict[str, "Certificate"] = field(default_factory=dict)

    def verify(self, signature: bytes, text: bytes, url: str, now: datetime) -> None:
        """Verify a signature: RSA, PKCS #1 v1.5, with the hash of the certificate's own signature.

        Raises:
            Forged: it does not hold.
            Unavailable: the certificate could not be had.
        """
        from cryptography.exceptions import (  # noqa: PLC0415 - costs 0.1 s
            InvalidSignature,
            UnsupportedAlgorithm,
        )
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415

        certificate = self._get(url, now)
        try:
            key, hash_ = certificate.public_key(), certificate.signature_hash_algorithm
        except (UnsupportedAlgorithm, ValueError) as err:
            raise Forged("the certificate's key or signature is of no known kind") from err
        if not _is_valid(certificate, now):
            raise Forged("the certificate is not valid now")
        if not isinstance(key, RSAPublicKey) or key.key_size < _SHORTEST_KEY:
            raise Forged("the certificate has no RSA key of 2048 bits")
        if hash_ is None or hash_.name not in _HASHES:
            raise Forged("the certificate is signed with a hash that is not SHA-2")
        try:
            key.verify(signature, text, PKCS1v15(), hash_)
        except InvalidSignature as err:
            raise Forged("the signature does not match") from err

    def _get(self, url: str, now: datetime) -> "Certificate":
        """A certificate, fetched anew where the one that is kept has grown old."""
        from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415

        if url in self._kept and _is_valid(self._kept[url], now):
            return self._kept[url]
        try:
            found = load_pem_x509_certificate(self.fetch(url))
        except Absent as err:
            raise Forged("SMN has no such certificate") from err
        except ValueError as err:
            raise Unavailable("what is there is no certificate") from err
        while len(self._kept) >= _KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[url] = found
        return found


def _is_valid(certificate: "Certificate", now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
