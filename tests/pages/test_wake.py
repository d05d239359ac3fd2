"""The wake word in a real browser: the same numbers as in Python, and a fake microphone that says it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from socket import create_server
from types import SimpleNamespace

import numpy as np
import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright
from sanic import Sanic
from sanic.config import Config

from assistant.errors import ServiceError
from assistant.web import wake
from assistant.web.app import SECURITY_HEADERS
from assistant.web.responses import error_response
from tests.pages.browser import launch
from tests.pages.conftest import STATIC
from tests.voice.sounds import flite
from voice.audio import write_wav
from voice.wake.features import Features
from voice.wake.network import NetworkStream, load
from voice.wake.phrase import find_phrase
from voice.wake.spotter import Spotter

pytestmark = pytest.mark.asyncio(loop_scope="module")

NUMBERS = """async ([sound, pronunciations, piece]) => {
  const { unpack, NetworkStream } = await import("/static/speaker/wake/network.js");
  const { Features } = await import("/static/speaker/wake/features.js");
  const { Spotter } = await import("/static/speaker/wake/spotter.js");
  const network = unpack(await (await fetch("/api/v1/wake/model")).arrayBuffer());
  const samples = Int16Array.from(sound);
  const features = new Features(network.mean).process(samples);
  const posteriors = new NetworkStream(network).process(features);
  const spotter = new Spotter(network, { phrase: "test", pronunciations, threshold: -100 });
  const found = [];
  for (let at = 0; at < samples.length; at += piece) {
    const wake = spotter.process(samples.slice(at, at + piece));
    if (wake) found.push([wake.start, wake.end, wake.score]);
  }
  return { features: features.map((frame) => [...frame]), posteriors: posteriors.map((frame) => [...frame]), found };
}"""

LISTEN = """async (phrase) => {
  const { createWakeDetector } = await import("/static/speaker/wake/wake-word.js");
  window.woken = [];
  const page = document.documentElement.dataset;
  const onWake = ({ phrase, start, end, score, after }) => {
    window.woken.push({ phrase, start, end, score, after: after.length });
    page.woken = window.woken.length;
  };
  const detector = await createWakeDetector({ phrase, onWake });
  const context = new AudioContext();
  await context.audioWorklet.addModule("/static/speaker/capture-worklet.js");
  const capture = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0 });
  let frames = 0;
  capture.port.onmessage = ({ data }) => {
    detector.process(data.pcm);
    if (++frames === 25 * 9) page.heard = "all";
  };
  const audio = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  context.createMediaStreamSource(await navigator.mediaDevices.getUserMedia({ audio })).connect(capture);
}"""

REFUSED = """async (phrases) => {
  const { createWakeDetector } = await import("/static/speaker/wake/wake-word.js");
  const codes = [];
  for (const phrase of phrases) {
    const failed = (error) => codes.push([error.code, error.message.length > 20]);
    await createWakeDetector({ phrase, onWake: () => {} }).catch(failed);
  }
  return codes;
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[str]:
    """The product's routes and modules for the wake word, with its headers, and nothing else of it."""
    app: Sanic[Config, SimpleNamespace] = Sanic("wake-words", configure_logging=False)
    app.blueprint(wake.blueprint)
    app.static("/static", STATIC, name="static")
    app.exception(ServiceError)(lambda _request, error: error_response(error))
    app.register_middleware(lambda _request, response: response.headers.update(SECURITY_HEADERS), "response")
    socket = create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=socket, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    await server.start_serving()
    yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    server.close()
    await server.wait_closed()
    Sanic.unregister_app(app)


@contextlib.asynccontextmanager
async def opened(address: str, microphone: Path | None = None) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await launch(playwright, microphone)
        page = await browser.new_page()
        await page.goto(f"{address}/static/favicon.svg")
        yield page
        await browser.close()


async def test_javascript_and_python_give_the_same_numbers(address: str) -> None:
    """Features, posteriors and wake words agree, however the sound is cut into pieces."""
    sound = np.frombuffer(flite("hey computer, play something calm"), "<i2")
    phrase = replace(find_phrase("hey computer"), threshold=-100.0)
    pronunciations = [" ".join(one) for one in phrase.pronunciations]
    async with opened(address) as page:
        there = await page.evaluate(NUMBERS, [sound.tolist(), pronunciations, 640])
    network = load()
    features = Features(network.mean).process(sound)
    posteriors = NetworkStream(network).process(features)
    spotter = Spotter(phrase, network)
    pieces = [spotter.process(sound[at : at + 1000].tobytes()) for at in range(0, len(sound), 1000)]
    found = [(wake.start, wake.end, wake.score) for wake in pieces if wake]
    assert np.abs(features - np.array(there["features"])).max() < 1e-3
    assert np.abs(posteriors - np.array(there["posteriors"])).max() < 1e-2
    assert found
    assert np.array(found) == pytest.approx(np.array(there["found"]), abs=1e-2)


async def test_the_word_wakes_the_page_and_what_follows_is_handed_over(address: str, tmp_path: Path) -> None:
    """Other speech does not wake it; the samples from the end of the word on are there when it does."""
    room = np.random.default_rng(0).normal(0, 10, 16_000).astype("<i2").tobytes()
    other, word = flite("what do you have on sourdough", "rms"), flite("hey computer", "slt")
    command = flite("play something calm", "slt")
    said = tmp_path / "said.wav"
    write_wav(said, room + other + room + word + command + 4 * room, 16_000)
    word_end = len(room + other + room + word) // 2
    async with opened(address, said) as page:
        await page.evaluate(LISTEN, "Hey, computer")
        await page.wait_for_selector("[data-woken]", state="attached", timeout=20_000)
        await page.wait_for_selector("[data-heard]", state="attached", timeout=20_000)
        (woken,) = await page.evaluate("() => window.woken")
    assert woken["phrase"] == "hey computer"
    assert woken["start"] < woken["end"]
    assert abs(woken["end"] - word_end) < 0.6 * 16_000
    assert 0 < woken["after"] < 1.5 * 16_000


async def test_phrases_that_cannot_wake_are_refused_in_words(address: str) -> None:
    async with opened(address) as page:
        codes = await page.evaluate(REFUSED, ["", "hey", "x".ljust(60, "y"), "<b>"])
    assert codes == [
        ["wake_phrase_invalid", True],
        ["wake_phrase_short", True],
        ["wake_phrase_long", True],
        ["wake_phrase_invalid", True],
    ]
