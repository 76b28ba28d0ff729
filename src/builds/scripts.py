"""Takes the commands of what is installed out of a package: `python -m builds.scripts FOLDER`.

Their first line is where Python is on the machine that builds. Each distribution lists them with
their hashes, so that two machines would give two packages; what is not there is not listed either.
"""

import shutil
import sys
from pathlib import Path

_COMMANDS = "../../bin/"  # as a RECORD names them, from where pip has put them


def main() -> None:
    """Take them out of the folder that is named."""
    folder = Path(sys.argv[1])
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for record in folder.glob("*.dist-info/RECORD"):
        lines = record.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(_COMMANDS)]
        record.write_text("".join(kept), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
