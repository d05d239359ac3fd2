"""The page in a real browser: somebody asks aloud, hears the answer, and the item plays."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.pages import microphone as voice
from tests.pages.browser import axe_violations, launch
from tests.service.running import Running
from tests.service.speech import FOUND, QUESTION, in_a_room, samples, say, wav

HEAR_WITHIN_MS = 20_000
WORD = "hey sori"
SECOND = np.zeros(voice.RATE, dtype=np.int16)
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 375, "height": 740}


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the microphone hears: somebody takes a breath, asks, and waits."""
    path = tmp_path_factory.mktemp("question") / "question.wav"
    path.write_bytes(wav(in_a_room(say(), before=1, after=4)))
    return path


@asynccontextmanager
async def speaker(service: Running, microphone: Path | None = None) -> AsyncIterator[Page]:
    """The page, connected. Afterwards: it asked nobody but the service for anything, and nothing went wrong in it.

    Its microphone hears the file, or else what the test says with `voice.speak`.
    """
    hosts: set[str] = set()
    mistakes: list[str] = []
    async with async_playwright() as playwright:
        browser = await launch(playwright, microphone)
        page = await browser.new_page(viewport=DESKTOP, service_workers="block")
        if microphone is None:
            await voice.install(page)
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).netloc))
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.on("console", lambda message: message.type == "error" and mistakes.append(message.text))
        await page.goto(service.url)
        await page.wait_for_selector("body[data-phase=idle]")
        yield page
        await browser.close()
    assert hosts - {""} == {urlsplit(service.url).netloc}
    assert mistakes == []


async def type_in(page: Page, text: str) -> None:
    await page.get_by_test_id("text-input").fill(text)
    await page.get_by_test_id("text-send").click()


async def position_s(page: Page) -> float:
    position: float = await page.get_by_test_id("player-media").evaluate("media => media.currentTime")
    return position


async def check_looks(page: Page) -> None:
    """Accessible and within the screen, at phone and desktop width."""
    for size in (PHONE, DESKTOP):
        await page.set_viewport_size(size)
        assert await axe_violations(page) == []
        assert await page.locator("html").evaluate("root => root.scrollWidth - root.clientWidth") <= 0


async def test_a_question_asked_aloud_is_answered_aloud_and_the_item_plays(service: Running, question: Path) -> None:
    """The whole of Sori, from the microphone to the player."""
    async with speaker(service, question) as page:
        await page.get_by_test_id("talk").click()
        await page.wait_for_selector("body[data-phase=listening]")
        await page.wait_for_selector("body[data-phase=speaking]", timeout=HEAR_WITHIN_MS)

        turn = page.get_by_test_id("turn").last
        await expect(turn.get_by_test_id("said")).to_contain_text(QUESTION, ignore_case=True)
        await expect(turn.get_by_test_id("answer")).to_contain_text(FOUND)
        await expect(turn.get_by_test_id("card").first).to_contain_text(FOUND)

        # The item begins when the answer has been spoken to its end.
        await page.wait_for_selector("body[data-phase=idle]", timeout=HEAR_WITHIN_MS)
        player = page.get_by_test_id("player")
        await expect(player).to_have_attribute("data-playback", "playing")
        await expect(page.get_by_test_id("player-title")).to_have_text(FOUND)
        item = await turn.get_by_test_id("card").first.get_attribute("data-item")
        assert await player.get_attribute("data-item") == item
        await expect(page.locator("#player-position")).to_have_text(re.compile("0:0[1-9]"))
        assert await position_s(page) >= 1

        await check_looks(page)
        await type_in(page, "pause")
        await expect(player).to_have_attribute("data-playback", "paused")
        assert await page.get_by_test_id("player-media").evaluate("media => media.paused") is True
        await type_in(page, "resume")
        await expect(player).to_have_attribute("data-playback", "playing")


async def test_the_space_bar_is_the_button(service: Running, question: Path) -> None:
    async with speaker(service, question) as page:
        await page.locator("body").press("Space")
        await page.wait_for_selector("body[data-phase=listening]")
        await page.keyboard.press("Escape")
        await page.wait_for_selector("body[data-phase=idle]")
        # in the text field, a space is a space
        await page.get_by_test_id("text-input").press_sequentially("a b")
        await expect(page.get_by_test_id("text-input")).to_have_value("a b")
        await expect(page.locator("body")).to_have_attribute("data-phase", "idle")


