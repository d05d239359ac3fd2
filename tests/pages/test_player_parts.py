"""The pure parts of `<sori-player>`, run in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="module")

CAPTIONS = """WEBVTT - made elsewhere

NOTE nobody reads this

STYLE
::cue { color: red }

2
00:04.000 --> 00:05.500 align:start
<v.loud Ann &amp; Bo>It is <b>loud</b>,
and 1 &lt; 2.

1
00:01.000 --> 00:02.000
First

01:00:00.000 --> 01:00:01.000

broken --> 00:09.000
Never shown
"""


async def run(modules: Page, script: str, argument: Any = None) -> Any:
    return await modules.evaluate(f"async (argument) => {{ {script} }}", argument)


async def test_captions_are_read_whatever_stands_around_them(modules: Page) -> None:
    script = 'const { readCaptions } = await import("/player/captions.js"); return readCaptions(argument);'
    assert await run(modules, script, CAPTIONS) == [
        {"start": 1000, "end": 2000, "speaker": "", "text": "First"},
        {"start": 4000, "end": 5500, "speaker": "Ann & Bo", "text": "It is loud, and 1 < 2."},
    ]
    assert await run(modules, script, CAPTIONS.replace("\n", "\r\n")) == await run(modules, script, CAPTIONS)


async def test_a_moment_begins_a_sentence_early_unless_that_is_long_before(modules: Page) -> None:
    script = """
      const { early } = await import("/player/item.js");
      const lines = [0, 5000, 9000, 60000].map((start) => ({ start }));
      return [early(lines, 9500), early(lines, 60000), early(lines, 2000), early([], 30000)];
    """
    # The third stands in the first sentence; the second comes after a long silence.
    assert await run(modules, script) == [5000, 56000, 0, 26000]


async def test_the_speed_of_a_scene_ends_with_it(modules: Page) -> None:
    script = """
      const { entering, speed, stepped, allowed } = await import("/player/pace.js");
      const slow = { usual: 1.25, scene: { index: 2, speed: 0.5 } };
      const speeds = [2, 3].map((scene) => speed(entering(slow, scene)));
      return [...speeds, stepped(2, 1), stepped(1.1, -1), allowed(9), allowed("x")];
    """
    assert await run(modules, script) == [0.5, 1.25, 2, 1, 2, 1]


async def test_an_item_has_only_addresses_that_a_browser_fetches(modules: Page) -> None:
    script = """
      const { readItem, from } = await import("/player/item.js");
      const item = readItem({
        id: "x", duration_ms: 90000, image_url: "javascript:alert(1)", page_url: "/watch/x",
        recording: { url: "/media/x.mp3?a=1", expires_at: 1800000000, duration_ms: 30000 },
        chapters: [{ start_ms: 0, title: "One" }, { start_ms: 10000, title: "Two" }],
      }, "https://sori.example");
      const ends = item.chapters.map((one) => one.end);
      return [item.image, item.recording, item.duration, ends, from(item.page, 12900), from(item.page, 900)];
    """
    assert await run(modules, script) == [
        "",
        {"url": "https://sori.example/media/x.mp3?a=1", "expires": 1_800_000_000_000},
        30000,
        [10000, 30000],
        "https://sori.example/watch/x?t=12",
        "https://sori.example/watch/x",
    ]


async def test_the_outline_keeps_the_loudest_of_each_stretch(modules: Page) -> None:
    script = """
      const { bars } = await import("/player/waveform.js");
      return [bars([0, 255, 51, 0, 0, 102], 3), bars([255, 0], 4), bars([], 2)];
    """
    assert await run(modules, script) == [[1, 0.2, 0.4], [1, 1, 0, 0], [0, 0]]
