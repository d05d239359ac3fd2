"""Answers are found by what is near: the same where there are few as where there are thousands, after every edit."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.storage.store import Store
from search_index import Encoder
from skills.shopping.catalogue import Catalogues
from skills.storefront import SURE, AnswerDesk, ShopAnswer, ShopAnswers
from skills.storefront import matching as matching_module
from skills.storefront.answer import Conditions
from skills.storefront.letters import Letters, RunCounter
from skills.storefront.matching import LETTERS, MEANING, RIDGE, SAME, Matcher
from skills.storefront.vectors import KeptVectors
from skills.storefront.wordings import Wordings
from tests.shopping.shops import a_shop

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WORDS = st.text("abcde ", min_size=1, max_size=20)
DIMENSION = 8


def meanings(count: int, seed: int = 0) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


def matcher_of(texts: Sequence[str], labels: Sequence[int], vectors: NDArray[np.float32]) -> Matcher:
    wordings = Wordings(DIMENSION)
    rows = wordings.rows(texts)
    wordings.learn(dict(zip(texts, vectors, strict=True)))
    return Matcher(wordings.corpus(), rows, np.array(labels))


class Counted:
    """The service's own encoder, which says what it was given."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.encoded: list[str] = []
        self.dimension, self.fingerprint = encoder.dimension, encoder.fingerprint
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        assert self.may_go_on.wait(60)
        self.encoded += texts
        return self._encoder.encode(texts)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        return self._encoder.encode_query(text)


@pytest.fixture
def counted(encoder: Encoder) -> Counted:
    return Counted(encoder)


@pytest.fixture
def shop(demo_store: Store) -> str:
    name = f"matched-{uuid4().hex[:12]}"
    Catalogues(demo_store.engine).put_shop(a_shop(name))
    return name


@pytest.fixture
def answers(demo_store: Store) -> ShopAnswers:
    return ShopAnswers(demo_store.engine)


def an_answer(identity: str, question: str, *variants: str, **more: object) -> ShopAnswer:
    return ShopAnswer.model_validate(
        {"id": identity, "question": question, "variants": variants, "answer": f"About {question}", **more}
    )


def save(answers: ShopAnswers, shop: str, *given_: ShopAnswer) -> None:
    answers.save_many(shop, "answer", {one.id: one for one in given_}, "Ann", NOW)


