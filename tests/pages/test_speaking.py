"""Speaking into answers, answering questions and losing the connection, on the real page with the real microphone."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.pages.browser import axe_violations
from tests.pages.speaking import Peer, sound_goes_on, speaker

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def opened(browser: Browser, static_address: str) -> AsyncIterator[tuple[Page, Peer]]:
    async with speaker(browser, static_address) as opened:
        yield opened


async def ask_aloud(page: Page, peer: Peer) -> None:
    await page.get_by_test_id("talk").click()
    assert (await peer.expect("listen"))["trigger"] == "button"
    peer.state("listening")
    await peer.expect_frames(2)


async def test_an_answer_is_spoken_into(opened: tuple[Page, Peer]) -> None:
    """The browser cancels the echo, so it may be: turned down, back again after a false alarm, then broken off."""
    page, peer = opened
    body = page.locator("body")
    await ask_aloud(page, peer)
    peer.answer("r1", 30)
    assert (await peer.expect("listen"))["trigger"] == "barge_in"
    await peer.expect_frames(3)
    await expect(page.locator("#hint")).to_contain_text("Speak to interrupt")
    for kind, ducked in (("duck", "true"), ("restore", "false"), ("duck", "true")):
        peer.say(kind, dialog_request_id="r1")
        await expect(body).to_have_attribute("data-ducked", ducked)
        await expect(body).to_have_attribute("data-phase", "speaking")
    await sound_goes_on(page)
    peer.say("interrupt", dialog_request_id="r1")
    heard = await peer.expect("spoken")
    assert heard["dialog_request_id"] == "r1"
    assert 0 < heard["heard_ms"] < 30_000
    await page.wait_for_selector("body[data-phase=listening][data-ducked=false]")
    peer.state("listening", "r1")
    peer.say("partial", text="stop")
    await expect(page.get_by_test_id("partial")).to_have_text("stop")
    await peer.expect_frames(3)
    assert await axe_violations(page) == []
    peer.answer("r2", 0.1)
    await expect(page.get_by_test_id("answer").last).to_have_text("Answer r2.")


async def test_a_question_is_answered_without_pressing_anything(opened: tuple[Page, Peer]) -> None:
    """The microphone opens once the question was heard, and is closed again when nobody answers."""
    page, peer = opened
    await ask_aloud(page, peer)
    peer.answer("r1", 0.5, expects_reply=True)
    await peer.expect("listen")
    spoken = await peer.expect("spoken")
    assert (spoken["dialog_request_id"], spoken["heard_ms"]) == ("r1", None)
    assert (await peer.expect("listen"))["trigger"] == "follow_up"
    peer.state("listening")
    await page.wait_for_selector("body[data-phase=listening]")
    await peer.expect_frames(2)
    peer.say("final", text="", alternatives=[], dialog_request_id="r2")
    peer.state("idle", "r2")
    await page.wait_for_selector("body[data-phase=idle]")
    frames = peer.frames
    await page.wait_for_timeout(200)
    assert peer.frames == frames
    await expect(page.get_by_test_id("notice")).to_be_hidden()
    await expect(page.get_by_test_id("turn")).to_have_count(1)


async def test_hands_free_is_a_switch_that_stays_as_it_was_left(opened: tuple[Page, Peer]) -> None:
    """By keyboard too, to the end of the visit; nothing opens the microphone any more but the button."""
    page, peer = opened
    switch = page.get_by_role("switch", name="Hands-free")
    await expect(switch).to_be_checked()
    await switch.press("Enter")
    await expect(switch).not_to_be_checked()
    await page.reload()
    await peer.expect("hello")
    peer.ready()
    await expect(switch).not_to_be_checked()
    await ask_aloud(page, peer)
    peer.answer("r1", 0.3, expects_reply=True)
    await page.wait_for_selector("body[data-phase=speaking]")
    frames = peer.frames
    assert (await peer.expect("spoken"))["heard_ms"] is None
    await page.wait_for_selector("body[data-phase=idle]")
    assert peer.frames == frames


async def test_a_service_that_goes_away_is_noticed_and_found_again(opened: tuple[Page, Peer]) -> None:
    """In the middle of an answer that somebody speaks into: nothing stays turned down, and the conversation goes on."""
    page, peer = opened
    await ask_aloud(page, peer)
    peer.answer("r1", 30)
    await peer.expect("listen")
    peer.say("duck", dialog_request_id="r1")
    await page.wait_for_selector("body[data-ducked=true]")
    assert peer.socket
    await peer.socket.close()
    await page.wait_for_selector("body[data-phase=offline][data-ducked=false]")
    await expect(page.get_by_test_id("status")).to_have_text("Not connected")
    assert (await peer.expect("hello"))["conversation"] == "token"
    peer.ready()
    await page.keyboard.press("Escape")
    await page.wait_for_selector("body[data-phase=idle]")
    await expect(page.get_by_test_id("answer")).to_have_text("Answer r1.")
