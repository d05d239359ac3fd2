"""A conversation as a text to keep or to send. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from assistant.chat.records import Kept
from assistant.chat.server_messages import Sender


def transcript(shop: str, said: Sequence[Kept], local: Callable[[datetime], str]) -> str:
    """What was said, oldest first; notes of the shop's people to each other are left out."""
    heard = [one for one in said if one.sender is not Sender.INTERNAL]
    head = f"A conversation with {shop}"
    return "\n\n".join([head, *(_message(one, local) for one in heard)]) + "\n"


def _message(one: Kept, local: Callable[[datetime], str]) -> str:
    names = {Sender.SHOPPER: "Customer", Sender.BOT: "Assistant", Sender.AGENT: one.body.name or "Agent"}
    products = [f"  - {card.title}" for card in one.body.shop.products] if one.body.shop else []
    who = names.get(one.sender)
    said = f"{who}: {one.body.text}" if who else f"({one.body.text})"
    return "\n".join([f"[{local(one.at)}] {said}", *products])
