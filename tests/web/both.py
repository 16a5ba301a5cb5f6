"""One office for a module, on each kind of database: `opened = both.opened`."""

from collections.abc import Iterator

import pytest

from tests.support import databases
from tests.support.office import Office, open_office


@pytest.fixture(scope="module", params=databases.KINDS)
def opened(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """The office that `conftest.office` lends to each test."""
    with open_office(request.param, tmp_path_factory.mktemp("office")) as office:
        office.load_samples()
        yield office
