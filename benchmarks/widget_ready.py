"""What the chat widget costs the page that has it: bytes, and a phone's time until it is ready and until it is open."""

from __future__ import annotations

import asyncio

from playwright.async_api import Browser, async_playwright

from assistant.web.widget import widget
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Findings, Table, aim, percentile, spread
from tests.pages.browser import launch
from tests.pages.chat_peer import Peer, chat_peer

RUNS, SLOWER = 20, 4
AIM_MS, AIM_BYTES = 150.0, 25_000.0

ABOUT = f"""
`<sori-chat>` in Chromium with its processor slowed down {SLOWER} times (`Emulation.setCPUThrottlingRate`) and a phone's
screen, {RUNS} times, each in a browser context that has cached nothing, from a server on the same machine that answers
the chat's protocol by script. Script time is Chromium's `ScriptDuration`: all JavaScript of the page, compiling
included, until the launcher can be tapped; then, a tap later, until the open chat shows the shop's greeting. Task time
adds style, layout and painting of the whole page, which has nothing else on it.
"""


def run(place: Workplace) -> Findings:
    module, compressed, _ = widget()
    figures = asyncio.run(_measure(place))
    rows = tuple((name, *spread(values)) for name, values in figures.items())
    sizes = (("as it is", len(module)), ("compressed (gzip)", len(compressed)))
    script = figures["script until ready"]
    return Findings(
        (Table(("", "runs", "p50, ms", "p95, ms"), rows), Table(("the module", "bytes"), sizes)),
        (
            aim("script time until ready, p95,", percentile(script, 95), AIM_MS, "ms"),
            aim("the module, compressed,", len(compressed), AIM_BYTES, "bytes"),
        ),
    )


async def _measure(place: Workplace) -> dict[str, list[float]]:
    figures: dict[str, list[float]] = {}
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        with chat_peer() as peer:
            for number in range(RUNS):
                place.say(f"page {number + 1} of {RUNS}")
                for name, value in (await _one(browser, peer)).items():
                    figures.setdefault(name, []).append(value)
        await browser.close()
    return figures


async def _one(browser: Browser, peer: Peer) -> dict[str, float]:
    """Milliseconds of one page."""
    context = await browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = await context.new_page()
    devtools = await context.new_cdp_session(page)
    await devtools.send("Performance.enable")
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})

    async def spent() -> dict[str, float]:
        metrics = (await devtools.send("Performance.getMetrics"))["metrics"]
        return {one["name"]: 1000 * one["value"] for one in metrics}

    before = await spent()
    await page.goto(f"{peer.origin}/page")
    await page.locator(".launcher").wait_for()
    ready = await spent()
    await page.locator(".launcher").tap()
    await page.locator(".greeting .hello").wait_for()
    opened = await spent()
    await context.close()
    return {
        "script until ready": ready["ScriptDuration"] - before["ScriptDuration"],
        "all tasks until ready": ready["TaskDuration"] - before["TaskDuration"],
        "script from there until open": opened["ScriptDuration"] - ready["ScriptDuration"],
        "all tasks from there until open": opened["TaskDuration"] - ready["TaskDuration"],
    }


BENCHMARK = Benchmark("widget_ready", "The chat widget on a slow phone", ABOUT, run)
