"""The list of answers is what a fresh reading of the drafts would give, whatever was done since it was read."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.storefront import ShopAnswer, ShopAnswers
from skills.storefront.listing import FEW, Listings
from tests.shopping.shops import a_shop

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def answers(store: Store) -> ShopAnswers:
    return ShopAnswers(store.engine)


def test_every_change_is_in_the_list_at_once(answers: ShopAnswers, store: Store) -> None:
    shop = f"listed-{uuid4().hex[:12]}"
    Catalogues(store.engine).put_shop(a_shop(shop))
    listings = Listings(answers)

    def seen() -> list[tuple[str, str, bool, bool, bool]]:
        lines = listings.of(shop)
        assert lines == Listings(answers).of(shop)
        return [(one.id, one.folder, one.changed, one.is_live, one.removed) for one in lines]

    def save(identity: str, folder: str) -> None:
        answer = ShopAnswer(id=identity, question="q", answer="a", folder=folder)
        answers.save(shop, "answer", identity, answer, "Somebody", NOW)

    assert seen() == []
    save("one", "A/B")
    save("two", "")
    assert seen() == [("one", "A/B", True, False, False), ("two", "", True, False, False)]
    assert listings.folders(shop) == ["A", "A/B"]
    answers.publish(shop, "Somebody", NOW)
    assert seen() == [("one", "A/B", False, True, False), ("two", "", False, True, False)]
    save("one", "C")
    answers.remove(shop, "answer", "two", "Somebody", NOW)
    assert seen() == [("one", "C", True, True, False), ("two", "", True, True, True)]
    answers.publish(shop, "Somebody", NOW)
    assert seen() == [("one", "C", False, True, False)]
    answers.roll_back(shop, 1, "Somebody", NOW)
    assert seen() == [("one", "A/B", False, True, False), ("two", "", False, True, False)]
    many = {f"m{n}": ShopAnswer(id=f"m{n}", question="q", answer="a") for n in range(FEW + 1)}
    answers.save_many(shop, "answer", many, "Somebody", NOW)
    assert len(seen()) == FEW + 3
    answers.publish(shop, "Somebody", NOW)
    assert all(one[2:] == (False, True, False) for one in seen())
    answers.remove_many(shop, "answer", many, "Somebody", NOW)
    answers.discard(shop, [("answer", "m7")], "Somebody", NOW)
    assert [one[0] for one in seen() if not one[4]] == ["one", "two", "m7"]
