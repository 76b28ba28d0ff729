"""A notice on purpose, so that whoever waits for it knows that notices arrive."""

from handler.failover.ports import Ports
from handler.failover.results import Subject, about
from handler.model.pair import Pair
from handler.model.result import Decision, Reason, Result
from handler.model.signals import Command


def send_test_notice(ports: Ports, command: Command, pair: Pair | None) -> Result:
    """Tell the command's code to those who hear of a pair, or of no pair if it is None.

    It is stored and published as every notice is: only so does it prove anything about those.

    Raises:
        LedgerUnavailable: neither the table nor the topic takes it.
    """
    subject = about(pair, command.trigger) if pair else Subject(trigger=command.trigger)
    why = f"this is a test of the way to you; its code is {command.code}"
    result = subject.result(Decision.TESTED, Reason("test_notice", why))
    return ports.outbox.notify(result, f"test/{command.code}/{ports.clock().isoformat()}")
