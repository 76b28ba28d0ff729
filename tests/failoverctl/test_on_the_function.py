"""failoverctl as people run it, before the real function: table, provider and topic are there."""

import json
import time
from datetime import datetime

import pytest
from function_endpoint import Lost, interrupt
from parts import now
from steps import acknowledged


def quick(outage):
    """The provider exchanges roles at once, and time passes at each look at the run."""
    outage.emulator.vary(switching_s=0)
    send = outage.send

    def answer(event):
        if event["command"] == "verify":
            outage.let_pass(40)
        return send(event)

    return answer


def order(outage):
    (found,) = outage.emulator.failover_posts
    return found


def test_status_shows_how_pairs_stand(ctl, parts):
    parts.arm()
    parts.put_document("broken", "{")
    ran = ctl.run("status")
    assert ran.code == 0
    head, first, *_, second, last = ran.out.splitlines()
    assert head.split()[:5] == ["STATE", "PAIR", "PRODUCTION", "WOULD", "LOSE"]
    assert first.startswith("BAD DOCUMENT  broken")
    assert second.split()[:3] == ["READY", "analytics", "up"]
    assert last == "2 pairs: 1 BAD DOCUMENT, 1 READY"


def test_status_of_one_pair_shows_its_gates_and_what_to_do(ctl, outage):
    outage.alarm()
    ran = ctl.run("status", "analytics")
    assert "HELD by run" in ran.out
    assert "refuse     hold: held by" in ran.out
    assert f"failoverctl verify {outage.emulator.pair.id} --run-id" in ran.out


def lines(ran, word):
    return [line.strip() for line in ran.out.splitlines() if word in line]


def test_status_does_not_call_what_a_failover_now_would_lose_the_last_runs_loss(ctl, outage):
    outage.alarm()
    run_id = outage.record.run.run_id
    for _ in range(2):
        outage.let_pass(3600)
        outage.send({"command": "reconcile"})
    acknowledged(outage, run_id=run_id)
    ran = ctl.run("status", "analytics")
    assert lines(ran, "Data loss") == []
    (now_lost,) = lines(ran, "A failover now would lose: about ")
    assert lines(ran, "Last run: ") == [f"Last run: {run_id}"]
    assert now_lost


def test_status_shows_the_loss_of_the_run_that_holds_the_pair_as_its_own(ctl, outage):
    outage.alarm()
    ran = ctl.run("status", "analytics")
    assert len(lines(ran, "Data loss: about ")) == 1
    assert lines(ran, "A failover now would lose") == []
    assert lines(ran, "Run: ") == [f"Run: {outage.record.run.run_id}"]


def test_status_as_json_is_the_answer(ctl, parts, endpoint):
    parts.arm()
    found = ctl.run("status", "analytics", "--json").json
    assert (found["pair"], found["reason_code"]) == ("analytics", "ready")
    assert len(found["gates"]) == 13
    assert endpoint.asked == [{"command": "status", "pair": "analytics"}]


def test_rehearse_tells_by_its_exit_code_whether_it_would_be_refused(ctl, outage):
    assert ctl.run("rehearse", "analytics").code == 0
    outage.put_pair(max_data_loss_s=60)
    outage.let_pass(7200)
    ran = ctl.run("rehearse", outage.emulator.pair.id)
    assert ran.code == 1
    assert "refuse     rpo:" in ran.out
    assert "failoverctl failover analytics --override rpo --evidence " in ran.out
    assert outage.posts == 0


