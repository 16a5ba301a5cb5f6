"""One office for all tests of a module: hostile requests must not leave a trace anyway."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.support.caller import Caller
from tests.support.office import Office, open_office


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office("sqlite", tmp_path_factory.mktemp("office")) as office:
        office.load_samples()
        yield office


@pytest.fixture
def office(opened: Office) -> Office:
    """The office, a while after the last test: nobody types too fast."""
    opened.clock.advance(timedelta(minutes=5))
    return opened


@pytest.fixture
def caller(office: Office) -> Caller:
    return Caller(office.callback, office.wecom.corp)
