"""A new pair that cannot work: within a minute or two people read the cause, and what to correct."""

import pytest
from parts import access_key

OTHER_PROJECT = "0" * 32
OTHER_ID = "f7a2c1d0-0000-4d4d-8d8d-0000000000d1"


def reconciled(parts, times=1):
    for _ in range(times):
        parts.send({"command": "reconcile"})
        parts.let_pass(60)


def told(parts, code="misconfigured"):
    return [one.result for one in parts.notices() if one.attributes["reason_code"] == code]


@pytest.mark.parametrize(
    ("changes", "matter", "setting"),
    [
        (
            {"disaster_recovery_id": OTHER_ID},
            "the provider knows no such disaster recovery in this project",
            "disaster_recovery_id: ",
        ),
        (
            {"project_id": OTHER_PROJECT},
            "the credentials may not read it in this project",
            "project_id: ",
        ),
    ],
    ids=["id", "project"],
)
def test_a_setting_that_is_wrong_is_told_by_the_first_reconcile(parts, changes, matter, setting):
    parts.put_pair(**changes)
    reconciled(parts)
    (found,) = told(parts)
    assert found["reason"].startswith(matter)
    assert found["next_steps"][0].startswith(setting)


def test_a_wrong_access_key_is_told_with_the_name_of_its_secret(parts):
    secret = f"{parts.name}/credentials"
    parts.put_secret(secret, access_key_id="mistyped", secret_access_key="mistyped")
    reconciled(parts)
    (found,) = told(parts)
    assert found["reason"].startswith("the provider does not accept the credentials")
    assert f"secret «{secret}»" in found["next_steps"][0]


def test_an_endpoint_that_takes_no_connection_is_told_by_the_second_reconcile(parts):
    parts.put_pair(endpoint="http://127.0.0.1:9")
    reconciled(parts)
    assert told(parts) == []
    reconciled(parts)
    (found,) = told(parts)
    assert found["reason"].startswith("the host of endpoint takes no connection")
    assert found["next_steps"][0].startswith("endpoint: ")


def test_a_permission_that_is_missing_for_the_clusters_is_told(parts):
    parts.emulator.fault("cluster", "respond", status=403, times=None)
    reconciled(parts)
    (found,) = told(parts)
    assert found["reason"].startswith("the production cluster and the standby cluster cannot be")


def test_each_fault_is_told_once_a_day_and_the_next_one_at_once(parts):
    parts.put_pair(disaster_recovery_id=OTHER_ID)
    reconciled(parts, 4)
    parts.put_pair(disaster_recovery_id=OTHER_ID, project_id=OTHER_PROJECT)
    reconciled(parts, 4)
    assert [one["next_steps"][0].partition(":")[0] for one in told(parts)] == [
        "disaster_recovery_id",
        "project_id",
    ]


def test_status_says_the_cause_and_no_gate_that_could_not_look(parts):
    parts.put_pair(disaster_recovery_id=OTHER_ID)
    found = parts.send({"command": "status", "pair": "analytics"})
    assert found["reason"].startswith(
        "NOT READY because the provider knows no such disaster recovery in this project"
    )
    assert "pair_state:" not in found["reason"]
    assert found["next_steps"][0].startswith("disaster_recovery_id: ")


def test_an_armed_pair_that_cannot_be_read_any_more_says_why(parts):
    """Without a word of the eight gates that could not look."""
    parts.arm(is_ready=True)
    parts.emulator.fault("any", "cut", times=None)
    reconciled(parts, 3)
    (found,) = told(parts, "readiness_lost")
    assert found["reason"].startswith("the provider's state of the pair cannot be read (no answer")


def test_what_passes_is_not_told_as_a_setting(parts):
    parts.emulator.fault("any", "respond", status=503, times=2)
    reconciled(parts, 3)
    assert told(parts) == []


def test_times_of_another_zone_name_the_setting(parts):
    parts.emulator.vary(time_format="space", utc_offset="+08:00")
    reconciled(parts)
    (found,) = told(parts)
    assert "with provider_utc_offset +00:00 that is" in found["reason"]
    assert "set it to +08:00" in found["next_steps"][0]


def test_times_that_are_read_hours_too_old_name_the_setting_once_one_was_seen_to_come(parts):
    parts.emulator.vary(time_format="space", utc_offset="+00:00")
    parts.put_pair(provider_utc_offset="+08:00")
    reconciled(parts)
    assert told(parts) == []
    reconciled(parts)
    (found,) = told(parts)
    assert "set it to +00:00" in found["next_steps"][0]


def test_times_of_the_right_zone_are_not_told(parts):
    parts.emulator.vary(time_format="space", utc_offset="+08:00")
    parts.put_pair(provider_utc_offset="+08:00")
    reconciled(parts, 3)
    assert told(parts) == []


def test_a_period_that_is_another_at_each_look_is_told_once_a_day(parts):
    for minutes in range(100, 105):
        parts.emulator.vary(detail_says={"dr_sync_period": f"{minutes}m"})
        reconciled(parts)
    (found,) = told(parts)
    assert "less than the 6000 s between two synchronisations" in found["reason"]


def test_times_that_are_ahead_by_more_at_each_look_are_told_once_a_day(parts):
    for hours in range(3, 8):
        parts.emulator.vary(time_format="space", utc_offset=f"+{hours:02}:00")
        reconciled(parts)
    assert len(told(parts)) == 1


def test_a_setting_that_is_still_wrong_after_a_correction_is_told_at_once(parts):
    parts.emulator.vary(detail_says={"dr_sync_period": "100m"})
    reconciled(parts)
    parts.put_pair(max_data_loss_s=3601)
    reconciled(parts)
    assert [one["reason"].partition(",")[0] for one in told(parts)] == [
        "max_data_loss_s is 3600",
        "max_data_loss_s is 3601",
    ]


def secret_that(parts, is_good):
    good = access_key(parts.emulator)
    parts.put_secret(f"{parts.name}/credentials", **(good if is_good else {"access_key_id": ""}))


FAULTS = {
    "a project that is another's": lambda parts, is_good: parts.put_pair(
        **({} if is_good else {"project_id": OTHER_PROJECT})
    ),
    "a pattern that matches nothing": lambda parts, is_good: parts.put_pair(
        alarms=["dws-outage-*"] if is_good else ["arn:aws:sns:*"]
    ),
    "a secret without its key": secret_that,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_that_was_mended_and_comes_back_is_told_again_the_same_day(parts, fault):
    for is_good in (False, True, False):
        fault(parts, is_good)
        reconciled(parts, 15)
    assert len(told(parts)) == 2


def test_a_fault_that_comes_and_goes_every_few_minutes_is_told_at_most_each_ten_minutes(parts):
    for number in range(30):
        parts.put_pair(alarms=["arn:aws:sns:*"] if number % 2 else ["dws-outage-*"])
        reconciled(parts)
        parts.put_pair(alarms=["dws-outage-*"])
    assert 1 <= len(told(parts)) <= 4


def test_a_look_that_could_not_read_the_pair_mends_nothing(parts):
    parts.arm(is_ready=True)
    parts.put_pair(project_id=OTHER_PROJECT)
    reconciled(parts)
    parts.emulator.fault("any", "respond", status=503, times=24)
    reconciled(parts, 15)
    assert len(told(parts)) == 1
