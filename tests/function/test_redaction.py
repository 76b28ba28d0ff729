"""Every scenario with marked secrets, told at its most talkative: nothing of them shows anywhere."""

import base64
import html
import json
import logging
from contextlib import suppress
from datetime import timedelta
from urllib.parse import quote, quote_plus

import pytest
from marks import SPELLINGS, shown
from overheard import FORMS, LOGIN, MARKED
from parts import now
from places import ROOT

from handler import app
from handler.aws.telemetry import logger
from handler.dws.client import Unreadable
from local.drill.scenarios import DRILLS
from local.dws import SCENARIOS, Emulator


@pytest.fixture
def emulator():
    with Emulator(sync_every_s=1, credentials=MARKED) as running:
        yield running


def by_name(name):
    def begin(emulator):
        emulator.scenario(name)
        with suppress(KeyError):  # there is no pair
            emulator.break_production()

    return begin


def drilled(scenario):
    """As the drill begins it (`local.drill.play`)."""

    def begin(emulator):
        emulator.vary(**scenario.variants)
        emulator.set_cluster(emulator.pair.standby_id, **scenario.standby)
        for fault in scenario.faults:
            emulator.add_fault(fault)
        if scenario.is_behind:
            past = emulator.clock.now() - timedelta(seconds=4200)
            emulator.set_pair(last_sync=past, sync_every_s=1e9)
        if scenario.dies:
            emulator.break_production()

    return begin


BEGINNINGS = {
    **{name: by_name(name) for name in SCENARIOS},
    **{f"drill {name}": drilled(scenario) for name, scenario in DRILLS.items()},
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", BEGINNINGS)
def test_in_no_scenario_anything_of_a_secret_shows(tell, name, form):
    told = tell(form)
    told.pass_by(BEGINNINGS[name])
    text = told.text
    assert "decided" in text
    assert "dws-failover/1" in text
    assert shown(told.marks, text) == []
    assert "SDK-HMAC-SHA256" not in text


LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("level", LEVELS)
def test_at_no_level_anything_of_a_secret_shows(tell, level, form):
    told = tell(form, logging.getLevelNamesMapping()[level])
    told.parts.emulator.fault("failover", "respond", status=401)
    told.pass_by(by_name("accept-then-reset"))
    assert shown(told.marks, told.text) == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "events").glob("*.json")))
def test_no_event_has_anything_of_a_secret_shown(tell, name, form):
    told = tell(form)
    text = (ROOT / "events" / name).read_text()
    told.parts.aws.client("ssm").delete_parameter(Name=f"{told.parts.path}/analytics")
    told.parts.put_pair("first")
    told.parts.arm()
    told.parts.emulator.break_production()
    stamp = f"{now(seconds=-1):%Y-%m-%dT%H:%M:%S}"
    for event in (text, text.replace("2026-01-15T08:30:00", stamp)):
        told.say(json.loads(event))
    assert shown(told.marks, told.text) == []


# What is written wrongly


def each(change):
    return lambda secret: {name: change(value) for name, value in secret.items()}


WRITTEN = {
    "cut": lambda secret: json.dumps(secret)[:-1],
    "a value for a name": lambda secret: {**secret, next(iter(secret.values())): "x"},
    "values for names": lambda secret: {value: name for name, value in secret.items()},
    "a list": lambda secret: [*secret.values()],
    "JSON in JSON": lambda secret: json.dumps(json.dumps(secret)),
    "a value alone": lambda secret: [*secret.values()][1],
    "lists for values": each(lambda value: [value]),
    "objects for values": each(lambda value: {value: value}),
    "a line behind each value": each(lambda value: f"{value}\n"),
    "one value for all": lambda secret: dict.fromkeys(secret, [*secret.values()][1]),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("what", WRITTEN)
def test_of_a_secret_that_is_written_wrongly_nothing_shows(tell, what, form):
    told = tell(form)
    written = WRITTEN[what](told.secret)
    told.parts.aws.client("secretsmanager").put_secret_value(
        SecretId=f"{told.parts.name}/credentials",
        SecretString=written if isinstance(written, str) else json.dumps(written),
    )
    app.adapters.cache_clear()
    told.pass_by(by_name("healthy"))
    text = told.text
    assert any(code in text for code in ("invalid_credentials", "provider_denied", "no token"))
    assert shown(told.marks, text) == []


# What a provider repeats


def in_base64(before):
    return lambda text: base64.b64encode(b"x" * before + text.encode()).decode()


REPEATED = {
    "as it is": str,
    "in JSON": lambda text: json.dumps(text)[1:-1],
    "in JSON in JSON": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "in Python": repr,
    "in Python's ASCII": ascii,
    "in Python's bytes": lambda text: repr(text.encode()),
    "in HTML": html.escape,
    "in an address": lambda text: quote(text, safe=""),
    "in a form": quote_plus,
    "in Base64": in_base64(0),
    "in Base64 behind a byte": in_base64(1),
    "in Base64 behind two": in_base64(2),
    "in Base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "in Base64 without its padding": lambda text: in_base64(0)(text).rstrip("="),
    "in hexadecimal": lambda text: text.encode().hex(),
    "in hexadecimal's capitals": lambda text: text.encode().hex().upper(),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("how", REPEATED)
def test_whatever_spelling_a_provider_repeats_a_secret_in_it_is_blotted_out(tell, how, form):
    """Nobody knows what software has made its answers."""
    told = tell(form)
    emulator, (pair,) = told.parts.emulator, told.parts.adapters.pairs().good
    dws = told.parts.adapters.connect(pair)
    dws.detail(emulator.pair.id, 5)
    said = []
    for mark in told.known_to_the_provider:
        words = REPEATED[how](mark.text)
        headers = {"X-Request-Id": words} if words.isascii() and words.isprintable() else {}
        body = {"error_code": "E.1", "error_msg": f"unknown: {words}"}
        for operation in ("detail", "failover"):
            emulator.fault(operation, "respond", status=403, body=body, headers=headers)
        with pytest.raises(Unreadable) as raised:
            dws.detail(emulator.pair.id, 5)
        said += [str(raised.value), repr(dws.fail_over(emulator.pair.id, 5))]
    assert all("unknown: " in one for one in said)
    assert shown(told.known_to_the_provider, "\n".join(said)) == []


# Whether anything would be found


@pytest.mark.parametrize("how", SPELLINGS)
def test_a_secret_that_is_logged_is_found_however_it_is_spelled(tell, how):
    told = tell("a user")
    for spelled in SPELLINGS[how](LOGIN.password):
        logger.debug("said", error=f"see <{spelled}> here")
    assert f"password {how}" in shown(told.marks, told.text)
