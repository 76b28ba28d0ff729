"""Certificates that nothing may be verified by: what is served where one of SMN's should be.

Each comes with how its own key signs, so that the certificate alone is what is wrong.
"""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "smn")])
PEM = serialization.Encoding.PEM
WITH_SHA_256 = bytes.fromhex("2a864886f70d01010b")


def rsa_key(bits=2048):
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def certificate(key, digest=hashes.SHA256, valid=(-DAY, DAY), **signing):
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder().subject_name(NAME).issuer_name(NAME).public_key(key.public_key())
    )
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now + valid[0]).not_valid_after(now + valid[1])
    return builder.sign(key, digest() if digest else None, **signing)


def pem(made):
    return made.public_bytes(PEM)


def signed(key, text, digest=hashes.SHA256):
    """As that key signs, whatever it is."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(text, padding.PKCS1v15(), digest())
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(text, ec.ECDSA(digest()))
    return key.sign(text)


def by(make_key, digest=hashes.SHA256, **how):
    """A key's own certificate, and how that key signs a text."""

    def made():
        key = make_key()
        return pem(certificate(key, digest, **how)), lambda text: signed(key, text, digest)

    return made


def written(change):
    """A good key's good certificate, written otherwise."""

    def made():
        key = rsa_key()
        return change(key, certificate(key)), lambda text: signed(key, text)

    return made


def said_to_be_signed_with(digest, last):
    """A good certificate that names another hash: nobody signs with these any more.

    RFC 8017, A.2.4: the kinds of RSA signatures differ in the last byte of their names.
    """

    def made():
        key = rsa_key()
        der = certificate(key).public_bytes(serialization.Encoding.DER)
        changed = der.replace(WITH_SHA_256, WITH_SHA_256[:-1] + bytes([last]))
        return pem(x509.load_der_x509_certificate(changed)), lambda text: signed(key, text, digest)

    return made


def _with_private_key(key, _):
    form, unlocked = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(PEM, form, unlocked)


def _with_public_key(key, _):
    return key.public_key().public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _request(key, _):
    made = x509.CertificateSigningRequestBuilder().subject_name(NAME).sign(key, hashes.SHA256())
    return made.public_bytes(PEM)


def _another_first(_, made):
    return pem(certificate(rsa_key())) + pem(made)


def _cut(_, made):
    return pem(made)[:-100]


def _halved(_, made):
    text = pem(made)
    return text[: len(text) // 2] + text.splitlines(keepends=True)[-1]


def _changed(_, made):
    """One bit of its key, so that its own signature no longer holds: that is not what is believed."""
    return pem(made).replace(b"A", b"*", 1)


FORGED, UNREAD = (403, "refused"), (503, "failed")

CERTIFICATES = {
    "expired a day ago": (by(rsa_key, valid=(-9 * DAY, -DAY)), FORGED),
    "expired a minute ago": (by(rsa_key, valid=(-DAY, timedelta(minutes=-1))), FORGED),
    "valid from tomorrow on": (by(rsa_key, valid=(DAY, 2 * DAY)), FORGED),
    "valid in a minute": (by(rsa_key, valid=(timedelta(minutes=1), DAY)), FORGED),
    "a key of 1024 bits": (by(lambda: rsa_key(1024)), FORGED),
    "a key of 1536 bits": (by(lambda: rsa_key(1536)), FORGED),
    "a key of 2040 bits": (by(lambda: rsa_key(2040)), FORGED),
    "an elliptic curve": (by(lambda: ec.generate_private_key(ec.SECP256R1())), FORGED),
    "Edwards's curve": (by(ed25519.Ed25519PrivateKey.generate, digest=None), FORGED),
    "the longest elliptic curve": (by(lambda: ec.generate_private_key(ec.SECP521R1())), FORGED),
    "signed with SHA-1": (said_to_be_signed_with(hashes.SHA1, 5), FORGED),
    "signed with MD5": (said_to_be_signed_with(hashes.MD5, 4), FORGED),
    "signed with SHA-224": (by(rsa_key, digest=hashes.SHA224), FORGED),
    "signed with SHA-3": (by(rsa_key, digest=hashes.SHA3_256), FORGED),
    "cut": (written(_cut), UNREAD),
    "without its middle": (written(_halved), UNREAD),
    "with a sign that is no Base64": (written(_changed), UNREAD),
    "without its first line": (
        written(lambda _, it: b"".join(pem(it).splitlines(True)[1:])),
        UNREAD,
    ),
    "without its last line": (
        written(lambda _, it: b"".join(pem(it).splitlines(True)[:-1])),
        UNREAD,
    ),
    "of another name": (
        written(lambda _, it: pem(it).replace(b"CERTIFICATE", b"CERTIFICAT")),
        UNREAD,
    ),
    "in binary": (written(lambda _, it: it.public_bytes(serialization.Encoding.DER)), UNREAD),
    "in UTF-16": (written(lambda _, it: pem(it).decode().encode("utf-16")), UNREAD),
    "nothing": (written(lambda *_: b""), UNREAD),
    "blanks": (written(lambda *_: b" \n" * 100), UNREAD),
    "a name alone": (
        written(lambda *_: b"-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
        UNREAD,
    ),
    "its private key": (written(_with_private_key), UNREAD),
    "its public key": (written(_with_public_key), UNREAD),
    "a request for one": (written(_request), UNREAD),
    "a page": (written(lambda *_: b"<html><body>Not Found</body></html>"), UNREAD),
    "within JSON": (
        written(lambda _, it: b'{"certificate": "' + pem(it).replace(b"\n", b"\\n") + b'"}'),
        UNREAD,
    ),
    "one of somebody else before it": (written(_another_first), FORGED),
    "larger than one can be": (written(lambda _, it: pem(it) + b"x" * 70_000), UNREAD),
}
