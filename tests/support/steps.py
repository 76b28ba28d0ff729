"""What many tests do next: a while goes by, reconcile runs, a person acknowledges."""

from datetime import timedelta

from stored import let_pass

from handler.model.run import RunState


def pass_time(parts, **span):
    """Let a while go by: whatever is stored happened that much earlier."""
    let_pass(parts, timedelta(**span).total_seconds())


def reconciled(parts, *, after_s=60):
    """What reconcile says a minute later."""
    pass_time(parts, seconds=after_s)
    return parts.send({"command": "reconcile"})["results"]


def acknowledged(parts, **changes):
    command = {
        "command": "acknowledge",
        "pair": "analytics",
        "production_cluster_id": parts.emulator.pair.production_id,
        "reason": "seen in the console",
        "requested_by": "ada",
        **changes,
    }
    return parts.send({name: value for name, value in command.items() if value is not None})


def fail_alone(parts):
    """Production's cluster is FAILED, and nobody else says that it is down."""
    parts.emulator.vary(abnormal_after_s=None)
    parts.emulator.set_pair(status="running")
    parts.emulator.break_production()


def second_word(parts, status="abnormal"):
    parts.emulator.set_pair(status=status)


def infer(parts):
    """Let an order be lost and inferred not to have started, ten minutes ago; the run's id."""
    parts.emulator.fault("failover", "cut", at="request")
    (result,) = parts.alarm()
    for _ in range(5):
        reconciled(parts, after_s=230)
    assert parts.record.run.state is RunState.NOT_STARTED
    parts.notices()
    return result["run_id"]
