"""`<sori-chat>` in a real browser, under the strictest security policy, against a peer that breaks on demand."""

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from assistant.web.widget import widget
from tests.pages.browser import axe_violations
from tests.pages.chat_peer import Peer, chat_peer
from tests.pages.chat_views import form

pytestmark = pytest.mark.asyncio(loop_scope="module")

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
SIZE_MAX = 25_000
"""Bytes of the module, compressed."""


@pytest.fixture
def peer() -> Iterator[Peer]:
    with chat_peer() as peer:
        yield peer


@asynccontextmanager
async def chat(
    browser: Browser, peer: Peer, query: str = "consent=granted", size: ViewportSize = DESKTOP, **more: Any
) -> AsyncIterator[Page]:
    """A page with the widget, in a browser that knows nothing yet; no script fails and no policy is broken in it."""
    mistakes: list[str] = []
    context = await browser.new_context(viewport=size, reduced_motion="reduce", **more)
    page = await context.new_page()
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("console", lambda message: "Content Security" in message.text and mistakes.append(message.text))
    await page.goto(f"{peer.origin}/page?{query}")
    await page.locator(".launcher:not([hidden]), .panel[open]").wait_for()
    yield page
    title = await page.title()
    await context.close()
    assert (mistakes, title) == ([], "A shop")


async def ask(page: Page, *texts: str) -> None:
    """Types, and waits for each answer."""
    for text in texts:
        answers = page.locator("[data-from=bot][data-seq]")
        count = await answers.count()
        await page.get_by_label("Write a message").fill(text)
        await page.keyboard.press("Enter")
        await expect(answers).to_have_count(count + 1)


def sent(peer: Peer) -> list[dict[str, Any]]:
    """What shoppers have said and tapped."""
    return [told for told in peer.heard if told["type"] == "send"]


async def opened(page: Page) -> Locator:
    await page.get_by_role("button", name="Open chat").click()
    await expect(page.locator(".panel")).to_have_attribute("data-line", "ready")
    return page.locator(".panel")


async def check_looks(page: Page) -> None:
    """Accessible, and within the screen, on a phone and on a desktop."""
    assert await axe_violations(page) == []
    for size in (PHONE, DESKTOP):
        await page.set_viewport_size(size)
        for part in ("html", ".panel", ".log"):
            for node in await page.locator(part).all():
                assert await node.evaluate("node => node.scrollWidth - node.clientWidth") <= 0, part


async def stored(page: Page) -> str:
    text: str = await page.locator("html").evaluate("() => JSON.stringify([localStorage, sessionStorage])")
    return text


async def test_everything_that_a_shop_answers_is_shown_and_accessible(browser: Browser, peer: Peer) -> None:
    async with chat(browser, peer) as page:
        await check_looks(page)
        panel = await opened(page)
        await expect(panel).to_contain_text("Looking for something warm")
        await check_looks(page)

        await page.get_by_role("button", name="Show me boots").click()
        await expect(page.get_by_role("group", name="Products, 5 of 23")).to_be_visible()
        assert (peer.heard[0]["page"]["product"], peer.heard[0]["last"]) == ("trail-boot", 0)
        await expect(page.locator(".carousel")).to_contain_text("from $99.00")
        await page.locator("[data-product=city-boot]").scroll_into_view_if_needed()
        await expect(page.locator("[data-product=city-boot] img")).to_have_count(0)  # it is missing: the stand-in shows
        await page.get_by_text("Narrow down").click()
        await check_looks(page)
        await ask(page, "Show me boots", *2 * ["Compare the first two"], "What do people say about it?")
        await expect(page.get_by_role("row", name=re.compile("^Weight")).first).to_contain_text("best")
        await check_looks(page)
        await ask(page, "My cart", "Where is my order?", "Ordered", "The first one")
        await page.get_by_text("Product details").click()
        await check_looks(page)

        await page.get_by_role("combobox", name="Choose size").select_option("42")
        await page.locator(".single").get_by_role("button", name="Add to cart").click()
        await expect(page.locator(".list > .message").last).to_contain_text("You said: Add to cart")
        assert sent(peer)[-1]["tap"]["values"] == {"product": "trail-boot", "quantity": 1, "options": ["size=42"]}
        await page.get_by_role("button", name="Helpful", exact=True).last.click()
        await expect(page.get_by_role("button", name="Helpful", exact=True).last).to_have_attribute(
            "aria-pressed", "true"
        )

        await page.get_by_role("button", name="Your conversations").click()
        await expect(page.get_by_role("button", name="Go on here")).to_be_visible()
        await check_looks(page)


