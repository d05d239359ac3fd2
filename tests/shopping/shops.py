"""Small shops and products for tests that need no demo shop."""

from skills.shopping.money import Money
from skills.shopping.product import Product, Variant
from skills.shopping.shop import Shop


def a_shop(identity: str) -> Shop:
    return Shop(id=identity, name=f"{identity} & Sons")


def a_product(shop: str, identity: str, *, price: str = "12.50", stock: int | None = 3, title: str = "") -> Product:
    variant = Variant(sku=identity, price=Money.of(price, "USD"), stock=stock)
    return Product(id=identity, shop=shop, title=title or f"Product {identity}", variants=(variant,))
