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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from benchmarks.processes import cpu_s, peak_mb

_ARN = "arn:aws:lambda:us-east-1:000000000000:function:bench"
_TIMEOUT_S = 300


@dataclass(frozen=True)
class Answer:
    """What a function answered, and what that took; points in time are of `time.monotonic`."""

    value: Any
    size: int
    began: float
    ended: float
    cpu_began_s: float
    cpu_ended_s: float

    @property
    def cpu_s(self) -> float:
        """CPU seconds of the whole process meanwhile."""
        return self.cpu_ended_s - self.cpu_began_s


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that is killed while it waits is no error."""


class Environment:
    """One execution environment: a process of the runtime client, and the events it is given.

    Args:
        handler: as in `Handler` of a template.
        variables: the process's environment.
        on_ready: called with the process's id when INIT is over, before the first event goes out.

    Attributes:
        began: when the process was started.
        ready: when it asked for its first event.
        cpu_ready_s: the CPU that it had used by then.
    """

    def __init__(
        self,
        handler: str,
        variables: Mapping[str, str],
        on_ready: Callable[[int], object] = lambda _: None,
    ) -> None:
        self._events: queue.Queue[Any] = queue.Queue()
        self._answers: queue.Queue[Any] = queue.Queue()
        self._on_ready = on_ready
        self._is_ready = threading.Event()
        self.ready, self.cpu_ready_s = 0.0, 0.0
        self._server = _Server(("127.0.0.1", 0), _api(self))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        api = f"127.0.0.1:{self._server.server_port}"
        self.began = time.monotonic()
        self._process = subprocess.Popen(
            [f"{sys.prefix}-lambda/bin/python", "-m", "awslambdaric", handler],
            env={**_OF_LAMBDA, **variables, "AWS_LAMBDA_RUNTIME_API": api},
            stdout=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._server.shutdown()
        self._server.server_close()

    @property
    def peak_mb(self) -> float:
        """The most memory that it has held."""
        return peak_mb(self._process.pid)

    def cpu_s(self) -> float:
        """CPU seconds that it has used; 0 once it is gone."""
        return cpu_s(self._process.pid)

    def wait_until_ready(self) -> None:
        """Wait for the end of INIT."""
        if not self._is_ready.wait(_TIMEOUT_S):
            raise RuntimeError("the function did not start")

    def invoke(self, event: Any) -> Answer:
        """Hand over an event and wait for what the function answers.

        Raises:
            RuntimeError: it raised, or did not start.
        """
        began, cpu_began_s = time.monotonic(), self.cpu_s()
        self._events.put(event)
        is_ok, body, ended, cpu_ended_s = self._answers.get(timeout=_TIMEOUT_S)
        if not is_ok:
            raise RuntimeError(body.decode(errors="replace"))
        return Answer(json.loads(body), len(body), began, ended, cpu_began_s, cpu_ended_s)

    def next_event(self) -> bytes:
        """The next event, once there is one; INIT ends when the first is asked for."""
        if not self._is_ready.is_set():
            self.ready, self.cpu_ready_s = time.monotonic(), self.cpu_s()
            self._on_ready(self._process.pid)
            self._is_ready.set()
        return json.dumps(self._events.get()).encode()

    def note_answer(self, body: bytes, *, is_ok: bool) -> None:
        """Take an answer."""
        self._answers.put((is_ok, body, time.monotonic(), self.cpu_s()))


# What Lambda sets, as far as the runtime client, Powertools or we look at it.
_OF_LAMBDA = {
    "AWS_LAMBDA_FUNCTION_NAME": "bench",
    "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
    "AWS_LAMBDA_LOG_FORMAT": "JSON",
    "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
    "PYTHONDONTWRITEBYTECODE": "1",  # nothing can be written to a function's package
}


def _api(environment: Environment) -> type[BaseHTTPRequestHandler]:
    class Api(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An answer leaves as a whole and at once: two writes, with Nagle's algorithm on, wait for
        # the client's delayed acknowledgement, 40 ms of each event.
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            body = environment.next_event()
            self.send_response(200)
            self.send_header("Lambda-Runtime-Aws-Request-Id", str(uuid.uuid4()))
            deadline_ms = int((time.time() + _TIMEOUT_S) * 1000)
            self.send_header("Lambda-Runtime-Deadline-Ms", str(deadline_ms))
            self.send_header("Lambda-Runtime-Invoked-Function-Arn", _ARN)
            self._end(body)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            environment.note_answer(body, is_ok=self.path.endswith("/response"))
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
