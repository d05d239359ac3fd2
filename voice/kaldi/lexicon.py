"""HCLr: from transition ids to words, the half of the decoding graph that is made once, with OpenFst's tools.

Besides words it holds a `piece` for each phone of the table. Pieces inside a word follow each other without
silence, so the other half of the graph, Gr, can spell a word that is not in here.

The steps are Kaldi's for look-ahead composition (mkgraph_lookahead.sh): the lexicon with disambiguation symbols is
determinised into a prefix tree and minimised, phones become transition ids with a loop for every frame they stay,
and the words are renumbered so that those reachable from a state are few intervals of numbers.
"""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from voice.kaldi.fst import EPSILON, Fst, FstBuilder, run_tool, run_tools
from voice.kaldi.phones import BEGIN, INSIDE, SILENCE_PHONE, PhoneTable, again, enter, spell
from voice.kaldi.words import PIECE, WordTable

Pronunciations = Mapping[str, Sequence[Sequence[str]]]

SILENCE_COST = math.log(2)
"""Silence after a word is as likely as none."""


def build_hclr(pronunciations: Pronunciations, phones: PhoneTable) -> tuple[bytes, WordTable]:
    """HCLr in OpenFst's `olabel_lookahead` format, and the numbers of its words.

    Raises ModelError where the tools fail, KeyError for a phone that is not in the table.
    """
    entries = [
        (word, tuple(phones.ids[name] for name in spell(pronunciation, phones.ids)), math.log(len(variants)))
        for word, variants in sorted(pronunciations.items())
        for pronunciation in variants
    ]
    pieces = [(PIECE + name, (phone,), 0.0) for name, phone in phones.ids.items() if phone != SILENCE_PHONE]
    table = WordTable({"<eps>": EPSILON})
    for word, _, _ in (*entries, *pieces):
        table.add(word)
    lexicon = _lexicon([*entries, *pieces], phones, table)
    graph = _with_transitions(lexicon, len(phones.names))
    with tempfile.TemporaryDirectory() as scratch:
        pairs = Path(scratch) / "relabel"
        content = run_tool("fstarcsort", "--sort_type=olabel", content=graph.to_bytes())
        options = ("--fst_type=olabel_lookahead", f"--save_relabel_opairs={pairs}")
        hclr = run_tool("fstconvert", *options, content=content, lookahead=True)
        renumbered = {int(old): int(new) for old, new in map(str.split, pairs.read_text().splitlines())}
    return hclr, WordTable({word: renumbered.get(number, number) for word, number in table.ids.items()})


def _lexicon(entries: list[tuple[str, tuple[int, ...], float]], phones: PhoneTable, table: WordTable) -> Fst:
    """Phones to words, as a minimal tree that comes back to its root, with silence optional where words end."""
    disambiguation = _disambiguate([spelled for _, spelled, _ in entries])
    first_symbol = len(phones.names) + 1
    fst = FstBuilder()
    start, root, silence, silent = (fst.add_state() for _ in range(4))
    fst.set_final(root, 0.0)
    end_of_silence = first_symbol + max(disambiguation, default=0) + 1
    fst.add_arc(start, EPSILON, EPSILON, SILENCE_COST, root)
    fst.add_arc(start, EPSILON, EPSILON, SILENCE_COST, silence)
    fst.add_arc(silence, SILENCE_PHONE, EPSILON, 0.0, silent)
    fst.add_arc(silent, end_of_silence, EPSILON, 0.0, root)
    for (word, spelled, cost), symbol in zip(entries, disambiguation, strict=True):
        labels = [*spelled, *([first_symbol + symbol] if symbol else [])]
        state = root
        for index, label in enumerate(labels[:-1]):
            following = fst.add_state()
            fst.add_arc(state, label, EPSILON if index else table[word], 0.0 if index else cost, following)
            state = following
        written, paid = (table[word], cost) if len(labels) == 1 else (EPSILON, 0.0)
        if word.startswith(PIECE) and word.endswith((BEGIN, INSIDE)):
            fst.add_arc(state, labels[-1], written, paid, root)
        else:
            fst.add_arc(state, labels[-1], written, paid + SILENCE_COST, root)
            fst.add_arc(state, labels[-1], written, paid + SILENCE_COST, silence)
    tree = run_tools(fst.build(start), ("fstrmepsilon",), ("fstdeterminize",))
    tree.arcs["ilabel"][tree.arcs["ilabel"] >= first_symbol] = EPSILON
    return run_tools(tree, ("fstrmepsilon",), ("fstminimize", "--allow_nondet"))


def _disambiguate(spellings: list[tuple[int, ...]]) -> list[int]:
    """A number for each spelling, so that no spelling and its number are the beginning of another; 0 is no need."""
    counts = Counter(spellings)
    beginnings = {spelled[:length] for spelled in counts for length in range(1, len(spelled))}
    used: Counter[tuple[int, ...]] = Counter()
    numbers = []
    for spelled in spellings:
        used[spelled] += 1
        numbers.append(used[spelled] if counts[spelled] > 1 or spelled in beginnings else 0)
    return numbers


def _with_transitions(lexicon: Fst, phone_count: int) -> Fst:
    """Replace each phone by the transition that enters it, and let its last state go on while it stays.

    A state entered by one phone gets that phone's loop itself; one entered by several is reached through a state of
    its own for each (Kaldi's MakePrecedingInputSymbolsSame).
    """
    arcs, sources = lexicon.arcs, lexicon.sources
    entered = np.unique(arcs["target"].astype(np.int64) * (phone_count + 1) + arcs["ilabel"])
    states, phones = np.divmod(entered, phone_count + 1)
    several = np.bincount(states, minlength=len(lexicon.final)) > 1
    fst = FstBuilder()
    for cost in lexicon.final:
        fst.add_state(float(cost))
    through: dict[tuple[int, int], int] = {}
    for state, phone in zip(states.tolist(), phones.tolist(), strict=True):
        if phone == EPSILON:
            continue
        holder = state
        if several[state]:
            holder = fst.add_state()
            fst.add_arc(holder, EPSILON, EPSILON, 0.0, state)
        through[state, phone] = holder
        fst.add_arc(holder, again(phone), EPSILON, 0.0, holder)
    for source, (phone, word, cost, target) in zip(sources.tolist(), arcs.tolist(), strict=True):
        if phone == EPSILON:
            fst.add_arc(source, EPSILON, word, cost, target)
        else:
            fst.add_arc(source, enter(phone), word, cost, through[target, phone])
    return fst.build(lexicon.start)
