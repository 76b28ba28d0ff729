"""A proxy before the embedded AWS, for the calls of its functions: chosen ones meet trouble.

It reads requests, not connections: an SDK keeps its connections open.
"""

import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from functools import partial
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, Final, Self

from local.aws.troubles import (
    Answer,
    Call,
    Dropped,
    Hold,
    Moment,
    Noted,
    Outage,
    Rule,
    Trouble,
)

_ANSWER_S: Final = 60.0
_OF_ONE_HOP: Final = frozenset({
    "connection", "content-length", "expect", "keep-alive", "transfer-encoding",
})  # fmt: skip


class Proxy:
    """Serves on a port of loopback until its `with` block ends.

    It is there before the AWS behind it, which is started with its endpoint; so it is told late
    which port to forward to.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._rules: list[Rule] = []
        self._outages: list[Outage] = []
        self._calls: list[Call] = []
        self._open, self._last_at = 0, time.monotonic()
        self._port_behind = 0
        self._server = _Server(("127.0.0.1", 0), partial(_Exchange, self))
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def calls(self) -> list[Call]:
        """All calls that have come, in order."""
        with self._lock:
            return list(self._calls)

    def count(self, operation: str) -> int:
        """How many calls of an operation have come."""
        return sum(call.operation == operation for call in self.calls)

    @property
    def quiet_s(self) -> float:
        """For how long no call has been on its way."""
        with self._lock:
            return 0.0 if self._open else time.monotonic() - self._last_at

    def forward_to(self, port: int) -> None:
        """Forward to a port of loopback from now on."""
        self._port_behind = port

    def spoil(
        self,
        operation: str,
        trouble: Trouble,
        *,
        moment: Moment = "before",
        nth: int = 1,
        containing: str | Sequence[str] = "",
    ) -> None:
        """Let trouble befall one call.

        Args:
            operation: as Call has it; `*` is a wildcard.
            trouble: what happens.
            moment: before or after the call takes effect.
            nth: which one of those that match, from now on.
            containing: what its body must contain; of several texts, all.
        """
        texts = (containing,) if isinstance(containing, str) else containing
        wanted = tuple(text.encode() for text in texts)
        with self._lock:
            self._rules.append(Rule(trouble, moment, operation, wanted, nth))

    def take_down(
        self,
        service: str,
        trouble: Trouble,
        *,
        after: str = "",
        containing: str = "",
    ) -> None:
        """Let trouble befall every call to a service, until it is brought back.

        Args:
            service: as requests are signed for it, for example `dynamodb`.
            trouble: what happens to each.
            after: the operation that is the last one to be answered; none: it is down at once.
            containing: what that one's body must contain.
        """
        begins_after = (after, containing.encode()) if after else None
        with self._lock:
            self._outages.append(Outage(service, trouble, begins_after, not after))

    def bring_back(self, service: str) -> None:
        """End a service's outage; what is held is lost."""
        with self._lock:
            over = [one for one in self._outages if one.service == service]
            self._outages = [one for one in self._outages if one.service != service]
        _let_go([one.trouble for one in over])

    def clear(self) -> None:
        """Forget rules, outages and calls; what is held is lost."""
        self.clear_troubles()
        with self._lock:
            self._calls = []

    def clear_troubles(self) -> None:
        """Forget rules and outages; what is held is lost."""
        with self._lock:
            troubles = [rule.trouble for rule in self._rules]
            troubles += [outage.trouble for outage in self._outages]
            self._rules, self._outages = [], []
        _let_go(troubles)

    def answer(self, call: Call) -> Answer:
        """Forward a call, with the trouble that is meant for it.

        Raises:
            Dropped: there shall be no answer.
        """
        with self._lock:
            self._calls.append(call)
            self._open += 1
        try:
            return self._answer(call)
        finally:
            with self._lock:
                self._open, self._last_at = self._open - 1, time.monotonic()

    def _answer(self, call: Call) -> Answer:
        with self._lock:
            troubles = {rule.moment: rule.trouble for rule in self._rules if rule.takes(call)}
            for outage in self._outages:
                if outage.takes(call):
                    troubles["before"] = outage.trouble
        if "before" in troubles and (answer := troubles["before"].befall(call)):
            return answer
        answer = _forward(call, self._port_behind)
        with self._lock:
            for one in self._outages:
                one.note_answered(call)
        return ("after" in troubles and troubles["after"].befall(call)) or answer


def _let_go(troubles: Iterable[Trouble]) -> None:
    for trouble in troubles:
        if isinstance(trouble, Hold | Noted):
            trouble.drop()


def _forward(call: Call, port: int) -> Answer:
    """The Host header goes along as it was sent: it is signed."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=_ANSWER_S)) as connection:
        connection.putrequest(call.method, call.path, skip_host=True, skip_accept_encoding=True)
        for name, value in _end_to_end(call.headers.items()):
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(call.body)))
        connection.endheaders(call.body)
        response = connection.getresponse()
        return Answer(response.status, _end_to_end(response.getheaders()), response.read())


def _end_to_end(headers: Any) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in _OF_ONE_HOP]


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a caller that has gone: one that was killed has."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, proxy: Proxy, *args: Any) -> None:
        self._proxy = proxy
        super().__init__(*args)

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        call = Call(self.command, self.path, self.headers, body, self.client_address[1])
        self.close_connection = True  # but for an answer
        with suppress(Dropped, OSError):
            self._send(self._proxy.answer(call))
            self.close_connection = False

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - http.server's names

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        """Say nothing: what is called stands in the proxy's list."""
