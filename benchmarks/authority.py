"""A throw-away authority for loopback, and packages that believe in it.

It is added to each bundle of authorities that a package ships: what is loaded for a connection
stays what would be loaded in the cloud, and one certificate. A bundle named by a variable would
take the place of what is to be measured.
"""

import ssl
import subprocess
from pathlib import Path
from typing import Final

from local.smn import Signer

_HERE: Final = "127.0.0.1"
_BEGIN: Final = b"-----BEGIN CERTIFICATE-----"


class Authority:
    """Vouches for 127.0.0.1; keys of 2,048 bits of RSA, as AWS's and the provider's are."""

    def __init__(self, folder: Path) -> None:
        self.pem, chain = folder / "authority.pem", folder / "server.pem"
        own = Signer("benchmark's authority")
        server = Signer(_HERE, own, hosts=(_HERE,))
        self.pem.write_bytes(own.pem)
        chain.write_bytes(server.key_pem + server.pem)
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
