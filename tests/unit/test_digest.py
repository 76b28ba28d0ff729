"""The digest of a package: two that differ never have the same one, or there is none."""

import os
import warnings
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

from builds.digest import Undigestible, digest, main

FILES = {"handler/a.py": b"A", "handler/b.py": b"GATES"}
LINK = 0o120777 << 16  # a zip's note that an entry is a link


def zipped(path: Path, *entries):
    with warnings.catch_warnings(), ZipFile(path, "w") as packed:
        warnings.simplefilter("ignore")  # of a name that is there already
        for name, content in entries:
            packed.writestr(name, content)
    return path


def unpacked(folder: Path):
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def linked(mode):
    entry = ZipInfo("handler/a.py")
    entry.external_attr = mode
    return entry


def test_a_folder_and_its_zip_have_the_same_whatever_the_order(tmp_path):
    packed = zipped(tmp_path / "p.zip", *reversed(FILES.items()))
    assert digest(packed) == digest(unpacked(tmp_path / "p"))


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\x1bb", "a\u2028b", "a\\b"], ids=ascii)
def test_a_name_that_could_be_read_as_another_line_is_refused(tmp_path, name):
    with pytest.raises(Undigestible, match="name"):
        digest(zipped(tmp_path / "p.zip", (name, b"")))


@pytest.mark.parametrize("name", [b"a\nb", b"a\xff"], ids=ascii)
def test_so_it_is_in_a_folder(tmp_path, name):
    (tmp_path / os.fsdecode(name)).write_bytes(b"")
    with pytest.raises(Undigestible, match="name"):
        digest(tmp_path)


def test_a_name_that_goes_on_behind_its_end_is_refused(tmp_path):
    packed = zipped(tmp_path / "p.zip", ("handler/a.py?x", b"A"))
    packed.write_bytes(packed.read_bytes().replace(b"?", b"\0"))
    with pytest.raises(Undigestible, match="name"):
        digest(packed)


def test_a_zip_with_two_files_of_one_name_is_refused(tmp_path):
    packed = zipped(tmp_path / "p.zip", ("handler/b.py", b"EVIL"), *FILES.items())
    with pytest.raises(Undigestible, match=r"handler/b\.py.*twice"):
        digest(packed)


@pytest.mark.parametrize("target", ["handler", "handler/b.py", "nowhere"])
def test_a_folder_with_a_link_is_refused(tmp_path, target):
    (unpacked(tmp_path) / "link").symlink_to(target)
    with pytest.raises(Undigestible, match=r"link.*no plain file"):
        digest(tmp_path)


def test_a_folder_with_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Undigestible, match=r"pipe.*no plain file"):
        digest(tmp_path)


def test_a_zip_with_a_link_is_refused(tmp_path):
    with pytest.raises(Undigestible, match=r"a\.py.*no plain file"):
        digest(zipped(tmp_path / "p.zip", (linked(LINK), b"handler/b.py")))


def test_the_program_says_which_package_has_none_and_why(tmp_path, monkeypatch):
    packed = zipped(tmp_path / "p.zip", ("a\nb", b""))
    monkeypatch.setattr("sys.argv", ["digest", str(packed)])
    with pytest.raises(SystemExit, match=r"p\.zip.*'a\\nb'"):
        main()
