"""Peers whose TLS goes on and on with what is no data, so that nothing that is waited for comes."""

import hashlib
import hmac
import os
import socket
import ssl
import struct
import threading
import time

from certificates import loopback_tls
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

GOES_ON_FOR_S = 8  # or until it is hung up on
_GREETING = b"\x16\x03\x03\x00\x04\x00\x00\x00\x00"  # TLS 1.2's HelloRequest, in the clear
_LARGEST = 16 * 1024


class Endless:
    """Takes connections, and does without end to each what it is for."""

    def __init__(self):
        self.requests = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self):
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _serve(self):
        while True:
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return
            with accepted:
                try:
                    self.take(accepted)
                except OSError:
                    pass

    def go_on(self, connection, following):
        until = time.monotonic() + GOES_ON_FOR_S
        while time.monotonic() < until:
            connection.sendall(following())


class Greetings(Endless):
    """It says hello, and hello, and never who it is."""

    def take(self, connection):
        greetings = _GREETING * 7000
        connection.recv(65536)
        self.go_on(connection, lambda: greetings)


class Tickets(Endless):
    """It proves who it is, begins an answer to what it is asked, if it is to, and sends tickets."""

    def __init__(self, folder, *, begins=None):
        super().__init__()
        self._folder, self._begins = folder, begins
        self._context, trusted = loopback_tls(folder)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_3
        self._context.num_tickets = 0
        self.trusting = ssl.create_default_context(cafile=trusted)

    def take(self, connection):
        keys = self._folder / os.urandom(4).hex()
        self._context.keylog_filename = str(keys)
        come, go = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self._context.wrap_bio(come, go, server_side=True)
        self._done(connection, tls.do_handshake, come, go)
        sealed = Sealed(tls.cipher()[0], keys.read_text())
        if self._begins is not None:
            request = b""
            while not request.endswith(b"\r\n\r\n"):
                request += self._done(connection, lambda: tls.read(65536), come, go)
            self.requests += 1
            tls.write(self._begins)
            connection.sendall(go.read())
            sealed.number += 1
        tickets = b"".join(ticket(number) for number in range(500))[:_LARGEST]
        self.go_on(connection, lambda: b"".join(sealed.record(tickets) for _ in range(8)))

    def _done(self, connection, step, come, go):
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                pass
            finally:
                connection.sendall(go.read())
            came = connection.recv(65536)
            if not came:
                raise OSError("hung up")
            come.write(came)


def ticket(number):
    """A session ticket of TLS 1.3 (RFC 8446, 4.6.1): one that is good for two hours."""
    body = struct.pack(">II", 7200, number) + b"\x01" + bytes([number % 256]) + b"\0\x01t\0\0"
    return b"\x04" + len(body).to_bytes(3) + body


class Sealed:
    """A server's records after its handshake (RFC 8446, 5.2), which no library writes at will."""

    def __init__(self, cipher, keys):
        lines = (line.split() for line in keys.splitlines())
        secret = next(bytes.fromhex(one[2]) for one in lines if one[0] == "SERVER_TRAFFIC_SECRET_0")
        kind = hashlib.sha384 if len(secret) == 48 else hashlib.sha256
        key = expanded(secret, b"key", 16 if "AES_128" in cipher else 32, kind)
        self._start = expanded(secret, b"iv", 12, kind)
        self._box = ChaCha20Poly1305(key) if "CHACHA" in cipher else AESGCM(key)
        self.number = 0

    def record(self, messages):
        inner = messages + b"\x16"
        head = b"\x17\x03\x03" + struct.pack(">H", len(inner) + 16)
        count = self.number.to_bytes(12)
        nonce = bytes(one ^ other for one, other in zip(self._start, count, strict=True))
        self.number += 1
        return head + self._box.encrypt(nonce, inner, head)


def expanded(secret, label, length, kind):
    """HKDF-Expand-Label (RFC 8446, 7.1) of no more than one hash."""
    name = b"tls13 " + label
    info = struct.pack(">H", length) + bytes([len(name)]) + name + b"\0\x01"
    return hmac.new(secret, info, kind).digest()[:length]
