"""Every scenario of the emulator, and what it must lead to: the decision, and the run's end."""

from collections import Counter

import pytest
from pasting import paste_everything

from local.dws.scenarios import SCENARIOS

PROVED = ("submitted", "succeeded", "ours")
UNCLEAR = ("submitted", "succeeded", "unclear")
INFERRED = ("unknown", "not_started", "unclear")
OVERDUE = ("submitted", "submitted", "ours")


def refused(gate):
    return ("refused", gate, None)


# By scenario: what the alarm is answered, how its run stands an hour and a half later, and whose
# doing that is. Without a run: why.
ENDS = {
    "healthy": PROVED,
    "accept-then-timeout": ("unknown", "succeeded", "unclear"),
    "accept-then-500": UNCLEAR,
    "accept-then-reset": UNCLEAR,
    "accept-then-half-an-answer": UNCLEAR,
    "accept-then-html": UNCLEAR,
    "accept-then-garbage": UNCLEAR,
    "accept-then-drip": ("unknown", "succeeded", "unclear"),
    "reset-after-send": INFERRED,
    "unavailable": INFERRED,
    "redirected": INFERRED,
    "missing-pair": ("blocked", "provider_not_found", None),
    "token-expired-mid-run": PROVED,
    "forbidden": ("provider_rejected", "provider_rejected", "other"),
    "not-found": ("provider_rejected", "succeeded", "ours"),
    "throttled": ("provider_rejected", "succeeded", "ours"),
    "status-flips-after-12s": PROVED,
    "status-flips-after-90s": PROVED,
    "executed-after-20-minutes": ("unknown", "succeeded", "unclear"),
    "executed-after-70-minutes": ("unknown", "succeeded", "unclear"),
    "roles-swap-after-1-minute": PROVED,
    "roles-swap-after-60-minutes": PROVED,
    "running-throughout": PROVED,
    "flip-without-swap": OVERDUE,
    "switching-then-back": ("submitted", "failed", "ours"),
    "role-words-only": PROVED,
    "swap-then-revert": OVERDUE,
    "both-primary": refused("roles"),
    "switchover-degrades": PROVED,
    "rival-order": UNCLEAR,
    "rival-order-accepted": PROVED,
    "deleted-mid-run": OVERDUE,
    "running-for-30-minutes": PROVED,
    "refused-while-running": INFERRED,
    "abnormal-transient": refused("production_down"),
    "abnormal-lasting": refused("production_down"),
    "undocumented-status": refused("pair_state"),
    "stopped": refused("pair_state"),
    "dark-production-region": refused("production_down"),
    "broken-standby": refused("production_down"),
    "readonly-standby": refused("standby_ready"),
    "old-production-returns": PROVED,
    "region-outage": PROVED,
    "last-sync-absent": refused("rpo"),
    "last-sync-empty": refused("rpo"),
    "last-sync-local": refused("rpo"),
    "last-sync-future": refused("rpo"),
    "last-sync-frozen": PROVED,
    "progress-missing": PROVED,
    "progress-stale": PROVED,
    "progress-disagreeing": PROVED,
    "list-behind-detail": PROVED,
    "list-ahead-of-detail": PROVED,
    "fields-absent": refused("edition"),
    "old-version": refused("version"),
    "decoupled-edition": refused("edition"),
    "clock-5-minutes-ahead": PROVED,
    "clock-5-minutes-behind": PROVED,
    "clock-16-minutes-ahead": ("blocked", "provider_denied", None),
}
LIVES = {"abnormal-transient", "abnormal-lasting", "broken-standby"}  # whose production does
UNTOLD = {"executed-after-20-minutes", "executed-after-70-minutes"}
MINUTE = 60
STEPS_S = (*[MINUTE] * 4, *[5 * MINUTE] * 3, *[20 * MINUTE] * 3, *[MINUTE] * 3)


def test_every_scenario_has_its_end():
    assert set(ENDS) | {"refused-after-detail"} == set(SCENARIOS)


def test_a_provider_that_is_gone_after_the_detail_was_read_is_not_ordered_anything(outage):
    """What is read side by side with the detail may or may not come through before."""
    outage.emulator.scenario("refused-after-detail")
    outage.emulator.break_production()
    assert outage.alarm()[0]["decision"] in ("refused", "not_started")
    assert outage.posts == 0


@pytest.mark.parametrize("name", ENDS)
def test_a_scenario_leads_to_its_end(parts, name):
    decision, end, whose = ENDS[name]
    parts.arm(role_words={"production": "primary", "standby": "standby"})
    parts.emulator.scenario(name)
    if name != "missing-pair" and name not in LIVES:
        parts.emulator.break_production()
    if name in UNTOLD:  # the account may not read events
        parts.emulator.fault("events", "respond", status=403, times=None)
    (result,) = parts.alarm()
    for step_s in STEPS_S:
        parts.let_pass(step_s)
        parts.send({"command": "reconcile"})
    run = parts.ledger.read(result["disaster_recovery_id"]).run
    found = (run.state.value, run.attribution) if run else (result["reason_code"], None)
    assert (result["decision"], *found) == (decision, end, whose)
    assert paste_everything(parts, result["disaster_recovery_id"]) == []


@pytest.mark.parametrize("name", ["executed-after-20-minutes", "swap-then-revert"])
def test_at_most_one_order_of_ours_is_taken(outage, name):
    outage.emulator.scenario(name)
    outage.emulator.break_production()
    outage.alarm()
    for step_s in STEPS_S:
        outage.let_pass(step_s)
        outage.send({"command": "reconcile"})
        outage.alarm()
    assert sum(post.effect for post in outage.emulator.failover_posts) == 1


def test_an_order_that_is_carried_out_late_is_told_as_not_started_first(outage):
    outage.emulator.scenario("executed-after-20-minutes")
    outage.emulator.fault("events", "respond", status=403, times=None)
    outage.emulator.break_production()
    outage.alarm()
    for step_s in STEPS_S:
        outage.let_pass(step_s)
        outage.send({"command": "reconcile"})
    told = Counter(one.result["decision"] for one in outage.notices())
    assert (told["unknown"], told["not_started"], told["succeeded"]) == (1, 1, 1)


def test_a_run_that_no_look_can_end_is_told_hourly(outage):
    outage.emulator.scenario("deleted-mid-run")
    outage.emulator.break_production()
    outage.alarm()
    for _ in range(14):
        outage.let_pass(15 * MINUTE)
        outage.send({"command": "reconcile"})
    told = Counter(one.result["decision"] for one in outage.notices())
    assert told["overdue"] >= 2
