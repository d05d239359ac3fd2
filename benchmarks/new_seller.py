"""A new seller's first minutes, in a real browser: from the link of an invitation to a published bot that answers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from uuid import uuid4

from playwright.async_api import async_playwright

from assistant.paths import DataPaths
from assistant.storage.store import Store
from benchmarks.benchmark import Benchmark, Workplace
from benchmarks.report import Findings, Table, aim, aim_at_least
from skills.shopping.forgetting import forget_shop
from tests.pages.browser import launch
from tests.service import new_seller
from tests.service.running import running_service

AIM_S = 300.0
LETTER_S, CLICK_S, THOUGHT_S = 0.28, 1.5, 1.35
"""Card, Moran and Newell (1980): a letter of somebody who does not type for a living; pointing with the hand on its way
to the mouse; making up one's mind, once before each click or field."""

ABOUT = f"""
A shop that has nothing but a name, and the link of an invitation. A script in a real browser does what its owner would:
accepts, fills in every step of the set-up, uploads a feed of four products and a table with ten questions of its own,
takes all drafted answers, publishes, opens the chat on the page and asks the ten questions. A step's time is from its
first click until the next page is there. What a person would take beside is reckoned from the clicks and letters that
were made, by the keystroke-level model of Card, Moran and Newell: {CLICK_S} s and {THOUGHT_S} s of thought for a click,
{LETTER_S} s for a letter.
"""


def run(place: Workplace) -> Findings:
    pictures = place.kept / "new_seller"
    pictures.mkdir(parents=True, exist_ok=True)
    with running_service(place.paths.root) as service:
        store = Store(DataPaths(service.data_dir).database_url)
        shop = f"lamps-{uuid4().hex[:8]}"
        try:
            journey, wrong = asyncio.run(_travel(service.url, new_seller.invited(store, shop), pictures))
        finally:
            forget_shop(store.engine, shop)
            store.close()
    place.say(f"pictures of each step are in {pictures}")
    waited = sum(journey.times.values())
    by_hand = journey.clicks * (CLICK_S + THOUGHT_S) + journey.letters * LETTER_S
    asked = len(new_seller.QUESTIONS)
    return Findings(
        (
            Table(("step", "s"), tuple((name, f"{seconds:.1f}") for name, seconds in journey.times.items())),
            Table(
                ("clicks", "letters typed", "waited for pages s", "clicking and typing s", "together s"),
                ((journey.clicks, journey.letters, f"{waited:.0f}", f"{by_hand:.0f}", f"{waited + by_hand:.0f}"),),
            ),
        ),
        (
            aim("From invitation to a bot that answers", waited + by_hand, AIM_S, "s"),
            aim_at_least("own questions answered as the seller wrote", asked - len(wrong), asked, 100.0),
            f"axe: {len(journey.violations)} violations on the pages on the way.",
        ),
    )


async def _travel(url: str, invitation: str, pictures: Path) -> tuple[new_seller.Journey, list[str]]:
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(new_seller.WITHIN_MS)
        journey = new_seller.Journey(page, pictures, axe=True)
        await new_seller.begin(journey, url + invitation)
        await new_seller.describe(journey)
        await new_seller.bring_products(journey)
        await new_seller.bring_questions(journey)
        await new_seller.publish(journey)
        wrong = await new_seller.ask_all(journey, [(question, answer) for question, answer, _ in new_seller.QUESTIONS])
        await browser.close()
    return journey, wrong


BENCHMARK = Benchmark("new_seller", "A new seller's first minutes", ABOUT, run)
