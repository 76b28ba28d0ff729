"""A secret is blotted out however it is spelled, and nothing else is."""

import base64
import html
import json
import re
import time
from urllib.parse import quote, quote_plus

import pytest

from handler.model.printable import one_line, visible, without, without_in

REPLACED = "\N{REPLACEMENT CHARACTER}"
SECRETS = [
    'corr"ect-horse-battery', "Pässwort-geheim-2026", "tom&jerry's-secret", "slash/secret/2026",
    "back\\slash-secret", "per%cent secret+2026", "plain-secret-2026",
]  # fmt: skip
SPELLINGS = {
    "as it is": str,
    "JSON": lambda secret: json.dumps(secret)[1:-1],
    "JSON in capitals": lambda secret: re.sub(
        r"\\u([0-9a-f]{4})", lambda one: "\\u" + one[1].upper(), json.dumps(secret)[1:-1]
    ),
    "JSON in UTF-8": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "JSON with its slashes escaped": lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/"),
    "JSON in JSON": lambda secret: json.dumps(json.dumps(secret)[1:-1])[1:-1],
    "HTML": html.escape,
    "HTML but for its quotes": lambda secret: html.escape(secret, quote=False),
    "HTML in ASCII": lambda secret: html.escape(secret).encode("ascii", "xmlcharrefreplace").decode(),
    "an address": lambda secret: quote(secret, safe=""),
    "a path": quote,
    "a form": quote_plus,
    "an address in small letters": lambda secret: re.sub(
        "%[0-9A-F]{2}", lambda one: one[0].lower(), quote(secret, safe="")
    ),
    "Python's bytes": lambda secret: repr(secret.encode())[2:-1],
    "Python": lambda secret: repr(secret)[1:-1],
    "Python in ASCII": lambda secret: ascii(secret)[1:-1],
    "hexadecimal": lambda secret: secret.encode().hex(),
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_blotted_out_in_every_spelling(secret, spelling):
    shown = f"cannot parse <{SPELLINGS[spelling](secret)}> here"
    assert without([secret], shown) == "cannot parse <***> here"
    assert without_in([secret], shown) == "cannot parse <***> here"


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("secret", SECRETS)
def test_in_base64_what_is_of_a_secret_alone_is_blotted_out(secret, before):
    """Two signs at either end are also of what stands beside it."""
    for coded in (base64.b64encode, base64.urlsafe_b64encode):
        shown = coded(b"user"[:before] + secret.encode() + b":x").decode()
        assert len(without([secret], shown).replace("***", "").rstrip("=")) <= 4 * before + 8
        assert "***" in without([secret], shown)


def test_what_is_too_short_to_be_known_is_left_as_it_is_in_every_spelling():
    assert without(["&", "ä"], "this &amp; that, %C3%A4") == "this &amp; that, %C3%A4"
    assert without_in(["a&b"], "a&amp;b") == "a&amp;b"
    assert without(["hush"], "aHVzaA== 68757368") == "aHVzaA== 68757368"


def test_the_longer_of_two_secrets_goes_first():
    assert without(["hush-hush", "hush-hush-key"], "hush-hush-key") == "***"


# What is drawn over other lines

STACK = "".join(map(chr, range(0x300, 0x314)))


@pytest.mark.parametrize(
    "written",
    [
        "é",
        "e\u0301",
        "Việt Nam",
        "Vie\u0323\u0302t",
        "ที่นี่",
        "שָׁלוֹם",
        "ज़िंदगी",
        "བསྒྲུབས",
        "مُحَمَّد",
        "1\ufe0f\u20e3",
    ],
    ids=ascii,
)
def test_a_language_keeps_its_marks(written):
    assert one_line(written, 99) == visible(written) == written


def test_of_a_stack_of_marks_three_are_left_and_each_other_is_replaced():
    assert visible(f"x{STACK}y") == f"x{STACK[:3]}{17 * REPLACED}y"


@pytest.mark.parametrize("before", ["", "a "])
def test_a_mark_without_a_letter_before_it_is_replaced(before):
    """It would be drawn over what stands before it, which is ours."""
    assert visible(f"{before}\u0338b") == f"{before}{REPLACED}b"


def test_of_what_was_read_all_texts_are_cleaned_and_names_of_fields_stay():
    one = SECRETS[0]
    said = {one: one, "a": [{"b": f"see {one}"}, [one]], "c": [1, 2.5, True, None], "d": "e"}
    cleaned = {one: "***", "a": [{"b": "see ***"}, ["***"]], "c": [1, 2.5, True, None], "d": "e"}
    assert without_in(SECRETS, said) == cleaned


def test_many_texts_with_a_secret_among_them_are_cleaned_in_no_time():
    texts = ["abcdefgh"] * 400_000
    began = time.process_time()
    assert without_in(SECRETS, [SECRETS[0], *texts]) == ["***", *texts]
    assert time.process_time() - began < 2
