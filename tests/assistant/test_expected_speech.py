"""What the service expects to hear: the shops' own names in the carriers, and nothing that is only typed."""

from __future__ import annotations

from assistant.expected_speech import GOODS_MAX, Goods, expected_speech
from assistant.house import NLU_DATA


def test_what_the_shops_sell_can_be_named() -> None:
    goods = Goods(("Skarn Rain Jacket",), ("Skarn",), ("Nordfell Outfitters",))
    said = [text.lower() for text, _ in expected_speech(NLU_DATA, (), goods).sentences]
    assert any("skarn rain jacket" in text and text.startswith("add") for text in said)
    assert any("nordfell outfitters shop" in text for text in said)
    assert "skarn" in said
    assert not any("@" in text for text in said)


def test_a_large_shop_does_not_swell_what_is_expected() -> None:
    many = Goods(tuple(f"product {number}" for number in range(GOODS_MAX * 3)))
    assert len(many.names["product"]) == GOODS_MAX
    assert set(many.names) == {"product"}
