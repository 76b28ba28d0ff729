"""An alarm among many pairs reads the documents of those that it speaks for, and loses none."""

import json

import pytest
from outages import PartsBehind
from parts import bus_alarm, now

from handler.errors import LedgerUnavailable
from local.aws.troubles import Error

OTHERS = 11  # more than one page holds
BY_NAME, BY_PATH = "GetParameters", "GetParametersByPath"


@pytest.fixture
def many(aws, emulator, proxy):
    """A pair among many, whose production has just failed; all documents were read 40 s ago."""
    with PartsBehind(aws, emulator, proxy) as made:
        for number in range(OTHERS):
            put_other(made, number)
        made.arm()
        made.send({"command": "status", "pair": "analytics"})
        emulator.break_production()
        made.let_pass(40)
        proxy.clear()
        yield made


def put_other(parts, number, **changes):
    """A pair of which the provider knows nothing."""
    id_ = f"{number:08x}-0000-4000-8000-000000000000"
    alarms = [f"dws-other-{number}", f"dws-other-{number}-*"]
    fields = {"disaster_recovery_id": id_, "alarms": alarms, **changes}
    write(parts, f"other-{number}", **fields)
    return id_


def write(parts, name, **changes):
    """Change a document while the function goes on."""
    document = {
        "disaster_recovery_id": parts.emulator.pair.id, "project_id": parts.emulator.project_id,
        "endpoint": parts.emulator.url, "credentials_secret": f"{parts.name}/credentials",
        "max_data_loss_s": 3600, "mode": "automatic", "alarms": ["dws-outage-*"],
        "production_down_for_s": 0, **changes,
    }  # fmt: skip
    parts.aws.client("ssm").put_parameter(
        Name=f"{parts.path}/{name}", Value=json.dumps(document), Type="String", Overwrite=True
    )


def remove(parts, name):
    parts.aws.client("ssm").delete_parameter(Name=f"{parts.path}/{name}")


def alarm(parts, name="dws-outage-analytics"):
    return parts.send(bus_alarm(name, at=now(seconds=-1) + parts.ahead))["results"]


def asked(parts):
    return [call.operation for call in parts.proxy.calls]


def incident_of(parts, disaster_recovery_id):
    return parts.ledger.read(disaster_recovery_id).open_incident


def test_before_the_order_only_its_own_document_is_read(many):
    (result,) = alarm(many)
    calls = asked(many)
    claim = calls.index("TransactWriteItems", calls.index("TransactWriteItems") + 1)
    assert result["decision"] == "submitted"
    assert (calls[:claim].count(BY_NAME), BY_PATH in calls[:claim]) == (1, False)


def test_all_are_read_after_it(many):
    alarm(many)
    assert asked(many).count(BY_PATH) == 2


def test_while_they_are_fresh_none_is_read(many):
    alarm(many)
    many.proxy.clear()
    alarm(many, "dws-outage-further")
    assert {BY_NAME, BY_PATH} & {*asked(many)} == set()


def test_few_are_read_at_once_as_ever(many):
    for number in range(2, OTHERS):
        remove(many, f"other-{number}")
    many.forget()
    many.send({"command": "status", "pair": "analytics"})
    many.let_pass(40)
    many.proxy.clear()
    alarm(many)
    assert (asked(many).count(BY_PATH), BY_NAME in asked(many)) == (1, False)


def test_what_its_document_says_by_now_is_heeded(many):
    write(many, "analytics", mode="observe")
    (result,) = alarm(many)
    assert (result["reason_code"], many.posts) == ("mode", 0)


def test_a_pair_that_lists_the_alarm_since_then_hears_of_it_too(many):
    id_ = put_other(many, 3, alarms=["dws-outage-analytics"])
    first, second = alarm(many)
    assert (first["pair"], first["decision"]) == ("analytics", "submitted")
    assert (second["pair"], second["decision"]) == ("other-3", "blocked")
    assert incident_of(many, id_) is not None


