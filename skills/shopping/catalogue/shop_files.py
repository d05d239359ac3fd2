"""Shops that come as a folder of files: shop.json, products.jsonl and, where there are any, reviews.jsonl."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from skills.errors import CatalogueError
from skills.shopping.catalogue.catalogues import Catalogues
from skills.shopping.product import Product, Review
from skills.shopping.shop import Shop

DEMO_SHOPS = Path(__file__).parents[1] / "demo"
"""A folder for each of the shops that come with Sori."""

Read = TypeVar("Read", bound=BaseModel)

SHOP, PRODUCTS, REVIEWS = "shop.json", "products.jsonl", "reviews.jsonl"
BATCH = 500


def load_shop(
    catalogues: Catalogues, folder: Path, progress: Callable[[int, int], None] = lambda _done, _of: None
) -> bool:
    """Bring a shop in line with its files; returns False, at once, where it has been loaded from the same ones before.

    The shop's folder is named by its id. `progress` is told how many products of how many are done.

    Raises:
        CatalogueError: naming file, line and field that cannot be used; the shop stays as it was.
        CatalogueStoreError: `catalogue_failed`.
    """
    digest = _digest(folder)
    if catalogues.loaded(folder.name) == digest:
        return False
    shop = _read(Shop, folder / SHOP, 0, _text(folder / SHOP))
    if shop.id != folder.name:
        raise CatalogueError(f"{folder / SHOP}: the id {shop.id!r} is not the folder's name")
    products = list(_products(folder, shop.id))
    reviews = list(_reviews(folder, {product.id for product in products}))
    catalogues.put_shop(shop)
    version = catalogues.new_version(shop.id, whole=True)
    remaining = iter(products)
    done = 0
    while batch := list(islice(remaining, BATCH)):
        if refused := version.put(batch):
            product, sku = next(iter(refused.items()))
            raise CatalogueError(f"{folder / PRODUCTS}: product {product!r}: the sku {sku!r} is taken already")
        done += len(batch)
        progress(done, len(products))
    version.finish()
    catalogues.put_reviews(shop.id, reviews, instead=True)
    catalogues.set_loaded(shop.id, digest)
    return True


def _products(folder: Path, shop: str) -> Iterator[Product]:
    taken: dict[str, int] = {}
    path = folder / PRODUCTS
    for line, row in _rows(path):
        product = _read(Product, path, line, row | {"shop": shop})
        if product.id in taken:
            raise CatalogueError(f"{path}:{line}: the id {product.id!r} is taken by line {taken[product.id]}")
        taken[product.id] = line
        yield product


def _reviews(folder: Path, products: set[str]) -> Iterator[tuple[str, Review]]:
    path = folder / REVIEWS
    if not path.is_file():
        return
    for line, row in _rows(path):
        product = row.pop("product", None)
        if product not in products:
            raise CatalogueError(f"{path}:{line}: product: there is no product {product!r}")
        yield product, _read(Review, path, line, row)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise CatalogueError(f"{path}:{number}: not a JSON object: {error}") from error
        if not isinstance(row, dict):
            raise CatalogueError(f"{path}:{number}: not a JSON object")
        yield number, row


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path} cannot be read: {error}") from error


def _read(model: type[Read], path: Path, line: int, row: Any) -> Read:
    try:
        return model.model_validate_json(row if isinstance(row, str) else json.dumps(row))
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"]) or "row"
        raise CatalogueError(f"{path}:{line}: {field}: {problem['msg']}") from error


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for name in (SHOP, PRODUCTS, REVIEWS):
        path = folder / name
        if path.is_file():
            digest.update(f"{name} {path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
