"""The Chromium that is installed, without a window, for whatever people see in a browser."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


def _installed() -> str:
    """Where it is; without one these tests are skipped, but never in CI."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    if os.environ.get("CI"):
        pytest.fail(f"None of {', '.join(NAMES)} is installed: pages cannot be tested.")
    pytest.skip(f"none of {', '.join(NAMES)} is installed")


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, closed at the end; it cannot sandbox itself where it runs as root."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=_installed(), args=["--no-sandbox"] if os.getuid() == 0 else []
        )
        yield chromium
        chromium.close()
