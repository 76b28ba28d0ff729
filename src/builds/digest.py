"""What a package comes to in one line: `python -m builds.digest FOLDER_OR_ZIP ...`.

It is of names and bytes, and knows no time, owner or order: a folder that was built, the zip that
was uploaded and the one that AWS gives back have the same. By hand, in a folder:

    find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum

So that no two packages have the same, one with a link, with a name twice, or with a name that could
be read as another line has none. What sam build makes has nothing of the kind.
"""

import stat
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile, ZipInfo, is_zipfile


class Undigestible(Exception):
    """A package holds what its digest could not tell from something else."""


def digest(package: Path) -> str:
    """The digest of a folder, or of what a zip file holds.

    Raises:
        Undigestible: it has none.
    """
    found: dict[str, str] = {}
    for name, content in _in_zip(package) if is_zipfile(package) else _in_folder(package):
        if not name.isprintable() or "\\" in name:
            raise Undigestible(f"{name!r} is no name that stands on a line as it is")
        if name in found:
            raise Undigestible(f"{name!r} is there twice")
        found[name] = sha256(content).hexdigest()
    lines = [f"{found[name]}  ./{name}\n".encode() for name in sorted(found, key=str.encode)]
    return sha256(b"".join(lines)).hexdigest()


def _in_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise Undigestible(f"{name!r} is no plain file")
        if path.is_file():
            yield name, path.read_bytes()


def _in_zip(package: Path) -> Iterator[tuple[str, bytes]]:
    with ZipFile(package) as packed:
        for one in packed.infolist():
            if _is_special(one):
                raise Undigestible(f"{one.filename!r} is no plain file")
            if not one.is_dir():
                yield one.orig_filename, packed.read(one)


def _is_special(one: ZipInfo) -> bool:
    """Whether a zip notes that an entry is a link or a device; some note nothing."""
    kind = stat.S_IFMT(one.external_attr >> 16)
    return kind not in (0, stat.S_IFREG, stat.S_IFDIR)


def main() -> None:
    """Print a line for each package that is named."""
    packages = [Path(name) for name in sys.argv[1:]]
    if missing := [str(path) for path in packages if not path.exists()]:
        sys.exit(f"There is no {', no '.join(missing)}: sam build makes them.")
    for package in packages:
        try:
            sys.stdout.write(f"{digest(package)}  {package}\n")
        except Undigestible as err:
            sys.exit(f"{package} has no digest: {err}.")


if __name__ == "__main__":
    main()
