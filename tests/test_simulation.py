"""The simulation itself: it comes out the same each time, and finds what it is made to find."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from local.simulation.bugs import BUGS
from local.simulation.table import MemoryTable, Unsupported

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", BUGS)
def test_a_bug_still_fits_the_source_that_it_is_planted_in(name):
    assert BUGS[name].planted() != BUGS[name].path.read_text()


def simulate(*arguments):
    command = [sys.executable, "-m", "local.simulation", *arguments]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": "src", "COLUMNS": "200"}
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_a_planted_bug_is_found_and_told_as_a_story():
    found = simulate("-n", "100", "--bug", "claim after the order")
    assert found.returncode == 1
    assert "an order reaches the provider and no claim is stored" in found.stdout
    assert "trouble: production dies" in found.stdout
    assert "Again: make simulate SEED=0 N=100" in found.stdout


def test_nothing_is_found_in_a_hundred_histories():
    done = simulate("-n", "100", "--seed", "7")
    assert (done.returncode, done.stdout.count("nothing found")) == (0, 1)


def test_the_same_plan_gives_the_same_history():
    """In processes of their own, so that nothing of the first is left for the second."""
    code = (
        "import logging; logging.disable(50)\n"
        "from local.simulation.history import History\n"
        "from local.simulation.plan import Plan, Signal, Fault\n"
        "plan = Plan(seed=9, signals=(Signal(10, 'ALARM', 'dws-outage-a'),),\n"
        "            faults=(Fault('provider failover', 1, 'lose the answer'),))\n"
        "history = History(plan); history.run()\n"
        "print([line[:60] for line in history.machine.story])\n"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
            env={"PYTHONPATH": f"src:{ROOT}", "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert runs[0] == runs[1]
    assert "order is taken" in runs[0]


# The table in memory against the real client and the embedded AWS


def key(sk):
    return {"pk": {"S": "p"}, "sk": {"S": sk}}


def put(sk, condition=None, **fields):
    item = {**key(sk), **fields}
    return {
        "TableName": "t",
        "Item": item,
        **({"ConditionExpression": condition} if condition else {}),
    }


def update(sk, expression, values, condition=None):
    more = {"ConditionExpression": condition} if condition else {}
    return {
        "TableName": "t", "Key": key(sk), "UpdateExpression": expression,
        "ExpressionAttributeValues": values, **more,
    }  # fmt: skip


NEW, ONE, TWO = "attribute_not_exists(pk)", {"N": "1"}, {"N": "2"}
SET_A, SET_B, SET_AB = {"SS": ["a"]}, {"SS": ["b"]}, {"SS": ["a", "b"]}
SEQUENCES = {
    "put once": [("put_item", put("x", NEW, n=ONE)), ("put_item", put("x", NEW, n=TWO))],
    "put on top of": [
        ("put_item", put("x", NEW, n=ONE)),
        ("put_item", {**put("x", "#n = :was", n=TWO), "ExpressionAttributeNames": {"#n": "n"},
                      "ExpressionAttributeValues": {":was": ONE}}),
        ("put_item", {**put("x", "#n = :was", n=ONE), "ExpressionAttributeNames": {"#n": "n"},
                      "ExpressionAttributeValues": {":was": ONE}}),
    ],
    "sets": [
        ("update_item", update("x", "ADD s :s", {":s": SET_A})),
        ("update_item", update("x", "ADD s :s", {":s": SET_AB})),
        ("update_item", update("x", "DELETE s :s", {":s": SET_A})),
        ("update_item", update("x", "SET n = :n", {":n": ONE, ":s": SET_B}, "s = :s")),
        ("update_item", update("x", "DELETE s :s", {":s": SET_B})),
        ("update_item", update("x", "SET n = :n", {":n": TWO, ":s": SET_B}, "s = :s")),
    ],
    "add and delete at once": [
        ("update_item", update("x", "ADD a :a DELETE b :b", {":a": SET_A, ":b": SET_B})),
        ("update_item", update("x", "ADD b :a DELETE a :a", {":a": SET_A})),
    ],
    "a lease": [
        ("update_item", update("x", "SET u = :u", {":u": {"S": "2"}, ":n": {"S": "1"}},
                               "attribute_not_exists(pk) OR u <= :n")),
        ("update_item", update("x", "SET u = :u", {":u": {"S": "3"}, ":n": {"S": "1"}},
                               "attribute_not_exists(pk) OR u <= :n")),
        ("update_item", update("x", "SET u = :u", {":u": {"S": "4"}, ":n": {"S": "2"}},
                               "attribute_not_exists(pk) OR u <= :n")),
    ],
    "all or nothing": [
        ("put_item", put("x", n=ONE)),
        ("transact_write_items", {"TransactItems": [{"Put": put("y", NEW)}, {"Put": put("x", NEW)}]}),
        ("transact_write_items", {"TransactItems": [
            {"Put": put("y", NEW)}, {"Update": update("x", "SET n = :n", {":n": TWO})}]}),
    ],
    "a token twice": [
        ("transact_write_items", {"TransactItems": [{"Put": put("y", NEW)}], "ClientRequestToken": "t"}),
        ("transact_write_items", {"TransactItems": [{"Put": put("y", NEW)}], "ClientRequestToken": "t"}),
    ],
}  # fmt: skip


def outcomes(client, sequence, table="t"):
    """What each call comes to, and what is stored at the end."""
    from botocore.exceptions import ClientError

    told = []
    for operation, call in sequence:
        text = json.dumps(call).replace('"TableName": "t"', f'"TableName": "{table}"')
        try:
            getattr(client, operation)(**json.loads(text))
            told.append("done")
        except ClientError as err:
            told.append(err.response["Error"]["Code"])
    asked = {"Keys": [key("x"), key("y")], "ConsistentRead": True}
    found = client.batch_get_item(RequestItems={table: asked})["Responses"][table]
    return told, sorted(json.dumps(sorted_sets(item), sort_keys=True) for item in found)


def sorted_sets(item):
    return {
        name: {kind: sorted(plain) if kind == "SS" else plain for kind, plain in value.items()}
        for name, value in item.items()
    }


@pytest.mark.parametrize("name", SEQUENCES)
def test_the_table_in_memory_does_what_dynamodb_does(parts, name):
    real = parts.aws.client("dynamodb")
    assert outcomes(MemoryTable(), SEQUENCES[name]) == outcomes(real, SEQUENCES[name], parts.table)


@pytest.mark.parametrize(
    "call",
    [
        ("put_item", put("x", "size(pk) = :n")),
        ("put_item", put("x", s={"SS": []})),
        ("transact_write_items", {"TransactItems": [{"Put": put("x")}, {"Put": put("x")}]}),
    ],
    ids=["a strange condition", "an empty set", "one item twice"],
)
def test_what_dynamodb_refuses_or_the_table_does_not_know_is_no_silent_success(call):
    operation, given = call
    with pytest.raises(Unsupported):
        getattr(MemoryTable(), operation)(**given)
