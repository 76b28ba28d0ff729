"""What the function reads of botocore's models: the operations that it calls, and their shapes.

`make generated` writes them anew from the botocore that is installed, with its licence and notice.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, Final

from botocore.loaders import Loader

FOLDER: Final = Path(__file__).parents[2] / "src" / "handler" / "aws" / "models"
# What src/handler calls: one that is missing here is no method of its client.
OPERATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "dynamodb": ("BatchGetItem", "GetItem", "Query", "TransactWriteItems"),
    "lambda": ("Invoke",),
    "secretsmanager": ("GetSecretValue",),
    "sns": ("GetTopicAttributes", "Publish"),
    "sqs": ("SendMessage",),
    "ssm": ("GetParameters", "GetParametersByPath"),
    "stepfunctions": ("StartSyncExecution",),
}
_WORDS: Final = ("documentation", "documentationUrl")


def main() -> None:
    """Write them."""
    for name, text in files().items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        sys.stdout.write(f"{path}: {len(text)} bytes\n")


def files() -> dict[str, str]:
    """The text of each file, by its path below `FOLDER`, which is as in botocore."""
    loader = Loader()
    found = {"endpoints.json": _endpoints(loader.load_data("endpoints")), **_terms()}
    for service, operations in OPERATIONS.items():
        version = loader.determine_latest_version(service, "service-2")
        model = loader.load_service_model(service, "service-2")
        rules = loader.load_service_model(service, "endpoint-rule-set-1")
        found[f"{service}/{version}/service-2.json"] = _text(cut(model, operations))
        found[f"{service}/{version}/endpoint-rule-set-1.json"] = _text(_without_words(rules))
    return found


def _terms() -> dict[str, str]:
    """What botocore's licence wants beside what is taken: itself, notice, what was changed."""
    botocore = distribution("botocore")
    texts = {name: str(botocore.read_text(name)) for name in ("LICENSE.txt", "NOTICE")}
    texts["NOTICE"] += (
        f"\nCut from botocore {botocore.version}: {', '.join(OPERATIONS)}; no texts.\n"
    )
    return texts


def cut(model: Mapping[str, Any], operations: tuple[str, ...]) -> dict[str, Any]:
    """A service's model with these operations alone, and the shapes that they reach."""
    kept = {name: model["operations"][name] for name in operations}
    shapes = {name: model["shapes"][name] for name in sorted(_reached(kept, model["shapes"]))}
    rest = {name: model[name] for name in model if name not in ("operations", "shapes")}
    return _without_words({**rest, "operations": kept, "shapes": shapes})  # type: ignore[no-any-return]


def _endpoints(endpoints: Mapping[str, Any]) -> str:
    """All partitions and regions, but of these services alone."""
    partitions = [
        {
            **partition,
            "services": {
                name: one for name, one in partition["services"].items() if name in _PREFIXES
            },
        }
        for partition in endpoints["partitions"]
    ]
    return _text({**endpoints, "partitions": partitions})


# By the first word of their hosts, which differs from the service's name in one.
_PREFIXES: Final = {*OPERATIONS, "states"} - {"stepfunctions"}


def _reached(operations: Mapping[str, Any], shapes: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    left = set(_references(operations))
    while left:
        found |= left
        left = {name for one in left for name in _references(shapes[one])} - found
    return found


def _references(value: Any) -> Iterator[str]:
    """Names of shapes that stand anywhere in it."""
    if isinstance(value, dict):
        if isinstance(value.get("shape"), str):
            yield value["shape"]
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


def _without_words(value: Any) -> Any:
    """A member can be called `documentation`; then it is no text."""
    if isinstance(value, dict):
        return {
            name: _without_words(one)
            for name, one in value.items()
            if not (name in _WORDS and isinstance(one, str))
        }
    return [*map(_without_words, value)] if isinstance(value, list) else value


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True) + "\n"


if __name__ == "__main__":
    main()
