"""What the chat itself says, in the shop's own words where it has some: about people who take over, and failures."""

from __future__ import annotations

from assistant.chat.handover import Outcome
from skills.shop_view import Button, Form, FormField, ShopView, Tap
from skills.shopping.system_replies import Wordings

BACK = Button(label="Back to the assistant", tap=Tap(name="person.leave"))
PERSON = Button(label="Ask for a person", tap=Tap(name="person.ask"))
TRY_AGAIN = "Try again"
SPOILT = "Something came in between, and I did not finish that."

LEAVE_EMAIL = Form(
    title="Leave a message",
    fields=(FormField(name="email", label="Your e-mail address", type="email", autocomplete="email"),),
    tap=Tap(name="person.email"),
    submit="Send",
)


def on_asking(says: Wordings, outcome: Outcome, agent: str, opens: str) -> tuple[str, ShopView | None]:
    """What has become of asking for a person; `opens` says when people answer again."""
    match outcome:
        case Outcome.QUEUED:
            return says.say("person.queued"), ShopView(buttons=(BACK,))
        case Outcome.ALREADY_WAITING:
            return says.say("person.waiting"), ShopView(buttons=(BACK,))
        case Outcome.ALREADY_TAKEN:
            return says.say("person.here", agent=agent), ShopView(buttons=(BACK,))
        case _:
            return says.say("person.offline", opens=opening(opens)), ShopView(form=LEAVE_EMAIL)


def on_leaving(says: Wordings, outcome: Outcome) -> str:
    """What has become of going back to the assistant."""
    return says.say("person.left" if outcome is Outcome.LEFT else "person.not_left")


def on_time(says: Wordings, outcome: Outcome, agent: str, opens: str) -> tuple[str, ShopView | None]:
    """What is said where a conversation has ended by itself."""
    if outcome is Outcome.NOBODY_CAME:
        return says.say("person.nobody", opens=opening(opens)), ShopView(form=LEAVE_EMAIL)
    return says.say("person.silent", agent=agent), None


def opening(opens: str) -> str:
    """When people answer again, as a sentence; empty where that is not known, or they do."""
    return f"People answer again {opens}." if opens else ""
