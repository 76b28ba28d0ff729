"""The recipe for a pager does what the page says: one alert for each incident, and its end."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import HTTPError

import pytest
import yaml
from places import ROOT

from handler.model.result import Decision, Result
from handler.notifications.headline import severity

DEPLOYMENT = (ROOT / "docs/deployment.md").read_text()


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms, whose values are not needed here."""


Loader.add_multi_constructor("!", lambda *_: None)


def template():
    (text,) = (one.split("```")[0] for one in DEPLOYMENT.split("```yaml\n") if "Pager:" in one)
    return yaml.load(text, Loader)


@contextmanager
def pager(status=202):
    """Something that takes events, and what it has taken."""
    taken = []

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self):
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield taken, f"http://127.0.0.1:{server.server_port}/v2/enqueue"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def tell(monkeypatch):
    """Run the recipe's code with notices, and return what the pager has taken."""

    def run(*results, status=202):
        code = template()["Resources"]["Pager"]["Properties"]["Code"]["ZipFile"]
        assert len(code) < 4096  # Lambda's limit for code within a template
        room = {}
        exec(compile(code, "pager.yaml", "exec"), room)
        with pager(status) as (taken, url):
            monkeypatch.setenv("URL", url)
            monkeypatch.setenv("KEY", "R0UTINGKEY")
            room["handler"]({"Records": [record(one) for one in results]}, None)
        return taken

    return run


def record(result):
    value = {"Type": "String", "Value": severity(result).value}
    return {
        "Sns": {
            "Message": json.dumps(result.as_json()),
            "Subject": "[X] analytics: something",
            "MessageAttributes": {"severity": value},
        }
    }


def about(decision, code, **given):
    return Result(decision, code, "why", pair="analytics", **given)


def test_what_is_told_of_an_incident_is_one_alert_that_ends_with_it(tell):
    taken = tell(
        about(Decision.REFUSED, "rpo", incident_id="i-1"),
        about(Decision.SUBMITTED, "accepted", incident_id="i-1", run_id="r-1"),
        about(Decision.IGNORED, "alarms_ok", incident_id="i-1"),
    )
    assert [(one["event_action"], one["dedup_key"]) for one in taken[:3]] == [
        ("trigger", "i-1"), ("trigger", "i-1"), ("resolve", "i-1"),
    ]  # fmt: skip
    assert [one["payload"]["severity"] for one in taken[:2]] == ["warning", "critical"]
    assert taken[0]["routing_key"] == "R0UTINGKEY"


def test_an_acknowledgement_ends_what_was_told_of_its_run(tell):
    taken = tell(about(Decision.ACKNOWLEDGED, "not_armed", run_id="r-1"))
    assert {(one["event_action"], one["dedup_key"]) for one in taken} == {
        ("resolve", "r-1"), ("resolve", "analytics"),
    }  # fmt: skip


def test_readiness_lost_and_regained_are_an_alert_of_the_pair(tell):
    taken = tell(
        about(Decision.RECONCILED, "readiness_lost"),
        about(Decision.RECONCILED, "readiness_regained"),
    )
    assert [(one["event_action"], one["dedup_key"]) for one in taken] == [
        ("trigger", "analytics"), ("resolve", "analytics"),
    ]  # fmt: skip


def test_nobody_is_paged_for_what_needs_nobody(tell):
    assert tell(about(Decision.RESUMED, "resumed"), about(Decision.TESTED, "test_notice")) == []


def test_a_pager_that_refuses_is_asked_again_by_sns(tell):
    with pytest.raises(HTTPError):
        tell(about(Decision.SUBMITTED, "accepted"), status=500)
