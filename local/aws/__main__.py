"""The embedded AWS on a port of this machine, for the tools and SDKs that one has."""

import argparse
import os
import signal
import socket
import sys
import tempfile
import threading
import time

from local.aws.door import for_tools_alone
from local.aws.gaps import GAPS
from local.aws.measurements import MINUTE
from local.aws.processes import free_port, is_listening

_WHAT = """\
Start an AWS on this machine: CloudFormation with SAM, Lambda, EventBridge, Scheduler, SNS, SQS,
DynamoDB, SSM, Secrets Manager, CloudWatch and more. It is ministack with the gaps that dws-failover
needs filled. It listens on 127.0.0.1 only, answers no web page that a browser shows, keeps nothing,
and stops on Ctrl-C.
"""


def main() -> None:
    """Serve until told to stop."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="embedded-aws-") as folder:
        _configure(options, folder)
        for name in options.gaps:
            GAPS[name]()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        aside = _end_with_parent if options.tied else _announce
        threading.Thread(target=aside, args=(options.port,), daemon=True).start()
        _serve()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.aws", description=_WHAT)
    parser.add_argument("--port", type=int, default=4566, help="0: a free one (4566)")
    parser.add_argument(
        "--auth", action=argparse.BooleanOptionalAction, default=True, help="enforce IAM (yes)"
    )
    parser.add_argument("--concurrency", type=int, default=16, help="functions at once (16)")
    parser.add_argument("--retry-after", type=float, default=1, help="first async retry, s (1)")
    parser.add_argument("--wait-scale", type=float, default=1, help="of state machines' waits (1)")
    parser.add_argument(
        "--minute", type=float, default=60, help="of schedules and alarms' periods, s (60)"
    )
    parser.add_argument("--functions-endpoint", help="where functions find AWS (here)")
    parser.add_argument(
        "--tied", action="store_true", help="say nothing and end when standard input does"
    )
    parser.add_argument(
        "--gaps", nargs="*", choices=list(GAPS), default=list(GAPS), help="fill only these"
    )
    options = parser.parse_args()
    options.port = options.port or free_port()
    try:
        socket.create_server(("127.0.0.1", options.port)).close()
    except OSError as err:
        parser.error(f"port {options.port}: {err.strerror}")
    return options


def _configure(options: argparse.Namespace, folder: str) -> None:
    """Set what configures ministack: the environment in which it is imported."""
    os.environ.update(
        AUTH=str(options.auth).lower(),
        AWS_ENDPOINT_URL=options.functions_endpoint or f"http://127.0.0.1:{options.port}",
        BIND_HOST="127.0.0.1",
        GATEWAY_PORT=str(options.port),
        IOT_MTLS_ENABLED="0",
        LAMBDA_ACCOUNT_CONCURRENCY=str(options.concurrency),
        LAMBDA_ASYNC_RETRY_BASE_SECONDS=str(options.retry_after),
        MINISTACK_HOST="127.0.0.1",
        SFN_WAIT_SCALE=str(options.wait_scale),
        **{MINUTE: str(options.minute)},
        STATE_DIR=f"{folder}/state",
        TMPDIR=folder,
    )
    tempfile.tempdir = folder


def _end_with_parent(_port: int) -> None:
    """Stop when whoever started us is gone, even if it was killed."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _announce(port: int) -> None:
    """Say how to use it, once it can be used."""
    while not is_listening(port):
        time.sleep(0.05)
    text = f"""\
The embedded AWS answers on http://127.0.0.1:{port} (Ctrl-C stops it). To use it:

  export AWS_ENDPOINT_URL=http://127.0.0.1:{port} AWS_DEFAULT_REGION=us-east-1
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
"""
    print(text, flush=True)


def _serve() -> None:
    from ministack import app  # noqa: PLC0415 - it is configured when it is imported

    app.app = for_tools_alone(app.app)
    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    main()
