"""What a shop's own rules come to in a chat: how somebody is greeted, what they are told by the way, who is called."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from assistant.chat.client_messages import Page
from assistant.chat.log import ChatLog
from assistant.chat.once import Once
from assistant.chat.performing import Call, Presence
from assistant.chat.records import Body
from assistant.chat.rows import Draft
from assistant.chat.server_messages import Coming, Sender, ShopFace
from assistant.chat.sessions import Shopper
from assistant.chat.surroundings import Surroundings
from assistant.chat.telling import Telling
from assistant.chat.wording import PERSON, opening
from skills.fact import Fact, FactKind, Source
from skills.message import ItemId
from skills.shop_view import ShopView
from skills.shopping.fronting import buttons_of, menu_entries
from skills.shopping.shop import Shop
from skills.storefront.behaviour.customers import CustomerKind, Visitor
from skills.storefront.behaviour.greeting import Greeting, greeting_for
from skills.storefront.behaviour.handover import Heard, asks_for_person
from skills.storefront.behaviour.proactive import ProactiveMessage, fits
from skills.storefront.behaviour.texts import OPENS
from skills.storefront.front import Storefront
from skills.storefront.template import render, variables

HELLO = "Hello! I am the assistant of {shop}. What are you looking for?"
OFFER_EVERY_H = 24
"""Whoever rates more than one answer as bad is offered a person once."""


class Rules:
    """A shop's rules, applied to one shopper at a time."""

    def __init__(self, around: Surroundings, chat_log: ChatLog, telling: Telling, once: Once) -> None:
        self._around = around
        self._log = chat_log
        self._telling = telling
        self._once = once

    async def face(self, shop: Shop, shopper: Shopper, page: Page, language: str, now: datetime) -> ShopFace:
        """The shop as the widget's head shows it on a page, and how it greets."""
        return await asyncio.to_thread(self._face, shop, shopper, page, language, now)

    async def coming(
        self, shop: Shop, shopper: Shopper, page: Page, language: str, now: datetime
    ) -> tuple[Coming, ...]:
        """The messages that come by themselves on a page."""
        return await asyncio.to_thread(self._coming, shop, shopper, page, language, now)

    async def by_the_way(self, shop: Shop, shopper: Shopper, conversation: str, now: datetime) -> None:
        """Tell whoever has written that people are away, unless they have been told lately."""
        for text in await asyncio.to_thread(self._away, shop, shopper, now):
            await self._telling.add(shopper, conversation, [Draft(Sender.NOTE, Body(text=text))], now)

    async def rated_bad(self, shop: Shop, shopper: Shopper, conversation: str, now: datetime) -> None:
        """Offer a person to whom an answer has not helped, where the shop wants that."""
        if text := await asyncio.to_thread(self._offer, shop, shopper, conversation, now):
            offer = Body(text=text, speech=text, shop=ShopView(buttons=(PERSON,)))
            await self._telling.add(shopper, conversation, [Draft(Sender.BOT, offer)], now)

    async def call(self, rules: Storefront, shop: str, conversation: str, text: str, facts: Collection[Fact]) -> Call:
        """Whether a person is to be called after a turn that came to these facts."""
        return await asyncio.to_thread(self._call, rules, shop, conversation, text, facts)

    def _offer(self, shop: Shop, shopper: Shopper, conversation: str, now: datetime) -> str:
        """In which words; empty where nobody is offered, since the shop does not want it, or people are there."""
        rules = self._around.front(shop.id)
        found = self._log.conversation(conversation, shop.id, shopper.id)
        if not rules.handover.bad_rating or found is None or found.thread.with_people:
            return ""
        due = self._once.take(shop.id, shopper.id, f"offer {conversation}", now, OFFER_EVERY_H)
        return rules.says(shop).say("person.offer") if due else ""

    def _call(self, rules: Storefront, shop: str, conversation: str, text: str, facts: Collection[Fact]) -> Call:
        wanted = rules.handover
        unanswered, in_vain = 0, any(one.kind is FactKind.UNANSWERED for one in facts)
        if wanted.after_unanswered and in_vain:
            unanswered = 1 + self._log.unanswered_in_a_row(conversation, wanted.after_unanswered - 1)
        answers = [one.subject for one in facts if one.kind is FactKind.ANSWERED and one.source == Source.SHOP]
        topics = [self._around.topic(shop, one) for one in answers] if wanted.topics else []
        if not asks_for_person(wanted, Heard(text, topics, unanswered)):
            return Call.NONE
        return Call.INSTEAD if in_vain else Call.TOO

    def _face(self, shop: Shop, shopper: Shopper, page: Page, language: str, now: datetime) -> ShopFace:
        rules = self._around.front(shop.id)
        presence = Presence.of(shop, rules, now)
        kinds = self._kinds(rules.greetings, shop, shopper, now)
        rule = greeting_for(rules.greetings, page.url, language, kinds)
        text = rule.text if rule else shop.greeting or HELLO.format(shop=shop.name)
        return ShopFace(
            name=shop.name,
            greeting=self._filled(text, shop, shopper, page.product) if rule else text,
            suggestions=(rule.suggestions if rule else ()) or shop.suggestions,
            language=shop.language,
            open=presence.open,
            opens=presence.opens,
            menu=menu_entries(rules.menu.items),
        )

    def _coming(self, shop: Shop, shopper: Shopper, page: Page, language: str, now: datetime) -> tuple[Coming, ...]:
        rules = self._around.front(shop.id)
        if not rules.proactive:
            return ()
        hours = rules.timetable(shop)
        kinds = self._kinds(tuple(rules.proactive.values()), shop, shopper, now)
        return tuple(
            Coming(
                id=identity,
                text=self._filled(one.text, shop, shopper, page.product),
                after_s=one.after_s,
                every_s=one.every_days * 86_400,
                buttons=buttons_of(one.buttons),
            )
            for identity, one in rules.proactive.items()
            if fits(one, page.url, language, kinds, now, hours.where)
            and (not one.only_open or hours.is_open(now + timedelta(seconds=one.after_s)))
        )

    def _away(self, shop: Shop, shopper: Shopper, now: datetime) -> list[str]:
        rules = self._around.front(shop.id)
        if not rules.away:
            return []
        hours = rules.timetable(shop)
        is_open, today = hours.is_open(now), now.astimezone(hours.where).date()
        told = [
            one.text
            for identity, one in rules.away.items()
            if one.holds(is_open=is_open, today=today)
            and self._once.take(shop.id, shopper.id, f"away {identity}", now, one.every_hours)
        ]
        opens = opening(hours.opens_in_words(now))
        return [" ".join(self._filled(text.replace(OPENS, opens), shop, shopper, None).split()) for text in told]

    def _kinds(
        self, rules: Collection[Greeting | ProactiveMessage], shop: Shop, shopper: Shopper, now: datetime
    ) -> frozenset[CustomerKind]:
        """The kinds of customer that this one is; nothing is looked up where no rule asks."""
        if not any(one.customers for one in rules):
            return frozenset()
        if not shopper.id:
            return Visitor().kinds(now)
        has_written = bool(self._log.of_shopper(shop.id, shopper.id))
        return Visitor(has_written, shopper.customer is not None, self._around.last_order(shopper)).kinds(now)

    def _filled(self, text: str, shop: Shop, shopper: Shopper, product: ItemId | None) -> str:
        names = variables(text)
        values: Mapping[str, str] = self._around.values(shop, shopper, product, names) if names else {}
        return render(text, values)
