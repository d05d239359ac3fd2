"""Buying as the service has it: carts, checkouts, payments and orders, and what goes on beside turns."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.engine import Engine

from assistant.identity import Tokens
from assistant.paths import DataPaths
from skills.errors import SkillError
from skills.shopping.buying.actions import BuyingActions
from skills.shopping.buying.answered import AnsweredRequests
from skills.shopping.buying.basket import Basket
from skills.shopping.buying.carts import Carts
from skills.shopping.buying.checkouts import Checkouts
from skills.shopping.buying.confirming import Taps
from skills.shopping.buying.naming import CHOICES
from skills.shopping.buying.orders import Orders
from skills.shopping.buying.outbox import Outbox
from skills.shopping.buying.payments import Payments
from skills.shopping.buying.placing import Placing
from skills.shopping.buying.test_provider import TestProvider
from skills.shopping.buying.voice_buyers import VoiceBuyers
from skills.shopping.catalogue import Catalogues
from skills.shopping.finding import ProductSearch
from skills.shopping.finding.asking import Asked
from skills.shopping.memory import ShoppingMemory
from skills.shopping.product import Product, Variant

log = structlog.get_logger(__name__)

PAY = "/pay/"
LOOK_EVERY_S = 5.0
CARTS_KEPT, ANSWERS_KEPT = timedelta(days=90), timedelta(days=1)


class Buying:
    """Everything about buying. `start` once, `close` once."""

    def __init__(self, engine: Engine, paths: DataPaths, catalogues: Catalogues) -> None:
        """`engine` is a database that has the tables already."""
        self.pages = Tokens(paths.root, "payment", "This payment page is none of mine.")
        self.forms = Tokens(paths.root, "payment form", "This form was made for another page. Please open it again.")
        self.carts = Carts(engine)
        self.orders = Orders(engine)
        self.voice = VoiceBuyers(engine, self.orders, now)
        self.provider = TestProvider(engine, lambda payment: PAY + self.pages.token(payment), self._paid)
        self.payments = Payments(engine, {"test": self.provider})
        self.outbox = Outbox(engine, paths.mail, catalogues.shop)
        placing = Placing(engine, catalogues, self.carts, self.orders, self.payments, self.outbox)
        self.checkouts = Checkouts(engine, catalogues, self.orders, self.payments, placing, self.voice.method, now)
        self.basket = Basket(engine, catalogues, self.carts, now)
        self.answered = AnsweredRequests(engine)
        self._catalogues = catalogues
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self._work, name="buying", daemon=True)

    def actions(self, search: ProductSearch, taps: Taps) -> BuyingActions:
        """What buying does for the dialogue and for taps; `search` knows what names and what was shown mean."""

        def like(shop: str, text: str) -> Sequence[str]:
            return search.find(shop, text, limit=CHOICES).ids

        def met(shop: str, memory: ShoppingMemory, product: Product) -> Sequence[Variant]:
            return search.among(shop, Asked(memory.query, memory.dropped), [product.id]).variants(product)

        return BuyingActions(
            self._catalogues, self.basket, self.checkouts, self.orders, self.voice, search.named, like, met, taps
        )

    def start(self) -> None:
        """Finish what a crash left, and from now on send letters and let old checkouts expire, in the background."""
        self._worker.start()

    def close(self) -> None:
        """Stop what goes on in the background."""
        self._stopping.set()
        if self._worker.is_alive():
            self._worker.join(timeout=10)

    def _work(self) -> None:
        self._try(lambda: self.checkouts.recover(at_start=True))
        while not self._stopping.wait(LOOK_EVERY_S):
            self._try(lambda: self.outbox.deliver(now()))
            self._try(self.checkouts.recover)
            self._try(lambda: self.carts.forget(now() - CARTS_KEPT))
            self._try(lambda: self.checkouts.forget(now() - CARTS_KEPT))
            self._try(lambda: self.answered.forget(now() - ANSWERS_KEPT))

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except SkillError as error:  # the database is away: the next look will find what is left
            log.warning("buying has to wait", why=str(error))
        except Exception:
            log.exception("something about buying failed")

    def _paid(self, payment: str) -> None:
        self.checkouts.paid(payment)


def now() -> datetime:
    """The present time; all that is kept about buying is in UTC."""
    return datetime.now(UTC)
