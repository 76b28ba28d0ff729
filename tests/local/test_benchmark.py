"""The benchmark: what it makes of samples, the wire that it measures by, and that it measures."""

import json
import ssl
import threading
import time
from http.client import HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from shutil import copytree
from xml.etree import ElementTree as ET

import pytest
from places import ROOT

from benchmarks import cold, crowd, page, warm
from benchmarks.authority import Authority
from benchmarks.drawing import WIDTH, Bar, Piece, bars, curves, timeline
from benchmarks.exchanges import Connection, Exchange, Span, in_sequence, spans_of, way_to
from benchmarks.figures import columns, median, ratio, said, spread
from benchmarks.ground import Ground, in_turn
from benchmarks.imports import by_group
from benchmarks.packages import OURS, Package, fingerprint, weigh
from benchmarks.runtime import Environment
from benchmarks.tables import of_clock
from benchmarks.targets import targets
from benchmarks.wire import Loop
from local.aws import EmbeddedAws

RECORDED = json.loads((ROOT / "benchmarks/results/recorded.json").read_text())


# Figures


def test_a_median_says_nothing_of_nothing():
    assert median([3, 1, 2]) == 2
    assert median([]) != median([])


@pytest.mark.parametrize(
    ("values", "low", "high"), [([1, 2, 3, 4, 5], 2, 4), ([7], 7, 7), ([1, 3], 1.5, 2.5)]
)
def test_the_middle_half_lies_between_the_quartiles(values, low, high):
    assert spread(values) == (low, high)


def test_a_ratio_is_of_medians_and_there_is_none_without_both():
    assert ratio([2, 4, 100], [1, 2, 3]) == 2
    assert ratio([1], []) != ratio([1], [])


def test_samples_become_columns_and_what_is_no_number_is_of_the_median_order():
    samples = [{"order_ms": at, "told_ms": None, "spans": [at]} for at in (30.0, 10.0, 20.00049)]
    samples[1]["told_ms"] = 11.0
    found = columns(samples)
    assert found["order_ms"] == [30.0, 10.0, 20.0]
    assert found["told_ms"] == [11.0]
    assert found["spans"] == [20.00049]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234.5, "1,234"),
        (123.45, "123.5"),
        (12.34, "12.3"),
        (1.234, "1.23"),
        (2.0, "2"),
        (float("nan"), "none"),
    ],
)
def test_a_figure_is_said_with_the_digits_that_matter(value, text):
    assert said(value) == text


def test_each_turn_begins_with_another_package():
    assert [in_turn(("a", "b", "c"), turn)[0] for turn in range(4)] == ["a", "b", "c", "a"]


# What an order waited for


def span(name, began, ended, lane="AWS"):
    return Span(name, lane, began, ended)


ORDER = span("order", 10, 12, "provider")


def test_the_way_to_an_order_goes_by_what_took_longest():
    reads = [span("detail", 3, 8, "provider"), span("list", 3, 9, "provider")]
    calls = [span("Query", 0, 2), span("fleet", 3, 4), span("late", 11, 13)]
    assert [one.name for one in way_to(ORDER, [*reads, *calls, ORDER])] == [
        "Query",
        "list",
        "order",
    ]


def test_calls_at_the_same_time_are_one_step():
    assert in_sequence([span("a", 0, 1), span("b", 0.5, 2), span("c", 2, 3)], []) == 2


def test_a_call_beside_a_read_that_is_waited_for_is_no_step_but_one_that_outlasts_it_is():
    reads = [span("detail", 1, 5, "provider")]
    assert in_sequence([span("a", 0, 1), span("beside", 2, 3)], reads) == 1
    assert in_sequence([span("a", 0, 1), span("outlasts", 2, 6)], reads) == 2


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (b"POST / HTTP/1.1\r\nX-Amz-Target: DynamoDB_20120810.Query\r\n\r\n{}", "Query"),
        (b"POST / HTTP/1.1\r\nHost: x\r\n\r\nAction=Publish&Message=x", "Publish"),
        (b"POST /v2/p/disaster-recovery/i/failover HTTP/1.1\r\n\r\n", "order"),
        (b"GET /v2/p/disaster-recovery/i HTTP/1.1\r\n\r\n", "detail"),
        (b"GET /v2/p/disaster-recoveries?id=i HTTP/1.1\r\n\r\n", "list"),
        (b"GET /v1.0/p/clusters/c HTTP/1.1\r\n\r\n", "cluster"),
        (b"PUT /else HTTP/1.1\r\n\r\n", "PUT /else HTTP/1.1"),
    ],
)
def test_a_request_is_named_for_what_it_asks(sent, name):
    assert Exchange(Connection(0.0), 0.0, 0.0, 0.0, sent).name == name


