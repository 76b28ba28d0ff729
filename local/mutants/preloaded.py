"""Whatever the tests import that is not changed is imported once, before the processes fork."""

import importlib
from typing import Final

_MODULES: Final = (
    "aws_lambda_powertools.logging",
    "aws_lambda_powertools.metrics",
    "boto3.session",
    "botocore.signers",
    "fastjsonschema",
    "httpx",
    "hypothesis.strategies",
    "local.aws.deploy",
    "local.aws.proxy",
    "local.dws",
    "local.simulation.bugs",
    "pytest",
)


def preload() -> None:
    """Import them; nothing of the function is among them."""
    for name in _MODULES:
        importlib.import_module(name)
