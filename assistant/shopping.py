"""All of shopping, opened and closed together: catalogues, and each part that works on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice

import structlog
from sqlalchemy.engine import Engine

from assistant.aftercare import Aftercare
from assistant.buying import Buying
from assistant.errors import StartError
from assistant.expected_speech import GOODS_MAX, Goods
from assistant.paths import DataPaths
from assistant.setup.progress import Step
from search_index import Encoder, SearchError
from skills.errors import SkillError
from skills.media.fetching import Network
from skills.shopping.actions import Part, ShoppingActions
from skills.shopping.catalogue import DEMO_SHOPS, Catalogues, load_shop
from skills.shopping.deciding.actions import DecidingActions
from skills.shopping.deciding.own_answers import OwnAnswers
from skills.shopping.deciding.own_first import OwnFirst
from skills.shopping.filling import Filling
from skills.shopping.finding import ProductSearch
from skills.shopping.finding.actions import FindingActions
from skills.shopping.fronting import FrontActions
from skills.shopping.remote_pictures import RemotePictures
from skills.shopping.webhooks import Webhooks
from skills.storefront import AnswerDesk, Entries, ShopAnswers, load_answers
from skills.storefront.front import Front
from skills.storefront.listing import Listings
from skills.storefront.pictures import AnswerPictures

log = structlog.get_logger(__name__)


class Shopping:
    """The shopping skill's parts. `close` once."""

    def __init__(self, engine: Engine, paths: DataPaths, encoder: Encoder, networks: Sequence[Network] = ()) -> None:
        """`engine` is a database that has the tables already, `encoder` the service's own.

        `networks` may be fetched from though they are not public.
        """
        self.catalogues = Catalogues(engine)
        self.pictures = RemotePictures(paths.shops, networks)
        self.search = ProductSearch(paths.shops, encoder, self.catalogues, utc_now)
        self.buying = Buying(engine, paths, self.catalogues)
        self.webhooks = Webhooks(engine, networks)
        self.entries = Entries(engine)
        self.answers = ShopAnswers(engine)
        self.listings = Listings(self.answers)
        self.answer_pictures = AnswerPictures(paths.shops)
        self.front = Front(self.entries)
        self.filling = Filling(self.catalogues, self.buying.orders, self.front, utc_now)
        self.desk = AnswerDesk(self.answers, encoder, paths.shops)
        finding = FindingActions(self.catalogues, self.search, utc_now, lambda: self.actions.taps())
        find = finding.by_name()["action_shop_find"]
        self.own = OwnAnswers(self.catalogues, self.desk, self.front, self.filling, utc_now)
        deciding = DecidingActions(self.catalogues, self.own, self.search, find, utc_now)
        buying = self.buying.actions(self.search, lambda: self.actions.taps())
        self.aftercare = Aftercare(engine, self.catalogues, self.buying)
        fronting = FrontActions(self.front, self.catalogues.shop, self.filling)
        parts: list[Part] = [finding, deciding, buying, self.aftercare.actions, fronting]
        self.actions = ShoppingActions(parts, fronting.wordings)
        self.before = OwnFirst(self.catalogues, self.own, fronting.before).act
        """Answers what a shop has chosen words for, before anything is understood."""
        self.words = fronting.words
        """Words the dialogue's responses in a shop."""

    def goods(self) -> Goods:
        """What people may name in the shops, for the ears: of a large shop the first of its share. Blocking."""
        shops = self.catalogues.shops()
        share = GOODS_MAX // max(1, len(shops))
        products = [one for shop in shops for one in islice(self.catalogues.all_products(shop.id), share)]
        return Goods(
            products=tuple(sorted({product.title for product in products})),
            brands=tuple(sorted({product.brand for product in products if product.brand})),
            shops=tuple(sorted(shop.name for shop in shops)),
        )

    def close(self) -> None:
        """Close what was opened, the last first."""
        self.desk.close()
        self.buying.close()
        self.search.close()

    def refresh(self) -> None:
        """Make what has changed in the shops findable; a shop whose index cannot be made keeps the one it has.

        Its answers, which count at once, are made ready for the next question.
        """
        for shop in self.catalogues.revisions():
            try:
                self.search.refresh(shop)
                self.desk.prepare(shop)
            except (SkillError, SearchError) as error:
                log.warning("a shop's changes cannot be found yet", shop=shop, why=str(error))


def utc_now() -> datetime:
    """The time by which sales begin and end."""
    return datetime.now(UTC)


def load_shops(engine: Engine, step: Step) -> None:
    """Bring the shops that come with Sori in line with their files; one that is in line already costs a moment.

    Raises:
        StartError: files that cannot be used, naming the place in them, or a database that does not take them.
    """
    catalogues, answers = Catalogues(engine), ShopAnswers(engine)
    for folder in sorted(path.parent for path in DEMO_SHOPS.glob("*/shop.json")):
        try:
            load_shop(catalogues, folder, step.progress)
            if (folder / "answers.jsonl").is_file() and catalogues.shop(folder.name):
                load_answers(answers, folder.name, folder / "answers.jsonl")
        except SkillError as error:
            raise StartError(f"the shops: {error}") from error


def index_shops(engine: Engine, paths: DataPaths, encoder: Encoder, step: Step) -> None:
    """Bring every shop's index in line with its catalogue; one that is in line already costs a moment.

    Raises:
        StartError: an index or the database cannot be used.
    """
    catalogues = Catalogues(engine)
    search = ProductSearch(paths.shops, encoder, catalogues, utc_now)
    try:
        shops = catalogues.shops()
        for done, shop in enumerate(shops):
            step.progress(done, len(shops))
            search.refresh(shop.id)
        step.progress(len(shops), len(shops))
    except (SkillError, SearchError) as error:
        raise StartError(f"the shops: {error}") from error
    finally:
        search.close()
