"""What Lambda's managed Python runtime gives a function: its Python, its entry, its environment."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

# The entry of a custom runtime, which is how ministack starts what is not its own worker.
_BOOTSTRAP: Final = '#!/bin/sh\nexec "{python}" -m awslambdaric "$_HANDLER"\n'


def lambda_python() -> Path:
    """The Python that holds what the managed runtime holds, beside the one that is running."""
    return Path(f"{sys.prefix}-lambda") / "bin" / "python"


def write_bootstrap(folder: Path) -> None:
    """Make a package's entry, whole at once: several environments may start from it."""
    path = folder / "bootstrap"
    if path.exists():
        return
    new = path.with_suffix(f".{os.getpid()}")
    new.write_text(_BOOTSTRAP.format(python=lambda_python()))
    new.chmod(0o755)
    new.replace(path)


def environment(config: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    """What is set whatever the host has set.

    AWS Lambda Developer Guide, "Working with Lambda environment variables".
    """
    logging = config.get("LoggingConfig") or {}
    group = logging.get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    return {
        **_credentials(known),
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{config.get('Runtime')}",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
        **_log_level(logging),
        "AWS_LAMBDA_LOG_GROUP_NAME": group,
        "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
        # Some calls go to `sync-<host>`, which is no name of this machine.
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "PYTHONUNBUFFERED": "1",
        "TZ": ":UTC",
    }


def _log_level(logging: Mapping[str, Any]) -> dict[str, str]:
    """Set where the format is JSON: of text no level can be told."""
    if logging.get("LogFormat") != "JSON":
        return {}
    return {"AWS_LAMBDA_LOG_LEVEL": logging.get("ApplicationLogLevel", "INFO")}


def _credentials(known: Mapping[str, str]) -> dict[str, str]:
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    return {name: known[name] for name in (*names, "AWS_REGION", "AWS_DEFAULT_REGION")}
