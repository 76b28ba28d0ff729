"""A failover of which nobody could hear is told to those who confirm a subscription later."""


def reconciled(parts, times):
    for _ in range(times):
        parts.let_pass(60)
        parts.send({"command": "reconcile"})


def told_of(parts, run_id):
    return [one.result["decision"] for one in parts.notices() if one.result.get("run_id") == run_id]


def test_a_run_that_still_holds_is_told_once_somebody_hears(outage):
    outage.emulator.vary(switching_s=0)
    run_id = outage.fail_over()["run_id"]
    reconciled(outage, 2)
    assert outage.record.run.state == "succeeded"
    outage.notices()
    outage.ledger.notices.note_unheard()
    reconciled(outage, 12)  # which sees a confirmed subscription
    assert told_of(outage, run_id) == ["succeeded"]
    reconciled(outage, 12)
    assert told_of(outage, run_id) == []
