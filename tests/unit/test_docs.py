"""The documents are a promise: what users can name is in them, and what they name is there."""

import ast
import json
import re
import tomllib

import pytest
from places import ROOT
from template import EVERYWHERE

from handler import errors
from handler.aws.table import CALL_TAKES_S
from handler.aws.topic import PUBLISHING_TAKES_S
from handler.dws import answers
from handler.gates.assess import NAMES, NEVER_OVERRIDABLE
from handler.gates.eligibility import CLOSED_STATES
from handler.model.incident import Ending
from handler.model.pair import Pair
from handler.model.result import Decision, Result
from handler.model.run import EXECUTED_LATE, TRANSITIONS, RunEvent, RunState
from handler.notifications.headline import severity
from handler.notifications.phrases import (
    HEADLINES,
    NOT_FAILED_OVER,
    NOT_ORDERED,
    OBSERVED_NOW,
    UNREADABLE,
    WAITING_UNTIL,
)
from handler.smn.ingress import Fate

SOURCE = ROOT / "src" / "handler"
DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.glob("*.md")]
TEMPLATE = (ROOT / "template.yaml").read_text() + (ROOT / "smn/template.yaml").read_text()
README = (ROOT / "README.md").read_text()
REFERENCE = (DOCS / "reference.md").read_text()
RUNBOOK = (DOCS / "runbook.md").read_text()
ARCHITECTURE = (DOCS / "architecture.md").read_text()
SCHEMA = json.loads((SOURCE / "model/schemas/pair.json").read_text())
ALLOWED_CODES = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def section(name):
    return re.search(rf"^{name}:\n((?:[ #].*\n|\n)*)", TEMPLATE, re.MULTILINE).group(1)


def keys(text):
    return re.findall(r"^  (\w+):", text, re.MULTILINE)


def below(heading, page=REFERENCE):
    """The part of a page under a heading of the second level."""
    return re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL).group(1)


def table_rows(text):
    """The cells of each row, but for headings and their rules."""
    rows = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in row] for row in rows]


def names_in(cell):
    return re.findall(r"`([^`]+)`", cell)


# What users can name

ERRORS = [one.__name__ for one in errors.FailoverError.__subclasses__()]


@pytest.mark.parametrize(
    "name",
    [
        *keys(section("Parameters")),
        *keys(section("Outputs")),
        *re.findall(r"^          ([A-Z_]+):", TEMPLATE, re.MULTILINE),
        *ERRORS,
        *NAMES,
        *(decision.value for decision in Decision),
        *(path.name for path in (ROOT / "events").glob("*.json")),
        *SCHEMA["properties"],
        *Result.__dataclass_fields__,
    ],
)
def test_the_reference_names(name):
    assert f"`{name}`" in REFERENCE


def test_the_readme_is_short_enough_to_be_read():
    assert len(README.splitlines()) < 250


def test_what_the_readme_says_that_people_read_is_what_they_read():
    table = re.search(r"^\| you read .*?\n\n", README, re.MULTILINE | re.DOTALL).group(0)
    read = [line.strip("| ").split(" | ")[0] for line in table.splitlines()[2:] if line]
    said = [*HEADLINES.values(), OBSERVED_NOW, WAITING_UNTIL, NOT_FAILED_OVER, NOT_ORDERED]
    assert [one for one in read if not any(line.startswith(one) for line in said)] == []


DOWN = ("function/test_service_down.py", "deployed/test_service_off.py")


def test_each_service_that_may_be_down_is_a_class_of_tests_and_the_other_way_round():
    rows = re.findall(
        r"^\| \*\*(.+?)\*\*", below("When a service of AWS is down", README), re.MULTILINE
    )
    trees = [ast.parse((ROOT / "tests" / path).read_text()) for path in DOWN]
    classes = [one for tree in trees for one in tree.body if isinstance(one, ast.ClassDef)]
    tested = {one.name for one in classes if name_of_first_test(one)}
    assert {f"Test{row.replace(' ', '')}" for row in rows} == tested
    assert len(rows) == len(set(rows))


def name_of_first_test(node):
    functions = (one.name for one in node.body if isinstance(one, ast.FunctionDef))
    return next((name for name in functions if name.startswith("test_")), None)


