"""What the console's pages weigh, as a browser gets them."""

from __future__ import annotations

from tests.service.console import Seller
from tests.service.console_pages import MOST, Scales, pages

FEWEST = 25
"""Pages; there are more."""


def test_every_page_is_light(owner: Seller) -> None:
    scales = Scales(owner.http)
    weights = {address: scales.weight(address) for address in pages(owner.shop)}
    weighed = {address: weight for address, weight in weights.items() if weight is not None}
    assert {address: weight for address, weight in weighed.items() if weight > MOST} == {}
    assert len(weighed) >= FEWEST