async def test_forms_say_what_is_wrong_and_what_they_were_filled_with_is_kept_nowhere(
    browser: Browser, peer: Peer
) -> None:
    async with chat(browser, peer) as page:
        await opened(page)
        await ask(page, "Check out")
        await page.get_by_role("button", name="Continue").click()
        email = page.get_by_label("E-mail")
        await expect(email).to_be_focused()
        await expect(email).to_have_attribute("aria-invalid", "true")
        await expect(page.locator(".error", has_text="Please fill this in.")).to_have_count(3)
        await check_looks(page)
        await email.fill("kari@example.invalid")
        await page.get_by_label("Full name").fill("Kari Nord")
        await page.get_by_label("Country").select_option("Norway")
        peer.broken.add("mute")
        await page.get_by_role("button", name="Continue").click()
        await expect(page.get_by_text("Sending…")).to_be_visible()
        assert "conversation" in await stored(page)
        assert "kari@example.invalid" not in await stored(page)
        peer.broken.clear()
        peer.cut()
        await expect(page.get_by_text("We cannot write to that address.")).to_be_visible()
        assert sent(peer)[-1]["label"] == "Continue"
        assert sent(peer)[-1]["tap"]["values"] == {
            "email": "kari@example.invalid",
            "name": "Kari Nord",
            "country": "NO",
            "phone": "",
        }
        await expect(page.locator("fieldset[data-until=form]:enabled")).to_have_count(1)  # the new one


async def test_quick_replies_stay_and_cannot_be_taken_twice(browser: Browser, peer: Peer) -> None:
    async with chat(browser, peer) as page:
        await opened(page)
        await ask(page, "Show me boots")
        await page.get_by_role("button", name="Under $100").click()
        await expect(page.locator(".list > .message").last).to_contain_text("You said: Under $100")
        for name in ("Under $100", "In moss green"):
            await expect(page.get_by_role("button", name=name)).to_be_visible()
            await expect(page.get_by_role("button", name=name)).to_be_disabled()
        await expect(page.get_by_role("button", name="Under $100")).to_have_attribute("data-taken", "true")


async def test_a_quantity_is_changed_by_keyboard_and_the_focus_goes_on_in_the_new_cart(
    browser: Browser, peer: Peer
) -> None:
    async with chat(browser, peer) as page:
        await opened(page)
        await ask(page, "My cart")
        more = page.get_by_role("button", name="One more: Skarn Mid waterproof trail boot")
        await more.focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Enter")
        await expect(page.locator(".list > .message").last).to_contain_text("I changed that.")
        taps = [told["tap"] for told in sent(peer) if "tap" in told]
        assert taps == [{"name": "cart.quantity", "values": {"sku": "trail-boot-42", "quantity": 4}}]
        await expect(more).to_have_count(1)  # the cart of before only says that it has changed
        await expect(more).to_be_focused()
        await expect(page.get_by_role("button", name="Cart, 5 things")).to_be_visible()


