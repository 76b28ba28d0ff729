"""The handler in this process, on real parts: a table, a topic and a queue of the embedded AWS."""

import json
import os
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest import mock

import boto3

from handler import app
from handler.aws.ledger import Ledger
from handler.aws.table import Table
from handler.events import parse
from handler.model.disaster_recovery import Roles
from handler.model.pair_state import Observations, PairState
from handler.model.result import is_command

CLIENTS = {}
make_client = boto3.Session.client


def kept_client(session, service, **options):
    """The handler's own client, made once for each environment: to make one takes long."""
    if options.keys() != {"config"}:
        return make_client(session, service, **options)
    config = options["config"]
    environment = frozenset(one for one in os.environ.items() if one[0].startswith("AWS_"))
    key = service, id(config), environment
    if key not in CLIENTS:
        # The config is kept too, so that no other one can have its id.
        CLIENTS[key] = config, make_client(session, service, **options)
    _, client = CLIENTS[key]
    return client


SECRET = {"access_key_id": "", "secret_access_key": ""}


def now(**span) -> datetime:
    return datetime.now(UTC) + timedelta(**span)


class Parts:
    """One deployment's worth of parts, with one pair named `analytics`."""

    def __init__(self, aws, emulator, endpoint=None):
        self.aws, self.emulator = aws, emulator
        self.endpoint = endpoint or aws.endpoint  # where the function finds AWS
        self.providers = [emulator]
        self.name = f"parts-{uuid.uuid4().hex[:8]}"
        self.path = f"/dws-failover/{self.name}/pairs"
        self.table = f"{self.name}-runs"
        self.remaining_s = 300.0
        self.probe = None  # instead of the real one
        self.instead = {}  # adapters in the place of the handler's own
        self.ahead = timedelta()  # of real time: function and provider live in the same future

    def __enter__(self):
        self._create_table()
        sns, sqs = self.aws.client("sns"), self.aws.client("sqs")
        self.topic = sns.create_topic(Name=self.name)["TopicArn"]
        self.queue = subscribe_queue(sns, sqs, self.topic, self.name)
        self.failed_events = sqs.create_queue(QueueName=f"{self.name}-failed")["QueueUrl"]
        self.put_secret(f"{self.name}/credentials", **access_key(self.emulator))
        self.put_pair()
        self._environment = mock.patch.dict(os.environ, self._variables())
        self._environment.start()
        self._clients = mock.patch.object(boto3.Session, "client", kept_client)
        self._clients.start()
        app.adapters.cache_clear()
        return self

    def __exit__(self, *_):
        if app.adapters.cache_info().currsize:
            app.adapters().wire.close()
        app.adapters.cache_clear()
        self._clients.stop()
        self._environment.stop()

    @property
    def outputs(self):
        """As a deployment has them."""
        return {"RunsTableName": self.table}

    @property
    def adapters(self):
        """Those of the handler, but for its patience and its time."""
        given = app.adapters()

        def probe(address):
            return (self.probe or given.probe)(address)

        mine = {"wait": lambda _: None, "clock": lambda: now() + self.ahead, "probe": probe}
        return replace(given, **(mine | self.instead))

    @property
    def ledger(self):
        return Ledger(Table(self.aws.client("dynamodb"), self.table))

    @property
    def record(self):
        return self.ledger.read(self.emulator.pair.id)

    @property
    def posts(self):
        """How many orders the provider has seen."""
        return len(self.emulator.failover_posts)

    @property
    def roles(self):
        return Roles(self.emulator.pair.production_id, self.emulator.pair.standby_id)

    def put_pair(self, name="analytics", **changes):
        document = {
            "disaster_recovery_id": self.emulator.pair.id,
            "project_id": self.emulator.project_id,
            "endpoint": self.emulator.url,
            "credentials_secret": f"{self.name}/credentials",
            "max_data_loss_s": 3600,
            "mode": "automatic",
            "alarms": ["dws-outage-*"],
            "production_down_for_s": 0,
            **changes,
        }
        self.put_document(name, json.dumps(document))

    def put_document(self, name, text):
        self.aws.client("ssm").put_parameter(
            Name=f"{self.path}/{name}", Value=text, Type="String", Overwrite=True
        )
        app.adapters.cache_clear()

    def put_secret(self, name, **fields):
        secrets = self.aws.client("secretsmanager")
        text = json.dumps(fields)
        try:
            secrets.create_secret(Name=name, SecretString=text)
        except secrets.exceptions.ResourceExistsException:
            secrets.put_secret_value(SecretId=name, SecretString=text)
        app.adapters.cache_clear()

    def arm(self, **observations):
        """Store what reconcile learns from a healthy pair in a while."""
        id_ = self.emulator.pair.id
        armed = PairState(roles=self.roles, roles_since=now(hours=-1), armed=True)
        self.ledger.save_pair_state(id_, armed)
        known = {"first_checked_at": now(minutes=-5), **observations}
        self.ledger.save_observations(id_, Observations(**known))

    def send(self, event):
        """What the handler answers."""
        return app.respond(parse(event), self.adapters, self.context)

    def take(self, event):
        """What an invocation answers to an alarm, of which many may run here at once."""
        (alarm,) = parse(event)
        (result,) = app.Invocation(self.adapters, self.context).answer((alarm,))
        return result

    @property
    def context(self):
        return SimpleNamespace(
            function_name=self.name,
            memory_limit_in_mb=1024,
            invoked_function_arn=f"arn:aws:lambda:us-east-1:000000000000:function:{self.name}",
            aws_request_id=str(uuid.uuid4()),
            get_remaining_time_in_millis=lambda: int(self.remaining_s * 1000),
        )

    def let_pass(self, seconds):
        """Let time pass for the function and the providers."""
        self.ahead += timedelta(seconds=seconds)
        for provider in self.providers:
            provider.clock.advance(seconds)

    def alarm(self, name="dws-outage-analytics", **changes):
        """What the handler answers to an alarm's transition a moment ago."""
        return self.send(bus_alarm(name, **changes))["results"]

    def fail_over(self, **changes):
        """What the handler answers to a confirmed command."""
        return self.send(command(**changes))

    def notices(self):
        """What a subscriber has received since it was asked last."""
        return received(self.aws.client("sqs"), self.queue)

    def _create_table(self):
        keys = [("pk", "HASH"), ("sk", "RANGE")]
        self.aws.client("dynamodb").create_table(
            TableName=self.table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n, _ in keys],
        )

    def _variables(self):
        wanted = self.aws.environment
        return {
            **{name: wanted[name] for name in wanted if name.startswith("AWS_")},
            "AWS_ENDPOINT_URL": self.endpoint,
            "PAIRS_PARAMETER_PATH": self.path,
            "RUNS_TABLE_NAME": self.table,
            "NOTIFICATION_TOPIC_ARN": self.topic,
            "FAILED_EVENTS_QUEUE_URL": self.failed_events,
            "ALLOWED_PROVIDER_HOSTS": "127.0.0.1",
        }


