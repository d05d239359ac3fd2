"""What a reply's action comes to in a chat, and what is then said: never more than has happened. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.chat import wording
from assistant.chat.handover import Thread
from assistant.chat.hours import in_words, is_open, opens_at, zone
from assistant.chat.log import Move
from assistant.chat.records import Body
from skills.shop_view import Button, ShopView
from skills.shopping.handing import ASK, CONTACT, LEAVE
from skills.shopping.shop import Shop
from skills.turn import QuickReply, Reply


@dataclass(frozen=True)
class Presence:
    """Whether a shop's people answer at a time, and in words when they will."""

    open: bool
    opens: str

    @classmethod
    def of(cls, shop: Shop, now: datetime) -> Presence:
        """By the shop's opening hours."""
        where = zone(shop.time_zone)
        opens = opens_at(shop.opening, now, where)
        return cls(is_open(shop.opening, now, where), in_words(opens, now, where))


@dataclass(frozen=True)
class Performed:
    """The answer, who answers from now on where that changes, and the e-mail address that was left."""

    body: Body
    move: Move | None = None
    contact: str = ""


def perform(reply: Reply, question: Body, thread: Thread, presence: Presence, now: datetime) -> Performed:
    """Do what a reply's action asks for."""
    body = Body(text=reply.text, speech=reply.speech, quick_replies=reply.quick_replies, shop=reply.shop)
    if reply.action == ASK:
        after, outcome = thread.ask(now, is_open=presence.open)
        text, view = wording.on_asking(outcome, thread.agent, presence.opens)
        return Performed(Body(text=text, speech=text, shop=view), _moved(thread, after))
    if reply.action == LEAVE:
        after, left = thread.leave()
        text = wording.on_leaving(left)
        return Performed(Body(text=text, speech=text, quick_replies=reply.quick_replies), _moved(thread, after))
    if reply.action == CONTACT and question.tap:
        email = str(question.tap.values.get("email", ""))
        text = wording.written_down(email)
        return Performed(Body(text=text, speech=text), contact=email)
    return Performed(body)


def failed(why: str, question: Body) -> Body:
    """An answer that failed, with a way to ask again."""
    if question.tap:
        again = Button(label=wording.TRY_AGAIN, tap=question.tap)
        return Body(text=why, speech=why, shop=ShopView(buttons=(again,)))
    return Body(text=why, speech=why, quick_replies=(QuickReply(text=wording.TRY_AGAIN, utterance=question.text),))


def _moved(before: Thread, after: Thread) -> Move | None:
    return Move(before, after) if after != before else None
