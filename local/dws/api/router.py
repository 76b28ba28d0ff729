"""Between the connection and the world: journal, fault, identity and operation of each call.

A call is opened when it has been read, answered when its effect is due and closed when its answer
has left, so that a fault can come between any two of these. All of it happens under one lock.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import RLock

from local.dws import refusals
from local.dws.api import operations
from local.dws.api.faults import Fault, Script
from local.dws.api.journal import Call, Journal
from local.dws.api.operations import Asked, Operation
from local.dws.api.world import World
from local.dws.auth.identity import Identity, identify
from local.dws.model.clock import Clock
from local.dws.refusals import GatewayRefused
from local.dws.wire import Answer, Request

ANYONE = Identity("none")
Watcher = Callable[[Call], None]


@dataclass(frozen=True)
class Ticket:
    """A call under way."""

    request: Request
    request_id: str
    operation: Operation | None
    project_id: str
    id: str
    identity: Identity
    fault: Fault | None


class Router:
    """Takes calls to the provider's API."""

    def __init__(self, world: World, clock: Clock, lock: RLock) -> None:
        self.world = world
        self.clock = clock
        self.lock = lock
        self.journal = Journal()
        self.script = Script()
        self.gateway_ahead_s = 0.0
        self.on_fault: Watcher = lambda _: None

    def fault_on_connect(self) -> Fault | None:
        """The fault that befalls a connection before anything is read."""
        with self.lock:
            return self.script.take("any", connecting=True)

    def open(self, request: Request, peer: int = 0) -> Ticket:
        """Note a call and find out what it is, by whom, and what shall go wrong with it."""
        ticket, call = self._open(request, peer)
        if ticket.fault:
            self.on_fault(call)
        return ticket

    def _open(self, request: Request, peer: int) -> tuple[Ticket, Call]:
        with self.lock:
            found = operations.find(request)
            operation, project_id, id_ = found or (None, "", "")
            name = operation.name if operation else "unknown"
            ticket = Ticket(
                request=request,
                request_id=uuid.uuid4().hex,
                operation=operation,
                project_id=project_id,
                id=id_,
                identity=self._identify(request, operation),
                fault=self.script.take(name, self.world.pair_of(id_)),
            )
            call = self._call(ticket, name, peer)
            self.journal.add(call)
            return ticket, call

    def answer(self, ticket: Ticket) -> Answer:
        """Answer a call, taking its order unless its fault forbids."""
        with self.lock:
            try:
                answer = self._answer(ticket)
            except GatewayRefused as refusal:
                answer = refusal.answer(ticket.request_id)
            if ticket.fault and ticket.fault.kind == "respond":
                fault = ticket.fault
                answer = Answer(fault.status, fault.body, fault.headers, effect=answer.effect)
            self.journal.amend(ticket.request_id, effect=answer.effect)
            return replace(answer, headers={"X-Request-Id": ticket.request_id, **answer.headers})

    def close(self, ticket: Ticket, status: int | None) -> None:
        """Note what was answered; None if the connection ended before that."""
        with self.lock:
            self.journal.amend(ticket.request_id, status=status)

    def _identify(self, request: Request, operation: Operation | None) -> Identity:
        if operation and not operation.needs_identity:
            return ANYONE
        now = self.clock.now() + timedelta(seconds=self.gateway_ahead_s)
        return identify(request, self.world.credentials, self.world.tokens, now)

    def _answer(self, ticket: Ticket) -> Answer:
        now = self.clock.now()
        self.world.advance(now)
        identity, operation = ticket.identity, ticket.operation
        if identity.refusal:
            raise identity.refusal
        if operation is None:
            raise refusals.no_such_api()
        if operation.needs_identity:
            self._check_project(ticket)
        if ticket.fault and not ticket.fault.takes_order and ticket.request.method == "POST":
            raise refusals.backend_timeout()
        return operation.answer(
            Asked(self.world, ticket.request, now, ticket.project_id, ticket.id)
        )

    def _check_project(self, ticket: Ticket) -> None:
        of_token = ticket.identity.project_id
        if not self.world.knows_project(ticket.project_id) or of_token not in (
            None,
            ticket.project_id,
        ):
            raise refusals.wrong_project()

    def _call(self, ticket: Ticket, operation: str, peer: int) -> Call:
        identity = ticket.identity
        return Call(
            at=self.clock.now(),
            method=ticket.request.method,
            path=ticket.request.path,
            query=ticket.request.query,
            operation=operation,
            auth=identity.kind,
            auth_valid=identity.refusal is None,
            access_key=identity.access_key,
            request_id=ticket.request_id,
            body_length=len(ticket.request.body),
            fault=ticket.fault.label if ticket.fault else None,
            peer=peer,
        )
