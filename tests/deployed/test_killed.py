"""The function's process is killed in mid-failover, on the deployed stack; what is stored goes on.

AWS sends the alarm again, reconcile sees the run through: at most one order, one final word.
"""

import functools
from collections import Counter
from dataclasses import dataclass

import pytest
from deployment import Deployment, behind_proxy, is_true_within, kill_function
from parts import bus_alarm
from stored import arm, let_pass, runs

from local.aws.proxy import Proxy
from local.aws.troubles import Hold
from local.dws import Emulator

FINAL = ("succeeded", "not_started")
ROUND_S = 100
ROUNDS = 20  # 33 min: the deadline, a minute more, and 15 min of untouched reads
ROUNDS_AFTER = 2


@dataclass(frozen=True)
class Held:
    """A call to AWS that the function makes, before or after it takes effect."""

    moment: str
    operation: str = "*"
    containing: str = ""

    def set_up(self, stage):
        hold = Hold()
        stage.proxy.spoil(self.operation, hold, moment=self.moment, containing=self.containing)
        return hold.wait, hold.drop


@dataclass(frozen=True)
class Stalled:
    """A call to the provider that is not answered."""

    operation: str

    def set_up(self, stage):
        emulator = stage.deployment.emulator
        emulator.fault(self.operation, "stall", seconds=60)

        def has_come(within_s):
            return is_true_within(within_s, lambda: any(call.fault for call in emulator.journal))

        return has_come, emulator.clear_faults


CLAIM = {"operation": "TransactWriteItems", "containing": "state#fleet"}
POINTS = {
    "before the incident is stored": Held("before", containing="state#incident"),
    "after the incident is stored": Held("after", containing="state#incident"),
    "while the detail is read": Stalled("detail"),
    "while a cluster is read": Stalled("cluster"),
    "before the claim takes effect": Held("before", **CLAIM),
    "after the claim has taken effect": Held("after", **CLAIM),
    "while the order is not answered": Stalled("failover"),
    "before the outcome is stored": Held("before", containing='"notice#'),
    "before the outcome is published": Held("before", "Publish"),
    "before the publication is marked": Held("after", "Publish"),
}
NEVER_SENT = "after the claim has taken effect"
MAY_BE_COPIED = "before the publication is marked"


@dataclass
class Stage:
    """An armed pair whose production is down, and the proxy before its deployment's AWS."""

    proxy: Proxy
    deployment: Deployment

    def kill_at(self, point):
        """Send an alarm, and kill the function when it has come to a point."""
        has_come, forget = point.set_up(self)
        send_alarm(self.deployment)
        assert has_come(30)
        kill_function(self.deployment)
        forget()

    def see_through(self):
        """Let time pass with its reconciles until the final word and a little longer."""
        assert is_true_within(30, self.has_been_sent_again)
        notices = []
        for _ in range(ROUNDS):
            notices += self.reconcile()
            if is_over(notices):
                break
        for _ in range(ROUNDS_AFTER):
            notices += self.reconcile()
        return notices

    def reconcile(self):
        """Reconcile a while later; what the subscriber hears."""
        let_pass(self.deployment, ROUND_S)
        self.deployment.invoke({"command": "reconcile"})
        return self.deployment.notices(within_s=0)

    def has_been_sent_again(self):
        return any('"decided"' in line for line in self.deployment.logs())


@dataclass(frozen=True)
class Outcome:
    """What the provider, the table and the subscriber have seen in the end."""

    accepted: int
    runs: int
    notices: list


@pytest.fixture(scope="module")
def outcomes(aws, built, packaged):
    """The outcome of each point, found out once."""
    with behind_proxy(aws, retry_after_s=0.1) as (own, proxy):

        @functools.cache
        def outcome_of(name):
            with (
                Emulator(sync_every_s=1) as emulator,
                Deployment(own, built, packaged, emulator) as deployment,
            ):
                proxy.clear()
                return killed(Stage(proxy, deployment), POINTS[name])

        yield outcome_of


def killed(stage, point):
    deployment, emulator = stage.deployment, stage.deployment.emulator
    emulator.vary(switching_s=0.2)
    deployment.put_pair(production_down_for_s=0)
    arm(deployment)
    emulator.break_production()
    stage.kill_at(point)
    notices = stage.see_through()
    accepted = sum(post.effect for post in emulator.failover_posts)
    return Outcome(accepted, len(runs(deployment)), notices)


def send_alarm(deployment):
    deployment.send(bus_alarm(f"{deployment.stack}-outage-analytics"))


def is_over(notices):
    return any(notice.result["decision"] in FINAL for notice in notices)


def copies(notices):
    return Counter(notice.attributes["notice_id"] for notice in notices)


@pytest.mark.parametrize("point", POINTS)
def test_killed_there_the_order_is_accepted_once_or_never_sent(outcomes, point):
    assert outcomes(point).accepted == (0 if point == NEVER_SENT else 1)


@pytest.mark.parametrize("point", POINTS)
def test_killed_there_one_run_is_stored(outcomes, point):
    assert outcomes(point).runs == 1


@pytest.mark.parametrize("point", POINTS)
def test_killed_there_one_final_notification_arrives(outcomes, point):
    final = {
        notice.attributes["notice_id"]: notice.result["decision"]
        for notice in outcomes(point).notices
        if notice.result["decision"] in FINAL
    }
    assert list(final.values()) == ["not_started" if point == NEVER_SENT else "succeeded"]


@pytest.mark.parametrize("point", [name for name in POINTS if name != MAY_BE_COPIED])
def test_killed_there_no_notification_comes_twice(outcomes, point):
    assert set(copies(outcomes(point).notices).values()) <= {1}


def test_killed_before_it_is_marked_the_same_notification_may_come_twice(outcomes):
    counted = copies(outcomes(MAY_BE_COPIED).notices)
    assert all(count <= 2 for count in counted.values())
