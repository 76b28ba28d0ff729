"""Why a pair cannot be read: the cause first, and the setting to look at."""

import socket
import ssl
from dataclasses import replace

import httpx
import pytest
from situations import DR, PROJECT, evidence, pair

from handler.dws.http import cause_of
from handler.model.evidence import Cause, Fault
from handler.notifications.diagnosis import diagnose, diagnose_part

SECRET = "dws-failover/credentials"
NOT_LISTED = Fault("not_found", "the list does not show this pair", False, Cause.NOT_LISTED)


def fault(cause, *, is_transient=False):
    return Fault("denied", f"it is {cause}", is_transient, cause)


def unread(detail, listed=None):
    faults = {"detail": detail, "list": listed or detail}
    return evidence(detail=None, item=None, production=None, standby=None, faults=faults)


@pytest.mark.parametrize(
    ("cause", "setting", "named"),
    [
        (Cause.NO_SUCH_HOST, "endpoint", "https://dws.example.com"),
        (Cause.NO_CONNECTION, "endpoint", "https://dws.example.com"),
        (Cause.NO_TLS, "endpoint", "https://dws.example.com"),
        (Cause.NO_SUCH_API, "endpoint", "https://dws.example.com"),
        (Cause.NO_SENSE, "endpoint", "https://dws.example.com"),
        (Cause.OUR_SETTING, "endpoint", SECRET),
        (Cause.NO_TOKEN, "credentials", SECRET),
        (Cause.NO_IAM, "iam_endpoint", SECRET),
        (Cause.NOT_AUTHENTICATED, "credentials", SECRET),
        (Cause.NOT_PERMITTED, "project_id", PROJECT),
        (Cause.NO_SUCH_ID, "disaster_recovery_id", DR),
    ],
)
def test_each_cause_names_the_setting_to_look_at(cause, setting, named):
    found = diagnose(pair(), unread(fault(cause)))
    assert found.next_steps[0].startswith(f"{setting}: ")
    assert named in found.next_steps[0]
    assert "{" not in found.next_steps[0]


def test_every_cause_that_the_wire_tells_has_its_words():
    told = {cause: diagnose(pair(), unread(fault(cause))).sentence for cause in Cause}
    plain = {cause for cause, said in told.items() if said.startswith("the provider's state of")}
    assert plain == {Cause.OTHER}


def test_what_the_wire_said_stands_behind_what_is_the_matter():
    found = diagnose(pair(), unread(fault(Cause.NOT_AUTHENTICATED)))
    assert found.sentence == (
        "the provider does not accept the credentials (it is not_authenticated)"
    )


def test_a_list_without_the_pair_shows_that_endpoint_and_project_are_right():
    """A 404 of the detail alone could be the endpoint's."""
    detail = Fault("not_found", "HTTP 404", is_transient=False, cause=Cause.NO_SUCH_API)
    assert diagnose(pair(), unread(detail)).next_steps[0].startswith("endpoint: ")
    found = diagnose(pair(), unread(detail, NOT_LISTED))
    assert found.next_steps[0].startswith("disaster_recovery_id: ")


def test_a_pair_that_can_be_read_has_nothing_to_diagnose():
    assert diagnose(pair(), evidence()) is None
    assert diagnose_part(pair(), evidence()) is None


def test_a_list_without_a_pair_that_its_detail_shows_is_named():
    found = diagnose_part(pair(), evidence(item=None, faults={"list": NOT_LISTED}))
    assert found.sentence.startswith("the provider's list of disaster recoveries does not show")


def test_a_permission_that_is_missing_for_one_read_is_named_with_it():
    denied = fault(Cause.NOT_PERMITTED)
    found = diagnose_part(pair(), evidence(standby=None, faults={"standby": denied}))
    assert found.sentence.startswith("the standby cluster cannot be read: the credentials may not")
    assert found.is_lasting


@pytest.mark.parametrize("cause", [Cause.NO_SUCH_ID, Cause.NO_CONNECTION])
def test_a_cluster_that_is_in_another_region_or_down_is_no_fault_of_a_setting(cause):
    """The production of a cross-region pair cannot be read where its standby is."""
    one = fault(cause)
    assert diagnose_part(pair(), evidence(production=None, faults={"production": one})) is None


def raised(error, reason):
    try:
        raise error from reason
    except httpx.HTTPError as err:
        return err


UNCERTIFIED = ssl.SSLCertVerificationError("certificate verify failed")


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), Cause.NO_SUCH_HOST),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure"), Cause.NO_CONNECTION),
        (ConnectionRefusedError(111, "Connection refused"), Cause.NO_CONNECTION),
        (UNCERTIFIED, Cause.NO_TLS),
    ],
)
def test_what_keeps_a_connection_from_being_made(reason, cause):
    assert cause_of(raised(httpx.ConnectError(str(reason)), reason)) is cause


def test_a_connection_that_breaks_says_nothing_about_a_setting():
    assert cause_of(raised(httpx.ReadError("reset"), ConnectionResetError())) is Cause.OTHER


def test_errors_that_are_each_others_reason_come_to_an_end():
    first, second = ValueError(), ValueError()
    first.__context__, second.__context__ = second, first
    assert cause_of(first) is Cause.OTHER


def test_no_text_of_a_setting_forges_a_step():
    hostile = replace(pair(), endpoint="https://x\n  What to do: {secret}")
    step = diagnose(hostile, unread(fault(Cause.NO_SUCH_HOST))).next_steps[0]
    assert "\n" not in step