def access_key(emulator):
    """The emulator's access key as a secret holds it."""
    return {
        "access_key_id": emulator.credentials.access_key,
        "secret_access_key": emulator.credentials.secret_key,
    }


def command(**changes):
    """A confirmed command of this moment; a field that is None is left out."""
    fields = {
        "command": "failover",
        "pair": "analytics",
        "confirm": "analytics",
        "reason": "production is lost",
        "requested_by": "on-call",
        "requested_at": now().isoformat(),
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def scheduled(at=None, **changes):
    """What the schedule sends, each minute."""
    return {"command": "reconcile", "scheduled_at": (at or now()).isoformat(), **changes}


def signed(result, **changes):
    """The one command of a result's next steps, as a person sends it who agrees with it."""
    (step,) = filter(is_command, result["next_steps"])
    return {**json.loads(step), "reason": "seen in the console", "requested_by": "ada", **changes}


def arn_of(name, account="000000000000", region="us-east-1"):
    """An alarm's ARN: what an incident knows it by."""
    return f"arn:aws:cloudwatch:{region}:{account}:alarm:{name}"


def bus_alarm(name, *, at=None, state="ALARM", previous="OK", account="000000000000", **detail):
    """An alarm's change of state as EventBridge brings it; `detail` is more that it says."""
    stamp = (at or now(seconds=-1)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": account,
        "time": stamp,
        "region": "us-east-1",
        "resources": [arn_of(name, account)],
        "detail": {
            "alarmName": name,
            "state": {"value": state, "reason": "test", "timestamp": stamp},
            "previousState": {"value": previous, "timestamp": stamp},
            "configuration": {"metrics": []},
            **detail,
        },
    }


def subscribe_queue(sns, sqs, topic, name):
    """A queue that receives whatever the topic publishes, as a machine reads it."""
    url = sqs.create_queue(QueueName=f"{name}-subscriber")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    allow = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn["QueueArn"],
                "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
            }
        ],
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(allow)})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])
    return url


def received(sqs, url, within_s=0):
    """Bodies of all envelopes in a queue, which is then empty."""
    envelopes = []
    while True:
        answer = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0 if envelopes else within_s
        )
        messages = answer.get("Messages", [])
        if not messages:
            return [Envelope(envelope) for envelope in envelopes]
        for message in messages:
            envelopes.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


class Envelope:
    """A notification as it arrived."""

    def __init__(self, envelope):
        self.subject = envelope["Subject"]
        self.result = json.loads(envelope["Message"])
        # Step Functions here publishes without them.
        attributes = envelope.get("MessageAttributes", {})
        self.attributes = {name: one["Value"] for name, one in attributes.items()}
