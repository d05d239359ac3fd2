"""`./sori shops`: the shops that are served here."""

from __future__ import annotations

import argparse
import json
import shutil
from typing import Any

from pydantic import ValidationError

from assistant.accounts.reserved import RESERVED
from assistant.chat.sessions import Sessions
from assistant.errors import StartError
from assistant.origins import read_origin
from assistant.paths import DataPaths
from assistant.product_importing import shop_alone
from assistant.settings import load_settings
from assistant.setup.environments import SetupError
from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.errors import ShoppingError
from skills.shopping.forgetting import forget_shop
from skills.shopping.shop import Shop


def run(options: argparse.Namespace) -> int:
    """Do one of `add`, `list`, `show`, `set`, `secret` and `remove`."""
    settings = load_settings(data_dir=options.data_dir)
    paths = DataPaths(settings.data_dir)
    actions = {"add": _add, "list": _list, "show": _show, "set": _set, "secret": _secret}
    try:
        paths.make()
        store = Store(settings.database_url or paths.database_url)
        try:
            catalogues = Catalogues(store.engine)
            if options.action == "remove":
                _remove(_shop(options, catalogues), options.yes, store, paths)
            else:
                actions[options.action](options, catalogues, paths)
        finally:
            store.close()
    except (StartError, ShoppingError) as error:
        raise SetupError(str(error)) from error
    return 0


def _add(options: argparse.Namespace, catalogues: Catalogues, _paths: DataPaths) -> None:
    if catalogues.shop(options.shop):
        raise SetupError(f"there is a shop {options.shop!r} already; ./sori shops set changes it")
    if options.shop in RESERVED:
        raise SetupError(f"{options.shop!r} is what a page of the console is called; please choose another id")
    told = {"id": options.shop, "name": options.name, "currency": options.currency, "origins": options.origin}
    shop = _checked(told)
    catalogues.put_shop(shop)
    print(f"{shop.name} is open as {shop.id}. ./sori import products FEED --shop {shop.id} fills it,")
    print(f"./sori keys add NAME --shop {shop.id} makes a key for its HTTP interface.")


def _list(_options: argparse.Namespace, catalogues: Catalogues, _paths: DataPaths) -> None:
    for shop in catalogues.shops():
        print(f"{shop.id:<24} {shop.name:<30} {shop.currency}  {catalogues.sells(shop.id):>8,} products")


def _show(options: argparse.Namespace, catalogues: Catalogues, _paths: DataPaths) -> None:
    print(_shop(options, catalogues).model_dump_json(indent=2))


def _set(options: argparse.Namespace, catalogues: Catalogues, _paths: DataPaths) -> None:
    shop = _shop(options, catalogues)
    told: dict[str, Any] = shop.model_dump(mode="json")
    for change in options.changes:
        name, separator, text = change.partition("=")
        if not separator or name not in told or name == "id":
            raise SetupError(
                f"{change!r}: write NAME=VALUE, where NAME is one of {', '.join(sorted(told.keys() - {'id'}))}"
            )
        told[name] = text if isinstance(told[name], str) else _json(name, text)
    changed = _checked(told)
    if changed.currency != shop.currency and catalogues.count(shop.id):
        raise SetupError(f"{shop.name} has products with prices in {shop.currency}; the currency stays")
    catalogues.put_shop(changed)
    print(f"{changed.name} is changed.")


def _secret(options: argparse.Namespace, catalogues: Catalogues, paths: DataPaths) -> None:
    print(Sessions(paths.root).vouching_secret(_shop(options, catalogues).id))


def _remove(shop: Shop, meant: bool, store: Store, paths: DataPaths) -> None:
    if not meant:
        raise SetupError(f"this takes away {shop.name} with its products, answers and orders; --yes does it")
    with shop_alone(paths, shop.id, wait=False):
        forget_shop(store.engine, shop.id)
        shutil.rmtree(paths.shops / shop.id, ignore_errors=True)
    print(f"{shop.name} is gone.")


def _shop(options: argparse.Namespace, catalogues: Catalogues) -> Shop:
    shop = catalogues.shop(options.shop)
    if shop is None:
        raise SetupError(f"there is no shop {options.shop!r}; ./sori shops list shows them")
    return shop


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise SetupError(f"{name} is written as JSON, like {name}='[]': {error}") from error


def _checked(told: dict[str, Any]) -> Shop:
    """A shop as it may be kept."""
    try:
        origins = [read_origin(one) for one in told.get("origins") or []]
        return Shop.model_validate(told | {"origins": origins})
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"]) or "shop"
        raise SetupError(f"{where}: {problem['msg']}") from error
    except ValueError as error:
        raise SetupError(f"origins: {error}") from error
