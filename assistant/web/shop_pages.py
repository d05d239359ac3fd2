"""The pages of a shop: its shelves, its products with their pictures, and its chat; for reading they need no script."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from urllib.parse import unquote

from sanic import Blueprint, HTTPResponse, Request

from assistant.errors import ServiceError
from assistant.house import House
from assistant.web.addresses import base_url
from assistant.web.pages import page
from assistant.web.ranges import is_known
from assistant.web.shop_choice import Asked, product_address, read_choice, read_options
from assistant.web.shop_views import Buyable, Tile, buyable, tile
from assistant.web.structured_data import product_json
from skills.shopping.browsing import Order, Shelf, browse
from skills.shopping.deciding.reviews import summary
from skills.shopping.finding.cards import card
from skills.shopping.finding.found import Found
from skills.shopping.finding.views import chips
from skills.shopping.pictures import picture
from skills.shopping.product import Product
from skills.shopping.shop import Shop

blueprint = Blueprint("shop_pages")

TILES = 24
"""On one page."""
FOUND_MAX = 200
"""Products that a search brings onto the shelves."""
SHELVED_MAX = 5_000
"""Products of a shop that has pages here; larger ones have a site of their own."""
REVIEWS_MAX = 50
ALIKE = 4
PICTURE_HEADERS = {
    "Cache-Control": "public, max-age=86400",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""A picture opened by itself does nothing; sites that have the widget show it in their cards."""
ORDERS = (
    (Order.RELEVANCE, "Best first"),
    (Order.CHEAPEST, "Cheapest first"),
    (Order.DEAREST, "Most expensive first"),
    (Order.RATING, "Best rated"),
)


@dataclass(frozen=True)
class Shown:
    """What of a shop is on its page."""

    shelf: Shelf
    tiles: tuple[Tile, ...]
    pages: int
    conditions: tuple[str, ...] = ()
    """What a search was understood to ask for."""
    given_up: tuple[str, ...] = ()
    """What nothing met, and was left out."""
    vague: bool = False


@blueprint.get("/demo/shop/")
async def shops(request: Request) -> HTTPResponse:
    """Every shop."""
    house: House = request.app.ctx.house

    def read() -> list[tuple[Shop, int]]:
        catalogues = house.shopping.catalogues
        counted = [(shop, catalogues.count(shop.id)) for shop in catalogues.shops()]
        return [(shop, count) for shop, count in counted if 0 < count <= SHELVED_MAX]

    return await page("shops.html", shops=await asyncio.to_thread(read))


@blueprint.get("/demo/shop/<shop:str>/")
async def show(request: Request, shop: str) -> HTTPResponse:
    """A shop's shelves."""
    house: House = request.app.ctx.house
    found = await _shop(house, shop)
    asked = read_choice(request, f"/demo/shop/{shop}/", found.currency)
    shown = await asyncio.to_thread(_shelves, house, found, asked)
    return await page("shop.html", shop=found, asked=asked, shown=shown, orders=ORDERS, order=asked.choice.order)


@blueprint.get("/demo/shop/<shop:str>/products/<product:str>", unquote=True)
async def show_product(request: Request, shop: str, product: str) -> HTTPResponse:
    """A product: pictures, variants, facts, questions, reviews."""
    house: House = request.app.ctx.house
    found = await _shop(house, shop)
    known = await asyncio.to_thread(house.shopping.catalogues.product, shop, product[:120])
    if known is None:
        raise ServiceError("not_found", f"{found.name} has no such product.", 404)
    reviews = await asyncio.to_thread(house.shopping.catalogues.reviews, shop, known.id, REVIEWS_MAX)
    chosen = read_options(request, known.options)
    now = house.now()
    bought: Buyable = buyable(known, chosen, now)
    alike = await asyncio.to_thread(_alike, house, known)
    return await page(
        "shop_product.html",
        shop=found,
        product=known,
        bought=bought,
        reviews=reviews,
        summary=summary(reviews, known.title),
        alike=alike,
        structured=product_json(known, reviews, now, base_url(request)),
        base=base_url(request),
        address=product_address(shop, known.id),
    )


@blueprint.get(r"/shops/<shop:str>/pictures/<name:([\w.:%-]+)\.svg>")
async def drawn(request: Request, shop: str, name: str) -> HTTPResponse:
    """The picture that is drawn for a product, or for a variant of it."""
    house: House = request.app.ctx.house
    svg = await asyncio.to_thread(_picture, house, shop, unquote(name)[:120])
    if svg is None:
        raise ServiceError("not_found", "There is no such picture.", 404)
    tag = hashlib.sha256(svg.encode()).hexdigest()[:32]
    headers = PICTURE_HEADERS | {"ETag": f'"{tag}"'}
    if is_known(request, tag):
        return HTTPResponse(status=304, headers=headers)
    return HTTPResponse(svg, content_type="image/svg+xml", headers=headers)


async def _shop(house: House, identity: str) -> Shop:
    def read() -> Shop | None:
        found = house.shopping.catalogues.shop(identity)
        return found if found and house.shopping.catalogues.count(found.id) <= SHELVED_MAX else None

    found = await asyncio.to_thread(read)
    if found is None:
        raise ServiceError("not_found", "There is no such shop here.", 404)
    return found


def _picture(house: House, shop: str, name: str) -> str | None:
    catalogues = house.shopping.catalogues
    if (product := catalogues.product(shop, name)) is not None:
        return picture(product)
    found = catalogues.variant(shop, name)
    return None if found is None else picture(found[0], found[1].sku)


def _shelves(house: House, shop: Shop, asked: Asked) -> Shown:
    """All that the choice leaves, and the page of it that was asked for."""
    now = house.now()
    found = house.shopping.search.find(shop.id, asked.query, limit=FOUND_MAX) if asked.query else Found()
    products = (
        list(found.products)
        if asked.query
        else sorted(house.shopping.catalogues.all_products(shop.id), key=_attraction, reverse=True)
    )
    shelf = browse(products, asked.choice, now)
    start = (asked.page - 1) * TILES
    tiles = []
    for product in shelf.products[start : start + TILES]:
        chosen = shelf.variants[product.id]
        found_too = [one for one in found.variants(product) if one in chosen]
        tiles.append(tile(product, found_too or chosen, now))
    return Shown(
        shelf,
        tuple(tiles),
        pages=max(1, -(-len(shelf.products) // TILES)),
        conditions=tuple(one.label for one in chips(found)),
        given_up=tuple(one.describe() for one in found.relaxed),
        vague=found.vague,
    )


def _attraction(product: Product) -> tuple[bool, float]:
    """What can be ordered stands before what cannot, and what sells before what does not."""
    return any(one.can_order() for one in product.variants), product.popularity


def _alike(house: House, product: Product) -> list[Tile]:
    now = house.now()
    found = house.shopping.search.similar(product.shop, product.id, limit=ALIKE)
    return [Tile(card(one, now), product_address(one.shop, one.id)) for one in found.products]
