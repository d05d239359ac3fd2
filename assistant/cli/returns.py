"""`./sori returns`: what customers send back, and what the shop's people do once it is here."""

from __future__ import annotations

import argparse

from assistant.aftercare import Aftercare
from assistant.buying import Buying, now
from assistant.errors import StartError
from assistant.paths import DataPaths
from assistant.settings import load_settings
from assistant.setup.environments import SetupError
from assistant.storage.store import Store
from skills.errors import SkillError
from skills.shopping.catalogue import Catalogues
from skills.shopping.orders.return_book import ReturnBook
from skills.shopping.orders.returns import Return, ReturnState
from skills.shopping.orders.words import return_status


def run(options: argparse.Namespace) -> int:
    """Do one of `list`, `receive` and `reject`."""
    settings = load_settings(data_dir=options.data_dir)
    paths = DataPaths(settings.data_dir)
    try:
        paths.make()
        store = Store(settings.database_url or paths.database_url)
        try:
            catalogues = Catalogues(store.engine)
            book = Aftercare(store.engine, catalogues, Buying(store.engine, paths, catalogues)).book
            if options.action == "list":
                _list(options.shop, book)
            else:
                print(return_status(_settle(options, book)))
        finally:
            store.close()
    except (StartError, SkillError) as error:
        raise SetupError(str(error)) from error
    return 0


def _list(shop: str, book: ReturnBook) -> None:
    found = book.of_shop(shop)
    for one in found:
        print(f"{one.order:<12} {return_status(one)}")
    if not found:
        print(f"Nothing of {shop}'s is on its way back.")


def _settle(options: argparse.Namespace, book: ReturnBook) -> Return:
    shop, number = options.shop, options.number.upper()
    if options.action == "receive":
        settled = book.receive(shop, number, now())
    else:
        book.move(shop, number, ReturnState.RECEIVED, "arrived", now())
        settled = book.move(shop, number, ReturnState.REJECTED, options.note or "not taken back", now())
    if settled is None:
        known = book.by_number(shop, number)
        raise SetupError(
            f"return {number} is {known.state.value} already" if known else f"{shop} has no return {number}"
        )
    return settled
