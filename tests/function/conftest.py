"""A throw-away SMN, and the function URL that it posts to."""

import pytest
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