@pytest.mark.parametrize("name", ["DisasterRecoveryId", "MaxDataLossSeconds", "DwsEndpoint"])
def test_the_readme_names_what_a_deployment_must_be_given(name):
    assert f"`{name}`" in README


def part(heading):
    """The part of the reference under a heading of the third level."""
    return re.search(rf"^### {heading}\n(.*?)(?=^##|\Z)", REFERENCE, re.MULTILINE | re.DOTALL)[1]


def names_of_spans():
    source = (SOURCE / "failover/spans.py").read_text()
    since = re.findall(r'"(\w+)": run\.', source)
    until = re.findall(r'_spans\(run, "(\w+)"', source)
    return {f"{one}To{other}" for one in since for other in until}


def test_the_metrics_are_those_of_the_code():
    source = "\n".join(path.read_text() for path in SOURCE.rglob("*.py"))
    named = set(re.findall(r'add_metric\(\s*name="(\w+)"', source))
    of_pairs = (SOURCE / "commands/reconcile/measured.py").read_text()
    named |= set(re.findall(r'"([A-Z]\w+)":', of_pairs)) | names_of_spans()
    named |= set(re.findall(r'put\("gate", \w+, \{"(\w+)"', source))
    rows = table_rows(part("Metrics"))
    tabled = {name for row in rows for name in names_in(row[0]) if "<" not in name}
    assert tabled == named | set(ERRORS)
    fates = {f"Smn{fate.value.capitalize()}" for fate in Fate}
    assert set(names_in(rows[-1][2])) == fates


def test_the_alarms_are_those_of_the_templates():
    assert table_rows(part("Alarms")) == [as_row(one) for one in OWN_ALARMS]


OWN_ALARMS = [
    one["Properties"] for one in EVERYWHERE.values() if one["Type"] == "AWS::CloudWatch::Alarm"
]
SIGNS = {"GreaterThanThreshold": ">", "LessThanThreshold": "<"}


def as_row(alarm):
    name = alarm["AlarmName"]["Sub"].rpartition("/")[2]
    count = alarm["EvaluationPeriods"]
    when = (
        f"{alarm['Statistic']} {SIGNS[alarm['ComparisonOperator']]} {alarm['Threshold']},"
        f" {alarm.get('DatapointsToAlarm', count)} of {count} periods of {alarm['Period'] // 60} min"
    )
    missing = ", or missing" if alarm["TreatMissingData"] == "breaching" else ""
    metric = f"`{alarm['MetricName']}` of `{alarm['Namespace']}`"
    return [f"`/<stack>/{name}`", metric, f"{when}{missing}"]


def test_an_alarm_on_a_metric_of_ours_is_on_one_that_there_is():
    tabled = {name for row in table_rows(part("Metrics")) for name in names_in(row[0])}
    fates = {f"Smn{fate.value.capitalize()}" for fate in Fate}
    own = {one["MetricName"] for one in OWN_ALARMS if one["Namespace"] == "DwsFailover"}
    assert own <= tabled | fates


def logged():
    """What the function logs: each message with the keys that stand beside it."""
    source = [path for path in SOURCE.rglob("*.py") if "smn" not in path.parts]
    calls = [
        node
        for path in source
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and (name_of(node.func) in ("append_context_keys", "level", *LEVELS))
    ]
    keys = {one.arg for call in calls for one in call.keywords if one.arg}
    said = [call.args[0] for call in calls if call.args]
    return {one.value for one in said if isinstance(one, ast.Constant)}, keys


LEVELS = ("debug", "info", "warning", "error", "exception")
OF_TROUBLE = {
    "damaged",
    "item",
    "message_id",
    "function_name",
    "queue_url",
}  # of an error's own kind


def test_the_keys_of_the_logs_are_those_of_the_table():
    tables = part("Logs").split("| message | when |")
    tabled = {name for row in table_rows(tables[0]) for name in names_in(row[0])}
    _, keys = logged()
    assert keys - tabled <= OF_TROUBLE
    by_powertools = {"level", "message", "timestamp", "service", "function_request_id"}
    by_story = {"correlation_id", "incident_id", "run_id"}
    assert tabled - by_powertools - by_story <= keys


