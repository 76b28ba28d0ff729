"""A function that shows what it was given, or fails as it is told."""

import importlib.util
import os


class NamedFailure(Exception):
    """Has a name that a state machine could match."""


def handler(event, context):
    if event.get("fail"):
        raise NamedFailure("as told")
    return {
        "event": event,
        "environment": sorted(os.environ),
        "runtime": os.environ.get("AWS_EXECUTION_ENV"),
        "modules": [
            name
            for name in ("boto3", "awslambdaric", "ministack", "cryptography", "pytest")
            if importlib.util.find_spec(name)
        ],
        "log_group": context.log_group_name,
    }
