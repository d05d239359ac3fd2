"""The player's controls on the page, by word and by keyboard; all of them say what the player really does."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.service.running import Running
from tests.service.speech import QUESTION
from tests.service.test_browser import check_looks, position_s, speaker, type_in

ANSWERED_WITHIN_MS = 20_000


async def asks(page: Page, text: str) -> None:
    """Type it, and have the answer, of which only the beginning is listened to."""
    turns = page.get_by_test_id("answer")
    before = await turns.count()
    await type_in(page, text)
    await expect(turns).to_have_count(before + 1, timeout=ANSWERED_WITHIN_MS)
    await page.keyboard.press("Escape")
    await page.wait_for_selector("body[data-phase=idle]", timeout=ANSWERED_WITHIN_MS)


async def plays(page: Page, text: str) -> None:
    """Type it, and let the answer end: what it plays begins after it."""
    await type_in(page, text)
    await page.wait_for_selector("[data-testid=player][data-playback=playing]", timeout=ANSWERED_WITHIN_MS)
    await page.wait_for_selector("body[data-phase=idle]", timeout=ANSWERED_WITHIN_MS)


async def test_what_was_asked_for_is_shown_and_every_control_works_by_keyboard(service: Running) -> None:
    async with speaker(service) as page:
        await plays(page, QUESTION)
        await asks(page, "add the second one to the queue")
        await expect(page.get_by_test_id("player-queue")).to_contain_text("Next: 1")
        await asks(page, "stop in twenty minutes")
        await expect(page.get_by_test_id("player-sleep")).to_contain_text("Sleeps in 20 min")
        await asks(page, "one and a half speed")
        await expect(page.get_by_test_id("player-speed")).to_have_value("1.5")

        before = await position_s(page)
        await page.get_by_test_id("player-forward").press("Enter")
        assert await position_s(page) >= before + 14
        await page.get_by_test_id("player-back").press("Enter")
        await page.get_by_test_id("player-toggle").press("Enter")
        await page.wait_for_selector("[data-testid=player][data-playback=paused]")
        assert await position_s(page) < before + 14

        await page.locator("#player-queue-label").press("Enter")
        await expect(page.get_by_test_id("player-queue-list").get_by_role("listitem")).to_have_count(1)
        await check_looks(page)
        await page.get_by_test_id("player-queue-clear").press("Enter")
        await expect(page.get_by_test_id("player-queue")).to_be_hidden()

        await page.reload()
        await page.wait_for_selector("body[data-phase=idle]")
        await asks(page, "how long is left on the sleep timer")
        await expect(page.get_by_test_id("answer").last).to_contain_text(re.compile(r"It pauses in (19|20) minutes"))
        await asks(page, "cancel the sleep timer")
        await plays(page, "continue where i left off")
        await expect(page.get_by_test_id("player-sleep")).to_be_hidden()
