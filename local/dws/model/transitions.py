"""What happens to a pair by itself: each step that an order or a death leads to.

A step is put on the pair's agenda with a time, and taken when that time has come.
"""

from datetime import datetime

from local.dws.model.pair import Pair, Transitions
from local.dws.model.steps import Step


def _begin_failover(pair: Pair, now: datetime) -> None:
    if pair.state.status == "switchovering":
        return
    pair.change(now, status="switchovering", status_before=pair.state.status)
    pair.schedule(now, pair.variants.switching_s, Step.END_FAILOVER)


def _end_failover(pair: Pair, now: datetime) -> None:
    if pair.variants.fails or not pair.state.standby.is_alive:
        pair.change(now, status=pair.state.status_before)
        pair.note(now, "failoverDisasterRecoveryFail")
        return
    pair.change(now, status=pair.variants.resting_status)
    pair.note(now, "failoverDisasterRecoverySuccess")
    if pair.variants.exchange != "never":
        pair.schedule(now, pair.variants.exchange_after_s, Step.EXCHANGE)


def _exchange(pair: Pair, now: datetime) -> None:
    pair.change(now, is_exchanged=not pair.state.is_exchanged)
    pair.schedule(now, pair.variants.reverts_after_s, Step.REVERT)


def _revert(pair: Pair, now: datetime) -> None:
    pair.change(now, is_exchanged=not pair.state.is_exchanged)


def _begin_switchover(pair: Pair, now: datetime) -> None:
    pair.change(now, status="switchovering", status_before=pair.state.status)
    pair.schedule(now, pair.variants.switching_s, Step.END_SWITCHOVER)


def _end_switchover(pair: Pair, now: datetime) -> None:
    state = pair.state
    if pair.variants.switchover_degrades or not state.production.is_alive:
        pair.note(now, "switchoverContinueAsFailoverDisasterRecovery")
        _end_failover(pair, now)
        return
    if not state.standby.is_alive:
        pair.change(now, status=state.status_before)
        pair.note(now, "switchoverDisasterRecoveryFail")
        return
    pair.change(now, status="running", is_exchanged=not state.is_exchanged, last_sync=now)
    pair.note(now, "switchoverDisasterRecoverySuccess")


def _begin_start(pair: Pair, now: datetime) -> None:
    pair.change(now, status="starting")
    pair.schedule(now, pair.variants.action_s, Step.END_START)


def _end_start(pair: Pair, now: datetime) -> None:
    if not pair.both_alive:
        pair.change(now, status="start_failed")
        pair.note(now, "startDisasterRecoveryFail")
        return
    pair.change(now, status="running")
    pair.note(now, "startDisasterRecoverySuccess")


def _begin_pause(pair: Pair, now: datetime) -> None:
    pair.change(now, status="stopping")
    pair.schedule(now, pair.variants.action_s, Step.END_PAUSE)


def _end_pause(pair: Pair, now: datetime) -> None:
    pair.change(now, status="stopped")
    pair.note(now, "stopDisasterRecoverySuccess")


def _begin_recovery(pair: Pair, now: datetime) -> None:
    pair.change(now, status=pair.variants.recovering_status)
    pair.schedule(now, pair.variants.action_s, Step.END_RECOVERY)


def _end_recovery(pair: Pair, now: datetime) -> None:
    if not pair.both_alive:
        pair.change(now, status="abnormal")
        pair.note(now, "recoveryDisasterFail")
        return
    pair.change(now, status="running", last_sync=now)
    pair.note(now, "recoveryDisasterSuccess")


def _go_abnormal(pair: Pair, now: datetime) -> None:
    if pair.state.status == "running" and not pair.both_alive:
        pair.change(now, status="abnormal")
        pair.note(now, "disasterRecoveryAbnormal")


def _heal(pair: Pair, now: datetime) -> None:
    # After a failover only a recovery leads out of abnormal.
    if pair.state.status == "abnormal" and pair.both_alive and not pair.is_failed_over:
        pair.change(now, status="running")


def _restore(pair: Pair, now: datetime) -> None:
    pair.restore(now)


def _delete(pair: Pair, now: datetime) -> None:
    pair.is_deleted = True
    pair.note(now, "deleteDisasterRecoverySuccess")


TRANSITIONS: Transitions = {
    Step.BEGIN_FAILOVER: _begin_failover,
    Step.END_FAILOVER: _end_failover,
    Step.EXCHANGE: _exchange,
    Step.REVERT: _revert,
    Step.BEGIN_SWITCHOVER: _begin_switchover,
    Step.END_SWITCHOVER: _end_switchover,
    Step.BEGIN_START: _begin_start,
    Step.END_START: _end_start,
    Step.BEGIN_PAUSE: _begin_pause,
    Step.END_PAUSE: _end_pause,
    Step.BEGIN_RECOVERY: _begin_recovery,
    Step.END_RECOVERY: _end_recovery,
    Step.GO_ABNORMAL: _go_abnormal,
    Step.HEAL: _heal,
    Step.RESTORE: _restore,
    Step.DELETE: _delete,
}
