"""Somebody of a shop answers at /agents, in a real browser, and the customer reads it in the chat."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import async_playwright, expect

from tests.pages.browser import axe_violations, launch
from tests.service.chat_shops import OPEN
from tests.service.chatting import chatting
from tests.service.running import Running
from tests.service.test_studio import sori

WITHIN_MS = 30_000
HOSTILE = '<img src=x onerror="document.title=1"> my boots leak'


@pytest.mark.usefixtures("chat_shops")
async def test_a_person_takes_answers_notes_and_closes(service: Running) -> None:
    made = json.loads(sori("keys", "add", "Mia Page", "--agent", OPEN, "--json", "--data-dir", service.data_dir))
    async with async_playwright() as playwright, chatting(service, OPEN) as shopper:
        browser = await launch(playwright)
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(WITHIN_MS)
        mistakes: list[str] = []
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        await page.goto(f"{service.url}agents?store={OPEN}")
        assert not await axe_violations(page)
        await page.get_by_test_id("key").fill(made["key"])
        await page.get_by_test_id("sign-in").click()
        await expect(page.get_by_test_id("desk")).to_be_visible()

        await shopper.ask(HOSTILE)
        await shopper.answer(await shopper.tap("person.ask", "A person, please"))
        await page.get_by_test_id("threads").get_by_text("my boots leak").last.click()
        await expect(page.get_by_test_id("transcript")).to_contain_text(HOSTILE)
        await expect(page.get_by_test_id("summary")).to_contain_text("my boots leak")
        await page.get_by_test_id("take").click()
        await shopper.until("state", state="agent", name="Mia Page")

        await page.get_by_test_id("text").fill("Oh no! Which boots?")
        await page.get_by_test_id("send").click()
        assert (await shopper.until("message", **{"from": "agent"}))["text"] == "Oh no! Which boots?"
        await shopper.say("the brown ones")
        await expect(page.get_by_test_id("transcript")).to_contain_text("the brown ones")
        await page.get_by_test_id("text").fill("always polite")
        await page.get_by_test_id("internal").check()
        await page.get_by_test_id("send").click()
        await expect(page.locator('[data-from="internal"]')).to_contain_text("always polite")
        assert not await axe_violations(page)
        await page.set_viewport_size({"width": 360, "height": 740})
        overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0
        await page.get_by_test_id("close").click()
        await shopper.until("state", state="closed")
        assert mistakes == []
        assert await page.title() != "1"
        await browser.close()
    sori("keys", "revoke", made["id"], "--data-dir", service.data_dir)
