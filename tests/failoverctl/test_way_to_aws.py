"""What breaks on the way to AWS: "nothing was done" only where nothing can have left."""

import pytest
from certificates import loopback_tls
from function_endpoint import Failoverctl, FunctionEndpoint, Lost, result

RUN = "20260115T083000000Z-1d60e79e"
ANSWERS = {
    "rehearse": {"decision": "rehearsed", "reason_code": "would_submit", "evidence": "0" * 16},
    "verify": {"decision": "succeeded", "reason_code": "seen_exchanged", "run_id": RUN},
}
BROKEN = {
    "a damaged record": b"\x17\x03\x03\x00\x20" + bytes(32),
    "an alert": b"\x15\x03\x03\x00\x02\x02\x28",
    "plain text": b"HTTP/1.1 503 gateway\r\n\r\n",
    "nothing": b"",
}


def losing(last_bytes):
    """A function that carries an order out, and whose answer to it breaks like this."""

    def answer(event):
        if event["command"] == "failover":
            raise Lost(last_bytes)
        return result(pair="sales", **ANSWERS[event["command"]])

    return answer


def order(ctl):
    who = ("--requested-by", "ada", "--every", "1")
    return ctl.run("failover", "sales", *who, typed="why\nsales\n")


@pytest.fixture
def tls(tmp_path):
    return loopback_tls(tmp_path)


@pytest.mark.parametrize("case", BROKEN)
def test_an_answer_that_breaks_in_tls_is_lost_and_looked_for(tls, case):
    context, certificate = tls
    with FunctionEndpoint(losing(BROKEN[case]), context) as function:
        ctl = Failoverctl(AWS_ENDPOINT_URL_LAMBDA=function.url, FAILOVERCTL_FUNCTION="f",
                          AWS_CA_BUNDLE=str(certificate))  # fmt: skip
        ran = order(ctl)
    assert ran.code == 0, ran
    assert "the answer was lost" in ran.err
    assert [one["command"] for one in function.asked] == ["rehearse", "failover", "verify"]


def test_to_a_peer_whose_certificate_is_not_good_nothing_is_sent(tls):
    context, _ = tls
    with FunctionEndpoint(losing(b""), context) as function:
        ctl = Failoverctl(AWS_ENDPOINT_URL_LAMBDA=function.url, FAILOVERCTL_FUNCTION="f")
        ran = ctl.run("verify", "sales")
    assert ran.code == 3, ran
    assert "cannot be reached" in ran.err
    assert "certificate" in ran.err
    assert function.asked == []


def by_proxy(url):
    """The program of somebody whose way to AWS leads through a proxy."""
    proxies = {"http_proxy": url, "HTTP_PROXY": url, "no_proxy": "", "NO_PROXY": ""}
    return Failoverctl(AWS_ENDPOINT_URL_LAMBDA="http://lambda.invalid", FAILOVERCTL_FUNCTION="f",
                       **proxies)  # fmt: skip


def test_an_answer_that_a_proxy_loses_is_looked_for():
    with FunctionEndpoint(losing(b"")) as proxy:
        ran = order(by_proxy(proxy.url))
    assert ran.code == 0, ran
    assert [one["command"] for one in proxy.asked] == ["rehearse", "failover", "verify"]


def test_without_the_proxy_nothing_is_sent():
    ran = by_proxy("http://127.0.0.1:9").run("verify", "sales")
    assert ran.code == 3, ran
    assert "cannot be reached" in ran.err
