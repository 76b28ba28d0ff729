"""A queue's batch: each record by itself; those that fail are named, so that they come again."""

from collections.abc import Callable
from itertools import count
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from handler.aws.telemetry import logger
from handler.events.sqs import read_record
from handler.model.signals import Alarm, Batch


def answer_batch(batch: Batch, take: Callable[[tuple[Alarm, ...]], None]) -> dict[str, Any]:
    """Take the alarms of every record; `{"batchItemFailures": [...]}` names those that failed."""
    numbers = count()

    def handle(record: SQSRecord) -> None:
        number = next(numbers)
        try:
            take(read_record(number, record.raw_event))
        except Exception as err:
            logger.warning("record failed", message_id=record.message_id, error=str(err))
            raise

    # A batch that fails as a whole is answered like any other: its records come again.
    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return dict(process_partial_response(batch.event, handle, processor))