def test_failover_shows_asks_orders_and_follows_to_the_proven_end(ctl, outage, endpoint):
    endpoint.answer = quick(outage)
    new = outage.emulator.pair.standby_id
    ran = ctl.run("failover", "analytics", "--requested-by", "ada", "--every", "1",
                  typed="the site is lost\nanalytics\n")  # fmt: skip
    assert ran.code == 0, ran
    assert "13 of 13 gates pass" in ran.out
    assert "Data that would be lost: about" in ran.out
    assert f"New production: {new}" in ran.out
    assert "Recovery time:" in ran.out
    assert f"failoverctl acknowledge {outage.emulator.pair.id} --run-id" in ran.out
    assert outage.posts == 1
    run = outage.record.run
    assert (run.trigger["requested_by"], run.ordered_because) == ("ada", "the site is lost")
    (sent,) = [one for one in endpoint.asked if one["command"] == "failover"]
    assert sent["evidence"] == run.evidence
    assert abs(now() - datetime.fromisoformat(sent["requested_at"])).total_seconds() < 60


def test_failover_sends_nothing_if_the_name_is_not_typed_back(ctl, outage, endpoint):
    for typed, codes in (
        ("why\nanalytic\n", {2}),
        ("why\n\n", {1}),
        ("why\n", {1, 2}),
        ("", {1, 2}),
    ):
        ran = ctl.run("failover", "analytics", "--requested-by", "ada", typed=typed)
        assert ran.code in codes
        assert "nothing was sent" in ran.err
    assert {one["command"] for one in endpoint.asked} == {"rehearse"}
    assert outage.posts == 0


def test_failover_that_would_be_refused_asks_nobody(ctl, parts, endpoint):
    parts.arm()
    ran = ctl.run("failover", "analytics", typed="why\nanalytics\n")
    assert ran.code == 1
    assert "production is up" in ran.out
    assert "nothing was ordered" in ran.err
    assert "Reason" not in ran.err
    assert [one["command"] for one in endpoint.asked] == ["rehearse"]


@pytest.mark.usefixtures("outage")
def test_failover_on_what_has_changed_since_it_was_seen_is_not_sent(ctl, endpoint):
    ran = ctl.run("failover", "analytics", "--evidence", "0" * 16, typed="why\nanalytics\n")
    assert ran.code == 1
    assert "has changed" in ran.err
    assert "failoverctl failover analytics --evidence" in ran.out
    assert {one["command"] for one in endpoint.asked} == {"rehearse"}


def test_an_order_whose_answer_is_lost_is_sent_once_and_followed(ctl, outage, endpoint):
    answer = quick(outage)

    def lossy(event):
        found = answer(event)
        if event["command"] == "failover":
            raise Lost
        return found

    endpoint.answer = lossy
    ran = ctl.run("failover", "analytics", "--requested-by", "ada", "--every", "1",
                  typed="why\nanalytics\n")  # fmt: skip
    assert ran.code == 0, ran
    assert "it is not sent again" in ran.err
    assert [one["command"] for one in endpoint.asked].count("failover") == 1
    assert outage.posts == 1


def test_ctrl_c_stops_only_the_watching_and_says_so(ctl, outage, endpoint):
    outage.emulator.vary(switching_s=3600)
    outage.alarm()
    process = ctl.start("follow", "analytics", "--every", "1")
    while len(endpoint.asked) < 2:
        time.sleep(0.05)
    ran = interrupt(process)
    assert ran.code == 130, ran
    assert "Stopped watching; nothing else is stopped" in ran.err
    assert "failoverctl follow analytics" in ran.err
    assert outage.record.run.is_in_flight


def test_a_pair_is_paused_for_a_while_and_resumed(ctl, parts):
    ran = ctl.run("pause", "analytics", "--until", "2h", "--reason", "works")
    assert ran.code == 0, ran
    pause = parts.record.pair_state.pause
    assert 7100 < (pause.ends_at - now()).total_seconds() <= 7200
    assert pause.reason == "works"
    assert pause.requested_by.endswith("root") or ":" not in pause.requested_by
    assert f"Requested by {pause.requested_by}" in ran.err
    assert ctl.run("resume", "analytics", typed="done\n").code == 0
    assert not parts.record.pair_state.pause.holds(now())


