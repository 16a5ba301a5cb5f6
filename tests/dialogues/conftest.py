"""The office in which dialogues take place: once on SQLite, once on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.office import STRANGER, Desk, Office, open_office


@pytest.fixture
def office(office: Office) -> Office:
    """The office with the 2021 plan, the sample roster and the sample assignments, at work."""
    office.act()
    return office


@pytest.fixture
def linxian(office: Office) -> Desk:
    """The contact of 临县."""
    return office.person("linxian")


@pytest.fixture
def fangshan(office: Office) -> Desk:
    """The contact of 方山县."""
    return office.person("fangshan")


@pytest.fixture
def desk(office: Office) -> Desk:
    """Somebody of the office (双拥办)."""
    return office.person("bangongshi")


@pytest.fixture
def leader(office: Office) -> Desk:
    """A leader, who reads."""
    return office.person("lingdao")


@pytest.fixture
def stranger(office: Office) -> Desk:
    """Somebody whom the roster does not name."""
    return office.person(STRANGER)


@pytest.fixture
def empty_office(tmp_path: Path) -> Iterator[Office]:
    """The office with plan and roster, but without any assignment."""
    with open_office("sqlite", tmp_path) as opened:
        opened.load_samples(assignments=False)
        yield opened
