"""The hosts to which requests may go: matched whole, whatever somebody makes of a name."""

import json
import re
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from template import PARAMETERS

from handler.aws.settings import Settings
from handler.errors import InvalidSettings
from handler.model.documents import parse_pairs
from handler.model.hosts import PROVIDER_HOSTS, AllowedHosts

PROVIDER = AllowedHosts.parse(PROVIDER_HOSTS)
EXACT = AllowedHosts.parse("dws.example.com,127.0.0.1, [::1], kk.example.com")


@pytest.mark.parametrize(
    "host",
    [
        "dws.eu-west-101.myhuaweicloud.eu", "dws.cn-north-4.myhuaweicloud.com",
        "dws.tr-west-1.myhuaweicloud.cn", "iam.myhuaweicloud.com", "iam.myhuaweicloud.eu",
        "DWS.EU-West-101.MyHuaweiCloud.EU", "dws.eu-west-101.myhuaweicloud.eu:8443",
        "dws.eu-west-101.myhuaweicloud.eu/", f"{'a' * 63}.myhuaweicloud.eu:65535",
    ],
)  # fmt: skip
def test_the_providers_public_hosts_are_allowed_by_default(host):
    assert PROVIDER.allow(f"https://{host}")


HOSTILE = [
    # other names that begin or end like it
    "evilmyhuaweicloud.com", "dws.evilmyhuaweicloud.com", "myhuaweicloud.com.evil.example",
    "dws.myhuaweicloud.com.evil.example", "dws.myhuaweicloud.com.cn", "dws.myhuaweicloud.co",
    "dws.myhuaweicloud.comm", "dws-myhuaweicloud.com", "dws.my-huaweicloud.com", "evil.example",
    "myhuaweicloud.com", "com", "localhost", "127.0.0.1", "[::1]", "10.0.0.1", "0.0.0.0", "",
    # dots
    "dws.myhuaweicloud.com.", "dws.myhuaweicloud.com..", ".myhuaweicloud.com", "..myhuaweicloud.com",
    "dws..myhuaweicloud.com", "dws.myhuaweicloud..com", ".",
    # users, ports, paths, queries, fragments
    "dws.myhuaweicloud.com@evil.example", "dws.myhuaweicloud.com:443@evil.example",
    "user@dws.myhuaweicloud.com", "user:dws@dws.myhuaweicloud.com", "@dws.myhuaweicloud.com",
    "evil.example:443.myhuaweicloud.com", "dws.myhuaweicloud.com:443:80", "dws.myhuaweicloud.com:",
    "dws.myhuaweicloud.com:0", "dws.myhuaweicloud.com:65536", "dws.myhuaweicloud.com:-1",
    "dws.myhuaweicloud.com:https", "dws.myhuaweicloud.com: 443", "dws.myhuaweicloud.com:\u0661",
    "evil.example/.myhuaweicloud.com", "evil.example?.myhuaweicloud.com",
    "evil.example#.myhuaweicloud.com", "evil.example\\.myhuaweicloud.com",
    "evil.example\\@dws.myhuaweicloud.com", "evil.example;.myhuaweicloud.com",
    "evil.example%2f.myhuaweicloud.com", "evil.example%00.myhuaweicloud.com",
    "evil.example\0.myhuaweicloud.com", "dws.myhuaweicloud.com//", "dws.myhuaweicloud.com/x",
    "https://dws.myhuaweicloud.com", "evil.example://dws.myhuaweicloud.com",
    # what is read as another name: spaces, lines, other scripts, encodings
    " dws.myhuaweicloud.com", "dws.myhuaweicloud.com ", "dws.myhuaweicloud.com\n",
    "evil.example\n.myhuaweicloud.com", "evil.example\r\n.myhuaweicloud.com",
    "dws.myhuaweicloud.com\t", "dws.myhuaweicloud\u3002com", "dws.myhuaweicloud\uff0ecom",
    "evil.example\uff0f.myhuaweicloud.com", "evil.example\u2044.myhuaweicloud.com",
    "dws.myhuawe\u0456cloud.com", "dws.myhuaweic\u217coud.com", "dws.myhua\u00adweicloud.com",
    "dws\u200b.myhuaweicloud.com", "\uff44\uff57\uff53.myhuaweicloud.com",
    "xn--dws.myhuaweicloud.com", "dws.xn--myhuaweicloud-abc.com", "XN--80ak6aa92e.myhuaweicloud.com",
    "dws.myhuaweicloud.xn--com-x", "d_ws.myhuaweicloud.com", "-dws.myhuaweicloud.com",
    "dws-.myhuaweicloud.com", "*.myhuaweicloud.com", f"{'a' * 64}.myhuaweicloud.com",
    f"{'a.' * 127}myhuaweicloud.com", "[::1].myhuaweicloud.com", "[dws.myhuaweicloud.com]",
    "[::1]:443.myhuaweicloud.com", "127.0.0.1.myhuaweicloud.com.evil.example",
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTILE, ids=ascii)
def test_no_other_host_is_taken_for_the_providers(host):
    assert not PROVIDER.allow(f"https://{host}")


@pytest.mark.parametrize("host", HOSTILE, ids=ascii)
def test_a_pair_with_such_an_endpoint_is_bad(host):
    document = {
        "disaster_recovery_id": "e59d6b86-9072-46eb-a996-13f8b44994c1",
        "project_id": "89cd04f168b84af6be287f71730fdb4b",
        "endpoint": f"https://{host}",
        "credentials_secret": "dws-failover/credentials",
        "max_data_loss_s": 3600,
    }
    pairs = parse_pairs({"analytics": json.dumps(document)}, PROVIDER)
    (bad,) = pairs.bad
    assert bad.faults[0].startswith("$.endpoint: found ")
    assert pairs.good == ()


