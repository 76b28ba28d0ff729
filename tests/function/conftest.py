"""A throw-away SMN, and the function URL that it posts to; and who listens to all that is said."""

import logging
from contextlib import ExitStack

import pytest
from overheard import FORMS, Told, keys_of_a_role, written_down
from smn_url import Url

from local.smn import Smn


@pytest.fixture(scope="module")
def serving(tmp_path_factory):
    with Smn(tmp_path_factory.mktemp("smn")) as serving:
        yield serving


@pytest.fixture
def smn(serving, monkeypatch):
    """It serves nothing odd, has been asked for nothing, and is found by the function."""
    for name, value in serving.environment.items():
        monkeypatch.setenv(name, value)
    serving.asked.clear()
    serving.odd.clear()
    return serving


@pytest.fixture
def url():
    return Url()


@pytest.fixture(scope="session")
def own_keys(aws):
    """The function's own credentials."""
    return keys_of_a_role(aws)


@pytest.fixture
def tell(parts, own_keys, monkeypatch, capsys):
    """Begins to listen to a function that has a secret of some form."""
    with ExitStack() as listening:

        def begin(form, level=logging.DEBUG):
            for name, value in own_keys.items():
                monkeypatch.setenv(name, value)
            secret = FORMS[form](parts.emulator.url)
            parts.put_secret(f"{parts.name}/credentials", **secret)
            written = listening.enter_context(written_down(level))
            return Told(parts, secret, own_keys, written, capsys.readouterr)

        yield begin
