"""One Chromium for a module, and a demo of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import chromium
from tests.support.demo import Demo, demo


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Demo]:
    """The running demo on the first day of its story, 2021-07-28 at nine."""
    with demo(tmp_path / "demo") as running:
        yield running
