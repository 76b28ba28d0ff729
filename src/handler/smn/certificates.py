"""The certificates that SMN signs with: fetched once, kept, and asked about each signature."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from handler.smn.kept import Kept
from handler.smn.web import Absent, Unavailable, Unusable

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_SHORTEST_KEY: Final = 2048
_HASHES: Final = ("sha256", "sha384", "sha512")
# Who posts can have any URL at SMN fetched, also the good one, and would have it fetched at every
# post. So what a real fetch has shown is held against its URL: for a moment where it may be the
# host's trouble, as alarms wait for that (SMN sends again what gets a 503); for longer where there
# is no certificate, which does not change in a moment. Who makes up a new name for each post is
# slowed by nothing: a limit over all names could keep a real certificate from being fetched.
_TROUBLE_LASTS: Final = timedelta(seconds=10)
_NOTHING_LASTS: Final = timedelta(seconds=60)


class Forged(Exception):
    """The signature is not by the certificate, or the certificate is no good."""


@dataclass(frozen=True)
class Certificates:
    """Verifies signatures; `fetch` gets a certificate's PEM text by its URL."""

    fetch: Callable[[str], bytes]
    _kept: Kept["Certificate"] = field(default_factory=lambda: Kept(16))
    _held: Kept[Forged | Unavailable] = field(default_factory=lambda: Kept(64))

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
        if certificate := self._kept.get(url, now):
            return certificate
        if held := self._held.get(url, now):
            raise type(held)(f"{held}; not asked again yet")
        try:
            found = self._fetch(url)
        except (Forged, Unavailable) as err:
            lasts = _NOTHING_LASTS if isinstance(err, Forged | Unusable) else _TROUBLE_LASTS
            self._held.put(url, type(err)(str(err)), now + lasts)
            raise
        # One that is no good is not fetched at every post either.
        until = found.not_valid_after_utc if _is_valid(found, now) else now + _NOTHING_LASTS
        self._kept.put(url, found, until)
        return found

    def _fetch(self, url: str) -> "Certificate":
        from cryptography.x509 import load_pem_x509_certificate  # noqa: PLC0415

        try:
            return load_pem_x509_certificate(self.fetch(url))
        except Absent as err:
            raise Forged("SMN has no such certificate") from err
        except ValueError as err:
            raise Unusable("what is there is no certificate") from err


def _is_valid(certificate: "Certificate", now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
