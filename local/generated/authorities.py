"""Whom the function believes: certifi's authorities, so that TLS need not load them all.

Amazon's are a file of their own for the connections to AWS. For the provider's each is a file that
OpenSSL finds by its subject's hash when a certificate names it. `make generated` writes them anew
from the certifi that is installed; it needs the openssl command.
"""

import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import certifi

HANDLER: Final = Path(__file__).parents[2] / "src" / "handler"
AMAZONS: Final = HANDLER / "aws" / "amazon.pem"
BY_HASH: Final = HANDLER / "dws" / "roots"
_EACH: Final = re.compile(
    r"^# (Subject: .+?)$.+?^(-----BEGIN CERTIFICATE-----\n.+?\n-----END CERTIFICATE-----\n)",
    re.DOTALL | re.MULTILINE,
)
# Amazon Trust Services' five roots: four of its own, and the older one that it has bought.
_OURS: Final = re.compile(r"CN=(Amazon Root CA [1-4]|Starfield Services Root .* G2)\b")


def main() -> None:
    """Write them."""
    AMAZONS.write_text(amazons(), encoding="utf-8")
    shutil.rmtree(BY_HASH, ignore_errors=True)
    BY_HASH.mkdir()
    count: Counter[str] = Counter()
    for pem in authorities():
        hash_ = _hash(pem)
        (BY_HASH / f"{hash_}.{count[hash_]}").write_text(pem, encoding="utf-8")
        count[hash_] += 1
    sys.stdout.write(f"{count.total()} authorities\n")


def authorities() -> list[str]:
    """All that certifi believes, each as PEM below its name."""
    bundle = Path(certifi.where()).read_text(encoding="utf-8")
    return sorted(f"# {subject}\n{pem}" for subject, pem in _EACH.findall(bundle))


def amazons() -> str:
    """Amazon's of these."""
    return "".join(pem for pem in authorities() if _OURS.search(pem))


def _hash(pem: str) -> str:
    openssl = shutil.which("openssl") or "openssl"
    command = [openssl, "x509", "-noout", "-subject_hash"]
    return subprocess.run(
        command, input=pem, capture_output=True, text=True, check=True
    ).stdout.strip()


if __name__ == "__main__":
    main()
