"""Starts failoverctl; whatever goes wrong ends as one sentence and a documented exit code."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command that was typed, and end the process."""
    try:
        from failoverctl.program import run  # noqa: PLC0415 - what it needs may not be installed
    except ModuleNotFoundError as err:
        if err.name not in ("boto3", "rich", "typer"):
            raise
        sys.exit(f"failoverctl needs {err.name}: install it with its extra, dws-failover[ctl]")
    sys.exit(run())


if __name__ == "__main__":
    main()
