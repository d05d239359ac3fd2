"""The pages of accounts in a real browser: on a phone and a desktop, light and dark; by keyboard and without script."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from itertools import cycle
from typing import Literal

from playwright.async_api import Browser, Page, async_playwright, expect

from assistant.accounts.office import Office
from assistant.accounts.rights import Role
from assistant.paths import DataPaths
from assistant.storage.store import Store
from assistant.web.console.unsent import Unsent
from tests.pages.browser import NARROW, WIDE, faults, launch
from tests.service.console import SHOP, WITHIN_MS, signed_in
from tests.service.running import Running

PASSWORD = "tractor moon pickle"
PAGES = ("team", "keys", "log", "/console/account", "/console/unsent", "/console/shops")
DOORS = ("/console/", "/console/password", "/console/invitation/{secret}")


LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((WIDE, "light"), (NARROW, "dark"))
"""On a desktop in the light, and on a phone in the dark."""


async def looked_at(page: Page, width: int, scheme: Literal["light", "dark"]) -> None:
    await page.set_viewport_size({"width": width, "height": 800})
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert await faults(page) == [], page.url
    assert await page.locator("h1").count() == 1, page.url


async def test_every_page_reads_well_everywhere(service: Running) -> None:
    store = Store(DataPaths(service.data_dir).database_url)
    office, now = Office(store.engine), datetime.now(UTC)
    invitation, secret = office.invitations.invite(SHOP, "lena@shop.example", Role.AGENT, "ann@shop.example", now)
    unsent = Unsent("/console/account", (("name", "Mia"), ("note", "long " * 30), ("seen", "1"))).text()
    with signed_in(service, Role.OPERATOR, store=store) as operator:
        session = office.sessions.find(operator.cookie, now)
        assert session
        office.sessions.keep_unsent(session, unsent)
        async with async_playwright() as playwright:
            browser = await launch(playwright)
            page = await operator.page(browser, "team")
            mistakes: list[str] = []
            page.on("pageerror", lambda error: mistakes.append(str(error)))
            for path, look in zip(
                PAGES, cycle(LOOKS), strict=False
            ):  # each in one of them: what they share is one sheet
                await page.goto(service.url.rstrip("/") + operator.address(path))
                await looked_at(page, *look)
            door = await browser.new_page()
            for path, look in zip(DOORS, cycle(LOOKS), strict=False):
                await door.goto(service.url.rstrip("/") + path.format(secret=secret))
                await looked_at(door, *look)
            assert mistakes == []
            await browser.close()
    office.invitations.revoke(SHOP, invitation.id)
    store.close()


async def test_by_keyboard_and_without_script_one_joins_signs_in_and_invites(service: Running) -> None:
    store = Store(DataPaths(service.data_dir).database_url)
    office = Office(store.engine)
    address, friend = (f"{name}-{secrets.token_hex(4)}@shop.example" for name in ("ida", "udo"))
    _, secret = office.invitations.invite(SHOP, address, Role.OWNER, "x", datetime.now(UTC))
    async with async_playwright() as playwright:
        page = await _without_script(await launch(playwright))
        await page.goto(f"{service.url}console/invitation/{secret}")
        await page.get_by_label("Your name").fill("Ida")
        await page.get_by_label("Choose a password").fill(PASSWORD)
        await page.get_by_role("button", name="Join").click()
        await page.goto(f"{service.url}console/{SHOP}/team")
        await page.get_by_role("button", name="Sign out").click()
        await page.goto(f"{service.url}console/{SHOP}/team")
        await page.get_by_label("E-mail address").fill(address)
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        await page.keyboard.press("Enter")
        await page.get_by_label("E-mail address").wait_for()
        await page.keyboard.press("Tab")
        await expect(page.get_by_text("Go to the content")).to_be_focused()
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name="Menu")).to_be_focused()
        await page.keyboard.press("Enter")
        log = page.get_by_role("link", name="Log", exact=True)
        await expect(log).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(log).to_be_hidden()
        await page.get_by_label("E-mail address").focus()
        await page.keyboard.type(friend)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_contain_text(f"{friend} is invited")
        await page.get_by_role("button", name=f"Take back the invitation of {friend}").click()
        await expect(page.get_by_role("status")).to_contain_text("taken back")
        assert page.context.browser
        await page.context.browser.close()
    account = office.people.find(address)
    assert account
    office.people.remove(account)
    store.close()


async def _without_script(browser: Browser) -> Page:
    context = await browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = await context.new_page()
    page.set_default_timeout(WITHIN_MS)
    return page
