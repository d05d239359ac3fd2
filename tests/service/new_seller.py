"""A new seller's first minutes, in a real browser: from the link of an invitation to a bot that answers. Also measured
by `benchmarks new_seller`.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import FilePayload, Locator, Page, expect

from assistant.accounts.office import Office
from assistant.accounts.rights import Role
from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.shop import Shop
from tests.pages.browser import axe_violations

WITHIN_MS = 60_000
QUESTIONS = (
    ("Do you repair lamps?", "Yes: bring it to us, most repairs cost $25.", "can you fix my old lamp"),
    (
        "Can I get a different shade?",
        "Every lamp comes with any of our shades, at no extra cost.",
        "do you swap shades",
    ),
    ("Are the bulbs included?", "Yes, an LED bulb comes with every lamp.", "is there a bulb in the box"),
    ("Can you engrave a name?", "Yes, up to 12 letters for $9.", "personal engraving"),
    ("Do you wrap gifts?", "Yes, in linen, for $4.", "gift wrapping"),
    ("Is the cable replaceable?", "Yes, with a screwdriver; new cables cost $12.", "replace the cord"),
    ("Which voltage do the lamps need?", "They work from 100 to 240 volts.", "voltage"),
    ("Do you sell to hotels?", "Yes, from ten lamps on with 15% off.", "discount for hotels"),
    ("Can I borrow a lamp for a film?", "Yes, for a week, against a deposit.", "rent a lamp"),
    ("Do you run workshops?", "On the first Saturday of each month we build a lamp together.", "lamp building course"),
)
"""What a seller brings, in the order question, answer, another way to ask."""
PRODUCTS = "\n".join(
    [
        "id,title,description,price,brand,category,material,image_link,link",
        *(
            f"L{number},{name} Lamp,Made by hand.,{price}.00 USD,Lamplight,Lamps,{material},,https://lamps.example/{number}"
            for number, (name, price, material) in enumerate(
                (("Harbour", 89, "brass"), ("Attic", 49, "paper"), ("Reader", 120, "brass"), ("Moth", 65, "linen")), 1
            )
        ),
    ]
)


@dataclass
class Journey:
    """Somebody at a browser. `times` are seconds by step, in their order; `clicks` and `letters` what it takes."""

    page: Page
    pictures: Path | None = None
    axe: bool = False
    times: dict[str, float] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    clicks: int = 0
    letters: int = 0

    @asynccontextmanager
    async def step(self, name: str) -> AsyncIterator[None]:
        """Something that is done, timed; then looked at, which is not."""
        begun = time.perf_counter()
        yield
        self.times[name] = time.perf_counter() - begun
        if self.pictures:
            await self.page.screenshot(path=self.pictures / f"{len(self.times):02}-{name}.png", full_page=True)
        if self.axe:
            self.violations += [f"{name}: {one}" for one in await axe_violations(self.page)]

    async def click(self, what: Locator) -> None:
        """One click."""
        self.clicks += 1
        await what.click()

    async def fill(self, what: Locator, text: str) -> None:
        """One click, and some letters."""
        self.clicks += 1
        self.letters += len(text)
        await what.fill(text)

    async def choose(self, what: Locator, file: FilePayload) -> None:
        """A file out of a dialog: three clicks."""
        self.clicks += 3
        await what.set_input_files(file)

    async def go_on(self, to: str) -> None:
        """Save the step that one is at."""
        await self.click(self.page.get_by_test_id("go-on"))
        await self.page.wait_for_url(f"**/setup/{to}")


def invited(store: Store, shop: str) -> str:
    """A shop that has nothing but a name, and the path of the invitation for its owner."""
    Catalogues(store.engine).put_shop(Shop(id=shop, name="Lamps"))
    office, now = Office(store.engine), datetime.now(UTC)
    _, secret = office.invitations.invite(shop, f"owner@{shop}.example", Role.OWNER, "The operator", now)
    return f"console/invitation/{secret}"


async def begin(journey: Journey, url: str) -> None:
    """From the link of the invitation to the first step."""
    page = journey.page
    async with journey.step("invitation"):
        await page.goto(url)
        await journey.fill(page.get_by_label("Your name"), "Olga Owner")
        await journey.fill(page.get_by_label("Choose a password"), "three wise lamps burning")
        await journey.click(page.get_by_role("button", name="Join"))
        await journey.click(page.locator("main a[href*='setup/']").first)
        await page.wait_for_url("**/setup/shop")


async def describe(journey: Journey) -> None:
    """The steps that say what the shop is like."""
    page = journey.page
    async with journey.step("shop"):
        await journey.fill(page.get_by_label("Name of your shop"), "Lamplight")
        await journey.fill(page.get_by_label("What you are about"), "Lamps made by hand since 1987")
        await journey.fill(page.get_by_label("E-mail for customers"), "hello@lamps.example")
        await journey.fill(page.get_by_label("Your website"), "https://lamps.example")
        await journey.go_on("voice")
    async with journey.step("voice"):
        await journey.click(page.get_by_label("Warm."))
        await journey.go_on("look")
    async with journey.step("look"):
        await journey.click(page.get_by_label("Violet"))
        await journey.go_on("hours")
    async with journey.step("hours"):
        await journey.go_on("delivery")
    async with journey.step("delivery"):
        way = page.get_by_role("group", name="Way 1")
        for label, value in (("Name", "Standard"), ("Costs", "4.90"), ("Free from", "75")):
            await journey.fill(way.get_by_label(label), value)
        await journey.fill(way.get_by_label("Days, at least"), "2")
        await journey.fill(way.get_by_label("Days, at most"), "4")
        await journey.go_on("returns")
    async with journey.step("returns"):
        await journey.fill(page.get_by_label("What customers can pay with"), "Visa, PayPal")
        await journey.go_on("products")


async def bring_products(journey: Journey) -> None:
    """Upload a feed and wait for its report."""
    page = journey.page
    async with journey.step("products"):
        feed: FilePayload = {"name": "lamps.csv", "mimeType": "text/csv", "buffer": PRODUCTS.encode()}
        await journey.choose(page.get_by_label("A file with your products"), feed)
        await journey.click(page.get_by_test_id("import"))
        await page.get_by_test_id("imported").wait_for(timeout=WITHIN_MS)
        await journey.click(page.get_by_role("link", name="Go on"))


async def skip_products(journey: Journey) -> None:
    """Leave the products for later."""
    await journey.click(journey.page.get_by_role("link", name="Skip for now"))
    await journey.page.wait_for_url("**/setup/questions")


async def bring_questions(journey: Journey) -> None:
    """Take what is drafted, and upload the shop's own questions."""
    page = journey.page
    async with journey.step("drafts"):
        await journey.click(page.get_by_test_id("take-all"))
        await page.get_by_test_id("answers").wait_for()
    async with journey.step("questions"):
        table = "question,answer,variants\n" + "\n".join(
            f'"{ask}","{says}","{other}"' for ask, says, other in QUESTIONS
        )
        file: FilePayload = {"name": "questions.csv", "mimeType": "text/csv", "buffer": table.encode()}
        await journey.choose(page.get_by_label("A table with questions"), file)
        await journey.click(page.get_by_test_id("import"))
        await page.wait_for_url("**/setup/live")


async def publish(journey: Journey) -> None:
    """Make it live."""
    async with journey.step("publish"):
        await journey.click(journey.page.get_by_test_id("publish"))
        await journey.page.locator("sori-chat").wait_for(state="attached")


async def ask_all(journey: Journey, questions: Sequence[tuple[str, str]]) -> list[str]:
    """Open the chat on the page, ask, and say which answers were not what the seller wrote."""
    page, wrong = journey.page, []
    async with journey.step("asking"):
        await journey.click(page.locator("sori-chat .launcher"))
        for question, expected in questions:
            answer = await _asked(journey, question)
            if expected not in answer:
                wrong.append(f"{question}: {answer}")
    return wrong


async def _asked(journey: Journey, text: str) -> str:
    page = journey.page
    answers = page.locator("sori-chat [data-from=bot][data-seq]")
    count = await answers.count()
    field = page.get_by_label("Write a message")
    await journey.fill(field, text)
    await field.press("Enter")
    await expect(answers).to_have_count(count + 1, timeout=WITHIN_MS)
    return await answers.last.inner_text()
