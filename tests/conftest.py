"""What all tests share: a clean environment, no way out but loopback, and the real parts."""

import fcntl
import os
import pickle
import socket

import pytest
from deployment import Deployment
from hypothesis import settings
from neighbours import beside
from parts import Parts

settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")

# By their durations: a long one that comes last is waited for by everybody.
LONGEST_FIRST = (
    "test_pages", "test_executions", "test_redaction", "test_stolen_roles", "test_degraded", "test_service_down",
    "test_machines", "test_outbox", "test_alarms",
    "test_scenarios", "test_damage", "test_changes",
    "test_damaged_table", "test_holding", "test_sweep", "test_guard", "test_meaning", "test_killed", "test_watch",
    "test_order", "test_follow", "test_claim", "test_concurrent", "test_smn_stack", "test_stack",
    "test_simulation",
)  # fmt: skip
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")


# The function's tests that run on a second implementation of AWS's services, too.
ON_BOTH = ("test_two_judges",)


def pytest_addoption(parser):
    parser.addoption("--moto", action="store_true", help="run the function's tests on moto alone")
    parser.addoption("--write-goldens", action="store_true", help="write golden files anew")


def pytest_generate_tests(metafunc):
    """Ask two judges where it is about what AWS does."""
    if "parts" not in metafunc.fixturenames:
        return
    if metafunc.config.getoption("moto"):
        metafunc.parametrize("parts", ["moto"], indirect=True)
    elif metafunc.definition.path.stem in ON_BOTH:
        metafunc.parametrize("parts", ["aws", "moto"], indirect=True)


def pytest_collection_modifyitems(items):
    """Begin with the longest files; all else stays in its random order."""
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """No test sees the settings of the machine that it runs on."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "POWERTOOLS_", "HUAWEI", "HTTP_PROXY", "HTTPS_PROXY")):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def only_loopback():
    """Refuse every connection that leaves the machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test connects to {address[0]}")
        return connect(self, address)

    socket.socket.connect = guarded
    yield
    socket.socket.connect = connect


@pytest.fixture(scope="session")
def aws():
    """The embedded AWS with IAM enforced, one for all tests of this process that need it."""
    from local.aws import EmbeddedAws

    with EmbeddedAws(auth=True) as embedded:
        yield embedded


@pytest.fixture(scope="module")
def proxy(aws):
    """Stands before the embedded AWS, where calls can meet trouble; one for a module's tests."""
    from local.aws.proxy import Proxy

    with Proxy() as running:
        running.forward_to(aws.port)
        yield running


@pytest.fixture(scope="session")
def built(aws, tmp_path_factory, worker_id):
    """The template, built once, whichever process of this run comes first."""
    from local.aws.deploy import build

    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it is closed, or its process has ended
        done = shared / "built.pickle"
        if not done.exists():
            done.write_bytes(pickle.dumps(build(shared / "built", aws.environment)))
        return pickle.loads(done.read_bytes())


@pytest.fixture(scope="session")
def packaged(aws, built):
    """The built template with its code uploaded, for any number of stacks."""
    from local.aws.deploy import package

    return package(aws, built)


@pytest.fixture
def emulator():
    """A provider with one healthy pair, which synchronises every second."""
    from local.dws import Emulator

    with Emulator(sync_every_s=1) as running:
        yield running


@pytest.fixture
def deployment(aws, built, packaged, emulator):
    """A stack of its own for the emulator's pair, with a subscriber to its notifications."""
    with Deployment(aws, built, packaged, emulator) as made:
        yield made


@pytest.fixture(scope="session")
def moto():
    """Another AWS, without IAM and functions, one for all tests of this process that need it."""
    from moto_aws import MotoAws

    with MotoAws() as running:
        yield running


@pytest.fixture(scope="module")
def chromium():
    """The browser that is installed, one for a module's tests."""
    from browser import browser

    with browser() as running:
        yield running


@pytest.fixture
def parts(request, emulator):
    """The function's own parts in this process, on the real table, topic and emulator."""
    aws = request.getfixturevalue(getattr(request, "param", "aws"))
    with Parts(aws, emulator) as made:
        yield made


@pytest.fixture
def outage(parts):
    """An armed automatic pair whose production has just failed."""
    parts.arm()
    parts.emulator.break_production()
    return parts


@pytest.fixture
def two(parts):
    """The healthy pair `analytics`, and before it `accounts`, which will be in trouble."""
    with beside(parts):
        yield parts
