"""The only user of the runs table: what is known of a pair, incidents, the claim, runs, notices.

One partition per disaster-recovery id; the sort keys put what is current last, so that one query
backwards reads it whatever history there is:

    state#pair      Standing     revision: the claim depends on it
    state#incident  Incident     the open one, or the last
    state#health    Health
    run#<run id>    Run          ids begin with their time
    request#<id>    which run a command's request_id made

The partition `*` holds `state#fleet` and the notices. Reads are strongly consistent; every change
is conditional on what was read.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from handler.codec import from_plain, to_plain
from handler.errors import LedgerUnavailable
from handler.incident import Incident, IncidentState
from handler.notice import Notice
from handler.run import Run
from handler.standing import Fleet, Health, Standing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

KEPT: Final = timedelta(days=365)
_ALL: Final = "*"
_PAIR: Final = "state#pair"
_INCIDENT: Final = "state#incident"
_HEALTH: Final = "state#health"
_FLEET: Final = "state#fleet"
_DECIDED: Final = (
    "revision", "decision", "reason", "decided_at", "told_at", "told_of", "told_times",
)  # fmt: skip
_CURRENT: Final = 4  # three states and the newest run
_serializer, _deserializer = TypeSerializer(), TypeDeserializer()


class Conflict(Exception):
    """Someone else changed what was read; read again and decide again."""


@dataclass(frozen=True)
class Record:
    """What the ledger holds about one pair now."""

    standing: Standing
    incident: Incident | None
    health: Health
    run: Run | None

    @property
    def open_incident(self) -> Incident | None:
        """The incident, if it is still a reason to act."""
        is_open = self.incident and self.incident.state is IncidentState.OPEN
        return self.incident if is_open else None


class Ledger:
    """The runs table, spoken of in the words of the contract."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def read(self, disaster_recovery_id: str) -> Record:
        """Read all that is current about a pair, in one strongly consistent query.

        Raises:
            LedgerUnavailable: the table cannot be read.
        """
        with _available():
            answer = self._client.query(
                TableName=self._table,
                KeyConditionExpression="pk = :pk AND sk > :first",
                ExpressionAttributeValues=_pack({":pk": disaster_recovery_id, ":first": "run#"}),
                ScanIndexForward=False,
                Limit=_CURRENT,
                ConsistentRead=True,
            )
        items = {plain["sk"]: plain for plain in map(_unpack, answer["Items"])}
        runs = [plain for sk, plain in items.items() if sk.startswith("run#")]
        return Record(
            from_plain(Standing, items.get(_PAIR, {})),
            from_plain(Incident, items[_INCIDENT]) if _INCIDENT in items else None,
            from_plain(Health, items.get(_HEALTH, {})),
            from_plain(Run, runs[0]) if runs else None,
        )

    def fleet(self) -> Fleet:
        """Read the brakes over all pairs.

        Raises:
            LedgerUnavailable: the table cannot be read.
        """
        found = self._get(_ALL, _FLEET)
        return from_plain(Fleet, found or {})

    def run_of_request(self, disaster_recovery_id: str, request_id: str) -> Run | None:
        """The run that a command with this request id has made, if any.

        Raises:
            LedgerUnavailable: the table cannot be read.
        """
        request = self._get(disaster_recovery_id, f"request#{request_id}")
        found = self._get(disaster_recovery_id, f"run#{request['run_id']}") if request else None
        return from_plain(Run, found) if found else None

    def open_incident(self, incident: Incident) -> None:
        """Store a new incident; its revision is one more than that of the pair's last one.

        Raises:
            Conflict: another invocation has opened one.
            LedgerUnavailable: the table cannot be written.
        """
        self._save(incident.disaster_recovery_id, _INCIDENT, incident, incident.revision)

    def join_incident(self, incident: Incident, alarm: str) -> None:
        """Add an alarm to an open incident; any number may do so at once.

        Raises:
            Conflict: the incident is no longer open.
            LedgerUnavailable: the table cannot be written.
        """
        self._update(
            (incident.disaster_recovery_id, _INCIDENT),
            "ADD alarms :alarms",
            "incident_id = :id AND #state = :open",
            {":alarms": {alarm}, ":id": incident.incident_id, ":open": IncidentState.OPEN.value},
            {"#state": "state"},
        )

    def note_decision(self, incident: Incident) -> None:
        """Store what was decided and told about an incident, one revision after the stored one.

        Raises:
            Conflict: another invocation has decided about it.
            LedgerUnavailable: the table cannot be written.
        """
        plain = to_plain(incident)
        fields = [name for name in _DECIDED if name in plain]
        self._update(
            (incident.disaster_recovery_id, _INCIDENT),
            "SET " + ", ".join(f"#{name} = :{name}" for name in fields),
            "incident_id = :id AND #revision = :before",
            {
                **{f":{name}": plain[name] for name in fields},
                ":id": incident.incident_id,
                ":before": incident.revision - 1,
            },
            {f"#{name}": name for name in fields},
        )

    def save_health(self, disaster_recovery_id: str, health: Health) -> None:
        """Store what was observed; `health.revision` is that of the stored one.

        Raises:
            Conflict: another invocation has changed it.
            LedgerUnavailable: the table cannot be written.
        """
        changed = replace(health, revision=health.revision + 1)
        self._save(disaster_recovery_id, _HEALTH, changed, changed.revision)

    def save_standing(self, disaster_recovery_id: str, standing: Standing) -> None:
        """Store how a pair stands; `standing.revision` is that of the stored one.

        Raises:
            Conflict: another invocation has changed it.
            LedgerUnavailable: the table cannot be written.
        """
        changed = replace(standing, revision=standing.revision + 1)
        self._save(disaster_recovery_id, _PAIR, changed, changed.revision)

    def claim(self, run: Run, standing: Standing, fleet: Fleet, *, is_counted: bool) -> None:
        """Put the run, if pair and fleet are still as they were read. From here on it may be sent.

        One transaction: of any number of claims on what was read once, one comes through.

        Args:
            run: in state `submitting`.
            standing: as read; it then names this run.
            fleet: as read.
            is_counted: whether the claim counts for the rate limit (those of alarms do).

        Raises:
            Conflict: something has changed; nothing was claimed.
            LedgerUnavailable: the table cannot be written; nothing may be sent.
        """
        id_, now = run.disaster_recovery_id, run.claimed_at
        claims = (*fleet.recent_claims(now), *([now] if is_counted else []))
        writes = [
            self._put(id_, f"run#{run.run_id}", run, 1),
            self._put(
                id_,
                _PAIR,
                replace(standing, revision=standing.revision + 1, run_id=run.run_id),
                standing.revision + 1,
            ),
            self._put(
                _ALL,
                _FLEET,
                replace(fleet, revision=fleet.revision + 1, claims=claims),
                fleet.revision + 1,
            ),
        ]
        if run.request_id:
            request = {"run_id": run.run_id, "expires_at": _expiry(now)}
            writes.append(self._put(id_, f"request#{run.request_id}", request, 1))
        try:
            self._transact(writes, run.run_id)
        except (Conflict, LedgerUnavailable):
            # The answer to a claim that came through may have been lost.
            if self.read(id_).standing.run_id != run.run_id:
                raise

    def settle(self, run: Run, was: str, notice: Notice) -> None:
        """Store what became of a run together with the notice that tells it.

        Args:
            run: after the transition.
            was: the state that it is in, as far as the caller knows.
            notice: not yet published.

        Raises:
            Conflict: another invocation has settled it.
            LedgerUnavailable: the table cannot be written.
        """
        change = {
            "TableName": self._table,
            "Item": self._item(run.disaster_recovery_id, f"run#{run.run_id}", run),
            "ConditionExpression": "#state = :was",
            "ExpressionAttributeNames": {"#state": "state"},
            "ExpressionAttributeValues": _pack({":was": was}),
        }
        self._transact([{"Put": change}, self._put_notice(notice)])

    def save_notice(self, notice: Notice) -> bool:
        """Store a notice before it is published; False if it is there already.

        Raises:
            LedgerUnavailable: the table cannot be written.
        """
        try:
            self._transact([self._put_notice(notice)])
        except Conflict:
            return False
        return True

    def mark_published(self, notice: Notice, now: datetime) -> None:
        """Note that SNS has taken a notice.

        Raises:
            LedgerUnavailable: the table cannot be written.
        """
        self._update(
            (_ALL, f"notice#{notice.notice_id}"),
            "SET published_at = :now, expires_at = :expiry",
            "attribute_exists(pk)",
            {":now": now.isoformat(), ":expiry": _expiry(now)},
        )

    def _get(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        with _available():
            answer = self._client.get_item(
                TableName=self._table, Key=_pack({"pk": pk, "sk": sk}), ConsistentRead=True
            )
        return _unpack(answer["Item"]) if "Item" in answer else None

    def _save(self, pk: str, sk: str, value: Any, revision: int) -> None:
        put = self._put(pk, sk, value, revision)["Put"]
        with _available():
            try:
                self._client.put_item(**put)
            except self._client.exceptions.ConditionalCheckFailedException as err:
                raise Conflict(sk) from err

    def _update(
        self,
        key: tuple[str, str],
        update: str,
        condition: str,
        values: Mapping[str, Any],
        names: Mapping[str, str] | None = None,
    ) -> None:
        named: Any = {"ExpressionAttributeNames": names} if names else {}
        with _available():
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key=_pack({"pk": key[0], "sk": key[1]}),
                    UpdateExpression=update,
                    ConditionExpression=condition,
                    ExpressionAttributeValues=_pack(values),
                    **named,
                )
            except self._client.exceptions.ConditionalCheckFailedException as err:
                raise Conflict(key[1]) from err

    def _put(self, pk: str, sk: str, value: Any, revision: int) -> dict[str, Any]:
        """A write of revision n on top of n - 1; n = 1 also where nothing was stored yet."""
        first = "attribute_not_exists(pk)"
        put: dict[str, Any] = {"TableName": self._table, "Item": self._item(pk, sk, value)}
        if revision == 1:
            put["ConditionExpression"] = first
        else:
            put["ConditionExpression"] = "#revision = :before"
            put["ExpressionAttributeNames"] = {"#revision": "revision"}
            put["ExpressionAttributeValues"] = _pack({":before": revision - 1})
        return {"Put": put}

    def _put_notice(self, notice: Notice) -> dict[str, Any]:
        return self._put(_ALL, f"notice#{notice.notice_id}", notice, 1)

    def _item(self, pk: str, sk: str, value: Any) -> dict[str, Any]:
        return _pack({**to_plain(value), "pk": pk, "sk": sk})

    def _transact(self, writes: list[Any], token: str | None = None) -> None:
        extra: Any = {"ClientRequestToken": token} if token else {}
        with _available():
            try:
                self._client.transact_write_items(TransactItems=writes, **extra)
            except self._client.exceptions.TransactionCanceledException as err:
                raise Conflict(str(err)) from err


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as err:
        raise LedgerUnavailable(f"the runs table cannot be used: {err}") from err


def _expiry(now: datetime) -> int:
    return int((now + KEPT).timestamp())


def _pack(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _serializer.serialize(value) for name, value in plain.items()}


def _unpack(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _deserializer.deserialize(value) for name, value in item.items()}
