"""What a package comes to in one line: `python -m builds.digest FOLDER_OR_ZIP ...`.

It is of names and bytes, and knows no time, owner or order: a folder that was built, the zip that
was uploaded and the one that AWS gives back have the same. By hand, in a folder:

    find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
"""

import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile, is_zipfile


def digest(package: Path) -> str:
    """The digest of a folder, or of what a zip file holds."""
    found = _in_zip(package) if is_zipfile(package) else _in_folder(package)
    lines = [f"{found[name]}  ./{name}\n".encode() for name in sorted(found, key=str.encode)]
    return sha256(b"".join(lines)).hexdigest()


def _in_folder(folder: Path) -> Mapping[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _of(path.read_bytes()) for path in files}


def _in_zip(package: Path) -> Mapping[str, str]:
    with ZipFile(package) as packed:
        files = [one for one in packed.infolist() if not one.is_dir()]
        return {one.filename: _of(packed.read(one)) for one in files}


def _of(content: bytes) -> str:
    return sha256(content).hexdigest()


def main() -> None:
    """Print a line for each package that is named."""
    packages = [Path(name) for name in sys.argv[1:]]
    if missing := [str(path) for path in packages if not path.exists()]:
        sys.exit(f"There is no {', no '.join(missing)}: sam build makes them.")
    for package in packages:
        sys.stdout.write(f"{digest(package)}  {package}\n")


if __name__ == "__main__":
    main()
