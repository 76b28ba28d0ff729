"""A Lambda runtime API on loopback, so that a function runs under Lambda's own runtime client.

Source: AWS Lambda Developer Guide, `Using the Lambda runtime API for custom runtimes`.
"""

import json
import queue
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

_ARN = "arn:aws:lambda:us-east-1:000000000000:function:bench"
_TIMEOUT_S = 60


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that is killed while it waits is no error."""


class Environment:
    """One execution environment: a process of the runtime client, and the events it is given."""

    def __init__(self, handler: str, variables: Mapping[str, str]) -> None:
        self._events: queue.Queue[Any] = queue.Queue()
        self._answers: queue.Queue[Any] = queue.Queue()
        self._server = _Server(("127.0.0.1", 0), _api(self._events, self._answers))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        api = f"127.0.0.1:{self._server.server_port}"
        self._process = subprocess.Popen(
            [f"{sys.prefix}-lambda/bin/python", "-m", "awslambdaric", handler],
            env={**variables, "AWS_LAMBDA_RUNTIME_API": api, "AWS_LAMBDA_FUNCTION_NAME": "bench"},
            stdout=subprocess.DEVNULL,
        )

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._server.shutdown()
        self._server.server_close()

    def invoke(self, event: Any) -> Any:
        """What the function answers.

        Raises:
            RuntimeError: it raised, or did not start.
        """
        self._events.put(event)
        is_ok, answer = self._answers.get(timeout=_TIMEOUT_S)
        if not is_ok:
            raise RuntimeError(answer)
        return answer


def _api(events: queue.Queue[Any], answers: queue.Queue[Any]) -> type[BaseHTTPRequestHandler]:
    class Api(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = json.dumps(events.get()).encode()
            self.send_response(200)
            self.send_header("Lambda-Runtime-Aws-Request-Id", str(uuid.uuid4()))
            deadline_ms = int((time.time() + _TIMEOUT_S) * 1000)
            self.send_header("Lambda-Runtime-Deadline-Ms", str(deadline_ms))
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", _ARN)
            self._end(body)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answers.put((self.path.endswith("/response"), json.loads(body)))
            self.send_response(202)
            self._end(b"")

        def _end(self, body: bytes) -> None:
            self.send_header("Content-Type", "application/json")  # without it the client crashes
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    return Api
