"""What a shop keeps of a person is given out whole, and erased but for the books; nobody else's is touched."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

import pytest

from assistant.chat.log import ChatLog
from assistant.chat.records import Body
from assistant.chat.sessions import Shopper
from assistant.persons import Persons
from assistant.storage.store import Store, StoredTurn
from skills.shopping.buying.orders import OrderState
from tests.shopping.buying import NOW, Market


@pytest.fixture
def market(store: Store, tmp_path: Path) -> Market:
    return Market(store.engine, tmp_path)


def talks(store: Store, shop: str, shopper: str, words: str) -> str:
    """A conversation with a message, which the assistant has had a turn of."""
    chat = secrets.token_hex(8)
    who = Shopper(shop, shopper)
    ChatLog(store.engine).accept(chat, who, "en", secrets.token_hex(8), Body(text=words), NOW, ask=True)
    store.save(StoredTurn(chat, secrets.token_hex(8), "widget", words, "shop_find", {}), {})
    return chat


def test_everything_of_a_person_and_nothing_of_another_is_given_out(store: Store, market: Market) -> None:
    persons, shop = Persons(store.engine), market.shop.id
    number = market.buy("ann").order
    market.basket.set(market.shop, "ann", "parka-M-red", 1)
    market.buy("ben")
    chat = talks(store, shop, "ann", "does the mug keep warm?")
    talks(store, shop, "ben", "a secret of Ben's")
    by_mail = persons.find(shop, " ANN@example.org ")
    assert by_mail is not None
    assert by_mail == persons.find(shop, number) == persons.find(shop, number.lower())
    held = persons.held(by_mail)
    assert (held.conversations, held.orders, held.open_orders, held.carts) == (1, 1, 1, 1)
    data = persons.export(by_mail, NOW)
    text = json.dumps(data)
    assert [one["number"] for one in data["orders"]] == [number]
    assert [one["text"] for one in data["conversations"][0]["messages"]] == ["does the mug keep warm?"]
    assert data["conversations"][0]["id"] == chat
    assert "parka-M-red" in text
    assert "ben" not in text.casefold()
    assert (
        persons.find(shop, "nobody@example.org") is persons.find(shop, "") is persons.find(f"{shop}-2", number) is None
    )


def test_a_person_is_forgotten_but_for_the_books_and_what_is_still_to_arrive(store: Store, market: Market) -> None:
    persons, shop = Persons(store.engine), market.shop.id
    done, on_its_way = market.buy("ann").order, market.buy("ann").order
    market.basket.set(market.shop, "ann", "parka-M-red", 1)
    chat = talks(store, shop, "ann", "does the mug keep warm?")
    theirs = talks(store, shop, "ben", "and the parka?")
    for state in (OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED):
        assert market.orders.move(shop, done, state, NOW)
    person = persons.find(shop, "ann@example.org")
    assert person is not None
    assert persons.erase(person).open_orders == 1

    kept, open_order = market.orders.by_number(shop, done), market.orders.by_number(shop, on_its_way)
    assert kept is not None
    assert open_order is not None
    assert (kept.email, kept.shopper, kept.details.name, kept.details.street) == ("", "", "", "")
    assert kept.totals.total.minor > 0
    assert kept.details.country
    assert open_order.details.street
    assert market.carts.count(shop, "ann") == 0
    log = ChatLog(store.engine)
    assert log.conversation(chat, shop) is None
    assert store.history(chat, 9) == []
    assert log.conversation(theirs, shop) is not None
    assert len(store.history(theirs, 9)) == 1

    for state in (OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED):
        assert market.orders.move(shop, on_its_way, state, NOW)
    again = persons.find(shop, "ann@example.org")
    assert again is not None
    persons.erase(again)
    assert persons.find(shop, "ann@example.org") is None
    assert "ann@example" not in json.dumps(persons.export(again, NOW)["orders"])
