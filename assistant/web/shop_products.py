"""A shop's products over HTTP, for the shop's own machines: one at a time, or as a feed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty

from assistant.errors import ServiceError
from assistant.house import House
from assistant.product_importing import is_web
from assistant.product_imports import ProductImports
from assistant.storage.api_keys import shop_scope
from assistant.web.authentication import authenticated
from assistant.web.reading import read_body, read_values
from assistant.web.responses import model_response
from assistant.web.shop_product_messages import ImportAnswer, ImportList, ImportOfUrl, ImportReport, ProductChange
from skills.shopping.catalogue import Catalogues
from skills.shopping.feeds.cleaning import clean
from skills.shopping.importing import Choices, Import
from skills.shopping.importing.report import problems_csv
from skills.shopping.product import Product

blueprint = Blueprint("shop_products", url_prefix="/api/v1/shops")

FEED_MAX = 2_000_000_000
"""Bytes of a feed."""
URL_REQUEST_MAX = 100_000
"""Bytes of a request that only names an address."""
STALL_S = 30.0
"""Without a byte, the sender has left."""
WRITTEN = 1 << 20
"""Bytes that are written at a time."""
IMPORT = "/<shop:str>/products/imports/<identity:str>"
PRODUCT = "/<shop:str>/products/<identity:str>"


@blueprint.post("/<shop:str>/products/imports", stream=True)
async def begin_import(request: Request, shop: str) -> HTTPResponse:
    """Import a feed: the body, or what `{"url": ...}` names; what comes of it is asked for by its id."""
    house = await _shop(request, shop)
    choices = _choices(request)
    state, feed = await house.product_imports.prepare(shop, request.args.get("source", "upload")[:200])
    try:
        await _receive(request, feed)
        named = await asyncio.to_thread(_url_in, feed) if request.content_type == "application/json" else None
        if named:
            await asyncio.to_thread(feed.unlink)
            state = state.model_copy(update={"source": named.url})
            choices = Choices(format=named.format, mapping=named.mapping, update=named.update, force=named.force)
    except BaseException:
        await asyncio.shield(house.product_imports.discard(state))
        raise
    state = await house.product_imports.submit(state, choices)
    return model_response(await _report(house.product_imports, state), 202, {"Location": _at(state)})


@blueprint.get("/<shop:str>/products/imports")
async def imports(request: Request, shop: str) -> HTTPResponse:
    """The last imports, the latest first."""
    house = await _shop(request, shop)
    return model_response(ImportList(imports=tuple(await asyncio.to_thread(house.product_imports.records.all, shop))))


@blueprint.get(IMPORT)
async def one_import(request: Request, shop: str, identity: str) -> HTTPResponse:
    """How far an import is, and what was wrong in its feed."""
    house = await _shop(request, shop)
    return model_response(await _report(house.product_imports, await _import(house, shop, identity)))


@blueprint.post(IMPORT)
async def answer_import(request: Request, shop: str, identity: str) -> HTTPResponse:
    """Say what an import has asked: what the columns are, or that it is meant."""
    house = await _shop(request, shop)
    state = await _import(house, shop, identity)
    answer = read_body(request, ImportAnswer)
    choices = Choices(**{name: getattr(answer, name) for name in answer.model_fields_set})
    return model_response(await _report(house.product_imports, await house.product_imports.answer(state, choices)), 202)


@blueprint.get(f"{IMPORT}/problems.csv")
async def import_problems(request: Request, shop: str, identity: str) -> HTTPResponse:
    """What was wrong, as a table."""
    house = await _shop(request, shop)
    state = await _import(house, shop, identity)
    problems = await asyncio.to_thread(house.product_imports.records.problems, shop, state.id)
    headers = {"Content-Disposition": f'attachment; filename="import-{state.id}.csv"'}
    return HTTPResponse("\ufeff" + problems_csv(problems), headers=headers, content_type="text/csv; charset=utf-8")


@blueprint.get(PRODUCT)
async def product(request: Request, shop: str, identity: str) -> HTTPResponse:
    """A product as customers meet it, with what is left of it."""
    house = await _shop(request, shop)
    return model_response(await _product(house.shopping.catalogues, shop, identity))


@blueprint.put(PRODUCT)
async def put_product(request: Request, shop: str, identity: str) -> HTTPResponse:
    """Add a product, or replace it, at once."""
    house = await _shop(request, shop)
    catalogues = house.shopping.catalogues
    told = _json(request) | {"id": identity, "shop": shop}
    found = await asyncio.to_thread(_checked, catalogues, told)
    await asyncio.to_thread(catalogues.put_product, found)
    return model_response(await _product(catalogues, shop, identity))


@blueprint.patch(PRODUCT)
async def change_product(request: Request, shop: str, identity: str) -> HTTPResponse:
    """Change some of a product: its texts, or prices, stock and availability of variants."""
    house = await _shop(request, shop)
    catalogues = house.shopping.catalogues
    change = read_body(request, ProductChange)
    now = await _product(catalogues, shop, identity)
    unknown = [one.sku for one in change.variants if now.variant(one.sku) is None]
    if unknown:
        raise ServiceError("variant_unknown", f"The product has no variant {unknown[0]!r}.", 404)
    found = await asyncio.to_thread(_checked, catalogues, change.applied(now))
    await asyncio.to_thread(catalogues.put_product, found)
    return model_response(await _product(catalogues, shop, identity))


@blueprint.delete(PRODUCT)
async def remove_product(request: Request, shop: str, identity: str) -> HTTPResponse:
    """Remove a product, with its reviews, at once."""
    house = await _shop(request, shop)
    await asyncio.to_thread(house.shopping.catalogues.remove_product, shop, identity)
    return empty()


async def _shop(request: Request, shop: str) -> House:
    """The house, for those who have a key of this shop."""
    await authenticated(request, shop_scope(shop))
    house: House = request.app.ctx.house
    if await asyncio.to_thread(house.shopping.catalogues.shop, shop) is None:
        raise ServiceError("shop_unknown", "There is no such shop.", 404)
    return house


async def _product(catalogues: Catalogues, shop: str, identity: str) -> Product:
    found = await asyncio.to_thread(catalogues.product, shop, identity)
    if found is None:
        raise ServiceError("product_unknown", "The shop has no such product.", 404)
    return found


async def _import(house: House, shop: str, identity: str) -> Import:
    found = await asyncio.to_thread(house.product_imports.records.find, shop, identity)
    if found is None:
        raise ServiceError("import_unknown", "The shop has no such import.", 404)
    return found


async def _report(imports: ProductImports, state: Import) -> ImportReport:
    problems = await asyncio.to_thread(imports.records.problems, state.shop, state.id)
    return ImportReport(state=state, problems=tuple(problems[:100]), problems_kept=len(problems))


def _at(state: Import) -> str:
    return f"/api/v1/shops/{state.shop}/products/imports/{state.id}"


async def _receive(request: Request, feed: Path) -> None:
    """The body onto the disk, some of it in memory at a time."""
    stream: Any = request.stream
    body, size, collected = aiter(stream), 0, bytearray()
    with feed.open("wb") as file:
        while True:
            try:
                async with asyncio.timeout(STALL_S):
                    piece: bytes = await anext(body, b"")
            except TimeoutError:
                raise ServiceError("feed_cut", f"Nothing came for {STALL_S:g} seconds.", 400) from None
            size += len(piece)
            if size > FEED_MAX:
                raise ServiceError("too_large", f"A feed has at most {FEED_MAX:,} bytes.", 413)
            collected += piece
            if len(collected) >= WRITTEN or not piece:
                await asyncio.to_thread(file.write, bytes(collected))
                collected.clear()
            if not piece:
                break
    if not size:
        raise ServiceError("feed_empty", "There is no feed in this request.", 422)


def _url_in(feed: Path) -> ImportOfUrl | None:
    """What the body is where it names an address rather than being a feed."""
    if feed.stat().st_size > URL_REQUEST_MAX:
        return None
    try:
        told = json.loads(feed.read_bytes())
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or "url" not in told or any(name.startswith("@") for name in told):
        return None
    found = read_values(ImportOfUrl, told)
    if not is_web(found.url):
        raise ServiceError("url_invalid", "A feed is fetched from an http or https address.", 422)
    return found


def _choices(request: Request) -> Choices:
    """Of the query, for a feed that is the body."""
    told = {name: request.args.get(name) for name in ("format", "update", "force") if name in request.args}
    return read_values(Choices, told)


def _checked(catalogues: Catalogues, told: dict[str, Any]) -> Product:
    """A product as it may be kept: texts without markup, addresses of the web, prices in the shop's currency."""
    found = clean(read_values(Product, told))
    shop = catalogues.shop(found.shop)
    prices = [price for one in found.variants for price in (one.price, one.sale_price) if price]
    if shop and any(price.currency != shop.currency for price in prices):
        raise ServiceError("currency_other", f"The shop sells in {shop.currency}.", 422)
    if any(price.minor <= 0 for price in prices):
        raise ServiceError("price_invalid", "A price is more than nothing.", 422)
    return found


def _json(request: Request) -> dict[str, Any]:
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise ServiceError("request_invalid", "The body has to be a JSON object.", 422)
    return told