def test_the_stages_of_the_table_are_logged():
    stages = {
        name for row in table_rows(part("Logs").split("| message | when |")[1])
        for name in names_in(row[0])
    }  # fmt: skip
    messages, _ = logged()
    assert stages <= messages


def test_how_long_a_call_may_take_is_what_the_code_adds_up():
    patience = REFERENCE[REFERENCE.index("### Patience") :]
    rows = re.findall(r"^\| (\w+).* \| (\d+) s \|$", patience, re.MULTILINE)
    told = {service: int(seconds) for service, seconds in rows}
    assert told["DynamoDB"] == CALL_TAKES_S
    assert told["SNS"] == PUBLISHING_TAKES_S


def test_the_closed_states_in_the_table_are_those_of_the_gate():
    (row,) = (row for row in table_rows(below("Gates")) if row[0] == "`pair_state`")
    assert set(names_in(row[2])) == CLOSED_STATES


def test_the_glossary_is_in_order_and_says_each_word_once():
    words = re.findall(r"^\| (\S[^|]*?) \|", (DOCS / "glossary.md").read_text(), re.MULTILINE)[1:]
    assert words == sorted(set(words), key=str.lower)


def test_the_gates_that_can_be_overridden_are_those_of_the_command():
    schema = json.loads((SOURCE / "model/schemas/command.json").read_text())
    allowed = schema["properties"]["override"]["items"]["enum"]
    # To acknowledge against what the provider shows is the one override of roles.
    assert set(allowed) == set(NAMES) - NEVER_OVERRIDABLE | {"roles"}


def test_the_gates_that_nobody_overrides_are_those_of_the_table():
    rows = {names_in(row[0])[0]: row[2] for row in table_rows(below("Gates"))}
    assert set(rows) == set(NAMES)
    assert {name for name, who in rows.items() if who == "no"} == NEVER_OVERRIDABLE


@pytest.mark.parametrize("state", TRANSITIONS)
def test_the_table_of_a_run_is_the_one_in_the_code(state):
    rows = [map(names_in, row[:2]) for row in table_rows(below("A run"))]
    told = {after for before, afters in rows if state in before for after in afters}
    assert told == set(TRANSITIONS[state].values())


def test_the_ends_of_an_incident_are_those_of_the_code():
    assert {names_in(row[0])[0] for row in table_rows(below("An incident"))} == set(Ending)


def test_the_defaults_of_a_pair_are_those_of_its_schema():
    for name, field in Pair.__dataclass_fields__.items():
        described = SCHEMA["properties"].get(name, {})
        if "default" in described and isinstance(described["default"], str | int):
            assert field.default == described["default"]


def test_the_defaults_and_bounds_in_the_table_are_those_of_the_schema():
    rows = {names_in(row[0])[0]: row[1] for row in table_rows(below("Pairs"))}
    for name, described in SCHEMA["properties"].items():
        if "default" in described and "minimum" in described:
            bounds = f"({described['minimum']}–{described['maximum']})"
            assert rows[name] == f"{described['default']} {bounds}"


# Reason codes: collected from the source, so that a new one fails here until it is in the table

MAKERS = {"Result", "Reason", "Finding", "Answer", "answer_of"}
CODE_NAMES = {"code", "reason_code"}


