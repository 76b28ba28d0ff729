"""Whether somebody hears what is told: of two things that this function cannot mend by itself."""

from handler.aws.telemetry import MetricUnit, logger, metrics
from handler.commands.reconcile.finding import begin_of_day, once
from handler.failover.ports import Ports
from handler.failover.results import Subject
from handler.model.result import Decision, Reason


def check_subscriptions(ports: Ports) -> None:
    """Ring where nobody hears anything; tell the others, daily, who has not confirmed."""
    found = ports.subscriptions()
    if found is None:
        return
    _note_audience(ports, is_heard=found.confirmed > 0)
    if found.confirmed == 0:
        # No notice can reach anybody: an alarm on this metric does, by the other topic.
        logger.error("nobody to tell")
        metrics.add_metric(name="NobodyToTell", unit=MetricUnit.Count, value=1)
    elif found.pending:
        _tell_of_pending(ports, found.pending)


def _note_audience(ports: Ports, *, is_heard: bool) -> None:
    """What is told while nobody hears is told again to the first who does."""
    was_unheard = ports.ledger.notices.audience().is_unheard
    if not is_heard and not was_unheard:
        ports.ledger.notices.note_unheard()
    if is_heard and was_unheard:
        ports.ledger.notices.note_heard(ports.clock())


def _tell_of_pending(ports: Ports, count: int) -> None:
    why = f"{count} of the notification topic's subscriptions wait for their confirmation"
    step = "open the confirmation mail within two days, or subscribe anew: SNS deletes it then"
    reason = Reason("unconfirmed_subscriptions", why)
    result = Subject().result(Decision.RECONCILED, reason, next_steps=(step,))
    now = ports.clock()
    key = f"unconfirmed-subscriptions/{now:%Y-%m-%d}"
    notice_id = once(key, begin_of_day(now), ports.heard_since())
    ports.outbox.notify(result, notice_id, can_wait=True)