def test_a_pair_that_is_new_since_then_hears_of_it_too(many):
    id_ = put_other(many, 99, alarms=["dws-*"])
    alarm(many)
    assert incident_of(many, id_) is not None


def test_an_alarm_that_only_a_new_pair_lists_is_not_called_unlisted(many):
    id_ = put_other(many, 99, alarms=["dws-new"])
    (result,) = alarm(many, "dws-new")
    assert result["pair"] == "other-99"
    assert incident_of(many, id_) is not None


def test_an_alarm_that_is_listed_since_the_documents_were_read_is_not_called_unlisted(many):
    many.send({"command": "status", "pair": "analytics"})
    many.let_pass(5)
    id_ = put_other(many, 99, alarms=["dws-new"])
    (result,) = alarm(many, "dws-new")
    assert result["pair"] == "other-99"
    assert incident_of(many, id_) is not None


def test_a_storm_of_alarms_that_nobody_lists_does_not_read_all_documents_each_time(many):
    for number in range(5):
        (result,) = alarm(many, f"dws-unlisted-{number}")
        assert result["reason_code"] == "not_listed"
    assert asked(many).count(BY_PATH) == 2  # once, and its second page


def test_a_pair_that_lists_the_alarm_no_more_does_not_act(many):
    write(many, "analytics", alarms=["another"])
    (result,) = alarm(many)
    assert (result["reason_code"], many.posts) == ("not_listed", 0)


def test_a_pair_whose_document_has_another_name_by_now_acts(many):
    write(many, "analytics-2")
    remove(many, "analytics")
    (result,) = alarm(many)
    assert (result["pair"], result["decision"]) == ("analytics-2", "submitted")


def test_an_alarm_for_a_document_that_is_bad_by_now_waits(many):
    write(many, "analytics", mode=7)
    (result,) = alarm(many)
    assert (result["decision"], result["reason_code"]) == ("blocked", "invalid_pair")
    assert [one.pair for one in many.ledger.alarms.pending()] == ["analytics"]


def test_an_index_of_long_ago_is_none(many):
    many.let_pass(80)
    (result,) = alarm(many)
    calls = asked(many)
    assert result["decision"] == "submitted"
    assert calls.index(BY_PATH) < calls.index("TransactWriteItems")


def test_what_cannot_be_read_afterwards_comes_again_with_the_alarm(many):
    """The incident is stored and its order given: only the pairs that may list it since wait."""
    many.take_down("ssm", after=BY_NAME)
    with pytest.raises(Exception, match="cannot be read"):
        alarm(many)
    many.bring_back("ssm")
    assert many.posts == 1
    (result,) = alarm(many)
    assert result["decision"] == "duplicate"


def test_what_was_read_before_a_page_that_failed_counts_as_not_read(many):
    """Else the old text of one that is to observe by now would be acted on for 30 s more."""
    for number in range(OTHERS):
        put_other(many, number, alarms=["dws-region"])
    write(many, "analytics", alarms=["dws-region", "dws-outage-analytics"])
    many.let_pass(130)
    many.send({"command": "status", "pair": "analytics"})
    write(many, "analytics", mode="observe", alarms=["dws-region", "dws-outage-analytics"])
    many.let_pass(40)
    for operation in (BY_NAME, BY_PATH):
        for nth in range(2, 12):
            many.proxy.spoil(operation, Error("ThrottlingException"), nth=nth)
    many.proxy.spoil(BY_PATH, Error("ThrottlingException"), nth=1)
    with pytest.raises(LedgerUnavailable):
        alarm(many, "dws-region")
    many.proxy.clear()
    results = alarm(many)
    assert [result["reason_code"] for result in results if result["pair"] == "analytics"] == [
        "mode"
    ]
    assert many.posts == 0


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_what_ssm_refuses_by_name_it_may_give_by_the_path(many, code):
    for nth in range(1, 9):
        many.proxy.spoil(BY_NAME, Error(code), nth=nth)
    (result,) = alarm(many)
    assert (result["decision"], many.posts) == ("submitted", 1)
