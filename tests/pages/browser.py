"""A headless Chromium with a fake microphone for the tests of the pages, and what they look at.

Elements that tests may rely on carry `data-testid`:

| test id | what it is |
|---|---|
| `talk` | the button to speak |
| `status`, `partial`, `notice` | what the speaker is doing, what it hears, what is in the way |
| `log`, `turn`, `said`, `answer` | the conversation; a turn's `data-request` is its `dialog_request_id` |
| `card`, `card-play`, `card-link` | an item found (`data-item`: id, `data-active`: in the player), button, page |
| `quick-reply`, `example` | suggestions |
| `text-input`, `text-send` | typing instead |
| `hands-free`, `wake` | the switches |
| `wake-dialog`, `wake-choice`, `wake-own`, `wake-problem`, `wake-accept` | where the wake word is chosen |
| `player`, `player-title`, `player-toggle`, `player-tap`, `player-media` | the dock, its keys and the media element |

`<body>` has `data-phase` (connecting, offline, idle, waiting, opening, listening, thinking, speaking) and
`data-ducked`; the player has `data-playback` (empty, loading, playing, paused, blocked, stopped, ended, failed) and
`data-item`.
Wait with selectors (`body[data-phase=idle]`), not with `wait_for_function`: the page's content security policy forbids
evaluating strings.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axe_playwright_python.async_playwright import Axe

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MICROPHONE_FLAGS = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
NARROW, WIDE = 360, 1280
"""Pixels: a phone, a desktop."""
AUTOPLAY_FLAG = "--autoplay-policy=no-user-gesture-required"


async def launch(playwright: Playwright, wav: Path | None = None, *, autoplay: bool = True) -> Browser:
    """Start Debian's Chromium; the file `wav` is played once into its microphone each time a page opens that.

    Without `wav` the microphone gives Chromium's own beeps. With `autoplay` false the browser wants a tap before sound,
    as it does on a user's machine.
    """
    flags = [*FLAGS, *MICROPHONE_FLAGS, *([AUTOPLAY_FLAG] if autoplay else [])]
    if wav is not None:
        flags.append(f"--use-file-for-fake-audio-capture={wav.resolve()}%noloop")
    executable = shutil.which("chromium") or "/usr/bin/chromium"
    return await playwright.chromium.launch(executable_path=executable, headless=True, args=flags)


async def faults(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is now, and where it is wider than a phone or a desktop."""
    found, now = await axe_violations(page), page.viewport_size
    for width in (NARROW, WIDE):
        await page.set_viewport_size({"width": width, "height": 800})
        if await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") > 0:
            found.append(f"{page.url} is too wide for {width} pixels")
    if now:
        await page.set_viewport_size(now)
    return found


async def axe_violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is now: one line per rule and element, none when all is well."""
    results: dict[str, Any] = (await Axe().run(page)).response
    return [
        f"{violation['id']} ({violation['impact']}): {node['html']}: {node['failureSummary']}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]
