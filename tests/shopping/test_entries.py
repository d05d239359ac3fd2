"""What sellers edit: nothing is lost, nothing shows before it is published, and every version can be had back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import create_engine, text

from assistant.storage.store import MIGRATIONS, Store
from skills.shopping.catalogue import Catalogues
from skills.storefront import Conflict, Entries, Saved, ShopAnswer, ShopAnswers, StorefrontError
from skills.storefront.profile import profile_of
from tests.shopping.shops import a_shop

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
IDS, TEXTS = ("pay", "post", "size"), ("one", "two", "three")


def answer(identity: str, says: str) -> ShopAnswer:
    return ShopAnswer(id=identity, question=f"What about {identity}?", answer=says)


@pytest.fixture
def shop(store: Store) -> str:
    name = f"edited-{uuid4().hex[:12]}"
    Catalogues(store.engine).put_shop(a_shop(name))
    return name


class Editing(RuleBasedStateMachine):
    """Entries against dictionaries: `draft` and `live` by id, and what was live at each version."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.entries = Entries(store.engine)
        self.shop = f"model-{uuid4().hex[:12]}"
        Catalogues(store.engine).put_shop(a_shop(self.shop))
        self.draft: dict[str, str] = {}
        self.live: dict[str, str] = {}
        self.versions: list[dict[str, str]] = [{}]
        self.follower: dict[bool, tuple[int, dict[str, str]]] = {False: (0, {}), True: (0, {})}

    def followed(self, *, draft: bool) -> dict[str, str]:
        """What somebody has who read nothing but what had changed each time."""
        seen, held = self.follower[draft]
        revision = self.entries.draft_revision(self.shop) if draft else self.entries.revision(self.shop)
        for one in self.entries.changed_since(self.shop, seen, "answer", draft=draft):
            held.pop(one.id, None)
            held |= {} if one.removed else {one.id: one.data["answer"]}
        self.follower[draft] = revision, held
        return held

    def revision(self, identity: str) -> int:
        found = self.entries.draft(self.shop, "answer", identity)
        return found.revision if found else 0

    @rule(identity=st.sampled_from(IDS), says=st.sampled_from(TEXTS), late=st.booleans())
    def save(self, identity: str, says: str, late: bool) -> None:
        """Saved from what is there; from what was there before, only if it is so already."""
        revision = self.revision(identity)
        seen = max(0, revision - late)
        done = self.entries.save(self.shop, "answer", identity, answer(identity, says), "Ann", NOW, seen)
        there = self.draft.get(identity)
        if seen != revision and there != says and not (seen == 0 and there is None):
            assert isinstance(done, Conflict)
            return
        assert isinstance(done, Saved)
        assert done.entry.read(ShopAnswer).answer == says
        self.draft[identity] = says

    @rule(given=st.dictionaries(st.sampled_from(IDS), st.sampled_from(TEXTS)), instead=st.booleans())
    def save_many(self, given: dict[str, str], instead: bool) -> None:
        models = {identity: answer(identity, says) for identity, says in given.items()}
        fresh = {identity for identity, says in given.items() if self.draft.get(identity) != says}
        gone = self.draft.keys() - given.keys() if instead else set()
        assert self.entries.save_many(self.shop, "answer", models, "Ann", NOW, instead=instead) == len(fresh | gone)
        self.draft = ({} if instead else self.draft) | given

    @rule(identity=st.sampled_from(IDS), late=st.booleans())
    def remove(self, identity: str, late: bool) -> None:
        there = self.entries.draft(self.shop, "answer", identity)
        revision = self.revision(identity)
        seen = max(0, revision - late)
        done = self.entries.remove(self.shop, "answer", identity, "Ann", NOW, seen)
        if seen != revision and identity in self.draft:
            assert isinstance(done, Conflict)
            return
        assert (done is None) == (there is None)
        self.draft.pop(identity, None)

    @rule(identities=st.sets(st.sampled_from(IDS)))
    def discard(self, identities: set[str]) -> None:
        changed = {one for one in identities if self.draft.get(one) != self.live.get(one)}
        assert self.entries.discard(self.shop, [("answer", one) for one in identities], "Ann", NOW) == len(changed)
        for one in changed:
            self.draft.pop(one, None)
            self.draft |= {one: self.live[one]} if one in self.live else {}

    @rule(some=st.none() | st.sets(st.sampled_from(IDS)))
    def publish(self, some: set[str] | None) -> None:
        only = None if some is None else {("answer", one): self.revision(one) for one in some}
        done = self.entries.publish(self.shop, "Ann", NOW, "note", only)
        changed = {one for one in IDS if self.draft.get(one) != self.live.get(one)} & (
            set(IDS) if some is None else some
        )
        assert (done.changes if done else 0) == len(changed)
        if done:
            self.live = {one: self.draft[one] for one in changed & self.draft.keys()} | {
                one: says for one, says in self.live.items() if one not in changed
            }
            self.versions.append(self.live)
            assert done.number == self.entries.revision(self.shop)

    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.versions) - 1))
        was = self.versions[number]
        differ = {one for one in IDS if was.get(one) != self.live.get(one)}
        self.entries.restore(self.shop, number, "Ann", NOW)
        self.draft = {one: says for one, says in self.draft.items() if one not in differ} | {
            one: was[one] for one in differ & was.keys()
        }

    @rule(data=st.data())
    def roll_back(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.versions) - 1))
        was = self.versions[number]
        working = {one for one in IDS if self.draft.get(one) != self.live.get(one)}
        done = self.entries.roll_back(self.shop, number, "Ann", NOW)
        assert (done is None) == (was == self.live)
        if done:
            assert done.restores == number
            self.draft = {one: says for one, says in self.draft.items() if one in working} | {
                one: says for one, says in was.items() if one not in working
            }
            self.live = was
            self.versions.append(was)

    @invariant()
    def all_is_as_it_should_be(self) -> None:
        drafts = {one.id: one.data["answer"] for one in self.entries.drafts(self.shop, "answer")}
        assert drafts == self.draft
        live = {one.id: one.data["answer"] for one in self.entries.live(self.shop, "answer")}
        assert live == self.live
        differ = {one for one in IDS if self.draft.get(one) != self.live.get(one)}
        assert {one.id for one in self.entries.changes(self.shop)} == differ
        assert self.entries.waiting(self.shop) == ({"answer": len(differ)} if differ else {})
        assert self.entries.revision(self.shop) == len(self.versions) - 1
        for draft, should in ((False, self.live), (True, self.draft)):
            assert self.followed(draft=draft) == should
        for one, was in enumerate(self.versions):
            changes = self.entries.compare(self.shop, one, len(self.versions) - 1)
            found = {change.id: (change.before, change.after) for change in changes}
            assert found.keys() == {each for each in IDS if was.get(each) != self.live.get(each)}
            for each, (before, after) in found.items():
                assert (before and before["answer"], after and after["answer"]) == (was.get(each), self.live.get(each))


