"""Whether what `sam build` made is for the runtime and architecture that `sam deploy` deploys.

SAM does not compare them. What is compiled would fail when the first message of SMN is verified.
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

# What a build records of a function or a layer, and the parameter of the deployment.
PARAMETERS = {
    "runtime": "PythonRuntime",
    "compatible_runtimes": "PythonRuntime",
    "architecture": "Architecture",
}


_DEFAULT = "default"  # SAM's, which a configuration need not have


def main() -> None:
    """Compare, say what differs, and end accordingly."""
    options = _options()
    missing = [*_missing(options)]
    if missing:
        sys.exit("\n".join(missing))
    config = tomllib.loads(options.config_file.read_text())
    if options.config_env not in (_DEFAULT, *config):
        known = ", ".join(name for name, one in config.items() if isinstance(one, dict))
        sys.exit(f"{options.config_file}: found no [{options.config_env}], allowed: {known}")
    given = overrides(config.get(options.config_env, {}))
    found = list(differences(options.build_folder, given))
    print("\n".join(found) or "What is built is what would be deployed.")
    sys.exit(bool(found))


def _missing(options: argparse.Namespace) -> Iterator[str]:
    """A sentence for each file that is not there: what SAM deploys without them cannot start."""
    if not options.config_file.is_file():
        yield f"{options.config_file}: there is no such file"
    for name in ("build/template.yaml", "build.toml"):
        if not (options.build_folder / name).is_file():
            yield f"{options.build_folder / name} is missing: nothing is built; do not deploy"


def differences(build: Path, given: Mapping[str, str]) -> list[str]:
    """A line for each package that was built for something else than is deployed."""
    template = (build / "build" / "template.yaml").read_text()
    wanted = {name: given.get(name, default(template, name)) for name in PARAMETERS.values()}
    recorded = tomllib.loads((build / "build.toml").read_text())
    built = [one for definitions in recorded.values() for one in definitions.values()]
    return [
        f"{package_of(one)}: built for {_text(one[kind])}, but {name} is {wanted[name]}:"
        " build again"
        for one in built
        for kind, name in PARAMETERS.items()
        if kind in one and _text(one[kind]) != wanted[name]
    ]


def _text(recorded: str | list[str]) -> str:
    """What a build was made for: one thing, or one in a list."""
    return recorded if isinstance(recorded, str) else ", ".join(recorded)


def package_of(built: Mapping[str, Any]) -> str:
    """Which functions, or which layer, a build is for."""
    return ", ".join(built.get("functions", [])) or str(built.get("layer_name", built.get("layer")))


def overrides(environment: Mapping[str, Any]) -> dict[str, str]:
    """The parameters that an environment of a SAM configuration deploys with.

    What stands under `deploy` replaces what stands under `global`, as in SAM.
    """
    sections = (environment.get(name, {}).get("parameters", {}) for name in ("deploy", "global"))
    given = next(
        (one["parameter_overrides"] for one in sections if "parameter_overrides" in one), ()
    )
    text = given if isinstance(given, str) else " ".join(given)
    found = re.findall(r"(?:^|\s)(\w+)=(\"[^\"]*\"|'[^']*'|\S*)", text)
    return {name: value.strip("\"'") for name, value in found}


def default(template: str, parameter: str) -> str:
    """The default of a parameter in a template that SAM has written."""
    found = re.search(rf"^  {parameter}:\n(?:    .*\n)*?    Default: (\S+)", template, re.MULTILINE)
    return found.group(1) if found else ""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.built", description=__doc__)
    parser.add_argument("--config-file", type=Path, default=Path("samconfig.local.toml"))
    parser.add_argument("--config-env", default=_DEFAULT)
    parser.add_argument("--build-folder", type=Path, default=Path(".aws-sam"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
