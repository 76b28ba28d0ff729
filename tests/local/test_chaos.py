"""The chaos has a judge, and the judge is judged: what is injected is found, by its own sources."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest
from deployment import behind_proxy
from places import ROOT

from handler.dws import probe
from local.chaos import quiet
from local.chaos.drawing import drawn
from local.chaos.facts import Facts, Left, OfPair, Told
from local.chaos.judging import judge
from local.chaos.plan import Act, Outage, Wave
from local.chaos.report import faults_met, never_met, page
from local.chaos.seen import Witness
from local.chaos.stage import Ground, staged
from local.chaos.tally import Met, counted
from local.chaos.wave import Play
from local.chaos.waves import SIZE, judged, waves

# The plan


def test_the_same_seed_draws_the_same_plan():
    assert drawn(7, 30) == drawn(7, 30)


def test_another_seed_draws_another_plan():
    assert drawn(7, 30) != drawn(8, 30)


def test_an_outage_is_the_same_however_many_there_are_beside_it():
    assert drawn(7, 5).outages == drawn(7, 30).outages[:5]


def test_many_outages_are_waves_of_consecutive_seeds():
    found = [(wave.seed, len(wave.outages)) for wave in waves(4, 2 * SIZE + 1)]
    assert found == [(4, SIZE), (5, SIZE), (6, 1)]


def test_what_is_planned_is_over_before_it_calms_down():
    for wave in waves(0, 10 * SIZE):
        acts = [*wave.acts, *(act for outage in wave.outages for act in outage.acts)]
        assert max(act.minute for act in acts) < wave.minutes


def test_every_kind_of_outage_is_drawn_again_and_again():
    kinds = {outage.kind for wave in waves(0, 3 * SIZE) for outage in wave.outages}
    assert len(kinds) == 8


# The judge, on facts


def an_outage(kind="dies", **changes):
    acts = (Act(0, 0.5, "dies"), Act(0, 2.0, "alarm", how={"way": "bus"}))
    ids = ("11111111-0000-4000-8000-000000000001", "prod", "stand")
    fields = {
        "number": 3, "kind": kind, "ids": ids, "document": {}, "secret": "key", "has_probe": False,
        "variants": {}, "acts": acts,
    }  # fmt: skip
    return Outage(**{**fields, **changes})


def told(decision, run_id="r1", notice_id=None, reason_code="x"):
    return Told(notice_id or f"{run_id}/{decision}", an_outage().id, decision, reason_code, run_id)


def a_run(state="succeeded", **changes):
    return {"run_id": "r1", "state": state, "holds": True, "claimed_s": 100.0, **changes}


def a_pair(kind="dies", **changes):
    """An outage that was failed over as it should be."""
    fields = {
        "outage": an_outage(kind),
        "accepted": 1,
        "is_exchanged": True,
        "runs": (a_run(),),
        "told": (told("submitted"), told("succeeded")),
    }
    return OfPair(**{**fields, **changes})


def why(*pairs, **facts):
    return [wrong.why for wrong in judge(Facts(pairs=pairs, **facts))]


NOTHING = {"accepted": 0, "is_exchanged": False, "runs": (), "told": (told("refused", None),)}
HELD = {
    "accepted": 0,
    "is_exchanged": False,
    "runs": (a_run("not_started"),),
    "told": (told("unknown"), told("not_started")),
}


def test_one_accepted_order_that_is_proved_and_told_is_right():
    assert why(a_pair()) == []


@pytest.mark.parametrize("kind", ["false alarm", "observed", "paused", "muted"])
def test_where_there_must_be_no_order_one_is_wrong(kind):
    assert why(a_pair(kind)) == ["an order was accepted, and there must be none"]


@pytest.mark.parametrize("kind", ["returns", "console", "acknowledged"])
@pytest.mark.parametrize("is_first", [True, False], ids=["it was first", "it was not"])
def test_a_race_may_end_either_way(kind, is_first):
    assert why(a_pair(kind) if is_first else a_pair(kind, **NOTHING)) == []


def test_an_outage_that_was_slept_through_is_wrong():
    assert why(a_pair(**NOTHING)) == ["no order was accepted, and nothing holds the pair"]


def test_a_pair_may_be_held_where_it_was_uncertain_whether_its_order_had_left():
    assert why(a_pair(**HELD), met=(Met("function: killed", 101.0, 3),)) == []


@pytest.mark.parametrize(
    "met",
    [(), (Met("function: killed", 101.0, 4),), (Met("function: killed", 900.0, 3),)],
    ids=["nothing was met", "another pair has met it", "at another time"],
)
def test_a_pair_that_is_held_for_no_reason_is_wrong(met):
    (found,) = why(a_pair(**HELD), met=met)
    assert found.startswith("no order was accepted: the pair is held")


def test_a_mute_that_nobody_could_store_silences_nothing():
    left = (Left("failed", "stack-outage-pair-03", "LedgerUnavailable"),)
    assert why(a_pair("muted"), left=left, met=(Met("DynamoDB: fails, for all", 1.0, None),)) == []


def test_a_run_that_is_said_to_have_started_nothing_though_it_was_taken_is_wrong():
    found = why(a_pair(runs=(a_run("not_started"),), told=(told("not_started"),)))
    assert found == ["an order was accepted, and its run says otherwise: not_started"]


def test_a_success_that_the_provider_does_not_know_is_wrong():
    found = why(a_pair(is_exchanged=False))
    assert found == ["a run has succeeded, and the provider has not exchanged the roles"]


def test_an_edge_of_a_run_that_is_told_by_two_notices_is_wrong():
    twice = (told("succeeded"), told("succeeded", notice_id="another"))
    assert why(a_pair(told=twice)) == ["of run r1 it was told 2 times that it is succeeded"]


def test_an_end_that_nobody_was_told_is_wrong():
    assert why(a_pair(told=(told("submitted"),))) == ["that run r1 is succeeded was not told"]


def test_a_copy_of_a_notice_needs_a_lost_answer():
    copies = (told("submitted"), told("submitted"))
    assert len(why(a_pair(), told=copies)) == 1
    assert why(a_pair(), told=copies, met=(Met("SNS: answer lost", 3.0, 3),)) == []


def test_what_lies_in_a_queue_needs_a_reason_that_fits():
    left = (Left("failed", "{}", "LedgerUnavailable"),)
    assert len(why(a_pair(), left=left)) == 1
    assert len(why(a_pair(), left=left, met=(Met("provider: 429", 3.0, 3),))) == 1
    assert why(a_pair(), left=left, met=(Met("DynamoDB: hangs, for all", 3.0, None),)) == []


# The judge, on a wave that was played: what is injected stands where it looks


def by_hand(number, kind, *acts):
    ids = tuple(f"{number}{part}000000-0000-4000-8000-000000000001" for part in "abc")
    outage = an_outage(kind, number=number, ids=ids, acts=acts)
    document = {"mode": "automatic", "max_data_loss_s": 3600, "production_down_for_s": 0}
    variants = {"switching_s": 0, "abnormal_after_s": 0}
    return replace(outage, document=document, variants=variants)


ALARM = Act(0, 1.0, "alarm", how={"way": "cloudwatch"})
LOST = {"operation": "failover", "kind": "cut", "at": "answer"}
BY_HAND = Wave(
    seed=0,
    outages=(
        by_hand(0, "dies", Act(0, 0.0, "fault", "lost", LOST), Act(0, 0.5, "dies"), ALARM),
        by_hand(1, "dies", Act(0, 0.5, "dies"), ALARM),
        by_hand(2, "false alarm", Act(0, 0.0, "fault", "never reached", LOST), ALARM),
    ),
    acts=(),
    minutes=1,
)


@pytest.fixture(scope="module")
def played(aws, built, packaged):
    with (
        behind_proxy(aws, retry_after_s=0.1) as (own, proxy),
        staged(Ground(own, proxy, built, packaged), "chaos-by-hand", None) as stage,
    ):
        play, witness = Play(stage, BY_HAND), Witness(stage)
        play.run(witness.is_settled, lambda _: None)
        yield Played(stage, play, witness)


class Played:
    """What was played, before and after something is injected."""

    def __init__(self, stage, play, witness):
        self.stage, self.play, self.witness = stage, play, witness
        self.at_first = self.facts()
        self.judged = judged(stage, play, self.at_first)
        self._dynamodb = stage.aws.client("dynamodb")
        self._table = stage.outputs["RunsTableName"]

    def facts(self):
        return self.witness.facts(self.play.wave, self.play.ringing.sent)

    def wrong(self):
        return [wrong.why for wrong in judge(self.facts())]

    def item(self, kind, pk=None):
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._table)
        items = [item for page in pages for item in page["Items"]]
        return next(
            one for one in items
            if one["sk"]["S"].startswith(kind) and pk in (None, one["pk"]["S"])
        )  # fmt: skip

    @contextmanager
    def changed(self, item, without=(), **fields):
        """An item that is another one for a while; of no fields at all: gone."""
        key = {name: item[name] for name in ("pk", "sk")}
        kept = {name: value for name, value in item.items() if name not in without}
        self._dynamodb.delete_item(TableName=self._table, Key=key)
        if without or fields:
            self._dynamodb.put_item(TableName=self._table, Item={**kept, **fields})
        yield
        self._dynamodb.put_item(TableName=self._table, Item=item)

    def order(self, id_):
        """A second function orders, with the same rights."""
        emulator = self.stage.emulator
        where = f"/v2/{emulator.project_id}/disaster-recovery/{id_}/failover"
        token = {"X-Auth-Token": emulator.issue_token()}
        return httpx.post(emulator.url + where, headers=token, trust_env=False)


def test_nothing_is_wrong_with_what_was_played(played):
    assert judge(played.at_first) == []
    assert [pair.accepted for pair in played.at_first.pairs] == [1, 1, 0]


def test_what_was_met_is_counted_and_not_what_was_planned(played):
    assert counted(played.at_first.met) == {"lost": 1}
    assert faults_met([played.judged]) == {"lost": 1}
    assert never_met([played.judged]) == ["never reached"]


def test_the_page_draws_the_history_that_met_the_most(played):
    shown = page([played.judged], "make chaos")
    assert shown.count("<svg") == 1
    assert "order: taken, no answer" in shown
    assert "cluster B is production" in shown


def test_a_second_accepted_order_is_found(played):
    assert played.order(BY_HAND.outages[1].id).status_code == 200
    assert "2 orders were accepted in one outage" in played.wrong()


def test_an_order_for_the_pair_that_is_well_is_found(played):
    assert played.order(played.stage.emulator.pair.id).status_code == 200
    assert "1 orders for the pair that was well all along" in played.wrong()


def test_an_alarm_that_is_nowhere_is_found(played):
    with played.changed(played.item("alarm#", BY_HAND.outages[0].id)):
        assert any(found.endswith("is nowhere") for found in played.wrong())


def test_a_run_that_is_still_open_is_found(played):
    run = played.item("run#", BY_HAND.outages[0].id)
    with played.changed(run, state={"S": "unknown"}):
        assert f"run {run['run_id']['S']} is still unknown" in played.wrong()


def test_a_notice_that_was_never_published_is_found(played):
    notice = played.item("notice#")
    with played.changed(notice, without=("published_at",)):
        assert f"notice {notice['notice_id']['S']} was never published" in played.wrong()


def test_a_notice_that_nobody_has_received_is_found(played):
    lost = next(one for one in played.at_first.told if one.decision == "succeeded")
    heard = tuple(one for one in played.at_first.told if one.notice_id != lost.notice_id)
    found = [wrong.why for wrong in judge(replace(played.at_first, told=heard))]
    assert any(lost.notice_id in one and one.endswith("received it") for one in found)


def test_an_event_that_was_given_up_for_nothing_is_found(played):
    body = json.dumps({"responsePayload": {"errorType": "LedgerUnavailable"}})
    failed = played.stage.queues["failed"]
    played.stage.aws.client("sqs").send_message(QueueUrl=failed, MessageBody=body)
    assert any(found.startswith("in the queue failed") for found in played.wrong())


def test_time_does_not_pass_while_a_probe_waits_to_try_again():
    assert quiet.FOR_S > probe.APART_S


# The program


def run(*words):
    command = [sys.executable, "-m", "local.chaos", *words]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False
    )


def test_it_says_what_it_does():
    assert "--seed" in run("--help").stdout


@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_so_many_outages_there_cannot_be(count):
    done = run("-n", count)
    assert done.returncode == 2
    assert "allowed" in done.stderr or "expected" in done.stderr
