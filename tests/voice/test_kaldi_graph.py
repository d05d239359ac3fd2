"""The parts a model folder is made of: transducers, Kaldi's binary values, phones and Gr."""

from __future__ import annotations

import math
import struct
import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voice.tones import acoustic_model
from voice.kaldi.binary import STEPS, KaldiWriter
from voice.kaldi.fst import EPSILON, Fst, FstBuilder
from voice.kaldi.grammar import ANYWHERE, Garbage, Grammar, Spelling, build_grammar, phone_bigrams
from voice.kaldi.phones import PhoneTable, spell
from voice.kaldi.words import PIECE, UNKNOWN, WordTable
from voice.language_model import Background, estimate

PHONES = PhoneTable(acoustic_model().units)
LEXICON = {"tea": [["T", "IY"]], "two": [["T", "UW"]], "see": [["S", "IY"]]}
NEW = {"noose": [["N", "UW", "S"]]}
FOLLOWS = phone_bigrams(LEXICON, PHONES.phones)
ASIDE = Garbage(0.01, 1.0)


@st.composite
def transducers(draw: st.DrawFn) -> Fst:
    builder = FstBuilder()
    states = [builder.add_state(draw(st.sampled_from([math.inf, 0.0, 1.5]))) for _ in range(draw(st.integers(1, 6)))]
    label = st.integers(0, 9)
    for _ in range(draw(st.integers(0, 20))):
        source, target = draw(st.sampled_from(states)), draw(st.sampled_from(states))
        builder.add_arc(source, draw(label), draw(label), draw(st.floats(0, 9, width=32)), target)
    return builder.build(draw(st.sampled_from(states)))


def same(first: Fst, second: Fst) -> bool:
    return first.start == second.start and all(
        np.array_equal(getattr(first, name), getattr(second, name)) for name in ("final", "first", "arcs")
    )


@given(transducers())
def test_a_transducer_is_read_as_it_was_written(fst: Fst) -> None:
    assert same(Fst.from_bytes(fst.to_bytes()), fst)


@given(transducers(), st.integers(0, 400))
def test_a_transducer_cut_short_is_an_error(fst: Fst, length: int) -> None:
    content = fst.to_bytes()
    if length < len(content):
        with pytest.raises(ValueError, match=r".+"):
            Fst.from_bytes(content[:length])


@settings(max_examples=5, deadline=None)
@given(transducers())
def test_openfst_reads_what_is_written(fst: Fst) -> None:
    done = subprocess.run(["fstprint"], input=fst.to_bytes(), capture_output=True, check=True, timeout=10)
    printed = [line.split() for line in done.stdout.decode().splitlines()]
    assert sum(len(line) >= 4 for line in printed) == len(fst.arcs)


@given(st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=30))
def test_a_compressed_matrix_is_right_to_half_a_step(values: list[float]) -> None:
    writer = KaldiWriter()
    writer.compressed([values])
    content = writer.to_bytes()
    assert content.startswith(b"\0BCM2 ")
    low, span, rows, columns = struct.unpack_from("<ffii", content, 6)
    stored = np.frombuffer(content, "<u2", rows * columns, 6 + 16)
    assert np.allclose(low + stored * (span / STEPS), values, atol=span / STEPS * 0.51 + 1e-5)


def test_a_phone_is_named_by_its_place_and_by_its_neighbour_where_that_is_known() -> None:
    assert spell(["T"], PHONES.ids) == ["T_S"]
    assert spell(["S", "IY", "T"], PHONES.ids) == ["S_B", "IY_I", "T_E"]
    assert spell(["T", "IY"], PHONES.ids) == ["T_B", "T-IY_E"]
    with pytest.raises(KeyError):
        spell(["ZH"], PHONES.ids)


def test_positions_of_a_phone_share_its_density() -> None:
    density = dict(zip(PHONES.names, PHONES.densities, strict=True))
    assert density["T_B"] == density["T_E"] == PHONES.units.index("T")
    assert density["T-IY_E"] == PHONES.units.index("T-IY") != density["IY_E"]
    assert "T-IY_B" not in density, "a phone with a left neighbour does not begin a word"


