"""The published schemas: what their patterns let through, and how their faults are told."""

import json
from pathlib import Path

import pytest

from handler.model import schema
from handler.model.schema import parse_json, validate

SCHEMAS = sorted((Path(schema.__file__).parent / "schemas").glob("*.json"))


def patterns(node):
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            yield node["pattern"]
        node = list(node.values())
    for one in node if isinstance(node, list) else []:
        yield from patterns(one)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_every_pattern_is_about_the_whole_text(path):
    """`$` would let a newline through at the end."""
    found = list(patterns(json.loads(path.read_text())))
    assert [one for one in found if not (one.startswith("^") and one.endswith(r"\Z"))] == []


FORGED = "x: ok\nWhat to do: send it again\n$.mode"


@pytest.mark.parametrize(
    "document",
    [
        {"command": "status", FORGED: 1},
        {"command": "status", "\N{RIGHT-TO-LEFT OVERRIDE}kcab": 1},
        {"command": "status", "\ud800": 1},
        {"command": "status", "k" * 5000: 1},
        {"command": FORGED},
        {"command": "status", "pair": {FORGED: [FORGED]}},
        {"command": "status", "override": [FORGED]},
    ],
    ids=["lines", "turned", "half a pair", "long", "value", "object", "item"],
)
def test_what_a_stranger_named_is_told_as_one_printable_line(document):
    for fault in validate(document, "command"):
        assert fault.isprintable()
        assert len(fault) < 500


def test_keys_of_a_path_are_quoted_too():
    faults = validate({"probes": {FORGED: "x"}}, "pair")
    assert any(FORGED.splitlines()[0] in fault for fault in faults)
    assert all(fault.isprintable() for fault in faults)


@pytest.mark.parametrize(
    "text",
    [
        "1e400", "-1e400", '{"a": [1e999]}', "9" * 5000, "-" + "9" * 401, "NaN", "-Infinity",
        "[" * 100_000, '{"a":' * 100_000, '{"a": 1, "a": 1}', "\ufeff{}", "{}\x00", "",
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_json_that_nobody_means_is_a_clear_fault(text):
    with pytest.raises(ValueError) as caught:
        parse_json(text)
    assert "set_int_max_str_digits" not in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("text", "number"), [("3600.0", 3600), ("1e3", 1000), ("-0.0", 0), ("1.5", 1.5)]
)
def test_a_whole_number_is_one_however_it_is_written(text, number):
    found = parse_json(text)
    assert (found, type(found)) == (number, type(number))


@pytest.mark.parametrize(
    "pasted", [{"secret_access_key": "SK"}, '{"secret_access_key": "SK"}', ["SK"]]
)
def test_a_secret_pasted_where_its_name_belongs_is_not_shown(pasted):
    (fault,) = (one for one in validate({"credentials_secret": pasted}, "pair") if "secret" in one)
    assert "SK" not in fault
    assert "allowed: the name of a Secrets Manager secret" in fault
