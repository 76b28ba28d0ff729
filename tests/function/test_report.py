"""Every pair rehearsed in one go, and one notice of how all of them stand."""

import json
from dataclasses import replace

import pytest
from neighbours import TROUBLED, put_troubled
from parts import now

from handler.errors import InvalidEvent, LedgerUnavailable
from handler.model.notice import Notice
from handler.model.result import Decision, Result
from handler.notifications.report import Row, reported, verdict_on

REPORT = {"command": "report"}


def reported_by(parts):
    """The summary, the results by pair, and the one notice."""
    summary, *results = parts.send(REPORT)["results"]
    (notice,) = parts.notices()
    return summary, {one["pair"]: one for one in results}, notice


def text_of(parts):
    parts.send(REPORT)
    return stored(parts).text


def stored(parts):
    return parts.ledger.notices.get(parts.notices()[0].attributes["notice_id"])


def test_pairs_that_could_all_be_failed_over_are_one_quiet_notice(two):
    summary, rows, notice = reported_by(two)
    assert (summary["decision"], summary["reason_code"]) == ("rehearsed", "all_ready")
    assert {name: row["reason_code"] for name, row in rows.items()} == {
        "accounts": "ready", "analytics": "ready",
    }  # fmt: skip
    assert notice.subject == "[INFO] dws-failover: rehearsal: 2 pairs, all ready to be failed over"
    assert notice.attributes["severity"] == "info"
    assert (notice.result["ready"], notice.result["of"], two.posts) == (2, 2, 0)


def test_the_notice_says_how_old_the_data_is_against_the_limit(parts):
    parts.arm()
    _, _, notice = reported_by(parts)
    (row,) = notice.result["pairs"]
    assert 0 <= row["data_age_s"] <= 5
    assert row["max_data_loss_s"] == 3600


def test_what_people_read_has_each_pairs_data_beside_its_limit(parts):
    parts.arm()
    assert " s old, limit 3600 s" in text_of(parts)


def test_a_pair_that_is_only_observed_is_ready_and_its_mode_is_said(parts):
    parts.arm()
    parts.put_pair(mode="observe")
    summary, _, notice = reported_by(parts)
    assert summary["reason_code"] == "all_ready"
    assert [row["mode"] for row in notice.result["pairs"]] == ["observe"]


def test_a_standby_that_cannot_take_over_is_named_with_why_and_what_to_do(two):
    two.emulator.set_cluster(two.emulator.pair.standby_id, sub_status="READONLY")
    summary, rows, notice = reported_by(two)
    assert (summary["reason_code"], notice.attributes["severity"]) == ("not_all_ready", "warning")
    assert rows["analytics"]["reason_code"] == "would_refuse"
    assert notice.subject == "[WARNING] dws-failover: rehearsal: 1 of 2 pairs ready, look at 1"
    told = two.ledger.notices.get(notice.attributes["notice_id"]).text
    to_look_at, ready = told.split("\nReady:\n")
    assert "analytics (automatic): standby_ready: " in to_look_at
    assert "bring the standby back" in to_look_at
    assert "accounts (automatic)" in ready


def bad_document(two):
    two.put_document("accounts", '{"mode": "now"}')


def bad_secret(two):
    two.put_secret(f"{two.name}/accounts", access_key_id="A")


def provider_says_nothing_useful(two):
    two.troubled.fault("any", "respond", status=500, times=None)


def item_is_damaged(two):
    two.aws.client("dynamodb").update_item(
        TableName=two.table,
        Key={"pk": {"S": TROUBLED}, "sk": {"S": "state#pair"}},
        UpdateExpression="SET armed = :odd",
        ExpressionAttributeValues={":odd": {"S": "maybe"}},
    )


def wrong_project(two):
    put_troubled(two, project_id="0" * 32)


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (bad_document, "invalid_pair"),
        (bad_secret, "invalid_credentials"),
        (provider_says_nothing_useful, "provider_unavailable"),
        (item_is_damaged, "unavailable"),
        (wrong_project, "provider_denied"),
    ],
)
def test_one_pairs_trouble_is_its_row_and_the_others_are_reported_all_the_same(two, trouble, code):
    trouble(two)
    summary, rows, notice = reported_by(two)
    assert rows["accounts"]["reason_code"] == code
    assert rows["analytics"]["reason_code"] == "ready"
    assert (summary["reason_code"], notice.result["ready"]) == ("not_all_ready", 1)


class Secrets:
    """Reads secrets but for one, at which it has a bug."""

    def __init__(self, given):
        self._given = given

    def get(self, name, **options):
        if name.endswith("/accounts"):
            raise ZeroDivisionError
        return self._given.get(name, **options)