def test_spans_are_what_was_finished_in_order():
    done, open_ = Connection(1.0, 2.0), Connection(3.0)
    asked = Exchange(done, 2.0, 2.5, 0.0, b"GET / HTTP/1.1\r\n", 4.0)
    unanswered = Exchange(open_, 3.0, 3.5, 0.0)
    found = spans_of("AWS", [open_, done], [unanswered, asked])
    assert [(one.name, one.began, one.ended) for one in found] == [
        ("connect", 1.0, 2.0),
        ("GET / HTTP/1.1", 2.0, 4.0),
    ]


def test_imports_are_told_by_whose_they_are():
    account = """import time: self [us] | cumulative | imported package
import time:      1000 |       1000 |   httpx._models
import time:      2000 |       3000 | handler.app
import time:       500 |        500 | httpcore
import time:       250 |        250 | json
"""
    assert by_group(account) == {"ours": 2.0, "httpx": 1.5, "standard library and others": 0.25}


# Targets, the page, and its pictures


def test_a_target_is_met_up_to_its_limit_and_unknown_without_a_figure():
    results = json.loads(json.dumps(RECORDED))
    kinds = results["cold"]["compiled"]
    kinds["ours"]["order_ms"], kinds["peer"]["order_ms"] = [75.0], [100.0]
    results["cold"]["shipped"]["ours"]["order_ms"] = []
    met, unknown, *_ = targets(results)
    assert (met.figure, met.target, met.is_met) == ("0.75", "≤ 0.75", True)
    assert (unknown.figure, unknown.is_met) == ("none", None)
    kinds["ours"]["order_ms"] = [75.1]
    assert targets(results)[0].is_met is False


def test_the_outages_clock_is_judged_by_its_slowest_order():
    results = json.loads(json.dumps(RECORDED))
    late = [("alarm", 121.0), ("alarm", 130.5), ("watch", 122.0)]
    now = [{"kind": kind, "detected_s": 1.0, "ordered_s": taken_s} for kind, taken_s in late]
    results["outage_clock"] = {"target_s": 130, "now": now, "before": []}
    by_alarm, by_watch = targets(results)[-2:]
    assert (by_alarm.figure, by_alarm.is_met) == ("130.5 s", False)
    assert (by_watch.figure, by_watch.is_met) == ("122 s", True)
    assert "| watch | 1 to 1 |  | 122 to 122 |" in of_clock(results)


def test_the_page_is_made_of_the_recorded_run():
    text = (ROOT / "docs/performance.md").read_text()
    assert page.replaced(text, page.measured(RECORDED)) == text


@pytest.mark.parametrize("name", page.pictures(RECORDED))
def test_the_pictures_are_made_of_the_recorded_run(name):
    assert page.pictures(RECORDED)[name] == (ROOT / "docs/pictures" / name).read_text()


def test_what_others_have_written_on_the_page_stays():
    text = f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n"
    assert page.replaced(text, "new") == f"before\n{page.BEGIN}\n\nnew\n\n{page.END}\nafter\n"


def drawn(picture, kind):
    return list(ET.fromstring(picture).iter(f"{{http://www.w3.org/2000/svg}}{kind}"))


def test_bars_are_as_long_as_their_parts():
    picture = bars("a < b", [Bar("x", {"one": 10, "two": 30})], "ms")
    *_, first, second = (float(one.get("width")) for one in drawn(picture, "rect"))
    assert second == pytest.approx(3 * first, abs=0.2)
    assert "a &lt; b" in picture