async def test_keyboard_alone_is_enough(browser: Browser, peer: Peer) -> None:
    async with chat(browser, peer) as page:
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name="Open chat")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("Write a message")).to_be_focused()
        await page.keyboard.type("Show me boots")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.press("Backspace")
        await page.keyboard.press("Enter")
        first = page.locator(".carousel").get_by_role("link").first
        await first.focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.get_by_role("link", name="Fell Runner low boot")).to_be_focused()
        await expect(page.locator(".panel > [role=status]")).to_have_text("2 of 5: Fell Runner low boot")
        await page.keyboard.press("End")
        await expect(page.get_by_role("link", name="Little Skarn children's boot")).to_be_focused()
        await page.keyboard.press("Tab")  # the button of this card, not the link of the next
        await expect(page.locator("[data-product=kid-boot]").get_by_role("button")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Open chat")).to_be_focused()

        await page.set_viewport_size(PHONE)
        await page.keyboard.press("Enter")
        await expect(page.locator(".panel:modal")).to_be_visible()
        for _ in range(40):  # all around, and nothing behind it
            await page.keyboard.press("Tab")
            assert await page.locator("h1, .launcher").and_(page.locator(":focus")).count() == 0
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="Open chat")).to_be_focused()


async def test_nothing_is_lost_or_doubled_when_the_line_breaks(browser: Browser, peer: Peer) -> None:
    """Before a message was accepted, after it was taken but not accepted, and while nobody answered at all."""
    async with chat(browser, peer, "") as page:
        panel = await opened(page)
        await ask(page, "one")
        peer.broken.add("accept")
        await page.get_by_label("Write a message").fill("two")
        await page.keyboard.press("Enter")
        await expect(panel).to_contain_text("You said: two")
        await expect(page.get_by_text("Sending…")).to_have_count(0)

        peer.broken.add("connect")
        peer.cut()
        await expect(page.locator(".banner")).to_contain_text("The chat cannot be reached.")
        await page.get_by_label("Write a message").fill("three")
        await page.keyboard.press("Enter")
        await page.get_by_label("Write a message").fill("a draft")
        await expect(page.get_by_text("Sending…")).to_be_visible()
        peer.say(peer.thread, "Said while you were away")
        await check_looks(page)
        await page.get_by_role("button", name="Try again").click()  # in vain; afterwards it comes back by itself
        peer.broken.clear()
        await expect(panel).to_contain_text("You said: three")
        await expect(page.get_by_label("Write a message")).to_have_value("a draft")
        assert await page.locator(".list .bubble").all_text_contents() == [
            "one", "You said: one", "two", "You said: two", "Said while you were away", "three", "You said: three",
        ]  # fmt: skip
        assert [message["text"] for message in peer.thread.messages if message["from"] == "shopper"] == [
            "one", "two", "three",
        ]  # fmt: skip


async def test_without_consent_nothing_is_kept_and_with_it_the_conversation_is_found_again(
    browser: Browser, peer: Peer
) -> None:
    async with chat(browser, peer, "privacy=/privacy") as page:
        await opened(page)
        await ask(page, "Show me boots")
        assert await stored(page) == "[{},{}]"
        await expect(page.get_by_role("link", name="Privacy")).to_have_attribute("href", f"{peer.origin}/privacy")
        await check_looks(page)
        await page.get_by_role("button", name="Not now").click()
        await ask(page, "Where is my order?")
        assert await stored(page) == "[{},{}]"
        await page.reload()
        await opened(page)
        await expect(page.locator(".list > .message")).to_have_count(0)

        await ask(page, "one")
        await page.get_by_role("button", name="Keep it").click()
        await page.get_by_label("Write a message").fill("a draft")
        await page.reload()  # the tab had the chat open
        await expect(page.locator(".panel")).to_contain_text("You said: one")
        await expect(page.get_by_label("Write a message")).to_have_value("a draft")
        await page.get_by_role("button", name="Your conversations").click()
        await page.get_by_role("button", name="Forget everything on this device").click()
        await expect(page.locator(".list > .message")).to_have_count(0)
        assert await stored(page) == "[{},{}]"