def test_entries_are_as_a_simple_model_has_them(store: Store) -> None:
    few = settings(
        max_examples=12, stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(lambda: Editing(store), settings=few)


def at_once(work: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(work, range(4)))


def test_of_several_who_save_at_once_one_does_and_the_others_are_shown_what(store: Store, shop: str) -> None:
    entries = Entries(store.engine)
    done = at_once(lambda one: entries.save(shop, "answer", "pay", answer("pay", f"says {one}"), f"P{one}", NOW, 0))
    (saved,) = [one for one in done if isinstance(one, Saved)]
    assert [one.theirs for one in done if isinstance(one, Conflict)] == [saved.entry] * 3
    assert entries.drafts(shop, "answer") == [saved.entry]


def test_publishing_twice_makes_one_version_that_others_see(store: Store, shop: str) -> None:
    """Two who press at once, or one who presses twice; another worker has it with its next question."""
    entries = Entries(store.engine)
    entries.save(shop, "answer", "pay", answer("pay", "By card."), "Ann", NOW)
    other = Store(store.engine.url.render_as_string(hide_password=False).replace("postgresql+psycopg", "postgresql"))
    try:
        elsewhere = ShopAnswers(other.engine)
        assert elsewhere.all(shop) == []
        made = at_once(lambda _: entries.publish(shop, "Ann", NOW))
        assert sorted(one is not None for one in made) == [False, False, False, True]
        assert [one.answer for one in elsewhere.all(shop)] == ["By card."]
        assert elsewhere.revision(shop) == 1
    finally:
        other.close()


def test_only_what_was_looked_at_is_published(store: Store, shop: str) -> None:
    entries = Entries(store.engine)
    entries.save(shop, "answer", "pay", answer("pay", "By card."), "Ann", NOW)
    looked_at = {one.key: one.revision for one in entries.changes(shop)}
    entries.save(shop, "answer", "pay", answer("pay", "Never."), "Ben", NOW)
    assert entries.publish(shop, "Ann", NOW, only=looked_at) is None
    assert entries.live(shop, "answer") == []


def test_another_shops_entries_do_not_exist(store: Store, shop: str) -> None:
    entries = Entries(store.engine)
    theirs = f"theirs-{uuid4().hex[:12]}"
    Catalogues(store.engine).put_shop(a_shop(theirs))
    entries.save(shop, "answer", "pay", answer("pay", "By card."), "Ann", NOW)
    entries.publish(shop, "Ann", NOW)
    assert entries.draft(theirs, "answer", "pay") is None
    assert entries.remove(theirs, "answer", "pay", "Eve", NOW) is None
    assert entries.discard(theirs, [("answer", "pay")], "Eve", NOW) == 0
    assert entries.publish(theirs, "Eve", NOW, only={("answer", "pay"): 1}) is None
    with pytest.raises(StorefrontError) as unknown:
        entries.roll_back(theirs, 1, "Eve", NOW)
    assert unknown.value.code == "version_unknown"
    assert [one.by for one in entries.live(shop, "answer")] == ["Ann"]


def test_what_cannot_be_kept_changes_nothing(store: Store, shop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = Entries(store.engine)
    entries.save(shop, "answer", "pay", answer("pay", "By card."), "Ann", NOW)
    before = entries.drafts(shop, "answer")
    with pytest.raises(StorefrontError) as wrong:
        entries.save(shop, "answer", "pay/../x", answer("pay", "x"), "Ann", NOW)
    assert wrong.value.code == "id_invalid"
    with pytest.raises(StorefrontError) as unknown:
        entries.save("no-such-shop", "answer", "pay", answer("pay", "x"), "Ann", NOW)
    assert unknown.value.code == "shop_unknown"
    monkeypatch.setattr("skills.storefront.entries.MOST", 2)
    with pytest.raises(StorefrontError) as full:
        entries.save_many(shop, "answer", {one: answer(one, "x") for one in IDS}, "Ann", NOW)
    assert full.value.code == "entries_full"
    with pytest.raises(TypeError):
        entries.save(shop, "answer", "pay", profile_of(a_shop(shop)), "Ann", NOW)
    assert entries.drafts(shop, "answer") == before


def test_publishing_the_profile_changes_the_shop_itself(store: Store, shop: str) -> None:
    entries, catalogues = Entries(store.engine), Catalogues(store.engine)
    was = catalogues.shop(shop)
    assert was is not None
    renamed = profile_of(was).model_copy(update={"name": "The Lamp House"})
    entries.save(shop, "profile", "shop", renamed, "Ann", NOW, 0)
    assert catalogues.shop(shop) == was
    (change,) = entries.changes(shop)
    assert change.before is not None
    assert (change.before["name"], change.after and change.after["name"]) == (was.name, "The Lamp House")
    entries.publish(shop, "Ann", NOW)
    assert catalogues.shop(shop) == was.model_copy(update={"name": "The Lamp House"})
    # The operator changes something of it; what the seller saves next is compared with that.
    catalogues.put_shop(was.model_copy(update={"name": "Lamps"}))
    entries.save(shop, "profile", "shop", renamed, "Ann", NOW)
    assert [one.before and one.before["name"] for one in entries.changes(shop)] == ["Lamps"]
    assert entries.remove(shop, "profile", "shop", "Ann", NOW) is None
    entries.roll_back(shop, 0, "Ann", NOW)
    assert catalogues.shop(shop) == was


def test_answers_from_before_there_were_entries_are_live(tmp_path: Path) -> None:
    """A database of the version before moves by itself, and a file's answers stay a file's."""
    engine = create_engine(f"sqlite:///{tmp_path / 'sori.db'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0013")
        given = {"profile": a_shop("ours").model_dump_json(), "data": answer("pay", "By card.").model_dump_json()}
        connection.execute(text("INSERT INTO shops VALUES ('ours', :profile, 0, 1, CURRENT_TIMESTAMP)"), given)
        connection.execute(text("INSERT INTO shop_answers VALUES ('ours', 'pay', 1, :data)"), given)
        connection.execute(text("INSERT INTO shop_answer_revisions VALUES ('ours', 7, 'abc')"))
    engine.dispose()
    store = Store(f"sqlite:///{tmp_path / 'sori.db'}")
    try:
        answers = ShopAnswers(store.engine)
        assert answers.all("ours") == answers.all("ours", draft=True) == [answer("pay", "By card.")]
        assert answers.loaded("ours") == "abc"
        assert answers.changes("ours") == []
        assert [one.after_text for one in answers.compare("ours", 0, 1)] == [given["data"]]
    finally:
        store.close()
