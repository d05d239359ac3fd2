from collections.abc import Iterator

import httpx
import pytest

from tests.service.running import Running, running_service


@pytest.fixture(scope="session")
def service() -> Iterator[Running]:
    """One service for every test that leaves it as it was."""
    with running_service() as running:
        yield running


@pytest.fixture
def http(service: Running) -> Iterator[httpx.Client]:
    with service.http as client:
        yield client
