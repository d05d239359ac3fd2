"""From a question in the chat to a paid order, and back: by words and taps, over the socket, the payment page, the
command line and the order's mail, as a shopper and a shop's people do it."""

from __future__ import annotations

import re
import subprocess
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.service.chatting import Received, Shopper, chatting
from tests.service.running import DATA, SORI, Running, eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHOP = "nordfell"
ADDRESS = {"email": "ada@example.org", "name": "Ada", "street": "12 Elm Street", "city": "Boise", "country": "US"}


async def tap(shopper: Shopper, answer: Received, label: str, **values: Any) -> Received:
    """Tap a button of an answer, or send its form, and take what is answered."""
    view = answer["shop"]
    parts = [view, *(view[name] for name in ("cart", "checkout", "order") if view[name])]
    buttons = {button["label"]: button["tap"] for part in parts for button in part["buttons"]}
    chosen = view["form"]["tap"] if label == "form" else buttons[label]
    return await shopper.answer(await shopper.tap(chosen["name"], label, **chosen["values"], **values))


def pay(http: httpx.Client, url: str, card: str) -> str:
    """Pay on the payment page as somebody does in a browser; returns what it says then."""
    page = http.get(url).text
    form = re.search(r'name="form" value="([^"]+)"', page)
    return http.post(url, data={"form": form[1], "card": card}, follow_redirects=True).text if form else page


def letters(about: str) -> list[str]:
    """The texts of the letters that were sent about something."""
    mail = [message_from_bytes(path.read_bytes(), policy=default) for path in Path(DATA / "mail").glob("*.eml")]
    found = [letter for letter in mail if about in str(letter["subject"])]
    return [part.get_content() for letter in found if (part := letter.get_body(("plain",)))]


def sori(*arguments: str) -> str:
    command = [str(SORI), *arguments, "--data-dir", str(DATA)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


async def test_boots_are_found_bought_and_sent_back(service: Running, http: httpx.Client) -> None:
    """Every word of it is what the catalogue, the cart and the order say."""
    async with chatting(service, SHOP) as ada:
        found = await ada.ask("waterproof hiking boots under 250")
        assert {chip["label"].casefold() for chip in found["shop"]["chips"]} >= {"waterproof", "under $250"}
        assert all(card["price"]["minor"] < 25_000 for card in found["shop"]["products"])
        first = found["shop"]["products"][0]
        asked = await ada.ask("I'll take the first one")
        while not asked["shop"]["cart"]:
            assert _options(asked), [one["text"] for one in ada.messages]
            asked = await ada.ask(_options(asked)[0])
        (line,) = asked["shop"]["cart"]["lines"]
        assert line["product"] == first["product"]

        form = await ada.ask("check out")
        wrong = await tap(ada, form, "form", **ADDRESS | {"email": "ada at example"})
        assert [field["name"] for field in wrong["shop"]["form"]["fields"] if field["error"]] == ["email"]
        read_back = await tap(ada, wrong, "form", **ADDRESS)
        total = read_back["shop"]["checkout"]["totals"]["total"]["minor"]
        assert f"${total / 100:.2f}".removesuffix(".00") in read_back["text"]
        assert "12 Elm Street" in read_back["text"]
        to_pay = await ada.ask("yes")
        url = to_pay["shop"]["checkout"]["continue_url"]
        assert "declined" in pay(http, url, "4000 0000 0000 0002")
        assert "still to be paid" in (await ada.ask("where is my order?"))["text"]
        paid = pay(http, url, "4242 4242 4242 4242")
        assert "paid" in paid.casefold()
        assert pay(http, url, "4242 4242 4242 4242") == paid
        placed = await ada.ask("where is my order?")
        order = placed["shop"]["order"]
        assert order["totals"]["total"]["minor"] == total
        assert (await ada.ask("what's in my cart?"))["shop"]["cart"]["count"] == 0

    number = order["number"]
    eventually(lambda: letters(f"Your order {number}"), 20, "the receipt is sent")
    assert sori("orders", "list", SHOP).count(number) == 1
    sori("orders", "ship", SHOP, number, "--note", "Parcel 1234")
    sori("orders", "deliver", SHOP, number)
    async with chatting(service, SHOP) as stranger:
        assert "six digits" in (await stranger.ask(f"where is order {number}?"))["text"]
        eventually(lambda: letters(f"code for order {number}"), 20, "the code is sent")
        code = re.search(r"code is (\d{6})", letters(f"code for order {number}")[0])
        assert code
        told = await stranger.ask(code[1])
        assert "was delivered" in told["text"]
        assert "Parcel 1234" in " ".join(told["shop"]["order"]["events"])
        step = await tap(stranger, told, "Send something back")
        step = await tap(stranger, step, "Too small")
        step = await tap(stranger, step, "Money back") if "Your money back" in step["text"] else step
        done = await stranger.ask("yes please")
        parcel = re.search(r"RT-\d+", done["text"])
        assert parcel, done["text"]
        assert "was paid back" in sori("returns", "receive", SHOP, parcel[0])
        assert "was paid back" in (await stranger.ask("when do I get my money back?"))["text"]


def _options(answer: Received) -> list[str]:
    """What a question about size or colour offers."""
    labels = [reply["text"] for reply in answer["quick_replies"]]
    return labels or [button["label"] for button in answer["shop"]["buttons"]]