async def test_what_comes_while_it_is_closed_is_counted_and_older_messages_come_on_the_way_up(
    browser: Browser, peer: Peer
) -> None:
    async with chat(browser, peer) as page:
        await opened(page)
        await ask(page, "one")
        for number in range(70):
            peer.say(peer.thread, f"Notice {number}")
        await expect(page.get_by_text("Notice 69", exact=True)).to_be_visible()
        await page.keyboard.press("Escape")
        peer.say(peer.thread, "Hello again", "agent", name="Mia")
        await expect(page.get_by_role("button", name="Open chat, 1 new")).to_be_visible()
        await expect(page.locator(".launcher + [role=status]")).to_have_text("Mia said: Hello again")
        await check_looks(page)
        await page.reload()
        await page.get_by_role("button", name="Open chat, 1 new").click()
        last = page.get_by_text("Hello again")
        await expect(last).to_be_in_viewport()
        await expect(page.locator(".list > .message")).to_have_count(50)
        await page.locator(".log").evaluate("log => (log.scrollTop = 0)")
        await expect(page.locator(".list > .message")).to_have_count(73)
        await expect(last).not_to_be_in_viewport()
        await expect(page.locator(".panel > [role=status]")).to_have_text("")  # history is not read out


async def test_a_person_takes_over_and_gives_back(browser: Browser, peer: Peer) -> None:
    async with chat(browser, peer) as page:
        panel = await opened(page)
        await ask(page, "one")
        await page.get_by_role("button", name="Talk to a person").click()
        await expect(panel).to_contain_text("Waiting for a person")
        await check_looks(page)
        peer.tell(peer.thread, {"type": "state", "state": "agent", "name": "Mia"})
        peer.say(peer.thread, "Mia has joined", "note")
        peer.say(peer.thread, "Hello, how can I help?", "agent", name="Mia")
        await expect(panel).to_contain_text("You are talking with Mia")
        await expect(page.locator(".panel > [role=status]")).to_have_text("Mia said: Hello, how can I help?")
        await check_looks(page)
        peer.tell(peer.thread, {"type": "state", "state": "closed", "name": None})
        await expect(panel).to_contain_text("Answers right away")
        await expect(page.get_by_role("button", name="Talk to a person")).to_be_visible()
        peer.tell(peer.thread, {"type": "state", "state": "agent", "name": "Mia"})
        await page.get_by_role("button", name="Back to the assistant").click()
        await expect(panel).to_contain_text("Answers right away")


async def test_an_answer_is_read_while_it_is_written(browser: Browser, peer: Peer) -> None:
    async with chat(browser, peer) as page:
        await opened(page)
        await page.get_by_label("Write a message").fill("Slowly")
        await page.keyboard.press("Enter")
        await expect(page.locator(".log > .message .bubble")).to_have_text("Let me see")
        await expect(page.locator(".panel > [role=status]")).to_have_text("")  # only the whole answer is read out
        peer.say(peer.thread, "Let me see: there are three.")
        await expect(page.locator(".log > .message")).to_be_hidden()
        await expect(page.locator(".list").get_by_text("Let me see")).to_have_count(1)
        await page.get_by_label("Write a message").fill("Nothing")
        await page.keyboard.press("Enter")
        await expect(page.locator(".dots")).to_be_visible()
        await page.get_by_label("Write a message").fill("Too much")
        await page.keyboard.press("Enter")
        await expect(page.locator(".problem")).to_contain_text("Not sent. Please slow down a little.")
        await check_looks(page)


async def test_markup_scripts_and_links_of_products_stay_text(browser: Browser, peer: Peer) -> None:
    async with chat(browser, peer) as page:
        await opened(page)
        await ask(page, "Attack")
        await expect(page.locator(".card h4")).to_contain_text("<script>document.title")
        assert await page.locator(".panel script, .panel img[src^=x], .panel iframe").count() == 0
        for attribute in ("href", "src"):
            for node in await page.locator(f".panel [{attribute}]").all():
                address = await node.get_attribute(attribute) or ""
                assert address.startswith(("http:", "https:")), address


