"""A throw-away authority for loopback, and packages that believe in it.

It is added to each bundle of authorities that a package ships: what is loaded for a connection
stays what would be loaded in the cloud, and one certificate. A bundle named by a variable would
take the place of what is to be measured.
"""

import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

_DAY: Final = timedelta(days=1)
_BEGIN: Final = b"-----BEGIN CERTIFICATE-----"


class Authority:
    """Vouches for 127.0.0.1; keys of 2,048 bits of RSA, as AWS's and the provider's are."""

    def __init__(self, folder: Path) -> None:
        self.pem, chain = folder / "authority.pem", folder / "server.pem"
        key, server_key = _key(), _key()
        own = _certificate("benchmark's authority", key, "benchmark's authority", key)
        server = _certificate("127.0.0.1", server_key, "benchmark's authority", key)
        self.pem.write_bytes(own.public_bytes(serialization.Encoding.PEM))
        chain.write_bytes(_pem(server_key) + server.public_bytes(serialization.Encoding.PEM))
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(chain)

    def enter(self, package: Path) -> int:
        """Add it to every bundle of a package, and to every folder of hashed names; how many."""
        bundles = [one for one in package.rglob("*.pem") if _BEGIN in one.read_bytes()]
        for bundle in bundles:
            bundle.write_bytes(bundle.read_bytes() + b"\n" + self.pem.read_bytes())
        folders = {one.parent for one in package.rglob("*.0") if _BEGIN in one.read_bytes()}
        for folder in folders:
            (folder / f"{self._subject_hash()}.0").write_bytes(self.pem.read_bytes())
        return len(bundles) + len(folders)

    def _subject_hash(self) -> str:
        command = ["openssl", "x509", "-noout", "-subject_hash", "-in", str(self.pem)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _certificate(
    name: str, key: rsa.RSAPrivateKey, issuer: str, issuer_key: rsa.RSAPrivateKey
) -> x509.Certificate:
    """A certificate; by itself it is an authority's. Python 3.13 asks for each extension."""
    now, is_authority = datetime.now(UTC), key is issuer_key
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + _DAY)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if is_authority:
        builder = builder.add_extension(_MAY_ISSUE, critical=True)
    else:
        address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        builder = builder.add_extension(address, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


_MAY_ISSUE: Final = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)
