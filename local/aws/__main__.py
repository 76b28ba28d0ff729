"""The embedded AWS on a port of this machine, for the tools and SDKs that one has."""

import argparse
import os
import signal
import socket
import sys
import tempfile

from local.aws.gaps import GAPS

_WHAT = """\
Start an AWS on this machine: CloudFormation with SAM, Lambda, EventBridge, Scheduler, SNS, SQS,
DynamoDB, SSM, Secrets Manager, CloudWatch and more. It is ministack with the gaps that dws-failover
needs filled. It listens on 127.0.0.1 only, keeps nothing, and stops on Ctrl-C.
"""


def main() -> None:
    """Serve until told to stop."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="embedded-aws-") as folder:
        _configure(options, folder)
        for name in options.gaps:
            GAPS[name]()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        if not options.quiet:
            print(_how_to_use(options.port), flush=True)
        _serve()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.aws", description=_WHAT)
    parser.add_argument("--port", type=int, default=4566, help="0: a free one (default: 4566)")
    parser.add_argument("--no-auth", action="store_true", help="do not enforce IAM policies")
    parser.add_argument("--concurrency", type=int, default=16, help="functions at once (16)")
    parser.add_argument("--retry-after", type=float, default=1, help="first async retry, s (1)")
    parser.add_argument("--wait-scale", type=float, default=1, help="of state machines' waits (1)")
    parser.add_argument("--quiet", action="store_true", help="do not print how to use it")
    parser.add_argument(
        "--gaps", nargs="*", choices=list(GAPS), default=list(GAPS), help="fill only these"
    )
    options = parser.parse_args()
    if options.port == 0:
        with socket.create_server(("127.0.0.1", 0)) as free:
            options.port = free.getsockname()[1]
    return options


def _configure(options: argparse.Namespace, folder: str) -> None:
    """Set what configures ministack: the environment in which it is imported."""
    os.environ.update(
        AUTH=str(not options.no_auth).lower(),
        AWS_ENDPOINT_URL=os.environ.get("AWS_ENDPOINT_URL", f"http://127.0.0.1:{options.port}"),
        BIND_HOST="127.0.0.1",
        GATEWAY_PORT=str(options.port),
        IOT_MTLS_ENABLED="0",
        LAMBDA_ACCOUNT_CONCURRENCY=str(options.concurrency),
        LAMBDA_ASYNC_RETRY_BASE_SECONDS=str(options.retry_after),
        MINISTACK_HOST="127.0.0.1",
        SFN_WAIT_SCALE=str(options.wait_scale),
        TMPDIR=folder,
    )
    tempfile.tempdir = folder


def _how_to_use(port: int) -> str:
    return f"""\
The embedded AWS answers on http://127.0.0.1:{port} (Ctrl-C stops it). To use it:

  export AWS_ENDPOINT_URL=http://127.0.0.1:{port} AWS_DEFAULT_REGION=us-east-1
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
"""


def _serve() -> None:
    from ministack import app  # noqa: PLC0415 - it is configured when it is imported

    sys.argv = ["ministack"]
    app.main()


if __name__ == "__main__":
    main()