def grammar(*sentences: str, order: int = 3, weight: float = 1.0) -> tuple[Grammar, WordTable]:
    names = [*LEXICON, *(PIECE + name for name in PHONES.names[1:]), UNKNOWN]
    words = WordTable({"<eps>": EPSILON} | {name: number for number, name in enumerate(names, start=1)})
    background = Background(dict.fromkeys(LEXICON, 0.9 / len(LEXICON)) | {UNKNOWN: 0.1})
    model = estimate([(sentence.split(), weight) for sentence in sentences], order, background)
    return build_grammar(model, Spelling(words, NEW), FOLLOWS, 0.5, ASIDE), words


def cheapest(fst: Fst, written: list[int]) -> float:
    """The cost of the best path that writes `written`, by dynamic programming over (state, words written)."""
    best = {(fst.start, 0): 0.0}
    queue = [(fst.start, 0)]
    while queue:
        state, done = queue.pop()
        for arc in fst.arcs[fst.first[state] : fst.first[state + 1]]:
            after = done + (arc["olabel"] != EPSILON)
            if arc["olabel"] != EPSILON and (after > len(written) or written[done] != arc["olabel"]):
                continue
            cost, place = best[state, done] + float(arc["weight"]), (int(arc["target"]), int(after))
            if cost < best.get(place, math.inf) - 1e-6:
                best[place] = cost
                queue.append(place)
    return min(best[state, done] + fst.final[state] for state, done in best if done == len(written))


def test_gr_gives_a_sentence_the_probability_of_the_model() -> None:
    made, words = grammar("see two", "see tea", "two")
    model = estimate([(s.split(), 1.0) for s in ("see two", "see tea", "two")], 3, None)
    cost = cheapest(made.fst, [words["see"], words["two"]])
    assert 0 < cost < -math.log(model.levels[1]["<s>", "see"]) + 3
    assert cost < cheapest(made.fst, [words["tea"], words["see"]])


def test_a_new_word_is_written_once_and_spelled_in_pieces() -> None:
    made, words = grammar("see noose")
    assert "noose" in made.spelling
    assert cheapest(made.fst, [words["see"], words["noose"]]) < 5
    read = {int(label) for label in made.fst.arcs["ilabel"]}
    assert words["noose"] not in read
    assert {words["#N_B"], words["#UW_I"], words["#S_E"]} <= read


def test_an_expected_phrase_becomes_cheap_and_the_rest_hardly_dearer() -> None:
    made, words = grammar("see two", "see tea", "two", "noose")
    phrase, other = [words["tea"], words["noose"]], [words["see"], words["two"]]
    expecting = made.expecting([["tea", "noose"], ["zzz"]], share=0.5)
    assert cheapest(expecting, phrase) < 1.0 < cheapest(made.fst, phrase)
    assert cheapest(expecting, other) == pytest.approx(cheapest(made.fst, other) + math.log(2), abs=1e-4)
    assert same(made.expecting([["zzz"], []]), made.fst)


def test_anything_at_all_can_be_unknown() -> None:
    made, words = grammar("see two")
    entered = made.fst.arcs[made.fst.first[ANYWHERE] : made.fst.first[ANYWHERE + 1]]
    begins = {int(arc["ilabel"]) for arc in entered if arc["olabel"] == words[UNKNOWN]}
    assert begins == {words[f"#{phone}{position}"] for phone in PHONES.phones for position in ("_B", "_S")}


@pytest.mark.parametrize("before", [(), ("see",), ("see", "two")])
def test_unknown_speech_is_not_dearer_where_the_sentences_are_known_better(before: tuple[str, ...]) -> None:
    def price(weight: float) -> float:
        made, words = grammar("see two", "see two tea", weight=weight)
        return float(cheapest(made.fst, [*(words[word] for word in before), words[UNKNOWN]]))

    assert price(1e9) == pytest.approx(price(1e4), abs=0.1)