def test_a_timeline_begins_and_ends_where_its_pieces_do():
    picture = timeline("t", [Piece("a", "k", 0, 50), Piece("b", "k", 50, 100)], "ms")
    *_, first, second = drawn(picture, "rect")
    ends = float(first.get("x")) + float(first.get("width"))
    assert ends == pytest.approx(float(second.get("x")), abs=0.2)


def test_a_linear_curve_is_parallel_to_the_grey_one():
    picture = curves("t", {"linear": [(10, 20), (100, 200), (1000, 2000)]}, "pairs")
    *_, grey, line = (one.get("points").split() for one in drawn(picture, "polyline"))
    assert slope(line[0], line[-1]) == pytest.approx(slope(*grey), rel=0.01)


def slope(first, last):
    (x1, y1), (x2, y2) = (map(float, point.split(",")) for point in (first, last))
    return (y2 - y1) / (x2 - x1)


def test_a_legend_stays_inside_its_picture():
    names = [f"a curve with a name as long as the {number}th" for number in range(7)]
    picture = curves("t", {name: [(10, 20), (100, 200)] for name in names}, "pairs")
    begins = {one.text: float(one.get("x")) for one in drawn(picture, "text") if one.text in names}
    assert [*begins] == names
    assert max(x + 6.6 * len(name) for name, x in begins.items()) <= WIDTH


# The wire


class Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


@pytest.fixture
def port():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def loop(authority):
    with Loop(authority.context) as running:
        yield running


@pytest.fixture
def connect(authority):
    """A connection to a wire, of a client that believes in its authority."""
    opened = []

    def connected(wire):
        believed = ssl.create_default_context(cafile=str(authority.pem))
        opened.append(HTTPSConnection("127.0.0.1", wire.port, context=believed, timeout=10))
        return opened[-1]

    yield connected
    for one in opened:
        one.close()


def ask(connection):
    began = time.monotonic()
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"ok"
    return time.monotonic() - began


def test_a_new_connection_pays_for_itself_its_handshake_and_its_request_and_a_kept_one_once(
    loop, port, connect
):
    wire = loop.wire(port, round_trip_s=0.1)
    connection = connect(wire)
    assert ask(connection) >= 0.3
    assert ask(connection) >= 0.1
    (opened,) = wire.connections
    assert opened.ready - opened.opened >= 0.2
    assert opened.requests == len(wire.exchanges) == 2


def test_times_are_those_of_the_client(loop, port, connect):
    wire = loop.wire(port, round_trip_s=0.1)
    connection = connect(wire)
    began = time.monotonic()
    ask(connection)
    ended = time.monotonic()
    (asked,) = wire.exchanges
    assert began < asked.began < asked.arrived < asked.ended < ended + 0.02
    assert asked.arrived - asked.began == pytest.approx(0.05)


def test_each_request_notes_what_its_client_has_used_by_then(loop, port, connect):
    wire = loop.wire(port)
    used = iter((1.5, 2.5))
    wire.cpu_s = lambda: next(used)
    connection = connect(wire)
    ask(connection)
    ask(connection)
    assert [one.cpu_s for one in wire.exchanges] == [1.5, 2.5]


