"""Where this function's INIT goes, in milliseconds of CPU."""

import json
import subprocess
import sys

from benchmarks.packages import Package
from benchmarks.stage import Stage

# Run by the function's own Python, in the function's own environment. What `dataclass` makes of a
# class is compiled anew at each start, so it is told apart; so are the clients, made by `adapters`.
_CODE = """
import json, time
spent = {}
def took(name, since, but=0.0):
    spent[name] = (time.process_time() - since - but) * 1000
    return time.process_time()
took("interpreter", 0.0)
at = time.process_time()
import awslambdaric.bootstrap
at = took("runtime client", at)
import boto3, httpx, aws_lambda_powertools.metrics
at = took("fixed packages", at)
import dataclasses
inside = dict.fromkeys(("dataclasses", "clients"), 0.0)
def timed(name, function):
    def call(*args, **kwargs):
        since, others = time.process_time(), sum(inside.values())
        try:
            return function(*args, **kwargs)
        finally:
            inside[name] += time.process_time() - since - (sum(inside.values()) - others)
    return call
dataclasses._process_class = timed("dataclasses", dataclasses._process_class)
import handler.aws.adapters
handler.aws.adapters.adapters = timed("clients", handler.aws.adapters.adapters)
import handler.app
took("our modules", at, sum(inside.values()))
spent |= {name: value * 1000 for name, value in inside.items()}
print(json.dumps(spent))
"""
CALLED = {
    "interpreter": "interpreter",
    "runtime client": "Lambda's runtime client",
    "fixed packages": "boto3, httpx, Powertools imported",
    "our modules": "our modules",
    "dataclasses": "our modules: what `dataclass` compiles",
    "clients": "clients and settings made",
}


def measure(stage: Stage, package: Package, times: int) -> dict[str, float]:
    """Milliseconds by what they are for, of the quickest of some starts."""
    found = [_once(stage, package) for _ in range(times)]
    return min(found, key=lambda one: sum(one.values()))


def _once(stage: Stage, package: Package) -> dict[str, float]:
    done = subprocess.run(
        [f"{sys.prefix}-lambda/bin/python", "-c", _CODE],
        env=stage.variables(package.compiled), capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout)
    return {name: round(value, 1) for name, value in found.items()}
