"""The provider's API for one pair: its reads and the one order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timezone
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from handler.dws.answers import Answer, describe, error_of, read_answer
from handler.dws.auth import AccessKey, Clock, SignedAuth, TokenAuth, Tokens, User
from handler.dws.models import (
    Cluster,
    DisasterRecovery,
    Event,
    parse_cluster,
    parse_detail,
    parse_events,
    parse_list,
)
from handler.dws.reply import Lost, Reply
from handler.dws.wire import Deadline, Wire
from handler.errors import InvalidSettings

Credentials = Callable[[bool], AccessKey | User]  # True: read past the cache
T = TypeVar("T")
_TRANSIENT_FROM = 500


class Unreadable(Exception):
    """A read gave nothing usable.

    `code` is one of not_found, denied, throttled, unavailable, garbled; `is_transient` tells
    whether the same read may well work in a minute.
    """

    def __init__(self, code: str, sentence: str, *, is_transient: bool) -> None:
        super().__init__(sentence)
        self.code = code
        self.is_transient = is_transient


@dataclass(frozen=True)
class Dws:
    """One pair's project at one endpoint; `credentials` and `tokens` say who asks."""

    wire: Wire
    endpoint: str
    project_id: str
    zone: timezone
    credentials: Credentials
    tokens: Tokens
    clock: Clock

    def check_credentials(self) -> None:
        """Have credentials at hand; later, bad ones only make a read fail.

        Raises:
            InvalidSettings: they cannot be read or have not the right shape.
        """
        self.credentials(False)  # noqa: FBT003 - not past the cache

    def detail(self, disaster_recovery_id: str, within_s: float) -> DisasterRecovery:
        """ShowDisasterDetail.

        Raises:
            Unreadable: no usable answer within `within_s` seconds.
        """
        path = f"/v2/{self.project_id}/disaster-recovery/{disaster_recovery_id}"
        found = self._read(path, within_s, lambda body: parse_detail(body, self.zone))
        if found.id not in (None, disaster_recovery_id):
            raise Unreadable("garbled", f"the detail is of {found.id}", is_transient=True)
        return found

    def listed(
        self, within_s: float, disaster_recovery_id: str | None = None
    ) -> tuple[DisasterRecovery, ...]:
        """ListDisasterRecover: the project's disaster recoveries, or about one of them.

        A site that does not know the filter answers with all.

        Raises:
            Unreadable: no usable answer within `within_s` seconds.
        """
        query = f"?id={disaster_recovery_id}" if disaster_recovery_id else ""
        path = f"/v2/{self.project_id}/disaster-recoveries{query}"
        return self._read(path, within_s, lambda body: parse_list(body, self.zone))

    def cluster(self, cluster_id: str, within_s: float) -> Cluster:
        """ListClusterDetails: the lifecycle of one cluster.

        Raises:
            Unreadable: no usable answer within `within_s` seconds.
        """
        path = f"/v1.0/{self.project_id}/clusters/{quote(cluster_id, safe='')}"
        return self._read(path, within_s, parse_cluster)

    def events(self, disaster_recovery_id: str, within_s: float) -> tuple[Event, ...]:
        """ListEvents: the newest of the project's events, those about one disaster recovery.

        Raises:
            Unreadable: no usable answer within `within_s` seconds, or no permission.
        """
        path = f"/v2/{self.project_id}/events?limit=100&offset=0"
        return self._read(path, within_s, lambda body: parse_events(body, disaster_recovery_id))

    def fail_over(self, disaster_recovery_id: str, within_s: float) -> Answer:
        """SwitchFailoverDisaster, the exception switchover: sent once, whatever comes back.

        Only a 401 is repeated, once, with credentials read anew. Never raises for an answer.
        """
        path = f"/v2/{self.project_id}/disaster-recovery/{disaster_recovery_id}/failover"
        try:
            reply: Reply | Lost = self._exchange("POST", path, Deadline(within_s))
        except Lost as lost:
            reply = lost
        except InvalidSettings as err:
            reply = Lost(str(err), may_have_left=False)
        return read_answer(reply, disaster_recovery_id)

    def _read(self, path: str, within_s: float, parse: Callable[[Any], T]) -> T:
        try:
            reply = self._exchange("GET", path, Deadline(within_s))
        except Lost as lost:
            raise Unreadable("unavailable", f"no answer ({lost})", is_transient=True) from lost
        except InvalidSettings as err:
            raise Unreadable("denied", str(err), is_transient=False) from err
        if reply.status != httpx.codes.OK:
            raise _refusal(reply)
        try:
            return parse(reply.json())
        except ValueError as err:
            sentence = f"the answer cannot be read ({err})"
            raise Unreadable("garbled", sentence, is_transient=True) from err

    def _exchange(self, method: str, path: str, deadline: Deadline) -> Reply:
        reply = self._send(method, path, deadline, renew=False)
        if reply.status != httpx.codes.UNAUTHORIZED:
            return reply
        try:
            return self._send(method, path, deadline, renew=True)
        except InvalidSettings:
            return reply

    def _send(self, method: str, path: str, deadline: Deadline, *, renew: bool) -> Reply:
        request = self.wire.request(
            method,
            f"{self.endpoint}{path}",
            Content_Type="application/json",
            X_Project_Id=self.project_id,
        )
        return self.wire.exchange(request, self._auth(deadline, renew=renew), deadline)

    def _auth(self, deadline: Deadline, *, renew: bool) -> httpx.Auth:
        credentials = self.credentials(renew)
        if isinstance(credentials, AccessKey):
            return SignedAuth(credentials, self.clock)
        return TokenAuth(self.tokens.get(credentials, self.project_id, deadline, renew=renew))


def _refusal(reply: Reply) -> Unreadable:
    code, _ = error_of(reply)
    said = f"the provider answered {describe(reply)}"
    if reply.status == httpx.codes.NOT_FOUND or code == "DWS.10101":
        return Unreadable("not_found", said, is_transient=False)
    if reply.status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return Unreadable("denied", said, is_transient=False)
    if reply.status == httpx.codes.TOO_MANY_REQUESTS:
        return Unreadable("throttled", said, is_transient=True)
    is_transient = reply.status >= _TRANSIENT_FROM
    return Unreadable("unavailable", said, is_transient=is_transient)
