"""What cannot be read for long silences nothing: incidents end and are told of, readiness is lost aloud."""

import contextlib

from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError
from crowd import damage_snapshot

from handler.errors import FailoverError


class NoSecrets:
    """Secrets Manager cannot be reached: no refusal, and nothing that passes by itself."""

    def get(self, name, **_):
        raise GetParameterError(f"Connect timeout on endpoint URL: {name}")


def told(parts):
    return [one.attributes["reason_code"] for one in parts.notices()]


def minutes(parts, count, every_s=60):
    for _ in range(count):
        parts.let_pass(every_s)
        parts.send({"command": "reconcile"})


def test_an_incident_whose_secret_cannot_be_reached_is_told_of_hourly(outage):
    outage.put_pair(retry_for_s=14400)
    outage.instead["secrets"] = NoSecrets()
    (result,) = outage.alarm()
    assert (result["decision"], result["reason_code"]) == ("blocked", "ledger_unavailable")
    assert told(outage) == ["ledger_unavailable"]
    minutes(outage, 14, every_s=600)
    assert outage.record.open_incident is not None
    assert told(outage), "two hours in an open outage, and not a word"


def test_an_incident_whose_secret_cannot_be_reached_ends_in_its_time_and_that_is_told(outage):
    outage.put_pair(retry_for_s=600)
    outage.instead["secrets"] = NoSecrets()
    outage.alarm()
    outage.notices()
    minutes(outage, 5, every_s=600)
    assert outage.record.open_incident is None
    assert "retry_time_over" in told(outage)


def test_a_pair_whose_secret_cannot_be_reached_for_hours_loses_its_readiness_aloud(parts):
    parts.arm()
    minutes(parts, 1)
    assert parts.record.observations.is_ready
    parts.notices()
    parts.instead["secrets"] = NoSecrets()
    minutes(parts, 24, every_s=600)
    assert told(parts), "four hours in which it could not have been failed over, and not a word"


class Own:
    """Lambda takes every invocation, as in a deployment; each is made after the sweep."""

    def __init__(self):
        self.asked = []

    def reconcile(self, _, pair, _now):
        self.asked.append(pair)
        return True


def deployed_minutes(parts, count, every_s=60):
    own = parts.instead["invoker"] = Own()
    for _ in range(count):
        parts.let_pass(every_s)
        parts.send({"command": "reconcile"})
        while own.asked:
            with contextlib.suppress(FailoverError):
                parts.send({"command": "reconcile", "pair": own.asked.pop()})


def test_a_damaged_snapshot_does_not_end_the_pursuit_in_silence_as_deployed(outage):
    outage.put_pair(retry_for_s=3600)
    outage.emulator.fault("failover", "respond", status=403)
    assert outage.alarm()[0]["decision"] == "provider_rejected"
    damage_snapshot(outage)
    outage.notices()
    deployed_minutes(outage, 13, every_s=600)
    codes = told(outage)
    assert outage.posts > 1 or codes, "two hours: nothing pursued, nothing told, nothing ended"


def test_an_uppercase_id_means_a_held_pair_without_a_document_too(outage):
    (result,) = outage.alarm()
    outage.let_pass(700)
    id_ = outage.emulator.pair.id
    outage.put_document("analytics", "{")
    found = {}
    for name in (id_, id_.upper()):
        try:
            one = outage.send(
                {"command": "verify", "disaster_recovery_id": name, "run_id": result["run_id"]}
            )
            found[name] = one["decision"]
        except FailoverError as err:
            found[name] = type(err).__name__
    assert len(set(found.values())) == 1, found


def test_brakes_that_cannot_be_read_do_not_end_the_pursuit_in_silence_as_deployed(outage):
    outage.put_pair(retry_for_s=3600)
    outage.aws.client("dynamodb").put_item(
        TableName=outage.table,
        Item={"pk": {"S": "*"}, "sk": {"S": "state#fleet"}, "schema": {"N": "2"}},
    )
    (result,) = outage.alarm()
    assert result["reason_code"] == "ledger_unavailable"
    outage.notices()
    deployed_minutes(outage, 13, every_s=600)
    assert told(outage)


def test_an_incident_whose_secret_cannot_be_reached_is_not_forgotten_as_deployed(outage):
    outage.put_pair(retry_for_s=3600)
    outage.instead["secrets"] = NoSecrets()
    outage.alarm()
    outage.notices()
    deployed_minutes(outage, 13, every_s=600)
    assert told(outage)


def test_the_result_of_a_confirmed_command_says_which_command_it_answers(outage):
    """docs/reference.md: `command`: the command, null for alarms."""
    result = outage.fail_over()
    assert result["decision"] == "submitted"
    assert result["command"] == "failover"
