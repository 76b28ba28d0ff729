"""Certificates that nobody but who is given them takes for good."""

import ssl
import warnings
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOOPBACK = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])


def loopback_tls(folder):
    """A server's context, and the file of its certificate, which is for the loopback address."""
    return _server(folder, LOOPBACK)


def signed_in_the_name_of(pem, folder):
    """A server's context, whose certificate says to be signed by an authority, and is not."""
    with warnings.catch_warnings():  # one authority has a serial number that none must have
        warnings.simplefilter("ignore")
        authority = x509.load_pem_x509_certificate(pem.encode())
    context, _ = _server(folder, authority.subject)
    return context


def _server(folder, issuer):
    key = ec.generate_private_key(ec.SECP256R1())
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(LOOPBACK).issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1)).add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem, secret = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    unlocked = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, unlocked))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return context, pem
