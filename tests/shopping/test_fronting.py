"""A shop's rules within a turn: drafts apart from what is live, other shops' apart, open questions first."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant.storage.store import Store
from skills.fact import FactKind
from skills.shopping.actions import ShoppingActions
from skills.shopping.buying.orders import Orders
from skills.shopping.catalogue import Catalogues
from skills.shopping.filling import Filling
from skills.shopping.fronting import FrontActions
from skills.shopping.memory import Ask, Pending, ShoppingMemory
from skills.shopping.shop import Shop
from skills.skill import ActionRequest, ActionResult, Understanding
from skills.storefront import Entries
from skills.storefront.behaviour import KeywordReply, OwnWording
from skills.storefront.front import Front
from skills.turn import Channel, Hypothesis, Utterance

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def said(text: str, shop: str, *, draft: bool = False, pending: Ask | None = None) -> ActionRequest:
    utterance = Utterance(
        conversation="c",
        dialog_request_id="r",
        channel=Channel.WIDGET,
        alternatives=(Hypothesis(text=text),),
        store=shop,
        draft=draft,
    )
    memory = ShoppingMemory(pending=Pending(ask=pending) if pending else None)
    return ActionRequest(utterance, Understanding(text, "", 1.0), memory.model_dump(mode="json"))


def text_of(result: ActionResult) -> str:
    return result.reply.text if result.reply else ""


@pytest.mark.asyncio
async def test_drafts_are_seen_by_draft_turns_alone_and_publishing_counts_at_once(store: Store) -> None:
    catalogues, entries = Catalogues(store.engine), Entries(store.engine)
    shop, other = (f"s-{secrets.token_hex(4)}" for _ in range(2))
    for one in (shop, other):
        catalogues.put_shop(Shop(id=one, name="Ours"))
    front = Front(entries)
    filling = Filling(catalogues, Orders(store.engine), front, lambda: NOW)
    acts = FrontActions(front, catalogues.shop, filling)
    actions = ShoppingActions([acts], acts.wordings)
    repeat = actions.by_name()["action_repeat"]
    default = text_of(await repeat(said("again", shop)))

    entries.save(
        shop, "keyword", "k", KeywordReply(phrases=("hours",), text="Nine to five at {shop_name}."), "Ada", NOW
    )
    own = OwnWording(reply="cart.empty", text="Nothing here.")
    entries.save(shop, "wording", "cart.empty", own, "Ada", NOW)
    asked = said("Hours?", shop)
    assert text_of(await acts.before(asked)) == ""
    drafted = await acts.before(said("Hours?", shop, draft=True))
    assert text_of(drafted) == "Nine to five at Ours."
    assert [(one.kind, one.subject) for one in drafted.facts] == [(FactKind.KEYWORD, "k")]
    assert acts.wordings(asked).say("cart.empty") != "Nothing here."

    entries.publish(shop, "Ada", NOW)
    assert text_of(await acts.before(asked)) == "Nine to five at Ours."
    assert text_of(await acts.before(said("Hours?", other))) == ""
    assert acts.wordings(asked).say("cart.empty") == "Nothing here."
    for open_question, answered in ((Ask.PIN, False), (Ask.ORDER, False), (Ask.CONFIRM, True)):
        request = said("Hours?", shop, pending=open_question)
        assert bool(text_of(await acts.before(request))) is answered

    remembered = replace(asked, memory=ShoppingMemory(said="Your cart is empty.").model_dump(mode="json"))
    assert text_of(await repeat(remembered)) == "Nothing here."
    assert text_of(await repeat(asked)) == default
