"""Somebody who is signed in at the console of a shop: as an HTTP client, and as a page of a real browser."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from playwright.async_api import Browser, Page

from assistant.accounts.office import Office
from assistant.accounts.people import Account
from assistant.accounts.rights import Role
from assistant.accounts.sessions import form_token
from assistant.paths import DataPaths
from assistant.storage.store import Store
from assistant.web.console.cookie import NAME
from tests.service.running import Running

SHOP = "nordfell"
"""A demo shop; what is published there every other test meets too: `signed_in` to a shop of your own for that."""
NO_PASSWORD = "set by no test"
WITHIN_MS = 30_000


@dataclass(frozen=True)
class Seller:
    """Somebody who is signed in."""

    http: httpx.Client
    url: str
    account: Account
    shop: str
    cookie: str
    """The secret of the session."""

    def address(self, path: str) -> str:
        """A path from the root, or below the shop."""
        return path if path.startswith("/") else f"/console/{self.shop}/{path}"

    def get(self, path: str, **options: Any) -> httpx.Response:
        """A page; redirects are not followed."""
        return self.http.get(self.address(path), **options)

    def post(self, path: str, files: Any = None, **fields: Any) -> httpx.Response:
        """A form as our own page sends it, its token with it; redirects are not followed."""
        return self.http.post(self.address(path), data=fields | {"csrf": form_token(self.cookie)}, files=files)

    async def page(self, browser: Browser, path: str = "", *, width: int = 1280, height: int = 800) -> Page:
        """A page of the browser, in which nobody else is signed in."""
        context = await browser.new_context(viewport={"width": width, "height": height})
        host = urlsplit(self.url).hostname or ""
        await context.add_cookies(
            [{"name": NAME, "value": self.cookie, "domain": host, "path": "/console", "sameSite": "Strict"}]
        )
        page = await context.new_page()
        page.set_default_timeout(WITHIN_MS)
        await page.goto(self.url.rstrip("/") + self.address(path))
        return page


@contextmanager
def signed_in(
    service: Running, role: Role = Role.OWNER, shop: str = SHOP, store: Store | None = None
) -> Iterator[Seller]:
    """A new account with this role at the shop, signed in without the sign-in page; gone afterwards."""
    opened = store or Store(DataPaths(service.data_dir).database_url)
    office, now = Office(opened.engine), datetime.now(UTC)
    operator = role is Role.OPERATOR
    email = f"{role}-{secrets.token_hex(4)}@shop.example"
    account = office.people.add(email, f"{role.capitalize()} Page", NO_PASSWORD, now, operator=operator)
    if not operator:
        office.people.join(account, shop, role, now)
    secret = office.sessions.begin(account, now)
    try:
        with service.http as http:
            http.cookies.set(NAME, secret, path="/console")
            yield Seller(http, service.url, account, shop, secret)
    finally:
        office.people.remove(account)
        if store is None:
            opened.close()