def name_of(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def words(node):
    """The words that an expression can be: `"a"`, `"a" if … else "b"`, `f"http_{status}"`."""
    if isinstance(node, ast.IfExp):
        return words(node.body) | words(node.orelse)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        found = node.values[0].value
        return {f"{found}<status>"} if found == "http_" else set()
    is_word = isinstance(node, ast.Constant) and ALLOWED_CODES.fullmatch(str(node.value))
    return {node.value} if is_word and isinstance(node.value, str) else set()


def is_sentence(node):
    """Whether this can be the sentence beside a code."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and " " in node.value
    is_made = isinstance(node, ast.JoinedStr | ast.Call | ast.BinOp)
    return is_made or name_of(node) in ("why", "sentence", "line")


def codes_of_call(node):
    given = [words(argument) for argument in node.args[:3]] if name_of(node.func) in MAKERS else []
    named = [words(one.value) for one in node.keywords if one.arg in CODE_NAMES]
    return next(filter(None, given), set()).union(*named)


def codes_of_tuple(node):
    """`"code", sentence`, with or without the decision before it."""
    first, *rest = node.elts or [None]
    if rest and name_of(getattr(first, "value", None)) == "Decision":
        first, *rest = rest
    return words(first) if rest and is_sentence(rest[0]) else set()


def codes_of_assignment(node):
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        target, value = target.elts[0], value.elts[0]
    elif isinstance(target, ast.Tuple):
        target = target.elts[0]
    return words(value) if name_of(target) in CODE_NAMES else set()


def codes_in(node):
    match node:
        case ast.Call():
            return codes_of_call(node)
        case ast.Tuple():
            return codes_of_tuple(node)
        case ast.Assign():
            return codes_of_assignment(node)
        case ast.Compare() if name_of(node.left) in CODE_NAMES:
            return set().union(*map(words, node.comparators))
    return set()


def codes_of_the_source():
    trees = [ast.parse(path.read_text()) for path in SOURCE.rglob("*.py")]
    return set().union(*(codes_in(node) for tree in trees for node in ast.walk(tree)))


# What an answer became has a code of its own; what a brake is set to is its own code.
NEVER_A_CODE = {RunEvent.REJECTED, RunEvent.DOUBTFUL}
CODES = {
    *codes_of_the_source(),
    *NAMES,
    *(set(RunEvent) - NEVER_A_CODE),
    *RunState,
    *Ending,
    *(set(HEADLINES) - set(Decision)),
    *(f"provider_{code}" for code in UNREADABLE),
    *(Decision.PAUSED, Decision.RESUMED),
    EXECUTED_LATE,
}
TABLED = [(code, row) for row in table_rows(below("Reason codes")) for code in names_in(row[0])]
OF_THE_PROVIDER = {"DWS.…", "APIG.…", "APIGW.…"}


def test_every_reason_code_is_in_the_table_and_no_other():
    assert {code for code, _ in TABLED} - OF_THE_PROVIDER == set(map(str, CODES))


def test_the_collector_sees_each_way_to_write_a_code():
    source = """
Result(Decision.BLOCKED, "by_position", why)
Result(Decision.BLOCKED, reason_code="by_keyword")
Reason("of_a_reason", why)
why = "of_a_pair", f"the sentence {one}"
why = (Decision.BLOCKED, "of_three", str(err))
code, step = "of_an_assignment", "a step"
code = "one_way" if yes else "the_other"
reason_code == "compared"
"""
    seen = set().union(*(codes_in(node) for node in ast.walk(ast.parse(source))))
    assert seen == {
        "by_position", "by_keyword", "of_a_reason", "of_a_pair", "of_three",
        "of_an_assignment", "one_way", "the_other", "compared",
    }  # fmt: skip


# The runbook: whatever somebody reads has one section, and that ends in something to do

SECTIONS = re.findall(r"^#{2,3} ([^\n]*)\n(.*?)(?=^#{2,3} |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL)
ABOUT_CODES = [one for one in SECTIONS if names_in(one[0])]
EXPLAINED = [code for heading, _ in ABOUT_CODES for code in names_in(heading)]
ALARM_NAMES = re.findall(r"AlarmName: !Sub /\S+}/([a-z-]+)", TEMPLATE)
REJECTING = {one.replace("APIGW.", "APIG.") for one in answers._REFUSED_CODES}
# What the gateway answers besides, to reads or as what nobody knows (its table of errors).
OF_THE_GATEWAY = {f"APIG.{one}" for one in ("0101", "0201", "0202", "0203", "0601", "0613")}
OF_THE_MACHINES = {"NotForViewers"}
NEEDS_A_SECTION = {
    *(code for code in CODES if not code.startswith("_")), *HEADLINES, *Decision, *ALARM_NAMES, *ERRORS,
    *REJECTING, *OF_THE_GATEWAY, *OF_THE_MACHINES, "fleet",
}  # fmt: skip


def test_the_runbook_explains_each_code_alarm_and_error_once_and_nothing_else():
    assert set(EXPLAINED) == {str(one) for one in NEEDS_A_SECTION}
    assert len(EXPLAINED) == len(set(EXPLAINED))


@pytest.mark.parametrize(("heading", "text"), ABOUT_CODES, ids=[one for one, _ in ABOUT_CODES])
def test_a_section_about_a_code_ends_with_what_to_do(heading, text):
    *said, last = text.strip().splitlines()
    assert said, heading
    assert last == "```" or re.fullmatch(r"(Run|Console): .*`[^`]+`.*", last)


NEVER_TOLD = {Decision.STATUS, Decision.DUPLICATE}


@pytest.mark.parametrize("row", table_rows(below("Reason codes")), ids=lambda row: row[0])
def test_who_hears_of_a_reason_is_told_as_urgently_as_the_table_says(row):
    codes, decisions = (names_in(cell) for cell in row[:2])
    who = row[3].removesuffix(" |").strip()
    assert who == "caller" or who.startswith("notice: ")
    if who == "caller":
        assert not set(codes) & (set(HEADLINES) - set(Decision))
        return
    told = {one for one in map(Decision, decisions) if one not in NEVER_TOLD}
    assert told
    found = {severity(Result(decision, code, "")) for decision in told for code in codes}
    assert set(who.removeprefix("notice: ").split(", ")) == found


# The house

ROOMS = re.compile(r"^    (\w+)\[", re.MULTILINE)


def layers_of_the_picture():
    picture = re.search(r"```mermaid\n(.*?)```", ARCHITECTURE, re.DOTALL).group(1)
    layers = re.split(r"^  end\n", picture, flags=re.MULTILINE)
    return [set(ROOMS.findall(layer)) for layer in layers[:-1]]


def test_the_picture_has_the_layers_of_the_contract():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (layers,) = (
        one["layers"] for one in settings["contracts"] if one.get("containers") == ["handler"]
    )
    assert layers_of_the_picture() == [set(layer.split(" | ")) for layer in layers]


def test_the_picture_has_the_rooms_that_there_are():
    there = {
        path.stem
        for path in SOURCE.iterdir()
        if not path.name.startswith("_") and (path.suffix == ".py" or path.is_dir())
    }
    assert set().union(*layers_of_the_picture()) == there


# What the pages name is there


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", page.read_text())
    targets = [(page.parent / link if link else page, anchor) for link, anchor in links]
    assert [str(target) for target, _ in targets if not target.exists()] == []
    anchored = [(target, anchor) for target, anchor in targets if anchor]
    assert [one for one in anchored if one[1] not in anchors_of(one[0])] == []


def anchors_of(page):
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    plain = [re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings]
    return {re.sub(r"\s", "-", heading) for heading in plain}


TESTS = [*(ROOT / "tests").rglob("*.py")]  # two rooms have files of one name
ALL_TESTS = "\n".join(path.read_text() for path in TESTS)
DEFINED = set(re.findall(r"^\s*def (test_\w+)", ALL_TESTS, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_tests_that_a_page_names_exist(page):
    text = page.read_text()
    files = set(re.findall(r"\b(test_\w+\.py)\b", text))
    assert files - {path.name for path in TESTS} == set()
    commands = json.loads((SOURCE / "model/schemas/command.json").read_text())
    named = set(re.findall(r"`(test_\w+)`", text))
    assert named - DEFINED - set(commands["properties"]["command"]["enum"]) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_targets_of_make_that_a_page_names_exist(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(), re.MULTILINE))
    assert named - targets == set()


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.stem)
def test_comments_cite_headings_that_exist(path):
    cited = re.findall(r'docs/(\w+\.md), "([^"]+)"', path.read_text())
    assert "§" not in path.read_text()
    for page, heading in cited:
        assert re.search(rf"^#+ {re.escape(heading)}$", (DOCS / page).read_text(), re.MULTILINE)


def test_decisions_are_numbered_in_order():
    numbers = re.findall(r"^### (\d+)\. ", (DOCS / "decisions.md").read_text(), re.MULTILINE)
    assert [*map(int, numbers)] == [*range(1, len(numbers) + 1)]
