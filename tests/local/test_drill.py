"""Drills: what is played, how it is judged, and that it is told when it went wrong."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from drills import ABOUT
from places import ROOT

from local.drill.documents import BadDocuments, read_documents
from local.drill.page import page
from local.drill.play import play, played_or_why
from local.drill.scenarios import DRILLS
from local.drill.stage import Assumed, _an_alarm, make_secret
from local.drill.words import clock, escape, span
from local.dws.model.setup import PAIR_ID

EXAMPLE = ROOT / "local" / "drill" / "example"
GOOD = json.loads((EXAMPLE / "analytics.json").read_text())
QUICK = Assumed(sync_s=600, switching_s=60)


def a_folder(tmp_path, **documents):
    for name, document in documents.items():
        text = document if isinstance(document, str) else json.dumps(document)
        (tmp_path / f"{name}.json").write_text(text)
    return tmp_path


def run_drill(*words, within_s=300):
    return subprocess.run(
        [sys.executable, "-m", "local.drill", *map(str, words)],
        check=False, capture_output=True, text=True, timeout=within_s, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "src", "COLUMNS": "100"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("documents", "fault"),
    [
        ({}, "found no .json file"),
        ({"orders": {**GOOD, "max_data_loss_s": 5}}, "orders.json: $.max_data_loss_s: found 5"),
        ({"orders": {**GOOD, "mode": "auto"}}, "orders.json: $.mode: found "),
        ({"orders": "{"}, "orders.json: $: not valid JSON"),
        ({"a": GOOD, "b": GOOD}, "b.json: $.disaster_recovery_id: "),
        ({"orders": {**GOOD, "endpoint": "https://dws.example.com"}}, "$.endpoint: found "),
    ],
)
def test_bad_documents_are_named_by_file_and_path(tmp_path, documents, fault):
    with pytest.raises(BadDocuments, match=r"."):
        read_documents(a_folder(tmp_path, **documents))
    done = run_drill("--pairs", tmp_path, "--out", tmp_path / "report.html", within_s=60)
    assert done.returncode == 2
    assert fault in done.stderr
    assert not (tmp_path / "report.html").exists()


def test_no_file_writes_to_the_terminal_what_it_is_named(tmp_path):
    a_folder(tmp_path, **{"a\x1b[2K\x1b]0;owned\x07 all\ngood": "{}", "bad\u202eesrever": "{}"})
    done = run_drill("--pairs", tmp_path, "--out", tmp_path / "report.html", within_s=60)
    assert done.returncode == 2
    assert "[2K" in done.stderr
    assert all(one.isprintable() for one in done.stderr.replace("\n", ""))
    assert not any(line.startswith("good") for line in done.stderr.splitlines())


@pytest.mark.parametrize(
    ("patterns", "arn"),
    [
        (("dws-*" + "x" * 300, "sales"), "arn:aws:cloudwatch:us-east-1:000000000000:alarm:sales"),
        (("dws-*",), "arn:aws:cloudwatch:us-east-1:000000000000:alarm:dws-x"),
        (("*" + "y" * 255,), f"arn:aws:cloudwatch:us-east-1:000000000000:alarm:{'y' * 255}"),
        (("arn:aws:cloudwatch:eu-*:1*:alarm:x",), None),
        (("arn:*:cloudwatch:*:*:alarm:s*",),
         "arn:aws:cloudwatch:us-east-1:000000000000:alarm:sx"),
        (("dws-*" + "x" * 300,), None),
        ((), None),
    ],
)  # fmt: skip
def test_an_alarm_is_one_that_there_can_be(patterns, arn):
    assert _an_alarm(patterns) == arn


def test_what_turns_text_around_stands_in_no_report():
    assert escape("sales-\u202eretsulc<b>\x1b[31m") == "sales-\ufffdretsulc&lt;b&gt;\ufffd[31m"


def test_a_folder_that_is_none_is_named(tmp_path):
    with pytest.raises(BadDocuments, match="found no such folder"):
        read_documents(tmp_path / "nowhere")


def test_a_pipe_among_the_documents_is_said_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "orders.json")
    with pytest.raises(BadDocuments, match=r"orders.json: \$: found a folder, a pipe or a device"):
        read_documents(a_folder(tmp_path, analytics=GOOD))


def test_a_document_is_the_same_whatever_its_spaces_and_order(tmp_path):
    (given,) = read_documents(a_folder(tmp_path, analytics=GOOD))
    turned = json.dumps(dict(reversed(GOOD.items())), indent=7)
    (again,) = read_documents(a_folder(tmp_path, analytics=turned))
    (other,) = read_documents(a_folder(tmp_path, analytics={**GOOD, "retry_for_s": 60}))
    assert given.digest == again.digest != other.digest


@pytest.fixture(scope="module")
def drilling():
    """An embedded AWS for drills, and the environment as it was afterwards."""
    from local.aws import EmbeddedAws

    before = dict(os.environ)
    with EmbeddedAws(auth=False) as aws:
        make_secret(aws)
        yield aws
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def document(tmp_path):
    def make(**changes):
        (made,) = read_documents(a_folder(tmp_path, analytics={**GOOD, **changes}))
        return made

    return make


def test_an_outage_is_failed_over_with_one_order_and_measured(drilling, document):
    found = play(drilling, document(), "x", DRILLS["production-dies"], QUICK)
    assert (found.is_met, found.orders) == (True, 1)
    # 120 s that production must be down, and 60 s that the provider switches
    assert 180 <= found.recovery_s <= 260
    assert found.proved_s > found.recovery_s
    # a third of a period later
    assert found.loss_s == pytest.approx(200, abs=5)
    assert found.estimated_loss_s >= found.loss_s
    assert len(found.gates) == 13


@pytest.mark.parametrize("key", ["false-alarm", "standby-read-only", "standby-behind"])
def test_what_must_not_be_failed_over_is_not(drilling, document, key):
    found = play(drilling, document(), key, DRILLS[key], QUICK)
    assert (found.is_met, found.orders, found.recovery_s) == (True, 0, None)
    assert any(one.kind == "notice" for one in found.moments)


def test_a_lost_answer_is_not_sent_again(drilling, document):
    found = play(drilling, document(), "x", DRILLS["answer-lost"], QUICK)
    assert (found.is_met, found.orders) == (True, 1)


def test_a_pair_that_is_observed_is_never_ordered_anything(drilling, document):
    found = play(drilling, document(mode="observe"), "x", DRILLS["production-dies"], QUICK)
    assert (found.is_met, found.orders) == (True, 0)


def test_an_observed_pair_that_would_fail_over_says_so(drilling, document):
    found = play(drilling, document(mode="observe"), "x", DRILLS["production-dies"], QUICK)
    assert found.came_to == "nothing was ordered: it would have failed over, only the mode refuses"


def test_an_observed_pair_that_could_never_fail_over_is_not_as_it_must(drilling, document):
    """Its limit is below the period, so `rpo` refuses as well as the mode."""
    given = document(mode="observe", max_data_loss_s=60)
    found = play(drilling, given, "x", DRILLS["production-dies"], QUICK)
    assert (found.is_met, found.orders) == (False, 0)
    assert "nor would it be in mode automatic: rpo: " in found.came_to


def test_a_document_with_the_id_of_the_emulators_own_pair_is_played(drilling, document):
    given = document(disaster_recovery_id=PAIR_ID)
    assert play(drilling, given, "x", DRILLS["false-alarm"], QUICK).is_met


def test_what_cannot_be_played_is_a_part_of_the_report(drilling, document):
    given, broken = document(), replace(DRILLS["false-alarm"], variants={"unheard_of": 1})
    found = played_or_why(drilling, given, "x", broken, QUICK)
    assert not found.is_met
    assert "it could not be played: " in found.came_to
    assert "unheard_of" in page([found], ABOUT, {"analytics": 3600})


def test_a_dark_region_is_failed_over_by_the_probe_and_not_without_one(drilling, document):
    scenario = DRILLS["region-dark"]
    with_probe = play(drilling, document(), "x", scenario, QUICK)
    without = play(drilling, document(probes={}), "x", scenario, QUICK)
    assert (with_probe.orders, without.orders) == (1, 0)
    assert with_probe.is_met
    assert without.is_met


def test_a_document_that_lists_no_alarm_is_played_without_one(drilling, document):
    found = play(drilling, document(alarms=[]), "x", DRILLS["production-dies"], QUICK)
    assert "lists no alarm" in found.says
    assert all(one.kind != "alarm" for one in found.moments)


def test_what_does_not_come_to_what_it_must_is_not_met(drilling, document):
    """The judge is asked for another end than the one that comes."""
    wrong = replace(DRILLS["false-alarm"], expects="exchanged", minutes=1)
    assert not play(drilling, document(), "x", wrong, QUICK).is_met


def test_the_drill_writes_a_page_and_the_same_for_machines(tmp_path):
    out = tmp_path / "report.html"
    done = run_drill("--out", out, "--scenario", "false-alarm", "--sync-minutes", 10)
    assert done.returncode == 0, done.stderr
    assert "2 of 2 went as they must" in done.stderr
    plain = json.loads((tmp_path / "report.json").read_text())
    assert [(one["pair"], one["is_met"]) for one in plain["played"]] == [
        ("analytics", True), ("billing", True),
    ]  # fmt: skip
    assert set(plain["documents_sha256"]) == {"analytics", "billing"}
    assert "<script" not in out.read_text()


def test_a_run_that_fails_for_the_assumed_period_names_it(tmp_path):
    folder = a_folder(tmp_path, sales={**GOOD, "max_data_loss_s": 60})
    words = ("--pairs", folder, "--out", tmp_path / "r.html", "--scenario", "production-dies")
    done = run_drill(*words)
    assert done.returncode == 1
    assert "was assumed: --sync-minutes 30" in done.stderr


@pytest.mark.parametrize("words", [["--sync-minutes", "0"], ["--scenario", "none"]])
def test_a_bad_option_is_refused_before_anything_is_started(words):
    done = run_drill(*words, within_s=60)
    assert done.returncode == 2
    assert "usage: make drill" in done.stderr


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (130, "2:10"), (3730, "1:02:10"), (-5, "-0:05")]
)
def test_a_time_since_the_outage_reads_as_one(seconds, text):
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "-"),
        (0, "0 s"),
        (45, "45 s"),
        (760, "12 min 40 s"),
        (3600, "1 h"),
        (7530, "2 h 5 min"),
    ],
)
def test_a_length_of_time_reads_as_one(seconds, text):
    assert span(seconds).replace("\N{NO-BREAK SPACE}", " ") == text
