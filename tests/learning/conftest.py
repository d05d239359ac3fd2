"""Stores of both kinds, and a shop with a chat to learn from."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.chat.log import ChatLog
from assistant.chat.records import Body, Kept
from assistant.chat.rows import Draft
from assistant.chat.server_messages import Sender
from assistant.chat.sessions import Shopper
from assistant.learning.gathering import Gathering
from assistant.learning.inbox import Inbox
from assistant.learning.teaching import Teaching
from assistant.storage.store import Store
from search_index import Encoder, open_encoder
from skills.fact import Missing, answered, unanswered
from skills.fact import Source as AnsweredFrom
from skills.shopping.catalogue import Catalogues
from skills.shopping.shop import Shop
from skills.storefront import AnswerDesk, ShopAnswers
from tests.service.running import DATA

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The service's own, from the data that its tests prepare."""
    return open_encoder("minilm", DATA / "models" / "encoder", threads=1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A database of each kind, for the tests of one file: name your shops apart."""
    file: Path = tmp_path_factory.mktemp(request.param) / "sori.db"
    store = Store(f"sqlite:///{file}" if request.param == "sqlite" else request.getfixturevalue("postgres"))
    yield store
    store.close()


@dataclass
class Place:
    """A shop of its own, with a chat that people write in."""

    store: Store
    shop: str
    encoder: Encoder

    def __post_init__(self) -> None:
        self.log = ChatLog(self.store.engine)
        self.answers = ShopAnswers(self.store.engine)
        self.desk = AnswerDesk(self.answers, self.encoder)
        self.inbox = Inbox(self.store.engine)
        self.gathering = Gathering(self.store.engine, self.inbox, self.answers, self.encoder)
        self.teaching = Teaching(self.inbox, self.answers, self.desk)

    def chat(self) -> str:
        return secrets.token_hex(8)

    def asks(self, text: str, chat: str = "", at: datetime = NOW, *, in_vain: bool = True) -> tuple[str, int]:
        """A question, answered or not; the conversation, and the answer's number."""
        chat, client = chat or self.chat(), secrets.token_hex(6)
        shopper = Shopper(self.shop, f"of-{chat}")
        seq, _ = self.log.accept(chat, shopper, "en", client, Body(text=text), at, ask=True)
        fact = unanswered(Missing.UNKNOWN, text) if in_vain else answered(AnsweredFrom.SHOP, "a", text, 0.6)
        asked = Kept(chat, seq, Sender.SHOPPER, Body(text=text), at, client)
        kept = self.log.answer(asked, [Draft(Sender.BOT, Body(text="Hm."), facts=(fact,))], at)
        assert kept
        return chat, kept[0].seq

    def replies(self, chat: str, text: str, name: str = "Mia Page") -> None:
        """A person of the shop writes."""
        self.log.add(chat, [Draft(Sender.AGENT, Body(text=text, name=name))], NOW)

    def gather(self, after: timedelta = timedelta()) -> int:
        return self.gathering.gather(self.shop, NOW + after)


@pytest.fixture
def place(store: Store, encoder: Encoder) -> Iterator[Place]:
    """Another shop for each test."""
    shop = f"learn-{secrets.token_hex(4)}"
    Catalogues(store.engine).put_shop(Shop(id=shop, name="Learn"))
    made = Place(store, shop, encoder)
    yield made
    made.desk.close()
