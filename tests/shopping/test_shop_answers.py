"""A shop's own answers: kept on both databases, its own alone, and live with the next question."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.paths import DataPaths
from assistant.storage.store import Store
from search_index import Encoder, open_encoder
from skills.shopping.catalogue import DEMO_SHOPS, Catalogues
from skills.storefront import AnswerDesk, ShopAnswer, ShopAnswers, StorefrontError, load_answers, read_answers
from skills.storefront.letters import Letters
from tests.service.running import DATA
from tests.shopping.shops import a_shop

RETURNS = ShopAnswer(id="returns", question="Can I send things back?", variants=("return policy",), answer="30 days.")
PLACE = ShopAnswer(id="place", question="Where are you?", variants=("your address",), answer="12 Mill Lane.")


NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder("minilm", DataPaths(DATA).encoder, threads=1)


@dataclass(frozen=True)
class Kept:
    """Answers of a database, and two new shops in it."""

    answers: ShopAnswers
    ours: str
    theirs: str

    def publish(self, shop: str, *given_: ShopAnswer) -> None:
        """Save answers and make them live."""
        self.answers.save_many(shop, "answer", {one.id: one for one in given_}, "Ann", NOW)
        assert self.answers.publish(shop, "Ann", NOW)


@pytest.fixture
def kept(store: Store) -> Kept:
    ours, theirs = (f"asked-{uuid4().hex[:12]}" for _ in range(2))
    for shop in (ours, theirs):
        Catalogues(store.engine).put_shop(a_shop(shop))
    return Kept(ShopAnswers(store.engine), ours, theirs)


def test_an_edit_counts_for_the_next_question(kept: Kept, encoder: Encoder) -> None:
    desk = AnswerDesk(kept.answers, encoder)
    assert desk.answer_for(kept.ours, "what if I want to return something") is None
    kept.publish(kept.ours, RETURNS, PLACE)
    found = desk.answer_for(kept.ours, "what if I want to return something?")
    assert found is not None
    assert found.answer == "30 days."
    kept.publish(kept.ours, RETURNS.model_copy(update={"answer": "60 days."}))
    found = desk.answer_for(kept.ours, "what if I want to return something?")
    assert found is not None
    assert found.answer == "60 days."
    assert [one.id for one in kept.answers.all(kept.ours)] == ["returns", "place"]  # an edit keeps its place
    assert kept.answers.remove(kept.ours, "answer", "returns", "Ann", NOW)
    assert kept.answers.publish(kept.ours, "Ann", NOW)
    assert desk.answer_for(kept.ours, "what if I want to return something?") is None


def test_a_shop_has_its_own_answers_alone(kept: Kept, encoder: Encoder) -> None:
    kept.publish(kept.ours, RETURNS)
    desk = AnswerDesk(kept.answers, encoder)
    assert desk.answer_for(kept.theirs, RETURNS.question) is None
    assert kept.answers.remove(kept.theirs, "answer", "returns", "Ann", NOW) is None
    kept.publish(kept.theirs, PLACE)
    assert kept.answers.all(kept.ours) == [RETURNS]
    with pytest.raises(StorefrontError) as refused:
        kept.publish("no-such-shop", RETURNS)
    assert refused.value.code == "shop_unknown"
    assert kept.answers.all("no-such-shop") == []


def test_a_file_never_overwrites_what_the_shop_has_edited(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(RETURNS.model_dump_json())
    assert load_answers(kept.answers, kept.ours, path)
    assert not load_answers(kept.answers, kept.ours, path)
    path.write_text(PLACE.model_dump_json())
    assert load_answers(kept.answers, kept.ours, path)
    kept.publish(kept.ours, RETURNS)
    path.write_text(PLACE.model_copy(update={"answer": "Elsewhere."}).model_dump_json())
    assert not load_answers(kept.answers, kept.ours, path)
    assert {one.answer for one in kept.answers.all(kept.ours)} == {"12 Mill Lane.", "30 days."}


def test_a_file_says_where_it_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(RETURNS.model_dump_json() + '\n{"id": "x", "question": "?"}\n')
    with pytest.raises(StorefrontError, match=r"answers\.jsonl, line 2, answer"):
        read_answers(path)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//evil.example", "data:text/html,x", "http:/x", "/\\evil.example"]
)
def test_a_link_leads_to_the_web_or_to_ourselves(url: str) -> None:
    with pytest.raises(ValueError, match="url"):
        ShopAnswer.model_validate(RETURNS.model_dump() | {"links": [{"label": "Here", "url": url}]})


def test_every_demo_question_finds_its_own_answer(kept: Kept, encoder: Encoder) -> None:
    """Asked as it stands there; and small talk finds none."""
    given_ = read_answers(DEMO_SHOPS / "nordfell" / "answers.jsonl")
    kept.publish(kept.ours, *given_)
    desk = AnswerDesk(kept.answers, encoder)
    for one in given_:
        found = desk.answer_for(kept.ours, one.question)
        assert found is not None
        assert found.id == one.id, one.question
    for text in ("what a lovely day", "tell me a joke", "who won the match yesterday", "asdf", "?", "🙂"):
        assert desk.answer_for(kept.ours, text) is None, text


TEXTS = st.text(max_size=40)


@settings(deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=8), text=TEXTS)
def test_likeness_of_letters_is_a_cosine(texts: list[str], text: str) -> None:
    letters = Letters.of(texts)
    assert all(-1e-5 <= one <= 1 + 1e-5 for one in letters.likeness(text))
    for place, one in enumerate(texts):
        likeness = letters.likeness(one)
        assert likeness[place] == pytest.approx(likeness.max(), abs=1e-5)