async def test_conversations_are_several_and_go_from_device_to_device(browser: Browser, peer: Peer) -> None:
    async with chat(browser, peer) as page:
        await opened(page)
        await ask(page, "one")
        await page.get_by_role("button", name="Your conversations").click()
        await page.get_by_role("button", name="New conversation").click()
        await expect(page.locator(".list > .message")).to_have_count(0)
        await ask(page, "two")
        await page.get_by_role("button", name="Your conversations").click()
        await page.get_by_role("button", name=re.compile("^one")).click()
        await expect(page.locator(".list")).to_contain_text("You said: one")

    async with chat(browser, peer, "dir=rtl&scheme=dark") as page:
        await opened(page)
        await page.get_by_role("button", name="Your conversations").click()
        await page.get_by_label("Code from the other device").fill("nonsense")
        await page.get_by_role("button", name="Go on here").click()
        await expect(page.get_by_role("alert")).to_have_text("This code is not known, or too old.")
        await check_looks(page)
        await page.get_by_label("Code from the other device").fill("K7F4QX")
        await page.get_by_role("button", name="Go on here").click()
        await expect(page.locator(".list")).to_contain_text("You said: one")
        await ask(page, "Show me boots")
        await check_looks(page)


async def test_speaking_sends_what_was_heard_and_a_refusal_is_explained(browser: Browser, peer: Peer) -> None:
    async with chat(browser, peer) as page:
        await opened(page)
        await page.get_by_role("button", name="Speak").click()
        await expect(page.get_by_text("Listening…")).to_be_visible()
        await check_looks(page)
        await page.get_by_role("button", name="Stop and send what I said").click()
        await expect(page.get_by_role("group", name="Products, 5 of 23")).to_be_visible()
        [recording] = [told for told in peer.heard if told["type"] == "voice"]
        assert recording["kind"].startswith("audio/webm")
        assert sent(peer)[0]["voice"] == "recording-1"

        await page.evaluate(
            "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError')); 0"
        )
        await page.get_by_role("button", name="Speak").click()
        await expect(page.locator(".banner")).to_contain_text("The microphone is not allowed here.")


async def test_a_page_is_told_what_happens_and_may_steer(browser: Browser, peer: Peer) -> None:
    async with chat(browser, peer, "consent=none&fill") as page:
        await expect(page.locator(".panel")).to_have_attribute("data-line", "ready")
        assert await page.locator("sori-chat").get_attribute("version") == await page.evaluate(
            "() => document.querySelector('sori-chat').version"
        )
        seen: list[Any] = await page.evaluate(
            """async () => {
              const chat = document.querySelector("sori-chat"), seen = [];
              const names = ["sori-message", "sori-tap", "sori-cart", "sori-state"];
              const note = ({ type, detail }) => seen.push([type, detail.text ?? detail.name ?? detail.count]);
              names.forEach((name) => document.addEventListener(name, note));
              chat.setPage({ product: "kid-boot" });
              const answered = new Promise((done) => chat.addEventListener("sori-message", done));
              chat.send("one");
              await answered;
              return seen;
            }"""
        )
        assert seen == [["sori-message", "You said: one"]]
        assert sent(peer)[-1]["page"]["product"] == "kid-boot"
        assert await stored(page) == "[{},{}]"


async def test_the_modules_work_as_they_stand_and_the_one_module_is_small(browser: Browser, peer: Peer) -> None:
    module, compressed, _ = widget()
    assert gzip.decompress(compressed) == module
    assert len(compressed) < SIZE_MAX
    peer.broken.add("modules")
    async with chat(browser, peer, forced_colors="active") as page:
        await opened(page)
        await ask(page, "Show me boots", "My cart")
        await expect(page.get_by_role("button", name="Check out")).to_be_visible()
        await check_looks(page)


MENU = [
    {"label": "Find boots", "tap": {"name": "say", "values": {"text": "Show me boots"}}, "items": []},
    {
        "label": "Help",
        "tap": None,
        "items": [
            {"label": "Sizes", "tap": {"name": "open", "values": {"url": "https://nordfell.example/s"}}, "items": []},
            {
                "label": "Orders",
                "tap": None,
                "items": [
                    {"label": "Our cards", "tap": {"name": "card.show", "values": {"card": "picks"}}, "items": []}
                ],
            },
        ],
    },
]