@settings(deadline=None)
@given(texts=st.lists(WORDS, min_size=2, max_size=8, unique=True), asked=WORDS)
def test_the_classifier_is_regularised_least_squares(texts: list[str], asked: str) -> None:
    """Its scores are those of the closed form, solved for all answers at once."""
    labels, vectors, vector = [place % 3 for place in range(len(texts))], meanings(len(texts)), meanings(1, 1)[0]
    labels = [sorted(set(labels)).index(one) for one in labels]
    letters = Letters.of(texts)
    kernel = MEANING * vectors @ vectors.T + LETTERS * letters.among(np.arange(len(texts)))
    counts = np.bincount(labels)
    ridge = RIDGE * counts[labels] * len(counts) / len(texts)
    likeness = MEANING * vectors @ vector + LETTERS * letters.likeness(asked)
    learnt = likeness @ np.linalg.solve(kernel + np.diag(ridge), np.eye(len(counts))[labels])
    nearest = np.array([likeness[np.array(labels) == label].max() for label in range(len(counts))])
    wanted = 0.7 * learnt + 0.3 * nearest
    wanted = np.where(nearest >= SAME, np.maximum(wanted, nearest), wanted)
    found = matcher_of(texts, labels, vectors).scores(asked, vector)
    assert {one.label: one.score for one in found} == pytest.approx(dict(enumerate(wanted)), abs=1e-4)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_far_wordings_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is learnt from the nearest wordings names the answer that all of them name, with the wording that is it."""
    texts = [f"{word} number {place}" for place in range(60) for word in ("delivery", "returns", "sizes")]
    vectors = meanings(len(texts))
    labels = [place // 3 for place in range(len(texts))]
    everything = matcher_of(texts, labels, vectors)
    monkeypatch.setattr(matching_module, "WHOLE", 30)
    monkeypatch.setattr(matching_module, "NEIGHBOURS", 30)
    nearest = matcher_of(texts, labels, vectors)
    for place in range(0, len(texts), 7):
        one, other = (each.scores(texts[place], vectors[place])[0] for each in (everything, nearest))
        assert one.label == other.label == place // 3
        assert one.wording == other.wording == place


@settings(deadline=None)
@given(parts=st.lists(st.lists(WORDS, max_size=4), max_size=4), asked=WORDS)
def test_texts_may_come_one_after_another(parts: list[list[str]], asked: str) -> None:
    texts = [text for part in parts for text in part]
    counter = RunCounter()
    for part in parts:
        counter.add(part)
        counter.runs()
    one, other = Letters(counter.runs(), np.arange(len(texts))), Letters.of(texts)
    np.testing.assert_allclose(one.likeness(asked), other.likeness(asked), atol=1e-5)


def test_an_edit_encodes_only_what_is_new(answers: ShopAnswers, shop: str, counted: Counted) -> None:
    """Drafts and what is live share what is known, and each is answered as it is."""
    desk = AnswerDesk(answers, counted)
    save(answers, shop, an_answer("returns", "Can I return it?"), an_answer("hours", "When are you open?"))
    assert desk.best(shop, "can I return it", draft=True)[0].answer.id == "returns"
    assert desk.best(shop, "can I return it") == []
    answers.publish(shop, "Ann", NOW)
    assert desk.best(shop, "can I return it")[0].wording == "Can I return it?"
    assert sorted(counted.encoded) == ["Can I return it?", "When are you open?"]
    save(answers, shop, an_answer("returns", "Can I return it?", "sending things back"))
    assert desk.best(shop, "how about sending things back", draft=True)[0].wording == "sending things back"
    assert desk.best(shop, "how about sending things back")[0].wording != "sending things back"
    assert counted.encoded[2:] == ["sending things back"]
    answers.remove(shop, "answer", "returns", "Ann", NOW)
    assert [one.answer.id for one in desk.best(shop, "can I return it", draft=True)] == ["hours"]
    assert desk.best(shop, "can I return it")[0].answer.id == "returns"
    desk.close()


def test_questions_do_not_wait_for_much_that_is_new(
    answers: ShopAnswers, shop: str, counted: Counted, tmp_path: Path
) -> None:
    """They go by its letters until it is encoded; what is encoded is kept for the next start."""
    save(answers, shop, *(an_answer(f"a{place}", f"question about subject {place}") for place in range(600)))
    counted.may_go_on.clear()
    desk = AnswerDesk(answers, counted, tmp_path)
    assert desk.best(shop, "question about subject 77", draft=True)[0].answer.id == "a77"  # by its letters
    assert desk.unread(shop) == 600
    counted.may_go_on.set()
    desk.prepare(shop, draft=True)
    assert desk.unread(shop) == 0
    best = desk.best(shop, "question about subject 77", draft=True)[0]
    assert best.score > SURE  # in its very words, among hundreds that are nearly the same
    desk.close()
    counted.encoded.clear()
    again = AnswerDesk(answers, counted, tmp_path)
    found = again.best(shop, "question about subject 77", draft=True)[0]
    assert (found.answer.id, counted.encoded) == ("a77", [])
    assert found.score == pytest.approx(best.score, abs=0.01)
    again.close()


def test_of_one_question_the_most_particular_answer_that_holds(
    answers: ShopAnswers, shop: str, encoder: Encoder
) -> None:
    """Answers to one question do not compete; those that do not hold do not take anything away from the others."""
    plain = an_answer("plain", "How long does delivery take?")
    members = an_answer("members", "how long does  delivery take?", conditions=Conditions(signed_in=True))
    save(answers, shop, plain, members, an_answer("gifts", "Do you wrap gifts?"))
    desk = AnswerDesk(answers, encoder)
    alone = desk.best(shop, "how long does delivery take", 1, draft=True, allows=lambda one: one.id == "plain")[0]
    both = desk.best(shop, "how long does delivery take", 3, draft=True)
    assert [one.answer.id for one in both] == ["members", "gifts"]
    assert alone.answer.id == "plain"
    assert both[0].score == pytest.approx(alone.score, abs=0.2)
    named = desk.candidates(shop, "how long does delivery take", 2)
    assert [one.answer.id for one in named] == ["members", "plain"]
    assert desk.best(shop, "how long does delivery take", draft=True, allows=lambda _: False) == []
    desk.close()


def test_answers_are_looked_up_by_words_and_by_meaning(answers: ShopAnswers, shop: str, encoder: Encoder) -> None:
    save(
        answers,
        shop,
        an_answer("returns", "Can I return it?", folder="Orders"),
        an_answer("hours", "When are you open?"),
        an_answer("warranty", "Is there a guarantee?"),
    )
    desk = AnswerDesk(answers, encoder)
    assert desk.find(shop, "guar")[0].answer.id == "warranty"
    assert desk.find(shop, "orders")[0].answer.id == "returns"
    assert desk.find(shop, "opening times")[0].answer.id == "hours"
    assert desk.find(shop, "  ") == []
    assert desk.near(shop, ["when do you open?"])[0].answer.id == "hours"
    assert desk.near(shop, ["when do you open?"], but="hours")[0].answer.id != "hours"
    desk.close()


@settings(deadline=None, max_examples=20)
@given(cut=st.integers(1, 100), tail=st.binary(max_size=60))
def test_kept_vectors_survive_a_torn_file(tmp_path_factory: pytest.TempPathFactory, cut: int, tail: bytes) -> None:
    """Whatever a crash leaves behind, what is read is what was put, and putting goes on."""
    folder = tmp_path_factory.mktemp("kept")
    kept, vectors = KeptVectors(folder, _Space()), meanings(3)
    kept.put(["a", "b", "c"], vectors)
    (path,) = folder.iterdir()
    path.write_bytes(path.read_bytes()[: -min(cut, path.stat().st_size)] + tail)
    again = KeptVectors(folder, _Space())
    again.put(["d"], meanings(1, 5))
    found = KeptVectors(folder, _Space()).get(["a", "b", "c", "d"])
    assert "d" in found
    for text, vector in found.items():
        wanted = meanings(1, 5)[0] if text == "d" else vectors["abc".index(text)]
        if not tail:
            np.testing.assert_allclose(vector, wanted, atol=1e-3)


class _Space:
    dimension, fingerprint = DIMENSION, "of this test"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError(texts)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        raise AssertionError(text)