async def test_a_written_question_without_a_mouse(service: Running) -> None:
    async with speaker(service) as page:
        await page.get_by_test_id("text-input").focus()
        await page.keyboard.type(QUESTION)
        await page.keyboard.press("Enter")
        await expect(page.get_by_test_id("answer").last).to_contain_text(FOUND)
        await expect(page.get_by_test_id("player")).to_have_attribute(
            "data-playback", "playing", timeout=HEAR_WITHIN_MS
        )


async def test_nothing_is_kept_before_the_first_interaction(service: Running) -> None:
    """Afterwards a key to the conversation is, so that a reload goes on with it."""
    async with speaker(service) as page:
        kept = "() => localStorage.length + sessionStorage.length + document.cookie.length"
        assert await page.evaluate(kept) == 0
        await check_looks(page)
        assert await page.evaluate(kept) == 0
        await type_in(page, QUESTION)
        await expect(page.get_by_test_id("answer").last).to_contain_text(FOUND)
        assert await page.evaluate(kept) > 0
        await page.reload()
        await expect(page.get_by_test_id("answer").last).to_contain_text(FOUND)


async def ask_aloud(page: Page, text: str) -> None:
    """Press the button and speak; returns when the answer is being spoken."""
    await page.get_by_test_id("talk").click()
    await page.wait_for_selector("body[data-phase=listening]")
    await voice.speak(page, in_a_room(say(text), before=0.3, after=0))
    await page.wait_for_selector("body[data-phase=speaking]", timeout=HEAR_WITHIN_MS)


async def test_who_speaks_into_an_answer_is_listened_to(service: Running) -> None:
    """Nothing is pressed: the answer stops, and what was said is answered."""
    async with speaker(service) as page:
        await ask_aloud(page, QUESTION)
        await voice.speak(page, samples(say("find me a lesson about guitar")))
        await page.wait_for_selector("body[data-ducked=true], body[data-phase=listening]", timeout=HEAR_WITHIN_MS)
        await page.wait_for_selector("body[data-phase=listening]", timeout=HEAR_WITHIN_MS)
        await expect(page.get_by_test_id("player")).to_be_hidden()
        await expect(page.get_by_test_id("turn")).to_have_count(2, timeout=HEAR_WITHIN_MS)
        await expect(page.get_by_test_id("answer")).to_have_count(2, timeout=HEAR_WITHIN_MS)
        await expect(page.get_by_test_id("said").last).to_contain_text("guitar")


async def test_a_question_is_answered_without_pressing_anything(service: Running) -> None:
    async with speaker(service) as page:
        await ask_aloud(page, "play something")
        await page.wait_for_selector("body[data-phase=listening]", timeout=HEAR_WITHIN_MS)
        await voice.speak(page, in_a_room(say(), before=0.5, after=0))
        await expect(page.get_by_test_id("answer").last).to_contain_text(FOUND, timeout=HEAR_WITHIN_MS)


async def test_before_the_wake_word_no_sound_leaves_the_page(service: Running) -> None:
    """Other talk is not even sent; what follows the word in one breath is."""
    async with speaker(service) as page:
        frames: list[int] = []
        page.on("websocket", lambda socket: socket.on("framesent", lambda data: frames.append(len(data))))
        await page.reload()
        await page.wait_for_selector("body[data-phase=idle]")
        await page.get_by_test_id("wake").click()
        await expect(page.get_by_test_id("wake-dialog")).to_contain_text("never leaves this device")
        assert await axe_violations(page) == []
        await page.get_by_test_id("wake-choice").select_option(WORD)
        await page.get_by_test_id("wake-accept").click()
        await page.wait_for_selector("body[data-phase=waiting]")
        await expect(page.get_by_test_id("status")).to_have_text(f"Waiting for “{WORD}”")
        await check_looks(page)
        frames.clear()
        other, word, rest = (samples(say(text)) for text in ("tell me about the weather", WORD, QUESTION))
        await voice.speak(page, np.concatenate([other, SECOND, other, SECOND]), to_the_end=True)
        assert frames == []
        await voice.speak(page, np.concatenate([word, rest]))
        await page.wait_for_selector("body[data-phase=listening]", timeout=HEAR_WITHIN_MS)
        await expect(page.get_by_test_id("answer").last).to_contain_text(FOUND, timeout=HEAR_WITHIN_MS)
        await page.wait_for_selector("body[data-phase=waiting]", timeout=HEAR_WITHIN_MS)
        assert sum(frames) > 0
