import json
from collections.abc import Iterator

import httpx
import pytest

from assistant.accounts.rights import Role
from tests.service.chat_shops import chat_shops_of
from tests.service.console import Seller, signed_in
from tests.service.other_site import Site, serving
from tests.service.running import Running, running_service

TEST_WITHIN_S = 120

WITH_SATELLITES = {"SORI_WYOMING_PORT": "0", "SORI_WYOMING_NETWORKS": '["127.0.0.1/32"]'}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Starting a service has a limit of its own: the first start on a fresh clone trains and records."""
    for item in items:
        if item.path.parent.name == "service":
            item.add_marker(pytest.mark.timeout(TEST_WITHIN_S, func_only=True))


@pytest.fixture(scope="session")
def other_site() -> Iterator[Site]:
    """A site that has the player: the service lets it."""
    with serving("127.0.0.2") as site:
        yield site


@pytest.fixture(scope="session")
def stranger() -> Iterator[Site]:
    """A site that the service does not know."""
    with serving("127.0.0.3") as site:
        yield site


@pytest.fixture(scope="session")
def service(other_site: Site) -> Iterator[Running]:
    """One service for every test that leaves it as it was; nothing that they do is a mistake of ours in its log."""
    embedding = {"SORI_EMBED_ORIGINS": json.dumps([other_site.origin])}
    with running_service(environment=WITH_SATELLITES | embedding) as running:
        yield running
        log = "".join(running.said)
    assert "Traceback" not in log, log


@pytest.fixture
def http(service: Running) -> Iterator[httpx.Client]:
    with service.http as client:
        yield client


@pytest.fixture(scope="session")
def chat_shops(service: Running, other_site: Site) -> Iterator[None]:
    """The shops `OPEN` and `CLOSED`."""
    with chat_shops_of(service, other_site.origin):
        yield


@pytest.fixture(scope="module")
def owner(service: Running) -> Iterator[Seller]:
    """The owner of a demo shop, signed in at its console."""
    with signed_in(service, Role.OWNER) as seller:
        yield seller


@pytest.fixture(scope="module")
def viewer(service: Running) -> Iterator[Seller]:
    """Somebody who may only look at that shop's console."""
    with signed_in(service, Role.VIEWER) as seller:
        yield seller
