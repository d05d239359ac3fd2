"""A shop's people find its conversations by state and words, page by page, and none of another shop's."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.chat.archive import LISTED, Archive, View
from assistant.chat.canned import CannedReplies, CannedText, Kept
from assistant.chat.handover import Thread
from assistant.chat.log import ChatLog
from assistant.chat.records import Body
from assistant.chat.rows import Draft, Move
from assistant.chat.server_messages import Sender
from assistant.chat.sessions import Shopper
from assistant.chat.transcript import transcript
from assistant.errors import ServiceError
from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.shop import Shop

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'sori.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres")
    opened = Store(url)
    yield opened
    opened.close()


@pytest.fixture
def shop(store: Store) -> str:
    made = f"archive-{secrets.token_hex(4)}"
    for identity in (made, f"{made}-2"):
        Catalogues(store.engine).put_shop(Shop(id=identity, name=identity))
    return made


def begin(store: Store, shop: str, text: str, at: datetime = NOW) -> str:
    chat = secrets.token_hex(8)
    ChatLog(store.engine).accept(chat, Shopper(shop, "ada"), "en", "m1", Body(text=text), at, ask=False)
    return chat


def found(store: Store, shop: str, view: View, words: str = "", agent: str = "Mia") -> list[str]:
    return [one.conversation.id for one in Archive(store.engine).listing(shop, view, agent, words).entries]


def test_each_view_has_its_own_and_words_are_found_as_they_are(store: Store, shop: str) -> None:
    log = ChatLog(store.engine)
    older = begin(store, shop, "are the 100% wool socks warm?", NOW - timedelta(days=1))
    chat = begin(store, shop, "a person, please")
    begin(store, f"{shop}-2", "wool")
    waiting, _ = Thread().ask(NOW, is_open=True)
    log.add(chat, [], NOW, Move(Thread(), waiting))
    assert found(store, shop, View.ALL) == [chat, older]
    assert found(store, shop, View.WAITING) == [chat]
    assert Archive(store.engine).waiting(shop) == 1
    assert found(store, shop, View.ALL, "100% WOOL") == [older]
    assert found(store, shop, View.ALL, "1__%") == []
    held, _ = waiting.take("Mia", NOW)
    log.add(chat, [], NOW, Move(waiting, held))
    assert found(store, shop, View.MINE) == [chat]
    assert found(store, shop, View.MINE, agent="Ben") == []
    back, _ = held.hand_back("Mia")
    log.add(chat, [], NOW, Move(held, back))
    assert found(store, shop, View.MINE) == found(store, shop, View.WAITING) == []


def test_a_long_list_comes_in_pages_and_a_long_conversation_in_ranges(store: Store, shop: str) -> None:
    for number in range(LISTED + 1):
        begin(store, shop, f"hello {number}", NOW + timedelta(seconds=number))
    archive = Archive(store.engine)
    first, second = (archive.listing(shop, View.ALL, "Mia", page=number) for number in (1, 2))
    assert (len(first.entries), first.more, len(second.entries), second.more) == (LISTED, True, 1, False)
    assert first.entries[0].last == f"hello {LISTED}"
    chat = first.entries[0].conversation.id
    notes = [Draft(Sender.INTERNAL, Body(text=f"note {number}", name="Mia")) for number in range(9)]
    ChatLog(store.engine).add(chat, notes, NOW)
    assert [one.seq for one in archive.messages(chat, 4, 3)] == [4, 5, 6]
    assert "note" not in transcript("Shop", archive.said(chat), str)


def test_canned_replies_are_the_shops_own_and_no_shortcut_stands_for_two(store: Store, shop: str) -> None:
    replies = CannedReplies(store.engine)
    given = CannedText(shortcut="Hello", folder="Greetings", text="Hello {customer_name}")
    assert replies.add(shop, given, "Mia", NOW) is Kept.SAVED
    assert replies.add(f"{shop}-2", given, "Eve", NOW) is Kept.SAVED
    assert replies.add(shop, given, "Mia", NOW) is Kept.SAVED, "the same form sent twice"
    assert replies.add(shop, given.model_copy(update={"text": "Hi"}), "Mia", NOW) is Kept.TAKEN
    [kept] = replies.all(shop)
    assert (kept.shortcut, kept.folder, kept.by) == ("hello", "Greetings", "Mia")
    with pytest.raises(ServiceError):
        replies.change(f"{shop}-2", kept.id, given.model_copy(update={"shortcut": "mine"}), "Eve", NOW)
    assert not replies.remove(f"{shop}-2", kept.id)
    bye, later = given.model_copy(update={"shortcut": "bye"}), NOW + timedelta(seconds=1)
    assert replies.add(shop, bye, "Mia", NOW) is Kept.SAVED
    assert replies.change(shop, kept.id, bye, "Mia", NOW) is Kept.TAKEN
    hers, his = (given.model_copy(update={"text": text}) for text in ("Hers", "His"))
    assert replies.change(shop, kept.id, hers, "Mia", later, kept.mark) is Kept.SAVED
    assert replies.change(shop, kept.id, his, "Tom", later, kept.mark) is Kept.CONFLICT
    assert [one.text for one in replies.all(shop) if one.id == kept.id] == ["Hers"]
    assert replies.remove(shop, kept.id)
    assert [one.shortcut for one in replies.all(shop)] == ["bye"]
