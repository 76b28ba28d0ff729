"""Documents that cannot work, and what `failoverctl check` says of each; and those that it lets pass."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

from failoverctl.failures import Failure
from failoverctl.pair_claims import claims_in
from failoverctl.program import program
from handler.model.documents import parse_pairs
from handler.model.hosts import PROVIDER_HOSTS, AllowedHosts

BAD = sorted(path for path in (ROOT / "tests/bad_pairs").iterdir() if path.is_dir())
SAYS = "says.txt"
CLUSTER = "3ef5daaa-d017-4354-80b3-8a69caf2e09f"
GOOD = {
    "disaster_recovery_id": "e59d6b86-9072-46eb-a996-13f8b44994c1",
    "project_id": "89cd04f168b84af6be287f71730fdb4b",
    "endpoint": "https://dws.eu-west-101.myhuaweicloud.eu",
    "credentials_secret": "dws-failover/credentials",
    "max_data_loss_s": 3600,
    "alarms": ["dws-outage-sales"],
}
OTHER = "0a1b2c3d-9072-46eb-a996-13f8b44994c1"


@pytest.fixture
def check(capsys):
    """Run the program's command; what it wrote, the last sentence included, and its exit code."""

    def run(folder, *options):
        code = 0
        try:
            program(["check", str(folder), *options], standalone_mode=False)
            last = ""
        except Failure as failure:
            code, last = failure.code, failure.sentence
        return code, capsys.readouterr().out + last

    return run


@pytest.fixture
def folder(tmp_path):
    """A folder of documents, by pair's name, that change the good one."""

    def write(**pairs):
        for name, changes in pairs.items():
            document = {**GOOD, **changes}
            (tmp_path / f"{name}.json").write_text(json.dumps(document))
        return tmp_path

    return write


@pytest.mark.parametrize("case", BAD, ids=lambda path: path.name)
def test_a_bad_document_is_refused_with_where_what_was_found_and_what_is_allowed(check, case):
    code, said = check(case, "--sync-period", "30m")
    assert code == 1
    assert said == (case / SAYS).read_text().rstrip("\n")


def test_every_bad_document_has_a_message_of_its_own():
    said = [(case / SAYS).read_text() for case in BAD]
    assert len(said) == len(set(said)) >= 40


@pytest.mark.parametrize("case", BAD, ids=lambda path: path.name)
def test_a_message_is_one_that_a_person_can_act_on(case):
    faults = [line for line in (case / SAYS).read_text().splitlines() if line.startswith("  ")]
    words = ("allowed", "unknown field", "not valid JSON", "also stands in", "more faults")
    assert faults
    assert [line for line in faults if not any(word in line for word in words)] == []


def test_good_documents_are_named_in_one_friendly_line(check, folder):
    found = check(folder(sales={}, orders={"disaster_recovery_id": OTHER, "alarms": ["orders"]}))
    assert found == (0, "All good: 2 documents: orders, sales.\n")


def test_an_alarm_that_two_documents_name_alike_is_meant_and_noted(check, folder):
    code, said = check(folder(sales={}, orders={"disaster_recovery_id": OTHER}))
    assert code == 0
    assert 'note: $.alarms: "dws-outage-sales" speaks for orders and sales' in said


def test_a_pattern_that_catches_an_alarm_which_both_name_is_meant(check, folder):
    orders = {"disaster_recovery_id": OTHER, "alarms": ["dws-outage-sales", "dws-outage-*"]}
    code, said = check(folder(sales={}, orders=orders))
    assert code == 0
    assert "warning" not in said


def test_an_alarm_that_anothers_pattern_catches_is_a_warning_and_no_bad_document(check, folder):
    orders = {"disaster_recovery_id": OTHER, "alarms": ["dws-outage-*"]}
    code, said = check(folder(sales={}, orders=orders))
    assert code == 1
    assert said.count('warning: $.alarms: the alarm "dws-outage-sales" can speak for orders') == 1
    assert "cannot work" not in said


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"mode": "automatic", "alarms": []}, "no alarm and no probe"),
        ({"alarms": []}, "no alarm: only two witnesses"),
        ({"mode": "automatic", "production_down_for_s": 0}, "the first look that finds it down"),
        ({"alarms": ["*"]}, "every alarm"),
        ({"alarms": ["a", "a"]}, "stands there 2 times"),
        ({"completion_deadline_s": 1800}, "told as overdue"),
        (
            {"alarms": [f"dws-outage-{'x' * 60}-{number}" for number in range(60)]},
            "--tier Advanced",
        ),
    ],
)
def test_what_may_surprise_is_noted_and_passes(check, folder, changes, note):
    code, said = check(folder(sales=changes))
    assert code == 0
    assert note in said


def test_without_a_period_nothing_is_said_of_synchronisation(check, folder):
    assert check(folder(sales={"max_data_loss_s": 60}))[0] == 0


def test_hosts_and_secrets_of_another_deployment_are_options(check, folder):
    made = folder(sales={"endpoint": "https://dws.otc.example.com", "credentials_secret": "a/b"})
    assert check(made)[0] == 1
    assert check(made, "--allowed-hosts", "*.example.com", "--secret-prefix", "a/")[0] == 0


