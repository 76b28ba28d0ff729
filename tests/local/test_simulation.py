"""The simulation itself: it comes out the same each time, and finds what it is made to find."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from places import ROOT

from local.dws.wire import Answer
from local.simulation.bugs import BUGS
from local.simulation.expressions import Unsupported
from local.simulation.faults import Fault, Faults, Window
from local.simulation.machine import Machine
from local.simulation.planting import path_of
from local.simulation.provider import GARBAGE
from local.simulation.services import TableClient
from local.simulation.strands import Invocation, Violation
from local.simulation.table import MemoryTable
from local.simulation.threads import side_by_side


@pytest.mark.parametrize("name", BUGS)
def test_a_bug_still_fits_the_source_that_it_is_planted_in(name):
    assert BUGS[name].planted() != path_of(BUGS[name].module).read_text()


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
    assert found.stdout.splitlines()[-1] == "Again: make simulate SEED=0 N=100"
    assert found.stderr == ""


def test_nothing_is_found_in_some_histories():
    """That it runs; .ci/run judges 2,000."""
    done = simulate("-n", "20", "--seed", "7")
    assert (done.returncode, done.stdout.count("nothing found")) == (0, 1)


def test_the_same_plan_gives_the_same_history():
    """In processes of their own, so that nothing of the first is left for the second."""
    code = (
        "import logging; logging.disable(50)\n"
        "from local.simulation.history import History\n"
        "from local.simulation.plan import Plan, Signal, Fault\n"
        "plan = Plan(seed=9, signals=(Signal(10, 'ALARM', 'a'),),\n"
        "            faults=(Fault('provider failover', 1, 'lose the answer'),))\n"
        "history = History(plan); history.run()\n"
        "print([line[:60] for line in history.machine.story])\n"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True,
            env={"PYTHONPATH": f"src:{ROOT}", "PYTHONHASHSEED": seed, "POWERTOOLS_METRICS_DISABLED": "true"},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert runs[0] == runs[1]
    assert "order is taken" in runs[0]


# Threads, environments, processes that end

START = datetime(2026, 1, 15, 8, 30, tzinfo=UTC)


def machine():
    return Machine(START, Random(1))


def invoke(one, work, name="first"):
    invocation = Invocation(name, one.now + timedelta(seconds=300))
    one.spawn(invocation, work)
    return invocation


def after(one, seconds):
    one.run_until(one.now + timedelta(seconds=seconds))


def test_what_threads_have_done_in_time_is_there_in_its_order():
    one, found = machine(), []

    def reads():
        def read(name, seconds):
            one.pause(seconds)
            if name == "bad":
                raise LookupError(name)
            return name

        works = [lambda: read("slow", 3), lambda: read("bad", 1), lambda: read("quick", 0)]
        found.extend(side_by_side(one, works, 8))

    invoke(one, reads)
    after(one, 10)
    (slow, bad, quick) = found
    assert (slow, quick) == (("slow",), ("quick",))
    assert isinstance(bad, LookupError)


def test_a_thread_that_is_given_up_goes_on_when_its_environment_is_invoked_again():
    one, done = machine(), []

    def late():
        one.pause(20)
        done.append((one.now, one.strand.is_outside))

    given_up = []
    invoke(one, lambda: given_up.extend(side_by_side(one, [late], 8)))
    after(one, 60)
    assert (given_up, done) == ([None], [])
    invoke(one, lambda: one.pause(5), "second")
    after(one, 60)
    ((at, is_outside),) = done
    assert at >= START + timedelta(seconds=60)
    assert is_outside


def test_more_works_than_threads_wait_and_are_never_begun_once_they_are_given_up():
    one, begun = machine(), []

    def work(number):
        begun.append(number)
        one.pause(10)

    invoke(one, lambda: side_by_side(one, [lambda n=n: work(n) for n in range(20)], 8))
    after(one, 60)
    assert len(begun) == 16


def test_who_is_killed_in_a_thread_dies_with_the_whole_process():
    one, ended = machine(), []

    def reads():
        side_by_side(one, [lambda: one.kill("by accident"), lambda: one.pause(1)], 8)
        ended.append("alive")

    invocation = invoke(one, reads)
    after(one, 60)
    assert (invocation.is_dead, ended) == (True, [])
    assert invoke(one, lambda: ended.append("in another"), "second").has_ended
    assert len(one.environments) == 2


def test_an_environment_is_used_again_and_two_at_once_are_two():
    one = machine()
    invoke(one, lambda: one.pause(5))
    invoke(one, lambda: one.pause(1), "second")
    after(one, 60)
    invoke(one, lambda: None, "third")
    assert len(one.environments) == 2


def test_an_invocation_ends_at_its_deadline_in_whatever_it_hangs():
    one, ended = machine(), []

    def work():
        one.pause(1000)
        ended.append("alive")

    invocation = invoke(one, work)
    after(one, 2000)
    assert (invocation.is_dead, ended) == (True, [])


def test_what_was_found_ends_the_history_though_the_function_catches_everything():
    one = machine()

    def work():
        try:
            one.found("it did what must never be")
            raise LookupError
        except Exception:  # noqa: BLE001 - as a function may do
            one.pause(1)

    invoke(one, work)
    with pytest.raises(Violation):
        after(one, 2)


# What goes wrong on the way


def a_table(*faults, windows=()):
    one = machine()
    troubled = Faults(one, faults, windows)
    troubled.is_quiet = False
    return one, TableClient(MemoryTable(), troubled, one, lambda *_: None)


def test_the_sdk_calls_again_and_finds_its_own_write_in_the_way():
    from botocore.exceptions import ClientError

    _, client = a_table(Fault("table put_item", 1, "twice"))
    with pytest.raises(ClientError) as failed:
        client.put_item(**put("x", NEW, n=ONE))
    assert failed.value.response["Error"]["Code"] == "ConditionalCheckFailedException"


def test_a_transaction_that_the_sdk_repeats_is_known_by_its_token():
    _, client = a_table(
        Fault("table other", 1, "twice"), Fault("table other", 2, "lose the answer")
    )
    client.transact_write_items(TransactItems=[{"Put": put("x", NEW, n=ONE)}])
    again = {"TransactItems": [{"Put": put("y", NEW, n=ONE)}], "ClientRequestToken": "mine"}
    with pytest.raises(Exception, match="Read timeout"):
        client.transact_write_items(**again)
    assert client.transact_write_items(**again) == {}


@pytest.mark.parametrize(("what", "is_there"), [("hang", False), ("hang after", True)])
def test_a_hung_call_takes_its_three_tries_before_it_fails(what, is_there):
    from botocore.exceptions import ReadTimeoutError

    one, client = a_table(windows=(Window("table", 0, 10, what),))
    with pytest.raises(ReadTimeoutError):
        client.put_item(**put("x", n=ONE))
    assert timedelta(seconds=15) <= one.now - START < timedelta(seconds=16)
    assert ("Item" in client.get_item(TableName="t", Key=key("x"))) == is_there


def test_keys_that_are_left_unprocessed_are_named():
    _, client = a_table(Fault("table unprocessed", 1, "in part"))
    client.put_item(**put("x", n=ONE))
    asked = {"Keys": [key("x"), key("y")], "ConsistentRead": True}
    answer = client.batch_get_item(RequestItems={"t": asked})
    assert answer["UnprocessedKeys"]["t"]["Keys"] == [key("y")]


@pytest.mark.parametrize("kind", GARBAGE)
def test_garbage_is_other_than_the_answer_that_it_is_made_of(kind):
    shown = {"id": "1", "name": "a", "status": "running", "last_success_time": "2026"}
    shown["role"] = "primary"
    answer = Answer(200, {"disaster_recovery": [shown], "cluster_id": "2"})
    assert GARBAGE[kind](answer) != answer


# The table in memory against the real client and the embedded AWS


def key(sk):
    return {"pk": {"S": "p"}, "sk": {"S": sk}}


def put(sk, condition=None, values=None, **fields):
    item = {**key(sk), **fields}
    return {"TableName": "t", "Item": item, **conditional(condition, values)}


def update(sk, expression, values=None, condition=None, names=None):
    more = {
        **conditional(condition, values),
        **({"ExpressionAttributeNames": names} if names else {}),
    }
    return {"TableName": "t", "Key": key(sk), "UpdateExpression": expression, **more}


def at(sk, condition=None, values=None):
    return {"TableName": "t", "Key": key(sk), **conditional(condition, values)}


def conditional(condition, values):
    return {
        **({"ConditionExpression": condition} if condition else {}),
        **({"ExpressionAttributeValues": values} if values else {}),
    }


def tries(item, *conditions):
    """An item, and a write under each condition; which go through is what is compared."""
    return [("put_item", put("x", **item))] + [
        ("update_item", update("x", "SET z = :one", {":one": ONE, **values}, condition))
        for condition, values in conditions
    ]


NAMED = {"ExpressionAttributeNames": {"#n": "n"}}
NEW, ONE, TWO = "attribute_not_exists(pk)", {"N": "1"}, {"N": "2"}
SET_A, SET_B, SET_AB = {"SS": ["a"]}, {"SS": ["b"]}, {"SS": ["a", "b"]}
SEQUENCES = {
    "put once": [("put_item", put("x", NEW, n=ONE)), ("put_item", put("x", NEW, n=TWO))],
    "put on top of": [
        ("put_item", put("x", NEW, n=ONE)),
        ("put_item", {**put("x", "#n = :was", {":was": ONE}, n=TWO), **NAMED}),
        ("put_item", {**put("x", "#n = :was", {":was": ONE}, n=ONE), **NAMED}),
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
    "numbers": [
        ("update_item", update("x", "ADD n :one", {":one": ONE})),
        ("update_item", update("x", "ADD n :one, m :two", {":one": ONE, ":two": TWO})),
        ("update_item", update("x", "SET n = n + :one", {":one": ONE})),
        ("update_item", update("x", "SET n = n - :two, k = if_not_exists(k, :one) + :two",
                               {":one": ONE, ":two": TWO})),
        ("update_item", update("x", "SET k = if_not_exists(k, :one) + :two",
                               {":one": ONE, ":two": TWO})),
    ],
    "every clause at once": [
        ("put_item", put("x", a=ONE, b=TWO, s=SET_AB, c=ONE)),
        ("update_item", update("x", "SET a = :two, #n = b REMOVE c ADD b :one DELETE s :s",
                               {":one": ONE, ":two": TWO, ":s": SET_A}, names={"#n": "n"})),
        ("update_item", update("x", "REMOVE b, nothing SET #n = if_not_exists(nothing, :one)",
                               {":one": ONE}, names={"#n": "n"})),
    ],
    "comparisons": tries(
        {"n": TWO, "t": {"S": "b"}},
        ("n > :v", {":v": ONE}), ("n >= :v", {":v": TWO}), ("n < :v", {":v": TWO}),
        ("n <= :v", {":v": ONE}), ("n <> :v", {":v": TWO}), ("n <> :v", {":v": ONE}), ("gone <> :v", {":v": ONE}),
        ("n = :v", {":v": {"N": "2.0"}}), ("t < :v", {":v": {"S": "a"}}), ("t >= :v", {":v": {"S": "a"}}), ("n = :v", {":v": {"S": "2"}}),
        ("n < :v", {":v": {"S": "9"}}), ("gone < :v", {":v": ONE}), ("gone = :v", {":v": ONE}),
    ),
    "and, or, not and parentheses": tries(
        {"n": TWO, "s": SET_AB, "t": {"S": "text"}},
        ("n = :v AND t = :t OR n = :w", {":v": ONE, ":w": TWO, ":t": {"S": "text"}}),
        ("n = :v AND (t = :t OR n = :w)", {":v": ONE, ":w": TWO, ":t": {"S": "text"}}),
        ("NOT n = :v", {":v": ONE}), ("NOT (n = :v OR n = :w)", {":v": ONE, ":w": TWO}),
        ("attribute_not_exists(gone) OR gone < :v", {":v": ONE}),
        ("attribute_exists(gone) AND n = :v", {":v": TWO}),
        ("attribute_not_exists(n) OR n < :v", {":v": ONE}),
    ),
    "contains, size and how a text begins": tries(
        {"s": SET_AB, "t": {"S": "text"}, "l": {"L": [ONE]}},
        ("contains(s, :v)", {":v": {"S": "a"}}), ("contains(s, :v)", {":v": {"S": "c"}}),
        ("NOT contains(s, :v)", {":v": {"S": "c"}}), ("contains(t, :v)", {":v": {"S": "ex"}}),
        ("contains(gone, :v)", {":v": {"S": "ex"}}), ("contains(l, :v)", {":v": ONE}),
        ("size(s) = :v", {":v": TWO}), ("size(s) < :v", {":v": TWO}), ("size(t) > :v", {":v": TWO}),
        ("size(gone) < :v", {":v": TWO}), ("size(gone) = :v OR attribute_not_exists(gone)", {":v": TWO}),
        ("begins_with(t, :v)", {":v": {"S": "te"}}), ("begins_with(t, :v)", {":v": {"S": "ex"}}),
    ),
    "a check and a delete among the writes": [
        ("put_item", put("x", n=ONE)),
        ("transact_write_items", {"TransactItems": [
            {"ConditionCheck": at("x", "n = :v", {":v": TWO})}, {"Put": put("y", n=ONE)}]}),
        ("transact_write_items", {"TransactItems": [
            {"ConditionCheck": at("x", "n = :v", {":v": ONE})}, {"Put": put("y", n=ONE)}]}),
        ("transact_write_items", {"TransactItems": [
            {"Delete": at("x", "n = :v", {":v": TWO})}, {"Update": update("y", "ADD n :v", {":v": ONE})}]}),
        ("transact_write_items", {"TransactItems": [
            {"Delete": at("x", "n = :v", {":v": ONE})}, {"Update": update("y", "ADD n :v", {":v": ONE})}]}),
        ("delete_item", at("y", NEW)),
        ("delete_item", at("y")),
        ("delete_item", at("y")),
    ],
    "a token twice": [
        ("transact_write_items", {"TransactItems": [{"Put": put("y", NEW)}], "ClientRequestToken": "twice"}),
        ("transact_write_items", {"TransactItems": [{"Put": put("y", NEW)}], "ClientRequestToken": "twice"}),
    ],
    "a token with other writes": [
        ("transact_write_items", {"TransactItems": [{"Put": put("y", n=ONE)}], "ClientRequestToken": "other"}),
        ("transact_write_items", {"TransactItems": [{"Put": put("y", n=TWO)}], "ClientRequestToken": "other"}),
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


PAGES = {
    "behind a key": {"KeyConditionExpression": "pk = :pk AND sk > :sk", "ScanIndexForward": False},
    "begin alike": {"KeyConditionExpression": "pk = :pk AND begins_with(sk, :sk)"},
}


@pytest.mark.parametrize("name", PAGES)
def test_a_query_gives_page_after_page_as_dynamodb_does(parts, name):
    def pages(client, table):
        for sk in ("run#1", "run#2", "run#3", "state#x", "a"):
            client.put_item(TableName=table, Item={**key(sk), "n": {"S": sk}})
        values = {":pk": {"S": "p"}, ":sk": {"S": "run#"}}
        asked = {**PAGES[name], "ExpressionAttributeValues": values, "Limit": 2, "TableName": table}
        found, start = [], {}
        while True:
            answer = client.query(**asked, ConsistentRead=True, **start)
            found.append([item["sk"]["S"] for item in answer["Items"]])
            if "LastEvaluatedKey" not in answer:
                return found
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    in_memory = [page for page in pages(MemoryTable(), "t") if page]
    assert in_memory == [page for page in pages(parts.aws.client("dynamodb"), parts.table) if page]


VALUES = {":v": ONE}


@pytest.mark.parametrize(
    "call",
    [
        ("put_item", put("x", "a.b = :v", VALUES)),
        ("put_item", put("x", "n BETWEEN :v AND :v", VALUES)),
        ("put_item", put("x", "n = :v AND", VALUES)),
        ("put_item", put("x", "attribute_exists(n)", VALUES)),
        ("put_item", put("x", "n = :other", VALUES)),
        ("put_item", {**put("x"), "ReturnValues": "ALL_OLD"}),
        ("put_item", put("x", s={"SS": []})),
        ("update_item", update("x", "SET n = gone + :v", VALUES)),
        ("update_item", update("x", "SET n = :v, n = :v", VALUES)),
        ("update_item", update("x", "SET n = :v SET m = :v", VALUES)),
        ("update_item", update("x", "DELETE n :v", VALUES)),
        ("transact_write_items", {"TransactItems": [{"Put": put("x")}, {"Put": put("x")}]}),
        ("query", {"KeyConditionExpression": "sk = :v", "ExpressionAttributeValues": VALUES}),
    ],
    ids=[
        "a path", "an operator", "an end too soon", "a value that nothing uses", "a value not given",
        "a parameter", "an empty set", "an attribute that is not there", "one attribute twice",
        "one clause twice", "a number taken from", "one item twice", "no partition",
    ],
)  # fmt: skip
def test_what_dynamodb_refuses_or_the_table_does_not_know_is_no_silent_success(call):
    operation, given = call
    with pytest.raises(Unsupported):
        getattr(MemoryTable(), operation)(**given)
