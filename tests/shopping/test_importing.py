"""Taking feeds into a catalogue: all or nothing is seen, whatever happens on the way."""

import io
import os
import secrets
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.errors import CatalogueStoreError
from skills.shopping.feeds import Offer, Spool, entries, look
from skills.shopping.importing import Choices, FeedImporter, Import, Imports, State
from skills.shopping.importing.report import problems_csv
from skills.shopping.product import Product
from tests.shopping.shops import a_product, a_shop


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('imports') / 'sori.db'}")
    yield store
    store.close()


class Desk:
    """Imports feeds into one shop."""

    def __init__(self, store: Store, shop: str, folder: Path) -> None:
        self.catalogues, self.records = Catalogues(store.engine), Imports(store.engine)
        self.shop, self.folder = shop, folder

    def take(self, feed: str | bytes, **chosen: object) -> Import:
        path = self.folder / "feed"
        path.write_bytes(feed if isinstance(feed, bytes) else feed.encode())
        state = self.records.begin(self.shop, "feed.csv")
        with path.open("rb") as file:
            return FeedImporter(self.catalogues, self.records, state, self.folder).run(file, Choices(**chosen))

    @property
    def titles(self) -> dict[str, str]:
        return {one.id: one.title for one in self.catalogues.all_products(self.shop)}


def open_desk(store: Store, folder: Path) -> Desk:
    shop = f"import-{secrets.token_hex(4)}"
    Catalogues(store.engine).put_shop(a_shop(shop))
    return Desk(store, shop, folder)


@pytest.fixture
def desk(scratch: Store, tmp_path: Path) -> Desk:
    return open_desk(scratch, tmp_path)


def a_feed(count: int, *, title: str = "Hat", first: int = 0) -> str:
    rows = [
        f"{number},{title} {number},9.00,in_stock,https://a.example/{number}" for number in range(first, first + count)
    ]
    return "\n".join(["id,title,price,availability,link", *rows])


def test_a_feed_comes_in_and_the_same_again_costs_nothing(store: Store, tmp_path: Path) -> None:
    desk = open_desk(store, tmp_path)
    state = desk.take(a_feed(600))
    assert (state.state, state.rows, state.added, state.left_out) == (State.DONE, 600, 600, 0)
    revision = desk.catalogues.revision(desk.shop)
    again = desk.take(a_feed(600))
    assert (again.unchanged, again.added, again.changed, again.removed) == (600, 0, 0, 0)
    assert desk.catalogues.revision(desk.shop) == revision
    other = desk.take(a_feed(600).replace("Hat 7,", "Cap 7,"))
    assert (other.unchanged, other.changed) == (599, 1)
    assert desk.titles["7"] == "Cap 7"


def test_what_is_missing_from_a_whole_feed_is_removed_and_from_an_update_stays(desk: Desk) -> None:
    desk.take(a_feed(10))
    assert desk.take(a_feed(2), update=True).removed == 0
    assert desk.take(a_feed(8)).removed == 2
    assert len(desk.titles) == 8


def test_a_feed_that_would_empty_the_shop_is_asked_about(desk: Desk) -> None:
    desk.take(a_feed(10))
    state = desk.take(a_feed(2))
    assert (state.state, state.code) == (State.NEEDS_CONFIRMATION, "products_missing")
    assert len(desk.titles) == 10
    assert desk.take(a_feed(2), force=True).removed == 8


def test_a_feed_of_mostly_bad_rows_is_asked_about(desk: Desk) -> None:
    desk.take(a_feed(10))
    broken = a_feed(10, title="Cap").replace("9.00", "nothing", 3)
    state = desk.take(broken)
    assert (state.state, state.code, state.left_out) == (State.NEEDS_CONFIRMATION, "rows_bad", 3)
    assert set(desk.titles.values()) == {f"Hat {number}" for number in range(10)}
    assert [one.row for one in desk.records.problems(desk.shop, state.id)] == [2, 3, 4]
    assert desk.take(broken, force=True).state is State.DONE


@pytest.mark.parametrize("feed", ["", "nothing", "id,title,price,availability\n1,,,\n", b"\x00\x01\x02" * 50, "<rss>"])
def test_a_feed_of_nothing_leaves_everything_as_it_was(desk: Desk, feed: str | bytes) -> None:
    desk.take(a_feed(3))
    state = desk.take(feed, force=True)
    assert state.state in (State.FAILED, State.NEEDS_MAPPING)
    assert state.message
    assert len(desk.titles) == 3


def test_a_table_is_imported_once_its_columns_are_confirmed(desk: Desk) -> None:
    table = "Nr;Bezeichnung;Preis\n1;Stuhl;12,50\n2;Tisch;99\n"
    asked = desk.take(table)
    assert asked.state is State.NEEDS_MAPPING
    assert asked.proposal is not None
    assert desk.records.find(desk.shop, asked.id) == asked
    assert desk.titles == {}
    assert desk.take(table, mapping=asked.proposal.mapping).state is State.DONE
    assert desk.titles == {"1": "Stuhl", "2": "Tisch"}


def test_naver_deltas_are_applied_in_place(desk: Desk) -> None:
    shop = desk.catalogues.shop(desk.shop)
    assert shop is not None
    desk.catalogues.put_shop(shop.model_copy(update={"currency": "KRW"}))
    desk.take("id\ttitle\tprice_pc\tlink\n1\tBag\t100\t\n2\tHat\t200\t\n3\tCap\t300\t\n")
    state = desk.take("id\ttitle\tprice_pc\tlink\tclass\n1\t\t\t\tD\n2\tHat\t250\t\tU\n4\tBox\t400\t\tI\n")
    assert (state.removed, state.changed, state.added) == (1, 1, 1)
    assert desk.titles == {"2": "Hat", "3": "Cap", "4": "Box"}


