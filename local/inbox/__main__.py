"""`make inbox`: where the demo's mails are, or those of an embedded AWS that runs by itself."""

import argparse
import signal
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.inbox.mailbox import Mailbox

# Where a demo that is kept says how to reach it.
OF_THE_DEMO: Final = Path(".cache/demo/inbox")
_WHAT: Final = """\
Show every notification that an embedded AWS sends as a page of mails. While `make demo KEEP=1` is
running, say where its page is. Else subscribe to all topics of the AWS that `make aws` has started,
also to those made later, and show what they send from now on, until Ctrl-C.
"""
_LOOK_EVERY_S: Final = 2.0


def main() -> int:
    """Say where the page is; 0, or 1 where there is no AWS to be heard."""
    parser = argparse.ArgumentParser(prog="make inbox", description=_WHAT)
    parser.add_argument("--endpoint", help="of an embedded AWS (http://127.0.0.1:4566)")
    parser.add_argument("--port", type=int, default=0, help="of the page; 0: a free one (0)")
    options = parser.parse_args()
    if options.endpoint is None and (url := _of_the_demo()):
        print(f"The demo's mails: {url}")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        return _serve(options.endpoint or "http://127.0.0.1:4566", options.port)
    except KeyboardInterrupt:
        return 0


def _of_the_demo() -> str | None:
    """The page of a demo that is still running."""
    try:
        url = OF_THE_DEMO.read_text().strip()
        with urllib.request.urlopen(url, timeout=2):
            return url
    except (OSError, ValueError, urllib.error.URLError):
        return None


def _serve(endpoint: str, port: int) -> int:
    sns = _client(endpoint)
    try:
        known = _topics(sns)
    except (BotoCoreError, ClientError) as err:
        print(f"No AWS answers on {endpoint}: start `make aws`, or `make demo KEEP=1`. ({err})")
        return 1
    with Mailbox(sns, port) as mailbox:
        print(f"Mails from now on: {mailbox.url} (Ctrl-C stops it)", flush=True)
        heard: set[str] = set()
        while True:
            for topic in known - heard:
                mailbox.subscribe(topic)
            heard |= known
            time.sleep(_LOOK_EVERY_S)
            known = _topics(sns)


def _client(endpoint: str) -> Any:
    """A client of an embedded AWS: its keys are anybody's, and no file of this machine is read."""
    return boto3.client(
        "sns",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the embedded AWS's own
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )


def _topics(sns: Any) -> set[str]:
    pages = sns.get_paginator("list_topics").paginate()
    return {topic["TopicArn"] for found in pages for topic in found["Topics"]}


if __name__ == "__main__":
    sys.exit(main())
