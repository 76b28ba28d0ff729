"""What to try after the demo: everything stays up, and five commands in another terminal."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from local.demo.screen import Screen
from local.demo.stage import PAIR, Stage

FOLDER: Final = Path(".cache/demo")  # of the working tree
_NOT_BEFORE: Final = timedelta(minutes=10)  # after the order: docs/reference.md, "Commands"
_ROUNDED_UP: Final = timedelta(seconds=59)  # a minute that has begun is too early
_ENV: Final = """\
# For a terminal beside `make demo KEEP=1`: where its AWS and its provider are.
export AWS_ENDPOINT_URL={aws} AWS_DEFAULT_REGION={region} AWS_REGION={region}
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DISABLE_HOST_PREFIX_INJECTION=true
export FAILOVERCTL_FUNCTION={function}
unset AWS_PROFILE AWS_SESSION_TOKEN
failoverctl() {{ PYTHONPATH=src:. .venv/bin/python -m failoverctl "$@"; }}
provider() {{ curl -fsS -X POST "{emulator}/_emulator/$1" >/dev/null && echo "done: $1"; }}
"""
_WALK: Final = """\
Everything is still running. In another terminal, in this folder:

  . {folder}/env

  # 1. What people were told, as mails
  make inbox

  # 2. How the pair stands: HELD, until a person has looked
  failoverctl status {pair}

  # 3. What "DR Recovery" does in the provider's console
  provider recover

  # 4. Say that you have looked; from {when} UTC on, ten minutes after the order
  failoverctl acknowledge {pair} --run-id {run_id} \\
    --production {production}

  # 5. Healthy again: armed within two minutes, and ready for the next outage
  failoverctl status {pair}

Then break it again: `provider break-production`. No alarm is needed: reconcile
sees it within a minute, and the mails come.

Ctrl-C here stops everything.
"""


@contextmanager
def kept(stage: Stage, screen: Screen) -> Iterator[None]:
    """Say how to walk on; what says where things are is gone afterwards."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    files = {"env": _env(stage), "inbox": f"{stage.mailbox.url}\n"}
    try:
        for name, text in files.items():
            (FOLDER / name).write_text(text)
        screen.chapter("Now you")
        screen.plain(_walk(stage))
        yield
    finally:
        for name in files:
            (FOLDER / name).unlink(missing_ok=True)


def next_steps(screen: Screen) -> None:
    """Where to go from here."""
    screen.chapter("What next")
    screen.plain(
        "  make demo KEEP=1   the same, and it stays up for a walk of five commands\n"
        "  make drill         eleven outages against pair documents of yours, with a report\n"
        "  README.md          how to deploy it"
    )


def _env(stage: Stage) -> str:
    return _ENV.format(
        aws=stage.aws.endpoint,
        region=stage.aws.environment["AWS_DEFAULT_REGION"],
        function=stage.outputs["FailoverFunctionArn"],
        emulator=stage.emulator.url,
    )


def _walk(stage: Stage) -> str:
    run = stage.invoke({"command": "verify", "pair": PAIR})
    command = _acknowledgement(run["next_steps"])
    good_from = datetime.fromisoformat(run["timings"]["requested_at"]) + _NOT_BEFORE
    return _WALK.format(
        folder=FOLDER,
        pair=PAIR,
        when=f"{good_from + _ROUNDED_UP:%H:%M}",
        run_id=command["run_id"],
        production=command["production_cluster_id"],
    )


def _acknowledgement(steps: list[str]) -> dict[str, Any]:
    """The command that a result gives.

    Raises:
        RuntimeError: it gives none.
    """
    for step in steps:
        if step.startswith("{") and (command := json.loads(step))["command"] == "acknowledge":
            return dict(command)
    raise RuntimeError("the run does not say how to acknowledge it")
