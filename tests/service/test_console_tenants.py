"""Every shop sees only its own: a walk over every route of the console and of the HTTP interface."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sanic import Sanic
from sqlalchemy import MetaData, Table, insert, select

from assistant.accounts.audit import AuditLog
from assistant.accounts.invitations import Invitations
from assistant.accounts.rights import RIGHTS, SHOP_ROLES, Role
from assistant.accounts.sessions import form_token
from assistant.chat.tables import conversations
from assistant.house import House
from assistant.paths import DataPaths
from assistant.settings import load_settings
from assistant.storage.api_keys import ApiKeys, shop_scope
from assistant.storage.store import Store
from assistant.web.app import create_app
from assistant.web.console.frame import ROUTES
from assistant.web.console.key_scopes import SCOPES
from skills.shopping.catalogue import Catalogues
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Shop
from tests.service.console import Seller, signed_in
from tests.service.running import Running

VICTIM, NOWHERE = "nordfell", "no-such-shop"
DOORS = {
    "GET /console",
    "POST /console/sign-in",
    "GET /console/password",
    "POST /console/password",
    "GET /console/password/<secret:str>",
    "POST /console/password/<secret:str>",
    "GET /console/invitation/<secret:str>",
    "POST /console/invitation/<secret:str>",
}
"""What of the console is for people who are not signed in."""
OF_NO_SHOP = re.compile(
    r"/api/v1/(items|uploads|turns|voice|wake|pronunciation|channels|listener|chat)\b.*"
    r"|/api/v1/shops/<shop:str>/(carts|checkout-sessions)\b.*"
)
"""Media and turns; and what shoppers do, who are known by tokens that their own tests walk."""


@dataclass(frozen=True)
class Known:
    """A route of the application."""

    method: str
    path: str

    def filled(self, shop: str, other: str = "none") -> str:
        """Its address at a shop, with `other` for all else."""
        path = re.sub(r"<shop(:[^>]*)?>", shop, self.path)
        return re.sub(r"<\w+:int>", "1", re.sub(r"<(?!\w+:int>)[^>]*>", other, path))

    @property
    def parts(self) -> list[str]:
        """What else than the shop stands in its address."""
        return [name for name in re.findall(r"<(\w+)", self.path) if name != "shop"]


@pytest.fixture(scope="module")
def store(service: Running) -> Iterator[Store]:
    store = Store(DataPaths(service.data_dir).database_url)
    yield store
    store.close()


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> set[Known]:
    """Everything that the application answers."""
    paths = DataPaths(tmp_path_factory.mktemp("routes"))
    paths.make()
    app = create_app(House(load_settings(data_dir=paths.root), Path("none")))
    found = {
        Known(method, f"/{route.path.strip('/')}")
        for route in app.router.routes
        for method in route.methods
        if method not in ("HEAD", "OPTIONS")
    }
    Sanic.unregister_app(app)
    return found


@pytest.fixture(scope="module")
def stranger(service: Running, store: Store) -> Iterator[Seller]:
    """The owner of another shop."""
    identity = f"stranger-{secrets.token_hex(3)}"
    Catalogues(store.engine).put_shop(Shop(id=identity, name="Stranger"))
    with signed_in(service, Role.OWNER, identity, store) as seller:
        yield seller
    forget_shop(store.engine, identity)


@pytest.fixture(scope="module")
def tables(store: Store) -> dict[str, Table]:
    """As the database has them."""
    found = MetaData()
    found.reflect(store.engine)
    return dict(found.tables)


@pytest.fixture(scope="module")
def victim(store: Store, owner: Seller) -> Iterator[list[str]]:
    """A shop with something of everything; the ids of what it has."""
    now = datetime.now(UTC)
    invitation, _ = Invitations(store.engine).invite(VICTIM, "eva@shop.example", Role.AGENT, "x", now)
    key, _ = ApiKeys(store.engine).add("victim's", [shop_scope(VICTIM)], VICTIM)
    AuditLog(store.engine).note(VICTIM, owner.account, "published", "Version 1", "", now)
    chat = {"id": secrets.token_hex(16), "shop": VICTIM, "shopper": "s", "title": "Boots", "language": "en"}
    state = {"seq": 0, "read_seq": 0, "state": "bot", "agent": "", "contact": "", "started_at": now, "used_at": now}
    with store.engine.begin() as connection:
        connection.execute(insert(conversations).values(chat | state))
    yield [owner.account.id, invitation.id, key.id, chat["id"]]
    ApiKeys(store.engine).revoke(key.id)
    Invitations(store.engine).revoke(VICTIM, invitation.id)
    with store.engine.begin() as connection:
        connection.execute(conversations.delete().where(conversations.c.id == chat["id"]))


def of_shop(store: Store, tables: dict[str, Table], shop: str) -> dict[str, list[str]]:
    """Every row of a shop, by table."""
    with store.engine.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(select(table).where(table.c.shop == shop))))
            for name, table in tables.items()
            if "shop" in table.c
        }


def ask(http: httpx.Client, route: Known, address: str, token: str = "") -> tuple[int, str]:
    """The status and, unless it is a stream, the text."""
    data = {"csrf": token} if route.method == "POST" else None
    with http.stream(route.method, address, data=data) as answer:
        stream = answer.headers.get("content-type", "").startswith("text/event-stream")
        return answer.status_code, "" if stream else answer.read().decode(errors="replace")


def test_every_route_of_the_console_asks_who_is_there(routes: set[Known], service: Running) -> None:
    console = {route for route in routes if route.path.startswith("/console")}
    asking = {Known(route.method, route.path.rstrip("/")) for route in ROUTES}
    assert {f"{route.method} {route.path}" for route in console - asking} == DOORS
    assert all((route.right is None) == ("<shop:str>" not in route.path) for route in ROUTES)
    with service.http as http:
        for route in asking:
            status, _ = ask(http, route, route.filled(VICTIM))
            assert status == (303 if route.method == "GET" else 401), route


def test_a_stranger_meets_every_page_of_a_shop_as_if_there_was_none(
    routes: set[Known], stranger: Seller, victim: list[str], store: Store, tables: dict[str, Table]
) -> None:
    before, token = of_shop(store, tables, VICTIM), form_token(stranger.cookie)
    for route in sorted(routes, key=str):
        if not route.path.startswith("/console/<shop"):
            continue
        address = route.filled(VICTIM, victim[0])
        status, text = ask(stranger.http, route, address, token)
        assert status == 404, route
        assert text == ask(stranger.http, route, route.filled(NOWHERE, victim[0]), token)[1], route
    assert of_shop(store, tables, VICTIM) == before


def test_the_ids_of_another_shop_are_ids_that_do_not_exist(
    routes: set[Known], stranger: Seller, victim: list[str], store: Store, tables: dict[str, Table]
) -> None:
    """In the stranger's own shop, where everything else is allowed."""
    rows, token = of_shop(store, tables, VICTIM), form_token(stranger.cookie)
    with store.engine.connect() as connection:
        entry = select(tables["shop_entries"].c.id).where(tables["shop_entries"].c.shop == VICTIM).limit(1)
        product = select(tables["shop_products"].c.id).where(tables["shop_products"].c.shop == VICTIM).limit(1)
        ids = [*victim, *connection.execute(entry).scalars(), *connection.execute(product).scalars()]
    for route in sorted(routes, key=str):
        if not route.path.startswith("/console/<shop") or not route.parts:
            continue
        for identity in ids:
            unknown = identity.translate(str.maketrans("0123456789abcdef", "567890123478cdefab"[:16]))
            expected = ask(stranger.http, route, route.filled(stranger.shop, unknown), token)
            found = ask(stranger.http, route, route.filled(stranger.shop, identity), token)
            assert found[0] == expected[0], (route, identity)
            assert found[0] < 500, (route, identity)
    assert of_shop(store, tables, VICTIM) == rows