def test_what_is_wrong_with_the_host_comes_beside_all_other_faults():
    document = {"endpoint": "http://evil.example", "mode": "auto"}
    (bad,) = parse_pairs({"analytics": json.dumps(document)}, PROVIDER).bad
    found = '$.endpoint: found "http://evil.example", allowed: '
    assert sum(fault.startswith(found) for fault in bad.faults) == 2
    assert bad.faults[-1] == f"{found}a host of AllowedProviderHosts ({PROVIDER_HOSTS})"
    assert any(fault.startswith("$.mode") for fault in bad.faults)


@pytest.mark.parametrize(
    ("host", "is_allowed"),
    [
        ("dws.example.com", True), ("Dws.Example.Com:1", True), ("127.0.0.1:8080", True),
        ("[::1]:8080", True), ("kk.example.com", True),
        ("a.dws.example.com", False), ("example.com", False), ("dws.example.com.", False),
        ("dwsxexample.com", False), ("127.0.0.2", False), ("127.1", False), ("2130706433", False),
        ("0x7f.0.0.1", False), ("127.0.0.1.example.com", False), ("127.000.000.001", False),
        ("localhost", False), ("[::2]", False), ("[0:0:0:0:0:0:0:1]", False),
        ("[::ffff:127.0.0.1]", False), ("[::1%25eth0]", False), ("::1", False),
        ("\u212ak.example.com", False),  # the sign of Kelvin, a k in lower case
    ],
    ids=ascii,
)  # fmt: skip
def test_a_name_without_a_star_is_that_host_alone(host, is_allowed):
    assert EXACT.allow(f"http://{host}") is is_allowed


PIECES = st.sampled_from(
    [*".:@/#?%[]\\", "dws", "evil.example", "myhuaweicloud.com", "443", "xn--"]
)


@given(st.lists(PIECES, max_size=8).map("".join) | st.text())
def test_whoever_reads_an_allowed_url_reads_a_host_of_the_provider(authority):
    url = f"https://{authority}.myhuaweicloud.com"
    if PROVIDER.allow(url):
        for host in (httpx.URL(url).raw_host.decode(), urlsplit(url).hostname):
            assert re.fullmatch(r"([a-z0-9-]+\.)+myhuaweicloud\.com", host)


# How they are named

GOOD = ["*.example.com", "example.com", "*.a.b.example.com", "127.0.0.1", "localhost", "A.example"]
BAD = [
    "", " ", "*", "*.", "*.com", "*.localhost", "**.example.com", "a*.example.com", "a.*.example.com",
    "*example.com", "*.*.example.com", ".example.com", "example.com.", "*.example.com.",
    "https://example.com", "example.com:443", "*.example.com:443", "user@example.com",
    "example.com/", "*.127.0.0.1", "*.0.0.1", "127.0.0", "a..example.com", "a b.example.com",
    "ex\u00e4mple.com", "xn--exmple-cua.com", "*.xn--exmple-cua.com", "*.[::1]", "[::1",
]  # fmt: skip
ENVIRONMENT = {
    "PAIRS_PARAMETER_PATH": "p",
    "RUNS_TABLE_NAME": "t",
    "NOTIFICATION_TOPIC_ARN": "a",
    "FAILED_EVENTS_QUEUE_URL": "q",
}


def settings(**more):
    return Settings.from_environment({**ENVIRONMENT, **more})


@pytest.mark.parametrize("text", [*GOOD, "a.example, *.b.example,c.example"])
def test_hosts_and_domains_can_be_named(text):
    hosts = settings(ALLOWED_PROVIDER_HOSTS=text).allowed_provider_hosts
    assert hosts.patterns == tuple(text.lower().replace(" ", "").split(","))


@pytest.mark.parametrize("text", BAD, ids=ascii)
@pytest.mark.parametrize("around", ["{}", "a.example,{}", "{}, a.example"])
def test_what_is_neither_is_a_wrong_deployment(text, around):
    with pytest.raises(InvalidSettings) as raised:
        settings(ALLOWED_PROVIDER_HOSTS=around.format(text))
    assert f"ALLOWED_PROVIDER_HOSTS: found {json.dumps(text.strip())}" in str(raised.value)


def test_it_comes_beside_all_other_faults_of_the_environment():
    with pytest.raises(InvalidSettings, match=r"RUNS_TABLE_NAME is not set; .*ALLOWED_PROVIDER"):
        settings(ALLOWED_PROVIDER_HOSTS="*", RUNS_TABLE_NAME="")


def test_the_default_of_the_template_is_that_of_the_function():
    assert PARAMETERS["AllowedProviderHosts"]["Default"] == PROVIDER_HOSTS
    assert settings().allowed_provider_hosts == PROVIDER


@pytest.mark.parametrize("text", [*GOOD, PROVIDER_HOSTS, "a.example,b.example"])
def test_the_template_takes_what_the_function_takes(text):
    assert re.fullmatch(PARAMETERS["AllowedProviderHosts"]["AllowedPattern"], text)


@pytest.mark.parametrize(
    "text", ["", "*", "*.com", "a*.example.com", "https://a.example", "a.b:1", "a,,b"]
)
def test_the_template_refuses_what_a_person_mistypes(text):
    assert not re.fullmatch(PARAMETERS["AllowedProviderHosts"]["AllowedPattern"], text)
