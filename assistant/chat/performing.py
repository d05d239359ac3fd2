"""What a reply's action comes to in a chat, and what is then said: never more than has happened. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from assistant.chat import wording
from assistant.chat.handover import Outcome, Thread
from assistant.chat.records import Body
from assistant.chat.rows import Move
from skills.fact import Fact, FactKind, HandOver
from skills.shop_view import Button, ShopView
from skills.shopping.handing import ASK, CONTACT, LEAVE
from skills.shopping.shop import Shop
from skills.shopping.system_replies import Wordings
from skills.storefront.front import Storefront
from skills.turn import QuickReply, Reply

SECRETS = frozenset({"pin", "code"})
"""Values of a tap that are not written down again."""


class Call(Enum):
    """Whether a shop's rules call a person."""

    NONE = 0
    INSTEAD = 1
    """Of an answer that is none."""
    TOO = 2
    """Beside the answer."""


@dataclass(frozen=True)
class Presence:
    """Whether a shop's people answer at a time, in words when they will, and how the shop puts things."""

    open: bool
    opens: str
    says: Wordings = field(default_factory=Wordings)

    @classmethod
    def of(cls, shop: Shop, rules: Storefront, now: datetime) -> Presence:
        """By the shop's hours."""
        hours = rules.timetable(shop)
        return cls(hours.is_open(now), hours.opens_in_words(now), rules.says(shop))


@dataclass(frozen=True)
class Performed:
    """The answer, who answers from now on where that changes, the e-mail address that was left, what it came to."""

    body: Body
    move: Move | None = None
    contact: str = ""
    facts: tuple[Fact, ...] = ()


def perform(
    reply: Reply, question: Body, thread: Thread, presence: Presence, now: datetime, call: Call = Call.NONE
) -> Performed:
    """Do what a reply's action asks for, or what a shop's rules do."""
    body = Body(text=reply.text, speech=reply.speech, quick_replies=reply.quick_replies, shop=reply.shop)
    if reply.action == ASK or (call is not Call.NONE and not thread.with_people):
        after, outcome = thread.ask(now, is_open=presence.open)
        text, view = wording.on_asking(presence.says, outcome, thread.agent, presence.opens)
        asked = Body(text=text, speech=text, shop=view)
        if call is Call.TOO:
            asked = _both(body, asked)
        return Performed(asked, _moved(thread, after), facts=_asked(outcome))
    if reply.action == LEAVE:
        after, left = thread.leave()
        text = wording.on_leaving(presence.says, left)
        return Performed(Body(text=text, speech=text, quick_replies=reply.quick_replies), _moved(thread, after))
    if reply.action == CONTACT and question.tap:
        email = str(question.tap.values.get("email", ""))
        text = presence.says.say("person.email", email=email)
        return Performed(Body(text=text, speech=text), contact=email)
    return Performed(body)


def _both(answer: Body, asked: Body) -> Body:
    """An answer, and below it what has become of asking for a person."""
    shown, offered = answer.shop or ShopView(), asked.shop or ShopView()
    view = shown.model_copy(update={"buttons": (*shown.buttons, *offered.buttons), "form": offered.form})
    texts = {"text": f"{answer.text}\n\n{asked.text}", "speech": f"{answer.speech} {asked.speech}", "shop": view}
    return answer.model_copy(update=texts)


def failed(why: str, question: Body, *, private: bool) -> Body:
    """An answer that failed, with a way to ask again; a secret has to be typed again."""
    if private or (question.tap and SECRETS & question.tap.values.keys()):
        return Body(text=why, speech=why)
    if question.tap:
        again = Button(label=wording.TRY_AGAIN, tap=question.tap)
        return Body(text=why, speech=why, shop=ShopView(buttons=(again,)))
    return Body(text=why, speech=why, quick_replies=(QuickReply(text=wording.TRY_AGAIN, utterance=question.text),))


def _asked(outcome: Outcome) -> tuple[Fact, ...]:
    came = {Outcome.QUEUED: HandOver.QUEUED, Outcome.OFFLINE: HandOver.OFFLINE}.get(outcome)
    return (Fact(kind=FactKind.HANDED_OVER, subject=came),) if came else ()


def _moved(before: Thread, after: Thread) -> Move | None:
    return Move(before, after) if after != before else None
