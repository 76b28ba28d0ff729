"""A stranger at the function URL, with all that looks like SMN and is not: nothing is handed on."""

import base64
import json
from datetime import timedelta

import pytest
from attacks.bodies import BODIES, posted
from attacks.certificates import CERTIFICATES, by, pem, rsa_key, written
from attacks.chains import CHAINS, by_a_good_middle
from attacks.signatures import SIGNATURES, spelled, text_of
from attacks.urls import CERTIFICATE_URLS, SUBSCRIBE_URLS, TOPICS
from cryptography.hazmat.primitives import hashes
from smn_url import Url

from local.smn import HOST, REGION, Smn

FORWARDED, REFUSED = (200, "forwarded"), (403, "refused")
REFUSALS = (REFUSED, (400, "malformed"))
PATH = f"/smn/SMN_{REGION}_crafted.pem"


# Where certificates and confirmations are


@pytest.mark.parametrize("where", CERTIFICATE_URLS, ids=ascii)
def test_no_certificate_is_fetched_from_elsewhere(smn, url, where):
    assert url.post(smn.notification("it is down", signing_cert_url=where)) in REFUSALS
    assert (url.forwarded, smn.asked) == ([], [])


@pytest.mark.parametrize("where", SUBSCRIBE_URLS, ids=ascii)
def test_no_subscription_is_confirmed_elsewhere(smn, url, where):
    """The message is signed well: whoever owns a topic may have SMN say what he likes."""
    assert url.post(smn.confirmation(subscribe_url=where)) in REFUSALS
    assert [path for path in smn.asked if not path.endswith(".pem")] == []


@pytest.mark.parametrize("topic", TOPICS, ids=ascii)
@pytest.mark.parametrize("kind", ["notification", "confirmation"])
def test_nobody_elses_topic_is_heard(smn, url, topic, kind):
    made = {
        "notification": lambda **it: smn.notification("it is down", **it),
        "confirmation": smn.confirmation,
    }
    assert url.post(made[kind](topic_urn=topic)) in REFUSALS
    assert (url.forwarded, smn.asked) == ([], [])


# What is served as a certificate


def from_crafted(smn, made):
    """What becomes of a message that is signed by what is served as its certificate."""
    smn.published[PATH], sign = made()
    message = smn.notification("it is down", signing_cert_url=f"https://{HOST}{PATH}")
    signature = sign(text_of(message).encode())
    return {**message, "signature": base64.b64encode(signature).decode()}


@pytest.mark.parametrize("what", CERTIFICATES)
def test_nothing_is_verified_by_a_certificate_that_is_no_good(smn, url, what):
    made, fate = CERTIFICATES[what]
    assert url.post(from_crafted(smn, made)) == fate
    assert url.forwarded == []


GOOD = {
    "RSA of 2048 bits": by(rsa_key),
    "RSA of 4096 bits": by(lambda: rsa_key(4096)),
    "SHA-384": by(rsa_key, digest=hashes.SHA384),
    "SHA-512": by(rsa_key, digest=hashes.SHA512),
    "a minute old": by(rsa_key, valid=(timedelta(minutes=-1), timedelta(minutes=1))),
    "something behind it": written(lambda _, it: pem(it) + b"\nsomething else\n"),
}


@pytest.mark.parametrize("what", GOOD)
def test_by_a_good_certificate_it_is(smn, url, what):
    """So that in each of the others what is wrong is what it says."""
    assert url.post(from_crafted(smn, GOOD[what])) == FORWARDED


@pytest.mark.parametrize("what", SIGNATURES)
def test_no_other_signature_is_taken_for_the_messages(smn, url, what):
    message = smn.notification("the warehouse is down")
    assert url.post(SIGNATURES[what](smn, message)) in REFUSALS
    assert url.forwarded == []
    assert url.post(message) == FORWARDED


REWRITTEN = {
    "other bits that say nothing": lambda it: it[:-3] + chr(ord(it[-3]) + 1) + it[-2:],
    "the same": str,
}


@pytest.mark.parametrize("how", REWRITTEN)
def test_a_signature_that_is_written_otherwise_makes_no_second_message(smn, url, how):
    """256 bytes leave four bits of the last sign free: other Base64, the same signature."""
    message = smn.notification("it is down")
    assert url.post(message) == FORWARDED
    assert url.post(spelled(REWRITTEN[how])(smn, message)) == (200, "repeated")
    assert len(url.forwarded) == 1


# Whom SMN's host is believed to be


@pytest.fixture
def from_host(tmp_path, monkeypatch):
    """What becomes of a good message, by how the host that has its certificate proves to be SMN's."""

    def posted_with(proof):
        with Smn(tmp_path, proof) as host:
            for name, value in host.environment.items():
                monkeypatch.setenv(name, value)
            return Url().post(host.notification("it is down")), host.asked

    return posted_with


@pytest.mark.parametrize("what", CHAINS)
def test_a_host_that_cannot_prove_to_be_smns_is_asked_for_nothing(from_host, what):
    assert from_host(CHAINS[what]) == ((503, "failed"), [])


def test_one_that_can_is(from_host):
    fate, asked = from_host(by_a_good_middle)
    assert (fate, len(asked)) == (FORWARDED, 1)


# What is posted


@pytest.mark.parametrize("what", BODIES)
def test_no_other_body_is_a_message(smn, url, what):
    event = BODIES[what](smn.notification("it is down"))
    assert url.answer(event) in REFUSALS
    assert (url.forwarded, smn.asked) == ([], [])


def test_the_message_that_they_are_made_of_is_one(smn, url):
    assert url.answer(posted(json.dumps(smn.notification("it is down")))) == FORWARDED
