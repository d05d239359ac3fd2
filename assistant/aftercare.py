"""What comes after a purchase, as the service and the command line have it."""

from __future__ import annotations

from sqlalchemy.engine import Engine

from assistant.buying import Buying, now
from skills.shopping.catalogue import Catalogues
from skills.shopping.orders.access import Access
from skills.shopping.orders.actions import OrderActions
from skills.shopping.orders.proofs import Proofs
from skills.shopping.orders.return_book import ReturnBook


class Aftercare:
    """Returns, and whoever asks about an order."""

    def __init__(self, engine: Engine, catalogues: Catalogues, buying: Buying) -> None:
        """`engine` is a database that has the tables already."""
        self.book = ReturnBook(engine, catalogues, buying.orders, buying.payments)
        access = Access(engine, buying.orders, Proofs(engine), buying.outbox, now)
        self.actions = OrderActions(engine, catalogues, buying.orders, self.book, buying.outbox, access, now)