def test_reviews_come_with_products_and_by_themselves(desk: Desk) -> None:
    desk.take(a_feed(2))
    state = desk.take("product_id,stars,text,author\n0,5,Warm,Jo\n0,2,Thin,Mo\nzz,1,Lost,Bo\n")
    assert (state.state, state.reviews, state.warnings) == (State.DONE, 2, 1)
    assert desk.catalogues.products(desk.shop, ["0"])[0].stars == 3.5
    revision = desk.catalogues.revision(desk.shop)
    desk.take("product_id,stars,text,author\n0,5,Warm,Jo\n")
    assert desk.catalogues.revision(desk.shop) == revision


def test_a_thousand_problems_are_kept_and_all_are_counted(desk: Desk) -> None:
    state = desk.take(a_feed(1_500).replace("in_stock", "maybe"), force=True)
    assert (state.state, state.left_out) == (State.FAILED, 1_500)
    kept = desk.records.problems(desk.shop, state.id)
    assert len(kept) == 1_000
    assert (kept[0].file, kept[0].row, kept[0].field, kept[0].left_out) == ("feed.csv", 2, "availability", True)
    formula = kept[0].model_copy(update={"message": "=HYPERLINK(1)"})
    assert "'=HYPERLINK(1)" in problems_csv([formula])


KILLED = """
import os, signal, sys
from pathlib import Path
from assistant.storage.store import Store
from skills.shopping.catalogue import Catalogues
from skills.shopping.importing import Choices, FeedImporter, Imports
url, shop, folder = sys.argv[1:]
store = Store(url)
records = Imports(store.engine)
def told(state):
    if state.state.value == "writing" and state.done >= 500:
        os.kill(os.getpid(), signal.SIGKILL)
importer = FeedImporter(Catalogues(store.engine), records, records.begin(shop, "x"), Path(folder), told)
import skills.shopping.importing.importer as module
module.TOLD_EVERY_S = 0.0
importer.run(open(Path(folder) / "feed", "rb"), Choices())
"""


def test_an_import_that_is_killed_leaves_the_old_catalogue_and_no_residue(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'sori.db'}"
    store = Store(url)
    desk = Desk(store, "killed", tmp_path)
    desk.catalogues.put_shop(a_shop("killed"))
    desk.take(a_feed(5))
    (tmp_path / "feed").write_text(a_feed(1_100, title="New"))
    command = [sys.executable, "-c", KILLED, url, "killed", str(tmp_path)]
    killed = subprocess.run(command, env={**os.environ, "PYTHONPATH": "."}, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert set(desk.titles.values()) == {f"Hat {number}" for number in range(5)}
    assert desk.catalogues.variant("killed", "1000") is None
    state = desk.take(a_feed(1_100, title="New"))
    assert (state.added, state.changed) == (1_095, 5)
    assert set(desk.titles.values()) == {f"New {number}" for number in range(1_100)}
    store.close()


def test_reading_takes_the_memory_of_a_batch_not_of_the_feed(tmp_path: Path) -> None:
    """Five megabytes, of which some are in memory at a time."""
    feed = io.BytesIO(a_feed(2_500).replace("https://", f"https://{'long' * 450}.").encode())
    tracemalloc.start()
    with Spool(tmp_path) as spool:
        for entry in entries(feed, look(feed), "USD"):
            assert isinstance(entry, Offer)
            spool.add(entry)
        assert sum(1 for _ in spool.products()) == 2_500
        _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000


names = st.sampled_from(["a", "b", "c", "d"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("whole"), st.dictionaries(names, st.integers(1, 3))),
        st.tuples(st.just("delta"), st.dictionaries(names, st.integers(0, 3))),
        st.tuples(st.just("killed"), st.dictionaries(names, st.integers(1, 3))),
        st.tuples(st.just("put"), st.dictionaries(names, st.integers(1, 3), min_size=1, max_size=1)),
        st.tuples(st.just("removed"), st.dictionaries(names, st.just(0), min_size=1, max_size=1)),
    ),
    max_size=8,
)


@given(steps)
@settings(max_examples=20, deadline=None)
def test_any_course_of_imports_and_changes_comes_to_what_a_dictionary_would(scratch: Store, course: list) -> None:
    """Versions, deltas, single changes and killed imports, against the simplest thing that does the same."""
    catalogues, shop = Catalogues(scratch.engine), f"s{secrets.token_hex(6)}"
    catalogues.put_shop(a_shop(shop))
    wanted: dict[str, int] = {}

    def product(name: str, price: int) -> Product:
        return a_product(shop, name, price=str(price))

    for kind, named in course:
        if kind in ("whole", "delta", "killed"):
            version = catalogues.new_version(shop, whole=kind != "delta")
            version.remove([name for name, price in named.items() if not price])
            version.put([product(name, price) for name, price in named.items() if price])
            if kind == "killed":
                continue
            version.finish()
            wanted = {**(wanted if kind == "delta" else {}), **named}
        elif kind == "put":
            for name, price in named.items():
                catalogues.put_product(product(name, price))
            wanted |= named
        else:
            for name in named:
                if name in wanted:
                    catalogues.remove_product(shop, name)
                else:
                    with pytest.raises(CatalogueStoreError):
                        catalogues.remove_product(shop, name)
            wanted |= named
        wanted = {name: price for name, price in wanted.items() if price}
        found = {one.id: int(one.variants[0].price.amount) for one in catalogues.all_products(shop)}
        assert found == wanted
        assert catalogues.count(shop) == len(wanted)
        assert dict(catalogues.fingerprints(shop)).keys() == wanted.keys()
        assert all((catalogues.variant(shop, name) is not None) == (name in wanted) for name in "abcd")
