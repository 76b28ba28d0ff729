"""One connection: its requests are read, answered, and spoiled where a fault says so."""

import contextlib
import socket
import struct
from collections.abc import Callable
from threading import Event

from local.browsers import is_sent_by_a_page
from local.dws.api.faults import Fault
from local.dws.api.router import Router, Ticket
from local.dws.http.corruption import corrupted
from local.dws.wire import Answer, BadRequest, Request, read_request, render

CONTROL = "/_emulator"
RESET = struct.pack("ii", 1, 0)


class Hangup(Exception):
    """The connection ends here, by a fault or because the emulator stops."""


class Exchange:
    """Serves one connection until either side ends it."""

    def __init__(
        self,
        connection: socket.socket,
        router: Router,
        control: Callable[[Request], Answer],
        refuse_for: Callable[[float], None],
        stopping: Event,
    ) -> None:
        self._connection = connection
        self._router = router
        self._control = control
        self._refuse_for = refuse_for
        self._stopping = stopping
        self._peer = _port_of_peer(connection)

    def serve(self) -> None:
        """Answer requests until the connection ends."""
        connection_ended = (Hangup, ConnectionError, TimeoutError, OSError)
        with contextlib.suppress(*connection_ended), self._connection.makefile("rb") as stream:
            self._spoil_connect()
            with contextlib.suppress(BadRequest):
                while request := read_request(stream):
                    self._serve(request)
                    if request.wants_close:
                        return
                return
            self._send(*render(Answer(400, {"error_msg": "not a readable request"}), closes=True))

    def _serve(self, request: Request) -> None:
        # By whatever name: the provider's hosts have many, which tests and proxies ask for.
        if is_sent_by_a_page(request.header):
            refusal = Answer(403, {"error_msg": "this is for no web page"})
            self._send(*render(refusal, closes=request.wants_close))
            return
        if request.path.startswith(CONTROL):
            self._send(*render(self._control(request), closes=request.wants_close))
            return
        ticket = self._router.open(request, self._peer)
        fault = ticket.fault
        self._spoil_request(ticket)
        answer = self._router.answer(ticket)
        if fault is None or fault.kind == "respond":
            # Closed before it is sent: who has the answer finds the status in the journal.
            self._router.close(ticket, answer.status)
            self._send(*render(answer, closes=request.wants_close))
            return
        self._spoil_answer(ticket, fault, answer)

    def _spoil_connect(self) -> None:
        if fault := self._router.fault_on_connect():
            self._cut(fault)

    def _spoil_request(self, ticket: Ticket) -> None:
        fault = ticket.fault
        if fault is None or fault.at != "request":
            return
        if fault.kind == "stall":
            self._wait(fault.seconds)
        else:
            self._router.answer(ticket)
            self._cut(fault)

    def _spoil_answer(self, ticket: Ticket, fault: Fault, answer: Answer) -> None:
        head, body = render(answer, closes=ticket.request.wants_close)
        if fault.kind == "stall" and fault.at == "answer":
            self._wait(fault.seconds)
        elif fault.kind == "cut":
            if fault.at == "body":
                self._router.close(ticket, answer.status)
            self._cut_within(fault, head, body)
        elif fault.kind == "corrupt":
            head, body = corrupted(answer, fault)
        self._router.close(ticket, answer.status)
        if fault.kind == "drip":
            self._drip(fault, head, body)
            return
        self._send(head, body)
        if fault.kind == "refuse":
            # Ended before the port is shut: who is refused by it holds no open connection either.
            self._connection.shutdown(socket.SHUT_RDWR)
            self._refuse_for(fault.seconds)
        if fault.kind in ("corrupt", "refuse"):
            raise Hangup

    def _cut_within(self, fault: Fault, head: bytes, body: bytes) -> None:
        sent = {"headers": head[: len(head) // 2], "body": head + body[: len(body) // 2]}
        self._send(sent.get(fault.at or "", b""))
        self._cut(fault)

    def _cut(self, fault: Fault) -> None:
        if fault.how == "rst":
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        raise Hangup

    def _drip(self, fault: Fault, head: bytes, body: bytes) -> None:
        at_once, slowly = (head, body) if fault.at == "body" else (b"", head + body)
        self._send(at_once)
        for number in range(len(slowly)):
            self._wait(fault.interval_ms / 1000)
            self._send(slowly[number : number + 1])

    def _send(self, *parts: bytes) -> None:
        self._connection.sendall(b"".join(parts))

    def _wait(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise Hangup


def _port_of_peer(connection: socket.socket) -> int:
    with contextlib.suppress(OSError):  # it may be gone already, and what it has sent is here
        return int(connection.getpeername()[1])
    return 0
