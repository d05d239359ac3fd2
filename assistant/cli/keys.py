"""`./sori keys`: who may bring in media, or a shop's products, over HTTP, and who answers in a shop's chat."""

from __future__ import annotations

import argparse
import json
from datetime import datetime

from assistant.errors import ServiceError, StartError
from assistant.paths import DataPaths
from assistant.settings import load_settings
from assistant.setup.environments import SetupError
from assistant.storage.api_keys import SCOPES, ApiKey, ApiKeys, agent_of, shop_scope
from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.errors import ShoppingError


def run(options: argparse.Namespace) -> int:
    """Do one of `add`, `list` and `revoke`."""
    settings = load_settings(data_dir=options.data_dir)
    paths = DataPaths(settings.data_dir)
    try:
        paths.make()
        store = Store(settings.database_url or paths.database_url)
        try:
            {"add": _add, "list": _list, "revoke": _revoke}[options.action](options, ApiKeys(store.engine), store)
        finally:
            store.close()
    except (StartError, ServiceError, ShoppingError) as error:
        raise SetupError(str(error)) from error
    return 0


def _add(options: argparse.Namespace, keys: ApiKeys, store: Store) -> None:
    shop = options.shop or options.agent
    if shop and Catalogues(store.engine).shop(shop) is None:
        raise SetupError(f"there is no shop {shop!r}; ./sori shops list shows them")
    scopes = [shop_scope(shop) if options.shop else agent_of(shop)] if shop else SCOPES
    key, secret = keys.add(options.name, scopes, shop)
    if options.json:
        print(json.dumps({"id": key.id, "name": key.name, "key": secret}))
        return
    print(f"The key of {key.name}, which is shown this once and kept nowhere:\n\n  {secret}\n")
    opens = "/studio"
    if options.shop:
        opens = f"the HTTP interface of {options.shop}"
    elif options.agent:
        opens = f"the HTTP interface of those who answer in the chat of {options.agent}"
    print(f"It opens {opens}. ./sori keys revoke {key.id} takes it back.")


def _list(_options: argparse.Namespace, keys: ApiKeys, _store: Store) -> None:
    found = keys.all()
    for key in found:
        print(f"{key.id}  {key.name:<24} {', '.join(key.scopes):<20} made {_day(key.created_at)}, {_state(key)}")
    if not found:
        print("There are no keys; ./sori keys add NAME makes one.")


def _revoke(options: argparse.Namespace, keys: ApiKeys, _store: Store) -> None:
    if not keys.revoke(options.key):
        raise SetupError(f"there is no key {options.key} that still works; ./sori keys list shows them")
    print(f"{options.key} lets nobody in any more.")


def _state(key: ApiKey) -> str:
    if key.revoked_at:
        return f"revoked {_day(key.revoked_at)}"
    return f"last used {_day(key.used_at)}" if key.used_at else "never used"


def _day(at: datetime) -> str:
    return at.date().isoformat()
