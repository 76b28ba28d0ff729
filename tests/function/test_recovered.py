"""From a failover back to an armed pair: what a person does, and what the function then sees."""

from parts import signed


def test_after_dr_recovery_and_an_acknowledgement_the_pair_is_armed_again(outage):
    outage.emulator.vary(switching_s=0)
    outage.alarm()
    for _ in range(2):
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    outage.let_pass(600)
    outage.emulator.recover()
    outage.let_pass(60)
    held = outage.send({"command": "status", "pair": "analytics"})
    assert outage.send(signed(held))["decision"] == "acknowledged"
    for _ in range(5):
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    assert outage.send({"command": "status", "pair": "analytics"})["reason_code"] == "ready"
