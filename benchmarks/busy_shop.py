"""A shop in which a lot has been said: conversations, messages and facts as chats leave them, made up by chance."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.engine import Connection, Engine

from assistant.chat.facts import QUARTER_S
from assistant.chat.tables import conversations, facts, messages
from skills.fact import Fact, FactKind, HandOver, Missing, Source, answered, asked_about, searched, unanswered

EXCHANGES = 5
"""Of a conversation, on average."""
BATCH = 20_000
_HOURS = [1, 1, 1, 1, 1, 2, 3, 5, 8, 10, 12, 12, 11, 12, 12, 12, 11, 11, 12, 14, 15, 13, 8, 3]
"""How much is written in each hour of a day."""


@dataclass(frozen=True)
class Wares:
    """What is talked about: ids of answers and products, and words that are looked for."""

    answers: Sequence[str]
    products: Sequence[str]
    words: Sequence[str]


def fill(engine: Engine, shop: str, wares: Wares, count: int, days: int, now: datetime, seed: int = 7) -> None:
    """Put so many messages into the shop's last days."""
    chance = random.Random(seed)
    made = _Made()
    conversation = 0
    with engine.begin() as connection:
        while made.count < count:
            day = now - timedelta(days=chance.random() * days)
            hour = chance.choices(range(24), _HOURS)[0]
            at = min(now - timedelta(hours=1), day.replace(hour=hour, minute=chance.randrange(60)))
            _converse(made, f"busy{seed:x}{conversation:06x}", shop, wares, at, chance)
            conversation += 1
            if len(made.facts) > BATCH or made.count >= count:
                made.keep(connection)


class _Made:
    def __init__(self) -> None:
        self.conversations: list[dict[str, object]] = []
        self.messages: list[dict[str, object]] = []
        self.facts: list[dict[str, object]] = []
        self.count = 0

    def keep(self, connection: Connection) -> None:
        """Write what was made so far."""
        for table, rows in ((conversations, self.conversations), (messages, self.messages), (facts, self.facts)):
            connection.execute(insert(table), rows)
            rows.clear()

    def say(self, of: str, shop: str, seq: int, sender: str, text: str, at: datetime, found: Sequence[Fact]) -> None:
        """One message with what it has come to."""
        self.count += 1
        key = {"conversation": of, "seq": seq, "at": at}
        rest = {"client_id": f"c{seq}" if sender == "shopper" else None, "reply_to": None, "rating": None}
        body = {"text": text, "speech": text}
        self.messages.append(key | rest | {"sender": sender, "body": body, "pending": False, "comment": ""})
        quarter = int(at.timestamp()) // QUARTER_S
        about = key | {"shop": shop, "question": None if sender == "shopper" else seq - 1, "quarter": quarter}
        self.facts.extend(about | one.model_dump() for one in found)


def _converse(made: _Made, identity: str, shop: str, wares: Wares, at: datetime, chance: random.Random) -> None:
    began, seq = at, 0
    exchanges = 1 + min(30, round(chance.expovariate(1 / (EXCHANGES - 1))))
    for _ in range(exchanges):
        said, found = _turn(wares, chance)
        made.say(identity, shop, seq + 1, "shopper", said, at, [Fact(kind=FactKind.WROTE)])
        took = max(40, round(chance.lognormvariate(5.2, 0.5)))
        at += timedelta(milliseconds=took)
        replied = Fact(kind=FactKind.REPLIED, subject="bot", milliseconds=took)
        if chance.random() < 0.05:
            found.append(Fact(kind=FactKind.RATED, subject=chance.choice(("good", "good", "good", "bad"))))
        made.say(identity, shop, seq + 2, "bot", "That is answered. " * 6, at, [replied, *found])
        at += timedelta(seconds=chance.expovariate(1 / 40))
        seq += 2
    if chance.random() < 0.06:
        outcome = chance.choice((HandOver.TAKEN, HandOver.TAKEN, HandOver.OFFLINE))
        came = Fact(kind=FactKind.HANDED_OVER, subject=outcome)
        waited = chance.randrange(20_000, 600_000)
        person = Fact(kind=FactKind.REPLIED, subject="agent", milliseconds=waited)
        seq, at = seq + 1, at + timedelta(milliseconds=waited)
        made.say(identity, shop, seq, "agent", "I am Mia. How can I help?", at, [came, person])
    times = {"started_at": began, "used_at": at, "asked_at": None, "deadline": None}
    state = {"state": "bot", "agent": "", "contact": "", "seq": seq, "read_seq": seq}
    who = {"shopper": f"s{identity}", "customer": None, "title": "A question about something", "language": "en"}
    made.conversations.append({"id": identity, "shop": shop} | who | state | times)


def _turn(wares: Wares, chance: random.Random) -> tuple[str, list[Fact]]:
    """What was said, and what it came to."""
    answer, product, word = (_often(one, chance) for one in (wares.answers, wares.products, wares.words))
    said = f"what about the {word}?"
    shown = [Fact(kind=FactKind.SHOWN, subject=one) for one in chance.sample(wares.products, 8)]
    match chance.choices(range(6), (38, 24, 16, 9, 5, 8))[0]:
        case 0:
            return said, [answered(Source.SHOP, answer, said, chance.uniform(0.4, 1.0))]
        case 1:
            count = chance.choices((0, 12), (1, 5))[0]
            return said, [searched(f"{word} {chance.randrange(100)}", count), *shown]
        case 2:
            source = chance.choice((Source.PRODUCT, Source.REVIEWS, Source.STOCK))
            return said, [answered(source, product, said), asked_about(product, said), shown[0]]
        case 3:
            return said, [unanswered(chance.choice(list(Missing)), f"{said} {chance.randrange(200)}")]
        case 4:
            return said, [answered(Source.ORDER, "A-1", said)]
        case _:
            return said, []


def _often(things: Sequence[str], chance: random.Random) -> str:
    """The first ones more often than the last."""
    return things[min(len(things) - 1, int(chance.expovariate(8 / len(things))))]
