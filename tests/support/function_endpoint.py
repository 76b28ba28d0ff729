"""Lambda's API on loopback, before a function in this process; and failoverctl as people run it."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest import mock
from urllib.parse import unquote

from places import ROOT


class Refusal(Exception):
    """AWS says no, before anything is invoked."""

    def __init__(self, code, status=400, message="said AWS"):
        super().__init__(code)
        self.code, self.status, self.message = code, status, message


class Raised(Exception):
    """The function ends with an error of this name."""

    def __init__(self, name, message="it said so"):
        super().__init__(message)
        self.name = name


class Lost(Exception):
    """The connection is cut off without an answer; `answer` is what has been carried out.

    Attributes:
        last_bytes: what is on the wire before, below TLS.
    """

    def __init__(self, last_bytes=b""):
        super().__init__()
        self.last_bytes = last_bytes


def result(**said):
    """A result as the function answers it, as far as a test says it."""
    return {"schema": "dws-failover/1", "decision": "status", "reason": "so it is", **said}


class FunctionEndpoint:
    """Answers invocations by a callable; `asked` is every event that has arrived, in order.

    What it answers leaves as JSON; bytes leave as they are.
    """

    def __init__(self, answer, tls=None):
        self.answer, self.asked, self.names, self.tls = answer, [], [], tls

    def __enter__(self):
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint._serve(self, json.loads(body))

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if self.tls:
            self._server.socket = self.tls.wrap_socket(self._server.socket, server_side=True)
        scheme = "https" if self.tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def vanish(self):
        """Take no further connection."""
        self._server.socket.close()

    def _serve(self, request, event):
        *_, name, what = request.path.split("/")
        assert what == "invocations"
        self.names.append(unquote(name))
        self.asked.append(event)
        try:
            _reply(request, 200, self.answer(event))
        except Refusal as no:
            _reply(request, no.status, {"message": no.message}, **{"x-amzn-ErrorType": no.code})
        except Lost as lost:
            request.close_connection = True
            with socket.socket(fileno=os.dup(request.connection.fileno())) as wire:
                wire.sendall(lost.last_bytes)
                wire.shutdown(socket.SHUT_RDWR)
        except Exception as err:  # noqa: BLE001 - as Lambda does
            name = err.name if isinstance(err, Raised) else type(err).__name__
            told = {"errorMessage": str(err), "errorType": name}
            _reply(request, 200, told, **{"X-Amz-Function-Error": "Unhandled"})


def _reply(request, status, body, **headers):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request.send_response(status)
    for name, value in {"Content-Length": len(data), **headers}.items():
        request.send_header(name, str(value))
    request.end_headers()
    request.wfile.write(data)


KEYS = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
}


class Failoverctl:
    """The program as somebody runs it, with this environment beside that of the test."""

    def __init__(self, **environment):
        self.environment = {"COLUMNS": "100", **KEYS, **environment}

    def run(self, *words, typed=""):
        """Run it in this process, with what somebody types."""
        from failoverctl.program import run

        out, err = io.StringIO(), io.StringIO()
        argv, stdin = ["failoverctl", *words], io.StringIO(typed)
        with (
            self._beside_the_tests(), redirect_stdout(out), redirect_stderr(err),
            mock.patch.multiple(sys, argv=argv, stdin=stdin),
        ):  # fmt: skip
            try:
                code = run()
            except SystemExit as end:
                code = end.code
        return Ran(code, out.getvalue(), err.getvalue())

    @contextmanager
    def _beside_the_tests(self):
        given = {name: value for name, value in self.environment.items() if value is not None}
        with mock.patch.dict(os.environ, given):
            for name in self.environment.keys() - given.keys():
                os.environ.pop(name, None)
            yield

    def start(self, *words, closed=False, into=""):
        """Run it as a process of its own, whose input may be closed, and its output a file."""
        command = [sys.executable, "-m", "failoverctl", *words]
        if closed or into:
            elsewhere = f"{'<&-' if closed else ''} {f'>{into}' if into else ''}"
            command = ["sh", "-c", f'exec "$@" {elsewhere}', "sh", *command]
        here = {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        return subprocess.Popen(
            command, env=here | self.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip


class Ran:
    """How a run ended."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __repr__(self):
        return f"exit {self.code}\n{self.out}\n{self.err}"

    @property
    def json(self):
        return json.loads(self.out)


def interrupt(process):
    """Ctrl-C."""
    process.send_signal(signal.SIGINT)
    return ended(process)


def ended(process, typed=None):
    """How a process ends by itself."""
    out, err = process.communicate(typed, timeout=120)
    return Ran(process.returncode, out, err)
