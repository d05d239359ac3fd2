"""What the chat itself says: about people who take over, and answers that failed."""

from __future__ import annotations

from assistant.chat.handover import Outcome
from skills.shop_view import Button, Form, FormField, ShopView, Tap

BACK = Button(label="Back to the assistant", tap=Tap(name="person.leave"))
PERSON = Button(label="Ask for a person", tap=Tap(name="person.ask"))
NOT_CAUGHT = "Sorry, I did not get that. Could you put it another way?"
TRY_AGAIN = "Try again"
SPOILT = "Something came in between, and I did not finish that."

LEAVE_EMAIL = Form(
    title="Leave a message",
    fields=(FormField(name="email", label="Your e-mail address", type="email", autocomplete="email"),),
    tap=Tap(name="person.email"),
    submit="Send",
)


def on_asking(outcome: Outcome, agent: str, opens: str) -> tuple[str, ShopView | None]:
    """What has become of asking for a person; `opens` says when people answer again."""
    match outcome:
        case Outcome.QUEUED:
            return (
                "I have asked for a person. They can read what we wrote, so you need not repeat it.",
                ShopView(buttons=(BACK,)),
            )
        case Outcome.ALREADY_WAITING:
            return "I have asked already. Somebody should be here in a few minutes.", ShopView(buttons=(BACK,))
        case Outcome.ALREADY_TAKEN:
            return f"{agent} is here already. Just write.", ShopView(buttons=(BACK,))
        case _:
            return away("Nobody is here at this hour.", opens), ShopView(form=LEAVE_EMAIL)


def on_leaving(outcome: Outcome) -> str:
    """What has become of going back to the assistant."""
    if outcome is Outcome.LEFT:
        return "You are back with me, the assistant. What can I do for you?"
    return "You are talking to me, the assistant. What can I do for you?"


def on_time(outcome: Outcome, agent: str, opens: str) -> tuple[str, ShopView | None]:
    """What is said where a conversation has ended by itself."""
    if outcome is Outcome.NOBODY_CAME:
        return away("I am sorry, nobody is free right now.", opens), ShopView(form=LEAVE_EMAIL)
    return f"{agent} has closed this conversation after a long silence. I am here if you need more.", None


def away(why: str, opens: str) -> str:
    """Nobody answers; when somebody does, and what can be done meanwhile."""
    again = f" People answer again {opens}." if opens else ""
    return f"{why}{again} Leave your e-mail address and they will write to you, or go on with me."


def joined(agent: str) -> str:
    """A person has taken a conversation."""
    return f"{agent} has joined."


def closed(agent: str) -> str:
    """A person has closed it."""
    return f"{agent} has closed the conversation. I am here if you need more."


def written_down(email: str) -> str:
    """An e-mail address was left."""
    return f"Thank you. Your message is with the shop's people, and they will write to {email}."
