"""What every benchmark prepares: a table, a topic, a secret, and documents of pairs."""

import json

from local.aws import EmbeddedAws
from local.dws import Emulator
from local.dws.model.pair import Pair

HANDLER = "handler.app.lambda_handler"
PATH, TABLE, SECRET = "/bench/pairs", "bench-runs", "dws-failover/credentials"


def prepare(aws: EmbeddedAws, emulator: Emulator) -> dict[str, str]:
    """Make the function's surroundings; returns its environment variables."""
    keys = (("pk", "HASH"), ("sk", "RANGE"))
    aws.client("dynamodb").create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in keys],
    )
    key = {
        "access_key_id": emulator.credentials.access_key,
        "secret_access_key": emulator.credentials.secret_key,
    }
    aws.client("secretsmanager").create_secret(Name=SECRET, SecretString=json.dumps(key))
    return {
        **aws.environment,
        "AWS_REGION": "us-east-1",
        "NOTIFICATION_TOPIC_ARN": aws.client("sns").create_topic(Name="bench")["TopicArn"],
        "FAILED_EVENTS_QUEUE_URL": aws.client("sqs").create_queue(QueueName="bench")["QueueUrl"],
        "PAIRS_PARAMETER_PATH": PATH,
        "RUNS_TABLE_NAME": TABLE,
        "MAX_FAILOVERS_PER_HOUR": "1000000",
        "ALLOWED_PROVIDER_HOSTS": "127.0.0.1",
    }


def put_document(aws: EmbeddedAws, emulator: Emulator, pair: Pair) -> None:
    """Configure a pair; its own id is the name of its alarm."""
    document = {
        "disaster_recovery_id": pair.id,
        "project_id": emulator.project_id,
        "endpoint": emulator.url,
        "credentials_secret": SECRET,
        "max_data_loss_s": 3600,
        "mode": "automatic",
        "production_down_for_s": 0,
        "alarms": [pair.id],
    }
    aws.client("ssm").put_parameter(
        Name=f"{PATH}/{pair.id}", Value=json.dumps(document), Type="String"
    )
