"""The checks of the published JSON Schemas as code: to generate it takes longer than the checking.

`make generated` writes them anew from `schemas/`.
"""

import json
import sys
from pathlib import Path
from typing import Final

import fastjsonschema

from handler.model.hosts import FORMATS

MODEL: Final = Path(__file__).parents[2] / "src" / "handler" / "model"
FOLDER: Final = MODEL / "validators"
_DOC: Final = '"""Written by `make generated` from the schema of this name."""\n\n'


def main() -> None:
    """Write them."""
    for name, text in files().items():
        (FOLDER / name).write_text(text)
        sys.stdout.write(f"{FOLDER / name}: {len(text)} bytes\n")


def files() -> dict[str, str]:
    """The text of each module, by its file's name."""
    return {
        f"{schema.stem.replace('-', '_')}.py": _DOC + _code(schema)
        for schema in sorted((MODEL / "schemas").glob("*.json"))
    }


def _code(schema: Path) -> str:
    code: str = fastjsonschema.compile_to_code(
        json.loads(schema.read_text()), formats=FORMATS, use_default=True
    )
    return code.rstrip() + "\n"


if __name__ == "__main__":
    main()
