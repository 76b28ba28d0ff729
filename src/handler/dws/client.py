"""The provider's API for one pair: its reads and the one order."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timezone
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import httpx

from handler.dws.ahead import Ahead
from handler.dws.answers import Answer, describe, error_of, read_answer
from handler.dws.auth import AccessKey, SignedAuth, TokenAuth, Tokens, User
from handler.dws.departure import Deadline, Departure, StillGood
from handler.dws.http import Auth, Transport
from handler.dws.parse import parse_cluster, parse_detail, parse_events, parse_list
from handler.dws.reply import NoReply, Reply
from handler.errors import FailoverError, InvalidSettings, LedgerUnavailable
from handler.model.disaster_recovery import Cluster, DisasterRecovery, Event
from handler.model.evidence import Cause
from handler.model.times import Clock

Credentials = Callable[[bool], AccessKey | User]  # True: read past the cache
T = TypeVar("T")
_TRANSIENT_FROM = 500
_OPENING_TAKES_S = 10.0  # at most, of a connection that is opened ahead


class Unreadable(Exception):
    """A read gave nothing usable.

    `code` is one of not_found, denied, throttled, unavailable, garbled; `is_transient` tells
    whether the same read may well work in a minute; `cause` says what to look at.
    """

    def __init__(
        self, code: str, sentence: str, *, is_transient: bool, cause: Cause = Cause.OTHER
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.cause = cause
        self.is_transient = is_transient


@dataclass(frozen=True)
class Dws:
    """One pair's project at one endpoint; `credentials` and `tokens` say who asks.

    `ahead` has the connections that are opened before they are needed, if any are.
    """

    wire: Transport
    endpoint: str
    project_id: str
    zone: timezone
    credentials: Credentials
    tokens: Tokens
    clock: Clock
    ahead: Ahead | None = None

    def open_ahead(self, method: str, count: int = 1, after_s: float = 0.0) -> None:
        """Begin to open connections for requests that follow; those that do not are closed unused.

        Nothing is raised: what cannot be opened ahead is opened when it is needed.

        Args:
            method: of the requests: a read takes no connection that was opened for an order.
            count: how many.
            after_s: when to begin, unless one is wanted before.
        """
        if self.ahead is None or not self.wire.opens_ahead:
            return
        connect = partial(self.wire.connect, self.endpoint, _OPENING_TAKES_S)
        with suppress(RuntimeError):  # no more threads are to be had
            for _ in range(count):
                self.ahead.open((self.endpoint, method), connect, after_s)

    def check_credentials(self) -> None:
        """Have credentials at hand; later, bad ones only make a read fail.

        Raises:
            InvalidSettings: they are missing, denied, not of the right shape, or not for this host.
            LedgerUnavailable: they cannot be read at the moment.
        """
        self._credentials(urlsplit(self.endpoint).hostname or "", renew=False)

    def check_token(self, within_s: float) -> None:
        """Have what proves who asks: where that is a user, a token of its IAM.

        Raises:
            InvalidSettings, LedgerUnavailable: as `check_credentials`.
            Unreadable: IAM gives none within `within_s` seconds.
        """
        host = urlsplit(self.endpoint).hostname or ""
        try:
            self._auth(self._credentials(host, renew=False), Deadline(within_s), renew=False)
        except NoReply as lost:
            raise _lost(lost) from lost

    def detail(self, disaster_recovery_id: str, within_s: float) -> DisasterRecovery:
        """ShowDisasterDetail.

        Raises:
            Unreadable: no usable answer within `within_s` seconds.
        """
        path = f"/v2/{self.project_id}/disaster-recovery/{disaster_recovery_id}"
        found = self._read(path, within_s, lambda body: parse_detail(body, self.zone))
        _check_about(found.id, disaster_recovery_id)
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
        found = self._read(path, within_s, parse_cluster)
        _check_about(found.id, cluster_id)
        return found

    def events(self, disaster_recovery_id: str, within_s: float) -> tuple[Event, ...]:
        """ListEvents: the newest of the project's events, those about one disaster recovery.

        Raises:
            Unreadable: no usable answer within `within_s` seconds, or no permission.
        """
        path = f"/v2/{self.project_id}/events?limit=100&offset=0"
        return self._read(path, within_s, lambda body: parse_events(body, disaster_recovery_id))

    def fail_over(
        self, disaster_recovery_id: str, within_s: float, still_good: StillGood = lambda: None
    ) -> Answer:
        """SwitchFailoverDisaster, the exception switchover: sent once, whatever comes back.

        Only a 401 is repeated, once, with credentials read anew. Never raises for an answer.

        Args:
            disaster_recovery_id: what is failed over.
            within_s: until when there must be an answer.
            still_good: asked on the open connection, just before each sending; what it says is
                why the order must not be sent.
        """
        path = f"/v2/{self.project_id}/disaster-recovery/{disaster_recovery_id}/failover"
        departure = Departure(still_good)
        try:
            reply: Reply | NoReply = self._order(path, Deadline(within_s), departure)
        except NoReply as lost:
            reply = lost
        except FailoverError as err:
            reply = NoReply(str(err), may_have_left=departure.has_begun)
        except Exception as err:  # noqa: BLE001 - whatever it is, the one fact decides
            reply = NoReply(type(err).__name__, may_have_left=departure.has_begun)
        return read_answer(reply, disaster_recovery_id)

    def _order(self, path: str, deadline: Deadline, departure: Departure) -> Reply:
        reply = self._send("POST", path, deadline, renew=False, departure=departure)
        if reply.status != httpx.codes.UNAUTHORIZED:
            return reply
        again = departure.again()
        try:
            return self._send("POST", path, deadline, renew=True, departure=again)
        except Exception:
            if again.has_begun:
                raise
            return reply  # all that has left was answered with the 401

    def _read(self, path: str, within_s: float, parse: Callable[[Any], T]) -> T:
        deadline = Deadline(within_s)
        try:
            reply = self._get(path, deadline)
        except NoReply as lost:
            raise _lost(lost) from lost
        except LedgerUnavailable as err:
            raise Unreadable("unavailable", str(err), is_transient=True) from err
        except InvalidSettings as err:
            cause = Cause.OUR_SETTING
            raise Unreadable("denied", str(err), is_transient=False, cause=cause) from err
        if reply.status != httpx.codes.OK:
            raise _refusal(reply)
        try:
            return reply.read(parse, deadline.left_s)
        except TimeoutError as err:
            raise Unreadable(
                "unavailable", f"no answer in time ({err})", is_transient=True
            ) from err
        except ValueError as err:
            sentence = f"the answer cannot be read ({err})"
            raise Unreadable("garbled", sentence, is_transient=True, cause=Cause.NO_SENSE) from err

    def _get(self, path: str, deadline: Deadline) -> Reply:
        reply = self._send("GET", path, deadline, renew=False)
        if reply.status != httpx.codes.UNAUTHORIZED:
            return reply
        try:
            return self._send("GET", path, deadline, renew=True)
        except InvalidSettings:
            return reply

    def _send(
        self,
        method: str,
        path: str,
        deadline: Deadline,
        *,
        renew: bool,
        departure: Departure | None = None,
    ) -> Reply:
        request = self.wire.request(
            method,
            f"{self.endpoint}{path}",
            Content_Type="application/json",
            X_Project_Id=self.project_id,
        )
        host = request.url.raw_host.decode("ascii")
        credentials = self._credentials(host, renew=renew)
        auth = self._auth(credentials, deadline, renew=renew, is_for_order=departure is not None)
        # Last: what is good now must not grow old while a token is fetched.
        purpose = self.endpoint, method
        line = self.ahead.take(purpose, deadline.left_s) if self.ahead else None
        return self.wire.exchange(request, auth, deadline, departure, line)

    def _credentials(self, host: str, *, renew: bool) -> AccessKey | User:
        credentials = self.credentials(renew)
        if isinstance(credentials, User) and not renew and self.tokens.has_refused(credentials):
            credentials = self.credentials(True)  # noqa: FBT003 - it may be corrected by now
        if isinstance(credentials, User) and not credentials.may_ask(host):
            raise InvalidSettings(
                f"the secret's IAM is not of the provider of {host}: no token may go there"
            )
        return credentials

    def _auth(
        self,
        credentials: AccessKey | User,
        deadline: Deadline,
        *,
        renew: bool,
        is_for_order: bool = False,
    ) -> Auth:
        if isinstance(credentials, AccessKey):
            return SignedAuth(credentials, self.clock)
        token = self.tokens.get(
            credentials, self.project_id, deadline, renew=renew, is_for_order=is_for_order
        )
        return TokenAuth(token, credentials)


def _check_about(found: str | None, asked: str) -> None:
    """What an answer says is said about what it names, and about nothing else."""
    if found != asked.lower():
        what = found or "something that it does not name"
        raise Unreadable("garbled", f"the answer is about {what}", is_transient=True)


def _lost(lost: NoReply) -> Unreadable:
    """No answer passes; that IAM refuses the user does not."""
    said = f"no answer ({lost})"
    if lost.cause is Cause.NO_TOKEN:
        return Unreadable("denied", said, is_transient=False, cause=lost.cause)
    return Unreadable("unavailable", said, is_transient=True, cause=lost.cause)


def _refusal(reply: Reply) -> Unreadable:
    code, _ = error_of(reply)
    said = f"the provider answered {describe(reply)}"
    if reply.status == httpx.codes.NOT_FOUND or code == "DWS.10101":
        # A 404 that no service of the provider's has written is about the address, not the id.
        is_about_an_id = code is not None and code.startswith("DWS.")
        cause = Cause.NO_SUCH_ID if is_about_an_id else Cause.NO_SUCH_API
        return Unreadable("not_found", said, is_transient=False, cause=cause)
    if reply.status == httpx.codes.UNAUTHORIZED:
        return Unreadable("denied", said, is_transient=False, cause=Cause.NOT_AUTHENTICATED)
    if reply.status == httpx.codes.FORBIDDEN:
        return Unreadable("denied", said, is_transient=False, cause=Cause.NOT_PERMITTED)
    if reply.status == httpx.codes.TOO_MANY_REQUESTS:
        return Unreadable("throttled", said, is_transient=True)
    is_transient = reply.status >= _TRANSIENT_FROM
    return Unreadable("unavailable", said, is_transient=is_transient)