@pytest.mark.parametrize(("port", "code"), [("8001", 0), ("8000", 1)])
def test_a_provider_and_a_cluster_may_share_loopback_but_no_port(check, folder, port, code):
    here = {"endpoint": "https://127.0.0.1:8000", "probes": {CLUSTER: f"127.0.0.1:{port}"}}
    assert check(folder(sales=here), "--allowed-hosts", "127.0.0.1")[0] == code


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--sync-period", "30"), "--sync-period: found 30, allowed: 30m, 2H, 1d and the like"),
        (("--allowed-hosts", "*.com"), "--allowed-hosts: found *.com, allowed"),
    ],
)
def test_an_option_that_means_nothing_is_said(check, folder, options, said):
    code, found = check(folder(sales={}), *options)
    assert code == 2
    assert said in found


def test_a_folder_without_documents_is_no_success(check, tmp_path):
    code, said = check(tmp_path)
    assert code == 2
    assert "holds no .json file" in said


def test_what_cannot_be_read_is_a_fault_and_not_a_traceback(check, folder):
    made = folder(sales={})
    (made / "orders.json").mkdir()
    code, said = check(made)
    assert code == 1
    assert "orders.json\n  $: found a folder, a pipe or a device, allowed: a file to read" in said


def make_pipe(path):
    os.mkfifo(path)


def make_endless(path):
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize("make", [make_pipe, make_endless])
def test_what_is_no_file_is_not_read_for_ever(check, folder, make):
    made = folder(sales={})
    make(made / "orders.json")
    code, said = check(made)
    assert code == 1
    assert "orders.json\n  $: found a folder, a pipe or a device" in said


def test_a_file_that_no_parameter_could_hold_is_read_no_further(check, folder):
    made = folder(sales={})
    with (made / "orders.json").open("wb") as file:
        file.truncate(2**40)
    code, said = check(made)
    assert code == 1
    assert "orders.json\n  $: found more than 65,536 bytes, allowed: 8,192" in said


def test_a_link_to_a_document_is_one(check, folder, tmp_path_factory):
    (tmp_path_factory.mktemp("other") / "it").write_text(json.dumps(GOOD))
    made = folder()
    (made / "sales.json").symlink_to(tmp_path_factory.getbasetemp() / "other0" / "it")
    assert check(made)[0] == 0


def of_many_wildcards(number):
    return {
        "disaster_recovery_id": f"{number:08d}{GOOD['disaster_recovery_id'][8:]}",
        "alarms": [f"*{'a*' * 33}{number}x{place:02d}*" for place in range(98)],
    }


def test_what_is_not_compared_any_more_is_said_of_each_document(folder):
    made = folder(**{f"p{number}": of_many_wildcards(number) for number in range(4)})
    texts = {path.stem: path.read_text() for path in made.iterdir()}
    pairs = parse_pairs(texts, AllowedHosts.parse(PROVIDER_HOSTS)).good
    one_comparison = sum(map(len, pairs[0].alarms)) * 98
    claims = claims_in(pairs, one_comparison)
    said = "$.alarms: found too many entries with * to compare them with those of"
    allowed = "allowed: fewer, or shorter ones"
    assert claims.faults["p0"][-1] == f"{said} 2 other documents, {allowed}"
    assert claims.faults["p3"][-1] == f"{said} 3 other documents, {allowed}"
    assert "more claims like these" in claims.warnings["p0"][-1]


def test_a_document_that_is_refused_as_too_long_is_not_compared(check, folder):
    long = [f"*{'a*' * 33}{place}*" for place in range(150)]
    made = folder(sales={"alarms": long}, orders={"disaster_recovery_id": OTHER, "alarms": ["a*"]})
    code, said = check(made)
    assert code == 1
    assert "allowed: 8,192" in said
    assert "same alarm" not in said


def test_a_star_beside_three_hundred_pairs_is_said_in_a_few_lines(check, tmp_path):
    for number in range(300):
        id_ = f"{number:08d}{GOOD['disaster_recovery_id'][8:]}"
        alarms = ["*"] if number == 0 else [f"dws-outage-{number}", f"dws-outage-{number}-*"]
        document = {**GOOD, "disaster_recovery_id": id_, "alarms": alarms}
        (tmp_path / f"pair-{number:03d}.json").write_text(json.dumps(document))
    code, said = check(tmp_path)
    assert code == 1
    assert len(said.splitlines()) < 12


@pytest.mark.parametrize("text", ["[" * 50_000, '{"a": "\\ud800"}', '{"mode": "\\u001b[2J"}'])
def test_hostile_documents_say_one_line_and_end(check, tmp_path, text):
    (tmp_path / "sales.json").write_text(text)
    code, said = check(tmp_path)
    assert code == 1
    assert "\x1b" not in said


def test_make_checks_a_folder_by_the_program_itself(folder):
    made = folder(sales={"mode": "auto"})
    ran = subprocess.run(
        [sys.executable, "-m", "failoverctl", "check", str(made)],
        cwd=ROOT, env={"PYTHONPATH": "src", "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "'observe' or 'automatic'" in ran.stdout
    assert "cannot work" in ran.stderr
    assert '-m failoverctl check "$${DIR:-pairs}"' in Path(ROOT / "Makefile").read_text()