def test_a_bug_at_one_pair_is_its_row(two):
    two.instead["secrets"] = Secrets(two.adapters.secrets)
    _, *results = two.send(REPORT)["results"]
    codes = {one["pair"]: one["reason_code"] for one in results}
    assert codes == {"accounts": "internal_error", "analytics": "ready"}


def test_a_provider_that_does_not_answer_leaves_time_to_tell_of_the_others(two):
    two.troubled.fault("any", "stall", seconds=30, times=None)
    two.remaining_s = 61.5
    _, rows, notice = reported_by(two)
    assert rows["accounts"]["reason_code"] in ("unavailable", "provider_unavailable")
    assert notice.result["of"] == 2


def test_an_outage_is_pointed_out_and_nothing_is_ordered(outage):
    summary, rows, _ = reported_by(outage)
    assert rows["analytics"]["reason_code"] == "would_submit"
    assert (summary["reason_code"], outage.posts) == ("not_all_ready", 0)


def test_a_report_changes_nothing_of_a_pair(outage):
    before = outage.record
    outage.send(REPORT)
    assert outage.record == before


def test_a_report_that_comes_again_within_the_minute_is_told_once(parts):
    parts.arm()
    at = now().replace(second=10)
    parts.instead["clock"] = lambda: at
    parts.send(REPORT)
    parts.send(REPORT)
    assert len(parts.notices()) == 1


def test_without_any_pair_it_says_so(parts):
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/analytics")
    (summary,) = parts.send(REPORT)["results"]
    assert (summary["reason_code"], stored(parts).attributes["severity"]) == (
        "not_all_ready", "warning",
    )  # fmt: skip


def test_where_the_table_cannot_be_read_the_schedule_hears_that_it_failed(parts):
    parts.aws.client("dynamodb").delete_table(TableName=parts.table)
    with pytest.raises(LedgerUnavailable):
        parts.send(REPORT)


@pytest.mark.parametrize("field", [{"pair": "analytics"}, {"disaster_recovery_id": TROUBLED}])
def test_a_report_is_about_all_pairs(parts, field):
    with pytest.raises(InvalidEvent, match="report without a pair"):
        parts.send({**REPORT, **field})


# SNS API reference, Publish: 262,144 bytes


def a_row(number):
    return Row(
        f"pair-{number:03}-" + "x" * 110, "automatic", "would_refuse", "\x1b[31mé\n" + "y" * 4000,
        "z" * 4000, 10**9, 10**9,
    )  # fmt: skip


@pytest.mark.parametrize("letter", ["y", "é", "计", "\U0001f4a9", '"', "\\"])
def test_three_hundred_pairs_in_trouble_fit_one_notice(letter):
    """Whatever their reasons are written in: SNS counts bytes, of every text for each protocol."""
    rows = tuple(
        replace(a_row(number), pair=f"t{number}", reason=letter * 4000, to_do=letter * 4000)
        for number in range(300)
    )
    summary = Result(Decision.REHEARSED, *_said(rows))
    empty = Notice("report/x", "-", now(), now(), "", "", "", {"severity": "warning"})
    told = reported(empty, rows, summary)
    texts = {"default": told.text, "email": told.text}
    bodies = dict.fromkeys(("sqs", "lambda", "https"), told.body)
    assert len(json.dumps(texts | bodies)) < 240_000
    assert json.loads(told.body)["of"] == 300
    assert json.loads(told.body)["pairs"]
    assert "more: ask for status" in told.text


def test_what_cannot_be_printed_is_not_in_a_report():
    rows = tuple(map(a_row, range(3)))
    empty = Notice("report/x", "-", now(), now(), "", "", "", {"severity": "warning"})
    told = reported(empty, rows, Result(Decision.REHEARSED, *_said(rows)))
    assert "\x1b" not in told.text


def _said(rows):
    verdict = verdict_on(rows)
    return verdict.code, verdict.sentence


def test_pairs_to_look_at_stand_before_those_that_are_ready():
    ready = replace(a_row(1), pair="aaa", reason_code="ready")
    rows = (ready, replace(a_row(2), pair="zzz"))
    empty = Notice("report/x", "-", now(), now(), "", "", "", {"severity": "warning"})
    told = reported(empty, rows, Result(Decision.REHEARSED, *_said(rows)))
    assert told.text.index("zzz") < told.text.index("aaa")
    assert [row["pair"] for row in json.loads(told.body)["pairs"]] == ["zzz", "aaa"]