def test_all_pairs_are_paused_by_a_star(ctl, parts):
    assert ctl.run("pause", "*", "--until", "30min", "--reason", "works").code == 0
    assert parts.ledger.fleet().pause.reason == "works"
    assert ctl.run("resume", "*", "--reason", "done").code == 0


def test_acknowledge_ends_a_hold_and_history_tells_of_it(ctl, outage, endpoint):
    endpoint.answer = quick(outage)
    new = outage.emulator.pair.standby_id
    ctl.run("failover", "analytics", "--requested-by", "ada", "--every", "1",
            typed="the site is lost\nanalytics\n")  # fmt: skip
    outage.let_pass(600)
    run_id = outage.record.run.run_id
    too_little = ctl.run("acknowledge", "analytics", "--production", new, "--reason", "seen")
    assert too_little.code == 1
    ran = ctl.run("acknowledge", "analytics", "--production", new, "--run-id", run_id,
                  "--reason", "seen", "--requested-by", "bob")  # fmt: skip
    assert ran.code == 0, ran
    assert outage.record.holding == frozenset()
    history = ctl.run("history", "analytics")
    assert history.code == 0
    told = " ".join(history.out.split())
    for part in ("run succeeded", "«ada» by failover", "«the site is lost»",
                 "acknowledged by «bob»: «seen»", run_id):  # fmt: skip
        assert part in told


def test_verify_looks_once(ctl, outage):
    assert ctl.run("verify", "analytics").code == 1  # there is no run
    outage.alarm()
    ran = ctl.run("verify", "analytics")
    assert ran.code == 0
    assert "in progress" in ran.out


@pytest.mark.parametrize("command", ["status", "rehearse", "verify"])
def test_an_unknown_pair_is_named(ctl, command):
    ran = ctl.run(command, "nobody")
    assert ran.code == 4
    assert "InvalidEvent" in ran.err
    assert "allowed: a configured pair (analytics)" in ran.err


def test_what_people_and_the_provider_wrote_is_shown_as_it_is(ctl, parts):
    parts.arm()
    who = {"reason": "[bold]works[/bold] :smile: [link=x]y[/link]", "requested_by": "[red]ada"}
    parts.send({"command": "pause", "pair": "analytics", "until": now(hours=1).isoformat(), **who})
    for words in (("status", "analytics"), ("status",)):
        told = " ".join(ctl.run(*words).out.split())
        assert "«[red]ada»: «[bold]works[/bold] :smile: [link=x]y[/link]»" in told


def test_json_has_what_a_person_wrote_unchanged(ctl, parts):
    parts.arm()
    found = ctl.run("history", "--json")
    assert json.loads(found.out)["incidents"] == []


OPS_17 = ("failover", "analytics", "--requested-by", "ada", "--request-id", "OPS-17",
          "--every", "1")  # fmt: skip


def as_ordered(outage, endpoint):
    """Of the time that the outage has come to, the commands of a person whose clock stays behind."""
    answer = quick(outage)

    def as_of_now(event):
        at = {"requested_at": (now() + outage.ahead).isoformat()} if "requested_at" in event else {}
        return answer({**event, **at})

    endpoint.answer = as_of_now


def test_a_request_id_of_an_outage_that_is_over_orders_nothing_and_says_so(ctl, outage, endpoint):
    as_ordered(outage, endpoint)
    assert ctl.run(*OPS_17, typed="why\nanalytics\n").code == 0
    outage.let_pass(700)
    run_id = outage.record.run.run_id
    acknowledged(outage, run_id=run_id)
    outage.emulator.restore_production()
    outage.emulator.pair.order("recovery", outage.emulator.clock.now())
    outage.let_pass(30)
    for _ in range(5):
        outage.let_pass(60)
        outage.send({"command": "reconcile"})
    outage.emulator.break_production()
    ran = ctl.run(*OPS_17, typed="why\nanalytics\n")
    assert ran.code == 4, ran
    assert run_id in ran.err
    assert "allowed: a new request_id, or none" in ran.err
    assert outage.posts == 1
