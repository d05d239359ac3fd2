"""Interim: until the catalogues are merged."""

from skills.shopping.shop import Opening, Shop

_SHOPS = {
    one.id: one
    for one in (
        Shop(
            id="corner",
            name="The Corner Shop",
            greeting="Hello! What are you looking for?",
            suggestions=("Something warm under fifty", "Where is my order?"),
            opening=tuple(Opening(day=day, begin=0, end=1440) for day in range(7)),
            origins=("http://127.0.0.2:8000",),
            privacy="We keep this conversation for as long as you like.",
        ),
        Shop(id="closed-shop", name="The Closed Shop", opening=()),
    )
}


def shop(identity: str) -> Shop | None:
    return _SHOPS.get(identity)
