"""The definitions of the state machines as they are deployed, and what of the language they use.

A field that is not listed here is refused by the interpreter, so that nothing is silently passed
over.
"""

import json

from places import ROOT

EVERYWHERE = {"Type", "Comment", "QueryLanguage", "Next", "End"}
FIELDS = {
    ("Pass", "JSONata"): {"Assign", "Output"},
    ("Task", "JSONata"): {
        "Resource", "Arguments", "TimeoutSeconds", "Assign", "Output", "Retry", "Catch",
    },
    ("Choice", "JSONata"): {"Choices", "Default"},
    ("Wait", "JSONata"): {"Seconds", "Assign"},
    ("Fail", "JSONata"): {"Error", "Cause"},
    ("Succeed", "JSONata"): set(),
    ("Succeed", "JSONPath"): set(),
    ("Map", "JSONPath"): {"ItemsPath", "MaxConcurrencyPath", "ItemSelector", "ItemProcessor"},
}  # fmt: skip
PARTS = {
    "Choices": {"Comment", "Condition", "Next"},
    "Retry": {
        "ErrorEquals", "IntervalSeconds", "BackoffRate", "MaxAttempts", "MaxDelaySeconds",
        "JitterStrategy",
    },
    "Catch": {"ErrorEquals", "Assign", "Output", "Next"},
}  # fmt: skip
MACHINE = {"Comment", "QueryLanguage", "TimeoutSeconds", "StartAt", "States"}
PROCESSOR = {"ProcessorConfig", "StartAt", "States"}


class Unsupported(Exception):
    """A definition uses what the interpreter does not know."""


def definition(name, **values):
    """A definition with its placeholders filled."""
    text = (ROOT / "statemachine" / f"{name}.asl.json").read_text()
    for placeholder, value in values.items():
        text = text.replace(f"${{{placeholder}}}", value)
    return json.loads(text)


def check_definition(machine):
    _check(machine, MACHINE, "the machine")
    _check_states(machine["States"], machine.get("QueryLanguage", "JSONPath"))


def _check_states(states, default, not_here=frozenset()):
    for name, state in states.items():
        kind = state["Type"], state.get("QueryLanguage", default)
        if kind not in FIELDS:
            raise Unsupported(f"{name}: {kind}")
        _check(state, (EVERYWHERE | FIELDS[kind]) - not_here, name)
        for field, known in PARTS.items():
            for part in state.get(field, ()):
                _check(part, known - not_here, f"{name}.{field}")
        if inner := state.get("ItemProcessor"):
            _check(inner, PROCESSOR, name)
            _check(inner["ProcessorConfig"], {"Mode"}, name)
            _check_states(inner["States"], default, not_here={"Assign"})


def _check(given, known, where):
    if unknown := given.keys() - known:
        raise Unsupported(f"{where}: {', '.join(sorted(unknown))}")
