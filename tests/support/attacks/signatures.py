"""Signatures that are none of this message, by the very key whose certificate it names.

Each takes the throw-away SMN and a message that it has signed, and gives the message as it is sent.
"""

import base64
import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from local.smn import HOST, TOPIC, Signer

FOREIGN = TOPIC.replace("alarms", "alarms2")
ANOTHER_KEY = Signer("somebody")
CHAIN = 64  # hexadecimal digits


def text_of(message, **other):
    """What is signed of a message, by SMN's documents."""
    left_out = ("signature", "signature_version", "signing_cert_url")
    fields = {name: one for name, one in {**message, **other}.items() if name not in left_out}
    return "".join(f"{name}\n{fields[name]}\n" for name in sorted(fields))


def raw(message):
    return base64.b64decode(message["signature"])


def coded(signature):
    return base64.b64encode(signature).decode()


def made_of(make):
    """The signature's bytes changed."""
    return lambda _, message: {**message, "signature": coded(make(raw(message)))}


def spelled(spell):
    """The signature written otherwise."""
    return lambda _, message: {**message, "signature": spell(message["signature"])}


def over(text):
    """A signature of the same key over another text."""
    return lambda smn, it: {**it, "signature": smn.signer.sign(text(it).encode())}


def by(pad, digest):
    """A signature of the same key over the same text, made in another way."""

    def sign(smn, message):
        signature = smn.signer.key.sign(text_of(message).encode(), pad(), digest())
        return {**message, "signature": coded(signature)}

    return sign


def _pss():
    return padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH)


def _plus_modulus(smn, message):
    """The same number, but for the modulus: it verifies where nobody looks how large it is."""
    modulus = smn.signer.key.public_key().public_numbers().n
    larger = int.from_bytes(raw(message)) + modulus
    return {**message, "signature": coded(larger.to_bytes(257))}


def _negative(smn, message):
    modulus = smn.signer.key.public_key().public_numbers().n
    return {**message, "signature": coded((modulus - int.from_bytes(raw(message))).to_bytes(256))}


def _of_another_message(smn, message):
    return {**message, "signature": smn.notification("it is down")["signature"]}


def _of_another_topic(smn, message):
    return {**smn.notification(message["message"], topic_urn=FOREIGN), "topic_urn": TOPIC}


def _of_a_confirmation(smn, message):
    given = {**message, "type": "SubscriptionConfirmation"}
    where = f"https://{HOST}/smn/subscription/confirm?token=1"
    sign = smn.signer.sign(text_of(given, subscribe_url=where).encode())
    return {**message, "signature": sign}


def _by_another_key(_, message):
    return {**message, "signature": ANOTHER_KEY.sign(text_of(message).encode())}


def _said(value):
    return lambda _, message: {**message, "signature": value}


def _without(_, message):
    return {name: one for name, one in message.items() if name != "signature"}


SIGNATURES = {
    # none
    "missing": _without,
    "null": _said(None),
    "empty": _said(""),
    "blank": _said(" "),
    "padding alone": _said("===="),
    "a number": _said(1),
    "true": _said(True),
    "a list": _said([]),
    "no Base64": _said("!" * 344),
    "longer than one can be": _said("A" * 4096),
    "zeros": made_of(lambda it: bytes(len(it))),
    "ones": made_of(lambda it: b"\xff" * len(it)),
    "the number one": made_of(lambda it: (1).to_bytes(len(it))),
    # of something else
    "by another key": _by_another_key,
    "of another message": _of_another_message,
    "of another topic": _of_another_topic,
    "of a confirmation": _of_a_confirmation,
    # made in another way
    "with SHA-1": by(padding.PKCS1v15, hashes.SHA1),
    "with SHA-384": by(padding.PKCS1v15, hashes.SHA384),
    "with SHA-512": by(padding.PKCS1v15, hashes.SHA512),
    "with PSS": by(_pss, hashes.SHA256),
    # the same, changed
    "a bit changed": made_of(lambda it: bytes([it[0] ^ 1]) + it[1:]),
    "its last bit changed": made_of(lambda it: it[:-1] + bytes([it[-1] ^ 1])),
    "backwards": made_of(lambda it: it[::-1]),
    "cut": made_of(lambda it: it[:-1]),
    "halved": made_of(lambda it: it[: len(it) // 2]),
    "twice": made_of(lambda it: it + it),
    "a byte before it": made_of(lambda it: b"\0" + it),
    "a byte behind it": made_of(lambda it: it + b"\0"),
    "the modulus added": _plus_modulus,
    "its negative": _negative,
    # the same, written otherwise
    "in hexadecimal": spelled(lambda it: base64.b64decode(it).hex()),
    "in Base64 for addresses": spelled(lambda it: it.replace("+", "-").replace("/", "_") + "-_"),
    "in Base64 twice": spelled(lambda it: coded(it.encode())),
    "without its padding": spelled(lambda it: it.rstrip("=")),
    "with more padding": spelled(lambda it: it + "===="),
    "on two lines": spelled(lambda it: f"{it[:CHAIN]}\n{it[CHAIN:]}"),
    "with a blank": spelled(lambda it: f" {it}"),
    "with a zero byte": spelled(lambda it: f"{it}\0"),
    "in capitals": spelled(str.upper),
    # over a text that is nearly the message's
    "over the message's words": over(lambda it: it["message"]),
    "over its JSON": over(json.dumps),
    "over nothing": over(lambda _: ""),
    "without the last line's end": over(lambda it: text_of(it)[:-1]),
    "with Windows's lines": over(lambda it: text_of(it).replace("\n", "\r\n")),
    "with colons": over(lambda it: text_of(it).replace("\n", ":")),
    "in another order": over(lambda it: "".join(reversed(text_of(it).splitlines(keepends=True)))),
    "without its type": over(lambda it: text_of({k: v for k, v in it.items() if k != "type"})),
    "without its topic": over(
        lambda it: text_of({k: v for k, v in it.items() if k != "topic_urn"})
    ),
    "without its time": over(lambda it: text_of({k: v for k, v in it.items() if k != "timestamp"})),
    "without its id": over(lambda it: text_of({k: v for k, v in it.items() if k != "message_id"})),
    "with a subject that is not there": over(lambda it: text_of(it, subject="x")),
    "with the URL of a confirmation": over(lambda it: text_of(it, subscribe_url="https://x/?y")),
}