def test_a_role_may_what_it_may_and_nothing_else(service: Running, store: Store, tables: dict[str, Table]) -> None:
    identity = f"roles-{secrets.token_hex(3)}"
    Catalogues(store.engine).put_shop(Shop(id=identity, name="Roles"))
    for role in SHOP_ROLES:
        with signed_in(service, role, identity, store) as seller:
            before, token = of_shop(store, tables, identity), form_token(seller.cookie)
            for route in ROUTES:
                if route.right is None:
                    continue
                known = Known(route.method, route.path)
                if route.right not in RIGHTS[role]:
                    status, text = ask(seller.http, known, known.filled(identity), token)
                    assert status == 403, (role, route)
                    assert "you cannot do this" in text
                elif route.method == "GET" and role in (Role.VIEWER, Role.OWNER):
                    status, _ = ask(seller.http, known, known.filled(identity))
                    assert status in (200, 303, 404, 422), (role, route, status)
            assert of_shop(store, tables, identity) == before, f"looking and being refused change nothing: {role}"
    forget_shop(store.engine, identity)


def test_keys_and_cookies_of_one_shop_open_no_interface_of_another(
    routes: set[Known], stranger: Seller, store: Store, tables: dict[str, Table], service: Running
) -> None:
    scopes = [one.scope(stranger.shop) for one in SCOPES.values()]
    _, secret = ApiKeys(store.engine).add("stranger", scopes, stranger.shop)
    before = of_shop(store, tables, VICTIM)
    cookie = {"Cookie": f"sori_console={stranger.cookie}"}
    with service.http as http:
        for route in routes:
            if not route.path.startswith("/api/") or OF_NO_SHOP.fullmatch(route.path):
                continue
            agents = route.path.startswith("/api/v1/agent/")
            assert agents or "<shop" in route.path, f"whose is {route}?"
            address = route.filled(VICTIM) + (f"?store={VICTIM}" if agents else "")
            http.headers = httpx.Headers({"Authorization": f"Bearer {secret}"})
            assert ask(http, route, address)[0] == 403, route
            http.headers = httpx.Headers(cookie)
            assert ask(http, route, address)[0] == 401, route
    assert of_shop(store, tables, VICTIM) == before
