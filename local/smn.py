"""A throw-away SMN: signs messages, and serves its certificates and confirmations over TLS.

Reached as an HTTPS proxy (`HTTPS_PROXY`), it answers for every host with a certificate of its own
authority (`SSL_CERT_FILE`): the caller asks for the hosts that SMN really has.
"""

import base64
import contextlib
import json
import ssl
import threading
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from io import BufferedIOBase

REGION: Final = "eu-west-101"
TOPIC: Final = f"urn:smn:{REGION}:0123456789abcdef0123456789abcdef:dws-alarms"
HOST: Final = f"smn.{REGION}.myhuaweicloud.eu"
_DAY: Final = timedelta(days=1)
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


class Signer:
    """A key and its certificate, issued by an authority, or by itself."""

    def __init__(
        self,
        name: str,
        issuer: "Signer | None" = None,
        *,
        valid: tuple[timedelta, timedelta] = (-_DAY, _DAY),
        bits: int = 2048,
        hosts: tuple[str, ...] = (),
        usages: tuple[x509.ObjectIdentifier, ...] = (),
        may_issue: bool = False,
    ) -> None:
        is_authority = issuer is None or may_issue
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + valid[0])
            .not_valid_after(now + valid[1])
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        # Python 3.13 believes in no chain without these.
        signed_by = (issuer or self).key.public_key()
        builder = builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False
        ).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by), critical=False
        )
        if is_authority:
            builder = builder.add_extension(_MAY_ISSUE, critical=True)
        if hosts:
            names = x509.SubjectAlternativeName([_named(host) for host in hosts])
            builder = builder.add_extension(names, critical=False)
        if usages:
            builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        self.certificate: x509.Certificate = builder.sign((issuer or self).key, hashes.SHA256())

    @property
    def pem(self) -> bytes:
        """The certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The key."""
        encoding, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(encoding, shape, serialization.NoEncryption())

    def sign(self, text: bytes) -> str:
        """A signature as SMN makes it, in Base64."""
        signature = self.key.sign(text, padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(signature).decode()


def _named(host: str) -> x509.GeneralName:
    """As a certificate names a host: by its address, if that is what it is known by."""
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


class Smn:
    """Serves from the moment it is entered until it is left; `asked` lists what was asked of it.

    `proof` makes of its authority what it shows to be who it is: a key and certificates, in PEM.
    """

    def __init__(self, folder: Path, proof: "Callable[[Signer], bytes] | None" = None) -> None:
        self._folder = folder
        self._proof = proof or _of_its_hosts
        self.authority = Signer("throw-away authority")
        self.signer = Signer("smn", self.authority)
        self.published: dict[str, bytes] = {}  # by path
        self.odd: dict[
            str, Callable[[BufferedIOBase], object]
        ] = {}  # by path: writes an answer as it likes
        self.asked: list[str] = []
        self.refuses_confirmations = False
        self.certificate_url = self.publish_certificate(self.signer)

    def publish_certificate(self, signer: Signer) -> str:
        """Serve a certificate; its URL is as SMN's are."""
        path = f"/smn/SMN_{REGION}_{uuid.uuid4().hex}.pem"
        self.published[path] = signer.pem
        return f"https://{HOST}{path}"

    @property
    def environment(self) -> dict[str, str]:
        """What makes a program find this SMN, and trust it."""
        host, port = self._server.server_address[:2]
        authority = str(self._folder / "authority.pem")
        return {"HTTPS_PROXY": f"http://{host!s}:{port}", "SSL_CERT_FILE": authority}

    def notification(
        self, message: str, subject: str | None = None, **other: Any
    ) -> dict[str, Any]:
        """A signed message that a topic's owner has published."""
        more = {"subject": subject} if subject else {}
        return self._signed({"type": "Notification", "message": message, **more, **other})

    def confirmation(self, **other: Any) -> dict[str, Any]:
        """The signed message that asks to confirm a subscription."""
        url = f"https://{HOST}/smn/subscription/confirm?token={uuid.uuid4().hex}&topic_urn={TOPIC}"
        words = f"You are invited to subscribe to topic: {TOPIC}."
        given = {"type": "SubscriptionConfirmation", "message": words, "subscribe_url": url}
        return self._signed({**given, **other})

    def _signed(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        signer = fields.get("signer", self.signer)
        unsigned = {
            "topic_urn": TOPIC,
            "message_id": uuid.uuid4().hex,
            "timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            **{name: value for name, value in fields.items() if name != "signer"},
        }
        certificate_url = unsigned.pop("signing_cert_url", self.certificate_url)
        text = "".join(f"{name}\n{unsigned[name]}\n" for name in sorted(unsigned))
        return {
            **unsigned,
            "signature": signer.sign(text.encode()),
            "signature_version": "v1",
            "signing_cert_url": certificate_url,
        }

    def __enter__(self) -> Self:
        chain = self._folder / "tls.pem"
        chain.write_bytes(self._proof(self.authority))
        (self._folder / "authority.pem").write_bytes(self.authority.pem)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("DEFAULT@SECLEVEL=0")  # it is for who asks to refuse a weak proof
        context.load_cert_chain(chain)
        handler = type("Handler", (_Handler,), {"smn": self, "context": context})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> tuple[int, bytes]:
        """What is served at a path."""
        self.asked.append(path)
        if path.startswith("/smn/subscription/confirm?"):
            if self.refuses_confirmations:
                return 400, b"{}"
            return 200, json.dumps({"subscription_urn": f"{TOPIC}:{uuid.uuid4().hex}"}).encode()
        return (200, self.published[path]) if path in self.published else (404, b"")


def _of_its_hosts(authority: Signer) -> bytes:
    own = Signer(HOST, authority, hosts=(HOST, "console.huaweicloud.com"))
    return own.key_pem + own.pem


class _Handler(BaseHTTPRequestHandler):
    smn: Smn
    context: ssl.SSLContext

    def do_CONNECT(self) -> None:
        self.send_response_only(200)
        self.end_headers()
        self.finish()
        self.connection = self.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb", -1)
        self.wfile = self.connection.makefile("wb", 0)
        self.close_connection = False

    def do_GET(self) -> None:
        if odd := self.smn.odd.get(self.path):
            self.smn.asked.append(self.path)
            odd(self.wfile)
            self.close_connection = True
            return
        status, body = self.smn.answer(self.path)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        with contextlib.suppress(OSError), contextlib.closing(self):
            super().handle()

    def close(self) -> None:
        """Close the connection, inside TLS or not."""
        self.finish()
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
