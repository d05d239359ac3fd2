"""Spoken forms, pronunciations and the language model made of them."""

# ruff: noqa: RUF001 - IPA letters look like Latin ones
from __future__ import annotations

import math
import re
from pathlib import Path

import pocketsphinx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.language_model import Background, estimate
from voice.pronounce import arpabet, dictionary_lines, pronounce, pronunciations
from voice.spoken_form import spoken_words

CMU = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict"))
PHONES = {phone for line in CMU.read_text().splitlines()[:20_000] for phone in line.split()[1:]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Play “Café del Mar”, please!", "play cafe del mar please"),
        ("What's new in rock 'n' roll?", "what's new in rock n roll"),
        ("The 21st episode of 1984", "the twenty first episode of nineteen eighty four"),
        ("2,500 songs & 40% off", "two thousand five hundred songs and forty percent off"),
        ("In 2005, pi was 3.14", "in two thousand five pi was three point one four"),
        ("Agent 007", "agent zero zero seven"),
        ("C++ in 1900", "c plus plus in nineteen hundred"),
        ("서울의 밤", ""),
    ],
)
def test_text_becomes_what_is_said(text: str, words: str) -> None:
    assert " ".join(spoken_words(text)) == words


@given(st.text())
def test_spoken_words_are_plain_words(text: str) -> None:
    assert all(re.fullmatch(r"[a-z]+('[a-z]+)*", word) for word in spoken_words(text))


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_a_spoken_form_is_its_own_spoken_form(text: str) -> None:
    words = spoken_words(text)
    assert spoken_words(" ".join(words)) == words


def test_ipa_becomes_arpabet() -> None:
    assert arpabet("ˈ_b_l_æ_k_p_ˌɪ_ŋ_k") == ("B", "L", "AE", "K", "P", "IH", "NG", "K")
    assert arpabet("tʃ_ɛ_ɹ_i dʒ_uː_s") == ("CH", "EH", "R", "IY", "JH", "UW", "S")


@given(st.from_regex(r"[a-z]{1,12}", fullmatch=True))
def test_every_pronunciation_uses_only_the_models_phones(word: str) -> None:
    assert set(pronounce(word)) <= PHONES


def test_known_words_keep_the_dictionarys_variants_and_unknown_ones_are_made_up() -> None:
    lines = dictionary_lines({"tomato", "zorblax"}, CMU)
    assert [line.split(" ", 1)[0] for line in lines] == ["tomato", "tomato(2)", "zorblax"]
    assert lines[-1] == "zorblax Z AO R B L AE K S"


def test_a_word_nobody_can_pronounce_is_left_out() -> None:
    assert pronunciations(["tea", "zorblax", "'"]) == {
        "tea": (("T", "IY"),),
        "zorblax": (("Z", "AO", "R", "B", "L", "AE", "K", "S"),),
    }


SENTENCES = st.lists(
    st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5), st.floats(0.1, 10)), min_size=1, max_size=8
)


@st.composite
def backgrounds(draw: st.DrawFn) -> Background:
    """Any words, and words after some of them."""
    raw = draw(st.dictionaries(st.sampled_from("abcdef"), st.floats(0.1, 1.0), min_size=3))
    words = {word: share / sum(raw.values()) for word, share in raw.items()}
    befores = draw(st.lists(st.sampled_from(["<s>", *words]), unique=True))
    pairs = {(before, after): draw(st.floats(0.01, 0.3)) for before in befores for after in sorted(words)[:2]}
    return Background(words, pairs)


@given(SENTENCES, st.integers(1, 4), st.none() | backgrounds())
def test_after_every_history_the_probabilities_add_up_to_one(
    corpus: list[tuple[list[str], float]], order: int, background: Background | None
) -> None:
    model = estimate(corpus, order, background)
    assert model.order == order
    words = {gram[0] for gram in model.levels[0]}

    def probability(gram: tuple[str, ...]) -> float:
        if gram in model.levels[len(gram) - 1]:
            return model.levels[len(gram) - 1][gram]
        return model.backoffs.get(gram[:-1], 1.0) * probability(gram[1:])

    for history in [(), *model.backoffs]:
        assert math.isclose(sum(probability((*history, word)) for word in words), 1.0, rel_tol=1e-6)


def test_what_was_said_more_often_is_likelier() -> None:
    lines = list(estimate([(["stop"], 1.0), (["play"], 3.0)]).arpa_lines())
    assert "ngram 1=4" in lines
    score = {line.split("\t")[1]: float(line.split("\t")[0]) for line in lines if "\t" in line}
    assert score["<s> play"] > score["<s> stop"]
