"""What a package's imports take, by whose modules they are: Python's own account of one start."""

import re
import subprocess
import sys
from collections import Counter

from benchmarks.packages import Package
from benchmarks.stage import Stage

_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s*(\S+)")
_GROUPS = {
    "boto3": ("boto3", "botocore", "s3transfer", "urllib3", "jmespath", "dateutil", "six"),
    "httpx": ("httpx", "httpcore", "h11", "anyio", "sniffio", "idna", "certifi"),
    "Powertools": ("aws_lambda_powertools",),
    "Huawei's SDK": ("huaweicloudsdkcore", "huaweicloudsdkdws", "requests", "charset_normalizer"),
    "ours": ("handler",),
    "runtime client": ("awslambdaric", "simplejson", "runtime_client", "snapshot_restore_py"),
}
_OF = {module: group for group, modules in _GROUPS.items() for module in modules}


def measure(stage: Stage, package: Package, times: int) -> dict[str, float]:
    """Milliseconds by group, of the quickest of some starts; the account itself takes time, too."""
    found = [_once(stage, package) for _ in range(times)]
    return min(found, key=lambda one: sum(one.values()))


def _once(stage: Stage, package: Package) -> dict[str, float]:
    module = package.handler.rpartition(".")[0]
    command = [f"{sys.prefix}-lambda/bin/python", "-X", "importtime", "-c"]
    variables = stage.variables(package.compiled)
    done = subprocess.run(
        [*command, f"import awslambdaric.bootstrap, {module}"],
        env=variables, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return by_group(done.stderr)


def by_group(account: str) -> dict[str, float]:
    """Milliseconds by whose modules they are; of what is not named: the standard library."""
    found: Counter[str] = Counter()
    for taken_us, module in _LINE.findall(account):
        found[_OF.get(module.partition(".")[0], "standard library and others")] += int(taken_us)
    return {name: taken / 1000 for name, taken in found.most_common()}
