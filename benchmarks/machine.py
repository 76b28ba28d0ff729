"""Where and with what it was measured."""

import json
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

_LIBRARIES = ("boto3", "botocore", "urllib3", "awslambdaric")
_ASK = (
    "import json, ssl, sys; from importlib.metadata import version;"
    "print(json.dumps({'Python': sys.version.split()[0], 'OpenSSL': ssl.OPENSSL_VERSION,"
    f" **{{name: version(name) for name in {_LIBRARIES}}}}}))"
)


def describe() -> dict[str, Any]:
    """The machine, the versions, the revision and the time."""
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="minutes"),
        "revision": _git("rev-parse", "--short=7", "HEAD"),
        "is_changed": bool(_git("status", "--porcelain", "--untracked-files=no", "--", "src")),
        "cpu": _cpu(),
        "cpus": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "load_before": round(os.getloadavg()[0], 2),
        "versions": {**_of_lambda(), **_of_packages()},
    }


def _of_lambda() -> dict[str, str]:
    asked = [f"{sys.prefix}-lambda/bin/python", "-c", _ASK]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _of_packages() -> dict[str, str]:
    names = ("httpx", "aws-lambda-powertools", "huaweicloudsdkdws", "ministack")
    return {name: version(name) for name in names}


def _cpu() -> str:
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.processor()


def _git(*command: str) -> str:
    done = subprocess.run(["git", *command], capture_output=True, text=True, check=False)  # noqa: S607
    return done.stdout.strip()
