"""Every product of the demo shops has a picture of its own, and no text of a product becomes markup in it."""

from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from skills.shopping.catalogue import Catalogues
from skills.shopping.money import Money
from skills.shopping.pictures import picture
from skills.shopping.pictures.drawing import SHAPES as FILES
from skills.shopping.pictures.kinds import BOOK, SHAPES, kind_of
from skills.shopping.product import Product, Variant

HARM = "</text></svg><script>alert(1)</script>\"'&"


def drawn(product: Product, sku: str | None = None) -> Element:
    root: Element = fromstring(picture(product, sku))
    return root


def test_every_product_is_drawn_in_a_shape_of_its_kind(catalogues: Catalogues) -> None:
    products = [product for shop in catalogues.shops() for product in catalogues.all_products(shop.id)]
    kinds = {kind_of(product.title, product.categories) for product in products}
    assert len(kinds) > 100
    assert kinds <= SHAPES | {BOOK}
    assert {path.stem for path in FILES.glob("*.svg")} == SHAPES
    assert len({picture(product) for product in products}) == len(products)
    assert all(drawn(product).get("aria-label") == product.title for product in products)


def test_variants_differ_by_their_colour_and_by_nothing_else(catalogues: Catalogues) -> None:
    product = catalogues.product("nordfell", "skarn-rain-jacket")
    assert product is not None
    pictures = {
        colour: {picture(product, one.sku) for one in product.variants if one.options["colour"] == colour}
        for colour in product.options["colour"]
    }
    assert all(len(same) == 1 for same in pictures.values())
    assert len(set.union(*pictures.values())) == len(pictures) > 1


def test_no_text_becomes_markup() -> None:
    variant = Variant(sku="a", options={"colour": HARM}, price=Money(minor=1, currency="USD"))
    for categories in (("Fiction",), (HARM,)):
        root = drawn(Product(id="a", shop="s", title=HARM, categories=categories, variants=(variant,)), "a")
        assert root.get("aria-label") == HARM
        assert not [one for one in root.iter() if one.tag.endswith("script")]