def test_requests_side_by_side_are_told_apart(loop, port, connect):
    wire = loop.wire(port, round_trip_s=0.05)
    threads = [threading.Thread(target=ask, args=(connect(wire),)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(wire.connections) == len(wire.exchanges) == 4
    assert all(one.ended for one in wire.exchanges)


def test_who_is_hung_up_on_opens_a_new_connection(loop, port, connect):
    wire = loop.wire(port)
    connection = connect(wire)
    ask(connection)
    wire.hang_up()
    connection.close()
    ask(connection)
    assert [one.requests for one in wire.connections] == [1, 1]


def test_invocations_that_the_function_asks_for_are_taken_in_lambdas_place(loop, port, connect):
    wire, handed = loop.wire(port), crowd.Handed()
    wire.instead = handed.take
    connection = connect(wire)
    path = "/2015-03-31/functions/bench/invocations"
    for number in range(2):
        connection.request("POST", path, json.dumps({"number": number, "long": "x" * 70_000}))
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (202, b"")
    assert [one["number"] for one in handed.events] == [0, 1]
    ask(connection)  # any other request is the server's


def test_where_nobody_listens_the_connection_ends(loop, port, connect):
    wire = loop.wire(port)
    wire.port_behind = 1
    with pytest.raises(OSError):
        ask(connect(wire))


def test_nobody_else_believes_in_the_authority(loop, port):
    wire = loop.wire(port)
    stranger = HTTPSConnection("127.0.0.1", wire.port, timeout=10)
    with pytest.raises(ssl.SSLCertVerificationError):
        ask(stranger)
    stranger.close()


# Packages


def test_the_authority_is_added_to_each_bundle_and_takes_nothing_away(authority, tmp_path):
    package = tmp_path / "package"
    (package / "certifi").mkdir(parents=True)
    bundle, key = package / "certifi" / "cacert.pem", package / "key.pem"
    was = b"-----BEGIN CERTIFICATE-----\nx\n"
    bundle.write_bytes(was)
    key.write_text("no certificate")
    assert authority.enter(package) == 1
    assert bundle.read_bytes() == was + b"\n" + authority.pem.read_bytes()
    assert key.read_text() == "no certificate"


def test_a_folder_of_hashed_names_has_the_authority_by_its_hash(authority, tmp_path):
    roots = tmp_path / "package" / "roots"
    roots.mkdir(parents=True)
    (roots / "00000000.0").write_text("-----BEGIN CERTIFICATE-----")
    assert authority.enter(tmp_path / "package") == 1
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(capath=str(roots))
    assert len(list(roots.iterdir())) == 2


def test_a_package_that_is_written_to_is_another_one(tmp_path):
    (tmp_path / "module.py").write_text("x = 1")
    was = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == was
    (tmp_path / "__pycache__").mkdir()
    assert fingerprint(tmp_path) != was


def test_a_package_weighs_its_files(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "module.py").write_text("x" * 1000)
    found = weigh(tmp_path)
    assert (found.files, found.bytes) == (1, 1000)
    assert found.zipped < 1000


# It measures


ECHO = "def lambda_handler(event, _):\n    return {'said': event}\n"


def test_a_function_is_called_under_lambdas_runtime_client_and_its_use_is_told(tmp_path):
    (tmp_path / "echo.py").write_text(ECHO)
    ready = []
    variables = {"PYTHONPATH": str(tmp_path)}
    with Environment("echo.lambda_handler", variables, on_ready=ready.append) as environment:
        answers = [environment.invoke({"number": number}) for number in range(3)]
        assert environment.peak_mb > 5
    assert [one.value["said"]["number"] for one in answers] == [0, 1, 2]
    assert len(ready) == 1
    assert environment.began < environment.ready < answers[0].ended
    assert 0 < environment.cpu_ready_s <= answers[0].cpu_ended_s
    assert all(one.ended < two.began for one, two in pairwise(answers))
    assert not (tmp_path / "__pycache__").exists()


def test_one_cold_and_one_warm_alarm_are_measured(built, authority, tmp_path):
    package = copytree(built.template.parent / "FailoverFunction", tmp_path / "package")
    authority.enter(package)
    ours = Package("ours", OURS, package, package)
    with EmbeddedAws(auth=False) as aws, Loop(authority.context) as loop:
        ground = Ground(aws, loop, (ours,), lambda turns, _: iter(turns))
        started = cold.measure(ground, 1)
        warmed = warm.measure(ground, 1, [50])["50"]["ours"]
    assert all(len(started[variant]["ours"]) == 1 for variant in cold.VARIANTS)
    (sample,) = warmed
    assert 25 <= sample["order_ms"] < sample["told_ms"] < sample["answered_ms"]
    assert sample["provider_requests"] >= 5
    assert sample["aws_in_sequence"] <= sample["aws_before_order"] < sample["aws_calls"]
    assert sample["way"][-1] == "provider: order"