async def test_the_menu_unfolds_by_keyboard_and_does_what_it_says(browser: Browser, peer: Peer) -> None:
    peer.menu += MENU
    async with chat(browser, peer) as page:
        panel = await opened(page)
        menu = panel.locator("details.menu").first
        await menu.locator("summary").first.focus()
        await page.keyboard.press("Enter")
        await expect(menu).to_have_attribute("open", "")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("button", name="Find boots")).to_be_focused()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        link = page.get_by_role("link", name="Sizes")
        await expect(link).to_have_attribute("href", "https://nordfell.example/s")
        await expect(link).to_have_attribute("rel", "noopener")
        await panel.get_by_text("Orders", exact=True).click()
        await check_looks(page)
        await page.get_by_role("button", name="Our cards").click()
        await expect(menu).not_to_have_attribute("open", "")
        await expect(page.locator("[data-from=bot][data-seq]").last).to_contain_text("You said: Our cards")
        assert sent(peer)[-1]["tap"] == {"name": "card.show", "values": {"card": "picks"}}
        await panel.get_by_text("Menu", exact=True).click()
        await page.get_by_role("button", name="Find boots").click()
        await expect(page.get_by_role("group", name="Products, 5 of 23")).to_be_visible()
        assert (sent(peer)[-1]["text"], sent(peer)[-1].get("tap")) == ("Show me boots", None)


async def test_cards_of_the_shops_own_are_shown_and_their_buttons_work(browser: Browser, peer: Peer) -> None:
    async with chat(browser, peer) as page:
        await opened(page)
        await ask(page, "Our picks")
        cards = page.get_by_role("group", name="A closer look, 2")
        await expect(cards.get_by_role("img", name="A tent in the snow")).to_be_visible()
        await expect(page.get_by_role("img", name="How to measure your foot")).to_be_visible()
        await expect(cards.get_by_role("link", name="Read it")).to_have_attribute("target", "_blank")
        view = form().model_dump(mode="json")
        peer.say(peer.thread, "Nobody is free right now.", "note", shop=view)
        await expect(page.locator("[data-from=note]").get_by_role("textbox").first).to_be_visible()
        await check_looks(page)
        await cards.get_by_role("button", name="Show me boots").click()
        await expect(page.get_by_role("group", name="Products, 5 of 23")).to_be_visible()


async def test_a_message_comes_by_itself_once_and_never_over_an_open_chat(browser: Browser, peer: Peer) -> None:
    button = {"label": "Show me boots", "tap": {"name": "say", "values": {"text": "Show me boots"}}, "style": "plain"}
    winter = {"id": "winter", "text": "New boots are in.", "after_s": 0, "every_s": 86_400, "buttons": [button]}
    peer.proactive.append(winter)
    async with chat(browser, peer, "consent=ask") as page:  # nothing may be kept: the limit could not be either
        await opened(page)
        assert peer.pages == []
    async with chat(browser, peer, "consent=granted&language=en") as page:
        nudge = page.get_by_role("complementary", name="Assistant")
        await expect(nudge).to_contain_text("New boots are in.")
        await expect(page.get_by_role("status")).to_have_text("New boots are in.")
        assert await axe_violations(page) == []
        assert (peer.pages[0]["url"], peer.pages[0]["language"]) == (f"{peer.origin}/page", "en")
        await page.get_by_role("button", name="Close this message").click()
        await expect(nudge).to_be_hidden()
        await expect(page.get_by_role("button", name="Open chat")).to_be_focused()
        peer.proactive += [{**winter, "id": "spring", "text": "Spring is near."}]
        await page.reload()
        await expect(nudge).to_contain_text("Spring is near.")  # the other one was seen today
        await nudge.get_by_role("button", name="Show me boots").click()
        await expect(page.get_by_role("group", name="Products, 5 of 23")).to_be_visible()
        await expect(nudge).to_be_hidden()
        peer.proactive[:] = [{**winter, "id": "summer"}]
        summer = "() => document.querySelector('sori-chat').setPage({ url: 'https://a.example/summer' })"
        async with page.expect_response("**/config?*") as told:
            await page.evaluate(summer)
        await (await told.value).finished()
        await expect(nudge).to_be_hidden()
        await page.get_by_role("button", name="Close chat").click()
        await page.evaluate(summer)
        await expect(nudge).to_contain_text("New boots are in.")
    assert peer.pages[-1]["url"] == "https://a.example/summer"
